// Standing orders: kept, and bought by a job. What is due is judged again under the lock of the account's head, where it is bought and kept
// in one transaction: two servers, a kill or a long sleep buy once for one cause.

import type { ClientBase, Pool } from 'pg';
import { unknownProduct } from '../account/commands.ts';
import { timeOf } from '../account/head.ts';
import { causeOf, mostStandingOrders, productsOf, type StandingOrder } from '../account/standing-orders.ts';
import { periodOf, startOfPeriod } from '../core/calendar.ts';
import { bookIn } from '../core/contract.ts';
import { type PriceBook, packSizeOf } from '../core/price-book.ts';
import { isRefusal, type Refusal, refuse, refuseMissing } from '../core/refusal.ts';
import { type Calls, formatMoney, type Instant, instantOf, noMoney } from '../core/units.ts';
import { inTransaction } from '../store/connection/transaction.ts';
import { insertAlerts } from '../store/ledger/alerts.ts';
import type { JobResult } from '../store/ledger/jobs.ts';
import {
  accountsWithStandingOrders,
  type Bought,
  boughtSince,
  deleteStandingOrder,
  isBoughtFor,
  keepPurchase,
  lastPackNo,
  putStandingOrder,
  readStandingOrders,
  wasRefusedSince,
} from '../store/ledger/standing-orders.ts';
import { type Change, change, type Parts } from './change.ts';
import { orderIn } from './orders.ts';
import { readHead } from './read-account.ts';
import type { Suanpan } from './suanpan.ts';

const document = ({ mostMoney, ...order }: StandingOrder, { currency }: PriceBook) => ({
  ...order,
  mostMoney: formatMoney(mostMoney, currency),
});

/** Refusal: NOT_FOUND. */
export async function listStandingOrders(client: ClientBase | Pool, parts: Parts, account: string) {
  const reading = await readHead(client, parts, account);
  if (isRefusal(reading)) return reading;
  return {
    account,
    standingOrders: (await readStandingOrders(client, account)).map((order) => document(order, reading.book)),
  };
}

/** Puts one in the place of the one of its name. Refusals: NOT_FOUND, UNKNOWN_PRODUCT, UNKNOWN_METER, TOO_MANY_STANDING_ORDERS. */
export const setStandingOrder = (
  tx: ClientBase,
  parts: Parts,
  { account, order }: { readonly account: string; readonly order: StandingOrder },
  by: string,
  clock: Instant,
) =>
  change(tx, parts, account, clock, async ({ book }) => {
    const { watch, buy, name } = order;
    for (const product of [buy.product, ...('product' in watch ? [watch.product] : [])]) {
      if (!book.packProducts.has(product)) return unknownProduct(book, product);
    }
    if ('meter' in watch && !book.meters.has(watch.meter)) {
      return refuse('UNKNOWN_METER', { meter: watch.meter, book: book.id, known: [...book.meters.keys()].join(', ') });
    }
    const others = (await readStandingOrders(tx, account)).filter((each) => each.name !== name);
    if (others.length >= mostStandingOrders) {
      return refuse('TOO_MANY_STANDING_ORDERS', { most: String(mostStandingOrders) });
    }
    await putStandingOrder(tx, account, order, by);
    return { account, ...document(order, book) };
  });

/** Refusal: NOT_FOUND. */
export const removeStandingOrder = (
  tx: ClientBase,
  parts: Parts,
  { account, name }: { readonly account: string; readonly name: string },
  clock: Instant,
): Promise<{ readonly account: string; readonly name: string } | Refusal> =>
  change(tx, parts, account, clock, async () =>
    (await deleteStandingOrder(tx, account, name)) ? { account, name } : refuseMissing('standing order', name),
  );

/** The size that an account should buy of a product; null: none, or nobody knows. */
export type Advise = (account: string, product: string, now: Instant) => Promise<Calls | null>;

/** Where there is none, it is not asked for again within milliseconds. */
const adviceRest = 3_600_000;

