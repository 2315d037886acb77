// growth: cost per event on a ledger of many stored events against one of few. receipts: reading one of many by its id.

import { type Bench, fewerWhenQuick, freshLedger, freshPrefix } from '../bench.ts';
import { type Child, startChild } from '../child.ts';
import { type CpuTimes, type Spending, spending, spentEach } from '../cpu-times.ts';
import { Endings } from '../endings.ts';
import type { Load } from '../event-stream.ts';
import { type LedgerDatabase, reconcile } from '../ledger-database.ts';
import { type Measured, median, type Part, part, quotients, rounded } from '../measure.ts';
import { fillLedger } from '../preload.ts';
import type { DriverOrder, DriverResult } from '../processes/driver.ts';
import type { ReadOrder, ReadResult } from '../processes/reader.ts';
import { alternate, prepare, type Side } from '../rounds.ts';

type Ids = Load['ids'];

const few = 100_000;
const many = ({ options }: Bench): number => (options.quick ? 300_000 : 10_000_000);
const accounts = 1_000;

export async function growth(bench: Bench): Promise<Measured> {
  const goals: readonly { readonly ids: Ids; readonly goal: number }[] = [
    { ids: 'time-ordered', goal: 1.15 },
    { ids: 'random', goal: 1.6 },
  ];
  const parts: Part[] = [];
  const figures: Record<string, unknown> = { few, many: many(bench) };
  const spent: Record<string, CpuTimes | undefined> = {};
  for (const { ids, goal } of goals) {
    const { small, big, verified } = await measureGrowth(bench, ids);
    parts.push(part(`${ids} ids`, 'most', goal, quotients(small.map(rate), big.map(rate))));
    spent[`${ids}, few`] = spentEach(small);
    spent[`${ids}, many`] = spentEach(big);
    figures[ids] = {
      fewPerSecond: Math.round(median(small.map(rate))),
      manyPerSecond: Math.round(median(big.map(rate))),
      verifiedRows: verified,
    };
  }
  return { parts, spent, figures };
}

async function measureGrowth(bench: Bench, ids: Ids) {
  const prefix = freshPrefix();
  const base = await freshLedger(bench);
  await fillLedger(bench, base, { prefix, accounts, events: few, ids });
  await base.close();
  const large = await freshLedger(bench);
  await fillLedger(bench, large, { prefix, accounts, events: many(bench), ids });
  const driver = startChild(bench.endings, 'driver', { flags: bench.options.nodeFlags });
  // Each round on few events begins with a fresh copy, so that they stay few.
  let verified = 0;
  const onFew: Side<Driven> = async (given) => {
    const endings = new Endings();
    const own = { ...given, endings };
    try {
      const copy = await freshLedger(own, base.name);
      const driven = await growBy(own, driver, copy, prefix, ids);
      if (verified === 0) verified = await copy.verify();
      await copy.close();
      await driver.ask('close');
      await bench.cluster.drop(copy.name);
      return driven;
    } finally {
      await endings.run();
    }
  };
  // No checkpoint is forced on either side: full pages after one would weigh on the large index alone.
  const onMany: Side<Driven> = async (own) => {
    const driven = await growBy(own, driver, large, prefix, ids);
    await driver.ask('close');
    return driven;
  };
  const { a: big, b: small } = await alternate(bench, onMany, onFew, fewerWhenQuick(bench));
  await driver.end();
  await large.close();
  await bench.cluster.drop(large.name);
  return { small, big, verified };
}

type Driven = DriverResult & Spending;

const requests = ({ events, duplicates }: DriverResult): number => events + duplicates;
const rate = (result: DriverResult): number => requests(result) / result.seconds;

/** Batches, so that the database's share of the cost is as large as it gets. */
async function growBy(bench: Bench, driver: Child, ledger: LedgerDatabase, prefix: string, ids: Ids): Promise<Driven> {
  const before = await ledger.totals(prefix);
  const order: DriverOrder = {
    databaseUrl: ledger.url,
    prefix,
    accounts,
    batch: 100,
    duplicates: 0.02,
    ids,
    way: 'groups',
    callers: 16,
    seconds: bench.options.seconds,
  };
  const result = await spending(bench, [driver.pid], () => driver.ask<DriverResult>(order), requests);
  const events = result.events + before.events;
  reconcile({ events, calls: result.calls + before.calls }, await ledger.totals(prefix));
  return result;
}

export async function receipts(bench: Bench): Promise<Measured> {
  const prefix = freshPrefix();
  const ledger = await freshLedger(bench);
  const events = many(bench);
  await fillLedger(bench, ledger, { prefix, accounts, events, ids: 'time-ordered' });
  const { rows } = await ledger.suanpan.pool.query<{ account: string; event: string }>(
    `select account_id as account, event_id as event from events tablesample system (${(100 * 200_000) / events}) order by random() limit 5000`,
  );
  const reader = startChild(bench.endings, 'reader', { flags: bench.options.nodeFlags });
  const side =
    (way: ReadOrder['way']): Side<ReadResult & Spending> =>
    (own) => {
      const order: ReadOrder = { databaseUrl: ledger.url, way, keys: rows, seconds: own.options.seconds / 2 };
      return spending(
        own,
        [reader.pid],
        () => reader.ask<ReadResult>(order),
        ({ reads }) => reads,
      );
    };
  await prepare(bench, side('receipt'), side('row'));
  const { a, b } = await alternate(bench, side('receipt'), side('row'));
  const [mine, raw] = [a.map(({ p50 }) => p50), b.map(({ p50 }) => p50)];
  return {
    parts: [part('p50 over a row by key', 'most', 2, quotients(mine, raw))],
    spent: { receipt: spentEach(a), row: spentEach(b) },
    figures: {
      stored: events,
      receiptP50: rounded(median(mine)),
      receiptP99: rounded(median(a.map(({ p99 }) => p99))),
      rowP50: rounded(median(raw)),
    },
  };
}
