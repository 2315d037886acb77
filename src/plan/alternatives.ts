// What a plan is compared with: nothing bought, one big pack of everything, packs alone.

import type { Words } from '../core/price-book.ts';
import { noCalls } from '../core/units.ts';
import { planWords } from '../words/plan.ts';
import type { Horizon, Purchase } from './model/horizon.ts';
import { type Lived, liveThrough } from './model/live-through.ts';
import type { Part } from './model/parts.ts';
import type { TimeLeft } from './model/time-left.ts';
import { type Optimum, optimumOf, type PreparedPart } from './optimum.ts';

export type Label = 'no packs' | 'one big pack' | 'packs only' | 'best';

export interface Alternative {
  readonly label: Label;
  readonly purchases: readonly Purchase[];
  readonly lived: Lived;
}

export const labelWords: Record<Label, Words> = {
  'no packs': planWords.noPacks,
  'one big pack': planWords.oneBigPack,
  'packs only': planWords.packsOnly,
  best: planWords.best,
};

export async function alternativesOf(
  horizon: Horizon,
  parts: readonly PreparedPart[],
  best: Optimum,
  timeLeft: TimeLeft,
): Promise<Alternative[]> {
  const big = parts.flatMap(({ part }) => bigPacks(horizon, part));
  const packsOnly = await optimumOf(horizon, parts, 'packs-only', timeLeft);
  return [
    { label: 'no packs', purchases: [], lived: liveThrough(horizon, []) },
    { label: 'one big pack', purchases: big, lived: liveThrough(horizon, big) },
    { label: 'packs only', purchases: packsOnly.purchases, lived: packsOnly.lived },
    { label: 'best', purchases: best.purchases, lived: best.lived },
  ];
}

/**
 * One pack of each product: the smallest that holds all its calls, or the largest that they fill, whichever makes the plan
 * cheaper. A meter that several products cover counts for the first.
 */
function bigPacks(horizon: Horizon, part: Part): Purchase[] {
  const before = liveThrough(horizon, []);
  const open = part.uses.flatMap((index) => {
    const [use, calls] = [horizon.uses[index], before.settled[index]?.postpaid ?? noCalls];
    return use === undefined || calls === noCalls ? [] : [{ ...use, calls }];
  });
  const paid = new Set<string>();
  return part.products.flatMap((product) => {
    const mine = open.filter((use) => product.covers.has(use.meter) && !paid.has(use.meter));
    const [first] = mine;
    if (first === undefined) return [];
    for (const use of mine) paid.add(use.meter);
    const units = mine.reduce((sum, use) => sum + use.calls * (product.covers.get(use.meter) ?? 1n), 0n);
    const sizes = [
      product.sizes.findLast((each) => each.calls < units),
      product.sizes.find((each) => each.calls >= units),
    ];
    const options = sizes.flatMap((size) =>
      size === undefined ? [] : [{ product: product.id, size, month: first.month, count: 1 }],
    );
    const uses = part.uses.flatMap((index) => horizon.uses[index] ?? []);
    return cheaperOf(options, (purchase) => liveThrough({ ...horizon, uses }, [purchase]));
  });
}

function cheaperOf(options: readonly Purchase[], live: (purchase: Purchase) => Lived): Purchase[] {
  const priced = options.map((purchase) => ({ purchase, lived: live(purchase) }));
  priced.sort(
    (a, b) =>
      Number(a.lived.total === null) - Number(b.lived.total === null) || Number(a.lived.estimate - b.lived.estimate),
  );
  return priced.slice(0, 1).map(({ purchase }) => purchase);
}
