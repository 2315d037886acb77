// Small random plans over small random books: every tariff mode, bound, basis, ratio, pool and pack life that books can have.

import { Temporal } from 'temporal-polyfill';
import type { BookJson } from '../naive/json.ts';
import { mulberry32 } from '../naive/random-scenario.ts';
import { type Case, combinations } from './brute-force.ts';

type Random = () => number;
const below = (random: Random, n: number): number => Math.floor(random() * n);
const pick = <T>(random: Random, from: readonly T[]): T => from[below(random, from.length)] as T;
const chance = (random: Random, p: number): boolean => random() < p;
const title = { zh: '项', en: 'item' };

function randomTariff(random: Random, id: string): object {
  const mode = pick(random, ['volume', 'volume', 'graduated', 'flat']);
  const count = mode === 'flat' ? 1 : 1 + below(random, 4);
  const bounds = [0];
  for (let tier = 1; tier < count; tier += 1) bounds.push((bounds.at(-1) ?? 0) + 1 + below(random, 8));
  const tiers = bounds.map((from, tier) => {
    const last = tier === count - 1;
    const price = `${below(random, 4)}.${10 + below(random, 90)}${chance(random, 0.3) ? below(random, 100) : ''}`;
    const block = chance(random, 0.2) ? { per: 2 + below(random, 4), part: pick(random, ['up', 'down', 'exact']) } : {};
    const priced = last && chance(random, 0.25) && count > 1 ? null : price;
    const fee = chance(random, 0.1) ? { fee: `${below(random, 5)}.${10 + below(random, 90)}` } : {};
    return { from, to: bounds[tier + 1] ?? null, price: priced, ...block, ...fee };
  });
  const often = chance(random, 0.3);
  const own = (name: string, most: number) =>
    often && chance(random, 0.5) ? { [name]: `${below(random, most)}.${10 + below(random, 90)}` } : {};
  const limits = { ...own('fee', 5), ...own('minimum', 10) };
  const maximum = often && chance(random, 0.5) ? { maximum: `${10 + below(random, 20)}.00` } : {};
  const without = often && chance(random, 0.5) ? { withoutCalls: true } : {};
  const bound = pick(random, ['lower-inclusive', 'upper-inclusive']);
  return {
    id,
    title,
    mode,
    bound,
    basis: pick(random, ['after-packs', 'after-packs', 'gross']),
    tiers,
    ...limits,
    ...maximum,
    ...without,
  };
}

function randomProduct(random: Random, id: string, meters: readonly string[], isByPriority: boolean): object {
  const covered = meters.filter(() => chance(random, 0.5));
  const ratio = () => (chance(random, 0.25) ? { ratio: 2 + below(random, 2) } : {});
  const priority = () => (isByPriority && chance(random, 0.7) ? { priority: 1 + below(random, 2) } : {});
  const covers = (covered.length > 0 ? covered : [pick(random, meters)]).map((meter) => ({
    meter,
    ...ratio(),
    ...priority(),
  }));
  const sizes: { calls: number; price: string }[] = [];
  let calls = 1 + below(random, 6);
  for (let count = 1 + below(random, 2); count > 0; count -= 1) {
    const own = chance(random, 0.15) ? { validity: pick(random, ['P1M', 'P2M', 'P45D']) } : {};
    sizes.push({ calls, price: `${below(random, calls * 3)}.${chance(random, 0.5) ? '00' : '37'}`, ...own });
    calls += 1 + below(random, 9);
  }
  return { id, title, covers, sizes, ...(chance(random, 0.15) ? { validity: pick(random, ['P1M', 'P3M']) } : {}) };
}

function randomBook(random: Random): BookJson {
  const meters = ['m.a', 'm.b', 'm.c'].slice(0, 1 + below(random, 3));
  const tariffs = ['t.a', 't.b'].slice(0, 1 + below(random, 2));
  const products = ['p.a', 'p.b'].slice(0, 1 + below(random, 2));
  const orders = ['gift-first', 'fewest-meters-first', 'earliest-expiry', 'earliest-effective', 'earliest-bought'];
  const drawOrder = chance(random, 0.7)
    ? orders
    : chance(random, 0.5)
      ? orders.toReversed()
      : chance(random, 0.5)
        ? pick(random, [['smallest-first'], ['cheapest-first', 'earliest-expiry']])
        : [];
  const isByPriority = products.length > 1 && chance(random, 0.2);
  return {
    id: 'random',
    title,
    currency: 'CNY',
    timeZone: 'Asia/Shanghai',
    source: { title, published: '2026' },
    effective: { from: null, until: null },
    accounts: null,
    meters: meters.map((id) => ({ id, title, tariff: chance(random, 0.1) ? null : pick(random, tariffs) })),
    tariffs: tariffs.map((id) => randomTariff(random, id)),
    packProducts: products.map((id) => randomProduct(random, id, meters, isByPriority)),
    policies: {
      packValidity: pick(random, ['P1M', 'P2M', 'P2M', 'P3M', 'P1Y']),
      packStart: pick(random, ['instant', 'next-day', 'chosen']),
      packExpiry: pick(random, ['end-of-day', 'instant']),
      refundDays: 7,
      drawOrder: isByPriority ? ['priority-first', ...drawOrder] : drawOrder,
      lateWindow: 'P34D',
      finalAfter: 'P2D',
      packsUsableInArrears: false,
      arrearsGrace: 'PT24H',
    },
  } as unknown as BookJson;
}

/** The case of a seed; the first, of those that the seed leads to, with few enough purchases to try them all. */
export function randomCase(seed: number, mostTried: number): Case {
  const random = mulberry32(seed);
  for (;;) {
    const book = randomBook(random);
    const length = pick(random, [1, 1, 2, 2, 3, 4]);
    const first = Temporal.PlainYearMonth.from('2026-01').add({ months: below(random, 12) });
    const months = Array.from({ length }, (_, index) => first.add({ months: index }).toString());
    const most = pick(random, [4, 9, 16]);
    const uses = months.flatMap((_, month) =>
      book.meters
        .map((meter) => ({ month, meter: meter.id, calls: below(random, most + 1) }))
        .filter((use) => use.calls > 0),
    );
    const product = () => pick(random, book.packProducts).id;
    const start = `${months[0]}-${chance(random, 0.8) ? '01' : '17'}`;
    const expires = first.add({ months: below(random, length + 1) }).toPlainDate({ day: 20 + below(random, 8) });
    const gifts = chance(random, 0.25) ? [{ product: product(), calls: 1 + below(random, 8) }] : [];
    const have = chance(random, 0.25)
      ? [{ product: product(), calls: 1 + below(random, 8), expires: expires.toString() }]
      : [];
    const one = { book, start, months, uses, gifts, have };
    if (uses.at(-1)?.month === length - 1 && combinations(one) <= mostTried) return one;
  }
}
