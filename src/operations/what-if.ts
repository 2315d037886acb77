// What past months would have cost on other terms, beside what they were billed. Nothing here writes.

import type { ClientBase } from 'pg';
import { bookForfeits } from '../account/forfeits.ts';
import { type Head, timeOf, usageKeyParts } from '../account/head.ts';
import { makeBill } from '../core/bill.ts';
import { type Day, dayOf, nextPeriod, type Period, periodOf, periodOfDay } from '../core/calendar.ts';
import { readJson } from '../core/json.ts';
import type { PriceBook } from '../core/price-book.ts';
import { isRefusal, type Refusal } from '../core/refusal.ts';
import { addCalls, type Calls, type Instant, type Money, noCalls, noMoney, parseMoney } from '../core/units.ts';
import type { DayUsage } from '../core/usage.ts';
import { dayAfter, firstDayOf } from '../forecast/days.ts';
import { type Past, unitsOf } from '../forecast/past.ts';
import { type PackWish, parseGrowth, replay } from '../forecast/past-months.ts';
import { type RealMonth, type WhatIfDocument, whatIfDocument } from '../forecast/what-if.ts';
import { inSnapshot } from '../store/connection/transaction.ts';
import { findBill } from '../store/ledger/bills.ts';
import { listPackRows, type PackRow } from '../store/ledger/packs.ts';
import { readUsageTotals, type UsageSum } from '../store/ledger/usage.ts';
import { invalid } from '../words/invalid.ts';
import { ordersWords } from '../words/orders.ts';
import type { Parts } from './change.ts';
import { readDailyUsage } from './daily-usage.ts';
import { collectFacts, daysOf } from './period-facts.ts';
import { readHead } from './read-account.ts';
import type { Reader } from './suanpan.ts';

export interface WhatIfOrder {
  readonly account: string;
  /** So many whole months before the running one. */
  readonly months: number;
  /** Null: the account's own. */
  readonly book: PriceBook | null;
  /** Null: the packs that were really bought. */
  readonly packs: readonly PackWish[] | null;
  /** A decimal factor: "1.2". */
  readonly growth: string;
}

interface Reading {
  readonly client: ClientBase;
  readonly parts: Parts;
  readonly head: Head;
  readonly book: PriceBook;
  readonly now: Instant;
}

/** Refusals: NOT_FOUND, INVALID_INPUT, UNKNOWN_METER, UNKNOWN_PRODUCT, SIZE_NOT_SOLD, INVALID_AMOUNT. */
export async function whatIf({ pool, clock, ...parts }: Reader, order: WhatIfOrder): Promise<WhatIfDocument | Refusal> {
  const growth = parseGrowth(order.growth);
  if (growth === undefined) return invalid('/growth', ordersWords.growth);
  return inSnapshot(pool, async (client) => {
    const found = await readHead(client, parts, order.account);
    if (isRefusal(found)) return found;
    const reading = { client, parts, ...found, now: timeOf(found.head, clock()) };
    const book = order.book ?? found.book;
    if (book.currency !== found.book.currency) {
      const currencies = `${book.currency}, ${found.book.currency}`;
      return invalid('/book', ordersWords.currenciesDiffer(currencies));
    }
    const past = await readPast(reading, order.months);
    if (isRefusal(past)) return past;
    const replayed = replay(past, { book, packs: order.packs, growth });
    if (isRefusal(replayed)) return replayed;
    const real: RealMonth[] = [];
    for (const month of past.months) {
      const found = await readRealMonth(reading, month);
      if (isRefusal(found)) return found;
      real.push(found);
    }
    return whatIfDocument(past, real, replayed, { book, growth: order.growth });
  });
}

