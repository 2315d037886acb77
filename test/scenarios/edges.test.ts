// Where one millisecond decides: months, pack lives, refund windows, the late window, the grace in arrears.

import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { bentBook, billLine, live, packLine, receiptLine, run } from './story.ts';

describe('a month', () => {
  it('is half open: its last millisecond is in, the next is not', () => {
    const output = live(`
      2026-01-31T23:59:59.999 use e1 identity 7
      2026-02-01T00:00:00.000 use e2 identity 5
      2026-02-03T00:00 close 2026-01
      2026-03-03T00:00 close 2026-02`);
    expect(billLine(output, '2026-01')).toBe('prepaid 0.00, postpaid 2.10, adjustments 0.00, total 2.10');
    expect(billLine(output, '2026-02')).toBe('prepaid 0.00, postpaid 1.50, adjustments 0.00, total 1.50');
  });

  it('takes packs and refunds by the same edge', () => {
    const output = live(`
      2026-01-31T23:59:59.999 buy p1 identity 1000
      2026-02-01T00:00:00.000 refund p1
      2026-02-03T00:00 close 2026-01
      2026-03-03T00:00 close 2026-02`);
    expect(billLine(output, '2026-01')).toBe('prepaid 300.00, postpaid 0.00, adjustments 0.00, total 300.00');
    expect(billLine(output, '2026-02')).toBe('prepaid -300.00, postpaid 0.00, adjustments 0.00, total -300.00');
  });

  it('may be closed from 00:00 on the 3rd', () => {
    live(`
      2026-02-02T23:59:59.999 close 2026-01 → PERIOD_OPEN
      2026-02-03T00:00:00.000 close 2026-01`);
  });

  it('needs a price for late calls of a meter without a tariff, also where their void is carried', () => {
    const book = JSON.parse(readFileSync('catalog/examples/sms-gateway.json', 'utf8'));
    const policies = { ...book.policies, lateWindow: 'P34D', finalAfter: 'P2D' };
    live(
      `2026-02-21T20:00 close 2026-01
       2026-02-23T20:00 use e1 sms.international 5 @2026-01-24T15:00:00
       2026-03-05T19:00 void e1
       2026-04-04T15:00 close 2026-03 → QUOTE_REQUIRED
       2026-04-04T15:00 close 2026-02 → QUOTE_REQUIRED`,
      { book: { ...book, policies } },
    );
  });

  it("is one of the account's own zone", () => {
    const output = live(
      `2026-02-01T12:59:59.999 use e1 identity 7
       2026-02-01T13:00:00.000 use e2 identity 5
       2026-02-03T12:59:59.999 close 2026-01 → PERIOD_OPEN
       2026-02-03T13:00:00.000 close 2026-01`,
      { account: { timeZone: 'America/New_York' } },
    );
    expect(billLine(output, '2026-01')).toBe('prepaid 0.00, postpaid 2.10, adjustments 0.00, total 2.10');
  });

  it('from before the account was opened has no bill; that of the opening day has one', () => {
    // In New York the account was opened on the last day of January, when it was February in Shanghai.
    const output = live(
      `2026-03-05T00:00 close 2019-01 → BEFORE_OPENING
       2026-03-05T00:00 close 2025-12 → BEFORE_OPENING
       2026-03-05T00:00 close 2026-01
       2026-03-05T00:00 close 2026-02`,
      { account: { opened: '2026-01-31', timeZone: 'America/New_York' } },
    );
    expect(output.bills.map(({ month }) => month)).toEqual(['2026-01', '2026-02']);
  });

  it('from before the account was opened has a bill all the same when a call was accepted in it', () => {
    const output = live(
      `2026-02-01T10:00 use e1 identity 7 @2026-01-31T10:00:00
       2026-03-05T00:00 close 2025-12 → BEFORE_OPENING
       2026-03-05T00:00 close 2026-01`,
      { account: { opened: '2026-02-01' } },
    );
    expect(billLine(output, '2026-01')).toBe('prepaid 0.00, postpaid 2.10, adjustments 0.00, total 2.10');
  });
});

