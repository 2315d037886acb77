// As which system user PostgreSQL runs when the server is started by root, which PostgreSQL refuses to run as.

import { spawnSync } from 'node:child_process';
import { chmodSync, chownSync, lstatSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { databaseWords } from '../../words/database.ts';
import { DatabaseUnavailable } from './server-lock.ts';

export type User = { readonly uid: number; readonly gid: number };

const ownName = 'suanpan';

/** Ways to make a system user without home, shell and password: shadow's, and BusyBox's. */
const waysToMake: readonly (readonly (readonly string[])[])[] = [
  [
    [
      ...['useradd', '--system', '--user-group', '--no-create-home', '--home-dir', '/nonexistent'],
      ...['--shell', '/usr/sbin/nologin', ownName],
    ],
  ],
  [
    ['addgroup', '-S', ownName],
    ['adduser', '-S', '-D', '-H', '-h', '/nonexistent', '-s', '/sbin/nologin', '-G', ownName, ownName],
  ],
];

/**
 * Whom PostgreSQL runs as: nobody else (undefined) unless we are root; else the cluster's owner, `postgres`, or a user of our own,
 * made on first need. Never `nobody`: what runs as nobody may read what any other such program wrote.
 */
export function serverUser(cluster: string, log: (line: string) => void): User | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const owner = statSync(cluster, { throwIfNoEntry: false });
  if (owner !== undefined && owner.uid !== 0 && isOneOfItsOwn(owner.uid)) return { uid: owner.uid, gid: owner.gid };
  return userNamed('postgres') ?? userNamed(ownName) ?? makeOwnUser(log);
}

/** PostgreSQL looks its user up by number, and does not run as one that has no name. */
function isOneOfItsOwn(uid: number): boolean {
  const { status, stdout } = spawnSync('id', ['-un', String(uid)], { encoding: 'utf8' });
  return status === 0 && stdout.trim() !== 'nobody';
}

function userNamed(name: string): User | undefined {
  const numbers = (['-u', '-g'] as const).map((flag) => spawnSync('id', [flag, name], { encoding: 'utf8' }));
  if (numbers.some(({ status }) => status !== 0)) return undefined;
  const [uid, gid] = numbers.map(({ stdout }) => Number(stdout.trim()));
  return uid === undefined || gid === undefined || uid === 0 ? undefined : { uid, gid };
}

/** Several starts may do so at once: whoever comes second finds the accounts locked or the name taken, and looks again. */
function makeOwnUser(log: (line: string) => void): User {
  log(`creating the system user "${ownName}" to run PostgreSQL as`);
  let said = '';
  for (let round = 0; round < 100; round += 1) {
    said = runFirstThere();
    const made = userNamed(ownName);
    if (made !== undefined) return made;
    if (!/lock/i.test(said)) break;
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 100);
  }
  throw new DatabaseUnavailable(databaseWords.noSystemUser(ownName, said));
}

function runFirstThere(): string {
  const env = { PATH: `${process.env.PATH ?? ''}:/usr/sbin:/sbin`, LC_ALL: 'C' };
  for (const commands of waysToMake) {
    const said: string[] = [];
    for (const [program = '', ...rest] of commands) {
      const done = spawnSync(program, rest, { encoding: 'utf8', env, cwd: '/' });
      if (done.error !== undefined) break;
      said.push(`${done.stdout}${done.stderr}`.trim());
    }
    if (said.length > 0) return said.filter((line) => line !== '').join('; ');
  }
  return 'neither useradd nor adduser is there';
}

/** Hands a folder with all in it to a user; links are not followed. */
export function giveTo(user: User, folder: string): void {
  chownSync(folder, user.uid, user.gid);
  chmodSync(folder, 0o700);
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    const kind = lstatSync(path);
    if (kind.isDirectory()) giveTo(user, path);
    else if (!kind.isSymbolicLink()) chownSync(path, user.uid, user.gid);
  }
}