/** The whole months before the running one, from the first of them with a call or a purchase on. */
async function readPast(reading: Reading, months: number): Promise<Past | Refusal> {
  const { client, parts, head, book, now } = reading;
  const { account, timeZone } = head;
  const running = periodOf(timeZone, now);
  const asked = { from: firstDayOf(nextPeriod(running, -months)), to: daysOf(nextPeriod(running, -1)).to };
  const uses = await readDailyUsage(client, parts, head, asked);
  const packs = await listPackRows(client, [account]);
  const first = firstMonth(uses, packs, timeZone, asked);
  if (first === undefined) {
    return invalid('/months', ordersWords.thereWereNoCallsInThe(running, months));
  }
  const covered = Array.from({ length: months }, (_, index) => nextPeriod(running, index - months));
  const before = { from: '1970-01-01' as Day, to: dayAfter(firstDayOf(first), -1) };
  const earlier = [
    ...(await readUsageTotals(client, [account], before, parts.meters)),
    ...countedBefore(head, before.to),
  ];
  return {
    account,
    timeZone,
    book,
    months: covered.filter((month) => month >= first),
    uses,
    packs: packs.map(({ facts, refundedAt }) => ({ facts, refundedAt })),
    drawnBefore: unitsByPack(earlier, packs, book),
  };
}

/** The first month with a call or a delivery. */
function firstMonth(
  uses: readonly DayUsage[],
  packs: readonly PackRow[],
  timeZone: string,
  days: { readonly from: Day; readonly to: Day },
): Period | undefined {
  const delivered = packs.map(({ facts }) => dayOf(timeZone, facts.boughtAt));
  const first = [...uses.map(({ day }) => day), ...delivered]
    .filter((day) => days.from <= day && day <= days.to)
    .toSorted()[0];
  return first === undefined ? undefined : periodOfDay(first);
}

type Drawn = Pick<UsageSum, 'meter' | 'payer' | 'calls'>;

/** What the head counted up to a day and has not written out yet. */
const countedBefore = (head: Head, to: Day): Drawn[] =>
  [...head.usage].map(([key, calls]) => ({ ...usageKeyParts(key), calls })).filter(({ day }) => day <= to);

function unitsByPack(usage: readonly Drawn[], packs: readonly PackRow[], book: PriceBook): Map<number, Calls> {
  const facts = new Map(packs.map((row) => [`pack:${row.facts.no}`, row.facts]));
  const units = new Map<number, Calls>();
  for (const { meter, payer, calls } of usage) {
    const pack = facts.get(payer);
    if (pack === undefined) continue;
    units.set(pack.no, addCalls(units.get(pack.no) ?? noCalls, unitsOf(book, pack, meter, calls)));
  }
  return units;
}

/** The final bill of a month, or its draft. */
async function readRealMonth({ client, parts, head, book, now }: Reading, month: Period): Promise<RealMonth | Refusal> {
  const final = await findBill(client, head.account, month);
  if (final !== undefined)
    return { month, state: 'final', ...amountsOf(readJson(final.document) as Readonly<Record<string, string | null>>) };
  // A copy: each draft starts from what is not booked yet.
  const copy = { ...head };
  const forfeits = bookForfeits(copy, book, now);
  const facts = (await collectFacts(client, [{ head: copy, book, forfeits }], month, parts.meters)).get(head.account);
  if (facts === undefined) throw new Error(`account ${head.account} has no facts of ${month}`);
  const bill = makeBill(facts, book);
  if (isRefusal(bill)) return bill;
  const { prepaid, postpaid, adjustments, total, estimate } = bill;
  return { month, state: 'draft', prepaid, postpaid, adjustments, total, estimate };
}

function amountsOf(document: Readonly<Record<string, string | null>>): Omit<RealMonth, 'month' | 'state'> {
  const money = (name: string): Money | null => parseMoney(document[name] ?? '', document.currency ?? '') ?? null;
  return {
    prepaid: money('prepaid') ?? noMoney,
    postpaid: money('postpaid'),
    adjustments: money('adjustments'),
    total: money('total'),
    estimate: money('estimate') ?? money('total'),
  };
}
