// Orders: packs or a top-up at the price of the day, paid from the balance at once or by a transfer that is confirmed later. Same terms
// as head.ts. Source: docs/decisions/0028.

import { formatInstant, periodOf } from '../core/calendar.ts';
import { bookIn } from '../core/contract.ts';
import { canonicalJson } from '../core/json.ts';
import { type PriceBook, packSizeOf } from '../core/price-book.ts';
import { type Refusal, refuse } from '../core/refusal.ts';
import {
  addMoney,
  type Calls,
  callsOf,
  formatMoney,
  type Instant,
  isStorable,
  type Money,
  noMoney,
  readStoredMoney,
  storedMoney,
  subtractMoney,
} from '../core/units.ts';
import { insufficientBalance, refusePayment, sizeNotSold, unknownProduct } from './commands.ts';
import type { Head } from './head.ts';
import type { News } from './news.ts';

export const payments = ['balance', 'transfer'] as const;
export type Payment = (typeof payments)[number];

export const orderStates = ['pending', 'delivered', 'cancelled', 'lapsed'] as const;
export type OrderState = (typeof orderStates)[number];
export type OrderEnding = Exclude<OrderState, 'pending'>;

/** Equal packs of an order. */
export interface OrderLine {
  readonly product: string;
  readonly size: Calls;
  readonly count: number;
  /** The id that the first of them will have; the others get -2, -3 … appended. */
  readonly pack: string;
}

export interface PricedLine extends OrderLine {
  /** What one of them cost on the day of the order. */
  readonly price: Money;
}

/** What is ordered: packs, or money for the balance. */
export interface OrderedGoods<Line = PricedLine> {
  readonly packs: readonly Line[];
  readonly topUp: Money | null;
}

export interface Order extends OrderedGoods {
  /** 1, 2, 3 … of the account. */
  readonly no: number;
  readonly pay: Payment;
  readonly amount: Money;
  readonly at: Instant;
  /** From when on it cannot be paid any more; null: paid at once. */
  readonly lapsesAt: Instant | null;
}

export interface MadeOrder {
  readonly seq: number;
  readonly order: Order;
}

export interface OrderRequest extends OrderedGoods<OrderLine> {
  readonly no: number;
  readonly pay: Payment;
  readonly lapsesAt: Instant | null;
}

/** What was received for an order, by the payer's own reference. */
export interface Receipt {
  readonly reference: string;
  readonly received: Money;
}

export interface EndedOrder {
  readonly seq: number;
  readonly no: number;
  readonly how: OrderEnding;
  readonly at: Instant;
  /** Null where it was not paid by a transfer. */
  readonly receipt: Receipt | null;
}

/** Whole days that a transfer may take unless the operator says otherwise. */
export const usualOrderDays = 14;

export const orderId = (account: string, no: number): string => `${account}:order-${no}`;

/** An order at the prices of its day. Refusals: UNKNOWN_PRODUCT, SIZE_NOT_SOLD, INVALID_AMOUNT, INSUFFICIENT_BALANCE. */
export function makeOrder(head: Head, book: PriceBook, request: OrderRequest, now: Instant): MadeOrder | Refusal {
  const { no, pay, lapsesAt, topUp } = request;
  const prices = bookIn(book, periodOf(head.timeZone, now)).packProducts;
  const packs: PricedLine[] = [];
  let amount = topUp ?? noMoney;
  for (const line of request.packs) {
    const product = prices.get(line.product);
    if (product === undefined) return unknownProduct(book, line.product);
    const sold = packSizeOf(product, line.size);
    const sizes = product.sizes.map(({ calls }) => calls);
    if (sold === undefined) return sizeNotSold(product.id, line.size, sizes);
    packs.push({ ...line, price: sold.price });
    amount = addMoney(amount, (sold.price * BigInt(line.count)) as Money);
  }
  if (topUp !== null && topUp <= noMoney) return refusePayment({ amount: formatMoney(topUp, book.currency) }, '/topUp');
  if (!isStorable(amount)) return refuse('INVALID_AMOUNT', { amount: formatMoney(amount, book.currency) });
  if (pay === 'balance' && head.balance < amount) {
    const products = new Set(packs.map(({ product }) => product));
    return insufficientBalance(book, [...products].join(', '), head.balance, amount);
  }
  // Nothing below may refuse.
  head.seq += 1;
  return { seq: head.seq, order: { no, pay, packs, topUp, amount, at: now, lapsesAt } };
}

