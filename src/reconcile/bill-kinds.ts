// What each row of a bill is, by its kind. The export of a bill of our own has kinds of its own, known by its columns.

import type { Words } from '../core/price-book.ts';
import type { Table, TableRow } from '../usage-files/table-of.ts';
import { reconcileWords } from '../words/reconcile.ts';

export type RowKind = 'draw' | 'day' | 'line' | 'purchase' | 'fee' | 'total' | 'subtotal' | 'other';

/** Rows whose amount follows from no usage. */
export const otherKinds = ['adjustment', 'discount', 'voucher', 'refund', 'rounding'];

const kinds: ReadonlyMap<string, RowKind> = new Map([
  ['pack', 'draw'],
  ['purchase', 'purchase'],
  ['fee', 'fee'],
  ['total', 'total'],
  ['subtotal', 'subtotal'],
  ...otherKinds.map((kind) => [kind, 'other'] as const),
]);

const ownKinds: ReadonlyMap<string, RowKind> = new Map([
  ['pack', 'purchase'],
  ['pack_refund', 'other'],
  ['fee', 'fee'],
  ['adjustment', 'other'],
  ['prepaid', 'subtotal'],
  ['adjustments', 'subtotal'],
  ['total', 'total'],
]);

const ownColumns = ['product', 'month'];

/** Whether a bill is one that we exported: in `month` its lines of one day have that day, its adjustments the month that they correct. */
export const isOwnBill = (table: Table): boolean =>
  ownColumns.every((column) => table.has(column) && table.title(column) === column);

/** Undefined: nothing that stands on a bill. */
export function kindOf(row: TableRow, table: Table): RowKind | undefined {
  const kind = row.cell('kind');
  const isOwn = isOwnBill(table);
  if (kind !== 'postpaid') return (isOwn ? ownKinds : kinds).get(kind);
  if (isOwn && row.cell('tariff') === '') return 'subtotal';
  return row.cell('day') === '' ? 'line' : 'day';
}

const names = ['pack', 'postpaid', 'fee', 'purchase', 'total', 'subtotal', ...otherKinds];
export const kindWords: Words = reconcileWords.mustBeOneOf(names.join('、'), names.join(', '));
