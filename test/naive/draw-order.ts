// The order in which packs pay. Nothing here comes from src/.

import type { BookJson } from './json.ts';

export type DrawnPack = {
  id: string;
  product: string;
  calls: bigint;
  price: bigint;
  gift: boolean;
  bought: number;
  from: number;
  to: number;
  department?: string;
};

/** Which of two packs pays first for calls of a meter. */
export function before(book: BookJson, a: DrawnPack, b: DrawnPack, meter: string): number {
  const priority = (p: DrawnPack): number =>
    book.packProducts.find(({ id }) => id === p.product)?.covers.find((c) => c.meter === meter)?.priority ?? 1001;
  const meters = (p: DrawnPack): number => book.packProducts.find(({ id }) => id === p.product)?.covers.length ?? 0;
  const [first] = book.policies.drawOrder;
  for (const key of first === 'gift-first'
    ? [first, 'department', ...book.policies.drawOrder.slice(1)]
    : ['department', ...book.policies.drawOrder]) {
    let difference = 0;
    if (key === 'gift-first') difference = Number(b.gift) - Number(a.gift);
    else if (key === 'fewest-meters-first') difference = meters(a) - meters(b);
    else if (key === 'earliest-expiry') difference = a.to - b.to;
    else if (key === 'earliest-effective') difference = a.from - b.from;
    else if (key === 'earliest-bought') difference = a.bought - b.bought;
    else if (key === 'smallest-first') difference = Number(a.calls - b.calls);
    else if (key === 'cheapest-first') difference = Number(a.price * b.calls - b.price * a.calls);
    else if (key === 'department') difference = Number(!a.department) - Number(!b.department);
    else if (key === 'priority-first') difference = priority(a) - priority(b);
    else throw new Error(`unknown draw order ${key}`);
    if (difference !== 0) return difference;
  }
  return a.id < b.id ? -1 : 1;
}
