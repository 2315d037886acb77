// One group of changes, one statement, one commit. The statement fails as a whole (division by zero) unless every head still
// had the version it was settled on: that check is all the concurrency control there is. See docs/decisions/0002.
// Only the parts that a group needs stand in it: every further CTE costs about 15 µs even when empty, and its parameters more.

import type { ClientBase } from 'pg';
import { type Head, usageKeyParts } from '../../account/head.ts';
import { contractDocument } from '../../core/contract.ts';
import { canonicalJson } from '../../core/json.ts';
import type { Engine } from '../connection/engine.ts';
import { engineOf } from '../connection/hosts.ts';
import { int2Array, int4Array, int8Array, sparseTextArray, textArray } from './arrays.ts';
import { copyEvents, openCopy } from './copy-events.ts';
import { eventColumns, keyColumns, rowOf } from './event-columns.ts';
import { type CommandPart, commandPartNames, statementOf, stillStatement } from './group-parts.ts';
import { encodeDraws, encodeFixed, encodeState } from './head-codec.ts';
import type { MeterNumbers } from './meters.ts';
import { orderColumns, orderEndColumns } from './order-columns.ts';
import { countEvents } from './plain-events.ts';
import { type EventRow, type GroupRows, outcomeNumber, type UsageRow, type VersionedHead } from './rows.ts';

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

/** From this many events on a group is copied, which takes about half the time of its arrays. */
const largeFrom = 1_500;

export const isLarge = ({ events, plain }: GroupRows): boolean => events.length + countEvents(plain) >= largeFrom;

/**
 * Writes a group. Rejects with SQLSTATE 22012 when a head moved, 23505 when an id is known; nothing is written then.
 * Heads must be in order of account: rows are locked in that order, so that two servers never wait for each other in a circle.
 */
export const saveGroup = (
  client: ClientBase,
  rows: GroupRows,
  meters: MeterNumbers,
  writer: 'calls' | 'command' = 'calls',
): Promise<void> => save(client, rows, meters, { command: writer === 'command', copied: false });

/**
 * The same for a large group, in a transaction of its own, which is open still when this rejects. Its events are copied to where
 * nobody else looks; rows that another server could wait for are touched by the last statement before the commit.
 */
export async function saveLargeGroup(client: ClientBase, rows: GroupRows, meters: MeterNumbers): Promise<void> {
  await openCopy(client);
  await copyEvents(client, allEvents(rows), meters);
  await save(client, rows, meters, { command: false, copied: true });
  await client.query('commit');
}

/** Those in columns too, each as a row. */
function* allEvents({ events, plain }: GroupRows): Generator<EventRow> {
  yield* events;
  for (const run of plain) for (let index = 0; index < run.events.length; index += 1) yield rowOf(run, index);
}

interface SaveOptions {
  readonly command: boolean;
  readonly copied: boolean;
}

async function save(client: ClientBase, rows: GroupRows, meters: MeterNumbers, { command, copied }: SaveOptions) {
  const { usage, corrections, holds, holdEnds, unchanged } = rows;
  const straddling: Straddling[] = rows.events.filter((event) => event.draws.length > 1);
  for (const { account, record } of rows.reviews) {
    if (record.draws.length > 1) straddling.push({ account, seq: record.seq, draws: record.draws });
  }
  for (const { account, first, several } of rows.plain) {
    for (const [index, draws] of several) straddling.push({ account, seq: first + index, draws });
  }
  const ofKeys = rows.events.filter(({ key }) => key !== null);
  const needs = {
    copied,
    keys: ofKeys.length > 0,
    draws: straddling.length > 0,
    holds: holds.length + holdEnds.length > 0,
    counts: usage.length + corrections.length > 0,
    told: rows.outbox.length > 0,
    unchanged: unchanged.length > 0,
    commands: command ? commandPartNames.filter((part) => rows[part].length > 0) : [],
  };
  const values = headColumns(rows, command);
  if (!copied) values.push(...eventColumns(rows.events, rows.plain, meters));
  if (needs.keys) values.push(...keyColumns(ofKeys));
  if (needs.draws) values.push(...drawColumns(straddling));
  if (needs.holds) values.push(...holdColumns(rows, meters));
  if (needs.counts) values.push(...countColumns(rows, meters));
  if (needs.told) values.push(...outboxColumns(rows));
  for (const part of needs.commands) values.push(...commandColumns[part](rows));
  const engine = engineOf(client);
  if (needs.unchanged) values.push(...versionColumns(unchanged, engine));
  await client.query({ ...statementOf(needs, engine), values });
}

/** Rejects with SQLSTATE 22012 unless each of these heads is the one in the database. */
export async function stillUnchanged(client: ClientBase, heads: readonly VersionedHead[]): Promise<void> {
  const engine = engineOf(client);
  await client.query({ ...stillStatement[engine], values: versionColumns(heads, engine) });
}

function versionColumns(heads: readonly VersionedHead[], engine: Engine): Buffer[] {
  const accounts = textArray(heads.map(({ head }) => head.account));
  const versions = int8Array(heads.map(({ version }) => version));
  return engine === 'citus' ? [accounts, accounts, versions, accounts] : [accounts, versions];
}

const headColumns = ({ heads }: GroupRows, command: boolean): Buffer[] => [
  textArray(heads.map(({ head }) => head.account)),
  int8Array(heads.map(({ version }) => version)),
  textArray(heads.map(({ head }) => encodeState(head))),
  sparseTextArray(command ? heads.map(({ head }) => encodeFixed(head)) : []),
];

/** A settlement whose draws have rows of their own. */
type Straddling = Pick<EventRow, 'account' | 'seq' | 'draws'>;

