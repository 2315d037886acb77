// Prices that one account has agreed on.

import { z } from 'zod';
import { contractTerms } from '../../book/contract-terms.ts';
import { because, safeText } from '../../book/names.ts';
import { blockParts } from '../../core/units.ts';
import { httpWords } from '../../words/http.ts';
import { billTotals } from './bills.ts';
import { type Answered, amount, count, month, next, price } from './scalars.ts';

export const contractOrder = z
  .strictObject({
    from: month.meta({ description: 'The first month that it prices' }),
    ...contractTerms,
    pricesOf: safeText(64).optional().meta({
      description: 'In place of tariffs and packs: all prices of another book, which differs in nothing else',
    }),
  })
  .refine((given) => given.pricesOf === undefined || (given.tariffs === undefined && given.packs === undefined), {
    ...because(httpWords.eitherPricesOfOrTerms),
    path: ['pricesOf'],
  })
  .meta({
    id: 'ContractOrder',
    description:
      'In place of all that was agreed for these months before. A month that has begun keeps its prices; its tiers without one can be given one',
    examples: [
      {
        from: '2026-03',
        tariffs: { liveness_verification: [{ from: 200_000, price: '0.55' }] },
        packs: { basic_authority: [{ size: 100_000, price: '70000.00' }] },
      },
    ],
  });

const tier = z.object({
  from: count,
  to: count.nullable(),
  price: price.nullable(),
  per: count.optional().meta({ description: 'The price is for so many calls, as the book says; absent: for each' }),
  part: z.enum(blockParts).optional(),
  fee: amount.optional().meta({ description: 'Due once in a month that reaches the tier' }),
});

const contractFields = {
  no: z.int().meta({ description: '1, 2, 3 … of the account' }),
  from: z.string(),
  tariffs: z.record(z.string(), z.array(tier)),
  packs: z.record(z.string(), z.array(z.object({ size: count, price: amount }))),
  agreedAt: z.string(),
  by: z.string().meta({ description: 'The key that agreed on it' }),
};

export const agreedContract = z.object({ account: z.string(), ...contractFields }).meta({ id: 'Contract' });

export const contractPage = z
  .object({ account: z.string(), contracts: z.array(z.object(contractFields)), next })
  .meta({ id: 'ContractPage' });

export const contractPreview = z
  .object({
    account: z.string(),
    month: z.string().meta({ description: 'The last whole month' }),
    currency: z.string(),
    before: billTotals,
    after: billTotals,
    difference: amount.nullable().meta({ description: 'After less before; null where one of them has no total' }),
  })
  .meta({ id: 'ContractPreview' });

export type AgreedContract = Answered<typeof agreedContract>;
export type ContractPage = Answered<typeof contractPage>;
export type ContractPreview = Answered<typeof contractPreview>;
