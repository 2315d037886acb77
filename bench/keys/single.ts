// single64, single256: single events over HTTP against the same framework's echo of the same requests. p99: their latency with
// many accounts. hot: all of the load on ten accounts.

import { type Bench, freshLedger, freshPrefix, startEcho, startServer } from '../bench.ts';
import {
  type EventsRound,
  type Loaded,
  loadEcho,
  loadEvents,
  type Shape,
  singleEvents,
  spentEach,
  straddlingShare,
} from '../http-rounds.ts';
import type { Totals } from '../ledger-database.ts';
import { alternate, type Measured, median, part, quotients, rounded } from '../measure.ts';

async function openEvents(bench: Bench, shape: Shape): Promise<EventsRound> {
  const ledger = await freshLedger(bench);
  const server = await startServer(bench, ledger.url);
  return { ledger, key: await ledger.key(), servers: [server], shape };
}

async function measureAgainstEcho(bench: Bench, shape: Shape) {
  const events = await openEvents(bench, shape);
  const echo = await startEcho(bench);
  await loadEvents(bench, events);
  await loadEcho(bench, echo.url, events.key, shape);
  await bench.cluster.checkpoint();
  const { a, b } = await alternate(
    bench.options.rounds,
    () => loadEvents(bench, events),
    () => loadEcho(bench, echo.url, events.key, shape),
  );
  const verified = await events.ledger.verify();
  const figures = {
    eventsPerSecond: Math.round(median(a.map(({ rate }) => rate))),
    echoPerSecond: Math.round(median(b.map(({ rate }) => rate))),
    ...latencies(a),
    microsecondsEach: spentEach(a),
    echoP99: rounded(median(b.map(({ p99 }) => p99)), 2),
    straddling: straddlingShare(a[0]?.totals ?? noTotals),
    verifiedRows: verified,
  };
  return { a, b, figures };
}

const noTotals: Totals = { events: 1, calls: 0, counted: 0, straddling: 0 };

const latencies = (rounds: readonly Loaded[]) => ({
  p50: rounded(median(rounds.map(({ p50 }) => p50)), 2),
  p99: rounded(median(rounds.map(({ p99 }) => p99)), 2),
  longest: rounded(Math.max(...rounds.map(({ most }) => most)), 1),
});

const rates = (rounds: readonly { readonly rate: number }[]): number[] => rounds.map(({ rate }) => rate);

export async function single64(bench: Bench): Promise<Measured> {
  const { a, b, figures } = await measureAgainstEcho(bench, singleEvents);
  return { parts: [part('rate', 'least', 0.6, quotients(rates(a), rates(b)))], figures };
}

export async function single256(bench: Bench): Promise<Measured> {
  const { a, b, figures } = await measureAgainstEcho(bench, { ...singleEvents, connections: 256 });
  const late = quotients(
    a.map(({ p99 }) => p99),
    b.map(({ p99 }) => p99),
  );
  return {
    parts: [part('rate', 'least', 0.7, quotients(rates(a), rates(b))), part("p99 over echo's", 'most', 3, late)],
    figures,
  };
}

const goalMilliseconds = 6;
const longestStall = 50;

/** The same accounts in all rounds: more than the server keeps heads of. */
export async function p99(bench: Bench): Promise<Measured> {
  const prefix = freshPrefix();
  const shape = { ...singleEvents, accounts: 100_000, prefix };
  const events = await openEvents(bench, shape);
  await events.ledger.openAccounts(prefix, shape.accounts, [3, 20]);
  let before = await loadEvents(bench, events);
  let sum = { ...before.totals };
  const rounds: Loaded[] = [];
  for (let round = 0; round < bench.options.rounds; round += 1) {
    before = await loadEvents(bench, events, sum);
    sum = { ...before.totals };
    rounds.push(before);
  }
  const { fsync } = bench.machine;
  const late = rounds.map((round) => round.p99);
  return {
    parts: [
      part(
        'p99 / 6 ms',
        'most',
        1,
        late.map((p) => p / goalMilliseconds),
      ),
      part(
        'longest / 50 ms',
        'most',
        1,
        rounds.map(({ most }) => most / longestStall),
        'every',
      ),
    ],
    figures: {
      ...latencies(rounds),
      eventsPerSecond: Math.round(median(rates(rounds))),
      microsecondsEach: spentEach(rounds),
      p99OverFsyncP50: rounded(median(late) / fsync.p50, 1),
      p99OverFsyncP99: rounded(median(late) / fsync.p99, 1),
      straddling: straddlingShare(sum),
      verifiedRows: await events.ledger.verify(),
    },
  };
}

export async function hot(bench: Bench): Promise<Measured> {
  const events = await openEvents(bench, singleEvents);
  const few = { ...events, shape: { ...singleEvents, accounts: 10 } };
  await loadEvents(bench, events);
  await loadEvents(bench, few);
  await bench.cluster.checkpoint();
  const { a, b } = await alternate(
    bench.options.rounds,
    () => loadEvents(bench, few),
    () => loadEvents(bench, events),
  );
  return {
    parts: [part('10 over 1,000 accounts', 'least', 0.95, quotients(rates(a), rates(b)))],
    figures: {
      tenAccountsPerSecond: Math.round(median(rates(a))),
      thousandAccountsPerSecond: Math.round(median(rates(b))),
      verifiedRows: await events.ledger.verify(),
    },
  };
}
