// A receipt's text made from the settlement at once is the text that its receipt gives.

import fc from 'fast-check';
import { expect, it } from 'vitest';
import { ledgerIdOf } from '../../src/core/event-name.ts';
import { callsOf, instantOf } from '../../src/core/units.ts';
import { itemJson, receiptJson, settledJson } from '../../src/http/item-json.ts';
import { receiptOf } from '../../src/ledger/receipt.ts';
import type { Settled } from '../../src/ledger/requests.ts';

const text = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 });
const calls = fc.bigInt(0n, 10n ** 12n).map(callsOf);
const optional = <Value>(of: fc.Arbitrary<Value>) => fc.option(of, { nil: null });
const packs = fc.uniqueArray(fc.record({ no: fc.integer({ min: 1, max: 9 }), id: text }), { selector: ({ no }) => no });
const draw = fc.record({ pack: fc.integer({ min: 1, max: 9 }), calls, units: calls });

const row = fc.record({
  account: fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/),
  id: fc.record({ id: text, source: optional(text) }).map(ledgerIdOf),
  seq: fc.nat(),
  at: fc.integer({ min: Date.UTC(2000, 0, 1), max: Date.UTC(2100, 0, 1) }).map(instantOf),
  receivedAt: fc.nat().map(instantOf),
  calls,
  meter: optional(text),
  outcome: fc.constantFrom('charged' as const, 'not-charged' as const),
  stopped: fc.boolean(),
  late: fc.constant(false),
  disagreement: fc.constant(null),
  draws: fc.array(draw, { maxLength: 3 }),
  postpaid: calls,
  department: optional(text),
  key: fc.constant(null),
  facts: fc.constant(null),
});

const settlements: fc.Arbitrary<Settled> = fc.record({
  row,
  packs,
  timeZone: fc.constantFrom('Asia/Shanghai', 'America/New_York', 'Australia/Lord_Howe', 'UTC'),
});

it('is the receipt, whatever was settled', () => {
  fc.assert(
    fc.property(settlements, (settled) => {
      const { row: entered, packs: live, timeZone } = settled;
      const named = entered.draws.map((each) => ({
        pack: live.find(({ no }) => no === each.pack)?.id ?? '',
        calls: each.calls,
      }));
      const receipt = receiptOf({ ...entered, draws: named }, timeZone);
      expect(settledJson(settled)).toBe(receiptJson(receipt));
      const item = { name: 'x', source: null };
      const made = itemJson({ ...item, result: { id: 'x', status: 'accepted', receipt } }, 'en');
      expect(itemJson({ ...item, result: { id: 'x', status: 'accepted', settled } }, 'en')).toBe(made);
    }),
  );
});
