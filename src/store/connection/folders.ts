// Folders on this machine: making them, and telling a data folder of ours from any other.

import { existsSync, mkdirSync, readdirSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

/**
 * Makes a folder with those above it, and says which one was the first to be made. Node's own recursive mkdir asks for ever where
 * the system makes no folders, as below /proc.
 */
export function makeFolders(folder: string, mode: number): string | undefined {
  const path = resolve(folder);
  if (existsSync(path)) return undefined;
  const above = makeFolders(dirname(path), mode);
  try {
    mkdirSync(path, { mode });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    return above;
  }
  return above ?? path;
}

export const clusterOf = (dataFolder: string): string => join(dataFolder, 'postgres');

/** Whether a data folder holds a database. Who may not look learns so when he opens it. */
export function hasCluster(dataFolder: string): boolean {
  try {
    statSync(join(clusterOf(dataFolder), 'PG_VERSION'));
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EACCES';
  }
}

/** What may lie in a data folder before it has a database: ours, what a killed start left, and what file systems and git put there. */
const known = [
  /^(archive|lib|suanpan\.json|lost\+found|\.gitignore|\.gitkeep|\.DS_Store)$/,
  /^postgres(\.new|\.log)$/,
  /^(pepper|run\.json|server\.lock)(\.\d+)?$/,
  /^server\.lock\.guard$/,
];

/** An entry that shows that this is somebody else's folder, and nothing should be made in it; undefined: there is none. */
export function foreignEntry(dataFolder: string): string | undefined {
  if (hasCluster(dataFolder)) return undefined;
  return readdirSync(dataFolder)
    .toSorted()
    .find((entry) => !known.some((pattern) => pattern.test(entry)));
}
