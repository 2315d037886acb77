import type { ClientBase } from 'pg';
import { isTimeZone, parseDay } from '../core/calendar.ts';
import { openHead } from '../core/head.ts';
import { isSoundDay, soundTimes } from '../core/instant.ts';
import { type Refusal, refuse } from '../core/refusal.ts';
import type { Calls, Instant } from '../core/units.ts';
import { insertAccount, insertAccountChange } from '../store/accounts.ts';
import { insertHead } from '../store/heads.ts';
import type { Parts } from './change.ts';
import { settingsOf } from './change-account.ts';

export interface NewAccount {
  readonly id: string;
  readonly name?: string;
  readonly book: string;
  readonly opened?: string;
  readonly timeZone?: string;
  readonly postpaid?: boolean;
  readonly cap?: Calls | null;
  /** Who opens it. */
  readonly by: string;
}

/**
 * Opens an account. An explicit book is the operator's decision, also outside the dates the book is for (docs/decisions/0005).
 * Refusals: UNKNOWN_BOOK, INVALID_INPUT, ACCOUNT_EXISTS.
 */
export async function openAccount(
  tx: ClientBase,
  parts: Parts,
  order: NewAccount,
  now: Instant,
): Promise<{ readonly id: string } | Refusal> {
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
  if (!(await insertAccount(tx, row))) return refuse('ACCOUNT_EXISTS', { account: order.id }, '/id');
  const head = openHead({
    id: order.id,
    book,
    timeZone,
    ...(order.postpaid === undefined ? {} : { postpaid: order.postpaid }),
    ...(order.cap === undefined ? {} : { cap: order.cap }),
  });
  await insertHead(tx, head);
  await insertAccountChange(tx, order.id, { at: now, by: order.by, before: null, after: settingsOf(head) });
  return { id: order.id };
}

const noZone = (name: string) => ({
  problem: `there is no IANA time zone named ${JSON.stringify(name)}; write a name such as Asia/Shanghai, not an offset`,
  problemZh: `没有名为 ${JSON.stringify(name)} 的 IANA 时区；请写名称，如 Asia/Shanghai，不写偏移`,
});
