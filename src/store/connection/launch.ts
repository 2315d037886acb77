import { type SpawnOptions, spawnSync } from 'node:child_process';
import { mkdirSync, statSync } from 'node:fs';
import { databaseWords } from '../../words/database.ts';
import { DatabaseUnavailable } from './server-lock.ts';
import { giveTo, type User } from './system-user.ts';

/** As whom, and through what, PostgreSQL's programs are started. */
export type Launch = {
  /** Words before the program: setpriv with its arguments, or none. */
  readonly prefix: readonly string[];
  readonly identity: Pick<SpawnOptions, 'uid' | 'gid'>;
  /** Whether the system stops the program when our process dies, however it dies. */
  readonly diesWithUs: boolean;
};

/** Runs a program with a launch's identity and waits for it. */
export function runLaunched(launch: Launch, words: readonly string[]): { status: number | null; text: string } {
  const [program = '', ...rest] = [...launch.prefix, ...words];
  const done = spawnSync(program, rest, { ...launch.identity, cwd: '/', encoding: 'utf8', env: programEnvironment() });
  return { status: done.status, text: `${done.stdout ?? ''}${done.stderr ?? ''}${done.error?.message ?? ''}`.trim() };
}

/** What PostgreSQL's programs need of our environment. Nothing else reaches them: ours holds the pepper and whatever the caller's does. */
const needed = ['PATH', 'LD_LIBRARY_PATH', 'TMPDIR'];

/** The environment of PostgreSQL's programs; messages in English, since we read them. */
export function programEnvironment(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => needed.includes(name));
  return { ...Object.fromEntries(kept), LC_ALL: 'C' };
}

/**
 * Makes the cluster folder and finds a way to run PostgreSQL there. An ordinary user runs it himself; root runs it as `user`.
 * Where that user may not pass through the folders above (a checkout in /root), the process keeps the one capability that
 * lets it through.
 */
export function prepareLaunch(cluster: string, initdb: string, user: User | undefined): Launch {
  mkdirSync(cluster, { recursive: true, mode: 0o700 });
  const setpriv = hasSetpriv() ? ['setpriv', '--pdeathsig', 'INT'] : [];
  const diesWithUs = setpriv.length > 0;
  if (user === undefined) return { prefix: setpriv, identity: {}, diesWithUs };

  if (statSync(cluster).uid !== user.uid) giveTo(user, cluster);
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

function unreachable(cluster: string, advice: string): DatabaseUnavailable {
  return new DatabaseUnavailable(databaseWords.rootCannotRunIt(cluster, advice));
}
