// How the tables lie on an engine that spreads them over nodes (Citus), and the steps that bring them there: docs/decisions/0049.
// Each step is a statement that commits by itself, so that whatever breaks off is gone on with by asking again.

import type { ClientBase } from 'pg';

/**
 * `reference`: the same rows on every node, which what lies there refers to and joins. `account`: each account's rows on one node, those of
 * all tables together. `coordinator`: on the node that is connected to, and known to the engine, so that what is written there and on
 * other nodes is committed as one.
 */
export type Lying = 'reference' | 'account' | 'coordinator';

/** In the order in which they are laid: what is referred to before what refers to it. */
export const tablesByLying: Readonly<Record<Lying, readonly string[]>> = {
  reference: ['price_books', 'meters', 'accounts'],
  account: [
    'account_heads',
    'events',
    'event_draws',
    'event_keys',
    'voids',
    'reviews',
    'holds',
    'hold_ends',
    'packs',
    'pack_refunds',
    'forfeits',
    'money_entries',
    'usage_days',
    'corrections',
    'bills',
    'contracts',
    'orders',
    'order_ends',
    'account_changes',
    'account_notes',
    'caps',
    'outbox',
    'outbox_ends',
    'alerts',
    'alert_settings',
    'pack_thresholds',
    'standing_orders',
    'standing_purchases',
  ],
  coordinator: [
    'order_references',
    'idempotency_keys',
    'audit',
    'audit_heads',
    'approvals',
    'api_keys',
    'gateway_credentials',
    'flow_tokens',
    'sweeps',
    'sweep_findings',
    'people',
    'sessions',
    'password_links',
    'webhooks',
    'deliveries',
    'list_exports',
    'export_pieces',
    'book_versions',
    'archives',
    'archive_attempts',
    'jobs',
    'pepper_check',
    'ledger_kind',
  ],
};

/** What is left alone: migrations keep it for themselves. */
export const leftAlone: readonly string[] = ['schema_migrations'];

/** All of an account lies with this table's rows of it. */
const anchor = 'account_heads';

/** The one key from a table of accounts to another: it is away while one of the two lies elsewhere. */
export const keyBetween = {
  table: 'order_ends',
  name: 'order_ends_account_id_order_no_fkey',
  to: 'orders',
  definition: 'foreign key (account_id, order_no) references orders (account_id, order_no)',
} as const;

/** Called by statements on the nodes. */
const functions = ['refuse_taken(text)'] as const;

export interface Step {
  /** A table, or a function. */
  readonly of: string;
  readonly what: Lying | 'key-away' | 'key-back' | 'function' | 'free';
  readonly sql: string;
}

/** A table as it is. */
export interface Laid {
  readonly name: string;
  /** Null: an ordinary table, of which the engine knows nothing. */
  readonly lying: Lying | 'otherwise' | null;
  /** Bytes on this node's disk that nobody sees since the rows were copied away. */
  readonly leftBehind: number;
  /** Triggers of ours stand on it. */
  readonly guarded: boolean;
  /** Unique keys without the account. */
  readonly keysOfAll: readonly string[];
  /** Columns that number themselves in fewer than eight bytes. */
  readonly smallNumbers: readonly string[];
}

export interface Cluster {
  readonly version: string;
  /** Whether the engine knows the node that is connected to as one of its own. */
  readonly hasCoordinator: boolean;
  readonly workers: number;
  readonly replicas: number;
  readonly tables: readonly Laid[];
  readonly hasKeyBetween: boolean;
  /** Functions that the nodes have. */
  readonly functions: readonly string[];
}

