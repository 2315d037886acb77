// What a plan is compared with: nothing bought, one big pack of everything, packs alone.

import type { PackProduct, Words } from '../core/price-book.ts';
import type { Calls } from '../core/units.ts';
import type { Horizon, Purchase } from './horizon.ts';
import { type Lived, liveThrough } from './live-through.ts';
import { type Optimum, optimumOf } from './optimum.ts';
import type { Part } from './parts.ts';

export type Label = 'no packs' | 'one big pack' | 'packs only' | 'best';

export interface Alternative {
  readonly label: Label;
  readonly purchases: readonly Purchase[];
  readonly lived: Lived;
}

export const labelWords: Record<Label, Words> = {
  'no packs': { zh: '不买资源包', en: 'no packs' },
  'one big pack': { zh: '一次买一个大包', en: 'one big pack' },
  'packs only': { zh: '只用资源包', en: 'packs only' },
  best: { zh: '最优方案', en: 'the best' },
};

export async function alternativesOf(horizon: Horizon, parts: readonly Part[], best: Optimum): Promise<Alternative[]> {
  const big = parts.flatMap((part) => bigPacks(horizon, part));
  const packsOnly = await optimumOf(horizon, parts, 'packs-only');
  return [
    { label: 'no packs', purchases: [], lived: liveThrough(horizon, []) },
    { label: 'one big pack', purchases: big, lived: liveThrough(horizon, big) },
    { label: 'packs only', purchases: packsOnly.purchases, lived: packsOnly.lived },
    { label: 'best', purchases: best.purchases, lived: best.lived },
  ];
}

/** For each meter one pack, the smallest that holds all its calls or else the largest sold; a pack for several meters counts once. */
function bigPacks(horizon: Horizon, part: Part): Purchase[] {
  const before = liveThrough(horizon, []);
  const open = part.uses.flatMap((index) => {
    const [use, calls] = [horizon.uses[index], before.settled[index]?.postpaid ?? 0n];
    return use === undefined || calls === 0n ? [] : [{ ...use, calls: calls as Calls }];
  });
  const paid = new Set<string>();
  return part.products.flatMap((product) => {
    const mine = open.filter((use) => product.covers.has(use.meter) && !paid.has(use.meter));
    const [first] = mine;
    if (first === undefined) return [];
    for (const use of mine) paid.add(use.meter);
    const units = mine.reduce((sum, use) => sum + use.calls * (product.covers.get(use.meter) ?? 1n), 0n);
    return [{ product: product.id, size: sizeFor(product, units), month: first.month, count: 1 }];
  });
}

function sizeFor(product: PackProduct, units: bigint) {
  const size = product.sizes.find((each) => each.calls >= units) ?? product.sizes.at(-1);
  if (size === undefined) throw new Error(`pack product ${product.id} has no size`);
  return size;
}
