// What the documents of this room are made of. Requests are checked by these schemas; OpenAPI and the types of clients are made from
// them and from the answers beside them.

import { z } from 'zod';
import { askedText, because, givenAccountId, givenId, safeText } from '../../book/names.ts';
import { parsePeriod } from '../../core/calendar.ts';
import { eventFields } from '../../core/event.ts';
import { parseInstant } from '../../core/instant.ts';
import { accountIdPattern } from '../../core/safe-text.ts';
import { isMoneyText } from '../../core/units.ts';
import { httpWords } from '../../words/http.ts';

export const id = givenId.meta({
  id: 'Id',
  description:
    'An id of the caller’s own, 1 to 200 characters; not "." or "..". In NFC, with no white space but plain spaces inside, and nothing invisible',
});

export const accountId = givenAccountId.meta({
  id: 'AccountId',
  description: 'Letters, digits, dot, dash, underscore; at most 64',
  pattern: accountIdPattern,
});

export const calls = z
  .int()
  .min(1)
  .max(1_000_000_000_000)
  .meta({ id: 'Calls', description: 'A whole number of calls, 1 to 10^12' });

/** Of a month that is asked about: there may be none. */
export const callsOrNone = z
  .int()
  .min(0)
  .max(1_000_000_000_000)
  .meta({ description: 'A whole number of calls, 0 to 10^12' });

export const money = z
  .string()
  .refine(isMoneyText, because(httpWords.mustBeADecimalStringSuch))
  .meta({
    id: 'Money',
    description: 'A decimal string with at most as many places as the currency has',
    examples: ['12250.00'],
  });

export const time = z
  .string()
  .refine((text) => parseInstant(text) !== undefined, because(httpWords.mustBeRfc3339WithOffset))
  .meta({ id: 'Time', description: 'RFC 3339 with offset', examples: ['2026-01-06T08:59:59+08:00'] });

export const month = z
  .string()
  .refine((text) => parsePeriod(text) !== undefined, because(httpWords.mustBeAMonthSuchAs))
  .meta({ id: 'Month', examples: ['2026-01'] });

export const department = safeText(eventFields.department.most);

/** A CloudEvent's source is a URI reference, which holds no white space. */
const withoutSpace = (text: string): boolean => !/\s/.test(text);
const spaceWords = because(httpWords.mustNotHoldWhiteSpace);
export const source = safeText(200).refine(withoutSpace, spaceWords);

/** The same where an event is asked for. */
export const askedSource = askedText(200).refine(withoutSpace, spaceWords);

/** Calls of an answer: JSON integers, which are exact whatever their size. */
export const count = z.int() as z.ZodType as z.ZodType<number | bigint>;
/** An amount of an answer. */
export const amount = z.string().meta({
  id: 'Amount',
  description: 'A decimal string with all places of its currency: two of CNY, none of JPY, three of KWD',
  examples: ['12250.00'],
});
/** Null: a contract price is needed. */
export const amountOrNone = amount.nullable().meta({ description: 'Null: a contract price is needed' });
/** A unit price of an answer. */
export const price = z.string().meta({
  id: 'Price',
  description: 'A decimal string with the places of its currency at least, and eight at most',
  examples: ['0.85'],
});
/** A sentence in both languages. */
export const sentence = z.object({ zh: z.string(), en: z.string() }).meta({ id: 'Words' });
/** Beside the id of whoever did something. */
export const byName = z
  .string()
  .nullable()
  .meta({ description: 'Their name, where a person did it whom the caller may know' });
export const next = z.string().nullable().meta({ description: 'The cursor of the next page; null at the end' });
/** Figures of a notice for programs. */
const figures = z.record(z.string(), z.union([z.string(), count, z.null()]));
export const notice = z
  .object({ code: z.string(), zh: z.string(), en: z.string(), facts: figures })
  .meta({ id: 'Notice' });

/** What an answer is, for whoever makes or reads it. */
export type Answered<Schema extends z.ZodType> = Lasting<z.output<Schema>>;

type Lasting<T> = T extends (infer Item)[]
  ? readonly Lasting<Item>[]
  : T extends object
    ? { readonly [Key in keyof T]: Lasting<T[Key]> }
    : T;
