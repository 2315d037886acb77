// naive: groups against one transaction per call. duplicates: what a tenth of repeated events costs. Both without HTTP, so that
// the ledger alone is compared.

import { type Bench, freshLedger, freshPrefix } from '../bench.ts';
import { type Child, startChild } from '../child.ts';
import { type Spending, spending, spentEach } from '../cpu-times.ts';
import { type LedgerDatabase, reconcile } from '../ledger-database.ts';
import { type Measured, median, part, quotients, rounded } from '../measure.ts';
import type { DriverOrder, DriverResult } from '../processes/driver.ts';
import { alternate, prepare, type Side } from '../rounds.ts';

type Wishes = Partial<Pick<DriverOrder, 'way' | 'callers' | 'duplicates' | 'seconds'>>;

const callers = 64;

type Driven = DriverResult & Spending;

async function drive(bench: Bench, driver: Child, ledger: LedgerDatabase, wishes: Wishes): Promise<Driven> {
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
  const result = await spending(bench, [driver.pid], () => driver.ask<DriverResult>(order), requests);
  reconcile(result, await ledger.totals(prefix));
  return result;
}

/** Duplicates included. */
const requests = ({ events, duplicates }: DriverResult): number => events + duplicates;
const rate = (result: DriverResult): number => requests(result) / result.seconds;

export async function naive(bench: Bench): Promise<Measured> {
  const ledger = await freshLedger(bench);
  const groups = startChild(bench.endings, 'driver', { flags: bench.options.nodeFlags });
  const oneByOne = startChild(bench.endings, 'driver');
  const together: Side<Driven> = (own) => drive(own, groups, ledger, {});
  const apart: Side<Driven> = (own) => drive(own, oneByOne, ledger, { way: 'one by one' });
  await prepare(bench, together, apart);
  const { a, b } = await alternate(bench, together, apart);
  return {
    parts: [part('groups over one by one', 'least', 15, quotients(a.map(rate), b.map(rate)), 'every')],
    spent: { 'in groups': spentEach(a), 'one by one': spentEach(b) },
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
  const side =
    (share: number): Side<Driven> =>
    (own) =>
      drive(own, driver, ledger, { duplicates: share });
  await prepare(bench, side(manyDuplicates), side(0));
  const { a, b } = await alternate(bench, side(manyDuplicates), side(0));
  return {
    parts: [part('cost per event', 'most', 1.15, quotients(b.map(rate), a.map(rate)))],
    spent: { 'a tenth repeated': spentEach(a), 'none repeated': spentEach(b) },
    figures: {
      withDuplicatesPerSecond: Math.round(median(a.map(rate))),
      withoutPerSecond: Math.round(median(b.map(rate))),
      verifiedRows: await ledger.verify(),
    },
  };
}
