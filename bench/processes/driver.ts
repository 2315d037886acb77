// Load without HTTP: many callers on a ledger in this process, each with one request at a time. The ledger's own groups, or one
// transaction per call.

import type { IncomingEvent } from '../../src/core/event.ts';
import { callsOf, type Instant, instantOf } from '../../src/core/units.ts';
import type { EventResult, EventStatus } from '../../src/ledger/requests.ts';
import type { Suanpan } from '../../src/operations/suanpan.ts';
import { openSuanpan } from '../../src/operations/suanpan.ts';
import { type Database, openDatabase } from '../../src/store/connection/connect.ts';
import { answerQuestions } from '../child.ts';
import { EventStream, type Load, meter, type SentEvent } from '../event-stream.ts';
import { percentile } from '../measure.ts';
import { recordNaively } from '../naive-ledger.ts';

export interface DriverOrder extends Load {
  readonly databaseUrl: string;
  readonly way: 'groups' | 'one by one';
  readonly callers: number;
  readonly seconds: number;
}

export interface DriverResult {
  /** Acknowledged as accepted. */
  readonly events: number;
  readonly calls: number;
  readonly duplicates: number;
  readonly seconds: number;
  readonly p50: number;
  readonly p99: number;
}

type Record = (account: string, events: readonly IncomingEvent[]) => Promise<readonly EventStatus[]>;

const naiveConnections = 32;
let open: { readonly url: string; readonly database: Database; readonly suanpan: Suanpan } | undefined;

async function suanpanOf(url: string): Promise<Suanpan> {
  if (open?.url === url) return open.suanpan;
  await close();
  const lanes = Number(process.env.SUANPAN_LANES ?? 2);
  const database = await openDatabase({ databaseUrl: url, dataFolder: '', connections: naiveConnections, lanes });
  const suanpan = await openSuanpan(database, () => instantOf(Date.now()), { lanes });
  open = { url, database, suanpan };
  return suanpan;
}

async function close(): Promise<void> {
  await open?.suanpan.ledger.drain();
  await open?.database.close();
  open = undefined;
}

const statusOf = (result: EventResult): EventStatus => result.status;

function wayOf(suanpan: Suanpan, way: DriverOrder['way']): Record {
  if (way === 'groups') return async (account, events) => (await suanpan.ledger.record(account, events)).map(statusOf);
  return async (account, events) => {
    const statuses: EventStatus[] = [];
    for (const event of events) statuses.push(await recordNaively(suanpan, account, event));
    return statuses;
  };
}

const incoming = ({ id, calls, at }: SentEvent): IncomingEvent => ({
  id,
  meter,
  calls: callsOf(calls),
  at: at as Instant,
  department: null,
  facts: null,
});

async function drive(order: DriverOrder): Promise<DriverResult> {
  const record = wayOf(await suanpanOf(order.databaseUrl), order.way);
  const stream = new EventStream(order);
  const times: number[] = [];
  const done = { events: 0, calls: 0, duplicates: 0 };
  const began = performance.now();
  const until = began + order.seconds * 1_000;
  const caller = async (): Promise<void> => {
    for (let before = performance.now(); before < until; before = performance.now()) {
      const { account, events } = stream.next();
      const statuses = await record(account, events.map(incoming));
      times.push(performance.now() - before);
      statuses.forEach((status, at) => {
        if (status === 'duplicate') done.duplicates += 1;
        else if (status !== 'accepted') throw new Error(`an event was ${status}`);
        else {
          done.events += 1;
          done.calls += events[at]?.calls ?? 0;
        }
      });
    }
  };
  await Promise.all(Array.from({ length: order.callers }, caller));
  const seconds = (performance.now() - began) / 1_000;
  const sorted = Float64Array.from(times).sort();
  return {
    ...done,
    seconds,
    p50: percentile(sorted, 0.5),
    p99: percentile(sorted, 0.99),
  };
}

/** 'close' ends the connections, so that the database can be dropped. */
answerQuestions<DriverOrder | 'close'>((question) => (question === 'close' ? close() : drive(question)), close);
