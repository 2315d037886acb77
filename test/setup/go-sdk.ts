// A program on the official Go SDK, built once and kept with the packages.

import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const source = fileURLToPath(new URL('../gateway/go/', import.meta.url));
const digest = createHash('sha256');
for (const name of ['go.mod', 'go.sum', 'main.go']) digest.update(readFileSync(`${source}${name}`));
const program = fileURLToPath(
  new URL(`../../node_modules/.cache/gateway-go-${digest.digest('hex').slice(0, 12)}`, import.meta.url),
);

/** Its path, or why there is none. The first build compiles Go's own library, half a minute of a processor: it is made when asked for. */
export function programOnGoSdk(): { readonly program: string } | { readonly missing: string } {
  if (existsSync(program)) return { program };
  if (process.env.GATEWAY_GO !== '1') return { missing: 'GATEWAY_GO=1 builds what it takes, once' };
  try {
    execFileSync('go', ['version'], { stdio: 'ignore' });
  } catch {
    return { missing: 'this machine has no Go' };
  }
  execFileSync('go', ['build', '-o', program, '.'], { cwd: source, stdio: ['ignore', 'ignore', 'inherit'] });
  return { program };
}
