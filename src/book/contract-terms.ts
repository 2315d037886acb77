// Contract prices as people write them, in a request or in a scenario.

import { z } from 'zod';
import type { ContractTerms } from '../core/price-book.ts';
import { callsOf, noMoney, parseMoney, parsePrice } from '../core/units.ts';
import { bookWords } from '../words/book.ts';
import { because, safeText } from './names.ts';

const from = z.int().min(0).max(1_000_000_000_000);
const size = z.int().min(1).max(1_000_000_000_000);
const tier = z.strictObject({
  from: from.meta({ description: 'The first call of the tier' }),
  price: z
    .string()
    .refine((text) => parsePrice(text) !== undefined, because(bookWords.unitPriceIsAStringWith))
    .nullable()
    .meta({ description: 'Money for one call; null: none is agreed', examples: ['0.55'] }),
});
const packSize = z.strictObject({
  size,
  price: z.string().refine((text) => (parseMoney(text) ?? -1n) >= noMoney, because(bookWords.amountIsAStringWithUp)),
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

export const readContractTerms = ({ tariffs = {}, packs = {} }: z.infer<typeof written>): ContractTerms => ({
  tariffs: new Map(
    Object.entries(tariffs).map(([id, tiers]) => [
      id,
      tiers.map(({ from: first, price }) => ({
        from: callsOf(first),
        price: price === null ? null : (parsePrice(price) ?? null),
      })),
    ]),
  ),
  packs: new Map(
    Object.entries(packs).map(([id, sizes]) => [
      id,
      sizes.map(({ size: calls, price }) => ({ calls: callsOf(calls), price: parseMoney(price) ?? noMoney })),
    ]),
  ),
});