/** Buys what is due. `done` counts purchases, `waiting` what cannot be bought yet. */
export async function runStandingOrders(
  suanpan: Suanpan,
  stop: AbortSignal,
  advise: Advise = async () => null,
): Promise<JobResult> {
  const result = { done: 0, waiting: 0, failed: 0 };
  for (let after = ''; !stop.aborted; ) {
    const accounts = await accountsWithStandingOrders(suanpan.pool, after, 100);
    if (accounts.length === 0) break;
    after = accounts.at(-1) ?? '';
    for (const account of accounts) {
      try {
        await runAccount(suanpan, account, result, advise);
      } catch {
        result.failed += 1;
      }
    }
  }
  return result;
}

/** Looks without a lock first: nearly always nothing is due. */
async function runAccount(
  suanpan: Suanpan,
  account: string,
  result: { done: number; waiting: number },
  advise: Advise,
): Promise<void> {
  const { pool } = suanpan;
  const reading = await readHead(pool, suanpan, account);
  if (isRefusal(reading)) return;
  const { head, book } = reading;
  const now = timeOf(head, suanpan.clock());
  for (const order of await readStandingOrders(pool, account)) {
    const last = await lastPackNo(pool, account, productsOf(order, book));
    const cause = causeOf(order, head, book, last, now);
    if (cause === undefined || (await isBoughtFor(pool, account, order.name, cause))) continue;
    const { buy } = order;
    const isAsked = buy.size === 'advised';
    if (isAsked && (await wasRefusedSince(pool, account, order.name, cause, instantOf(now - adviceRest)))) continue;
    // Before the lock: a plan takes its time.
    const size = buy.size === 'advised' ? await advise(account, buy.product, now) : buy.size;
    const bought = await inTransaction(pool, (tx) =>
      change(tx, suanpan, account, suanpan.clock(), (opened) => buyDue(tx, opened, order, size)),
    );
    suanpan.ledger.forget(account);
    if (isRefusal(bought)) throw new Error(bought.refused);
    if (bought.is === 'bought') result.done += 1;
    if (bought.is === 'refused') result.waiting += 1;
  }
}

/** Buys for what is due still, or says why not. What was refused is tried again each time, and said once. */
async function buyDue(tx: ClientBase, opened: Change, order: StandingOrder, size: Calls | null) {
  const { head, book, now } = opened;
  const { account } = head;
  const { name, buy } = order;
  const cause = causeOf(order, head, book, await lastPackNo(tx, account, productsOf(order, book)), now);
  if (cause === undefined || (await isBoughtFor(tx, account, name, cause))) return { is: 'done' as const };
  const past = await boughtSince(tx, account, name, startOfPeriod(head.timeZone, periodOf(head.timeZone, now)));
  const placed =
    size === null ? refuse('NO_ADVICE') : await place(tx, opened, { ...order, buy: { ...buy, size } }, past);
  if (!isRefusal(placed)) {
    await keepPurchase(tx, { account, name, cause, at: now, no: placed.no, amount: placed.amount });
    return { is: 'bought' as const };
  }
  await keepPurchase(tx, { account, name, cause, at: now, no: null, amount: noMoney });
  const { price, balance } = placed.facts;
  const figures = typeof price === 'string' && typeof balance === 'string' ? { price, balance } : {};
  const details = {
    name,
    ...buy,
    size: size ?? 'advised',
    reason: placed.refused,
    ...figures,
    currency: book.currency,
  };
  const once = `standing-order-refused:${name}:${cause}`;
  await insertAlerts(tx, [{ account, kind: 'standing-order-refused', at: now, details, once }]);
  return { is: 'refused' as const };
}

type FixedOrder = StandingOrder & { readonly buy: { readonly size: Calls } };

async function place(tx: ClientBase, opened: Change, order: FixedOrder, past: Bought) {
  const refusal = limitRefusal(opened, order, past);
  const request = { pay: 'balance', packs: [order.buy], topUp: null, days: 0 } as const;
  return refusal ?? orderIn(tx, opened, request, 'job:standing-orders');
}

function limitRefusal({ head, book, now }: Change, order: FixedOrder, past: Bought): Refusal | undefined {
  const { product, size, count } = order.buy;
  const sold = bookIn(book, periodOf(head.timeZone, now)).packProducts.get(product);
  const price = sold === undefined ? undefined : packSizeOf(sold, size)?.price;
  if (price === undefined) return undefined;
  const after = past.amount + price * BigInt(count);
  if (past.count < order.mostPurchases && after <= order.mostMoney) return undefined;
  return refuse('STANDING_ORDER_LIMIT');
}