describe('a pack', () => {
  it('pays until 23:59:59.999 of its anniversary, by the time of the call', () => {
    const output = live(`
      2025-01-05T10:00 buy p1 identity 1000
      2025-01-05T10:00 use e0 identity 1 @2025-01-05T09:59:59.999
      2025-01-05T10:00 use e1 identity 1
      2026-01-06T00:00 use e3 identity 1
      2026-01-06T00:01 use e2 identity 1 @2026-01-05T23:59:59.999`);
    expect(receiptLine(output, 'e0')).toBe('postpaid 1');
    expect(receiptLine(output, 'e1')).toBe('p1 1, postpaid 0');
    expect(receiptLine(output, 'e2')).toBe('p1 1, postpaid 0');
    expect(receiptLine(output, 'e3')).toBe('postpaid 1');
    expect(output.receipts.map(({ unused }) => unused.map(({ reason }) => reason).join())).toEqual([
      'not-yet-effective',
      '',
      'expired',
      '',
    ]);
    expect(packLine(output, 'p1')).toBe('expired 998 left, 0 forfeited');
  });

  it.each([
    ['2024-02-29T10:00', '2025-03-01T00:00:00+08:00'],
    ['2023-02-28T10:00', '2024-02-29T00:00:00+08:00'],
    ['2023-03-01T00:00', '2024-03-02T00:00:00+08:00'],
    ['2025-12-31T23:59:59.999', '2027-01-01T00:00:00+08:00'],
  ])('bought %s ends at %s', (bought, end) => {
    expect(live(`${bought} buy p1 identity 1000`).packs[0]).toMatchObject({ expiresAt: end });
  });

  it('of 29 February pays through 28 February of the next year', () => {
    const output = live(`
      2024-02-29T10:00 buy p1 identity 1000
      2025-02-28T23:59:59.999 use e1 identity 1
      2025-03-01T00:00 use e2 identity 1`);
    expect([receiptLine(output, 'e1'), receiptLine(output, 'e2')]).toEqual(['p1 1, postpaid 0', 'postpaid 1']);
  });

  it('of faceid-2021 starts at 00:00 of its day', () => {
    const output = live(
      `2026-01-05T10:00 buy p1 identity 1000
       2026-01-05T10:00 use e1 identity 1 @2026-01-05T00:00:00.000
       2026-01-05T10:00 use e2 identity 1 @2026-01-04T23:59:59.999`,
      { book: 'faceid-2021' },
    );
    expect([receiptLine(output, 'e1'), receiptLine(output, 'e2')]).toEqual(['p1 1, postpaid 0', 'postpaid 1']);
    expect(output.packs[0]).toMatchObject({
      effectiveAt: '2026-01-05T00:00:00+08:00',
      expiresAt: '2027-01-06T00:00:00+08:00',
    });
  });

  it('with an expiry to the instant ends there', () => {
    const book = bentBook('faceid-legacy', ({ policies }) => {
      policies.packExpiry = 'instant';
      policies.packValidity = 'P1M';
    });
    const output = live(
      `2026-01-31T10:00 buy p1 identity 1000
       2026-02-28T09:59:59.999 use e1 identity 1
       2026-02-28T10:00 use e2 identity 1`,
      { book },
    );
    expect([receiptLine(output, 'e1'), receiptLine(output, 'e2')]).toEqual(['p1 1, postpaid 0', 'postpaid 1']);
  });

  it.each([
    // The day of delivery, which began at 01:00, and the same day a month later.
    ['America/Santiago', '2026-09-06T10:00:00-03:00', '2026-09-06T01:00:00-03:00', '2026-10-06T00:00:00-03:00'],
    ['America/Havana', '2026-03-08T10:00:00-04:00', '2026-03-08T01:00:00-04:00', '2026-04-08T00:00:00-04:00'],
    ['Africa/Cairo', '2026-04-24T10:00:00+03:00', '2026-04-24T01:00:00+03:00', '2026-05-24T00:00:00+03:00'],
  ])('of whole days in %s ends at midnight, though it began at 01:00', (zone, at, effectiveAt, expiresAt) => {
    const book = bentBook('faceid-legacy', (document) => {
      document.timeZone = zone;
      Object.assign(document.policies, { packStart: 'day', packExpiry: 'instant', packValidity: 'P1M' });
    });
    const steps = [{ at, do: 'buy', id: 'p1', product: 'identity', size: 1000 }];
    const output = run({ book, account: { id: 'acme', balance: '1000.00' }, steps });
    expect(output.packs).toMatchObject([{ effectiveAt, expiresAt }]);
  });

  it('is refunded until 23:59:59.999 of day D + 7', () => {
    live(`
      2026-01-05T00:00 buy p1 identity 1000
      2026-01-05T23:59:59.999 buy p2 identity 1000
      2026-01-12T23:59:59.999 refund p1
      2026-01-13T00:00:00.000 refund p2 → REFUND_WINDOW_CLOSED`);
  });

  it('that lives shorter than its refund window is not paid back once it is forfeited', () => {
    const book = bentBook('faceid-legacy', ({ policies }) => {
      Object.assign(policies, { packValidity: 'P1M', refundDays: 366, lateWindow: 'P10D' });
    });
    const output = live(
      `2026-01-05T10:00 buy p1 identity 1000
       2026-01-05T10:00 buy p2 identity 1000
       2026-02-15T23:59:59.999 refund p1
       2026-02-16T00:00 refund p2 → PACK_EXPIRED`,
      { book },
    );
    expect(packLine(output, 'p2')).toBe('expired 0 left, 1000 forfeited');
  });
});

