// Events, and by which keys they came, as the columns that group.ts writes.

import { callsOf } from '../../core/units.ts';
import { ArrayWriter, int2Array, int4Array, int8Array, sparseTextArray, textArray } from './arrays.ts';
import type { MeterNumbers } from './meters.ts';
import { countEvents, drawsOf, noPack, type PlainRun, severalPacks } from './plain-events.ts';
import { type EventRow, outcomeNumber } from './rows.ts';

export const eventColumns = (
  events: readonly EventRow[],
  plain: readonly PlainRun[],
  meters: MeterNumbers,
): Buffer[] => (plain.length === 0 ? columnsOf(events, meters) : columnsWith(events, plain, meters));

const columnsOf = (events: readonly EventRow[], meters: MeterNumbers): Buffer[] => [
  textArray(events.map((event) => event.account)),
  textArray(events.map((event) => event.id)),
  int8Array(events.map((event) => event.seq)),
  int8Array(events.map((event) => event.at)),
  int8Array(events.map((event) => event.receivedAt)),
  int8Array(events.map((event) => event.calls)),
  int8Array(events.map((event) => event.postpaid)),
  int4Array(events.map((event) => (event.draws.length === 1 ? (event.draws[0]?.pack ?? null) : null))),
  int2Array(events.map((event) => (event.meter === null ? null : meters.numberOf(event.meter)))),
  int2Array(events.map((event) => outcomeNumber(event))),
  int2Array(events.map((event) => event.draws.length)),
  sparseTextArray(events.map((event) => event.department)),
  sparseTextArray(events.map((event) => event.facts?.action ?? null)),
  sparseTextArray(events.map((event) => event.facts?.channel ?? null)),
  sparseTextArray(events.map((event) => event.facts?.library ?? null)),
  sparseTextArray(events.map((event) => event.facts?.resultCode ?? null)),
];

/** As many values as there are events, each of at most so many bytes. */
const writersFor = (count: number, accountBytes: number, idBytes: number) => ({
  account: new ArrayWriter('text', count, accountBytes),
  id: new ArrayWriter('text', count, idBytes),
  seq: new ArrayWriter('int8', count, 8 * count),
  at: new ArrayWriter('int8', count, 8 * count),
  receivedAt: new ArrayWriter('int8', count, 8 * count),
  calls: new ArrayWriter('int8', count, 8 * count),
  postpaid: new ArrayWriter('int8', count, 8 * count),
  pack: new ArrayWriter('int4', count, 4 * count),
  meter: new ArrayWriter('int2', count, 2 * count),
  outcome: new ArrayWriter('int2', count, 2 * count),
  draws: new ArrayWriter('int2', count, 2 * count),
});
type Writers = ReturnType<typeof writersFor>;

function columnsWith(events: readonly EventRow[], plain: readonly PlainRun[], meters: MeterNumbers): Buffer[] {
  // At most three bytes of UTF-8 for each unit of UTF-16; ids of plain events are ASCII, and no account's is anything else.
  let [accountBytes, idBytes] = [0, 0];
  for (const { account, id } of events) {
    accountBytes += account.length;
    idBytes += 3 * id.length;
  }
  for (const { account, events: own } of plain) {
    accountBytes += account.length * own.length;
    const { starts, ends } = own.columns;
    for (const place of own.places) idBytes += (ends[place] as number) - (starts[place] as number);
  }
  const writers = writersFor(events.length + countEvents(plain), accountBytes, idBytes);
  for (const event of events) addRow(writers, event, meters);
  for (const run of plain) addRun(writers, run, meters);
  const sparse = (of: (event: EventRow) => string | null): Buffer => sparseTextArray(events.map(of));
  return [
    ...Object.values(writers).map((writer) => writer.finish()),
    sparse((event) => event.department),
    sparse((event) => event.facts?.action ?? null),
    sparse((event) => event.facts?.channel ?? null),
    sparse((event) => event.facts?.library ?? null),
    sparse((event) => event.facts?.resultCode ?? null),
  ];
}

function addRow(writers: Writers, event: EventRow, meters: MeterNumbers): void {
  const [draw] = event.draws;
  writers.account.text(event.account);
  writers.id.text(event.id);
  writers.seq.int8(event.seq);
  writers.at.int8(event.at);
  writers.receivedAt.int8(event.receivedAt);
  writers.calls.int8(Number(event.calls));
  writers.postpaid.int8(Number(event.postpaid));
  if (draw === undefined || event.draws.length > 1) writers.pack.null();
  else writers.pack.int4(draw.pack);
  if (event.meter === null) writers.meter.null();
  else writers.meter.int2(meters.numberOf(event.meter));
  writers.outcome.int2(outcomeNumber(event));
  writers.draws.int2(event.draws.length);
}

function addRun(writers: Writers, run: PlainRun, meters: MeterNumbers): void {
  const { account, events, first, packs, postpaid, several, stopped, receivedAt } = run;
  const { bytes, starts, ends, calls, at, meters: names } = events.columns;
  const outcome = outcomeNumber({ outcome: 'charged', stopped, late: false, disagreement: null });
  writers.account.texts(account, events.length);
  for (let index = 0; index < events.length; index += 1) {
    const place = events.placeOf(index);
    const pack = packs[index] as number;
    writers.id.textOf(bytes, starts[place] as number, ends[place] as number);
    writers.seq.int8(first + index);
    writers.at.int8(at[place] as number);
    writers.receivedAt.int8(receivedAt);
    writers.calls.int8(calls[place] as number);
    writers.postpaid.int8(postpaid[index] as number);
    if (pack === noPack || pack === severalPacks) writers.pack.null();
    else writers.pack.int4(pack);
    writers.meter.int2(meters.numberOf(names[place] as string));
    writers.outcome.int2(outcome);
    writers.draws.int2(pack === noPack ? 0 : (several.get(index)?.length ?? 1));
  }
}

export const keyColumns = (events: readonly EventRow[]): Buffer[] => [
  textArray(events.map(({ account }) => account)),
  int8Array(events.map(({ seq }) => seq)),
  textArray(events.map(({ key }) => key)),
];

/** The row of one of a run, as the careful way makes it; of a draw by one pack the units are not told. */
export const rowOf = (run: PlainRun, index: number): EventRow => ({
  account: run.account,
  id: run.events.idOf(index),
  seq: run.first + index,
  at: run.events.atOf(index),
  receivedAt: run.receivedAt,
  calls: callsOf(run.events.callsOf(index)),
  meter: run.events.meterOf(index),
  outcome: 'charged',
  stopped: run.stopped,
  late: false,
  disagreement: null,
  draws: drawsOf(run, index),
  postpaid: callsOf(run.postpaid[index] as number),
  department: null,
  key: null,
  facts: null,
});
