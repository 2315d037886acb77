// close: the month of many accounts rated and stored as bills, against reading their counters and copying the bills' lines raw.

import { type Bench, freshLedger } from '../bench.ts';
import { type Child, startChild } from '../child.ts';
import { type Spending, spending, spentEach } from '../cpu-times.ts';
import { Endings } from '../endings.ts';
import type { LedgerDatabase } from '../ledger-database.ts';
import { type Measured, median, part, quotients, rounded } from '../measure.ts';
import type { CloseOrder, CloseResult } from '../processes/closer.ts';
import { alternate, type Side } from '../rounds.ts';

const meters = ['liveness.basic.authority', 'liveness.basic.selfie', 'photo.authority', 'identity', 'bank_card'];
const days = 10;
const prefix = 'c';

interface Closed extends CloseResult, Spending {
  readonly lines: string[];
  readonly lineCount: number;
}

export async function close(bench: Bench): Promise<Measured> {
  const accounts = bench.options.quick ? 2_000 : 20_000;
  const month = lastMonth();
  const few = await filledLedger(bench, accounts / 10, month);
  const many = await filledLedger(bench, accounts, month);
  const [closer, copier] = [
    startChild(bench.endings, 'closer', { flags: bench.options.nodeFlags }),
    startChild(bench.endings, 'closer'),
  ];
  // Closed once beforehand: these bills' lines are what the raw side copies.
  const model = await closeCopy(bench, closer, few, { month, way: 'close' }, true);
  const whole = await closeCopy(bench, closer, many, { month, way: 'close' }, true);
  const closed: Side<Closed> = (own, warmsUp) => closeCopy(own, closer, warmsUp ? few : many, { month, way: 'close' });
  const raw: Side<Closed> = (own, warmsUp) => {
    const { lines } = warmsUp ? model : whole;
    return closeCopy(own, copier, warmsUp ? few : many, { month, way: 'raw', lines });
  };
  const { a, b } = await alternate(bench, closed, raw);
  const seconds = (results: readonly Closed[]) => results.map((result) => result.seconds);
  return {
    parts: [part('close over raw', 'most', 2, quotients(seconds(a), seconds(b)))],
    spent: { 'close, a counter': spentEach(a), 'raw, a counter': spentEach(b) },
    figures: {
      accounts,
      counters: many.counters,
      lines: whole.lineCount,
      closeSeconds: rounded(median(seconds(a)), 2),
      rawSeconds: rounded(median(seconds(b)), 2),
    },
  };
}

interface Filled {
  readonly name: string;
  readonly counters: number;
}

async function filledLedger(bench: Bench, accounts: number, month: string): Promise<Filled> {
  const ledger = await freshLedger(bench);
  await fillMonth(ledger, accounts, month);
  await ledger.close();
  return { name: ledger.name, counters: accounts * meters.length * days };
}

/** The month before this one; it has to be over for two days. */
function lastMonth(): string {
  const day = new Date(Date.now() - 3 * 86_400_000);
  day.setUTCDate(1);
  day.setUTCMonth(day.getUTCMonth() - 1);
  return day.toISOString().slice(0, 7);
}

/** Counters and heads as events of ten days would have left them. */
async function fillMonth(ledger: LedgerDatabase, accounts: number, month: string): Promise<void> {
  await ledger.openAccounts(prefix, accounts, []);
  const { pool, meters: numbers } = ledger.suanpan;
  const calls = '(1 + (a * 7919 + d * 104729 + m * 31) % 97)';
  await pool.query(
    `insert into usage_days (account_id, day, meter, payer, calls)
     select $1 || a, $2::date + d, m, 'postpaid', ${calls}
     from generate_series(0, $3::int - 1) a, generate_series(0, $4::int - 1) d, unnest($5::smallint[]) m`,
    [prefix, `${month}-05`, accounts, days, meters.map((meter) => numbers.numberOf(meter))],
  );
  await pool.query(
    `update account_heads h set state = jsonb_set(h.state::jsonb, '{months}', jsonb_build_object($1::text, u.calls))::text
     from (select account_id, sum(calls) as calls from usage_days group by account_id) u where u.account_id = h.account_id`,
    [month],
  );
  await pool.query('vacuum analyze usage_days, account_heads');
}

async function closeCopy(
  bench: Bench,
  child: Child,
  base: Filled,
  wishes: Omit<CloseOrder, 'databaseUrl'>,
  keep = false,
): Promise<Closed> {
  const endings = new Endings();
  try {
    await bench.cluster.checkpoint();
    const ledger = await freshLedger({ ...bench, endings }, base.name);
    const order: CloseOrder = { ...wishes, databaseUrl: ledger.url };
    const counters = (): number => base.counters;
    const result = await spending(bench, [child.pid], () => child.ask<CloseResult>(order), counters);
    const { lines, lineCount } = keep ? await readLines(ledger, wishes.month) : { lines: [], lineCount: 0 };
    if (wishes.way === 'close') await checkSums(ledger);
    await ledger.close();
    await bench.cluster.drop(ledger.name);
    return { ...result, lines, lineCount };
  } finally {
    await endings.run();
  }
}

/** Every call counted is on exactly one line, and every bill has been charged. */
async function checkSums({ suanpan }: LedgerDatabase): Promise<void> {
  const { rows } = await suanpan.pool.query<{ counted: string; billed: string; bills: string; accounts: string }>(
    `select (select sum(calls) from usage_days)::text as counted,
       (select sum((line ->> 'calls')::bigint) from bills, jsonb_array_elements(document::jsonb -> 'lines') line)::text as billed,
       (select count(*) from bills join money_entries using (account_id, seq))::text as bills,
       (select count(distinct account_id) from usage_days)::text as accounts`,
  );
  const [row] = rows;
  if (row === undefined || row.counted !== row.billed || row.bills !== row.accounts) {
    throw new Error(`the close is wrong: ${JSON.stringify(row)}`);
  }
}

async function readLines({ suanpan }: LedgerDatabase, month: string) {
  const { rows } = await suanpan.pool.query<{ account: string; no: bigint; line: Record<string, unknown> }>(
    `select account_id as account, no, line from bills, jsonb_array_elements(document::jsonb -> 'lines')
     with ordinality as l(line, no) where period = $1 order by account_id, no`,
    [month],
  );
  const text = (value: unknown) => (value === null || value === undefined ? '\\N' : String(value));
  const lines = rows.map(
    ({ account, no, line }) =>
      `${account}\t${month}\t${no}\t${['kind', 'tariff', 'meter', 'calls', 'tier', 'unitPrice', 'amount'].map((name) => text(line[name])).join('\t')}\n`,
  );
  const chunks: string[] = [];
  for (let at = 0; at < lines.length; at += 2_000) chunks.push(lines.slice(at, at + 2_000).join(''));
  return { lines: chunks, lineCount: lines.length };
}