const tablesSql = `
  select c.relname::text as name,
    case when p.logicalrelid is null then null
      when p.partmethod = 'h' and column_to_column_name(p.logicalrelid, p.partkey) = 'account_id'
        and p.colocationid = coalesce(a.colocationid, p.colocationid) then 'account'
      when p.partmethod = 'n' and p.repmodel = 't' then 'reference'
      when p.partmethod = 'n' and p.colocationid = 0 then 'coordinator'
      else 'otherwise' end as lying,
    case when p.partmethod = 'h' then pg_relation_size(c.oid)::float8 else 0 end as "leftBehind",
    exists (select from pg_trigger t where t.tgrelid = c.oid and not t.tgisinternal
            and t.tgfoid = to_regproc('refuse_change')) as guarded,
    coalesce((select array_agg(i.indexrelid::regclass::text order by 1) from pg_index i where i.indrelid = c.oid and i.indisunique
      and not exists (select from unnest(i.indkey) k join pg_attribute t on t.attrelid = c.oid and t.attnum = k
                      where t.attname = 'account_id')), '{}') as "keysOfAll",
    coalesce((select array_agg(t.attname::text order by 1) from pg_attribute t
      where t.attrelid = c.oid and t.attidentity <> '' and t.atttypid <> 'bigint'::regtype), '{}') as "smallNumbers"
  from pg_class c left join pg_dist_partition p on p.logicalrelid = c.oid
    left join pg_dist_partition a on a.logicalrelid = to_regclass('${anchor}')
  where c.relkind = 'r' and c.relnamespace = current_schema()::regnamespace order by 1`;

/** Undefined: the extension is not there. */
export async function readCluster(client: ClientBase): Promise<Cluster | undefined> {
  const { rows: found } = await client.query<{ version: string }>(
    `select extversion as version from pg_extension where extname = 'citus'`,
  );
  if (found[0] === undefined) return undefined;
  const { rows: nodes } = await client.query<
    Pick<Cluster, 'hasCoordinator' | 'workers' | 'replicas' | 'hasKeyBetween'>
  >(
    `select coalesce(bool_or(groupid = 0), false) as "hasCoordinator", (count(*) filter (where groupid <> 0 and noderole = 'primary'))::integer as workers,
       coalesce(current_setting('citus.shard_replication_factor', true), '1')::integer as replicas,
       exists (select from pg_constraint where conname = $1 and conrelid = to_regclass($2)) as "hasKeyBetween"
     from pg_dist_node`,
    [keyBetween.name, keyBetween.table],
  );
  const { rows: tables } = await client.query<Laid>(tablesSql);
  const { rows: known } = await client.query<{ name: string }>(
    `select name from unnest($1::text[]) as f(name)
     where exists (select from pg_dist_object o where o.classid = 'pg_proc'::regclass and o.objid = to_regprocedure(name))`,
    [functions],
  );
  const [node] = nodes;
  if (node === undefined) throw new Error('the engine does not name its nodes');
  return { ...found[0], ...node, tables, functions: known.map(({ name }) => name) };
}

/** Why the tables cannot be laid as they should; the texts are names. */
export type Obstacle =
  | { readonly kind: 'no-coordinator' | 'replicas' | 'older' }
  | { readonly kind: 'missing' | 'unknown' | 'otherwise'; readonly table: string }
  | { readonly kind: 'key' | 'number'; readonly table: string; readonly names: readonly string[] };

export const lyingOf = (table: string): Lying | undefined =>
  (Object.keys(tablesByLying) as Lying[]).find((each) => tablesByLying[each].includes(table));

export function obstaclesOf({ hasCoordinator, replicas, tables }: Cluster): Obstacle[] {
  const found: Obstacle[] = [];
  if (!hasCoordinator) found.push({ kind: 'no-coordinator' });
  if (replicas !== 1) found.push({ kind: 'replicas' });
  const there = new Set(tables.map(({ name }) => name));
  for (const table of Object.values(tablesByLying).flat())
    if (!there.has(table)) found.push({ kind: 'missing', table });
  for (const { name: table, lying, keysOfAll, smallNumbers } of tables) {
    const wanted = lyingOf(table);
    if (wanted === undefined) {
      if (!leftAlone.includes(table)) found.push({ kind: 'unknown', table });
      continue;
    }
    if (lying !== null && lying !== wanted && !(lying === 'coordinator' && wanted !== 'coordinator')) {
      found.push({ kind: 'otherwise', table });
    }
    if (wanted === 'account' && keysOfAll.length > 0) found.push({ kind: 'key', table, names: keysOfAll });
    if (smallNumbers.length > 0) found.push({ kind: 'number', table, names: smallNumbers });
  }
  return found;
}