describe('terms of a product and of a size', () => {
  const own = (policies: object, product: object, size: object = {}) =>
    bentBook('faceid-legacy', (document) => {
      Object.assign(document.policies, policies);
      const identity = document.packProducts.find(({ id }) => id === 'identity');
      if (identity === undefined) throw new Error('the book sells no identity');
      Object.assign(identity, product);
      const { sizes } = identity as unknown as { sizes: { calls: number }[] };
      Object.assign(sizes.find(({ calls }) => calls === 1_000) ?? {}, size);
    });

  it.each([
    ['a book that never pays back', { refundDays: null }, {}, {}],
    ['a product that is never paid back', {}, { refundDays: null }, {}],
    ['a size that is never paid back, of a product that is', {}, { refundDays: 30 }, { refundDays: null }],
  ])('%s refuses in the very second', (_, policies, product, size) => {
    live(
      `2026-01-05T10:00 buy p1 identity 1000
       2026-01-05T10:00:00.001 refund p1 → NEVER_REFUNDABLE`,
      { book: own(policies, product, size) },
    );
  });

  it('zero days are until the end of the day, and a size may be paid back where its book never does', () => {
    live(
      `2026-01-05T10:00 buy p1 identity 1000
       2026-01-05T10:00 buy p2 identity 10000
       2026-01-05T23:59:59.999 refund p1
       2026-01-06T00:00 refund p2 → NEVER_REFUNDABLE`,
      { book: own({ refundDays: null }, {}, { refundDays: 0 }) },
    );
  });

  it.each([
    ['P90D', '2026-04-06T00:00:00+08:00'],
    ['P365D', '2027-01-06T00:00:00+08:00'],
    ['P1M15D', '2026-02-21T00:00:00+08:00'],
  ])('lives %s', (validity, expiresAt) => {
    const output = live('2026-01-05T10:00 buy p1 identity 1000', { book: own({}, { validity }) });
    expect(output.packs).toMatchObject([{ expiresAt }]);
  });

  it('a size lives its own time, the others that of the product, gifts of no size sold too', () => {
    const output = live(
      `2026-01-05T10:00 buy p1 identity 1000
       2026-01-05T10:00 buy p2 identity 10000
       2026-01-05T10:00 gift g1 identity 5`,
      { book: own({}, { validity: 'P6M' }, { validity: 'P30D' }) },
    );
    const ends = output.packs.map(({ id, expiresAt }) => [id, expiresAt]);
    expect(ends.toSorted()).toEqual([
      ['g1', '2026-07-06T00:00:00+08:00'],
      ['p1', '2026-02-05T00:00:00+08:00'],
      ['p2', '2026-07-06T00:00:00+08:00'],
    ]);
  });

  it('the smallest pack pays first, whatever was bought before', () => {
    const output = live(
      `2026-01-05T10:00 buy p1 identity 10000
       2026-01-06T10:00 buy p2 identity 1000
       2026-01-07T10:00 use e1 identity 1500`,
      { book: own({ drawOrder: ['gift-first', 'smallest-first'] }, {}) },
    );
    expect(receiptLine(output, 'e1')).toBe('p2 1000, p1 500, postpaid 0');
  });

  it('the pack whose calls were cheaper pays first', () => {
    const output = live(
      `2026-01-05T10:00 buy p1 identity 1000
       2026-01-06T10:00 buy p2 identity 10000
       2026-01-07T10:00 use e1 identity 10500`,
      { book: own({ drawOrder: ['cheapest-first'] }, {}) },
    );
    expect(receiptLine(output, 'e1')).toBe('p2 10000, p1 500, postpaid 0');
  });
});

