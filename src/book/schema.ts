// The JSON form of a price book. Strict: an unknown field is a mistake, never ignored. What one field alone cannot tell
// (ids that point nowhere, gaps between tiers) is checked in check.ts. Source: billing rules 2.

import { z } from 'zod';
import {
  drawKeys,
  packCoverages,
  packStarts,
  tariffModes,
  tierBases,
  tierBounds,
  tierCounters,
} from '../core/price-book.ts';
import { blockParts } from '../core/units.ts';
import { type FormatName, formats } from './formats.ts';

/** The name of the format is the error message; problem.ts turns it into both languages. */
const text = (format: FormatName) => z.string().regex(formats[format].pattern, format);

const words = z.strictObject({ zh: text('title'), en: text('title') }).meta({ id: 'Words' });
const longWords = z.strictObject({ zh: text('note'), en: text('note') }).meta({ id: 'Note' });
const day = text('day');
const id = text('id');
const names = z.array(text('name')).min(1).max(200);
const quantity = z.int().min(0).max(1_000_000_000_000);
const size = z.int().min(1).max(1_000_000_000_000);

const codes = z.union([z.literal('rest'), z.array(text('code')).max(500)]).meta({
  description: 'Result codes, ranges of whole numbers written "a..b" with both ends, or "rest": every other code.',
});

const source = z.strictObject({
  title: words,
  published: text('published').meta({ description: 'Year, month or day of the page the figures are from.' }),
  notes: z.array(longWords).max(50).optional(),
});

const accounts = z
  .strictObject({ openedFrom: day.nullable(), openedBefore: day.nullable() })
  .meta({ description: 'Accounts opened on these days get the book by default: openedFrom ≤ day < openedBefore.' });

const facts = z.strictObject({ actions: names, channels: names.optional(), libraries: names.optional() });

const meter = z.strictObject({
  id,
  title: words,
  tariff: id.nullable().meta({ description: 'The tariff whose monthly counter the meter feeds; null: prepaid only.' }),
  facts: z
    .array(facts)
    .max(100)
    .optional()
    .meta({ description: 'Which facts of a call mean this meter. A fact left out matches any.' }),
});

const tier = z.strictObject({
  from: quantity,
  to: size.nullable().meta({ description: 'null: no end.' }),
  price: text('price').nullable().optional().meta({
    description:
      'Money for one call, or for `per` calls; null: no public price, never zero. Left out only with `prices`.',
  }),
  prices: z.record(id, text('price')).optional().meta({
    description: 'In place of `price`: by meter, for every meter of the tariff. All of them count together.',
  }),
  per: size.optional().meta({ description: 'The price is for so many calls; with `part`.' }),
  fee: text('money').optional().meta({ description: 'Due once in a month that reaches the tier.' }),
  part: z.enum(blockParts).optional().meta({
    description: 'What a part of `per` calls counts as: up: a whole; down: nothing; exact: the part that it is.',
  }),
});

const tariff = z.strictObject({
  id,
  title: words,
  mode: z.enum(tariffModes).meta({
    description: 'volume: the tier reached prices all calls of the month; graduated: each slice at its own price.',
  }),
  bound: z.enum(tierBounds).meta({
    description: 'lower-inclusive: from ≤ n < to; upper-inclusive: from < n ≤ to.',
  }),
  basis: z.enum(tierBases).meta({
    description:
      'What chooses the tier: postpaid calls alone; all calls, those that packs paid first; or all calls as they arrive in the month (graduated alone).',
  }),
  counter: z.enum(tierCounters).optional().meta({
    description: 'What tiers count: the calls of a month, or of each day, which is then a line of the bill.',
  }),
  tiers: z.array(tier).min(1).max(100),
  fee: text('money').optional().meta({ description: 'Of each month, whatever its tier.' }),
  minimum: text('money').optional().meta({ description: 'What a month comes to at least, its fees with it.' }),
  maximum: text('money').optional().meta({ description: 'What a month comes to at most, its fees with it.' }),
  withoutCalls: z.boolean().optional().meta({
    description: 'Whether fees and minimum are due in a month without the calls that choose the tier; no if left out.',
  }),
});

const refundDays = z.int().min(0).max(366).nullable();

/** Of a product or a size; what is left out is as the product's, or as the policies say. */
const packTerms = {
  validity: text('validity')
    .optional()
    .meta({ description: 'Its own life, such as P6M or P90D, in place of packValidity.' }),
  refundDays: refundDays.optional().meta({ description: 'Its own refund window in days; null: never refundable.' }),
  refundPart: z
    .union([z.literal('paid'), text('refundPart')])
    .optional()
    .meta({
      description:
        'Within the window a used pack may be given back too: what was paid less this price for each used unit; "paid": what a unit of the pack cost.',
    }),
};