const layingSql: Readonly<Record<Lying, (table: string) => string>> = {
  reference: (table) => `select create_reference_table('${table}')`,
  account: (table) =>
    `select create_distributed_table('${table}', 'account_id', colocate_with => '${table === anchor ? 'none' : anchor}')`,
  coordinator: (table) => `select citus_add_local_table_to_metadata('${table}', cascade_via_foreign_keys => true)`,
};

/** What is still to be done, in order; nothing where all is as it should be. */
export function stepsOf(cluster: Cluster): Step[] {
  const tables = new Map(cluster.tables.map((table) => [table.name, table]));
  const isLaid = (name: string) => tables.get(name)?.lying === lyingOf(name);
  const missing = (lying: Lying): Step[] =>
    tablesByLying[lying]
      .filter((name) => !isLaid(name))
      .map((name) => ({ of: name, what: lying, sql: layingSql[lying](name) }));
  const isTogether = isLaid(keyBetween.table) && isLaid(keyBetween.to);
  const { table, name, definition } = keyBetween;
  const away: Step = { of: table, what: 'key-away', sql: `alter table ${table} drop constraint ${name}` };
  const back: Step = { of: table, what: 'key-back', sql: `alter table ${table} add constraint ${name} ${definition}` };
  return [
    ...(cluster.hasKeyBetween && !isTogether ? [away] : []),
    ...missing('reference'),
    ...missing('account'),
    ...(cluster.hasKeyBetween && isTogether ? [] : [back]),
    ...missing('coordinator'),
    ...functions
      .filter((each) => !cluster.functions.includes(each))
      .map((each): Step => ({ of: each, what: 'function', sql: `select create_distributed_function('${each}')` })),
    ...tablesByLying.account
      .filter((each) => isFreed(tables.get(each)))
      .map((each): Step => ({ of: each, what: 'free', sql: freeSql(each) })),
  ];
}

/** Truncating goes on to what refers to a table: none refers to these. Guarded ones refuse it, and are small. */
const isFreed = (table: Laid | undefined): boolean => table !== undefined && table.leftBehind > 0 && !table.guarded;

const freeSql = (table: string): string => `select truncate_local_data_after_distributing_table('${table}')`;

/** For a session that lays tables: guards that only refuse are no danger, and one node's work is done before the next one's. */
export const layingSettings = `set citus.enable_unsafe_triggers = on; set citus.multi_shard_modify_mode = 'sequential'`;

/** What stopped the work, with the steps before it done. */
export class StepFailed extends Error {
  readonly step: Step;

  constructor(step: Step, cause: unknown) {
    super((cause as Error).message, { cause });
    this.name = 'StepFailed';
    this.step = step;
  }
}

/**
 * Does what is still to be done, step by step, each by what the one before has left: the engine brings more with it than was asked for.
 * Throws `StepFailed`. Nobody else uses the ledger meanwhile: see `takeSchemaAlone`.
 */
export async function layTables(client: ClientBase, done: (step: Step) => void): Promise<void> {
  await client.query(layingSettings);
  const tried = new Set<string>();
  for (let step = await nextStep(client); step !== undefined; step = await nextStep(client)) {
    try {
      if (tried.has(step.sql)) throw new Error('it had no effect');
      tried.add(step.sql);
      await client.query(step.sql);
    } catch (cause) {
      throw new StepFailed(step, cause);
    }
    done(step);
  }
}

async function nextStep(client: ClientBase): Promise<Step | undefined> {
  const cluster = await readCluster(client);
  return cluster && stepsOf(cluster)[0];
}
