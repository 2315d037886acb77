// A database with a ledger in it: accounts made in bulk, totals reconciled, the whole verified.

import { type Calls, callsOf, type Instant, instantOf } from '../src/core/units.ts';
import { openAccount } from '../src/operations/accounts.ts';
import { createKey } from '../src/operations/api-keys.ts';
import { giveGifts } from '../src/operations/packs.ts';
import type { Suanpan } from '../src/operations/suanpan.ts';
import { openSuanpan } from '../src/operations/suanpan.ts';
import { type Database, openDatabase } from '../src/store/connection/connect.ts';
import { inTransaction } from '../src/store/connection/transaction.ts';
import { verifyLedger } from '../src/verify/verify.ts';
import type { Cluster } from './cluster.ts';
import type { Endings } from './endings.ts';
import type { HeldCall } from './event-stream.ts';

export const pepper = 'bench';
export const book = 'faceid-legacy';

export interface LedgerDatabase {
  readonly url: string;
  readonly name: string;
  readonly suanpan: Suanpan;
  /** An operator's key. */
  key(): Promise<string>;
  /** Opens accounts PREFIX0 … like one that was opened and given packs by the operations themselves. */
  openAccounts(prefix: string, count: number, packs?: readonly number[]): Promise<void>;
  /** What the ledger holds of the accounts of a prefix: three sums that must agree with what was acknowledged. */
  totals(prefix: string): Promise<Totals>;
  /** The holds of a prefix that are in the air, in order of their ids. */
  holds(prefix: string): Promise<HeldCall[]>;
  /** What the heads of a prefix carry of them. */
  held(prefix: string): Promise<{ readonly events: number; readonly calls: number }>;
  /** Runs every checker of `suanpan verify`; throws at the first broken row. */
  verify(): Promise<number>;
  /** Ends the connections; the database stays. */
  close(): Promise<void>;
}

export interface Totals {
  readonly events: number;
  readonly calls: number;
  /** Counters of usage_days and of the heads. */
  readonly counted: number;
  readonly straddling: number;
}

/** Gifts of few and more calls: in a round of any length most accounts straddle from one to the next, some into postpaid. */
export const smallPacks = [3, 7, 13, 29, 61];

export async function openLedgerDatabase(
  endings: Endings,
  cluster: Cluster,
  name: string,
  template?: string,
): Promise<LedgerDatabase> {
  await cluster.create(name, template);
  const url = cluster.url(name);
  const database = await openDatabase({ databaseUrl: url, dataFolder: '', connections: 4, lanes: 1 });
  const close = endings.add(() => database.close());
  const suanpan = await openSuanpan(database, () => instantOf(Date.now()));
  return {
    url,
    name,
    suanpan,
    key: async () =>
      (await createKey(suanpan.pool, { account: null, name: 'bench', by: 'local' }, pepper, suanpan.clock())).key,
    openAccounts: (prefix, count, packs = smallPacks) => openAccounts(suanpan, prefix, count, packs),
    totals: (prefix) => readTotals(database, prefix),
    holds: (prefix) => readHolds(database, prefix),
    held: (prefix) => readHeld(database, prefix),
    verify: () => verify(suanpan),
    close,
  };
}

async function openAccounts(suanpan: Suanpan, prefix: string, count: number, packs: readonly number[]): Promise<void> {
  const id = `${prefix}first`;
  const now = suanpan.clock();
  const made = await inTransaction(suanpan.pool, async (tx) => {
    const opened = await openAccount(tx, suanpan, { id, book, by: 'local' }, now);
    if ('refused' in opened) return opened;
    for (const calls of packs) await giveGift(suanpan, tx, id, callsOf(calls), now);
    return opened;
  });
  if ('refused' in made) throw new Error(`account ${id}: ${made.refused}`);
  const { pool } = suanpan;
  const numbers = [prefix, count, id];
  await pool.query(
    `insert into accounts (account_id, name, book_id, time_zone, opened_on, created_ms)
     select $1 || i, name, book_id, time_zone, opened_on, created_ms from accounts, generate_series(0, $2::int - 1) i where account_id = $3`,
    numbers,
  );
  await pool.query(
    `insert into account_heads (account_id, version, fixed, state)
     select $1 || i, version, fixed, state from account_heads, generate_series(0, $2::int - 1) i where account_id = $3`,
    numbers,
  );
  await pool.query(
    `insert into packs (account_id, pack_no, pack_id, seq, product, gift, calls, price, bought_ms, effective_ms, expires_ms)
     select $1 || i, pack_no, pack_id, seq, product, gift, calls, price, bought_ms, effective_ms, expires_ms
     from packs, generate_series(0, $2::int - 1) i where account_id = $3`,
    numbers,
  );
  await pool.query('vacuum analyze accounts, account_heads, packs');
}

