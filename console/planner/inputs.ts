// What is planned, as it is typed: months down, meters across. The link holds it.

import { parseUsage } from '../../src/core/quantity.ts';
import type { ProfileRequest } from '../../src/plan/plan.ts';
import { typedNumber } from '../calculator/inputs.ts';

export interface MonthRow {
  readonly month: string;
  /** One for each meter. */
  readonly calls: readonly string[];
}

export interface HeldRow {
  readonly product: string;
  readonly calls: string;
  /** A day; empty: as a pack that begins with the plan. */
  readonly expires: string;
}

export interface Inputs {
  readonly book: string;
  readonly meters: readonly string[];
  readonly months: readonly MonthRow[];
  readonly have: readonly HeldRow[];
}

export const mostMonths = 24;

/** What a visitor sees first: half a year that grows. */
export const firstInputs: Inputs = {
  book: 'faceid-legacy',
  meters: ['liveness.basic.authority'],
  months: ['25,000', '31,000', '28,000', '60,000', '120,000', '180,000'].map((calls, index) => ({
    month: `2026-0${index + 1}`,
    calls: [calls],
  })),
  have: [],
};

export function inputsOf(asked: URLSearchParams): Inputs {
  const book = asked.get('book');
  if (book === null) return firstInputs;
  const meters = asked.getAll('meter');
  return {
    book,
    meters,
    months: asked
      .getAll('month')
      .slice(0, mostMonths)
      .map((text) => {
        const [month = '', ...calls] = text.split(';');
        return { month, calls: meters.map((_, index) => calls[index] ?? '') };
      }),
    have: asked.getAll('have').map(heldIn),
  };
}

/** "eid:500@2026-06-30", as the command line takes it. */
export function heldIn(text: string): HeldRow {
  const [, product = '', calls = '', expires = ''] = /^([^:]*):([^@]*)(?:@(.*))?$/.exec(text) ?? [];
  return { product, calls, expires };
}

export const heldText = ({ product, calls, expires }: HeldRow): string =>
  expires === '' ? `${product}:${calls}` : `${product}:${calls}@${expires}`;

export function searchOf({ book, meters, months, have }: Inputs): URLSearchParams {
  const asked = new URLSearchParams({ book });
  for (const meter of meters) asked.append('meter', meter);
  for (const { month, calls } of months) asked.append('month', [month, ...calls].join(';'));
  for (const held of have) asked.append('have', heldText(held));
  return asked;
}

export const isMonth = (text: string): boolean => /^\d{4}-(?:0[1-9]|1[0-2])$/.test(text.trim());
export const isDay = (text: string): boolean => /^\d{4}-\d{2}-\d{2}$/.test(text.trim());

export const monthAfter = (month: string): string => {
  const [year = 0, number = 0] = month.split('-').map(Number);
  if (!isMonth(month)) return '';
  return number === 12 ? `${year + 1}-01` : `${year}-${String(number + 1).padStart(2, '0')}`;
};

/** The request of the cells that are whole; undefined: none is. */
export function requestOf({ meters, months, have }: Inputs): ProfileRequest | undefined {
  const profile = months.flatMap(({ month, calls }) =>
    meters.flatMap((meter, index) => {
      const count = parseUsage(typedNumber(calls[index] ?? ''));
      return isMonth(month) && meter !== '' && count !== undefined
        ? [{ month: month.trim(), meter, calls: count }]
        : [];
    }),
  );
  const first = profile[0];
  if (first === undefined || profile.every(({ calls }) => calls === 0n)) return undefined;
  const start = months.find(({ month }) => isMonth(month))?.month.trim() ?? first.month;
  const held = have.flatMap(({ product, calls, expires }) => {
    const count = parseUsage(typedNumber(calls));
    if (product === '' || count === undefined || count === 0n) return [];
    return [{ product, calls: count, ...(isDay(expires) ? { expires: expires.trim() } : {}) }];
  });
  return { profile, start, have: held };
}

/** The profile as the file that the command line reads. */
export const profileFile = ({ profile }: ProfileRequest): string =>
  ['month,meter,calls', ...profile.map(({ month, meter, calls }) => `${month},${meter},${calls}`), ''].join('\n');

/** Words after `suanpan` that ask the same; more than one month stands in a file. */
export function cliOf({ book, have }: Inputs, { profile, start = '' }: ProfileRequest): string[] {
  const months = new Set(profile.map(({ month }) => month));
  const uses =
    months.size === 1
      ? [...profile.flatMap(({ meter, calls }) => ['--use', `${meter}=${calls}`]), '--start', start]
      : ['--profile', 'profile.csv', '--start', start];
  const held = have.filter(({ product, calls }) => product !== '' && calls !== '');
  return ['plan', '--book', book, ...uses, ...held.flatMap((each) => ['--have', heldText(each)])];
}

/** The same as JSON for the API. */
export const bodyOf = (book: string, { profile, start, have = [] }: ProfileRequest) => ({
  book,
  start,
  profile: profile.map(({ calls, ...row }) => ({ ...row, calls: Number(calls) })),
  have: have.map(({ calls, ...row }) => ({ ...row, calls: Number(calls) })),
});
