// Packs that also pay for the calls of their day, or of their month, that came before them.
import { describe, expect, it, test } from 'vitest';
import { lintBook } from '../../src/book/lint.ts';
import { tierBook } from '../book/tier-book.ts';
import { live } from './story.ts';

type Policies = ReturnType<typeof tierBook>['policies'];

const packs = { id: 'g', title: { zh: '包', en: 'pack' }, covers: [{ meter: 'm' }] };
const bookOf = (packCovers: string, more: Partial<Policies> = {}) => {
  const book = tierBook('flat', [{ from: 0, to: null, price: '1' }] as never);
  const sizes = [
    { calls: 100, price: '50' },
    { calls: 1000, price: '400' },
  ];
  return {
    ...book,
    packProducts: [{ ...packs, sizes }],
    policies: { ...book.policies, packValidity: 'P1M', packStart: 'day', packExpiry: 'instant', packCovers, ...more },
  };
};
const paid = (output: ReturnType<typeof live>) =>
  output.receipts.map(({ event, draws, postpaid }) => [
    event,
    draws
      .map(({ pack, calls, drawnLater }) => `${pack} ${calls}${drawnLater === undefined ? '' : ' later'}`)
      .join(', '),
    postpaid,
  ]);

describe('a pack of a book whose packs cover their day', () => {
  it('pays for what was used earlier the same day', () => {
    const output = live('2026-01-15T08:00 use e0 m 10\n2026-01-15T10:00 buy p g 100', { book: bookOf('day') });
    expect(output.packs).toMatchObject([{ id: 'p', remaining: 90 }]);
    expect(output.receipts).toMatchObject([
      {
        event: 'e0',
        postpaid: 0,
        draws: [{ pack: 'p', calls: 10, drawnLater: { time: '2026-01-15T10:00:00+08:00' } }],
      },
    ]);
  });

  it('leaves it as it was where packs pay for their life alone', () => {
    const story = '2026-01-15T08:00 use e0 m 10\n2026-01-15T10:00 buy p g 100';
    for (const book of [bookOf('life'), bookOf('life', { packStart: 'instant' })]) {
      expect(live(story, { book }).receipts).toMatchObject([{ postpaid: 10, draws: [] }]);
    }
  });

  it('draws in ledger order as far as it goes, and no call twice', () => {
    const output = live(
      `2026-01-14T23:59:59 use before m 5
       2026-01-15T00:00 use e1 m 70
       2026-01-15T08:00 use e2 m 70
       2026-01-15T09:00 buy p1 g 100
       2026-01-15T09:00 buy p2 g 100
       2026-01-15T09:01 use late m 3 @2026-01-15T07:00
       2026-01-15T09:02 use yesterday m 3 @2026-01-14T07:00`,
      { book: bookOf('day') },
    );
    expect(paid(output)).toEqual([
      ['before', '', 5],
      ['e1', 'p1 70 later', 0],
      ['e2', 'p1 30 later, p2 40 later', 0],
      ['late', 'p2 3', 0],
      ['yesterday', '', 3],
    ]);
    expect(output.packs).toMatchObject([
      { id: 'p1', remaining: 0, state: 'exhausted' },
      { id: 'p2', remaining: 57 },
    ]);
  });

  it('keeps its life: only what it pays for begins earlier', () => {
    const book = bookOf('day', { packStart: 'instant' });
    expect(live('2026-01-15T10:00 buy p g 100', { book }).packs).toMatchObject([
      { effectiveAt: '2026-01-15T00:00:00+08:00', expiresAt: '2026-02-15T10:00:00+08:00' },
    ]);
  });

  it('goes by the day of the account', () => {
    const output = live(
      `2026-01-15T08:00 use e1 m 1
       2026-01-15T14:00 use e2 m 1
       2026-01-15T15:00 buy p g 100`,
      { book: bookOf('day', { packStart: 'instant' }), account: { timeZone: 'America/New_York' } },
    );
    expect(paid(output)).toEqual([
      ['e1', '', 1],
      ['e2', 'p 1 later', 0],
    ]);
  });

  it('gives back what a void undoes; is not untouched any more; pays nothing of a voided call', () => {
    const output = live(
      `2026-01-15T08:00 use e0 m 10
       2026-01-15T08:00 use gone m 7
       2026-01-15T08:01 void gone
       2026-01-15T10:00 buy p g 100
       2026-01-15T10:01 refund p → PACK_IN_USE
       2026-01-15T10:02 void e0
       2026-01-15T10:03 refund p → PACK_IN_USE`,
      { book: bookOf('day') },
    );
    expect(output.packs).toMatchObject([{ remaining: 100 }]);
    expect(output.receipts).toMatchObject([
      { event: 'e0', voided: true },
      { event: 'gone', draws: [], voided: true },
    ]);
  });

  it('a gift does so too', () => {
    const output = live('2026-01-15T08:00 use e0 m 10\n2026-01-15T10:00 gift p g 4', { book: bookOf('day') });
    expect(paid(output)).toEqual([['e0', 'p 4 later', 6]]);
  });
});

describe('a pack of a book whose packs cover their month', () => {
  it('takes what it pays from the bill of the month, and leaves a month that is final', () => {
    const output = live(
      `2026-01-31T23:00 use e1 m 20
       2026-02-02T08:00 use e2 m 30
       2026-02-03T00:00 close 2026-01
       2026-02-20T10:00 buy p g 100
       2026-02-21T10:00 use e3 m 80
       2026-03-03T00:00 close 2026-02`,
      { book: bookOf('month', { packStart: 'instant' }) },
    );
    expect(paid(output)).toEqual([
      ['e1', '', 20],
      ['e2', 'p 30 later', 0],
      ['e3', 'p 70', 10],
    ]);
    expect(output.bills).toMatchObject([
      { month: '2026-01', postpaid: '20.00' },
      { month: '2026-02', postpaid: '10.00', prepaid: '50.00' },
    ]);
  });
});

describe('calls that came while service was stopped', () => {
  const story = `2026-01-31T23:00 use e1 m 20
    2026-02-03T00:00 close 2026-01
    2026-02-05T08:00 use stopped m 5
    2026-02-05T09:00 topup 100.00
    2026-02-05T10:00 use e2 m 7
    2026-02-05T11:00 buy p g 100`;

  it.each([
    [false, ['stopped', '', 5]],
    [true, ['stopped', 'p 5 later', 0]],
  ])('packs usable in arrears: %s', (packsUsableInArrears, expected) => {
    const output = live(story, { book: bookOf('day', { packsUsableInArrears } as never), balance: '0.00' });
    expect(paid(output)).toEqual([['e1', '', 20], expected, ['e2', 'p 7 later', 0]]);
  });
});

test.each(['next-day', 'chosen'])('a book of packs that start %s cannot say so', (packStart) => {
  expect(lintBook(bookOf('day', { packStart }))).toMatchObject([
    { severity: 'error', code: 'COVERS_BEFORE_START', pointer: '/policies/packCovers' },
  ]);
  expect(lintBook(bookOf('life', { packStart })).filter(({ severity }) => severity === 'error')).toEqual([]);
});
