import { setTimeout as wait } from 'node:timers/promises';
import pg from 'pg';
import { databaseWords } from '../../words/database.ts';
import { type Embedded, reachedAt, startEmbedded } from './embedded.ts';
import { type Engine, engineColumn } from './engine.ts';
import { unavailable } from './failures.ts';
import { Hosts, remember } from './hosts.ts';
import { newestMigration } from './migrate.ts';
import { processName } from './schema-lock.ts';
import { DatabaseUnavailable, readRun } from './server-lock.ts';
import { areSpread } from './shards.ts';
import { Silence } from './silence.ts';
import { longestPause } from './transaction.ts';
import { Watch } from './watch.ts';

export type Database = {
  readonly pool: pg.Pool;
  /** For the ledger's groups: few connections, on which look-ups by key never become scans and prepared plans are kept. */
  readonly ledgerPool: pg.Pool;
  /** For look-ups of keys: one connection, for which nobody waits behind what others read. */
  readonly keyPool: pg.Pool;
  /** On a connection of its own; it is started with the ledger. */
  readonly watch: Watch;
  /** Resolves, with words for the operator, when whoever uses it may not go on. */
  readonly mustStop: Promise<DatabaseUnavailable>;
  /** Ends the connections, and the embedded server if this process started it. */
  close(): Promise<void>;
};

export type OpenOptions = {
  /** A PostgreSQL server's address; without one the embedded PostgreSQL of the data folder is used. */
  readonly databaseUrl?: string | undefined;
  readonly dataFolder: string;
  /** Use the database of a server that runs on the folder already, instead of refusing. */
  readonly joinRunning?: boolean;
  /** Most connections at once. */
  readonly connections?: number;
  /** Connections of the ledger, one a group under way. */
  readonly lanes?: number;
  readonly log?: (line: string) => void;
};

/**
 * A group's arrays come in order of account; as nested loops its rows are locked in that order too, so that two servers never
 * wait for each other in a circle. The generic plan spares planning every group anew.
 */
const plannerHints = '-c enable_hashjoin=off -c enable_mergejoin=off -c enable_seqscan=off -c jit=off';
/** Citus finds the shard of a statement by its parameters, which a generic plan does not know. A node that is silent holds a lane for so many milliseconds at most. */
const planFor: Readonly<Record<Engine, string>> = {
  postgresql: '-c plan_cache_mode=force_generic_plan',
  citus: '-c plan_cache_mode=force_custom_plan -c citus.node_connection_timeout=2000',
};

/** A reader that pauses longer than this many milliseconds, such as a download that stands still, is cut off. */
const longestReadingPause = 60_000;
/** Longest wait for a free connection, milliseconds: callers are refused instead of waiting for ever. */
const longestQueueing = 8_000;
/** Longest wait for connections to end in order, milliseconds. */
const longestEnding = 2_000;

/** The system asks a peer that has said nothing for so long whether it is still there. */
const alive = { keepAlive: true, keepAliveInitialDelayMillis: 5_000 };

const oldestVersion = 150_000;

/** Opens the ledger's database. Throws `DatabaseUnavailable`, with words for the operator, when it cannot. */
export async function openDatabase(options: OpenOptions): Promise<Database> {
  const { databaseUrl, dataFolder } = options;
  if (databaseUrl !== undefined && databaseUrl !== '') {
    return connected({ connectionString: databaseUrl }, options, another);
  }
  const run = options.joinRunning === true ? readRun(dataFolder) : undefined;
  if (run !== undefined) return connected(reachedAt(run).poolConfig, options, another);
  const embedded = await startEmbedded({ dataFolder, ...(options.log && { log: options.log }) });
  return connected(embedded.poolConfig, options, embedded);
}

type Ending = Pick<Embedded, 'givenUp' | 'stop'>;

/** A server that somebody else keeps. */
const another: Ending = { givenUp: new Promise(() => {}), stop: async () => {} };

