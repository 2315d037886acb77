// Cells of workbooks: text as text, figures as numbers with a format.

import { decimalsOf } from '../core/currency.ts';

export const textCell = (value: string) => ({ value, type: String }) as const;

/** How Excel shows amounts of a currency, and unit prices. */
export const amountFormat = (currency: string): string => format(decimalsOf(currency), 0);
export const priceFormat = (currency: string): string => format(decimalsOf(currency), 8 - decimalsOf(currency));

const format = (fixed: number, further: number): string =>
  `#,##0${fixed + further === 0 ? '' : '.'}${'0'.repeat(fixed)}${'#'.repeat(further)}`;

export const titleCell = (value: string) => ({ value, type: String, fontWeight: 'bold' }) as const;

/** Excel keeps fifteen digits: what has more is text, exact to the last, and so is what is no number. Null: an empty cell. */
export function numberCell(figure: string | number | bigint, format: string) {
  if (figure === '') return null;
  const digits = String(figure).replace(/\D/g, '').length;
  return digits > 15 || Number.isNaN(Number(figure))
    ? textCell(String(figure))
    : ({ value: Number(figure), type: Number, format } as const);
}
