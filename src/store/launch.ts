import { type SpawnOptions, spawnSync } from 'node:child_process';
import { chmodSync, chownSync, lstatSync, mkdirSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseUnavailable } from './server-lock.ts';

/** As whom, and through what, PostgreSQL's programs are started. */
export type Launch = {
  /** Words before the program: setpriv with its arguments, or none. */
  readonly prefix: readonly string[];
  readonly identity: Pick<SpawnOptions, 'uid' | 'gid'>;
  /** Whether the system stops the program when our process dies, however it dies. */
  readonly diesWithUs: boolean;
};

type User = { readonly uid: number; readonly gid: number };

/** Runs a program with a launch's identity and waits for it. */
export function runLaunched(launch: Launch, words: readonly string[]): { status: number | null; text: string } {
  const [program = '', ...rest] = [...launch.prefix, ...words];
  const done = spawnSync(program, rest, { ...launch.identity, cwd: '/', encoding: 'utf8', env: programEnvironment() });
  return { status: done.status, text: `${done.stdout ?? ''}${done.stderr ?? ''}${done.error?.message ?? ''}`.trim() };
}

/** The environment of PostgreSQL's programs: without PG* settings of the caller, with messages in English. */
export function programEnvironment(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !name.startsWith('PG') && name !== 'LANG');
  return { ...Object.fromEntries(kept), LC_ALL: 'C' };
}

/**
 * Makes the cluster folder and finds a way to run PostgreSQL there. An ordinary user runs it himself.
 * PostgreSQL refuses uid 0, so root runs it as the folder's owner, or as `postgres`, or as `nobody`;
 * where that user may not pass through the folders above (a checkout in /root), the process keeps the one
 * capability that lets it through.
 */
export function prepareLaunch(cluster: string, initdb: string): Launch {
  mkdirSync(cluster, { recursive: true, mode: 0o700 });
  const setpriv = hasSetpriv() ? ['setpriv', '--pdeathsig', 'INT'] : [];
  const diesWithUs = setpriv.length > 0;
  if (process.getuid?.() !== 0) return { prefix: setpriv, identity: {}, diesWithUs };

  const user = clusterUser(cluster);
  if (!diesWithUs) {
    const launch: Launch = { prefix: [], identity: user, diesWithUs };
    if (reaches(launch, cluster, initdb)) return launch;
    throw unreachable(cluster, 'install setpriv (util-linux), or start as an ordinary user');
  }
  const reduced = [...setpriv, `--reuid=${user.uid}`, `--regid=${user.gid}`, '--clear-groups'];
  // Reading suffices; containers often lack that capability but have the wider one.
  for (const capability of [undefined, 'dac_read_search', 'dac_override']) {
    const prefix = capability === undefined ? reduced : [...reduced, ...keeping(capability)];
    const launch: Launch = { prefix: [...prefix, '--'], identity: {}, diesWithUs };
    if (reaches(launch, cluster, initdb)) return launch;
  }
  throw unreachable(
    cluster,
    'move the checkout and the data folder out of private folders, or start as an ordinary user',
  );
}

/** Without the secure bit, access(2) ignores capabilities of a process whose real user is not root. */
const keeping = (capability: string): string[] => [
  `--inh-caps=-all,+${capability}`,
  `--ambient-caps=-all,+${capability}`,
  '--securebits=+no_setuid_fixup',
];

function hasSetpriv(): boolean {
  return process.platform === 'linux' && spawnSync('setpriv', ['--pdeathsig', 'INT', 'true']).status === 0;
}

/** Whether the programs run there: initdb looks for its server and asks its version. */
function reaches(launch: Launch, cluster: string, initdb: string): boolean {
  return (
    runLaunched(launch, ['/bin/sh', '-c', 'cd "$1" && exec "$2" --show -D "$1"', 'sh', cluster, initdb]).status === 0
  );
}

function clusterUser(cluster: string): User {
  const { uid, gid } = statSync(cluster);
  if (uid !== 0) return { uid, gid };
  const user = userNamed('postgres') ?? userNamed('nobody');
  if (user === undefined) {
    throw new DatabaseUnavailable(
      'PostgreSQL does not run as root, and there is no user "postgres" or "nobody" to run it as. Start as an ordinary user, or set DATABASE_URL.',
      'PostgreSQL 不能以 root 运行，且系统没有 postgres 或 nobody 用户。请以普通用户启动，或设置 DATABASE_URL。',
    );
  }
  giveTo(user, cluster);
  return user;
}

function userNamed(name: string): User | undefined {
  const numbers = (['-u', '-g'] as const).map((flag) => spawnSync('id', [flag, name], { encoding: 'utf8' }));
  if (numbers.some(({ status }) => status !== 0)) return undefined;
  const [uid, gid] = numbers.map(({ stdout }) => Number(stdout.trim()));
  return uid === undefined || gid === undefined || uid === 0 ? undefined : { uid, gid };
}

/** Hands a folder with all in it to a user; links are not followed. */
function giveTo(user: User, folder: string): void {
  chownSync(folder, user.uid, user.gid);
  chmodSync(folder, 0o700);
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    const kind = lstatSync(path);
    if (kind.isDirectory()) giveTo(user, path);
    else if (!kind.isSymbolicLink()) chownSync(path, user.uid, user.gid);
  }
}

function unreachable(cluster: string, advice: string): DatabaseUnavailable {
  return new DatabaseUnavailable(
    `PostgreSQL does not run as root, and the unprivileged user cannot reach its programs or ${cluster}: ${advice}; or set DATABASE_URL.`,
    `PostgreSQL 不能以 root 运行，而普通用户无法访问其程序或 ${cluster}。请移出私有目录、安装 setpriv、以普通用户启动，或设置 DATABASE_URL。`,
  );
}
