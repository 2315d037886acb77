// How a line's amount comes about, in figures alone: "12,250 × 1.00 = 12250.00". It holds no word, so that it stands in files that
// are the same bytes for ever.

import type { LineDocument } from '../core/bill-document.ts';
import { addMoney, formatMoney, noMoney, parseMoney } from '../core/units.ts';
import { callsWords, pricedQuantity } from './figures.ts';

/** What the used calls of a pack cost that was given back in part. */
const usedCost = ({ price, amount }: { readonly price: string; readonly amount: string }): string =>
  formatMoney(addMoney(parseMoney(price) ?? noMoney, parseMoney(amount) ?? noMoney));

export function arithmeticOf(line: LineDocument): string {
  switch (line.kind) {
    case 'pack':
      return `${callsWords(line.count ?? 1)} × ${line.price} = ${line.amount}`;
    case 'pack_refund':
      return line.amount === `-${line.price}`
        ? `1 × -${line.price} = ${line.amount}`
        : `-(${line.price} − ${usedCost(line)}) = ${line.amount}`;
    case 'adjustment':
      return `${line.corrected ?? '?'} − ${line.billed ?? '?'} = ${line.amount ?? '?'}`;
    case 'postpaid': {
      const products = (line.slices ?? [line]).map((slice) => `${pricedQuantity(slice)} × ${slice.unitPrice ?? '?'}`);
      return `${products.join(' + ')} = ${line.amount ?? '?'}`;
    }
  }
}
