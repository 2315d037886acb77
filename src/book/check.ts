// Problems that lie between the fields of a price book: ids that point nowhere, gaps between tiers, facts with two meanings.

import { isTimeZone, parseDay } from '../core/calendar.ts';
import { decimalsOf, mostDecimals } from '../core/currency.ts';
import { hasMeterPrices } from '../core/placed.ts';
import { parseMoney } from '../core/units.ts';
import { bookWords } from '../words/book.ts';
import { type Problem, problem } from './book-problem.ts';
import { codeProblems, factProblems } from './check-facts.ts';
import { orderProblems } from './check-order.ts';
import type { BookDocument, PackProductDocument, TariffDocument, TierDocument } from './schema.ts';

type Path = readonly (string | number)[];

/** Every problem of a document that fits the schema; none means it can be decoded. */
export function bookProblems(document: BookDocument): Problem[] {
  return [
    ...zoneProblems(document),
    ...currencyProblems(document),
    ...dayProblems(document),
    ...duplicates(document.meters, ['meters']),
    ...duplicates(document.tariffs, ['tariffs']),
    ...duplicates(document.packProducts, ['packProducts']),
    ...meterProblems(document),
    ...document.tariffs.flatMap((tariff, index) => [
      ...tariffProblems(tariff, document.currency, ['tariffs', index]),
      ...orderProblems(document, tariff, ['tariffs', index]),
    ]),
    ...document.packProducts.flatMap((product, index) => productProblems(document, product, ['packProducts', index])),
    ...repeated(document.policies.drawOrder, ['policies', 'drawOrder']),
    ...coverageProblems(document),
    ...factProblems(document.meters),
    ...codeProblems(document.codeTable ?? []),
    ...giftProblems(document),
  ];
}

function giftProblems({ gifts = [], packProducts }: BookDocument): Problem[] {
  const known = new Set(packProducts.map(({ id }) => id));
  return gifts.flatMap(({ product, every, life }, index) => [
    ...(known.has(product)
      ? []
      : [problem('UNKNOWN_PRODUCT', ['gifts', index, 'product'], bookWords.thereIsNoProduct(product))]),
    ...(every === 'month' && life !== undefined
      ? [problem('GIFT_LIFE', ['gifts', index, 'life'], bookWords.monthlyGiftEndsWithItsMonth)]
      : []),
  ]);
}

function zoneProblems({ timeZone }: BookDocument): Problem[] {
  if (isTimeZone(timeZone)) return [];
  return [problem('NO_SUCH_ZONE', ['timeZone'], bookWords.thereIsNoTimeZone(timeZone))];
}

/** A pack that starts later cannot pay for what was before its delivery. */
function coverageProblems({ tariffs, policies: { packStart, packCovers = 'life' } }: BookDocument): Problem[] {
  if (packCovers === 'life') return [];
  if (tariffs.some((tariff) => tariff.basis === 'gross-in-order' || hasMeterPrices(tariff)))
    return [problem('COVERS_IN_ORDER', ['policies', 'packCovers'], bookWords.coversInOrder)];
  if (packStart === 'instant' || packStart === 'day') return [];
  return [problem('COVERS_BEFORE_START', ['policies', 'packCovers'], bookWords.coversBeforeStart(packStart))];
}

const currencies = new Set(Intl.supportedValuesOf('currency'));

/** Amounts have as many decimals as their currency: three at most. */
function currencyProblems(document: BookDocument): Problem[] {
  const { currency } = document;
  const decimals = decimalsOf(currency);
  if (!currencies.has(currency) || decimals > mostDecimals) {
    return [problem('NO_SUCH_CURRENCY', ['currency'], bookWords.isNoIso4217CurrencyWith(currency))];
  }
  return amountsIn(document)
    .filter(([, amount]) => (amount?.split('.')[1] ?? '').length > decimals)
    .map(([path]) => problem('WRONG_FORMAT', path, bookWords.currencyHasDecimals(currency, decimals)));
}

/** Every amount of a book, by its place. */
const amountsIn = ({ tariffs, packProducts }: BookDocument): (readonly [Path, string | undefined])[] => [
  ...tariffs.flatMap(({ tiers, fee, minimum, maximum }, at) => [
    ...Object.entries({ fee, minimum, maximum }).map(([name, amount]) => [['tariffs', at, name], amount] as const),
    ...tiers.map((tier, index) => [['tariffs', at, 'tiers', index, 'fee'], tier.fee] as const),
  ]),
  ...packProducts.flatMap(({ sizes }, at) =>
    sizes.map(({ price }, index) => [['packProducts', at, 'sizes', index, 'price'], price] as const),
  ),
];

function dayProblems(document: BookDocument): Problem[] {
  const spans: (readonly [string | null, string | null, Path, Path])[] = [
    [document.effective.from, document.effective.until, ['effective', 'from'], ['effective', 'until']],
  ];
  const { accounts } = document;
  if (accounts !== null) {
    spans.push([accounts.openedFrom, accounts.openedBefore, ['accounts', 'openedFrom'], ['accounts', 'openedBefore']]);
  }
  document.codeTable?.forEach((rule, index) => {
    spans.push([rule.from, rule.until, ['codeTable', index, 'from'], ['codeTable', index, 'until']]);
  });
  return spans.flatMap(([from, until, fromPath, untilPath]) => {
    const unreal = [...noSuchDay(from, fromPath), ...noSuchDay(until, untilPath)];
    if (unreal.length > 0 || from === null || until === null || from < until) return unreal;
    return [problem('DAYS_REVERSED', untilPath, bookWords.mustBeLaterThan(from))];
  });
}

