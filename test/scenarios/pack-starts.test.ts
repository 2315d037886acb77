// Packs that start the day after their delivery, or on a day that the buyer chooses.

import { describe, expect, it } from 'vitest';
import { hasProblems, parsePriceBook } from '../../src/book/decode.ts';
import { callsOf } from '../../src/core/units.ts';
import { quote } from '../../src/scenario/quote.ts';
import { bentBook, granted, live, packLine, receiptLine, run } from './story.ts';

const bookWith = (packStart: string, more: object = {}) =>
  bentBook('faceid-legacy', ({ policies }) => Object.assign(policies, { packStart, ...more }));

describe('a pack of the next day', () => {
  it('pays from 00:00 of the day after on, and is pending until then', () => {
    const story = `
      2026-01-05T10:00 buy p1 identity 1000
      2026-01-06T09:00 use e1 identity 1 @2026-01-05T10:01
      2026-01-06T09:00 use e2 identity 1 @2026-01-05T23:59:59.999
      2026-01-06T09:00 use e3 identity 1 @2026-01-06T00:00`;
    const output = live(story, { book: bookWith('next-day') });
    expect(['e1', 'e2', 'e3'].map((id) => receiptLine(output, id))).toEqual([
      'postpaid 1',
      'postpaid 1',
      'p1 1, postpaid 0',
    ]);
    const pending = live('2026-01-05T10:00 buy p1 identity 1000', { book: bookWith('next-day') });
    expect(packLine(pending, 'p1')).toBe('pending 1000 left, 0 forfeited');
  });

  it.each([
    ['end-of-day', '2026-03-01T00:00:00+08:00'],
    ['instant', '2026-02-28T00:00:00+08:00'],
  ])('lives from its start: until %s', (packExpiry, expiresAt) => {
    const book = bookWith('next-day', { packExpiry, packValidity: 'P1M' });
    const output = live('2026-01-30T10:00 buy p1 identity 1000', { book });
    expect(output.packs).toMatchObject([{ effectiveAt: '2026-01-31T00:00:00+08:00', expiresAt }]);
  });

  it('is refunded by the day of its delivery', () => {
    live(
      `2026-01-05T00:00 buy p1 identity 1000
       2026-01-05T00:00 buy p2 identity 1000
       2026-01-12T23:59:59.999 refund p1
       2026-01-13T00:00:00.000 refund p2 → REFUND_WINDOW_CLOSED`,
      { book: bookWith('next-day') },
    );
  });

  it('given for a month on its last day starts at once: there is no day after it', () => {
    const book = bookWith('next-day');
    const output = live('2026-01-31T10:00 gift g1 identity 5 x2\n2026-01-31T10:00 gift g2 identity 5', { book });
    expect(output.packs.map(({ effectiveAt }) => effectiveAt)).toEqual([
      '2026-01-31T10:00:00+08:00',
      '2026-02-01T00:00:00+08:00',
      '2026-02-01T00:00:00+08:00',
    ]);
  });

  it('pays in a quote: what is quoted is a month with it', () => {
    const parsed = parsePriceBook(bookWith('next-day'));
    if (hasProblems(parsed)) throw new Error(JSON.stringify(parsed.problems));
    const packs = [{ product: 'basic_authority', size: callsOf(10_000), count: 1 }];
    const use = [{ of: 'liveness.basic.authority', calls: callsOf(15_000) }];
    expect(granted(quote(parsed.book, { use, packs, gifts: [] }))).toMatchObject({ total: '12250.00' });
  });
});

describe('a pack whose buyer chooses', () => {
  const buy = (at: string, startsOn?: string) => ({
    ...{ at: `${at}+08:00`, do: 'buy', id: 'p1', product: 'identity', size: 1000 },
    ...(startsOn === undefined ? {} : { startsOn }),
  });
  const bought = (packStart: string, at: string, startsOn?: string) => {
    const book = bookWith(packStart, { packExpiry: 'instant', packValidity: 'P1M' });
    const account = { id: 'acme', opened: '2020-03-01', balance: '1000.00' };
    const { results, packs } = run({ book, account, steps: [buy(at, startsOn)] });
    const [result] = results;
    if (result !== undefined && !result.ok) return `${result.code} ${result.pointer}`;
    return `${packs[0]?.effectiveAt} … ${packs[0]?.expiresAt}`;
  };

  it.each([
    ['no day', undefined, '2026-01-05T10:00:00+08:00 … 2026-02-05T10:00:00+08:00'],
    ['today: what is left of it', '2026-01-05', '2026-01-05T10:00:00+08:00 … 2026-02-05T10:00:00+08:00'],
    ['a day ahead', '2026-01-31', '2026-01-31T00:00:00+08:00 … 2026-02-28T00:00:00+08:00'],
    ['the furthest day', '2027-01-06', '2027-01-06T00:00:00+08:00 … 2027-02-06T00:00:00+08:00'],
    ['a day too far', '2027-01-07', 'START_NOT_FREE /steps/0/startsOn'],
    ['yesterday', '2026-01-04', 'START_NOT_FREE /steps/0/startsOn'],
    ['no day of the calendar', '2026-02-30', 'START_NOT_FREE /steps/0/startsOn'],
    ['no day at all', 'tomorrow', 'START_NOT_FREE /steps/0/startsOn'],
  ])('%s', (_, startsOn, life) => expect(bought('chosen', '2026-01-05T10:00:00', startsOn)).toBe(life));

  it.each(['instant', 'day', 'next-day'])('is refused a choice by a book of %s', (packStart) => {
    expect(bought(packStart, '2026-01-05T10:00:00', '2026-01-31')).toBe('START_NOT_FREE /steps/0/startsOn');
  });
});
