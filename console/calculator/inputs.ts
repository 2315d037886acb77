// What is asked of the calculator, as it is typed. The link holds it in the form of the command line, so both read the same.

import { parseQuantity, parseUsage } from '../../src/core/quantity.ts';
import type { QuoteRequest } from '../../src/scenario/quote-month.ts';

export interface UseRow {
  readonly of: string;
  readonly calls: string;
  /** On how many days there are so many calls each; empty: the calls are of the month. */
  readonly days: string;
}

export interface PackRow {
  readonly product: string;
  readonly size: string;
  readonly count: string;
}

export interface GiftRow {
  readonly product: string;
  readonly calls: string;
}

export interface Inputs {
  readonly book: string;
  readonly use: readonly UseRow[];
  readonly packs: readonly PackRow[];
  readonly gifts: readonly GiftRow[];
}

/** What a visitor sees first: a month that some more calls would make cheaper. */
export const firstInputs: Inputs = {
  book: 'faceid-legacy',
  use: [{ of: 'liveness_verification', calls: '9,200', days: '' }],
  packs: [],
  gifts: [],
};

export function inputsOf(asked: URLSearchParams): Inputs {
  const book = asked.get('book');
  if (book === null) return firstInputs;
  const split = (text: string, pattern: RegExp) => pattern.exec(text) ?? [];
  return {
    book,
    use: asked.getAll('use').map((text) => {
      const [, of = '', calls = '', days = ''] = split(text, /^([^=]*)=([^x×]*)(?:[x×](.*))?$/);
      return { of, calls, days };
    }),
    packs: asked.getAll('pack').map((text) => {
      const [, product = '', size = '', count = '1'] = split(text, /^([^:]*):([^x×]*)(?:[x×](.*))?$/);
      return { product, size, count };
    }),
    gifts: asked.getAll('gift').map((text) => {
      const [, product = '', calls = ''] = split(text, /^([^:]*):(.*)$/);
      return { product, calls };
    }),
  };
}

const textOfUse = ({ of, calls, days }: UseRow): string => (days === '' ? `${of}=${calls}` : `${of}=${calls}x${days}`);

const packText = ({ product, size, count }: PackRow): string =>
  count === '1' ? `${product}:${size}` : `${product}:${size}x${count}`;

export function searchOf({ book, use, packs, gifts }: Inputs): URLSearchParams {
  const asked = new URLSearchParams({ book });
  for (const row of use) asked.append('use', textOfUse(row));
  for (const pack of packs) asked.append('pack', packText(pack));
  for (const { product, calls } of gifts) asked.append('gift', `${product}:${calls}`);
  return asked;
}

/** Words after `suanpan` that ask the same. */
export const cliOf = ({ book, use, packs, gifts }: Inputs): string[] => [
  'quote',
  '--book',
  book,
  ...use.flatMap((row) => ['--use', textOfUse(row)]),
  ...packs.flatMap((pack) => ['--pack', packText(pack)]),
  ...gifts.flatMap(({ product, calls }) => ['--gift', `${product}:${calls}`]),
];

/** Thousands may be typed apart as people do: with commas, spaces, full-width digits. */
export const typedNumber = (text: string): string =>
  text
    .normalize('NFKC')
    .replace(/(?<=\d)[\s,_](?=\d{3})/g, '')
    .trim();

export const isUsage = (text: string): boolean => parseUsage(typedNumber(text)) !== undefined;
export const isQuantity = (text: string): boolean => parseQuantity(typedNumber(text)) !== undefined;

/** Days of a month. */
export const isDays = (text: string): boolean => (parseQuantity(typedNumber(text)) ?? 32n) <= 31n;

/** The request of the rows that are whole; the others wait to be filled. */
export function requestOf({ use, packs, gifts }: Inputs): QuoteRequest {
  return {
    use: use.flatMap(({ of, calls, days }) => {
      const [parsed, many] = [parseUsage(typedNumber(calls)), parseQuantity(typedNumber(days))];
      if (of === '' || parsed === undefined || (days !== '' && !isDays(days))) return [];
      return [{ of, calls: parsed, ...(many === undefined ? {} : { days: Number(many) }) }];
    }),
    packs: packs.flatMap(({ product, size, count }) => {
      const [calls, many] = [parseQuantity(typedNumber(size)), parseQuantity(typedNumber(count))];
      return product === '' || calls === undefined || many === undefined || many > 1_000n
        ? []
        : [{ product, size: calls, count: Number(many) }];
    }),
    gifts: gifts.flatMap(({ product, calls }) => {
      const parsed = parseQuantity(typedNumber(calls));
      return product === '' || parsed === undefined ? [] : [{ product, calls: parsed }];
    }),
  };
}
