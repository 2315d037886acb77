// single64, single256: single events over HTTP against the same framework's echo of the same requests. p99: their latency with
// many accounts, against the echo's. hot: all of the load on ten accounts.

import { type Bench, freshLedger, freshPrefix, startEcho, startServer } from '../bench.ts';
import { spentEach } from '../cpu-times.ts';
import {
  type Echoed,
  type EventsRound,
  type Loaded,
  loadEcho,
  loadEvents,
  type Shape,
  singleEvents,
  straddlingShare,
} from '../http-rounds.ts';
import type { Totals } from '../ledger-database.ts';
import { type Measured, median, part, quotients, rounded } from '../measure.ts';
import { alternate, prepare, type Side } from '../rounds.ts';

async function openEvents(bench: Bench, shape: Shape): Promise<EventsRound> {
  const ledger = await freshLedger(bench);
  const server = await startServer(bench, ledger.url);
  return { ledger, key: await ledger.key(), servers: [server], shape };
}

async function measureAgainstEcho(bench: Bench, events: EventsRound, load: Side<Loaded>) {
  const echo = await startEcho(bench);
  const echoed: Side<Echoed> = (own) => loadEcho(own, echo, events);
  await prepare(bench, load, echoed);
  const { a, b } = await alternate(bench, load, echoed);
  const figures = {
    eventsPerSecond: Math.round(median(rates(a))),
    echoPerSecond: Math.round(median(rates(b))),
    ...latencies(a),
    echo: latencies(b),
    straddling: straddlingShare(a[0]?.totals ?? noTotals),
    verifiedRows: await events.ledger.verify(),
  };
  return { a, b, figures, spent: { events: spentEach(a), echo: spentEach(b) } };
}

async function measureSingle(bench: Bench, shape: Shape) {
  const events = await openEvents(bench, shape);
  return measureAgainstEcho(bench, events, (own) => loadEvents(own, events));
}

const noTotals: Totals = { events: 1, calls: 0, counted: 0, straddling: 0 };

const latencies = (rounds: readonly Echoed[]) => ({
  p50: rounded(median(rounds.map(({ p50 }) => p50)), 2),
  p99: rounded(median(rounds.map(({ p99 }) => p99)), 2),
  longest: rounded(Math.max(...rounds.map(({ most }) => most)), 1),
});

const rates = (rounds: readonly Echoed[]): number[] => rounds.map(({ rate }) => rate);
const p99s = (rounds: readonly Echoed[]): number[] => rounds.map((round) => round.p99);

export async function single64(bench: Bench): Promise<Measured> {
  const { a, b, figures, spent } = await measureSingle(bench, singleEvents);
  return { parts: [part('rate', 'least', 0.8, quotients(rates(a), rates(b)))], spent, figures };
}

export async function single256(bench: Bench): Promise<Measured> {
  const { a, b, figures, spent } = await measureSingle(bench, { ...singleEvents, connections: 256 });
  const late = quotients(p99s(a), p99s(b));
  return {
    parts: [part('rate', 'least', 0.7, quotients(rates(a), rates(b))), part("p99 over echo's", 'most', 3, late)],
    spent,
    figures,
  };
}

const longestStall = 50;

/** The same accounts in all rounds: more than the server keeps heads of. */
export async function p99(bench: Bench): Promise<Measured> {
  const prefix = freshPrefix();
  const shape = { ...singleEvents, accounts: 100_000, prefix };
  const events = await openEvents(bench, shape);
  await events.ledger.openAccounts(prefix, shape.accounts, [3, 20]);
  let sum: Totals | undefined;
  const { a, b, figures, spent } = await measureAgainstEcho(bench, events, async (own) => {
    const loaded = await loadEvents(own, events, sum);
    sum = loaded.totals;
    return loaded;
  });
  const stalls = a.map(({ most }, round) => Math.max(0, most - (b[round]?.most ?? 0)) / longestStall);
  const { fsync } = bench.machine;
  return {
    parts: [
      part("p99 over echo's", 'most', 3, quotients(p99s(a), p99s(b))),
      part("longest beyond echo's / 50 ms", 'most', 1, stalls, 'every'),
    ],
    spent,
    figures: {
      ...figures,
      p99OverFsyncP50: rounded(median(p99s(a)) / fsync.p50, 1),
      p99OverFsyncP99: rounded(median(p99s(a)) / fsync.p99, 1),
    },
  };
}

export async function hot(bench: Bench): Promise<Measured> {
  const events = await openEvents(bench, singleEvents);
  const few = { ...events, shape: { ...singleEvents, accounts: 10 } };
  const side =
    (round: EventsRound): Side<Loaded> =>
    (own) =>
      loadEvents(own, round);
  await prepare(bench, side(few), side(events));
  const { a, b } = await alternate(bench, side(few), side(events));
  return {
    parts: [part('10 over 1,000 accounts', 'least', 0.95, quotients(rates(a), rates(b)))],
    spent: { 'on 10 accounts': spentEach(a), 'on 1,000': spentEach(b) },
    figures: {
      tenAccountsPerSecond: Math.round(median(rates(a))),
      thousandAccountsPerSecond: Math.round(median(rates(b))),
      verifiedRows: await events.ledger.verify(),
    },
  };
}
