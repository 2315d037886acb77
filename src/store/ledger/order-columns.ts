// Orders and their ends as the columns that group.ts writes.

import { goodsText } from '../../account/orders.ts';
import { int4Array, int8Array, sparseTextArray, textArray } from './arrays.ts';
import type { OrderEndRow, OrderRow } from './rows.ts';

const optional = (value: number | bigint | null | undefined): string | null => (value == null ? null : String(value));

export const orderColumns = (orders: readonly OrderRow[]): Buffer[] => [
  textArray(orders.map(({ account }) => account)),
  int4Array(orders.map(({ made }) => made.order.no)),
  int8Array(orders.map(({ made }) => made.seq)),
  int8Array(orders.map(({ made }) => made.order.at)),
  textArray(orders.map(({ made }) => made.order.pay)),
  int8Array(orders.map(({ made }) => made.order.amount)),
  sparseTextArray(orders.map(({ made }) => optional(made.order.lapsesAt))),
  textArray(orders.map(({ made }) => goodsText(made.order))),
  textArray(orders.map(({ by }) => by)),
];

export const orderEndColumns = (ends: readonly OrderEndRow[]): Buffer[] => [
  ...endColumns(ends),
  ...referenceColumns(ends.filter(({ ended }) => ended.receipt != null)),
];

/** What each receipt is known by, of all accounts. */
const referenceColumns = (ends: readonly OrderEndRow[]): Buffer[] => [
  textArray(ends.map(({ ended }) => ended.receipt?.reference ?? '')),
  textArray(ends.map(({ account }) => account)),
  int4Array(ends.map(({ ended }) => ended.no)),
];

const endColumns = (ends: readonly OrderEndRow[]): Buffer[] => [
  textArray(ends.map(({ account }) => account)),
  int4Array(ends.map(({ ended }) => ended.no)),
  int8Array(ends.map(({ ended }) => ended.seq)),
  int8Array(ends.map(({ ended }) => ended.at)),
  textArray(ends.map(({ ended }) => ended.how)),
  sparseTextArray(ends.map(({ ended }) => optional(ended.receipt?.received))),
  sparseTextArray(ends.map(({ ended }) => ended.receipt?.reference ?? null)),
  textArray(ends.map(({ by }) => by)),
];
