// A real Chromium: the one that SUANPAN_CHROMIUM names, else the machine's, else the one that npm brought with its libraries.

import { existsSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Browser, chromium } from 'playwright-core';

const installed = [
  process.env.SUANPAN_CHROMIUM,
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
].find((path) => path !== undefined && existsSync(path));

const bringsOwn = process.platform === 'linux' && process.arch === 'x64';

/** Why there is no browser here; undefined: there is one. */
export const noBrowser: string | undefined =
  installed === undefined && !bringsOwn
    ? 'no Chromium on this machine: install one, or name it in SUANPAN_CHROMIUM / 未找到 Chromium'
    : undefined;

/** Fonts of the packages, so that pages are legible, and pictures alike, on machines without Chinese fonts. */
function ownFonts(): string {
  const folder = mkdtempSync(join(tmpdir(), 'suanpan-fonts-'));
  const font = fileURLToPath(import.meta.resolve('@expo-google-fonts/noto-sans-sc/package.json'));
  const file = join(folder, 'fonts.conf');
  writeFileSync(
    file,
    `<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>
<dir>${dirname(font)}</dir><dir>/usr/share/fonts</dir><cachedir>${folder}</cachedir>
<alias><family>sans-serif</family><prefer><family>Noto Sans SC</family></prefer></alias></fontconfig>`,
  );
  return file;
}

const environment = (): Record<string, string> =>
  Object.fromEntries(
    Object.entries(process.env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );

export async function startChromium(): Promise<Browser> {
  const args = ['--no-sandbox', '--disable-dev-shm-usage'];
  const env = { ...environment(), FONTCONFIG_FILE: ownFonts() };
  if (installed !== undefined) return chromium.launch({ executablePath: installed, args, env });
  // Its libraries are unpacked where it takes itself to be in the cloud it was packed for.
  process.env.AWS_EXECUTION_ENV = 'AWS_Lambda_nodejs22.x';
  const { default: packed } = await import('@sparticuz/chromium');
  const executablePath = await packed.executablePath();
  const libraries = process.env.LD_LIBRARY_PATH ?? '';
  return chromium.launch({
    executablePath,
    args: [...args, '--headless=shell', '--no-zygote', '--disable-webgl'],
    env: { ...env, LD_LIBRARY_PATH: libraries },
  });
}
