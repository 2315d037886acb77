// Every refusal a scenario can meet. A refused step changes nothing; a file that is no scenario runs nothing.

import { describe, expect, it } from 'vitest';
import { loadCatalog } from '../../src/book/shelf.ts';
import { simulate } from '../../src/scenario/simulate.ts';
import { bentBook, live, packLine, receiptLine, run } from './story.ts';

const account = { id: 'acme', opened: '2020-03-01', balance: '100000.00' };
const at = '2026-01-05T10:00:00+08:00';

/** The code and pointer of one step on a fresh account. */
function refusalOf(step: object): string {
  const [result] = run({ book: 'faceid-legacy', account, steps: [{ at, ...step }] }).results;
  return result === undefined || result.ok ? 'ok' : `${result.code} ${result.pointer ?? '–'}`;
}

const use = { do: 'use', id: 'e1', meter: 'identity' };
const buy = { do: 'buy', id: 'p1', product: 'identity', size: 1000 };
const price = (tariffs: object) => ({ do: 'price', from: '2026-02', tariffs });
const gift = { do: 'gift', id: 'g1', product: 'identity', calls: 50 };

describe('one step alone', () => {
  it.each([
    ['an unknown meter', { ...use, meter: 'no.such' }, 'UNKNOWN_METER /steps/0/meter'],
    ['no calls', { ...use, calls: 0 }, 'INVALID_QUANTITY /steps/0/calls'],
    ['fewer than none', { ...use, calls: -1 }, 'INVALID_QUANTITY /steps/0/calls'],
    ['half a call', { ...use, calls: 1.5 }, 'INVALID_QUANTITY /steps/0/calls'],
    ['too many calls', { ...use, calls: 1_000_000_000_001 }, 'INVALID_QUANTITY /steps/0/calls'],
    ['calls as a text', { ...use, calls: '1e3' }, 'INVALID_QUANTITY /steps/0/calls'],
    ['calls as null', { ...use, calls: null }, 'INVALID_QUANTITY /steps/0/calls'],
    ['a time without offset', { ...use, time: '2026-01-05T10:00:00' }, 'INVALID_TIME /steps/0/time'],
    ['a day that is none', { ...use, time: '2026-02-30T10:00:00Z' }, 'INVALID_TIME /steps/0/time'],
    ['a time that is a number', { ...use, time: 1767578400000 }, 'INVALID_TIME /steps/0/time'],
    ['5 minutes and 1 ms ahead', { ...use, time: '2026-01-05T10:05:00.001+08:00' }, 'EVENT_IN_FUTURE /steps/0/time'],
    ['34 days and 1 ms old', { ...use, time: '2025-12-02T09:59:59.999+08:00' }, 'EVENT_TOO_OLD /steps/0/time'],
    ['neither meter nor action', { do: 'use', id: 'e1' }, 'INVALID_INPUT /steps/0/meter'],
    ['both meter and action', { ...use, action: 'MobileStatus' }, 'INVALID_INPUT /steps/0/meter'],
    ['an unknown action', { do: 'use', id: 'e1', action: 'Fly', resultCode: '0' }, 'UNKNOWN_ACTION /steps/0/action'],
    [
      'a code as a number',
      { do: 'use', id: 'e1', action: 'MobileStatus', resultCode: 0 },
      'INVALID_INPUT /steps/0/resultCode',
    ],
    ['a person', { ...use, name: '张三' }, 'INVALID_INPUT /steps/0/name'],
    ['no id', { do: 'use', meter: 'identity' }, 'INVALID_INPUT /steps/0/id'],
    ['an unknown product to buy', { ...buy, product: 'no_such' }, 'UNKNOWN_PRODUCT /steps/0/product'],
    ['a size not sold', { ...buy, size: 1001 }, 'SIZE_NOT_SOLD /steps/0/size'],
    ['a size that the product skips', { ...buy, size: 5000 }, 'SIZE_NOT_SOLD /steps/0/size'],
    ['half a size', { ...buy, size: 0.5 }, 'INVALID_QUANTITY /steps/0/size'],
    ['more than the balance', { ...buy, size: 500000 }, 'INSUFFICIENT_BALANCE –'],
    ['an unknown product to give', { ...gift, product: 'no_such' }, 'UNKNOWN_PRODUCT /steps/0/product'],
    ['a gift of nothing', { ...gift, calls: 0 }, 'INVALID_QUANTITY /steps/0/calls'],
    ['a gift for no month', { ...gift, months: 0 }, 'INVALID_INPUT /steps/0/months'],
    ['a gift for 37 months', { ...gift, months: 37 }, 'INVALID_INPUT /steps/0/months'],
    ['a refund of nothing', { do: 'refund', id: 'p9' }, 'NOT_FOUND /steps/0/id'],
    ['a void of nothing', { do: 'void', id: 'e9' }, 'NOT_FOUND /steps/0/id'],
    ['freezing', { do: 'freeze', id: 'p9' }, 'NOT_FREEZABLE –'],
    ['a top-up of nothing', { do: 'topup', amount: '0.00' }, 'INVALID_AMOUNT /steps/0/amount'],
    ['a negative top-up', { do: 'topup', amount: '-5' }, 'INVALID_AMOUNT /steps/0/amount'],
    ['a top-up with three places', { do: 'topup', amount: '1.005' }, 'INVALID_AMOUNT /steps/0/amount'],
    ['a top-up as a number', { do: 'topup', amount: 5 }, 'INVALID_AMOUNT /steps/0/amount'],
    ['an open month', { do: 'close', month: '2026-01' }, 'PERIOD_OPEN –'],
    ['a month that is none', { do: 'close', month: '2026-13' }, 'INVALID_INPUT /steps/0/month'],
    ['a price of no month', { do: 'price' }, 'INVALID_INPUT /steps/0/from'],
    ['a price of an unknown tariff', price({ nothing: [{ from: 0, price: '1' }] }), 'UNKNOWN_TARIFF /steps/0/tariffs'],
    ['a price of no tier', price({ identity: [{ from: 7, price: '1' }] }), 'UNKNOWN_TIER /steps/0/tariffs'],
    [
      'tiers that fall',
      price({
        identity: [
          { from: 0, price: '1' },
          { from: 0, price: '1' },
        ],
      }),
      'UNKNOWN_TIER /steps/0/tariffs',
    ],
    [
      'a price with nine places',
      price({ identity: [{ from: 0, price: '0.123456789' }] }),
      'INVALID_INPUT /steps/0/tariffs/identity/0/price',
    ],
    [
      'another price for a month that runs',
      { ...price({ identity: [{ from: 0, price: '0.01' }] }), from: '2026-01' },
      'PRICES_STAND /steps/0/from',
    ],
    [
      'a pack price of an unknown product',
      { do: 'price', from: '2026-02', packs: { nothing: [{ size: 1, price: '1' }] } },
      'UNKNOWN_PRODUCT /steps/0/packs',
    ],
  ])('%s', (_, step, expected) => expect(refusalOf(step)).toBe(expected));

  it.each([
    ['exactly 5 minutes ahead', { ...use, time: '2026-01-05T10:05:00.000+08:00' }],
    ['exactly 34 days old', { ...use, time: '2025-12-02T10:00:00.000+08:00' }],
    ['10^12 calls', { ...use, calls: 1_000_000_000_000 }],
    ['one call when calls are left out', use],
  ])('%s is accepted', (_, step) => expect(refusalOf(step)).toBe('ok'));

  it('leaves everything as it was', () => {
    const step = { at, do: 'buy', id: 'p1', product: 'identity', size: 7 };
    const output = run({ book: 'faceid-legacy', account, steps: [step] });
    expect(output).toMatchObject({ packs: [], receipts: [], bills: [], balance: '100000.00' });
    expect(output.results[0]).toMatchObject({ detail: { en: expect.stringContaining('1000, 10000') } });
  });
});

