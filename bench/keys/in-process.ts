// naive: groups against one transaction per call. duplicates: what a tenth of repeated events costs. Both without HTTP, so that
// the ledger alone is compared.

import { type Bench, freshLedger, freshPrefix } from '../bench.ts';
import { type Child, startChild } from '../child.ts';
import { type LedgerDatabase, reconcile } from '../ledger-database.ts';
import { alternate, type Measured, median, part, quotients, rounded } from '../measure.ts';
import type { DriverOrder, DriverResult } from '../processes/driver.ts';

type Wishes = Partial<Pick<DriverOrder, 'way' | 'callers' | 'duplicates' | 'seconds'>>;

const callers = 64;

async function drive(bench: Bench, driver: Child, ledger: LedgerDatabase, wishes: Wishes): Promise<DriverResult> {
  const prefix = freshPrefix();
  const order: DriverOrder = {
    databaseUrl: ledger.url,
    prefix,
    accounts: 1_000,
    batch: 1,
    duplicates: 0.02,
    ids: 'time-ordered',
    way: 'groups',
    callers,
    seconds: bench.options.seconds,
    ...wishes,
  };
  await ledger.openAccounts(prefix, order.accounts);
  const result = await driver.ask<DriverResult>(order);
  reconcile(result, await ledger.totals(prefix));
  return result;
}

/** Requests a second, duplicates included. */
const rate = ({ events, duplicates, seconds }: DriverResult): number => (events + duplicates) / seconds;

export async function naive(bench: Bench): Promise<Measured> {
  const ledger = await freshLedger(bench);
  const groups = startChild(bench.endings, 'driver', { flags: bench.options.nodeFlags });
  const oneByOne = startChild(bench.endings, 'driver');
  await drive(bench, groups, ledger, {});
  await drive(bench, oneByOne, ledger, { way: 'one by one' });
  await bench.cluster.checkpoint();
  const { a, b } = await alternate(
    bench.options.rounds,
    () => drive(bench, groups, ledger, {}),
    () => drive(bench, oneByOne, ledger, { way: 'one by one' }),
  );
  return {
    parts: [part('groups over one by one', 'least', 10, quotients(a.map(rate), b.map(rate)), 'every')],
    figures: {
      callers,
      groupsPerSecond: Math.round(median(a.map(rate))),
      oneByOnePerSecond: Math.round(median(b.map(rate))),
      p99: rounded(median(a.map(({ p99 }) => p99)), 2),
      oneByOneP99: rounded(median(b.map(({ p99 }) => p99)), 2),
      verifiedRows: await ledger.verify(),
    },
  };
}

const manyDuplicates = 0.1;

export async function duplicates(bench: Bench): Promise<Measured> {
  const ledger = await freshLedger(bench);
  const driver = startChild(bench.endings, 'driver', { flags: bench.options.nodeFlags });
  const side = (share: number) => () => drive(bench, driver, ledger, { duplicates: share });
  await side(manyDuplicates)();
  await side(0)();
  await bench.cluster.checkpoint();
  const { a, b } = await alternate(bench.options.rounds, side(manyDuplicates), side(0));
  return {
    parts: [part('cost per event', 'most', 1.15, quotients(b.map(rate), a.map(rate)))],
    figures: {
      withDuplicatesPerSecond: Math.round(median(a.map(rate))),
      withoutPerSecond: Math.round(median(b.map(rate))),
      verifiedRows: await ledger.verify(),
    },
  };
}
