// What the ledger remembers of events entered lately: exactly what was entered, or nothing.

import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Head } from '../../src/account/head.ts';
import { importMarks } from '../../src/cli/import/open.ts';
import { callsOf, instantOf } from '../../src/core/units.ts';
import { type EnteredEvent, RecentEvents } from '../../src/ledger/recent-events.ts';
import { readOutcome, type StoredOutcome } from '../../src/store/ledger/rows.ts';

const facts = fc.record<Omit<EnteredEvent, keyof StoredOutcome>>({
  account: fc.constantFrom('a', 'b'),
  id: fc.oneof(fc.constantFrom('one', 'two', '算盘'), fc.string({ minLength: 1, maxLength: 40, unit: 'binary' })),
  seq: fc.nat(),
  meter: fc.option(fc.constant('liveness.basic.authority')),
  calls: fc.bigInt(1n, 10n ** 12n).map(callsOf),
  at: fc.nat().map((n) => instantOf(1_700_000_000_000 + n)),
  draws: fc.array(fc.record({ pack: fc.string(), calls: fc.bigInt(1n, 10n ** 12n).map(callsOf) }), { maxLength: 3 }),
  postpaid: fc.bigInt(0n, 10n ** 12n).map(callsOf),
  department: fc.option(fc.string({ unit: 'binary' })),
  facts: fc.option(
    fc.record({
      action: fc.string(),
      channel: fc.option(fc.string()),
      library: fc.option(fc.string()),
      resultCode: fc.string(),
    }),
  ),
});

const event = fc
  .tuple(facts, fc.integer({ min: 0, max: 7 }))
  .map(([entered, no]): EnteredEvent => ({ ...entered, ...readOutcome(no) }));

const headOf = (account: string, readAs = 0n) => ({ head: { account } as Head, version: 9n, readAs });

test('an event is found as it was entered, or not at all; the last one always', () => {
  fc.assert(
    fc.property(fc.array(event, { minLength: 1, maxLength: 60 }), (events) => {
      const recent = new RecentEvents({ marks: 64, bytes: 8_192 });
      const latest = new Map<string, EnteredEvent>();
      for (const entered of events) {
        recent.add(entered, 1n);
        latest.set(`${entered.account} ${entered.id}`, entered);
        expect(recent.mayHold(entered.id)).toBe(true);
        expect(recent.find(headOf(entered.account), entered.id)).toEqual(entered);
      }
      for (const known of latest.values()) {
        const found = recent.find(headOf(known.account), known.id);
        if (found !== undefined) expect(found).toEqual(known);
      }
    }),
  );
});

test('memory is bounded: the oldest are written over, and one larger than all of it is not kept', () => {
  const [first] = fc.sample(event, { numRuns: 1, seed: 7 });
  if (first === undefined) throw new Error('no sample');
  const recent = new RecentEvents({ marks: 1_024, bytes: 1_300 });
  const named = (id: string): EnteredEvent => ({ ...first, id, draws: [], department: null, facts: null });
  for (let at = 0; at < 100; at += 1) recent.add(named(`event-${at}`), 1n);
  const kept = Array.from({ length: 100 }, (_, at) => recent.find(headOf(first.account), `event-${at}`) !== undefined);
  expect(kept.indexOf(true)).toBeGreaterThan(80);
  expect(kept.slice(kept.indexOf(true))).not.toContain(false);
  recent.add(named('x'.repeat(2_000)), 1n);
  expect(recent.find(headOf(first.account), 'x'.repeat(2_000))).toBeUndefined();
  expect(recent.mayHold('x'.repeat(2_000))).toBe(true);
});

test('of as many ids as a quarter of the places hardly any is forgotten', () => {
  const recent = new RecentEvents({ marks: 4_096, bytes: 1_024 });
  const ids = Array.from({ length: 1_024 }, (_, at) => `0197a3f0-${at}`);
  for (const id of ids) recent.addId(id);
  expect(ids.filter((id) => !recent.mayHold(id)).length).toBeLessThan(20);
  // One that comes again is the newest again, and stands in one place only.
  for (const id of ids.slice(0, 3)) for (let again = 0; again < 10; again += 1) recent.addId(id);
  expect(ids.filter((id) => !recent.mayHold(id)).length).toBeLessThan(20);
});

test('of an import hardly any id is forgotten that a whole window of others has followed', () => {
  const recent = new RecentEvents({ marks: importMarks, bytes: 0 });
  const ids = Array.from({ length: 502_000 }, (_, at) => `0197a3f0-${at}`);
  for (const id of ids) recent.addId(id);
  expect(ids.slice(0, 2_000).filter((id) => !recent.mayHold(id)).length).toBeLessThan(5);
  expect(recent.mayHold('0197a3f0-other')).toBe(false);
});

test('where only ids are kept, no event is vouched for', () => {
  const [entered] = fc.sample(event, { numRuns: 1, seed: 7 });
  if (entered === undefined) throw new Error('no sample');
  const recent = new RecentEvents({ marks: 64, bytes: 0 });
  recent.add(entered, 5n);
  expect(recent.mayHold(entered.id)).toBe(true);
  expect(recent.find(headOf(entered.account, 4n), entered.id)).toBeUndefined();
});

test('an event is not vouched for once its head was read anew', () => {
  const [entered] = fc.sample(event, { numRuns: 1, seed: 7 });
  if (entered === undefined) throw new Error('no sample');
  const recent = new RecentEvents({ marks: 1_024, bytes: 8_192 });
  recent.add(entered, 5n);
  expect(recent.find(headOf(entered.account, 4n), entered.id)).toEqual(entered);
  expect(recent.find(headOf(entered.account, 5n), entered.id)).toBeUndefined();
  expect(recent.find(headOf(`other ${entered.account}`, 4n), entered.id)).toBeUndefined();
});
