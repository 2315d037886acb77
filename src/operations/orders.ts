// Orders: made, confirmed, cancelled, lapsed, listed. What is delivered is bought as POST /v1/packs buys it.

import { randomUUID } from 'node:crypto';
import type { ClientBase, Pool } from 'pg';
import { topUp } from '../account/commands.ts';
import { type Head, timeOf } from '../account/head.ts';
import {
  endedOrder,
  endOrder,
  makeOrder,
  type Order,
  type OrderedGoods,
  type OrderLine,
  openState,
  orderId,
  type Payment,
  packIdsOf,
  type Receipt,
  refuseReceipt,
} from '../account/orders.ts';
import { formatInstant, startOfDayAfter } from '../core/calendar.ts';
import { isRefusal, type Refusal, refuse, refuseMissing } from '../core/refusal.ts';
import { formatMoney, type Instant } from '../core/units.ts';
import { inTransaction } from '../store/connection/transaction.ts';
import { findAccounts } from '../store/ledger/accounts.ts';
import type { JobResult } from '../store/ledger/jobs.ts';
import type { ListPage } from '../store/ledger/list-order.ts';
import {
  findOrder,
  lapsedOrders,
  listOrders,
  nextOrderNo,
  type OrderFilter,
  type OrderPlace,
  type StoredOrder,
  takeReference,
} from '../store/ledger/orders.ts';
import { type Change, change, type Parts } from './change.ts';
import { ordersCursor } from './cursors.ts';
import { purchase } from './packs.ts';
import { readHead } from './read-account.ts';
import type { Reader, Suanpan } from './suanpan.ts';

/** An order by its id: "acme:order-7". */
export interface OrderKey {
  readonly account: string;
  readonly no: number;
}

export function parseOrderId(id: string): OrderKey | undefined {
  const [, account, no] = /^([^:]+):order-([1-9]\d{0,8})$/.exec(id) ?? [];
  return account === undefined || no === undefined ? undefined : { account, no: Number(no) };
}

export const noOrder = (id: string): Refusal => refuseMissing('order', id);

export interface OrderRequest extends OrderedGoods<Omit<OrderLine, 'pack'>> {
  readonly account: string;
  readonly pay: Payment;
  /** Whole days that a transfer may take. */
  readonly days: number;
}

/** Orders packs or a top-up. Paid from the balance it is delivered at once. Refusals: NOT_FOUND, those of `makeOrder`. */
export const placeOrder = (tx: ClientBase, parts: Parts, request: OrderRequest, by: string, clock: Instant) =>
  change(tx, parts, request.account, clock, async (opened) => {
    const placed = await orderIn(tx, opened, request, by);
    return isRefusal(placed) ? placed : { account: request.account, no: placed.no };
  });

/** The same in a change that is open. Refused it has changed nothing. Refusals: those of `makeOrder`. */
export async function orderIn(
  tx: ClientBase,
  opened: Change,
  { pay, topUp, days, ...request }: Omit<OrderRequest, 'account'>,
  by: string,
): Promise<Order | Refusal> {
  const { head, book, now, rows } = opened;
  const { account } = head;
  const no = await nextOrderNo(tx, account);
  const packs = request.packs.map((line) => ({ ...line, pack: `pk_${randomUUID()}` }));
  const lapsesAt = pay === 'balance' ? null : startOfDayAfter(head.timeZone, now, days + 1);
  const made = makeOrder(head, book, { no, pay, packs, topUp, lapsesAt }, now);
  if (isRefusal(made)) return made;
  rows.orders.push({ account, made, by });
  const refusal = pay === 'balance' ? await deliver(opened, made.order, null, by) : undefined;
  return refusal ?? made.order;
}

/** Ends an order as delivered, and delivers it: what was received first, then its packs. */
async function deliver(
  opened: Change,
  order: Order,
  receipt: Receipt | null,
  by: string,
): Promise<Refusal | undefined> {
  const { head, now, rows } = opened;
  const { account } = head;
  rows.orderEnds.push({ account, order, ended: endOrder(head, order, 'delivered', receipt, now), by });
  if (receipt !== null) {
    const entry = topUp(head, opened.book, receipt.received, receipt.reference, now);
    if (isRefusal(entry)) return entry;
    rows.entries.push({ account, entry });
  }
  for (const line of order.packs) {
    const { product, size, price } = line;
    const refusal = await purchase(opened, packIdsOf(line), { product, size, agreed: price });
    if (refusal !== undefined) return refusal;
  }
  return undefined;
}

/**
 * Says that a transfer for an order has arrived, and delivers it. The same again changes nothing.
 * Refusals: NOT_FOUND, REFERENCE_USED, ORDER_ENDED, PAYMENT_SHORT, INVALID_AMOUNT.
 */
export async function confirmOrder(
  tx: ClientBase,
  parts: Parts,
  { account, no, ...receipt }: OrderKey & Receipt,
  by: string,
  clock: Instant,
): Promise<OrderKey | Refusal> {
  const key = { account, no };
  const used = await takeReference(tx, receipt.reference);
  if (used !== undefined && (used.account !== account || used.no !== no)) {
    const order = orderId(used.account, used.no);
    return refuse('REFERENCE_USED', { reference: receipt.reference, order }, '/reference');
  }
  const stored = await findOrder(tx, account, no);
  if (used !== undefined && stored?.ended?.receipt?.received === receipt.received) return key;
  return change(tx, parts, account, clock, async (opened) => {
    const order = await openOrder(tx, opened, no);
    if (isRefusal(order)) return order;
    const refusal =
      refuseReceipt(opened.head, opened.book, order, receipt, opened.now) ??
      (await deliver(opened, order, receipt, by));
    return refusal ?? key;
  });
}

