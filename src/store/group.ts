// One group of changes, one statement, one commit. The statement fails as a whole (division by zero) unless every head still
// had the version it was settled on: that check is all the concurrency control there is. See docs/decisions/0002.
// Only the parts that a group needs stand in it: every further CTE costs about 15 µs even when empty, and its parameters more.

import type { ClientBase } from 'pg';
import { type Head, usageKeyParts } from '../core/head.ts';
import { int2Array, int4Array, int8Array, sparseTextArray, textArray } from './arrays.ts';
import { copyEvents, copyFromEvents } from './copy-events.ts';
import { encodeDraws, encodeFixed, encodeState } from './head-codec.ts';
import type { MeterNumbers } from './meters.ts';
import { type EventRow, type GroupRows, outcomeNumber, type UsageRow } from './rows.ts';

/**
 * Arrays as rows, each `?` the next parameter. In a select list, where they are read value by value: `from unnest(a, b, …)` would
 * store each array apart first, which takes twice as long.
 */
const rowsOf = (types: string): string =>
  `select ${types
    .split(' ')
    .map((type) => `unnest(?::${type}[])`)
    .join(', ')}`;

const moved = `moved as (
    update account_heads h set version = h.version + 1, state = u.state, fixed = coalesce(u.fixed, h.fixed)
    from (${rowsOf('text bigint text text')}) as u(account_id, version, state, fixed)
    where h.account_id = u.account_id and h.version = u.version
    returning 1)`;

const written = `written as (
    insert into events (account_id, event_id, seq, at_ms, received_ms, calls, postpaid, pack_no, meter, outcome, draw_count,
                        department, action, channel, library, result_code)
    ${rowsOf('text text bigint bigint bigint bigint bigint integer smallint smallint smallint text text text text text')})`;

const drawn = `drawn as (
    insert into event_draws (account_id, seq, pack_no, calls)
    ${rowsOf('text bigint integer bigint')})`;

const held = `held as (
    insert into holds (account_id, hold_id, seq, meter, calls, at_ms, expires_ms, department, draws, postpaid)
    ${rowsOf('text text bigint smallint bigint bigint bigint text text bigint')}),
  ended as (
    insert into hold_ends (account_id, hold_seq, seq, how, at_ms)
    ${rowsOf('text bigint bigint text bigint')})`;

const counted = `counted as (
    insert into usage_days as d (account_id, day, meter, payer, calls)
    ${rowsOf('text text[]::date smallint text bigint')}
    on conflict (account_id, day, meter, payer) do update set calls = d.calls + excluded.calls),
  corrected as (
    insert into corrections as c (account_id, period, arrival, meter, postpaid, drawn)
    select account_id, period, arrival, meter, sum(postpaid), sum(drawn)
    from (${rowsOf('text text text smallint bigint bigint')}) as u(account_id, period, arrival, meter, postpaid, drawn)
    group by account_id, period, arrival, meter
    on conflict (account_id, period, arrival, meter)
    do update set postpaid = c.postpaid + excluded.postpaid, drawn = c.drawn + excluded.drawn)`;

const verdict = 'select 1 / (case when (select count(*) from moved) = cardinality($1::text[]) then 1 else 0 end)';

interface Needs {
  readonly draws: boolean;
  readonly holds: boolean;
  readonly counts: boolean;
}

const statements = new Map<string, { readonly name: string; readonly text: string }>();

/** The statement with the parts that a group needs, by a name of its own so that its plan is kept. */
function statementOf({ draws, holds, counts }: Needs): { readonly name: string; readonly text: string } {
  const name = `save-group${draws ? '-draws' : ''}${holds ? '-holds' : ''}${counts ? '-counts' : ''}`;
  const known = statements.get(name);
  if (known !== undefined) return known;
  const parts = [moved, written, ...(draws ? [drawn] : []), ...(holds ? [held] : []), ...(counts ? [counted] : [])];
  let parameters = 0;
  const text = `with ${parts.join(', ')} ${verdict}`.replace(/\?/g, () => `$${++parameters}`);
  const statement = { name, text };
  statements.set(name, statement);
  return statement;
}

/** SQLSTATE of a group whose heads had moved on. */
export const headsMoved = '22012';
export const uniqueViolation = '23505';

/** Counters that a head collects before they are written to usage_days: fewer row updates an event, a head of bounded size. */
const mostPendingCounters = 32;

/** Moves a head's counters into rows when there are enough of them, or at once when `now` says so. */
export function flushUsage(head: Head, into: UsageRow[], now = false): void {
  if (head.usage.size === 0 || (!now && head.usage.size <= mostPendingCounters)) return;
  for (const [key, calls] of head.usage) into.push({ account: head.account, ...usageKeyParts(key), calls });
  head.usage.clear();
}

/** Whether a group is written in more than one statement, so that it needs a transaction around it. */
export const needsTransaction = (rows: GroupRows): boolean => rows.events.length >= copyFromEvents;

