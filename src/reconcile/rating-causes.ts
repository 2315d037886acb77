// Mistakes about prices: bound, basis and mode of the tiers, another tier or price, rounding.

import type { PriceBook, Tariff, TariffMode, Tier, TierBasis, TierBound, Words } from '../core/price-book.ts';
import { type FeeReason, feeReasons, lastPrice } from '../core/rate.ts';
import {
  type BlockPart,
  blockParts,
  formatBlockPrice,
  mostMoney,
  noMoney,
  type Price,
  priceFor,
} from '../core/units.ts';
import { tierWords } from '../words/figures.ts';
import { reconcileCausesWords } from '../words/reconcile-causes.ts';
import { feeWords } from '../words/titles.ts';
import { words } from '../words/words.ts';
import { priceValue } from './figures.ts';
import { type CauseCode, cause, type Evidence, type Hypothesis } from './hypothesis.ts';
import { type Rounding, ratingWith } from './reading.ts';

export function ratingHypotheses(evidence: Evidence): Hypothesis[] {
  return wrongTariffs(evidence).flatMap((tariff) => [
    ...tierRules(tariff),
    ...partsReadAs(tariff),
    ...feesLeftOut(tariff),
    ...otherPrices(evidence, tariff),
    ...roundings(tariff),
  ]);
}

function wrongTariffs({ book, bill, expected, wrong }: Evidence): Tariff[] {
  const ids = new Set<string>();
  for (const key of wrong) {
    const { kind, where } = bill.cells.get(key) ?? expected.get(key) ?? { kind: undefined, where: undefined };
    if (kind === 'total') return [...book.tariffs.values()];
    if ((kind === 'price' || kind === 'slice' || kind === 'amount') && where?.tariff) ids.add(where.tariff);
  }
  return [...book.tariffs.values()].filter(({ id }) => ids.has(id));
}

const titled = ({ title }: Tariff, { zh, en }: Words): Words => words(`${title.zh}：${zh}`, `${title.en}: ${en}`);

function changed(tariff: Tariff, code: CauseCode, told: Words, change: Partial<Tariff>): Hypothesis {
  const replace = (book: PriceBook): PriceBook => {
    const now = book.tariffs.get(tariff.id) ?? tariff;
    return { ...book, tariffs: new Map([...book.tariffs, [tariff.id, { ...now, ...change }]]) };
  };
  return {
    cause: cause(code, titled(tariff, told)),
    under: (reading) => ratingWith(reading, { book: replace(reading.rating.book) }),
  };
}

/** How a provider may misread tiers of a mode. */
const mistakenFor: Record<TariffMode, readonly TariffMode[]> = {
  volume: ['graduated'],
  graduated: ['volume'],
  flat: [],
};

function tierRules(tariff: Tariff): Hypothesis[] {
  if (tariff.tiers.length < 2) return [];
  const lower = tariff.bound === 'lower-inclusive';
  const gross = tariff.basis === 'gross';
  const bound: TierBound = lower ? 'upper-inclusive' : 'lower-inclusive';
  const basis: TierBasis = gross ? 'after-packs' : 'gross';
  return [
    changed(tariff, 'BOUND', reconcileCausesWords.boundReadAs(bound, tariff.bound), { bound }),
    changed(tariff, 'TIER_BASIS', reconcileCausesWords.tierChosenBy(basis, tariff.basis), { basis }),
    ...mistakenFor[tariff.mode].map((mode) =>
      changed(tariff, 'TIER_MODE', reconcileCausesWords.tiersReadAs(mode, tariff.mode), { mode }),
    ),
  ];
}

/** What is less than a block counted otherwise than the book says. */
function partsReadAs(tariff: Tariff): Hypothesis[] {
  const own = lastPrice(tariff)?.block?.part;
  if (own === undefined) return [];
  return blockParts
    .filter((part) => part !== own)
    .map((part) => {
      const tiers = tariff.tiers.map((tier) => withPart(tier, part));
      return changed(tariff, 'BLOCK_PART', reconcileCausesWords.partReadAs(part, own), { tiers });
    });
}