it('the same event again is a duplicate, another of its id a conflict, also for facts and departments', () => {
  const fact = { do: 'use', id: 'f1', action: 'MobileStatus', resultCode: '0' };
  const output = run({
    book: 'faceid-legacy',
    account,
    steps: [
      { at, ...use, calls: 3 },
      { at: '2026-01-06T10:00:00+08:00', ...use, calls: 3, time: at },
      { at: '2026-01-06T10:00:00+08:00', ...use, calls: 4, time: at },
      { at: '2026-01-06T10:00:00+08:00', ...use, calls: 3 },
      { at: '2026-01-06T10:00:00+08:00', ...use, calls: 3, time: at, department: 'loans' },
      { at: '2026-01-06T10:00:00+08:00', ...fact, time: at },
      { at: '2026-01-06T10:00:00+08:00', ...fact, time: '2026-01-05T02:00:00.000000Z' },
      { at: '2026-01-06T10:00:00+08:00', ...fact, time: at, resultCode: '-1' },
      { at: '2026-01-06T10:00:00+08:00', do: 'use', id: 'f1', meter: 'phone_status', time: at },
    ],
  });
  const outcomes = output.results.map((result) => (result.ok ? (result.duplicate ? 'duplicate' : 'ok') : result.code));
  const conflict = 'EVENT_CONFLICT';
  expect(outcomes).toEqual(['ok', 'duplicate', conflict, conflict, conflict, 'ok', 'duplicate', conflict, conflict]);
  expect(output.receipts.map(({ event, calls }) => `${event} ${calls}`)).toEqual(['e1 3', 'f1 1']);
});

