// After a fault: `verify` is clean, the naive implementation computes the same from the ledger's facts, and the ledger holds
// what the client was told, once.

import { readFileSync } from 'node:fs';
import { isRefusal } from '../../src/core/refusal.ts';
import { listPacks } from '../../src/operations/read-account.ts';
import type { Suanpan } from '../../src/operations/suanpan.ts';
import { verifyLedger } from '../../src/verify/verify.ts';
import type { BookJson, OutputJson, ScenarioJson, StepJson } from '../naive/json.ts';
import { naiveSimulate } from '../naive/naive.ts';
import type { Load } from './load.ts';

/** Throws at the first thing that is not as it should be. */
export async function expectSound(suanpan: Suanpan): Promise<void> {
  const report = await verifyLedger(suanpan);
  if (!report.clean) {
    throw new Error(
      `verify: ${JSON.stringify(report.verdicts.flatMap(({ first }) => (first === null ? [] : [first])))}`,
    );
  }
  const { rows } = await suanpan.pool.query<{ account_id: string; book_id: string; zone: string }>(
    `select account_id, book_id, fixed::jsonb ->> 'zone' as zone from accounts join account_heads using (account_id)
     where account_id not in (select account_id from holds union select account_id from events where action is not null) order by 1`,
  );
  for (const { account_id: id, book_id: book, zone: timeZone } of rows)
    await expectNaive(suanpan, { id, timeZone }, book);
}

const catalogBook = (id: string): BookJson =>
  JSON.parse(readFileSync(new URL(`../../catalog/${id}.json`, import.meta.url), 'utf8')) as BookJson;

async function expectNaive(suanpan: Suanpan, account: ScenarioJson['account'], book: string): Promise<void> {
  const steps = await stepsOf(suanpan, account.id);
  const naive = naiveSimulate({ book: catalogBook(book), account, steps });
  const refused = naive.results.find(({ ok }) => !ok);
  if (refused !== undefined) throw new Error(`naive refuses ${JSON.stringify([refused, steps[refused.step]])}`);
  await expectAsNaive(suanpan, account.id, naive);
}

/** The ledger's receipts, packs, bills and balance of an account are those the naive implementation gave. */
export async function expectAsNaive(suanpan: Suanpan, account: string, naive: OutputJson): Promise<void> {
  const stored = await storedReceipts(suanpan, account);
  for (const { event, draws, postpaid } of naive.receipts) {
    const expected = [...draws.map(({ pack, calls }) => `${pack}:${calls}`).toSorted(), `postpaid:${postpaid}`].join(
      ' ',
    );
    if (stored.get(event) !== expected) {
      throw new Error(`${account} ${event}: naive ${expected}, ledger ${stored.get(event)}`);
    }
  }
  const all = { account, after: 0, limit: 10_000, state: null };
  const listed = await listPacks(suanpan.pool, suanpan, all, suanpan.clock());
  if (isRefusal(listed)) throw new Error(listed.refused);
  const { packs } = listed;
  const left = (rows: readonly object[]) =>
    (rows as { id: string; remaining: number | bigint }[])
      .map(({ id, remaining }) => `${id}:${remaining}`)
      .toSorted()
      .join(' ');
  if (left(packs) !== left(naive.packs))
    throw new Error(`${account}: naive ${left(naive.packs)}, ledger ${left(packs)}`);
  const { rows: bills } = await suanpan.pool.query<{ bill: string }>(
    `select period || ' ' || (document::jsonb ->> 'prepaid') || ' ' || (document::jsonb ->> 'postpaid') || ' ' || (document::jsonb ->> 'adjustments') as bill
     from bills where account_id = $1 order by bill_no`,
    [account],
  );
  const totals = naive.bills
    .map(({ month, prepaid, postpaid, adjustments }) => `${month} ${prepaid} ${postpaid} ${adjustments}`)
    .join();
  if (bills.map(({ bill }) => bill).join() !== totals)
    throw new Error(`${account}: naive ${totals}, ledger ${JSON.stringify(bills)}`);
  const { rows } = await suanpan.pool.query<{ balance: string }>(
    'select coalesce(sum(amount), 0)::text as balance from money_entries where account_id = $1',
    [account],
  );
  // In the smallest unit, whatever the currency.
  if (BigInt(rows[0]?.balance ?? 0) !== BigInt(naive.balance.replace('.', '')))
    throw new Error(`${account}: naive ${naive.balance}, ledger ${rows[0]?.balance}`);
}

