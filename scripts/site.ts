// Writes the public pages and the documentation as a static folder, `site/`, that any file host serves, also in a folder of it
// (SUANPAN_SITE_BASE=/suanpan/ for the documentation; the other pages find their folder by themselves).

import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const to = process.argv[2] ?? join(root, 'site');
const built = join(root, 'console/dist');

/** Pages that need no server; the console's own list stands in console/shell/public-places.ts. */
const placesFile = readFileSync(join(root, 'console/shell/public-places.ts'), 'utf8');
const publicPart = placesFile.slice(0, placesFile.indexOf('export const signInPlaces'));
const pages = [...publicPart.matchAll(/path: '\/([a-z-]+)'/g)].map((match) => match[1] ?? '');

/** On a file host nobody makes a nonce; scripts are ours alone all the same. */
const policy =
  "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; connect-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'none'";

const pageIn = (shell: string, up: string): string =>
  shell
    .replaceAll(/ nonce="%NONCE%"/g, '')
    .replace(/<meta property="csp-nonce"[^>]*>/, '')
    .replaceAll('"./assets/', `"${up}assets/`)
    .replace('<html lang="zh"', '<html lang="zh" data-site')
    .replace('<head>', `<head><meta http-equiv="Content-Security-Policy" content="${policy}">`);

execFileSync('sh', [join(root, 'scripts/console')], { stdio: 'inherit' });
const fresh = `${to}.new-${process.pid}`;
mkdirSync(fresh, { recursive: true });
try {
  cpSync(join(built, 'assets'), join(fresh, 'assets'), { recursive: true, filter: (file) => !/\.(br|gz)$/.test(file) });
  const shell = readFileSync(join(built, 'index.html'), 'utf8');
  for (const page of pages) {
    mkdirSync(join(fresh, page));
    writeFileSync(join(fresh, page, 'index.html'), pageIn(shell, '../'));
  }
  for (const name of ['index.html', '404.html']) writeFileSync(join(fresh, name), pageIn(shell, './'));
  const vitepress = join(root, 'node_modules/vitepress/bin/vitepress.js');
  execFileSync(process.execPath, [vitepress, 'build', join(root, 'docs'), '--outDir', join(fresh, 'docs')], {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, NODE_ENV: 'production' },
  });
  rmSync(to, { recursive: true, force: true });
  renameSync(fresh, to);
} finally {
  rmSync(fresh, { recursive: true, force: true });
}
console.log(`${to}: ${pages.map((page) => `/${page}`).join(', ')}, /docs`);