/**
 * Writes a group. Rejects with SQLSTATE 22012 when a head moved, 23505 when an id is known; nothing is written then.
 * Heads must be in order of account: rows are locked in that order, so that two servers never wait for each other in a circle.
 */
export async function saveGroup(
  client: ClientBase,
  rows: GroupRows,
  meters: MeterNumbers,
  writer: 'calls' | 'command' = 'calls',
): Promise<void> {
  const { usage, corrections, holds, holdEnds } = rows;
  const straddling = rows.events.filter((event) => event.draws.length > 1);
  const copied = rows.events.length >= copyFromEvents;
  if (copied) await copyEvents(client, rows.events, meters);
  const needs = {
    draws: straddling.length > 0,
    holds: holds.length + holdEnds.length > 0,
    counts: usage.length + corrections.length > 0,
  };
  const values = [...headColumns(rows, writer === 'command'), ...eventColumns(copied ? [] : rows.events, meters)];
  if (needs.draws) values.push(...drawColumns(straddling));
  if (needs.holds) values.push(...holdColumns(rows, meters));
  if (needs.counts) values.push(...countColumns(rows, meters));
  await client.query({ ...statementOf(needs), values });
}

const headColumns = ({ heads }: GroupRows, command: boolean): Buffer[] => [
  textArray(heads.map(({ head }) => head.account)),
  int8Array(heads.map(({ version }) => version)),
  textArray(heads.map(({ head }) => encodeState(head))),
  sparseTextArray(command ? heads.map(({ head }) => encodeFixed(head)) : []),
];

const eventColumns = (events: readonly EventRow[], meters: MeterNumbers): Buffer[] => [
  textArray(events.map((event) => event.account)),
  textArray(events.map((event) => event.id)),
  int8Array(events.map((event) => event.seq)),
  int8Array(events.map((event) => event.at)),
  int8Array(events.map((event) => event.receivedAt)),
  int8Array(events.map((event) => event.calls)),
  int8Array(events.map((event) => event.postpaid)),
  int4Array(events.map((event) => (event.draws.length === 1 ? (event.draws[0]?.pack ?? null) : null))),
  int2Array(events.map((event) => (event.meter === null ? null : meters.numberOf(event.meter)))),
  int2Array(events.map((event) => outcomeNumber(event.outcome, event.stopped))),
  int2Array(events.map((event) => event.draws.length)),
  sparseTextArray(events.map((event) => event.department)),
  sparseTextArray(events.map((event) => event.facts?.action ?? null)),
  sparseTextArray(events.map((event) => event.facts?.channel ?? null)),
  sparseTextArray(events.map((event) => event.facts?.library ?? null)),
  sparseTextArray(events.map((event) => event.facts?.resultCode ?? null)),
];

function drawColumns(straddling: readonly EventRow[]): Buffer[] {
  const draws = straddling.flatMap((event) => event.draws.map((draw) => ({ event, draw })));
  return [
    textArray(draws.map(({ event }) => event.account)),
    int8Array(draws.map(({ event }) => event.seq)),
    int4Array(draws.map(({ draw }) => draw.pack)),
    int8Array(draws.map(({ draw }) => draw.calls)),
  ];
}

function holdColumns({ holds, holdEnds }: GroupRows, meters: MeterNumbers): Buffer[] {
  return [
    textArray(holds.map((row) => row.account)),
    textArray(holds.map((row) => row.hold.id)),
    int8Array(holds.map((row) => row.hold.seq)),
    int2Array(holds.map((row) => meters.numberOf(row.hold.meter))),
    int8Array(holds.map((row) => row.hold.calls)),
    int8Array(holds.map((row) => row.hold.at)),
    int8Array(holds.map((row) => row.hold.expiresAt)),
    textArray(holds.map((row) => row.hold.department)),
    textArray(holds.map((row) => JSON.stringify(encodeDraws(row.hold.draws)))),
    int8Array(holds.map((row) => row.hold.postpaid)),
    textArray(holdEnds.map((row) => row.account)),
    int8Array(holdEnds.map((row) => row.ended.hold.seq)),
    int8Array(holdEnds.map((row) => row.ended.seq)),
    textArray(holdEnds.map((row) => row.ended.how)),
    int8Array(holdEnds.map((row) => row.at)),
  ];
}

function countColumns({ usage, corrections }: GroupRows, meters: MeterNumbers): Buffer[] {
  return [
    textArray(usage.map((row) => row.account)),
    textArray(usage.map((row) => row.day)),
    int2Array(usage.map((row) => meters.numberOf(row.meter))),
    textArray(usage.map((row) => row.payer)),
    int8Array(usage.map((row) => row.calls)),
    textArray(corrections.map((row) => row.account)),
    textArray(corrections.map((row) => row.correction.period)),
    textArray(corrections.map((row) => row.correction.arrival)),
    int2Array(corrections.map((row) => meters.numberOf(row.correction.meter))),
    int8Array(corrections.map((row) => row.correction.postpaid)),
    int8Array(corrections.map((row) => row.correction.drawn)),
  ];
}