/** What happened to an account, in the ledger's order, as steps. */
async function stepsOf({ pool }: Suanpan, account: string): Promise<StepJson[]> {
  const { rows } = await pool.query<{ ms: string; step: Omit<StepJson, 'at'> & { ms?: number | null } }>(
    `select ms::text, step from (
       select seq, at_ms as ms, json_build_object('do', 'topup', 'amount', (amount / 100.0)::numeric(20, 2)::text) as step
         from money_entries where account_id = $1 and kind = 'top-up'
       union all select seq, bought_ms, case when gift
           then json_build_object('do', 'gift', 'id', pack_id, 'product', product, 'calls', calls)
           else json_build_object('do', 'buy', 'id', pack_id, 'product', product, 'size', calls, 'ms', (
             select o.at_ms from orders o, json_array_elements(o.goods::json -> 'packs') g
             where o.account_id = $1 and (pack_id = g ->> 'pack' or pack_id like (g ->> 'pack') || '-%'))) end
         from packs where account_id = $1
       union all select r.seq, at_ms, json_build_object('do', 'refund', 'id', pack_id)
         from pack_refunds r join packs using (account_id, pack_no) where account_id = $1
       union all select seq, received_ms, json_build_object('do', 'use', 'id', event_id, 'calls', calls, 'ms', at_ms,
           'meter', (select id from meters where no = meter)) from events where account_id = $1
       union all select seq, at_ms, json_build_object('do', 'void', 'id', event_id) from voids where account_id = $1
       union all select seq, at_ms, json_build_object('do', 'price', 'from', from_period, 'packs', terms::json -> 'packs', 'tariffs', (
           select json_object_agg(key, (select json_agg(json_build_object('from', t -> 'from', 'price', t -> 'price'))
             from json_array_elements(value) t)) from json_each(terms::json -> 'tariffs')))
         from contracts where account_id = $1
       union all select seq, closed_ms, json_build_object('do', 'close', 'month', period) from bills where account_id = $1
     ) s order by seq`,
    [account],
  );
  const text = (ms: number): string => new Date(ms).toISOString();
  return rows.map(({ ms, step: { ms: time, ...step } }) => ({
    at: text(Number(ms)),
    ...step,
    ...(time == null ? {} : { time: text(time) }),
  })) as StepJson[];
}

async function storedReceipts({ pool }: Suanpan, account: string): Promise<Map<string, string>> {
  const { rows } = await pool.query<{ event_id: string; receipt: string }>(
    `select event_id, concat_ws(' ', (
         select string_agg(pack_id || ':' || n, ' ' order by pack_id || ':' || n) from (
           select pack_id, e.calls - e.postpaid as n from packs p where p.account_id = e.account_id and p.pack_no = e.pack_no and e.draw_count = 1
           union all select pack_id, d.calls from event_draws d join packs using (account_id, pack_no)
             where d.account_id = e.account_id and d.seq = e.seq and e.draw_count > 1) drawn),
       'postpaid:' || e.postpaid) as receipt
     from events e where account_id = $1`,
    [account],
  );
  return new Map(rows.map(({ event_id, receipt }) => [event_id, receipt]));
}

export interface Tally {
  readonly sent: number;
  readonly acknowledged: number;
  readonly unknown: number;
  readonly lost: number;
  readonly doubled: number;
}

/** The client's notes against the ledger. Every event sent is acknowledged by now. */
export async function tally({ pool }: Suanpan, load: Load): Promise<Tally> {
  const { rows } = await pool.query<{ event_id: string; account_id: string; calls: bigint; times: bigint }>(
    'select event_id, account_id, sum(calls)::int8 as calls, count(*) as times from events group by 1, 2',
  );
  const stored = new Map(rows.map((row) => [row.event_id, row]));
  const lost = [...load.acknowledged.values()].filter(({ id, account, calls }) => {
    const row = stored.get(id);
    return row?.account_id !== account || Number(row.calls) !== calls;
  });
  const doubled = rows.filter(({ times }) => times > 1n).length;
  const { rows: packs } = await pool.query<{ pack_id: string }>('select pack_id from packs');
  const { rows: money } = await pool.query<{ times: bigint }>(
    `select count(*) as times from money_entries where amount = 700`,
  );
  const bought = new Set(packs.map(({ pack_id }) => pack_id));
  const lostCommands = load.bought.filter((id) => !bought.has(id)).length;
  const topUps = Number(money[0]?.times ?? 0n);
  return {
    sent: load.sent.length,
    acknowledged: load.acknowledged.size,
    unknown: load.unknownTotal,
    lost: lost.length + lostCommands + Math.max(0, load.topUps.length - topUps),
    doubled: doubled + Math.max(0, topUps - load.topUps.length),
  };
}