it('a refused event leaves its id free', () => {
  live(`
    2026-01-05T10:00 use e1 no.such 5 → UNKNOWN_METER
    2026-01-05T10:00 use e1 identity 5
    2026-01-05T10:00 use e1 identity 5 → duplicate`);
});

it('packs: ids in use, refunds of used, given and refunded ones', () => {
  const output = live(`
    2026-01-05T10:00 buy p1 identity 1000
    2026-01-05T10:00 buy p1 bank_card 1000 → ID_TAKEN
    2026-01-05T10:00 gift p1 identity 5 → ID_TAKEN
    2026-01-05T10:00 gift g1 identity 5 x2
    2026-01-05T10:00 buy g1-2 identity 1000 → ID_TAKEN
    2026-01-05T10:00 refund g1-1 → GIFT_NOT_REFUNDABLE
    2026-01-05T10:00 buy p2 identity 1000
    2026-01-05T11:00 use e1 identity 6
    2026-01-05T11:00 refund p1 → PACK_IN_USE
    2026-01-05T11:00 void e1
    2026-01-05T11:00 void e1 → ALREADY_VOIDED
    2026-01-05T11:00 refund p1 → PACK_IN_USE
    2026-01-05T11:00 refund p2
    2026-01-05T11:00 refund p2 → ALREADY_REFUNDED
    2026-01-05T11:00 freeze p1 → NOT_FREEZABLE`);
  expect(packLine(output, 'p1')).toBe('active 1000 left, 0 forfeited');
  expect(packLine(output, 'p2')).toBe('refunded 0 left, 0 forfeited');
  expect(output.balance).toBe('9999700.00');
});

it('a month with calls that no public price covers cannot be closed', () => {
  const output = live(`
    2026-01-05T10:00 use e1 identity 200000
    2026-02-03T00:00 close 2026-01 → QUOTE_REQUIRED
    2026-02-04T00:00 void e1
    2026-02-04T00:00 close 2026-01
    2026-02-05T00:00 close 2026-01`);
  expect(output.bills).toHaveLength(1);
  expect(receiptLine(output, 'e1')).toBe('postpaid 200000, voided');
});

it('a code in neither column is held and never settled; a result that is not charged costs nothing', () => {
  const step = { at, do: 'use', action: 'MobileStatus' };
  const output = run({
    book: 'faceid-legacy',
    account,
    steps: [
      { ...step, id: 'e1', resultCode: '0' },
      { ...step, id: 'e2', resultCode: '-1' },
      { ...step, id: 'e3', resultCode: '77' },
      { at: '2026-02-03T00:00:00+08:00', do: 'close', month: '2026-01' },
    ],
  });
  expect(output.results[2]).toEqual({ step: 2, ok: true, status: 'held' });
  expect(output.receipts.map(({ event, outcome, postpaid }) => `${event} ${outcome} ${postpaid}`)).toEqual([
    'e1 charged 1',
    'e2 not-charged 0',
    'e3 held 0',
  ]);
  expect(output.bills[0]).toMatchObject({ total: '0.40', usage: [{ calls: 2, postpaid: 1, notCharged: 1 }] });
});

