// Events, and by which keys they came, as the columns that group.ts writes.

import { int2Array, int4Array, int8Array, sparseTextArray, textArray } from './arrays.ts';
import type { MeterNumbers } from './meters.ts';
import { type EventRow, outcomeNumber } from './rows.ts';

export const eventColumns = (events: readonly EventRow[], meters: MeterNumbers): Buffer[] => [
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

export const keyColumns = (events: readonly EventRow[]): Buffer[] => [
  textArray(events.map(({ account }) => account)),
  int8Array(events.map(({ seq }) => seq)),
  textArray(events.map(({ key }) => key)),
];