/** A fee or a limit of the month that was not thought of. */
function feesLeftOut(tariff: Tariff): Hypothesis[] {
  const without: Record<FeeReason, Partial<Tariff>> = {
    month: { fee: noMoney },
    tier: { tiers: tariff.tiers.map((tier) => (tier.fee === undefined ? tier : { ...tier, fee: noMoney })) },
    minimum: { minimum: noMoney },
    maximum: { maximum: mostMoney },
  };
  const { fee, minimum, maximum, tiers } = tariff;
  const said = { month: fee, tier: tiers.find((tier) => tier.fee)?.fee, minimum, maximum };
  return feeReasons
    .filter((reason) => said[reason] !== undefined)
    .map((reason) => changed(tariff, 'FEE', reconcileCausesWords.feeLeftOut(feeWords[reason]), without[reason]));
}

function withPart(tier: Tier, part: BlockPart): Tier {
  if (tier.block === undefined) return tier;
  const block = { ...tier.block, part };
  return { ...tier, block, price: tier.price === null ? null : priceFor(tier.price, block) };
}

/** All calls at one price: that of another tier, or one that the book does not have. */
function otherPrices({ book, bill, expected }: Evidence, tariff: Tariff): Hypothesis[] {
  const billed = bill.prices.get(tariff.id);
  const priced = tariff.tiers.flatMap((tier, index) => (tier.price === null ? [] : [{ price: tier.price, index }]));
  const candidates: { price: Price; index: number | undefined }[] =
    billed === undefined
      ? priced
      : [inTier(billed, priced) ?? { price: priceFor(billed, lastPrice(tariff)?.block), index: undefined }];
  const line = [...expected.values()].filter(({ where }) => where.tariff === tariff.id);
  const unpriced = line.some(({ kind }) => kind === 'calls') && !line.some(({ kind }) => kind === 'amount');
  return candidates.map(({ price, index }) => {
    const unit = formatBlockPrice(price, book.currency);
    const tier = index === undefined ? '' : tierWords(tariff, index);
    const code: CauseCode = unpriced ? 'UNPRICED_TIER' : index === undefined ? 'WRONG_UNIT_PRICE' : 'WRONG_TIER';
    return {
      cause: cause(code, titled(tariff, priceWords(code, unit, tier))),
      under: (reading) => ratingWith(reading, { prices: new Map([...reading.rating.prices, [tariff.id, price]]) }),
    };
  });
}

/** A bill prints a price alone: what it is for, the book says. */
const inTier = (billed: Price, tiers: readonly { readonly price: Price; readonly index: number }[]) =>
  tiers.find(({ price }) => priceValue(price) === priceValue(billed));

function priceWords(code: CauseCode, unit: string, tier: string): Words {
  if (code === 'UNPRICED_TIER') {
    return reconcileCausesWords.tierReachedHasNoPublicPrice(unit);
  }
  return code === 'WRONG_TIER'
    ? reconcileCausesWords.billedAt(tier, unit)
    : reconcileCausesWords.unitPriceIsNotInThe(unit);
}

const roundingWords: readonly (readonly [Rounding, CauseCode, Words])[] = [
  ['call', 'ROUNDED_PER_CALL', reconcileCausesWords.eachCallWasRounded],
  ['day', 'ROUNDED_PER_DAY', reconcileCausesWords.eachDayWasRounded],
  ['down', 'ROUNDED_DOWN', reconcileCausesWords.amountWasCutOff],
];

const roundings = (tariff: Tariff): Hypothesis[] =>
  roundingWords.map(([how, code, told]) => ({
    cause: cause(code, titled(tariff, told)),
    under: (reading) => ratingWith(reading, { rounding: new Map([...reading.rating.rounding, [tariff.id, how]]) }),
  }));
