// Mistakes about prices: bound, basis and mode of the tiers, another tier or price, rounding.

import type { PriceBook, Tariff, TariffMode, Words } from '../core/price-book.ts';
import { formatPrice, type Price } from '../core/units.ts';
import { tierWords } from '../words/figures.ts';
import { modeWords } from '../words/titles.ts';
import { priceValue } from './figures.ts';
import { type CauseCode, cause, type Evidence, type Hypothesis } from './hypothesis.ts';
import { type Rounding, ratingWith } from './reading.ts';

export function ratingHypotheses(evidence: Evidence): Hypothesis[] {
  return wrongTariffs(evidence).flatMap((tariff) => [
    ...tierRules(tariff),
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

function changed(tariff: Tariff, code: CauseCode, zh: string, en: string, change: Partial<Tariff>): Hypothesis {
  const replace = (book: PriceBook): PriceBook => {
    const now = book.tariffs.get(tariff.id) ?? tariff;
    return { ...book, tariffs: new Map([...book.tariffs, [tariff.id, { ...now, ...change }]]) };
  };
  return {
    cause: cause(code, `${tariff.title.zh}：${zh}`, `${tariff.title.en}: ${en}`),
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
  const says = { zh: ['下限含（a ≤ n < b）', '上限含（a < n ≤ b）'], en: ['a ≤ n < b', 'a < n ≤ b'] };
  const [right, other] = lower ? [0, 1] : [1, 0];
  const quantities = { zh: ['抵扣后的用量', '含抵扣的总用量'], en: ['calls after packs', 'all calls'] };
  const [basis, otherBasis] = gross ? [1, 0] : [0, 1];
  const instead = (words: { zh: string[]; en: string[] }, mine: number, theirs: number) =>
    [`${words.zh[theirs]}，应为${words.zh[mine]}`, `${words.en[theirs]}, should be ${words.en[mine]}`] as const;
  const [bound, basisSays] = [instead(says, right, other), instead(quantities, basis, otherBasis)];
  return [
    changed(tariff, 'BOUND', `阶梯界限读作${bound[0]}`, `tier bound read as ${bound[1]}`, {
      bound: lower ? 'upper-inclusive' : 'lower-inclusive',
    }),
    changed(tariff, 'TIER_BASIS', `定档用了${basisSays[0]}`, `tier chosen by ${basisSays[1]}`, {
      basis: gross ? 'after-packs' : 'gross',
    }),
    ...mistakenFor[tariff.mode].map((mode) => {
      const [read, right] = [modeWords[mode], modeWords[tariff.mode]];
      const zh = `阶梯方式用了${read.zh}，应为${right.zh}`;
      return changed(tariff, 'TIER_MODE', zh, `tiers read as ${read.en}, should be ${right.en}`, { mode });
    }),
  ];
}

/** All calls at one price: that of another tier, or one that the book does not have. */
function otherPrices({ bill, expected }: Evidence, tariff: Tariff): Hypothesis[] {
  const billed = bill.prices.get(tariff.id);
  const priced = tariff.tiers.flatMap((tier, index) => (tier.price === null ? [] : [{ price: tier.price, index }]));
  const candidates: { price: Price; index: number | undefined }[] =
    billed === undefined
      ? priced
      : [{ price: billed, index: priced.find(({ price }) => priceValue(price) === priceValue(billed))?.index }];
  const line = [...expected.values()].filter(({ where }) => where.tariff === tariff.id);
  const unpriced = line.some(({ kind }) => kind === 'calls') && !line.some(({ kind }) => kind === 'amount');
  return candidates.map(({ price, index }) => {
    const unit = formatPrice(price);
    const tier = index === undefined ? '' : tierWords(tariff, index);
    const code: CauseCode = unpriced ? 'UNPRICED_TIER' : index === undefined ? 'WRONG_UNIT_PRICE' : 'WRONG_TIER';
    const { zh, en } = priceWords(code, unit, tier);
    return {
      cause: cause(code, `${tariff.title.zh}：${zh}`, `${tariff.title.en}: ${en}`),
      under: (reading) => ratingWith(reading, { prices: new Map([...reading.rating.prices, [tariff.id, price]]) }),
    };
  });
}

function priceWords(code: CauseCode, unit: string, tier: string): Words {
  if (code === 'UNPRICED_TIER') {
    return {
      zh: `所在阶梯无公开价，账单按 ${unit} 计，需核对合同价`,
      en: `the tier reached has no public price; billed at ${unit}, compare with the contract`,
    };
  }
  return code === 'WRONG_TIER'
    ? { zh: `用了 ${tier} 一档的单价 ${unit}`, en: `billed at ${unit}, the price of the tier ${tier}` }
    : { zh: `单价 ${unit} 不在价目表中`, en: `unit price ${unit} is not in the book` };
}

const roundingWords: readonly (readonly [Rounding, CauseCode, string, string])[] = [
  [
    'call',
    'ROUNDED_PER_CALL',
    '单价先舍入到分再乘用量，应在整行上只舍入一次',
    'each call was rounded to the fen; the line is, once',
  ],
  [
    'day',
    'ROUNDED_PER_DAY',
    '按天舍入后相加，应在整行上只舍入一次',
    'each day was rounded to the fen; the line is, once',
  ],
  ['down', 'ROUNDED_DOWN', '金额去尾，应四舍五入到分', 'the amount was cut off, not rounded half up'],
];

const roundings = (tariff: Tariff): Hypothesis[] =>
  roundingWords.map(([how, code, zh, en]) => ({
    cause: cause(code, `${tariff.title.zh}：${zh}`, `${tariff.title.en}: ${en}`),
    under: (reading) => ratingWith(reading, { rounding: new Map([...reading.rating.rounding, [tariff.id, how]]) }),
  }));
