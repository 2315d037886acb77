// Contract prices as people write them, in a request or in a scenario.

import { z } from 'zod';
import { noCurrency } from '../core/currency.ts';
import type { ContractTerms } from '../core/price-book.ts';
import { type Refusal, refuseDecimals } from '../core/refusal.ts';
import { callsOf, isMoneyText, noMoney, parseMoney, parsePrice } from '../core/units.ts';
import { bookWords } from '../words/book.ts';
import { because, safeText } from './names.ts';

const from = z.int().min(0).max(1_000_000_000_000);
const size = z.int().min(1).max(1_000_000_000_000);
const tier = z.strictObject({
  from: from.meta({ description: 'The first call of the tier' }),
  price: z
    .string()
    .refine((text) => parsePrice(text, noCurrency) !== undefined, because(bookWords.unitPriceIsAStringWith))
    .nullable()
    .meta({ description: 'Money for one call; null: none is agreed', examples: ['0.55'] }),
});
const packSize = z.strictObject({
  size,
  price: z
    .string()
    .refine((text) => isMoneyText(text) && !text.startsWith('-'), because(bookWords.amountIsAStringWithUp)),
});

export const contractTerms = {
  tariffs: z.record(safeText(64), z.array(tier).min(1).max(100)).optional().meta({
    description:
      'By tariff: prices of tiers that the book has; or, where one is new, all tiers of the account’s own, rising from 0',
  }),
  packs: z
    .record(safeText(64), z.array(packSize).min(1).max(200))
    .optional()
    .meta({ description: 'By pack product: what sizes cost' }),
};

const written = z.object(contractTerms);

export type ContractTermsDocument = z.infer<typeof written>;

/** Terms in the currency of the account's book. Refusal: INVALID_AMOUNT, where a pack's price has more decimals than that. */
export function readContractTerms(document: ContractTermsDocument, currency: string): ContractTerms | Refusal {
  const prices = Object.values(document.packs ?? {}).flatMap((sizes) => sizes.map(({ price }) => price));
  const odd = prices.find((price) => parseMoney(price, currency) === undefined);
  return odd === undefined ? termsIn(document, currency) : refuseDecimals(odd, currency, '/packs');
}

const termsIn = ({ tariffs = {}, packs = {} }: ContractTermsDocument, currency: string): ContractTerms => ({
  tariffs: new Map(
    Object.entries(tariffs).map(([id, tiers]) => [
      id,
      tiers.map(({ from: first, price }) => ({
        from: callsOf(first),
        price: price === null ? null : (parsePrice(price, currency) ?? null),
      })),
    ]),
  ),
  packs: new Map(
    Object.entries(packs).map(([id, sizes]) => [
      id,
      sizes.map(({ size: calls, price }) => ({ calls: callsOf(calls), price: parseMoney(price, currency) ?? noMoney })),
    ]),
  ),
});
