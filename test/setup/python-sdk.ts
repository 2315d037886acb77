// The official Python SDK in a virtual environment of its own, made once and kept with the packages.

import { execFileSync } from 'node:child_process';
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const sdk = 'tencentcloud-sdk-python-faceid==3.1.179';
const folder = fileURLToPath(new URL(`../../node_modules/.cache/${sdk}`, import.meta.url));
const made = `${folder}/made`;

/** Its interpreter; null: this machine has no Python that can make one. Throws where there is one and the SDK cannot be installed. */
export function pythonWithSdk(): string | null {
  const python = `${folder}/bin/python`;
  if (existsSync(made)) return python;
  try {
    execFileSync('python3', ['-c', 'import venv, ensurepip'], { stdio: 'ignore' });
  } catch {
    return null;
  }
  rmSync(folder, { recursive: true, force: true });
  execFileSync('python3', ['-m', 'venv', folder]);
  execFileSync(python, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', sdk]);
  writeFileSync(made, '');
  return python;
}
