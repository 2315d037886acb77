// PostgreSQL servers of this test's own on loopback, one of which follows another: to be killed, promoted and copied. Only
// processes that were started here are ever signalled.

import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, chownSync, cpSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { findPrograms } from '../../src/store/connection/cluster.ts';
import { type Launch, prepareLaunch, programEnvironment, runLaunched } from '../../src/store/connection/launch.ts';
import { giveTo, serverUser } from '../../src/store/connection/system-user.ts';
import { freePort, quickFolder } from '../setup/machine.ts';
import { until } from './server-process.ts';

const settings = `
listen_addresses = '127.0.0.1'
unix_socket_directories = ''
shared_buffers = '32MB'
wal_keep_size = '256MB'
hot_standby = on
dynamic_shared_memory_type = mmap
wal_receiver_status_interval = 1
primary_conninfo = ''
synchronous_standby_names = ''
`;
const alive = new Set<ChildProcess>();
const folders = new Set<string>();
process.once('exit', () => {
  for (const child of alive) child.kill('SIGKILL');
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** The processes of a postmaster, by what they call themselves. */
function childrenOf(postmaster: number): { readonly pid: number; readonly title: string }[] {
  const { stdout } = spawnSync('ps', ['-A', '-o', 'pid=,ppid=,args='], { encoding: 'utf8' });
  return stdout.split('\n').flatMap((line) => {
    const [, pid, parent, title = ''] = /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line) ?? [];
    return Number(parent) === postmaster ? [{ pid: Number(pid), title }] : [];
  });
}

export class Replica {
  readonly port: number;
  readonly #folder: string;
  readonly #cluster: string;
  readonly #launch: Launch;
  #child: ChildProcess | undefined;

  readonly #programs: string;

  private constructor(port: number, folder: string, programs: string) {
    this.port = port;
    this.#programs = programs;
    this.#folder = folder;
    this.#cluster = join(folder, 'cluster');
    this.#launch = prepareLaunch(
      this.#cluster,
      join(programs, 'initdb'),
      serverUser(this.#cluster, () => {}),
    );
  }

  static async #place(programs: string, port?: number): Promise<Replica> {
    const folder = mkdtempSync(join(quickFolder(), 'suanpan-replica-'));
    folders.add(folder);
    const user = serverUser(join(folder, 'cluster'), () => {});
    if (user !== undefined) chownSync(folder, user.uid, user.gid);
    return new Replica(port ?? (await freePort()), folder, programs);
  }

  /** A primary with the application's role and database, of the embedded PostgreSQL or of another's programs. */
  static async primary(programs = findPrograms()): Promise<Replica> {
    const made = await Replica.#place(programs);
    const words = ['-U', 'postgres', '--auth=trust', '--encoding=UTF8', '--locale=C', '--no-instructions', '--no-sync'];
    const { status, text } = runLaunched(made.#launch, [join(programs, 'initdb'), '-D', made.#cluster, ...words]);
    if (status !== 0) throw new Error(text);
    appendFileSync(join(made.#cluster, 'postgresql.conf'), settings);
    await made.start();
    await made.as('postgres', 'create role suanpan_app login', 'create database suanpan owner suanpan_app');
    return made;
  }

  /** Another one that follows this one from now on: a copy of its files, taken while it runs. `name`: what it is known by. */
  async follower(name: string, port?: number): Promise<Replica> {
    const made = await Replica.#place(this.#programs, port);
    const client = await this.#connect();
    await client.query(`select pg_backup_start('copy', true)`);
    const running = /postmaster\.(pid|opts)$|standby\.signal$/;
    const log = join(this.#cluster, 'pg_wal');
    // The log comes by replication, from where the copy begins.
    const wanted = (path: string) =>
      !running.test(path) && (!path.startsWith(`${log}/`) || statSync(path).isDirectory());
    cpSync(this.#cluster, made.#cluster, { recursive: true, filter: wanted, preserveTimestamps: true });
    const { rows } = await client.query<{ labelfile: string }>('select labelfile from pg_backup_stop(false)');
    await client.end();
    writeFileSync(join(made.#cluster, 'backup_label'), rows[0]?.labelfile ?? '');
    writeFileSync(join(made.#cluster, 'standby.signal'), '');
    const source = `host=127.0.0.1 port=${this.port} user=postgres application_name=${name}`;
    appendFileSync(join(made.#cluster, 'postgresql.auto.conf'), `primary_conninfo = '${source}'\n`);
    const user = serverUser(made.#cluster, () => {});
    if (user !== undefined) giveTo(user, made.#cluster);
    await made.start();
    await until('the standby follows', async () => {
      const found = await this.as(
        'postgres',
        `select 1 from pg_stat_replication where state = 'streaming' and application_name = '${name}'`,
      );
      return found.length > 0;
    });
    return made;
  }

  async start(): Promise<void> {
    const [program = '', ...rest] = [...this.#launch.prefix, join(this.#programs, 'postgres')];
    const words = ['-D', this.#cluster, '-p', String(this.port)];
    const env = programEnvironment();
    const child = spawn(program, [...rest, ...words], { ...this.#launch.identity, cwd: '/', env, stdio: 'ignore' });
    this.#child = child;
    alive.add(child);
    child.once('exit', () => alive.delete(child));
    await until('PostgreSQL answers', async () => {
      if (child.exitCode !== null) throw new Error(`PostgreSQL ended with ${child.exitCode}`);
      return this.as('postgres', 'select 1').then(
        () => true,
        () => false,
      );
    });
  }

  async #connect(): Promise<pg.Client> {
    const client = new pg.Client({ host: '127.0.0.1', port: this.port, user: 'postgres', database: 'postgres' });
    client.on('error', () => {});
    await client.connect();
    return client;
  }

  /** Runs statements as the superuser, each by itself; gives the last one's rows. */
  async as(database: string, ...statements: readonly string[]): Promise<Record<string, unknown>[]> {
    const client = new pg.Client({ host: '127.0.0.1', port: this.port, user: 'postgres', database });
    client.on('error', () => {});
    await client.connect();
    let rows: Record<string, unknown>[] = [];
    // Not behind the standby that may be away: what is set here concerns no row.
    for (const statement of ['set synchronous_commit = local', ...statements])
      ({ rows } = await client.query(statement));
    await client.end();
    return rows;
  }

  /** Commits wait from now on for these standbys, `*`: for any that follows, or for none. */
  async await(standbys: string): Promise<void> {
    await this.as('postgres', `alter system set synchronous_standby_names = '${standbys}'`, 'select pg_reload_conf()');
    await until('the setting holds', async () => {
      const [row] = await this.as('postgres', `select current_setting('synchronous_standby_names') as names`);
      return row?.names === standbys;
    });
  }

  /** Takes writes from now on. */
  async promote(): Promise<void> {
    await this.as('postgres', 'select pg_promote(true, 30)');
  }

  /** Follows no more: what is written from now on is on the primary alone. */
  async leave(): Promise<void> {
    await this.as('postgres', `alter system set primary_conninfo = ''`, 'select pg_reload_conf()');
    const receives = () => childrenOf(this.#child?.pid ?? -1).some(({ title }) => /walreceiver/.test(title));
    await until('it follows no more', () => !receives());
  }

  /** Stops what receives the log, or lets it go on: a standby that is there and says nothing. */
  receiver(signal: 'SIGSTOP' | 'SIGCONT', ifThere = false): void {
    const found = childrenOf(this.#child?.pid ?? -1).filter(({ title }) => /walreceiver/.test(title));
    if (found.length !== 1 && !ifThere) throw new Error('no receiver');
    for (const { pid } of found) process.kill(pid, signal);
  }

  /** As a power cut of its machine: the postmaster and all its processes are gone at once. */
  async kill(): Promise<void> {
    const child = this.#child;
    if (child?.pid === undefined) return;
    const pids = [child.pid, ...childrenOf(child.pid).map(({ pid }) => pid)];
    const gone = once(child, 'exit');
    for (const pid of pids) {
      try {
        process.kill(pid, 'SIGKILL');
      } catch {
        // It has ended by itself.
      }
    }
    await gone;
    this.#child = undefined;
  }

  /** Ends it and removes its files. */
  async remove(): Promise<void> {
    await this.kill();
    rmSync(this.#folder, { recursive: true, force: true });
    folders.delete(this.#folder);
  }
}

/** For `DATABASE_URL`: these servers, in this order. */
export const urlOf = (...replicas: readonly Replica[]): string =>
  `postgresql://suanpan_app@${replicas.map(({ port }) => `127.0.0.1:${port}`).join(',')}/suanpan`;
