// Mistakes about packs: drawn outside their life, not at all, in another order, for meters they do not cover.

import { endOfLife, endOfPeriod, formatInstant, parseDay, startOfDayAfter, startOfPeriod } from '../core/calendar.ts';
import { comparePacks, type PackFacts, packValidityOf } from '../core/pack.ts';
import type { DrawKey, PackProduct, PriceBook, Words } from '../core/price-book.ts';
import { type Calls, type Instant, instantOf } from '../core/units.ts';
import { reconcileCausesWords } from '../words/reconcile-causes.ts';
import { words } from '../words/words.ts';
import { type CauseCode, cause, type Evidence, type Hypothesis } from './hypothesis.ts';
import { type KnownPack, type Reading, settlingWith } from './reading.ts';

export function packHypotheses(evidence: Evidence): Hypothesis[] {
  const { packs } = evidence.reading.settling;
  const suspects = packs.filter((pack) => isSuspect(evidence, pack.id));
  return [
    ...suspects.flatMap((pack) => lifeHypotheses(evidence, pack)),
    ...suspects.map(notDrawn),
    ...(packs.length > 1 ? [noneDrawn] : []),
    ...(packs.length > 1 ? orderHypotheses(evidence.book) : []),
    ...coverageHypotheses(evidence),
    ...suspects.flatMap((pack) => otherBalance(evidence, pack)),
  ];
}

/** A pack whose draws differ; every pack where the bill does not say when it was drawn and for what. */
function isSuspect({ bill, expected, wrong }: Evidence, pack: string): boolean {
  const { draws } = bill.shape;
  if (draws === null || !draws.day || !draws.meter) return true;
  for (const key of wrong) if ((bill.cells.get(key) ?? expected.get(key))?.where.pack === pack) return true;
  return false;
}

const withPack = (reading: Reading, id: string, change: Partial<KnownPack>): Reading =>
  settlingWith(reading, {
    packs: reading.settling.packs.map((pack) => (pack.id === id ? { ...pack, ...change } : pack)),
  });

/** The first and last day on which the bill draws from a pack, as days of a zone: 00:00 of the one, 24:00 of the other. */
function billedSpan({ bill }: Evidence, pack: string, zone: string): { from: Instant; to: Instant } | undefined {
  const days = [...bill.cells.values()]
    .filter(({ kind, where }) => kind === 'draw' && where.pack === pack && where.day !== null)
    .map(({ where }) => where.day ?? '')
    .toSorted();
  const [first, last] = [days[0], days.at(-1)].map((day) => parseDay(zone, day ?? ''));
  if (first === undefined || last === undefined) return undefined;
  return { from: first, to: startOfDayAfter(zone, last, 1) };
}

function lifeHypotheses(evidence: Evidence, pack: KnownPack): Hypothesis[] {
  const { book, reading } = evidence;
  const zone = book.timeZone;
  const span = billedSpan(evidence, pack.id, zone);
  const away = reading.settling.zone === zone ? undefined : billedSpan(evidence, pack.id, reading.settling.zone);
  const [month, monthEnd] = [startOfPeriod(zone, reading.month), endOfPeriod(zone, reading.month)];
  const { effectiveAt, expiresAt, boughtAt } = pack;
  const starts = [boughtAt, startOfDayAfter(zone, effectiveAt, 0), startOfDayAfter(zone, effectiveAt, 1), span?.from];
  // Days of the bill that were cut in another zone begin within one of ours; a pack begins and ends with ours.
  if (away !== undefined) starts.push(startOfDayAfter(zone, away.from, 1));
  const lastDay = instantOf(expiresAt - 1);
  const ends = [
    startOfDayAfter(zone, lastDay, 0),
    startOfDayAfter(zone, lastDay, 1),
    endOfLife(zone, effectiveAt, packValidityOf(book, pack), 'instant'),
    span?.to,
    away === undefined ? undefined : startOfDayAfter(zone, away.to, 0),
    monthEnd,
  ];
  return [
    ...distinct([...starts, month]).flatMap((start): Hypothesis[] => {
      if (start === effectiveAt || start >= monthEnd || Math.max(start, effectiveAt) <= month) return [];
      const code = start < effectiveAt ? 'PACK_NOT_YET_EFFECTIVE' : 'PACK_STARTED_LATE';
      const change = { effectiveAt: start };
      return [{ cause: lifeCause(code, pack, book), under: (before) => withPack(before, pack.id, change) }];
    }),
    ...distinct(ends).flatMap((end): Hypothesis[] => {
      if (end === expiresAt || end <= month || Math.min(end, expiresAt) >= monthEnd) return [];
      const code = end > expiresAt ? 'PACK_EXPIRED' : 'PACK_ENDED_EARLY';
      const change = { expiresAt: end };
      return [{ cause: lifeCause(code, pack, book), under: (before) => withPack(before, pack.id, change) }];
    }),
  ];
}

const distinct = (moments: readonly (Instant | undefined)[]): Instant[] =>
  [...new Set(moments)].filter((moment) => moment !== undefined);

function lifeCause(code: CauseCode, { id, effectiveAt, expiresAt }: KnownPack, book: PriceBook) {
  const [from, to] = [formatInstant(book.timeZone, effectiveAt), formatInstant(book.timeZone, expiresAt)];
  const told: Partial<Record<CauseCode, Words>> = {
    PACK_NOT_YET_EFFECTIVE: reconcileCausesWords.packWasDrawnBeforeItBecame(id, from),
    PACK_STARTED_LATE: reconcileCausesWords.packWasEffectiveFrom(id, from),
    PACK_EXPIRED: reconcileCausesWords.packWasDrawnAfterItHad(id, to),
    PACK_ENDED_EARLY: reconcileCausesWords.packWasNoLongerDrawnAlthough(id, to),
  };
  return cause(code, told[code] ?? words(id, id));
}

