// Packs bought from the balance, given, and paid back.

import { randomUUID } from 'node:crypto';
import { setImmediate as othersFirst } from 'node:timers/promises';
import type { ClientBase } from 'pg';
import {
  buyPack,
  giveGift,
  insufficientBalance,
  type MoneyEntry,
  type PackOrder as PackTerms,
  refundPack,
  standingOf,
} from '../account/commands.ts';
import { type Day, periodOf } from '../core/calendar.ts';
import { bookIn } from '../core/contract.ts';
import { packLife, refuseStart } from '../core/pack.ts';
import { packSizeOf } from '../core/price-book.ts';
import { isRefusal, type Refusal, refuse, refuseMissing } from '../core/refusal.ts';
import { type Calls, type Instant, type Money, noMoney } from '../core/units.ts';
import { findPacks, takenPackIds, wasDrawn } from '../store/ledger/packs.ts';
import { type Change, change, type Parts } from './change.ts';

export interface PackOrder {
  readonly account: string;
  readonly product: string;
  readonly size: Calls;
  /** How many packs of this size. */
  readonly count: number;
  /** The buyer's own id; further packs of the order get -2, -3 … appended. */
  readonly id?: string;
  /** The day that they are to start on, where the book lets its buyers choose. */
  readonly startsOn?: Day;
  /** They are to pay for calls of this department alone. */
  readonly department?: string;
}

/** Packs delivered before others have their turn. */
const packsAtOnce = 250;

export interface GiftRequest {
  readonly account: string;
  readonly product: string;
  readonly calls: Calls;
  /** Null: once, with the book's pack life. A number: so many monthly gifts. */
  readonly months: number | null;
  readonly id?: string;
  /** They are to pay for calls of this department alone. */
  readonly department?: string;
}

/** Buys packs from the balance, all or none. Refusals: NOT_FOUND, ID_TAKEN, UNKNOWN_PRODUCT, SIZE_NOT_SOLD, INSUFFICIENT_BALANCE. */
export const buyPacks = (
  tx: ClientBase,
  parts: Parts,
  order: PackOrder,
  clock: Instant,
): Promise<{ readonly ids: string[] } | Refusal> =>
  change(tx, parts, order.account, clock, async (opened) => {
    const { rows } = opened;
    const { account, product, size, startsOn, department } = order;
    const first = order.id ?? `pk_${randomUUID()}`;
    const ids = Array.from({ length: order.count }, (_, index) => (index === 0 ? first : `${first}-${index + 1}`));
    const [taken] = await takenPackIds(tx, account, ids);
    if (taken !== undefined) return refuse('ID_TAKEN', { id: taken }, '/id');
    const bought = await purchase(opened, ids, {
      ...{ product, size },
      ...(startsOn === undefined ? {} : { startsOn }),
      ...(department === undefined ? {} : { department }),
    });
    if (!isRefusal(bought)) return { ids };
    return bought.refused === 'INSUFFICIENT_BALANCE' ? tooDear(opened, order, rows.packs.length) : bought;
  });

/** Buys packs one by one, by their ids. Where one is refused those before it are given up with the whole change. */
export async function purchase(
  { head, book, now, rows }: Change,
  ids: readonly string[],
  terms: Omit<PackTerms, 'id'>,
): Promise<undefined | Refusal> {
  const { account } = head;
  const today = bookIn(book, periodOf(head.timeZone, now));
  const { product, size, startsOn } = terms;
  const refusal = startsOn === undefined ? undefined : refuseStart(book, startsOn, now);
  const life =
    refusal === undefined
      ? packLife(today, { product, calls: size }, now, { timeZone: head.timeZone, startsOn })
      : undefined;
  for (const [index, id] of ids.entries()) {
    const bought = buyPack(head, book, { ...terms, id }, now, life);
    if (isRefusal(bought)) return bought;
    rows.packs.push({ account, seq: bought.entry.seq, pack: bought.pack });
    rows.entries.push({ account, entry: bought.entry });
    if ((index + 1) % packsAtOnce === 0) await othersFirst();
  }
  return undefined;
}

/** The whole order's price beside the balance as it was before: what was bought of it is given up with the rest. */
function tooDear({ head, book, now }: Change, order: PackOrder, bought: number): Refusal {
  const product = bookIn(book, periodOf(head.timeZone, now)).packProducts.get(order.product);
  const price = (product === undefined ? undefined : packSizeOf(product, order.size))?.price ?? noMoney;
  const times = (count: number) => price * BigInt(count);
  return insufficientBalance(book, order.product, (head.balance + times(bought)) as Money, times(order.count) as Money);
}

/** Gives calls, once or for each of some months. Refusals: NOT_FOUND, ID_TAKEN, UNKNOWN_PRODUCT, INVALID_QUANTITY, INVALID_INPUT. */
export const giveGifts = (
  tx: ClientBase,
  parts: Parts,
  request: GiftRequest,
  clock: Instant,
): Promise<{ readonly ids: string[] } | Refusal> =>
  change(tx, parts, request.account, clock, async ({ head, book, now, rows }) => {
    const { account } = request;
    const gifts = giveGift(head, book, { ...request, id: request.id ?? `gf_${randomUUID()}` }, now);
    if (isRefusal(gifts)) return gifts;
    const ids = gifts.map(({ pack }) => pack.id);
    const [taken] = await takenPackIds(tx, account, ids);
    if (taken !== undefined) return refuse('ID_TAKEN', { id: taken }, '/id');
    for (const { seq, pack } of gifts) rows.packs.push({ account, seq, pack });
    return { ids };
  });

/** Pays a pack back. Refusals: NOT_FOUND, and those of `refundPack`. */
export const refundPackOf = (
  tx: ClientBase,
  parts: Parts,
  order: { readonly account: string; readonly pack: string; readonly exception?: boolean },
  clock: Instant,
): Promise<MoneyEntry | Refusal> =>
  change(tx, parts, order.account, clock, async ({ head, book, now, rows }) => {
    const { account, exception = false } = order;
    const [pack] = await findPacks(tx, account, [order.pack]);
    if (pack === undefined) return refuseMissing('pack', order.pack);
    // A pack that left the head forfeited whole may have been drawn from and voided: its counters tell.
    const used = head.packs.some(({ no }) => no === pack.facts.no) ? undefined : await wasDrawn(tx, pack);
    // What is forfeited with this very change stands in no row yet.
    const due = rows.forfeits.find(({ forfeit }) => forfeit.pack.no === pack.facts.no)?.forfeit.units;
    const ends = { ...pack, ...(used !== undefined && { used }), ...(due !== undefined && { forfeited: due }) };
    const entry = refundPack(head, book, standingOf(head, pack.facts, ends), now, exception);
    if (isRefusal(entry)) return entry;
    rows.refunds.push({ account, packNo: pack.facts.no, seq: entry.seq, at: now, exception });
    rows.entries.push({ account, entry });
    return entry;
  });