async function connected(address: pg.PoolConfig, options: OpenOptions, ending: Ending): Promise<Database> {
  const log = options.log ?? (() => {});
  const hosts = new Hosts(address);
  const silence = new Silence(hosts);
  const config = { ...address, ...alive, application_name: processName(await newestMigration()), types: exactTypes };
  const watch = new Watch({
    ...{ hosts, config, log },
    cut: (least, patient) => silence.cut(least, patient),
    cutAll: () => silence.cutAll(),
  });
  const settings = { ...config, connectionTimeoutMillis: longestQueueing, Client: silence.Client };
  const pool = new WatchedPool(watch, {
    ...settings,
    max: options.connections ?? 10,
    idle_in_transaction_session_timeout: longestReadingPause,
  });
  const ledgerPool = new WatchedPool(watch, {
    ...settings,
    max: options.lanes ?? 2,
    options: `${plannerHints} ${planFor.postgresql}`,
    idle_in_transaction_session_timeout: longestPause,
  });
  const keyPool = new WatchedPool(watch, { ...settings, max: 1, idle_in_transaction_session_timeout: longestPause });
  const pools = [pool, ledgerPool, keyPool];
  for (const each of pools) {
    remember(each, hosts);
    // An idle connection that breaks is replaced at its next use; without a listener it would end the process.
    each.on('error', (error) => log(`a database connection broke: ${error.message}`));
    // One in use that breaks between two statements too; its next statement fails.
    each.on('connect', (client) => client.on('error', () => {}));
    each.on('release', silence.released);
  }
  const close = async (): Promise<void> => {
    const ended = Promise.all(pools.map((each) => each.end()));
    await Promise.race([ended, wait(longestEnding, undefined, { ref: false })]);
    silence.end();
    await watch.end();
    await ending.stop();
  };
  try {
    hosts.engine = await inTurn(hosts, () => readEngine(pool));
    ledgerPool.options.options = `${plannerHints} ${planFor[hosts.engine]}`;
    const mustStop = Promise.race([watch.mustStop, ending.givenUp]);
    return { pool, ledgerPool, keyPool, watch, mustStop, close };
  } catch (error) {
    await close();
    throw unavailable(error) ?? error;
  }
}

/** How to reach the database from another thread: plain values. */
export type DatabaseAddress = Pick<
  pg.PoolConfig,
  'connectionString' | 'host' | 'port' | 'user' | 'password' | 'database' | 'ssl' | 'application_name'
>;

export const addressOf = ({ options }: pg.Pool): DatabaseAddress => {
  const { connectionString, host, port, user, password, database, ssl, application_name } = options;
  const address = { connectionString, host, port, user, password, database, ssl, application_name };
  return structuredClone(address) as DatabaseAddress;
};

/** One connection that reads, for a thread of its own. */
export function openReader(address: DatabaseAddress): pg.Pool {
  const known: DatabaseAddress = Object.fromEntries(Object.entries(address).filter(([, value]) => value !== undefined));
  const hosts = new Hosts(known);
  const pool = new TurningPool(hosts, {
    ...known,
    ...alive,
    max: 1,
    connectionTimeoutMillis: longestQueueing,
    Client: new Silence(hosts).Client,
    options: '-c default_transaction_read_only=on',
    types: exactTypes,
  });
  pool.on('error', () => {});
  pool.on('connect', (client) => client.on('error', () => {}));
  return pool;
}

/** Its connections are to be had only while the watch says that the database may be used. */
class WatchedPool extends pg.Pool {
  readonly #watch: Watch;

  constructor(watch: Watch, config: pg.PoolConfig) {
    super(config);
    this.#watch = watch;
  }

  override connect(): Promise<pg.PoolClient>;
  override connect(taken: Taken): void;
  // biome-ignore lint/suspicious/noConfusingVoidType: the driver's own two forms
  override connect(taken?: Taken): Promise<pg.PoolClient> | void {
    if (this.#watch.isOpen) return taken === undefined ? super.connect() : super.connect(taken);
    const opened = this.#watch.opened();
    if (taken === undefined) return opened.then(() => super.connect());
    opened.then(
      () => super.connect(taken),
      (error: Error) => taken(error, undefined, () => {}),
    );
  }
}

type Taken = (error: Error | undefined, client: pg.PoolClient | undefined, done: (release?: unknown) => void) => void;

/** Without a watch of its own: it looks for the server that takes writes at each connection that fails. */
class TurningPool extends pg.Pool {
  readonly #hosts: Hosts;