async function giveGift(
  suanpan: Suanpan,
  tx: Parameters<typeof giveGifts>[0],
  account: string,
  calls: Calls,
  now: Instant,
): Promise<void> {
  const given = await giveGifts(tx, suanpan, { account, product: 'basic_authority', calls, months: null }, now);
  if ('refused' in given) throw new Error(`gift of ${calls}: ${given.refused}`);
}

/** Prefixes hold letters and digits only, so that '~' sorts after all accounts of one. */
async function readTotals({ pool }: Database, prefix: string): Promise<Totals> {
  const { rows } = await pool.query<{ events: bigint; calls: string; counted: string; straddling: bigint }>(
    `select count(*) as events, coalesce(sum(calls), 0) as calls,
       count(*) filter (where draw_count > 1 or (draw_count = 1 and postpaid > 0)) as straddling,
       (select coalesce(sum(calls), 0) from usage_days where account_id >= $1 and account_id < $1 || '~') +
       (select coalesce(sum(counter.value::bigint), 0)
        from account_heads h, jsonb_each_text(h.state::jsonb -> 'usage') counter
        where h.account_id >= $1 and h.account_id < $1 || '~') as counted
     from events where account_id >= $1 and account_id < $1 || '~'`,
    [prefix],
  );
  const [row] = rows;
  if (row === undefined) throw new Error('no totals');
  return {
    events: Number(row.events),
    calls: Number(row.calls),
    counted: Number(row.counted),
    straddling: Number(row.straddling),
  };
}

async function readHolds({ pool }: Database, prefix: string): Promise<HeldCall[]> {
  const { rows } = await pool.query<{ account: string; id: string; calls: bigint }>(
    `select account_id as account, hold_id as id, calls from holds h
     where account_id >= $1 and account_id < $1 || '~'
       and not exists (select from hold_ends x where x.account_id = h.account_id and x.hold_seq = h.seq)
     order by hold_id`,
    [prefix],
  );
  return rows.map(({ account, id, calls }) => ({ account, id, calls: Number(calls) }));
}

async function readHeld({ pool }: Database, prefix: string): Promise<{ events: number; calls: number }> {
  const { rows } = await pool.query<{ events: bigint; calls: string }>(
    `select count(*) as events, coalesce(sum((hold ->> 3)::bigint), 0) as calls
     from account_heads h, jsonb_array_elements(h.state::jsonb -> 'holds') hold
     where h.account_id >= $1 and h.account_id < $1 || '~'`,
    [prefix],
  );
  return { events: Number(rows[0]?.events), calls: Number(rows[0]?.calls) };
}

/** Throws unless what was acknowledged, what stands in events and what was counted are one and the same. */
export function reconcile(
  acknowledged: { readonly events: number; readonly calls: number },
  found: Omit<Totals, 'straddling'>,
): void {
  const same =
    acknowledged.events === found.events && acknowledged.calls === found.calls && found.calls === found.counted;
  if (same) return;
  throw new Error(
    `totals differ: acknowledged ${acknowledged.events} events of ${acknowledged.calls} calls; ` +
      `stored ${found.events} of ${found.calls}; counted ${found.counted}`,
  );
}

async function verify(suanpan: Suanpan): Promise<number> {
  const report = await verifyLedger(suanpan);
  if (report.clean) return report.rows;
  const broken = report.verdicts.filter((verdict) => verdict.broken > 0);
  throw new Error(`verify: ${JSON.stringify(broken).slice(0, 1_000)}`);
}
