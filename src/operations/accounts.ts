// Accounts opened, their limits changed, money added to their balance.

import type { ClientBase } from 'pg';
import { gifts } from '../account/book-gifts.ts';
import { credit, type MoneyEntry, topUp } from '../account/commands.ts';
import { type Head, openHead } from '../account/head.ts';
import { isTimeZone, parseDay } from '../core/calendar.ts';
import { isSoundDay, soundTimes } from '../core/instant.ts';
import { isRefusal, type Refusal, refuse } from '../core/refusal.ts';
import type { Calls, Instant, Money } from '../core/units.ts';
import {
  type AccountRow,
  type AccountSettingsRow,
  findAccount,
  findOpeningSettings,
  insertAccount,
  insertAccountChange,
} from '../store/ledger/accounts.ts';
import { insertHead, readHeadOf } from '../store/ledger/heads.ts';
import { ordersWords } from '../words/orders.ts';
import { giveGiftsOfBook } from './book-gifts.ts';
import { change, type Parts } from './change.ts';
import type { Suanpan } from './suanpan.ts';

export interface NewAccount {
  readonly id: string;
  readonly name?: string;
  readonly book: string;
  readonly opened?: string;
  readonly timeZone?: string;
  readonly postpaid?: boolean;
  readonly cap?: Calls | null;
  /** Without what its book gives once. */
  readonly withoutGifts?: boolean;
  /** Who opens it. */
  readonly by: string;
}

/**
 * Opens an account; the same order again finds it open, whatever was set since. An explicit book is the operator's decision, also
 * outside the dates the book is for (docs/decisions/0005).
 * Refusals: UNKNOWN_BOOK, INVALID_INPUT, ACCOUNT_EXISTS.
 */
export async function openAccount(
  tx: ClientBase,
  parts: Pick<Suanpan, 'books' | 'meters'>,
  order: NewAccount,
  now: Instant,
): Promise<{ readonly id: string; readonly existed: boolean } | Refusal> {
  await parts.books.hold(tx, [order.book]);
  const book = parts.books.find(order.book);
  if (book === undefined) return refuse('UNKNOWN_BOOK', { book: order.book }, '/book');
  const { timeZone = book.timeZone } = order;
  if (!isTimeZone(timeZone)) return refuse('INVALID_INPUT', noZone(timeZone), '/timeZone');
  if (order.opened !== undefined && parseDay(timeZone, order.opened) === undefined) {
    return refuse('INVALID_TIME', { time: order.opened }, '/opened');
  }
  if (order.opened !== undefined && !isSoundDay(order.opened)) {
    return refuse('INVALID_TIME', { time: order.opened, ...soundTimes }, '/opened');
  }
  const row = {
    id: order.id,
    name: order.name ?? order.id,
    book: book.id,
    timeZone,
    opened: order.opened ?? null,
    createdAt: now,
  };
  const head = openHead({
    id: order.id,
    book,
    timeZone,
    ...(order.postpaid === undefined ? {} : { postpaid: order.postpaid }),
    ...(order.cap === undefined ? {} : { cap: order.cap }),
  });
  if (!(await insertAccount(tx, row))) return openedBefore(tx, row, head);
  await insertHead(tx, head);
  await insertAccountChange(tx, order.id, { at: now, by: order.by, before: null, after: settingsOf(head) });
  // An account that is given nothing has no time yet.
  if (gifts(book).length === 0) return { id: order.id, existed: false };
  const isNew = order.withoutGifts !== true;
  const given = await giveGiftsOfBook(tx, parts, { account: order.id, isNew }, now);
  return isRefusal(given) ? given : { id: order.id, existed: false };
}

type Terms = Readonly<Record<string, string | boolean | bigint | null>>;

const termsOf = (row: AccountRow, timeZone: string, settings: Pick<AccountSettingsRow, 'postpaid' | 'cap'>): Terms => ({
  name: row.name,
  book: row.book,
  opened: row.opened,
  timeZone,
  postpaid: settings.postpaid,
  cap: settings.cap,
});

/** Compared with the terms it was opened on: its settings may have been changed since. */
async function openedBefore(
  tx: ClientBase,
  row: AccountRow,
  head: Head,
): Promise<{ readonly id: string; readonly existed: true } | Refusal> {
  const [there, versioned, settings] = [
    await findAccount(tx, row.id),
    await readHeadOf(tx, row.id),
    await findOpeningSettings(tx, row.id),
  ];
  if (there === undefined || versioned === undefined) throw new Error(`account ${row.id} is taken, but not there`);
  const asked = termsOf(row, head.timeZone, head);
  const opened = termsOf(there, versioned.head.timeZone, settings ?? versioned.head);
  const differing = Object.keys(asked).filter((term) => asked[term] !== opened[term]);
  if (differing.length === 0) return { id: row.id, existed: true };
  const written = (value: Terms[string] | undefined) => String(value ?? '–');
  const list = differing.map((term) => ({ term, is: written(opened[term]), asked: written(asked[term]) }));
  return refuse('ACCOUNT_EXISTS', { account: row.id, differs: ordersWords.differing(list) }, '/id');
}

const noZone = (name: string) => ({
  problem: ordersWords.thereIsNoIanaTimeZone(JSON.stringify(name)),
});

export interface AccountSettings {
  readonly account: string;
  readonly postpaid?: boolean;
  /** Most postpaid calls a period; null: no limit. */
  readonly cap?: Calls | null;
  readonly suspended?: boolean;
  /** Who changes it. */
  readonly by: string;
}

const settingsOf = ({ postpaid, cap, suspended }: Head) => ({ postpaid, cap, suspended });

/** Changes what authorisation goes by; what changes nothing is not kept as a change. Refusal: NOT_FOUND. */
export const changeAccount = (
  tx: ClientBase,
  parts: Parts,
  settings: AccountSettings,
  clock: Instant,
): Promise<{ readonly id: string } | Refusal> =>
  change(tx, parts, settings.account, clock, async ({ head, now }) => {
    const before = settingsOf(head);
    head.postpaid = settings.postpaid ?? head.postpaid;
    head.cap = settings.cap === undefined ? head.cap : settings.cap;
    head.suspended = settings.suspended ?? head.suspended;
    const after = settingsOf(head);
    const isChange = Object.entries(after).some(([name, value]) => value !== before[name as keyof typeof before]);
    if (isChange) await insertAccountChange(tx, head.account, { at: now, by: settings.by, before, after });
    return { id: head.account };
  });

/** Adds money that nobody paid in. Refusals: NOT_FOUND, INVALID_AMOUNT. */
export const creditBalance = (
  tx: ClientBase,
  parts: Parts,
  order: { readonly account: string; readonly amount: Money; readonly reason: string },
  clock: Instant,
): Promise<MoneyEntry | Refusal> =>
  change(tx, parts, order.account, clock, ({ head, book, now, rows }) => {
    const entry = credit(head, book, order.amount, order.reason, now);
    if (!isRefusal(entry)) rows.entries.push({ account: order.account, entry });
    return entry;
  });

/** Adds money to a balance. Refusals: NOT_FOUND, INVALID_AMOUNT. */
export const topUpBalance = (
  tx: ClientBase,
  parts: Parts,
  order: { readonly account: string; readonly amount: Money; readonly reference: string },
  clock: Instant,
): Promise<MoneyEntry | Refusal> =>
  change(tx, parts, order.account, clock, ({ head, book, now, rows }) => {
    const entry = topUp(head, book, order.amount, order.reference, now);
    if (!isRefusal(entry)) rows.entries.push({ account: order.account, entry });
    return entry;
  });