  constructor(hosts: Hosts, config: pg.PoolConfig) {
    super(config);
    this.#hosts = hosts;
  }

  override connect(): Promise<pg.PoolClient>;
  override connect(taken: Taken): void;
  // biome-ignore lint/suspicious/noConfusingVoidType: the driver's own two forms
  override connect(taken?: Taken): Promise<pg.PoolClient> | void {
    const turning = inTurn(this.#hosts, () => super.connect());
    if (taken === undefined) return turning;
    turning.then(
      (client) => taken(undefined, client, (broken) => client.release(broken as Error | boolean | undefined)),
      (error: Error) => taken(error, undefined, () => {}),
    );
  }
}

/** Tries one server after another, each once; throws what the last one failed with, and in words what each did. */
async function inTurn<T>(hosts: Hosts, attempt: () => Promise<T>): Promise<T> {
  for (let tried = 1; ; tried += 1) {
    try {
      return await attempt();
    } catch (error) {
      if (hosts.count < 2 || error instanceof DatabaseUnavailable) throw error;
      hosts.next(error);
      if (tried >= hosts.count) throw Object.assign(error as Error, { message: hosts.told });
    }
  }
}

/** What the server is; throws where it is too old. With the extension alone, and nothing spread, it is as any PostgreSQL. */
async function readEngine(pool: pg.Pool): Promise<Engine> {
  const { rows } = await pool.query<{ version: string; engine: Engine }>(
    `select current_setting('server_version_num') as version, ${engineColumn}`,
  );
  const version = Number(rows[0]?.version);
  if (version < oldestVersion) {
    throw new DatabaseUnavailable(databaseWords.postgresqlIsTooOld(Math.floor(version / 10_000)));
  }
  return rows[0]?.engine === 'citus' && (await areSpread(pool)) ? 'citus' : 'postgresql';
}

const parsers: Readonly<Record<number, (text: string) => unknown>> = {
  // int8 and int8[] as bigint: as a number it would lose whole calls and fen above 2^53.
  20: BigInt,
  1016: (text) =>
    text === '{}'
      ? []
      : text
          .slice(1, -1)
          .split(',')
          .map((item) => (item === 'NULL' ? null : BigInt(item))),
  // date and timestamp have no zone; the driver would read them in this machine's.
  1082: String,
  1114: String,
  // numeric stays the exact decimal it is written as.
  1700: String,
};

/** How values are read: for this pool alone, the driver's global table is left as it is. */
const exactTypes: pg.CustomTypesConfig = {
  getTypeParser: ((oid: number, format?: 'text' | 'binary') =>
    (format !== 'binary' && parsers[oid]) ||
    pg.types.getTypeParser(oid, format as 'text')) as typeof pg.types.getTypeParser,
};

/** The settings that decide whether a committed row survives a power cut, for `doctor`. */
export type Durability = {
  readonly version: string;
  readonly engine: Engine;
  readonly fsync: boolean;
  readonly synchronousCommit: string;
  readonly fullPageWrites: boolean;
  /** Whether an acknowledged event is on disk. */
  readonly durable: boolean;
};

export async function readDurability(pool: pg.Pool): Promise<Durability> {
  const { rows } = await pool.query<
    Record<'version' | 'fsync' | 'synchronous' | 'pages', string> & { engine: Engine }
  >(`
    select current_setting('server_version') as version, ${engineColumn},
           current_setting('fsync') as fsync,
           current_setting('synchronous_commit') as synchronous,
           current_setting('full_page_writes') as pages
  `);
  const row = rows[0];
  if (row === undefined) throw new Error('PostgreSQL gave no settings');
  const fsync = row.fsync === 'on';
  const fullPageWrites = row.pages === 'on';
  // "local" waits for this machine's disk, which is what durable means here; only "off" does not wait.
  const durable = fsync && fullPageWrites && row.synchronous !== 'off';
  return {
    version: row.version,
    engine: row.engine,
    fsync,
    synchronousCommit: row.synchronous,
    fullPageWrites,
    durable,
  };
}