const notDrawn = ({ id }: KnownPack): Hypothesis => ({
  cause: cause('PACK_NOT_DRAWN', reconcileCausesWords.packWasNotDrawnAtAll(id)),
  under: (reading) =>
    settlingWith(reading, { packs: reading.settling.packs.filter((candidate) => candidate.id !== id) }),
});

const noneDrawn: Hypothesis = {
  cause: cause('PACK_NOT_DRAWN', reconcileCausesWords.noPackWasDrawnAtAll),
  under: (reading) => settlingWith(reading, { packs: [] }),
};

const keyWords: Readonly<Record<DrawKey, Words>> = {
  'gift-first': reconcileCausesWords.giftsFirst,
  'fewest-meters-first': reconcileCausesWords.packsThatCoverFewerMetersFirst,
  'earliest-expiry': reconcileCausesWords.earliestExpiryFirst,
  'earliest-effective': reconcileCausesWords.earliestEffectiveFirst,
  'earliest-bought': reconcileCausesWords.earliestBoughtFirst,
  'smallest-first': reconcileCausesWords.smallestFirst,
  'cheapest-first': reconcileCausesWords.cheapestFirst,
  'priority-first': reconcileCausesWords.priorityFirst,
};

/** Orders that other providers use, each first among the book's keys. */
function orderHypotheses(book: PriceBook): Hypothesis[] {
  const { drawOrder } = book.policies;
  const right = comparePacks(book);
  const by = (keys: readonly DrawKey[]) => comparePacks({ ...book, policies: { ...book.policies, drawOrder: keys } });
  const keys = (Object.keys(keyWords) as DrawKey[]).filter(
    (key) => key !== drawOrder[0] && (key !== 'priority-first' || drawOrder.includes(key)),
  );
  const swapped = (pack: PackFacts): PackFacts => ({ ...pack, gift: !pack.gift });
  const orders: { words: Words; compare: typeof right }[] = [
    {
      words: reconcileCausesWords.boughtPacksBeforeGifts,
      compare: (a, b, meter) => right(swapped(a), swapped(b), meter),
    },
    { words: reconcileCausesWords.giftsNotBeforeBought, compare: by(without(drawOrder, 'gift-first')) },
    ...(drawOrder.includes('priority-first')
      ? [{ words: reconcileCausesWords.prioritiesIgnored, compare: by(without(drawOrder, 'priority-first')) }]
      : []),
    ...keys.map((key) => ({ words: keyWords[key], compare: by([key, ...without(drawOrder, key)]) })),
    {
      words: reconcileCausesWords.latestExpiryFirst,
      compare: (a, b, meter) => b.expiresAt - a.expiresAt || right(a, b, meter),
    },
    { words: reconcileCausesWords.wholeOrderReversed, compare: (a, b, meter) => right(b, a, meter) },
  ];
  return orders.map(({ words, compare }) => ({
    cause: cause('DRAW_ORDER', reconcileCausesWords.packsWereDrawnInAnotherOrder(words)),
    under: (reading) => settlingWith(reading, { compare }),
  }));
}

const without = (keys: readonly DrawKey[], key: DrawKey): DrawKey[] => keys.filter((other) => other !== key);

/** The bill draws a pack for a meter that its product does not cover. */
function coverageHypotheses({ bill, wrong, reading, book }: Evidence): Hypothesis[] {
  const found = new Map<string, Hypothesis>();
  for (const key of wrong) {
    const { pack, meter } = bill.cells.get(key)?.where ?? {};
    const product = reading.settling.packs.find(({ id }) => id === pack)?.product;
    const known = book.packProducts.get(product ?? '');
    if (!pack || !meter || known === undefined || known.covers.has(meter)) continue;
    found.set(`${pack}|${meter}`, {
      cause: cause('PACK_DOES_NOT_COVER', reconcileCausesWords.packDoesNotCover(pack, meter)),
      under: (before) => settlingWith(before, { book: covering(before.settling.book, known, meter) }),
    });
  }
  return [...found.values()];
}

function covering(book: PriceBook, product: PackProduct, meter: string): PriceBook {
  const known = book.packProducts.get(product.id) ?? product;
  const wider = { ...known, covers: new Map([...known.covers, [meter, 1n]]) };
  return { ...book, packProducts: new Map([...book.packProducts, [product.id, wider]]) };
}

/** The provider's balance of the pack was another: it ran dry after the calls billed. */
function otherBalance({ bill, book }: Evidence, pack: KnownPack): Hypothesis[] {
  const ratios = new Set(book.packProducts.get(pack.product)?.covers.values());
  if (bill.shape.draws === null || ratios.size > 1) return [];
  let billed = 0n;
  for (const { kind, where, value } of bill.cells.values()) {
    if (kind === 'draw' && where.pack === pack.id) billed += value;
  }
  const units = billed * ([...ratios][0] ?? 1n);
  const left = pack.opening ?? pack.calls;
  if (units >= left || units === 0n) return [];
  return [
    {
      cause: cause('PACK_BALANCE', reconcileCausesWords.packWasTakenForEmptyAfter(pack.id, units, left - units)),
      under: (reading) => withPack(reading, pack.id, { opening: units as Calls }),
    },
  ];
}