function drawColumns(straddling: readonly Straddling[]): Buffer[] {
  const draws = straddling.flatMap((event) => event.draws.map((draw, at) => ({ event, draw, place: at + 1 })));
  return [
    textArray(draws.map(({ event }) => event.account)),
    int8Array(draws.map(({ event }) => event.seq)),
    int2Array(draws.map(({ place }) => place)),
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
    textArray(holds.map((row) => String(row.hold.byOperator))),
    textArray(holds.map((row) => String(row.hold.review))),
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
    textArray(corrections.map((row) => row.correction.day ?? '')),
    int8Array(corrections.map((row) => row.correction.postpaid)),
    int8Array(corrections.map((row) => row.correction.drawn)),
  ];
}

const outboxColumns = ({ outbox }: GroupRows): Buffer[] => [
  textArray(outbox.map(({ account }) => account)),
  int8Array(outbox.map(({ seq }) => seq)),
  int2Array(outbox.map(({ place }) => place)),
  textArray(outbox.map(({ news }) => news.kind)),
  int8Array(outbox.map(({ at }) => at)),
  textArray(outbox.map(({ news }) => canonicalJson(news.details))),
];

const commandColumns: { readonly [Part in CommandPart]: (rows: GroupRows) => Buffer[] } = {
  packs: ({ packs }) => [
    textArray(packs.map(({ account }) => account)),
    int4Array(packs.map(({ pack }) => pack.no)),
    textArray(packs.map(({ pack }) => pack.id)),
    int8Array(packs.map(({ seq }) => seq)),
    textArray(packs.map(({ pack }) => pack.product)),
    textArray(packs.map(({ pack }) => String(pack.gift))),
    int8Array(packs.map(({ pack }) => pack.calls)),
    int8Array(packs.map(({ pack }) => pack.price)),
    int8Array(packs.map(({ pack }) => pack.boughtAt)),
    int8Array(packs.map(({ pack }) => pack.effectiveAt)),
    int8Array(packs.map(({ pack }) => pack.expiresAt)),
    textArray(packs.map(({ pack }) => pack.department ?? null)),
  ],
  refunds: ({ refunds }) => [
    textArray(refunds.map(({ account }) => account)),
    int4Array(refunds.map(({ packNo }) => packNo)),
    int8Array(refunds.map(({ seq }) => seq)),
    int8Array(refunds.map(({ at }) => at)),
    textArray(refunds.map(({ exception }) => String(exception))),
  ],
  forfeits: ({ forfeits }) => [
    textArray(forfeits.map(({ account }) => account)),
    int8Array(forfeits.map(({ forfeit }) => forfeit.seq)),
    int4Array(forfeits.map(({ forfeit }) => forfeit.pack.no)),
    int8Array(forfeits.map(({ forfeit }) => forfeit.units)),
    int8Array(forfeits.map(({ forfeit }) => forfeit.bookedAt)),
  ],
  entries: ({ entries }) => [
    textArray(entries.map(({ account }) => account)),
    int8Array(entries.map(({ entry }) => entry.seq)),
    textArray(entries.map(({ entry }) => entry.kind)),
    int8Array(entries.map(({ entry }) => entry.amount)),
    int8Array(entries.map(({ entry }) => entry.balance)),
    int8Array(entries.map(({ entry }) => entry.at)),
    textArray(entries.map(({ entry }) => entry.reference)),
  ],
  bills: ({ bills }) => [
    textArray(bills.map((bill) => bill.account)),
    textArray(bills.map((bill) => bill.period)),
    int4Array(bills.map((bill) => bill.no)),
    int8Array(bills.map((bill) => bill.seq)),
    int8Array(bills.map((bill) => bill.closedAt)),
    textArray(bills.map((bill) => bill.digest)),
    textArray(bills.map((bill) => bill.document)),
  ],
  contracts: ({ contracts }) => [
    textArray(contracts.map(({ account }) => account)),
    int4Array(contracts.map(({ agreed }) => agreed.contract.no)),
    int8Array(contracts.map(({ agreed }) => agreed.seq)),
    textArray(contracts.map(({ agreed }) => agreed.contract.from)),
    int8Array(contracts.map(({ agreed }) => agreed.at)),
    textArray(contracts.map(({ by }) => by)),
    textArray(contracts.map(({ agreed }) => canonicalJson(contractDocument(agreed.contract)))),
  ],
  orders: ({ orders }) => orderColumns(orders),
  orderEnds: ({ orderEnds }) => orderEndColumns(orderEnds),
  voids: ({ voids }) => [
    textArray(voids.map(({ account }) => account)),
    textArray(voids.map(({ event }) => event)),
    int8Array(voids.map(({ seq }) => seq)),
    int8Array(voids.map(({ at }) => at)),
    textArray(voids.map(({ by }) => by)),
  ],
  reviews: ({ reviews }) => [
    textArray(reviews.map(({ account }) => account)),
    textArray(reviews.map(({ event }) => event)),
    int8Array(reviews.map(({ record }) => record.seq)),
    int8Array(reviews.map(({ at }) => at)),
    int2Array(
      reviews.map(({ record: { outcome, stopped } }) =>
        outcomeNumber({ outcome, stopped, late: false, disagreement: null }),
      ),
    ),
    int8Array(reviews.map(({ record }) => record.postpaid)),
    int4Array(reviews.map(({ record }) => (record.draws.length === 1 ? (record.draws[0]?.pack ?? null) : null))),
    int2Array(reviews.map(({ record }) => record.draws.length)),
    textArray(reviews.map(({ by }) => by)),
  ],
};
