// Packages from npm carry no symbolic links, and npm runs no install script: the links between PostgreSQL's libraries are made at a start.

import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

interface Link {
  /** Both from the package's folder on. */
  readonly source: string;
  readonly target: string;
}

/** Where nobody may write, as in what root installed for all. */
const unwritable = new Set(['EACCES', 'EPERM', 'EROFS']);

/** Makes those that are missing, in the package or, where it cannot be written, in a folder of the data folder's that programs are told of. */
export function linkLibraries(programs: string, dataFolder: string): void {
  const home = join(programs, '../..');
  const list = join(home, 'native/pg-symlinks.json');
  if (!existsSync(list)) return;
  const links = JSON.parse(readFileSync(list, 'utf8')) as Link[];
  const missing = links.filter(({ target }) => !existsSync(join(home, target)));
  if (missing.length === 0) return;
  try {
    for (const { source, target } of missing) link(basename(source), join(home, target));
  } catch (error) {
    if (!unwritable.has((error as NodeJS.ErrnoException).code ?? '')) throw error;
    const folder = join(dataFolder, 'lib');
    mkdirSync(folder, { recursive: true, mode: 0o755 });
    for (const { source, target } of missing) link(join(home, source), join(folder, basename(target)));
    // What is linked looks for others beside the link: it is told of the package's own folder too.
    const { LD_LIBRARY_PATH: others } = process.env;
    const told = [folder, join(home, 'native/lib'), ...(others === undefined ? [] : [others])];
    process.env.LD_LIBRARY_PATH = told.join(':');
  }
}

/** Another start may be making the same. */
function link(to: string, path: string): void {
  mkdirSync(dirname(path), { recursive: true });
  if (existsSync(path)) return;
  try {
    rmSync(path, { force: true });
    symlinkSync(to, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}
