// `quote` and `rate` against the naive implementation: every tariff around its bounds, and random months with packs and gifts.

import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { loadCatalog } from '../../src/book/shelf.ts';
import { rate } from '../../src/core/rate.ts';
import { isRefusal } from '../../src/core/refusal.ts';
import { callsOf } from '../../src/core/units.ts';
import { quote } from '../../src/scenario/quote.ts';
import { naivePostpaid } from '../naive/figures.ts';
import type { BookJson } from '../naive/json.ts';
import { naiveQuote } from '../naive/quote.ts';
import { mulberry32 } from '../naive/random-scenario.ts';

const ids = ['faceid-legacy', 'faceid-2019', 'faceid-2021'];
const documents = ids.map(
  (id) => JSON.parse(readFileSync(new URL(`../../catalog/${id}.json`, import.meta.url), 'utf8')) as BookJson,
);
const bookOf = (id: string) => {
  const shelved = loadCatalog().get(id);
  if (shelved === undefined) throw new Error(id);
  return shelved.book;
};

test.each(documents)('$id: every tariff around its bounds', ({ id, tariffs }) => {
  const book = bookOf(id);
  for (const json of tariffs) {
    const tariff = book.tariffs.get(json.id);
    if (tariff === undefined) throw new Error(json.id);
    for (const bound of [0, 1_000, 10_000, 100_000, 200_000]) {
      for (const postpaid of [bound - 1, bound, bound + 1].filter((calls) => calls > 0)) {
        const { amount } = rate(tariff, { postpaid: callsOf(postpaid), drawn: callsOf(7) });
        expect(amount, `${json.id} ${postpaid}`).toBe(naivePostpaid(json, BigInt(postpaid), 7n).amount);
      }
    }
  }
});

test('random months', () => {
  const first = Number(process.env.SUANPAN_SEED ?? Math.floor(Date.now() / 1000));
  console.log(`quotes: 200 from SUANPAN_SEED=${first}`);
  for (let seed = first; seed < first + 200; seed += 1) {
    const random = mulberry32(seed);
    const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)] as T;
    const document = pick(documents);
    const use = [1, 2, 3].map(() => ({
      meter: pick(document.meters).id,
      calls: Math.max(1, pick([999, 1_000, 1_001, 10_000, 15_000, 105_000, 200_000]) + Math.floor(random() * 3) - 1),
    }));
    const products = document.packProducts;
    const packs = [1, 2].map(() => {
      const product = pick(products);
      return { product: product.id, size: Number(pick(product.sizes).calls), count: 1 + Math.floor(random() * 2) };
    });
    const gifts = random() < 0.5 ? [] : [{ product: pick(products).id, calls: 50 }];
    const quoted = quote(bookOf(document.id), {
      use: use.map(({ meter, calls }) => ({ of: meter, calls: callsOf(calls) })),
      packs: packs.map(({ product, size, count }) => ({ product, size: callsOf(size), count })),
      gifts: gifts.map(({ product, calls }) => ({ product, calls: callsOf(calls) })),
    });
    const asked = `SUANPAN_SEED=${seed} ${JSON.stringify({ use, packs, gifts })}`;
    if (isRefusal(quoted)) throw new Error(`${asked}: ${quoted.refused}`);
    const { prepaid, total } = naiveQuote(document, { use, packs, gifts });
    expect({ prepaid: quoted.prepaid, total: quoted.total }, asked).toEqual({ prepaid, total });
  }
});
