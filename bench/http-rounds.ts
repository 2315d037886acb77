// One side of a round over HTTP: load, then what was under way when time was up is sent again, as a client would, and the totals
// are reconciled: acknowledged = stored = counted.

import { type Bench, freshPrefix, type ServerUnderTest } from './bench.ts';
import { type Spending, spending } from './cpu-times.ts';
import { captureRequest, type HeldCall, type Verb } from './event-stream.ts';
import { type LedgerDatabase, reconcile, type Totals } from './ledger-database.ts';
import type { HttpLoad, LoadResult } from './load.ts';
import { rounded } from './measure.ts';

export interface Shape {
  readonly accounts: number;
  readonly connections: number;
  readonly batch: number;
  readonly duplicates: number;
  readonly routed?: boolean;
  readonly verb?: Verb;
  readonly holds?: string;
  /** Accounts that are there already, instead of fresh ones for each round. */
  readonly prefix?: string;
}

export const singleEvents: Shape = { accounts: 1_000, connections: 64, batch: 1, duplicates: 0.02 };

export interface Echoed extends LoadResult, Spending {
  /** Requests a second. */
  readonly rate: number;
}

export interface Answered extends Echoed {
  readonly prefix: string;
}

export interface Loaded extends Answered {
  readonly totals: Totals;
}

export interface EventsRound {
  readonly ledger: LedgerDatabase;
  readonly key: string;
  readonly servers: readonly ServerUnderTest[];
  readonly shape: Shape;
}

/** A round of events on a ledger. */
export async function loadEvents(bench: Bench, round: EventsRound, before?: Totals): Promise<Loaded> {
  const { ledger, shape } = round;
  const prefix = shape.prefix ?? freshPrefix();
  if (shape.prefix === undefined) await ledger.openAccounts(prefix, shape.accounts);
  const answered = await loadServers(bench, round, prefix);
  const totals = await ledger.totals(prefix);
  const events = answered.events + (before?.events ?? 0);
  const calls = answered.calls + (before?.calls ?? 0);
  reconcile({ events, calls }, totals);
  return { ...answered, totals };
}

/** A load of a round's shape on accounts that are there; every request of it is answered in the end. */
export async function loadServers(bench: Bench, round: EventsRound, prefix: string): Promise<Answered> {
  const { shape, key } = round;
  const urls = round.servers.map(({ url }) => url);
  const load: HttpLoad = { ...shape, prefix, key, urls, ids: 'time-ordered', seconds: bench.options.seconds };
  const pids = [...new Set(round.servers.map(({ child }) => child.pid))];
  const events = ({ requests }: LoadResult): number => requests * shape.batch;
  const result = await spending(bench, pids, () => bench.generator.run(load), events);
  if (result.failures > 0) throw new Error(`${result.failures} requests failed`);
  await sendAgain(load, result.tail);
  return { ...result, prefix, rate: result.requests / result.seconds };
}

/** A round of the same requests on the echo. */
export async function loadEcho(bench: Bench, echo: ServerUnderTest, { key, shape }: EventsRound): Promise<Echoed> {
  const { seconds } = bench.options;
  const load: HttpLoad = { ...shape, prefix: freshPrefix(), key, urls: [echo.url], ids: 'time-ordered', seconds };
  const events = ({ requests }: LoadResult): number => requests;
  const result = await spending(bench, [echo.child.pid], () => bench.generator.run(load), events);
  if (result.failures > 0) throw new Error(`${result.failures} requests of the echo failed`);
  return { ...result, rate: result.requests / result.seconds };
}

const eventsOfCall = 1_000;

async function sendAgain(load: HttpLoad, tail: readonly string[]): Promise<void> {
  if (load.verb !== undefined) {
    for (let at = 0; at < tail.length; at += load.connections) {
      await Promise.all(tail.slice(at, at + load.connections).map((kept) => post(load, holdRequest(load, kept))));
    }
    return;
  }
  const bodies: string[] = [];
  if (load.batch > 1) bodies.push(...tail);
  else
    for (let at = 0; at < tail.length; at += eventsOfCall)
      bodies.push(`[${tail.slice(at, at + eventsOfCall).join(',')}]`);
  for (const body of bodies) await post(load, { path: '/v1/events', body });
}

function holdRequest({ verb }: HttpLoad, kept: string): { path: string; body: string } {
  if (verb === 'authorize') return { path: '/v1/authorizations', body: kept };
  return captureRequest(JSON.parse(kept) as HeldCall);
}

async function post({ urls, key }: HttpLoad, { path, body }: { path: string; body: string }): Promise<void> {
  const answer = await fetch(`${urls[0]}${path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body,
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`sending again was refused: ${answer.status} ${text.slice(0, 300)}`);
  const bad = /"status":"(rejected|conflict|held)"[^}]*/.exec(text);
  if (bad !== null) throw new Error(`sending again: ${bad[0]}`);
}

/** Share of stored events that more than one payer paid. */
export const straddlingShare = ({ straddling, events }: Totals): number => rounded(straddling / events, 4);
