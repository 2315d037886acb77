// What a careful clerk would point out about a plan: the notices of a quote, month by month, and what would lapse unused.

import { dayOf } from '../core/calendar.ts';
import { leftOver, type Notice, packDearer, packUnitDearer, tariffNotices } from '../core/notice.ts';
import { type LivePack, worthOfRest } from '../core/pack.ts';
import {
  addCalls,
  addMoney,
  type Calls,
  formatMoney,
  instantOf,
  noCalls,
  noMoney,
  subtractMoney,
} from '../core/units.ts';
import type { Alternative } from './alternatives.ts';
import type { Horizon } from './model/horizon.ts';
import type { Lived } from './model/live-through.ts';

export function planNotices(
  horizon: Horizon,
  best: Lived,
  alternatives: readonly Alternative[],
  isDated: boolean,
): Notice[] {
  return [
    ...monthNotices(horizon, best, isDated),
    ...dearerPacks(horizon, alternatives),
    ...dearerSizes(horizon),
    ...(isDated ? lapses(horizon, best) : leftOvers(horizon, best)),
  ];
}

function monthNotices({ book, months }: Horizon, { counters }: Lived, isDated: boolean): Notice[] {
  return counters.flatMap(({ tariff: id, month: index, postpaid, drawn }) => {
    const tariff = id === null ? undefined : book.tariffs.get(id);
    const month = months[index];
    if (tariff === undefined || month === undefined || postpaid === noCalls) return [];
    const notices = tariffNotices({ tariff, day: null, quantities: { postpaid, drawn } }, book.currency);
    if (!isDated) return notices;
    return notices.map(({ code, facts }) => ({ code, facts: { month, ...facts } }));
  });
}

/** One big pack of everything that costs more than buying none. */
function dearerPacks({ book, months }: Horizon, alternatives: readonly Alternative[]): Notice[] {
  const none = alternatives.find((each) => each.label === 'no packs')?.lived.total ?? null;
  const big = alternatives.find((each) => each.label === 'one big pack');
  const total = big?.lived.total ?? null;
  const [purchase, ...others] = big?.purchases ?? [];
  // Of several packs it could not be said which one it is.
  if (none === null || total === null || purchase === undefined || others.length > 0 || total <= none) return [];
  const product = book.packProducts.get(purchase.product);
  if (product === undefined) return [];
  const { code, facts } = packDearer(
    product,
    purchase.size.calls,
    { without: none, difference: subtractMoney(total, none) },
    book.currency,
  );
  return [{ code, facts: months.length === 1 ? facts : { ...facts, months: BigInt(months.length) } }];
}

function dearerSizes({ book, uses }: Horizon): Notice[] {
  const meters = new Set(uses.map((use) => use.meter));
  const products = [...book.packProducts.values()].filter((product) =>
    product.covers.keys().some((meter) => meters.has(meter)),
  );
  return products.flatMap((product) => {
    const covers = new Map([...product.covers].filter(([meter]) => meters.has(meter)));
    return product.sizes.flatMap((size) => packUnitDearer(book, { ...product, covers }, size) ?? []);
  });
}

function leftOvers({ book }: Horizon, { packs }: Lived): Notice[] {
  const left = new Map<string, Calls>();
  for (const { product, remaining } of packs) left.set(product, addCalls(left.get(product) ?? noCalls, remaining));
  return [...left].flatMap(([id, calls]) => {
    const product = book.packProducts.get(id);
    return product === undefined || calls === noCalls ? [] : [leftOver(product, calls)];
  });
}

/** What is left of the packs of one product that expire on one day: lost within the plan, or soon after unless it is used. */
function lapses({ book, useAt }: Horizon, { packs }: Lived): Notice[] {
  const last = useAt.at(-1) ?? instantOf(0);
  const lastDay = (pack: LivePack) => dayOf(book.timeZone, instantOf(pack.expiresAt - 1));
  const groups = Map.groupBy(
    packs.filter((pack) => pack.remaining > noCalls),
    (pack) => `${pack.product}|${lastDay(pack)}`,
  );
  return [...groups.values()].flatMap((group): Notice[] => {
    const [first] = group;
    const product = book.packProducts.get(first?.product ?? '');
    if (first === undefined || product === undefined) return [];
    const calls = group.reduce((sum, pack) => addCalls(sum, pack.remaining), noCalls);
    const worth = group.reduce((sum, pack) => addMoney(sum, worthOfRest(pack)), noMoney);
    const when = first.expiresAt <= last ? 'within' : 'after';
    const { code, facts } = leftOver(product, calls);
    return [{ code, facts: { ...facts, worth: formatMoney(worth, book.currency), expires: lastDay(first), when } }];
  });
}
