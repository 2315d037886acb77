// How a line's amount comes about, in figures alone: "12,250 × 1.00 = 12250.00". It holds no word, so that it stands in files that
// are the same bytes for ever.

import type { LineDocument } from '../core/bill-document.ts';
import { callsWords, pricedQuantity } from './figures.ts';

export function arithmeticOf(line: LineDocument): string {
  switch (line.kind) {
    case 'pack':
      return `${callsWords(line.count ?? 1)} × ${line.price} = ${line.amount}`;
    case 'pack_refund':
      return `1 × -${line.price} = ${line.amount}`;
    case 'adjustment':
      return `${line.corrected ?? '?'} − ${line.billed ?? '?'} = ${line.amount ?? '?'}`;
    case 'fee':
      return line.limit === undefined
        ? `1 × ${line.amount} = ${line.amount}`
        : `${line.limit} − ${line.before ?? '?'} = ${line.amount ?? '?'}`;
    case 'postpaid': {
      const products = (line.slices ?? [line]).map((slice) => `${pricedQuantity(slice)} × ${slice.unitPrice ?? '?'}`);
      return `${products.join(' + ')} = ${line.amount ?? '?'}`;
    }
  }
}
