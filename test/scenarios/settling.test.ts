// Who pays for a call, and what later corrections do: gifts, order, ratios, late events, voids.

import { describe, expect, it } from 'vitest';
import { bentBook, billLine, live, packLine, receiptLine } from './story.ts';

describe('draw order', () => {
  it('gifts, then what expires first, then what was bought first; one event over several packs', () => {
    const output = live(`
      2026-01-01T00:00 buy  late  identity 1000
      2026-01-02T00:00 buy  later identity 1000
      2026-01-03T00:00 gift free  identity 50
      2026-01-04T00:00 use  e1    identity 1060
      2026-01-04T00:00 use  e2    identity 2000`);
    expect(receiptLine(output, 'e1')).toBe('free 50, late 1000, later 10, postpaid 0');
    expect(receiptLine(output, 'e2')).toBe('later 990, postpaid 1010');
    expect(output.receipts[1]?.unused).toEqual([
      { pack: 'free', reason: 'exhausted' },
      { pack: 'late', reason: 'exhausted' },
      { pack: 'later', reason: 'exhausted' },
    ]);
  });

  it('a pack pays only for the meters it covers, and is told so', () => {
    const output = live(`
      2026-01-01T00:00 buy p1 basic_authority 1000
      2026-01-01T00:00 buy p2 identity 1000
      2026-01-02T00:00 refund p2
      2026-01-02T00:00 use e1 photo.authority 300
      2026-01-02T00:00 use e2 liveness.basic.authority 300
      2026-01-02T00:00 use e3 identity 5
      2026-01-02T00:00 use e4 liveness.wechat.authority 5`);
    expect(packLine(output, 'p1')).toBe('active 400 left, 0 forfeited');
    expect(
      output.receipts.map(({ unused }) => unused.map(({ pack, reason }) => `${pack} ${reason}`).join(', ')),
    ).toEqual([
      'p2 does-not-cover',
      'p2 does-not-cover',
      'p2 refunded, p1 does-not-cover',
      'p2 does-not-cover, p1 does-not-cover',
    ]);
  });

  it('a pack with a ratio pays whole calls only; what is left of it stays', () => {
    const book = bentBook('faceid-legacy', ({ packProducts }) => {
      packProducts.find(({ id }) => id === 'basic_authority')!.covers[1]!.ratio = 3;
    });
    const output = live(
      `2026-01-01T00:00 buy p1 basic_authority 1000
       2026-01-02T00:00 use e1 photo.authority 400
       2026-01-02T00:00 use e2 liveness.basic.authority 2
       2026-01-02T00:00 void e1`,
      { book },
    );
    expect(receiptLine(output, 'e1')).toBe('p1 333, postpaid 67, voided');
    expect(output.receipts.map(({ unused }) => unused)).toEqual([
      [{ pack: 'p1', reason: 'too-few-units' }],
      [{ pack: 'p1', reason: 'exhausted' }],
    ]);
    expect(receiptLine(output, 'e2')).toBe('p1 1, postpaid 1');
    expect(packLine(output, 'p1')).toBe('active 999 left, 0 forfeited');
  });
});

describe('a pack that cannot pay one call more', () => {
  const pooled = (ratios: readonly [number, number]) =>
    bentBook('faceid-legacy', ({ packProducts }) => {
      const { covers } = packProducts.find(({ id }) => id === 'basic_authority')!;
      ratios.forEach((ratio, at) => {
        covers[at]!.ratio = ratio;
      });
      covers.splice(2);
    });
  const reasons = (ratios: readonly [number, number], calls: number) =>
    live(
      `2026-01-01T00:00 gift g1 basic_authority ${calls}
       2026-01-02T00:00 use e1 photo.authority 400`,
      { book: pooled(ratios) },
    ).receipts.map(({ unused }) => unused.map(({ reason }) => reason));

  it('has units left that do not suffice: said as such, "exhausted" only where none can be left', () => {
    expect(reasons([1, 12], 100)).toEqual([['too-few-units']]);
    expect(reasons([12, 12], 120)).toEqual([['exhausted']]);
    expect(reasons([24, 12], 120)).toEqual([['exhausted']]);
    expect(reasons([24, 12], 121)).toEqual([['too-few-units']]);
    expect(reasons([1, 1], 100)).toEqual([['exhausted']]);
  });
});

