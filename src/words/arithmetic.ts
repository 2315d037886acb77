// How a line's amount comes about, in figures alone: "12,250 × 1.00 = 12250.00". It holds no word, so that it stands in files that
// are the same bytes for ever.

import type { LineDocument } from '../core/bill-document.ts';
import { callsWords, pricedQuantity } from './figures.ts';

/** What the used calls of a pack cost that was given back in part. Both have as many decimals as their currency. */
function usedCost({ price, amount }: { readonly price: string; readonly amount: string }): string {
  const places = price.split('.')[1]?.length ?? 0;
  const cost = BigInt(price.replace('.', '')) + BigInt(amount.replace('.', ''));
  const digits = cost.toString().padStart(places + 1, '0');
  return places === 0 ? digits : `${digits.slice(0, -places)}.${digits.slice(-places)}`;
}

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
