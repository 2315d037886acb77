// authorize: holding calls and capturing them over HTTP, against single events under the same connections. Each round captures
// what it has authorised.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Bench, freshLedger, freshPrefix, startServer } from '../bench.ts';
import { spentEach } from '../cpu-times.ts';
import { type Answered, type EventsRound, type Loaded, loadEvents, loadServers, singleEvents } from '../http-rounds.ts';
import { reconcile } from '../ledger-database.ts';
import { type Measured, median, part, quotients, rounded } from '../measure.ts';
import { alternate, prepare, type Side } from '../rounds.ts';

interface Holding {
  readonly authorized: Answered;
  readonly captured: Answered;
}

async function loadHolds(bench: Bench, round: EventsRound): Promise<Holding> {
  const { ledger, shape } = round;
  const prefix = freshPrefix();
  await ledger.openAccounts(prefix, shape.accounts);
  const authorized = await loadServers(bench, { ...round, shape: { ...shape, verb: 'authorize' } }, prefix);
  const inAir = await reconcileHolds(round, prefix, authorized);
  const holds = join(bench.cluster.folder, `holds-${prefix}`);
  writeFileSync(holds, inAir.map((hold) => `${JSON.stringify(hold)}\n`).join(''));
  const captured = await loadServers(bench, { ...round, shape: { ...shape, verb: 'capture', holds } }, prefix);
  reconcile(captured, await ledger.totals(prefix));
  const events = authorized.events - captured.events;
  await reconcileHolds(round, prefix, { events, calls: authorized.calls - captured.calls });
  return { authorized, captured };
}

/** Answers the holds in the air: those acknowledged and not captured, in the ledger and on the heads alike. */
async function reconcileHolds({ ledger }: EventsRound, prefix: string, expected: { events: number; calls: number }) {
  const holds = await ledger.holds(prefix);
  const calls = holds.reduce((sum, hold) => sum + hold.calls, 0);
  const held = await ledger.held(prefix);
  reconcile(expected, { events: holds.length, calls, counted: held.calls });
  reconcile(expected, { ...held, counted: calls });
  return holds;
}

const figuresOf = (rounds: readonly Answered[]) => ({
  p50: rounded(median(rounds.map(({ p50 }) => p50)), 2),
  p99: rounded(median(rounds.map(({ p99 }) => p99)), 2),
  perSecond: Math.round(median(rounds.map(({ rate }) => rate))),
});

const p99s = (rounds: readonly Answered[]): number[] => rounds.map(({ p99 }) => p99);

export async function authorize(bench: Bench): Promise<Measured> {
  const ledger = await freshLedger(bench);
  const server = await startServer(bench, ledger.url);
  const round: EventsRound = { ledger, key: await ledger.key(), servers: [server], shape: singleEvents };
  const holds: Side<Holding> = (own) => loadHolds(own, round);
  const events: Side<Loaded> = (own) => loadEvents(own, round);
  await prepare(bench, holds, events);
  const { a, b } = await alternate(bench, holds, events);
  const authorized = a.map((holding) => holding.authorized);
  const captured = a.map((holding) => holding.captured);
  return {
    parts: [
      part('authorise p99', 'most', 1.5, quotients(p99s(authorized), p99s(b))),
      part('capture p99', 'most', 1.5, quotients(p99s(captured), p99s(b))),
    ],
    spent: { event: spentEach(b), authorise: spentEach(authorized), capture: spentEach(captured) },
    figures: {
      event: figuresOf(b),
      authorize: figuresOf(authorized),
      capture: figuresOf(captured),
      holdsOfAccount: rounded(median(authorized.map(({ events }) => events)) / round.shape.accounts, 1),
      verifiedRows: await ledger.verify(),
    },
  };
}