describe('monthly gifts', () => {
  const gifts = '2026-01-10T00:00 gift g1 identity 50 x3\n';

  it('begin at 00:00 of the 1st, the first at once, and end with their month', () => {
    const { packs } = live(gifts);
    expect(packs.map(({ id, effectiveAt, expiresAt, state }) => `${id} ${effectiveAt} ${expiresAt} ${state}`)).toEqual([
      'g1-1 2026-01-10T00:00:00+08:00 2026-02-01T00:00:00+08:00 active',
      'g1-2 2026-02-01T00:00:00+08:00 2026-03-01T00:00:00+08:00 pending',
      'g1-3 2026-03-01T00:00:00+08:00 2026-04-01T00:00:00+08:00 pending',
    ]);
  });

  it('pay the calls of their month, also late ones, and are forfeited 34 days after it', () => {
    const output = live(`${gifts}
      2026-01-31T23:59:59.999 use e1 identity 30
      2026-02-01T00:00 use e2 identity 60
      2026-02-02T00:00 use e3 identity 30 @2026-01-31T12:00:00
      2026-03-07T00:00 topup 1.00
      2026-05-20T00:00 topup 1.00`);
    expect(['e1', 'e2', 'e3'].map((event) => receiptLine(output, event))).toEqual([
      'g1-1 30, postpaid 0',
      'g1-2 50, postpaid 10',
      'g1-1 20, postpaid 10',
    ]);
    expect(['g1-1', 'g1-3'].map((pack) => packLine(output, pack))).toEqual([
      'expired 0 left, 0 forfeited',
      'expired 0 left, 50 forfeited',
    ]);
  });

  it('are worth on the bill what their calls would have cost at the tier reached', () => {
    const output = live(`${gifts}
      2026-01-11T00:00 use e1 identity 20050
      2026-02-03T00:00 close 2026-01`);
    expect(output.bills[0]).toMatchObject({
      total: '5600.00',
      giftsUsed: [{ pack: 'g1-1', calls: 50, saved: '14.00' }],
    });
  });
});

describe('corrections of a final month', () => {
  it('a late event that lifts the month over a bound, and its void, are adjustments of the month they arrive in', () => {
    const output = live(`
      2026-01-05T00:00 use e1 liveness.basic.authority 999
      2026-02-03T00:00 close 2026-01
      2026-02-04T00:00 use e2 liveness.wechat.authority 1 @2026-01-31T23:59:59.999
      2026-03-03T00:00 close 2026-02
      2026-03-04T00:00 void e2
      2026-04-03T00:00 close 2026-03`);
    expect(['2026-01', '2026-02', '2026-03'].map((month) => billLine(output, month))).toEqual([
      'prepaid 0.00, postpaid 999.00, adjustments 0.00, total 999.00',
      'prepaid 0.00, postpaid 0.00, adjustments -149.00, total -149.00',
      'prepaid 0.00, postpaid 0.00, adjustments 149.00, total 149.00',
    ]);
    expect(output.bills[1]?.lines).toMatchObject([
      {
        kind: 'adjustment',
        month: '2026-01',
        tariff: 'liveness_verification',
        before: 999,
        after: 1000,
        amount: '-149.00',
      },
    ]);
    expect(output.balance).toBe('9999001.00');
  });

  it('corrections to and fro in one month cancel out', () => {
    const output = live(`
      2026-01-05T00:00 use e1 identity 10
      2026-02-03T00:00 close 2026-01
      2026-02-04T00:00 use e2 identity 5 @2026-01-31T00:00
      2026-02-05T00:00 void e2
      2026-03-03T00:00 close 2026-02`);
    expect(billLine(output, '2026-02')).toBe('prepaid 0.00, postpaid 0.00, adjustments 0.00, total 0.00');
  });

  it('a late event that a pack pays costs nothing, but counts where the tier basis is gross', () => {
    const story = `
      2026-01-01T00:00 gift g1 basic_authority 1
      2026-01-05T00:00 use e1 liveness.wechat.authority 999
      2026-02-03T00:00 close 2026-01
      2026-02-04T00:00 use e2 liveness.basic.authority 1 @2026-01-31T00:00
      2026-03-03T00:00 close 2026-02`;
    const book = bentBook('faceid-legacy', ({ tariffs }) => {
      tariffs.find(({ id }) => id === 'liveness_verification')!.basis = 'gross';
    });
    expect(billLine(live(story), '2026-02')).toContain('adjustments 0.00');
    // 1,000 calls in all: the 999 postpaid ones now cost 0.85 each.
    expect(billLine(live(story, { book }), '2026-02')).toContain('adjustments -149.85');
  });

  it('a correction into an unpriced tier blocks the bill it arrives on', () => {
    const output = live(`
      2026-01-05T00:00 use e1 identity 199999
      2026-02-03T00:00 close 2026-01
      2026-02-04T00:00 use e2 identity 1 @2026-01-31T00:00
      2026-03-03T00:00 close 2026-02 → QUOTE_REQUIRED
      2026-03-03T00:00 void e2
      2026-03-03T00:00 close 2026-02 → QUOTE_REQUIRED
      2026-04-03T00:00 close 2026-03 → QUOTE_REQUIRED`);
    expect(output.bills).toHaveLength(1);
  });

  it('late but before the close is no correction', () => {
    const output = live(`
      2026-01-05T00:00 use e1 liveness.basic.authority 999
      2026-02-02T00:00 use e2 liveness.basic.authority 1 @2026-01-31T23:59:59.999
      2026-02-03T00:00 close 2026-01`);
    expect(billLine(output, '2026-01')).toBe('prepaid 0.00, postpaid 850.00, adjustments 0.00, total 850.00');
  });
});

