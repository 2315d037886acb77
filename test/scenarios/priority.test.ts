// Which of several packs pays first for a meter, where a book says so by priority.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addPack, openHead } from '../../src/account/head.ts';
import { recordUse } from '../../src/account/use.ts';
import { hasProblems, parsePriceBook } from '../../src/book/decode.ts';
import { packNoOf } from '../../src/core/bill.ts';
import { differencesOf } from '../../src/core/book-version.ts';
import { livePackOf } from '../../src/core/pack.ts';
import type { PriceBook } from '../../src/core/price-book.ts';
import { isRefusal } from '../../src/core/refusal.ts';
import { callsOf, instantOf, noMoney } from '../../src/core/units.ts';
import { inOrderOfPayers } from '../../src/forecast/day-order.ts';
import { bentBook, live, receiptLine } from './story.ts';

type Covers = Record<string, { meter: string; ratio?: number; priority?: number }[]>;

/** Two products that both pay for meters `a` and `b`, and one for `a` alone. */
function book(covers: Covers, drawOrder: readonly string[]): unknown {
  return bentBook('faceid-legacy', (document) => {
    const { packProducts, policies } = document;
    document.packProducts = Object.entries(covers).map(([id, list]) => ({
      ...packProducts[0]!,
      id,
      covers: list.map((cover) => ({ ...cover, meter: meterOf[cover.meter]! })),
    }));
    Object.assign(document, { codeTable: [] });
    policies.drawOrder = drawOrder;
  });
}
const meterOf: Record<string, string> = { a: 'identity', b: 'bank_card' };

const shared: Covers = {
  first: [
    { meter: 'a', priority: 2 },
    { meter: 'b', priority: 1 },
  ],
  second: [
    { meter: 'a', priority: 1 },
    { meter: 'b', priority: 2 },
  ],
  narrow: [{ meter: 'a' }],
};

const story = `
  2026-01-05T10:00 buy p1 first 1000
  2026-01-05T10:01 buy p2 second 1000
  2026-01-05T10:02 buy p3 narrow 1000
  2026-01-05T10:03 gift g1 first 5
  2026-01-06T10:00 use e1 identity 2010
  2026-01-06T10:01 use e2 bank_card 3`;

describe('priority', () => {
  it('decides by what is called: each meter has its own first product, one without a priority pays last', () => {
    const output = live(story, { book: book(shared, ['priority-first', 'earliest-bought']) });
    expect(receiptLine(output, 'e1')).toBe('p2 1000, p1 1000, g1 5, p3 5, postpaid 0');
    expect(receiptLine(output, 'e2')).toBe('postpaid 3');
    const reasons = output.receipts.map(({ unused }) => unused.map(({ pack, reason }) => `${pack} ${reason}`));
    expect(reasons).toEqual([
      ['p2 exhausted', 'p1 exhausted', 'g1 exhausted'],
      ['p1 exhausted', 'g1 exhausted', 'p2 exhausted', 'p3 does-not-cover'],
    ]);
  });

  it('stands where drawOrder puts it: a gift before it', () => {
    const output = live(story, { book: book(shared, ['gift-first', 'priority-first', 'earliest-bought']) });
    expect(receiptLine(output, 'e1')).toBe('g1 5, p2 1000, p1 1000, p3 5, postpaid 0');
  });

  it('of one meter, the other follows the rest of the order', () => {
    const covers = {
      ...shared,
      second: [{ meter: 'a', priority: 1 }, { meter: 'b' }],
      first: [{ meter: 'a' }, { meter: 'b' }],
    };
    const output = live(
      `2026-01-05T10:00 buy p1 first 1000
       2026-01-05T10:01 buy p2 second 1000
       2026-01-06T10:00 use e1 identity 1
       2026-01-06T10:01 use e2 bank_card 3`,
      { book: book(covers, ['priority-first', 'earliest-bought']) },
    );
    expect(receiptLine(output, 'e1')).toBe('p2 1, postpaid 0');
    expect(receiptLine(output, 'e2')).toBe('p1 3, postpaid 0');
  });

  it('is refused where drawOrder has no place for it, and is no price', () => {
    const parsed = parsePriceBook(book(shared, ['earliest-bought']));
    if (!hasProblems(parsed)) throw new Error('read');
    expect(parsed.problems.map(({ code, pointer }) => `${code} ${pointer}`)).toEqual(
      ['0/covers/0', '0/covers/1', '1/covers/0', '1/covers/1'].map(
        (at) => `PRIORITY_UNUSED /packProducts/${at}/priority`,
      ),
    );
    const other = { ...shared, narrow: [{ meter: 'a', priority: 7 }] };
    const [one, two] = [shared, other].map((covers) => decoded(covers));
    expect(differencesOf(one!, two!)).toEqual(['packProducts']);
  });
});

function decoded(covers: Covers): PriceBook {
  const parsed = parsePriceBook(book(covers, ['priority-first', 'earliest-bought']));
  if (hasProblems(parsed)) throw new Error(JSON.stringify(parsed.problems));
  return parsed.book;
}

describe('a day lived again from who paid', () => {
  const at = instantOf(Date.parse('2026-01-06T10:00:00+08:00'));
  const priority = fc.option(fc.integer({ min: 1, max: 3 }), { nil: undefined });
  const cover = (meter: string) => priority.map((own) => ({ meter, ...(own === undefined ? {} : { priority: own }) }));
  const covers = fc.tuple(...['a', 'b', 'a', 'b'].map(cover)).map(([a1, b1, a2, b2]) => ({
    first: [a1!, b1!],
    second: [a2!, b2!],
    narrow: [{ meter: 'a' }],
  }));
  const pack = fc.record({
    product: fc.constantFrom('first', 'second', 'narrow'),
    calls: fc.integer({ min: 1, max: 9 }),
  });
  const use = fc.record({ meter: fc.constantFrom('identity', 'bank_card'), calls: fc.integer({ min: 1, max: 6 }) });

  function lived(
    own: PriceBook,
    packs: readonly { product: string; calls: number }[],
    uses: readonly { meter: string; calls: number }[],
  ) {
    const head = openHead({ id: 'acme', book: own });
    const facts = packs.map(({ product, calls }, index) => ({
      ...{ no: index + 1, id: `p${index}`, product, gift: false, calls: callsOf(calls), price: noMoney },
      ...{ boughtAt: at, effectiveAt: at, expiresAt: instantOf(at + 86_400_000) },
    }));
    for (const each of facts) addPack(head, own, livePackOf(each));
    for (const [index, { meter, calls }] of uses.entries()) {
      const event = { id: `e${index}`, meter, calls: callsOf(calls), at, outcome: 'charged' as const };
      const record = recordUse(head, own, event, at);
      if (isRefusal(record)) throw new Error(record.refused);
    }
    return { usage: head.usage, facts };
  }

  it('is paid by the same packs, whatever the order of its calls was', () => {
    fc.assert(
      fc.property(covers, fc.array(pack, { maxLength: 4 }), fc.array(use, { maxLength: 8 }), (some, packs, uses) => {
        const own = decoded(some);
        const { usage, facts } = lived(own, packs, uses);
        const paid = [...usage].map(([key, calls]) => {
          const [, meter = '', payer = ''] = key.split('|');
          const no = payer === 'postpaid' ? undefined : packNoOf(payer as never);
          return { meter, calls: Number(calls), pack: facts.find((each) => each.no === no) };
        });
        const again = lived(own, packs, inOrderOfPayers(paid, own));
        expect(new Map([...again.usage].toSorted())).toEqual(new Map([...usage].toSorted()));
      }),
      { numRuns: 500 },
    );
  });
});