describe('what is no scenario', () => {
  const problems = (json: unknown): string => {
    const answer = simulate(json, loadCatalog());
    if ('problems' in answer) return answer.problems.map(({ pointer, code }) => `${pointer} ${code}`).join(', ');
    return 'refused' in answer ? answer.refused : 'runs';
  };
  const scenario = (change: object) => ({ book: 'faceid-legacy', account, steps: [], ...change });
  const steps = (...all: object[]) => scenario({ steps: all });

  it.each([
    ['nothing', null, ' WRONG_TYPE'],
    ['a list', [], ' WRONG_TYPE'],
    ['an unknown field', scenario({ title: 'x' }), '/title UNKNOWN_FIELD'],
    [
      'an unknown field of the account',
      scenario({ account: { ...account, phone: '1' } }),
      '/account/phone UNKNOWN_FIELD',
    ],
    ['an unknown book', scenario({ book: 'nope' }), 'UNKNOWN_BOOK'],
    ['no book', { account, steps: [] }, '/book MISSING'],
    ['a book that is a number', scenario({ book: 7 }), '/book WRONG_TYPE'],
    ['a bad inline book', scenario({ book: { id: 'x' } }), expect.stringContaining('/book/title MISSING')],
    ['a bad balance', scenario({ account: { ...account, balance: '1,000' } }), '/account/balance WRONG_FORMAT'],
    ['a bad day', scenario({ account: { ...account, opened: '2026-02-30' } }), '/account/opened NO_SUCH_DAY'],
    ...['Mars/Olympus', '+00:07', '-03:00', 'asia/shanghai', ''].map((timeZone): [string, unknown, string] => [
      `the zone "${timeZone}"`,
      scenario({ account: { ...account, timeZone } }),
      '/account/timeZone NO_SUCH_ZONE',
    ]),
    ['an unknown step', steps({ at, do: 'fly' }), '/steps/0/do NOT_A_CHOICE'],
    ['a step without a time', steps({ at, ...use }, { ...use }), '/steps/1/at MISSING'],
    ['a time without offset', steps({ ...use, at: '2026-01-05 10:00' }), '/steps/0/at WRONG_FORMAT'],
    [
      'steps out of order',
      steps({ at, ...use }, { ...use, at: '2026-01-05T09:59:59+08:00' }),
      '/steps/1/at OUT_OF_RANGE',
    ],
  ])('%s', (_, json, expected) => expect(problems(json)).toEqual(expected));

  it("an account outside the dates of the book is the operator's decision", () => {
    expect(problems(scenario({ account: { ...account, opened: '2026-01-01' } }))).toBe('runs');
  });

  it('order is of instants, not of texts', () => {
    expect(problems(steps({ at, ...use }, { at: '2026-01-05T02:00:00Z', ...use }))).toBe('runs');
  });
});

describe('tiers of an account’s own', () => {
  it.each([
    ['blocks', { per: 7, part: 'up' }, 'cannot have tiers of your own'],
    ['single calls', {}, 'or write all tiers of your own, rising from 0'],
  ])('of %s: what can be done', (_, block, advice) => {
    const book = bentBook('faceid-legacy', (document) => {
      const { tariffs } = document as unknown as { tariffs: { id: string; tiers: object[] }[] };
      for (const tier of tariffs.find(({ id }) => id === 'identity')?.tiers ?? []) Object.assign(tier, block);
    });
    const step = { at, ...price({ identity: [{ from: 7, price: '1' }] }) };
    const [result] = run({ book, account, steps: [step] }).results;
    expect(result).toMatchObject({ code: 'UNKNOWN_TIER' });
    expect(JSON.stringify(result)).toContain(advice);
  });
});
