// The calculator in the browser, with no network, and `suanpan quote` say the same of 1,000 random months, line by line.
// SUANPAN_SEED=n replays from seed n.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loadCatalog } from '../../src/book/shelf.ts';
import type { PriceBook } from '../../src/core/price-book.ts';
import { isRefusal } from '../../src/core/refusal.ts';
import { callsOf } from '../../src/core/units.ts';
import { type QuoteRequest, quote } from '../../src/scenario/quote.ts';
import { mulberry32 } from '../naive/random-scenario.ts';
import { noBrowser } from './chromium.ts';
import { type OpenConsole, openConsole } from './open-console.ts';

const seed = Number(process.env.SUANPAN_SEED ?? Date.now() % 1_000_000);
const count = 1_000;

interface Month {
  readonly book: string;
  readonly request: QuoteRequest;
}

/** Calls near the bounds of tiers are the ones that go wrong: half of them are. */
function randomMonth(book: PriceBook, random: () => number): Month {
  const below = (most: number): number => Math.floor(random() * most);
  const oneOf = <Item>(items: readonly Item[]): Item => items[below(items.length)] as Item;
  const bounds = [...book.tariffs.values()].flatMap(({ tiers }) => tiers.map(({ from }) => Number(from)));
  const calls = () => callsOf(random() < 0.5 ? Math.max(1, oneOf(bounds) + below(3) - 1) : 1 + below(10 ** below(8)));
  const several = <Item>(most: number, make: () => Item): Item[] => Array.from({ length: below(most + 1) }, make);
  const sold = [...book.packProducts.values()].filter(({ sizes }) => sizes.length > 0);
  const meters = new Set([oneOf([...book.meters.keys()]), ...several(3, () => oneOf([...book.meters.keys()]))]);
  return {
    book: book.id,
    request: {
      use: [...meters].map((of) => ({ of, calls: calls() })),
      packs: several(3, () => {
        const product = oneOf(sold);
        return { product: product.id, size: oneOf(product.sizes).calls, count: 1 + below(3) };
      }),
      gifts: several(2, () => ({ product: oneOf(sold).id, calls: calls() })),
    },
  };
}

/** Text of an answer, with whole numbers however they are held. */
const written = (answer: unknown): string =>
  JSON.stringify(answer, (_key, value) => (typeof value === 'bigint' ? Number(value) : value));

describe.skipIf(noBrowser !== undefined)('the calculator', () => {
  let open: OpenConsole;
  beforeAll(async () => {
    open = await openConsole('2026-01-10T10:00:00+08:00');
  });
  afterAll(() => open.close());

  test(`says of ${count} random months what the command line says, offline (seed ${seed})`, async () => {
    const random = mulberry32(seed);
    const books = [...loadCatalog().values()].map(({ book }) => book);
    const months = Array.from({ length: count }, (_, index) =>
      randomMonth(books[index % books.length] as PriceBook, random),
    );
    const { page, go, context, complaints } = await open.open();
    await go('/calculator');
    await context.setOffline(true);
    const found = await page.evaluate(async (asked) => {
      const files = performance.getEntriesByType('resource').map(({ name }) => name);
      const file = files.find((name) => name.includes('/core-worker'));
      if (file === undefined) throw new Error('the page has no worker');
      const worker = new Worker(file, { type: 'module' });
      const answers = new Map<number, unknown>();
      return new Promise<string[]>((resolve, reject) => {
        worker.addEventListener('error', ({ message }) => reject(new Error(message)));
        worker.addEventListener('message', ({ data }) => {
          answers.set(data.id, data.result ?? data);
          if (answers.size < asked.length) return;
          const text = (answer: unknown) =>
            JSON.stringify(answer, (_key, value) => (typeof value === 'bigint' ? Number(value) : value));
          resolve(asked.map((_, id) => text(answers.get(id))));
        });
        for (const [id, input] of asked.entries()) worker.postMessage({ id, task: 'quote', input });
      });
    }, months);
    let unpriced = 0;
    for (const [index, { book, request }] of months.entries()) {
      const shipped = books.find(({ id }) => id === book) as PriceBook;
      const answer = quote(shipped, request);
      if (isRefusal(answer)) throw new Error(`seed ${seed}, month ${index}: ${JSON.stringify(answer)}`);
      if (answer.total === null) unpriced += 1;
      expect({ seed, index, answer: found[index] }).toEqual({ seed, index, answer: written(answer) });
    }
    expect(unpriced).toBeLessThan(count / 2);
    console.log(`${count} random months from seed ${seed}: the browser says what the command line says`);
    expect(complaints).toEqual([]);
    await context.close();
  });
});
