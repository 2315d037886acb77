// Packs for one department in scenarios: who pays, in which order, and why the others do not.

import { expect, it } from 'vitest';
import { buyPack } from '../../src/account/commands.ts';
import { openHead } from '../../src/account/head.ts';
import { causeOf } from '../../src/account/standing-orders.ts';
import { callsOf, instantOf, moneyOf } from '../../src/core/units.ts';
import type { Simulation } from '../../src/scenario/simulate.ts';
import { bentBook, bookNamed, receiptLine, run } from './story.ts';

const product = 'identity';
const at = '2026-01-05T10:00:00+08:00';
const buy = (id: string, department?: string) => ({
  ...{ at, do: 'buy', id, product, size: 1000 },
  ...(department === undefined ? {} : { scope: { department } }),
});
const gift = (id: string, department?: string) => ({
  ...{ at, do: 'gift', id, product, calls: 5, months: 2 },
  ...(department === undefined ? {} : { scope: { department } }),
});
const use = (id: string, calls: number, department?: string) => ({
  ...{ at, do: 'use', id, meter: 'identity', calls },
  ...(department === undefined ? {} : { department }),
});
const live = (steps: readonly object[], book: unknown = 'faceid-legacy'): Simulation =>
  run({ book, account: { id: 'acme', opened: '2020-03-01', balance: '100000.00' }, steps });

it('gifts lead, then packs of the department, then what all share; monthly gifts have the scope each', () => {
  const output = live([
    ...[buy('a'), buy('b', 'loans'), gift('g', 'loans'), gift('f'), buy('c', 'cards')],
    ...[use('e1', 1008, 'loans'), use('e2', 1, 'cards'), use('e3', 1)],
  ]);
  expect(receiptLine(output, 'e1')).toBe('g-1 5, f-1 5, b 998, postpaid 0');
  expect(receiptLine(output, 'e2')).toBe('c 1, postpaid 0');
  expect(receiptLine(output, 'e3')).toBe('a 1, postpaid 0');
  const reasons = output.receipts.at(-1)?.unused.map(({ pack, reason }) => `${pack} ${reason}`);
  expect(reasons?.toSorted()).toEqual([
    ...['b other-department', 'c other-department', 'f-1 exhausted', 'f-2 not-yet-effective'],
    ...['g-1 other-department', 'g-2 other-department'],
  ]);
  expect(output.packs.map(({ id, scope }) => [id, scope?.department])).toContainEqual(['g-2', 'loans']);
});

it('where gifts do not lead, the department’s own come before all', () => {
  const book = bentBook('faceid-legacy', ({ policies }) =>
    Object.assign(policies, { drawOrder: ['earliest-bought', 'gift-first'] }),
  );
  const output = live([gift('g'), buy('a'), buy('b', 'loans'), use('e1', 1001, 'loans')], book);
  expect(receiptLine(output, 'e1')).toBe('b 1000, g-1 1, postpaid 0');
});

it('an empty one leaves its department to what all share, and postpaid', () => {
  const output = live([buy('b', 'loans'), use('e1', 1500, 'loans'), use('e2', 7, 'cards')]);
  expect(receiptLine(output, 'e1')).toBe('b 1000, postpaid 500');
  expect(receiptLine(output, 'e2')).toBe('postpaid 7');
});

it('the same id and content of another department is a conflict', () => {
  const { results } = live([use('e1', 1, 'loans'), use('e1', 1, 'loans'), use('e1', 1, 'cards')]);
  expect(results).toMatchObject([{ ok: true }, { ok: true, duplicate: true }, { ok: false, code: 'EVENT_CONFLICT' }]);
});

it('a standing order sees that what all share runs low, whatever a department has of its own', () => {
  const book = bookNamed('faceid-legacy');
  const head = openHead({ id: 'acme', book });
  head.balance = moneyOf(100_000_000);
  const now = instantOf(Date.parse(at));
  const order = {
    ...{ name: 'more', watch: { product }, below: { calls: callsOf(500) }, daysBefore: null },
    ...{ buy: { product, size: callsOf(1000), count: 1 }, mostPurchases: 1, mostMoney: moneyOf(100_000_000) },
  } as const;
  buyPack(head, book, { id: 'own', product, size: callsOf(1000), department: 'loans' }, now);
  expect(causeOf(order, head, book, 1, now)).toBe('low:1');
  buyPack(head, book, { id: 'shared', product, size: callsOf(1000) }, now);
  expect(causeOf(order, head, book, 2, now)).toBeUndefined();
});
