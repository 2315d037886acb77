// Holds on a head by themselves: what the cap counts.

import { expect, test } from 'vitest';
import { openHead } from '../../src/account/head.ts';
import { authorize, capture, expireHolds } from '../../src/account/hold.ts';
import { parseInstant } from '../../src/core/instant.ts';
import { callsOf, type Instant } from '../../src/core/units.ts';
import { bookNamed } from '../scenarios/story.ts';

const at = (text: string): Instant => parseInstant(text) as Instant;
const meter = 'liveness.basic.authority';
const beforeMidnight = at('2026-01-31T23:59:00+08:00');
const afterMidnight = at('2026-02-01T00:00:10+08:00');
const book = bookNamed('faceid-legacy');

const ask = (id: string, calls: number) => ({
  id,
  meter,
  calls: callsOf(calls),
  department: null,
  key: null,
  milliseconds: 3_600_000,
  byOperator: false,
  review: false,
});

test('a hold counts towards the cap of the month of its own time, as the event it becomes will', () => {
  const head = openHead({ id: 'a', book, cap: callsOf(10) });
  const january = authorize(head, book, ask('jan', 10), beforeMidnight);
  expect(january).toMatchObject({ postpaid: 10n });
  expect(authorize(head, book, ask('jan 2', 1), beforeMidnight)).toMatchObject({ refused: 'CAP_REACHED' });
  expect(authorize(head, book, ask('feb', 10), afterMidnight)).toMatchObject({ postpaid: 10n });
  expect(authorize(head, book, ask('feb 2', 1), afterMidnight)).toMatchObject({ refused: 'CAP_REACHED' });
  if ('refused' in january) throw new Error('refused');
  capture(head, book, january, afterMidnight);
  expect([...head.postpaidCalls]).toEqual([['2026-01', 10n]]);
  expireHolds(head, book, at('2026-02-01T02:00:00+08:00'));
  expect(authorize(head, book, ask('feb 3', 10), at('2026-02-01T02:00:00+08:00'))).toMatchObject({ postpaid: 10n });
});