function noSuchDay(day: string | null, path: Path): Problem[] {
  if (day === null || parseDay('UTC', day) !== undefined) return [];
  return [problem('NO_SUCH_DAY', path, bookWords.thereIsNoDay(day))];
}

function duplicates(items: readonly { readonly id: string }[], path: Path): Problem[] {
  return repeatedAt(items.map((item) => item.id)).map(({ index, value }) =>
    problem('DUPLICATE_ID', [...path, index, 'id'], bookWords.idIsUsedAbove(value)),
  );
}

function repeated(values: readonly string[], path: Path): Problem[] {
  return repeatedAt(values).map(({ index, value }) =>
    problem('DUPLICATE_ENTRY', [...path, index], bookWords.standsHereTwice(value)),
  );
}

function repeatedAt(values: readonly string[]): { index: number; value: string }[] {
  const seen = new Set<string>();
  return values.flatMap((value, index) => {
    if (seen.has(value)) return [{ index, value }];
    seen.add(value);
    return [];
  });
}

function meterProblems({ meters, tariffs }: BookDocument): Problem[] {
  const known = new Set(tariffs.map((tariff) => tariff.id));
  return meters.flatMap(({ tariff }, index) =>
    tariff === null || known.has(tariff)
      ? []
      : [problem('UNKNOWN_TARIFF', ['meters', index, 'tariff'], bookWords.thereIsNoTariff(tariff))],
  );
}

function tariffProblems(tariff: TariffDocument, currency: string, path: Path): Problem[] {
  const { tiers, minimum, maximum } = tariff;
  if (tariff.mode === 'flat' && tiers.length > 1) {
    return [problem('FLAT_TIERS', [...path, 'tiers', 1], bookWords.flatTariffHasOneTier)];
  }
  const [least, most] = [minimum, maximum].map((text) => (text === undefined ? undefined : parseMoney(text, currency)));
  const ofMonths = [tariff.fee, minimum, maximum, tariff.withoutCalls, ...tiers.map(({ fee }) => fee)];
  if (tariff.counter === 'day' && ofMonths.some((term) => term !== undefined)) {
    return [problem('DAY_WITH_FEES', [...path, 'counter'], bookWords.feesAreOfMonths)];
  }
  const crossed = least !== undefined && most !== undefined && least > most;
  return [
    ...(crossed
      ? [problem('LIMITS_CROSSED', [...path, 'maximum'], bookWords.mustNotBeBelowMinimum(minimum ?? ''))]
      : []),
    ...tiers.flatMap((_, index) => tierProblems(tiers, index, [...path, 'tiers', index])),
  ];
}

function tierProblems(tiers: readonly TierDocument[], index: number, path: Path): Problem[] {
  const tier = tiers[index] as TierDocument;
  const problems: Problem[] = [];
  const last = index === tiers.length - 1;
  if (index === 0 && tier.from !== 0) {
    problems.push(problem('TIER_START', [...path, 'from'], bookWords.firstTierStartsAt0));
  }
  const before = tiers[index - 1]?.to;
  if (typeof before === 'number' && tier.from > before) {
    const between = `${before}…${tier.from}`;
    problems.push(problem('TIER_GAP', [...path, 'from'], bookWords.gapAfterTheTierAbove(between)));
  }
  if (typeof before === 'number' && tier.from < before) {
    problems.push(problem('TIER_OVERLAP', [...path, 'from'], bookWords.overlapsTheTierAbove(before)));
  }
  if (tier.to !== null && tier.to <= tier.from) {
    problems.push(problem('TIER_EMPTY', [...path, 'to'], bookWords.mustBeGreaterThanFrom(tier.from)));
  }
  if (last !== (tier.to === null)) {
    problems.push(problem('TIER_END', [...path, 'to'], bookWords.lastTier));
  }
  if ((tier.per === undefined) !== (tier.part === undefined)) {
    problems.push(
      problem('PER_AND_PART', [...path, tier.per === undefined ? 'part' : 'per'], bookWords.perGoesWithPart),
    );
  }
  if (!last && tier.price === null && tier.prices === undefined) {
    problems.push(problem('TIER_UNPRICED', [...path, 'price'], bookWords.onlyTheLastTierMayHave));
  }
  return problems;
}

function productProblems(document: BookDocument, product: PackProductDocument, path: Path): Problem[] {
  const known = new Set(document.meters.map((meter) => meter.id));
  const unknown = product.covers.flatMap(({ meter }, index) =>
    known.has(meter)
      ? []
      : [problem('UNKNOWN_METER', [...path, 'covers', index, 'meter'], bookWords.thereIsNoMeter(meter))],
  );
  const twice = repeatedAt(product.covers.map(({ meter }) => meter)).map(({ index, value }) =>
    problem('DUPLICATE_ENTRY', [...path, 'covers', index, 'meter'], bookWords.standsHereTwice(value)),
  );
  const unordered = product.sizes.flatMap(({ calls }, index) => {
    const before = product.sizes[index - 1]?.calls;
    if (before === undefined || before < calls) return [];
    return [problem('SIZE_ORDER', [...path, 'sizes', index, 'calls'], bookWords.sizesAscend(before))];
  });
  return [...unknown, ...twice, ...unordered, ...priorityProblems(document, product, path)];
}

/** A priority that decides nothing would be believed to. */
const priorityProblems = ({ policies }: BookDocument, { covers }: PackProductDocument, path: Path): Problem[] =>
  policies.drawOrder.includes('priority-first')
    ? []
    : covers.flatMap(({ priority }, index) =>
        priority === undefined
          ? []
          : [problem('PRIORITY_UNUSED', [...path, 'covers', index, 'priority'], bookWords.priorityNeedsItsOrder)],
      );