describe('a monthly gift', () => {
  it('starts as the packs of its book do: with its day, or at once', () => {
    const story = `
      2026-01-05T10:00 gift g1 identity 5 x2
      2026-01-05T10:01 use e1 identity 1 @2026-01-05T00:00:00
      2026-01-05T10:01 use e2 identity 1 @2026-01-04T23:59:59.999
      2026-01-05T10:01 use e3 identity 1 @2026-01-05T10:00:00`;
    const paid = (packStart: string) => {
      const book = bentBook('faceid-legacy', ({ policies }) => Object.assign(policies, { packStart }));
      const output = live(story, { book });
      return ['e1', 'e2', 'e3'].map((id) => receiptLine(output, id));
    };
    expect(paid('day')).toEqual(['g1-1 1, postpaid 0', 'postpaid 1', 'g1-1 1, postpaid 0']);
    expect(paid('instant')).toEqual(['postpaid 1', 'postpaid 1', 'g1-1 1, postpaid 0']);
  });

  it("has the months of the account's own zone, as its bills", () => {
    // 12:59:59.999 on the 1st in Shanghai is the last millisecond of January in New York.
    const output = live(
      `2026-02-01T12:00 gift g1 identity 5 x2
       2026-02-01T12:59:59.999 use e1 identity 9
       2026-02-01T13:00:00.000 use e2 identity 9`,
      { account: { timeZone: 'America/New_York' } },
    );
    expect(['e1', 'e2'].map((id) => receiptLine(output, id))).toEqual(['g1-1 5, postpaid 4', 'g1-2 5, postpaid 4']);
    const ends = ['2026-02-01T13:00:00+08:00', '2026-03-01T13:00:00+08:00'];
    expect(output.packs.map(({ expiresAt }) => expiresAt)).toEqual(ends);
  });

  it("starts with the day of the account's zone, not before its month", () => {
    const book = bentBook('faceid-legacy', ({ policies }) => Object.assign(policies, { packStart: 'day' }));
    const output = live('2026-02-01T12:00 gift g1 identity 5 x1', { book, account: { timeZone: 'America/New_York' } });
    expect(output.packs).toMatchObject([{ effectiveAt: '2026-01-31T13:00:00+08:00' }]);
  });
});

describe('forfeits', () => {
  const bought = '2025-01-05T10:00 buy p1 identity 1000\n2025-01-06T10:00 use e1 identity 400\n';

  it('are booked when no late call can reach the pack any more, 34 days after its end', () => {
    // The pack ends at 2026-01-06T00:00; 34 days later is 2026-02-09T00:00.
    const story = (now: string) => packLine(live(`${bought}${now} topup 1.00`), 'p1');
    expect(story('2026-02-08T23:59:59.999')).toBe('expired 600 left, 0 forfeited');
    expect(story('2026-02-09T00:00:00.000')).toBe('expired 0 left, 600 forfeited');
  });

  it('stand on the bill of that day with what they were worth, whenever the ledger hears of it', () => {
    const output = live(`${bought}
      2026-03-01T00:00 topup 1.00
      2026-03-03T00:00 close 2026-01
      2026-03-03T00:00 close 2026-02
      2026-04-03T00:00 close 2026-03`);
    const forfeited = output.bills.map((bill) => bill.forfeited);
    expect(forfeited).toEqual([[], [{ pack: 'p1', product: 'identity', calls: 600, worth: '180.00' }], []]);
  });

  it('of a gift are worth nothing', () => {
    const output = live(`
      2025-01-05T10:00 gift g1 identity 50
      2026-02-09T00:00 topup 1.00
      2026-03-03T00:00 close 2026-02`);
    expect(output.bills[0]?.forfeited).toEqual([{ pack: 'g1', product: 'identity', calls: 50, worth: '0.00' }]);
  });
});

describe('arrears', () => {
  const opening = `
    2026-01-05T10:00 buy p1 identity 1000
    2026-01-05T10:00 use e1 bank_card 1000
    2026-02-03T00:00 close 2026-01`;

  it('a balance negative for 24 hours after a bill stops packs from paying; a top-up to zero restores them', () => {
    const output = live(
      `${opening}
       2026-02-03T23:59:59.999 use e2 identity 1
       2026-02-04T00:00:00.000 use e3 identity 1
       2026-02-04T00:00:00.000 topup 79.99
       2026-02-04T00:00:00.000 use e4 identity 1
       2026-02-04T00:00:00.000 topup 0.01
       2026-02-04T00:00:00.000 use e5 identity 1`,
      { balance: '600.00' },
    );
    expect(['e2', 'e3', 'e4', 'e5'].map((event) => receiptLine(output, event))).toEqual([
      'p1 1, postpaid 0',
      'postpaid 1',
      'postpaid 1',
      'p1 1, postpaid 0',
    ]);
    expect(output.receipts[2]).toMatchObject({ stopped: true, unused: [{ pack: 'p1', reason: 'service-stopped' }] });
    expect(output.balance).toBe('0.00');
  });

  it('a book may let packs pay all the same', () => {
    const book = bentBook('faceid-legacy', ({ policies }) => {
      policies.packsUsableInArrears = true;
    });
    const output = live(`${opening}\n2026-03-01T00:00 use e2 identity 1`, { book, balance: '600.00' });
    expect(receiptLine(output, 'e2')).toBe('p1 1, postpaid 0');
  });

  it('a balance of exactly zero is no arrears', () => {
    const output = live(`${opening}\n2026-03-01T00:00 use e2 identity 1`, { balance: '680.00' });
    expect(receiptLine(output, 'e2')).toBe('p1 1, postpaid 0');
  });
});
