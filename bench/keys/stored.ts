// growth: cost per event on a ledger of many stored events against one of few. receipts: reading one of many by its id.

import { type Bench, fewerWhenQuick, freshLedger, freshPrefix } from '../bench.ts';
import { type Child, startChild } from '../child.ts';
import { Endings } from '../endings.ts';
import type { Load } from '../event-stream.ts';
import { type LedgerDatabase, reconcile } from '../ledger-database.ts';
import { alternate, type Measured, median, type Part, part, quotients, rounded } from '../measure.ts';
import { fillLedger } from '../preload.ts';
import type { DriverResult } from '../processes/driver.ts';
import type { ReadOrder, ReadResult } from '../processes/reader.ts';

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
  for (const { ids, goal } of goals) {
    const { costs, small, big, verified } = await measureGrowth(bench, ids);
    parts.push(part(`${ids} ids`, 'most', goal, costs));
    figures[ids] = {
      fewPerSecond: Math.round(median(small)),
      manyPerSecond: Math.round(median(big)),
      verifiedRows: verified,
    };
  }
  return { parts, figures };
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
  const onFew = async (): Promise<number> => {
    const endings = new Endings();
    try {
      const copy = await freshLedger({ ...bench, endings }, base.name);
      const rate = await growBy(bench, driver, copy, prefix, ids);
      if (verified === 0) verified = await copy.verify();
      await copy.close();
      await driver.ask('close');
      await bench.cluster.drop(copy.name);
      return rate;
    } finally {
      await endings.run();
    }
  };
  // No checkpoint is forced on either side: full pages after one would weigh on the large index alone.
  const onMany = async (): Promise<number> => {
    const rate = await growBy(bench, driver, large, prefix, ids);
    await driver.ask('close');
    return rate;
  };
  await onMany();
  const { a: big, b: small } = await alternate(fewerWhenQuick(bench), onMany, onFew);
  await driver.end();
  await large.close();
  await bench.cluster.drop(large.name);
  return { costs: quotients(small, big), small, big, verified };
}

/** Batches, so that the database's share of the cost is as large as it gets. */
async function growBy(bench: Bench, driver: Child, ledger: LedgerDatabase, prefix: string, ids: Ids): Promise<number> {
  const before = await ledger.totals(prefix);
  const result = await driver.ask<DriverResult>({
    databaseUrl: ledger.url,
    prefix,
    accounts,
    batch: 100,
    duplicates: 0.02,
    ids,
    way: 'groups',
    callers: 16,
    seconds: bench.options.seconds,
  });
  const events = result.events + before.events;
  reconcile({ events, calls: result.calls + before.calls }, await ledger.totals(prefix));
  return (result.events + result.duplicates) / result.seconds;
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
  const order = (way: ReadOrder['way']): ReadOrder => ({
    databaseUrl: ledger.url,
    way,
    keys: rows,
    seconds: bench.options.seconds / 2,
  });
  const receipt = () => reader.ask<ReadResult>(order('receipt'));
  const row = () => reader.ask<ReadResult>(order('row'));
  await receipt();
  await row();
  const { a, b } = await alternate(bench.options.rounds, receipt, row);
  const [mine, raw] = [a.map(({ p50 }) => p50), b.map(({ p50 }) => p50)];
  return {
    parts: [part('p50 over a row by key', 'most', 2, quotients(mine, raw))],
    figures: {
      stored: events,
      receiptP50: rounded(median(mine)),
      receiptP99: rounded(median(a.map(({ p99 }) => p99))),
      rowP50: rounded(median(raw)),
    },
  };
}