const packProduct = z.strictObject({
  id,
  title: words,
  covers: z
    .array(
      z.strictObject({
        meter: id,
        ratio: z
          .int()
          .min(1)
          .max(1_000_000)
          .optional()
          .meta({ description: 'Pack units that one call costs; 1 if left out.' }),
        priority: z.int().min(1).max(1000).optional().meta({
          description:
            'How early packs of this product pay for the meter, 1 first, those without behind; with priority-first in drawOrder.',
        }),
      }),
    )
    .min(1)
    .max(100),
  sizes: z.array(z.strictObject({ calls: size, price: text('money'), ...packTerms })).max(100),
  ...packTerms,
});

const policies = z.strictObject({
  packValidity: text('validity').meta({ description: 'By calendar, such as P1Y, P6M or P90D.' }),
  packStart: z.enum(packStarts).meta({
    description:
      'At delivery; at 00:00 of the day of delivery, or of the next; or of the day that the buyer chooses, and at delivery where none is.',
  }),
  packCovers: z.enum(packCoverages).optional().meta({
    description:
      'Also the postpaid calls before it, of the day or of the month of its delivery in the zone of the account; those of its life alone if left out.',
  }),
  packExpiry: z
    .enum(['end-of-day', 'instant'])
    .meta({ description: 'At 24:00 of the anniversary day, or to the instant.' }),
  refundDays: refundDays.meta({ description: 'Refundable until the end of day D + refundDays; null: never.' }),
  drawOrder: z
    .array(z.enum(drawKeys))
    .max(drawKeys.length)
    .meta({ description: 'Which pack pays first; the id of the pack always decides last.' }),
  lateWindow: text('days').meta({ description: 'How old a call may be when it is reported, such as P34D.' }),
  finalAfter: text('days').meta({ description: 'Days after the end of a month until its bill may become final.' }),
  packsUsableInArrears: z.boolean(),
  arrearsGrace: text('hours').meta({
    description: 'Hours from a negative balance to the stop of service, such as PT24H.',
  }),
});

const codeRule = z.strictObject({
  actions: names,
  channels: names.optional(),
  from: day.nullable().meta({ description: 'First day the rule holds, in the zone of the book; null: always did.' }),
  until: day.nullable().meta({ description: 'First day it no longer holds; null: still does.' }),
  charged: codes,
  notCharged: codes,
});

const gift = z.strictObject({
  product: id,
  calls: size,
  every: z.enum(['once', 'month']).meta({
    description: 'Once, when an account is opened; or each month from its 00:00 of the 1st on, ending with it.',
  }),
  life: text('validity')
    .optional()
    .meta({ description: 'Of a gift given once, such as P1Y; as long as packs if left out.' }),
});

export const bookSchema = z.strictObject({
  $schema: z.string().max(500).optional(),
  id,
  title: words,
  currency: text('currency'),
  timeZone: text('zone'),
  source,
  effective: z.strictObject({ from: day.nullable(), until: day.nullable() }),
  accounts: accounts.nullable(),
  meters: z.array(meter).min(1).max(1000),
  tariffs: z.array(tariff).max(1000),
  packProducts: z.array(packProduct).max(1000),
  policies,
  codeTable: z.array(codeRule).max(1000).optional(),
  gifts: z.array(gift).max(20).optional().meta({ description: 'What every account of the book is given.' }),
});

/** A price book as its file writes it, checked field by field. */
export type BookDocument = z.infer<typeof bookSchema>;
export type MeterDocument = BookDocument['meters'][number];
export type TariffDocument = BookDocument['tariffs'][number];
export type TierDocument = TariffDocument['tiers'][number];
export type PackProductDocument = BookDocument['packProducts'][number];
export type PackTermsDocument = Pick<PackProductDocument, 'validity' | 'refundDays' | 'refundPart'>;
export type PoliciesDocument = BookDocument['policies'];
export type BookGiftDocument = NonNullable<BookDocument['gifts']>[number];
export type CodeRuleDocument = NonNullable<BookDocument['codeTable']>[number];
export type CodesDocument = CodeRuleDocument['charged'];

/** The published JSON Schema (draft 2020-12); catalog/price-book.schema.json is this, written by scripts/write-schema.ts. */
export function bookJsonSchema(): Record<string, unknown> {
  const { $schema, ...rest } = z.toJSONSchema(bookSchema, { target: 'draft-2020-12' });
  return {
    $schema,
    title: 'Suanpan price book',
    description: 'Meters, tariffs, pack products, policies and code table of one API sold by the call.',
    ...rest,
  };
}