/** What an order's state is without an end in the ledger: its time is over whether or not anybody has looked. */
export const openState = ({ lapsesAt }: Order, now: Instant): OrderState =>
  lapsesAt !== null && now >= lapsesAt ? 'lapsed' : 'pending';

/** What has to be received for an order: its amount, and what the account owes, which comes first. */
export const amountDue = ({ balance }: Head, { amount, topUp }: Order): Money =>
  balance < noMoney && topUp === null ? subtractMoney(amount, balance) : amount;

/** Why an order cannot be delivered for what was received. Refusals: ORDER_ENDED, PAYMENT_SHORT. */
export function refuseReceipt(
  head: Head,
  { currency }: PriceBook,
  order: Order,
  { received }: Receipt,
  now: Instant,
): Refusal | undefined {
  if (openState(order, now) === 'lapsed') return endedOrder(head, order, 'lapsed', order.lapsesAt ?? now);
  const due = amountDue(head, order);
  if (received >= due) return undefined;
  const owed = due === order.amount ? {} : { owed: formatMoney(subtractMoney(due, order.amount), currency) };
  const missing = formatMoney(subtractMoney(due, received), currency);
  const [id, needed, got] = [
    orderId(head.account, order.no),
    formatMoney(due, currency),
    formatMoney(received, currency),
  ];
  return refuse('PAYMENT_SHORT', { order: id, due: needed, received: got, missing, ...owed }, '/amount');
}

/** An order that has ended is not ended again. */
export const endedOrder = ({ account, timeZone }: Head, { no }: Order, state: OrderEnding, at: Instant): Refusal =>
  refuse('ORDER_ENDED', { order: orderId(account, no), state, at: formatInstant(timeZone, at) });

/** Ends an order that may end so: whoever asks has looked. What is delivered follows it in the ledger. */
export function endOrder(
  head: Head,
  { no }: Order,
  how: OrderEnding,
  receipt: Receipt | null,
  now: Instant,
): EndedOrder {
  head.seq += 1;
  return { seq: head.seq, no, how, at: now, receipt };
}

/** The ids of all packs of a line. */
export const packIdsOf = ({ pack, count }: OrderLine): string[] =>
  Array.from({ length: count }, (_, index) => (index === 0 ? pack : `${pack}-${index + 1}`));

/** What is told of an order that was made. One that is paid at once is told of when it is delivered, in the same breath. */
export const orderNews = ({ no, pay, amount, lapsesAt }: Order, currency: string): News[] =>
  pay === 'balance'
    ? []
    : [{ kind: 'order-made', details: { order: no, amount: formatMoney(amount, currency), lapsesAt: lapsesAt ?? 0 } }];

export function endNews({ no, amount, packs }: Order, { how, receipt }: EndedOrder, currency: string): News[] {
  const count = packs.reduce((sum, line) => sum + line.count, 0);
  const received = receipt === null ? {} : { received: formatMoney(receipt.received, currency) };
  return [
    { kind: `order-${how}`, details: { order: no, amount: formatMoney(amount, currency), packs: count, ...received } },
  ];
}

/** What was ordered, as JSON: what is stored. */
export const goodsText = ({ packs, topUp }: OrderedGoods): string =>
  canonicalJson({
    packs: packs.map(({ product, size, count, price, pack }) => ({
      product,
      size,
      count,
      price: storedMoney(price),
      pack,
    })),
    topUp: topUp === null ? null : storedMoney(topUp),
  });

/** Reads what `goodsText` wrote. Throws for anything else. */
export function readGoods(document: unknown): OrderedGoods {
  const { packs, topUp } = document as {
    readonly packs: readonly { product: string; size: number; count: number; price: string; pack: string }[];
    readonly topUp: string | null;
  };
  const money = (text: string): Money => {
    const amount = readStoredMoney(text);
    if (amount === undefined) throw new Error(`${text} is no amount`);
    return amount;
  };
  return {
    packs: packs.map((line) => ({ ...line, size: callsOf(line.size), price: money(line.price) })),
    topUp: topUp === null ? null : money(topUp),
  };
}