describe('a void', () => {
  const split = `
    2025-01-05T10:00 gift g1 identity 50
    2025-01-05T10:00 buy p1 identity 1000
    2026-01-05T10:00 use e1 identity 1100`;

  it('gives a split event back to every pack and the counter', () => {
    const output = live(`${split}
      2026-01-05T10:00 void e1
      2026-01-05T11:00 use e2 identity 60
      2026-02-03T00:00 close 2026-01`);
    expect(receiptLine(output, 'e1')).toBe('g1 50, p1 1000, postpaid 50, voided');
    expect(receiptLine(output, 'e2')).toBe('g1 50, p1 10, postpaid 0');
    expect(billLine(output, '2026-01')).toBe('prepaid 0.00, postpaid 0.00, adjustments 0.00, total 0.00');
  });

  it('gives back to an expired pack while its late window is open, and what comes later is forfeited at once', () => {
    const inside = live(`${split}\n2026-02-08T23:59:59.999 void e1`);
    expect(packLine(inside, 'p1')).toBe('expired 1000 left, 0 forfeited');
    expect(packLine(live(`${split}\n2026-02-09T00:00 void e1`), 'p1')).toBe('expired 0 left, 1000 forfeited');
    const after = live(`${split}
      2026-02-09T00:00 void e1
      2026-03-03T00:00 close 2026-02`);
    expect(packLine(after, 'p1')).toBe('expired 0 left, 1000 forfeited');
    expect(after.bills[0]?.forfeited).toMatchObject([
      { pack: 'g1', calls: 50, worth: '0.00' },
      { pack: 'p1', calls: 1000, worth: '300.00' },
    ]);
  });
});

it('a meter without a tariff: what packs do not pay has no price and blocks the bill', () => {
  const book = bentBook('faceid-legacy', ({ meters, tariffs }) => {
    meters.find(({ id }) => id === 'identity')!.tariff = null;
    tariffs.splice(
      tariffs.findIndex(({ id }) => id === 'identity'),
      1,
    );
  });
  const output = live(
    `2026-01-01T00:00 gift g1 identity 50
     2026-01-02T00:00 use e1 identity 50
     2026-01-02T00:00 use e2 identity 1
     2026-02-03T00:00 close 2026-01 → QUOTE_REQUIRED
     2026-02-03T00:00 void e2
     2026-02-03T00:00 close 2026-01`,
    { book },
  );
  expect(output.bills[0]).toMatchObject({ total: '0.00', giftsUsed: [{ pack: 'g1', calls: 50, saved: null }] });
});