/** Gives an order up that was not paid yet. Refusals: NOT_FOUND, ORDER_ENDED. */
export const cancelOrder = (
  tx: ClientBase,
  parts: Parts,
  { account, no }: OrderKey,
  by: string,
  clock: Instant,
): Promise<OrderKey | Refusal> =>
  change(tx, parts, account, clock, async (opened) => {
    const { head, now, rows } = opened;
    const order = await openOrder(tx, opened, no);
    if (isRefusal(order)) return order;
    if (openState(order, now) === 'lapsed') return endedOrder(head, order, 'lapsed', order.lapsesAt ?? now);
    rows.orderEnds.push({ account, order, ended: endOrder(head, order, 'cancelled', null, now), by });
    return { account, no };
  });

/** An order without an end in the ledger. Its account's head is locked, so that it has none for as long as this transaction lasts. */
async function openOrder(tx: ClientBase, { head }: Change, no: number): Promise<Order | Refusal> {
  const stored = await findOrder(tx, head.account, no);
  if (stored === undefined) return noOrder(orderId(head.account, no));
  const { order, ended } = stored;
  if (ended === null) return order;
  const refusal = endedOrder(head, order, ended.how, ended.at);
  const { receipt } = ended;
  return receipt === null ? refusal : { ...refusal, facts: { ...refusal.facts, reference: receipt.reference } };
}

const slice = 200;

/** Writes the end of orders whose time is over. `done` counts them. */
export async function lapseOrders(suanpan: Suanpan, stop: AbortSignal): Promise<JobResult> {
  const { pool, clock, ledger } = suanpan;
  let done = 0;
  for (let found = slice; found === slice && !stop.aborted; ) {
    const due = await lapsedOrders(pool, clock(), slice);
    found = due.length;
    for (const { account, no } of due) {
      const lapsed = await inTransaction(pool, (tx) => lapse(tx, suanpan, { account, no }));
      ledger.forget(account);
      if (isRefusal(lapsed)) {
        // Somebody was quicker, or the account's own time is behind: the next run looks again.
        found = 0;
        continue;
      }
      done += 1;
    }
  }
  return { done, waiting: 0, failed: 0 };
}

const lapse = (tx: ClientBase, suanpan: Suanpan, { account, no }: OrderKey) =>
  change(tx, suanpan, account, suanpan.clock(), async (opened) => {
    const { head, now, rows } = opened;
    const order = await openOrder(tx, opened, no);
    if (isRefusal(order)) return order;
    if (openState(order, now) !== 'lapsed') return noOrder(orderId(account, no));
    rows.orderEnds.push({ account, order, ended: endOrder(head, order, 'lapsed', null, now), by: 'job:lapse-orders' });
    return { account, no };
  });

/** One order as it is shown. Refusal: NOT_FOUND. */
export async function readOrder(client: ClientBase | Pool, parts: Parts, { account, no }: OrderKey, clock: Instant) {
  const missing = noOrder(orderId(account, no));
  const reading = await readHead(client, parts, account);
  if (isRefusal(reading)) return missing;
  const stored = await findOrder(client, account, no);
  if (stored === undefined) return missing;
  const { head, book } = reading;
  return orderDocument(stored, { timeZone: head.timeZone, currency: book.currency, now: timeOf(head, clock) });
}

/** Orders of one account, or of all. */
export async function readOrders({ pool, books, clock }: Reader, filter: OrderFilter, page: ListPage<OrderPlace>) {
  const now = clock();
  const found = await listOrders(pool, filter, page, now);
  const rows = await findAccounts(pool, [...new Set(found.map(({ account }) => account))]);
  const accounts = new Map(rows.map((row) => [row.id, row]));
  return {
    orders: found.map((stored) => {
      const { timeZone, book } = accounts.get(stored.account) ?? {};
      const currency = books.find(book ?? '')?.currency ?? '';
      return orderDocument(stored, { timeZone: timeZone ?? 'UTC', currency, now });
    }),
    next: ordersCursor.after(found, page.limit, ({ order, account }) => [order.at, account, order.no]),
  };
}

interface ShownWhere extends Pick<Head, 'timeZone'> {
  readonly currency: string;
  readonly now: Instant;
}

function orderDocument({ account, order, by, ended }: StoredOrder, { timeZone, currency, now }: ShownWhere) {
  const time = (at: Instant): string => formatInstant(timeZone, at);
  const { receipt = null } = ended ?? {};
  const state = ended?.how ?? openState(order, now);
  const lapsedAt = state === 'lapsed' && order.lapsesAt !== null ? time(order.lapsesAt) : null;
  return {
    id: orderId(account, order.no),
    account,
    state,
    pay: order.pay,
    packs: order.packs.map(({ product, size, count, price }) => ({
      product,
      size,
      count,
      price: formatMoney(price, currency),
    })),
    topUp: order.topUp === null ? null : formatMoney(order.topUp, currency),
    amount: formatMoney(order.amount, currency),
    currency,
    madeAt: time(order.at),
    madeBy: by,
    lapsesAt: order.lapsesAt === null ? null : time(order.lapsesAt),
    endedAt: ended === null || state === 'lapsed' ? lapsedAt : time(ended.at),
    endedBy: ended?.by ?? null,
    reference: receipt?.reference ?? null,
    received: receipt === null ? null : formatMoney(receipt.received, currency),
    delivered: state === 'delivered' ? order.packs.flatMap(packIdsOf) : [],
  };
}
