// The planner a second time: every purchase is tried, each lived through by rules written down again. Nothing comes from src/.

import { Temporal } from 'temporal-polyfill';
import { decimal, rate } from '../naive/figures.ts';
import type { BookJson } from '../naive/json.ts';

export type Case = {
  book: BookJson;
  start: string;
  months: string[];
  uses: { month: number; meter: string; calls: number }[];
  gifts: { product: string; calls: number }[];
  have: { product: string; calls: number; expires: string }[];
};
type Pack = {
  product: string;
  size: number;
  price: number;
  left: number;
  gift: boolean;
  bought: number;
  to: number;
  id: string;
};
type Wish = { month: number; product: string; size: number; price: bigint };
export type Cheapest = { total: bigint | null; packs: number; tried: number };

const at = (text: string, zone: string): number =>
  Temporal.PlainDateTime.from(text).toZonedDateTime(zone).epochMilliseconds;

function endOf({ book }: Case, date: Temporal.PlainDate, product: string, size: number): number {
  const { packValidity, packExpiry } = book.policies;
  const sold = book.packProducts.find(({ id }) => id === product);
  const own = sold?.sizes.find(({ calls }) => calls === size)?.validity ?? sold?.validity;
  const end = date.add(own ?? packValidity);
  return at((packExpiry === 'instant' ? end : end.add({ days: 1 })).toString(), book.timeZone);
}

function before(c: Case, a: Pack, b: Pack, meter: string): number {
  const breadth = (p: Pack) => c.book.packProducts.find((product) => product.id === p.product)?.covers.length ?? 0;
  const priority = (p: Pack) =>
    c.book.packProducts.find(({ id }) => id === p.product)?.covers.find((cover) => cover.meter === meter)?.priority ??
    1e6;
  for (const key of c.book.policies.drawOrder) {
    const order: Record<string, number> = {
      'gift-first': Number(b.gift) - Number(a.gift),
      'fewest-meters-first': breadth(a) - breadth(b),
      'earliest-expiry': a.to - b.to,
      // Here every pack takes effect when it is bought; one that was there before takes effect with the plan.
      'earliest-effective': Math.max(a.bought, 0) - Math.max(b.bought, 0),
      'earliest-bought': a.bought - b.bought,
      'smallest-first': a.size - b.size,
      'priority-first': priority(a) - priority(b),
      'cheapest-first': a.price * b.size - b.price * a.size,
    };
    if (order[key]) return order[key];
  }
  return a.id < b.id ? -1 : 1;
}

/** Every purchase that could pay for a call in its life. */
function wishesOf(c: Case): { wish: Wish; most: number }[] {
  const zone = c.book.timeZone;
  return c.months.flatMap((_, month) =>
    c.book.packProducts.flatMap((product) =>
      product.sizes.map(({ calls: size, price }) => {
        const to = endOf(c, firstDay(c, month), product.id, size);
        const units = c.uses
          .filter((use) => use.month >= month && lastSecond(c, use.month, zone) < to)
          .reduce((sum, use) => sum + use.calls * ratioOf(c, product.id, use.meter), 0);
        return {
          wish: { month, product: product.id, size, price: decimal(price, 2) },
          most: units === 0 ? 0 : Math.ceil(units / size) + wasted(c, product.id, units, size),
        };
      }),
    ),
  );
}

/** With ratios a pack may be left with too little for a call: then more packs than the units ask for may each pay for some. */
function wasted(c: Case, product: string, units: number, size: number): number {
  const ratios = c.book.packProducts.find((each) => each.id === product)?.covers.map((cover) => cover.ratio ?? 1) ?? [];
  const most = Math.max(...ratios);
  return most === 1 ? 0 : Math.ceil(units / Math.max(1, size - most + 1)) - Math.ceil(units / size);
}

const ratioOf = (c: Case, product: string, meter: string): number => {
  const cover = c.book.packProducts.find((each) => each.id === product)?.covers.find((each) => each.meter === meter);
  return cover === undefined ? 0 : (cover.ratio ?? 1);
};
const firstDay = (c: Case, month: number): Temporal.PlainDate =>
  Temporal.PlainDate.from(month === 0 ? c.start : `${c.months[month]}-01`);
const lastSecond = (c: Case, month: number, zone: string): number =>
  at(Temporal.PlainYearMonth.from(c.months[month]!).add({ months: 1 }).toPlainDate({ day: 1 }).toString(), zone) - 1000;

/** How many sets of purchases there are to try. */
export const combinations = (c: Case): number => wishesOf(c).reduce((product, { most }) => product * (most + 1), 1);

export function bruteForce(c: Case): Cheapest {
  const zone = c.book.timeZone;
  const start = at(c.start, zone);
  const existing: Pack[] = [
    ...c.gifts.map((g, i) => ({
      product: g.product,
      size: g.calls,
      price: 0,
      left: g.calls,
      gift: true,
      bought: 0,
      to: endOf(c, firstDay(c, 0), g.product, g.calls),
      id: `a${i}`,
    })),
    ...c.have.map((h, i) => ({
      product: h.product,
      size: h.calls,
      price: 0,
      left: h.calls,
      gift: false,
      bought: -1,
      to: at(Temporal.PlainDate.from(h.expires).add({ days: 1 }).toString(), zone),
      id: `b${i}`,
    })),
  ];
  const times = c.months.map((_, month) => lastSecond(c, month, zone));
  const buys = c.months.map((_, month) => at(firstDay(c, month).toString(), zone) - start);
  const wishes = wishesOf(c);
  const best: Cheapest = { total: null, packs: 0, tried: 0 };
  const chosen: Pack[] = [];
  const choose = (index: number, spent: bigint): void => {
    if (best.total !== null && spent > best.total) return;
    const entry = wishes[index];
    if (entry === undefined) {
      best.tried += 1;
      const postpaid = live(
        c,
        [...existing, ...chosen].map((pack) => ({ ...pack })),
        times,
      );
      if (postpaid === null) return;
      const total = spent + postpaid;
      if (best.total === null || total < best.total || (total === best.total && chosen.length < best.packs)) {
        Object.assign(best, { total, packs: chosen.length });
      }
      return;
    }
    const { wish, most } = entry;
    for (let count = 0; count <= most; count += 1) {
      choose(index + 1, spent + wish.price * BigInt(count));
      chosen.push({
        product: wish.product,
        size: wish.size,
        price: Number(wish.price),
        left: wish.size,
        gift: false,
        bought: buys[wish.month]!,
        to: endOf(c, firstDay(c, wish.month), wish.product, wish.size),
        id: `c${String(chosen.length).padStart(4, '0')}`,
      });
    }
    chosen.splice(chosen.length - most - 1, most + 1);
  };
  choose(0, 0n);
  return best;
}

function live(c: Case, packs: Pack[], times: number[]): bigint | null {
  const start = at(c.start, c.book.timeZone);
  const sums = new Map<string, { postpaid: number; drawn: number }>();
  for (const { month, meter, calls } of c.uses) {
    packs.sort((a, b) => before(c, a, b, meter));
    let left = calls;
    const time = times[month]!;
    for (const pack of packs) {
      const ratio = ratioOf(c, pack.product, meter);
      if (ratio === 0 || time >= pack.to || time < start + pack.bought) continue;
      const n = Math.min(left, Math.floor(pack.left / ratio));
      pack.left -= n * ratio;
      left -= n;
    }
    const tariff = c.book.meters.find((each) => each.id === meter)?.tariff ?? null;
    if (tariff === null && left > 0) return null;
    const sum = sums.get(`${month}|${tariff}`) ?? { postpaid: 0, drawn: 0 };
    sums.set(`${month}|${tariff}`, { postpaid: sum.postpaid + left, drawn: sum.drawn + calls - left });
  }
  for (const month of c.months.keys()) {
    for (const { id, withoutCalls } of c.book.tariffs) {
      const key = `${month}|${id}`;
      if (withoutCalls && !sums.has(key)) sums.set(key, { postpaid: 0, drawn: 0 });
    }
  }
  let total = 0n;
  for (const [key, { postpaid, drawn }] of sums) {
    const tariff = c.book.tariffs.find((each) => each.id === key.split('|')[1]);
    if (tariff === undefined) continue;
    const { amount } = rate(tariff, BigInt(postpaid), BigInt(drawn));
    if (amount === null) return null;
    total += amount;
  }
  return total;
}
