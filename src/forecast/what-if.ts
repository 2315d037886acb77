// A what-if as everybody outside reads it: each month as billed and as it would have been, and both in all.

import type { Bill } from '../core/bill.ts';
import { lineDocument } from '../core/bill-document.ts';
import type { Period } from '../core/calendar.ts';
import { bookIn } from '../core/contract.ts';
import type { PriceBook, Words } from '../core/price-book.ts';
import {
  addCalls,
  type Calls,
  formatMoney,
  formatMoneyOrNull,
  type Money,
  noCalls,
  subtractMoney,
  sumMoney,
} from '../core/units.ts';
import { callsWords, moneyWords } from '../words/figures.ts';
import { shownNotice } from '../words/notices.ts';
import { namingOf, shownLine } from '../words/shown-bill.ts';
import { whatIfWords } from '../words/what-if.ts';
import { type Left, type Past, reallyLeft } from './past.ts';
import type { Replayed } from './past-months.ts';

/** A month as it was really billed, or as its draft stands. */
export interface RealMonth {
  readonly month: Period;
  readonly state: 'draft' | 'final';
  readonly prepaid: Money;
  readonly postpaid: Money | null;
  readonly adjustments: Money | null;
  /** Null: a contract price is needed; `estimate` then stands in. */
  readonly total: Money | null;
  readonly estimate: Money | null;
}

export type WhatIfDocument = ReturnType<typeof whatIfDocument>;

interface Asked {
  readonly book: PriceBook;
  readonly growth: string;
}

export function whatIfDocument(past: Past, real: readonly RealMonth[], replayed: Replayed, asked: Asked) {
  const months = real.map((month, index) => monthDocument(past, month, billAt(replayed, index), asked.book));
  const all = totals(real, replayed.bills);
  const left = { real: reallyLeft(past), whatIf: replayed.left };
  const { currency } = past.book;
  return {
    account: past.account,
    currency,
    book: asked.book.id,
    realBook: past.book.id,
    growth: asked.growth,
    months,
    total: {
      calls: {
        real: sumOf(months.map(({ calls }) => calls.real)),
        whatIf: sumOf(months.map(({ calls }) => calls.whatIf)),
      },
      real: { ...amountsDocument(all.real, currency), left: leftDocument(left.real, currency) },
      whatIf: { ...amountsDocument(all.whatIf, currency), left: leftDocument(left.whatIf, currency) },
      difference: differenceOf(all.whatIf.total, all.real.total, currency),
    },
    notices: replayed.notices,
    summary: summaryOf(all, left, months.length, past.book.currency),
  };
}

function billAt({ bills }: Replayed, index: number): Bill {
  const bill = bills[index];
  if (bill === undefined) throw new Error('a month without its bill');
  return bill;
}

function monthDocument(past: Past, real: RealMonth, bill: Bill, book: PriceBook) {
  const uses = past.uses.filter(({ day }) => day.startsWith(real.month));
  return {
    month: real.month,
    calls: {
      real: sumOf(uses.map(({ calls }) => calls)),
      whatIf: sumOf(bill.usage.map(({ calls }) => calls)),
    },
    real: { state: real.state, ...amountsDocument(real, book.currency) },
    whatIf: {
      ...amountsDocument(bill, book.currency),
      lines: bill.lines.map((line) => shownLine(lineDocument(line, bookIn(book, bill.month)), namingOf(book))),
      usage: bill.usage,
      notices: bill.notices.map((notice) => shownNotice(notice, namingOf(book))),
    },
    difference: differenceOf(bill.total, real.total, book.currency),
  };
}

type Amounts = Pick<RealMonth, 'prepaid' | 'postpaid' | 'adjustments' | 'total' | 'estimate'>;

const amountsDocument = ({ prepaid, postpaid, adjustments, total, estimate }: Amounts, currency: string) => ({
  prepaid: formatMoney(prepaid, currency),
  postpaid: formatMoneyOrNull(postpaid, currency),
  adjustments: formatMoneyOrNull(adjustments, currency),
  total: formatMoneyOrNull(total, currency),
  estimate: total === null ? formatMoneyOrNull(estimate, currency) : null,
});

const leftDocument = ({ calls, worth }: Left, currency: string) => ({ calls, worth: formatMoney(worth, currency) });

/** What it would have cost more than it did; less where negative. */
const differenceOf = (whatIf: Money | null, real: Money | null, currency: string): string | null =>
  whatIf === null || real === null ? null : formatMoney(subtractMoney(whatIf, real), currency);

const sumOf = (calls: readonly Calls[]): Calls => calls.reduce(addCalls, noCalls);

function totals(real: readonly RealMonth[], bills: readonly Bill[]): { real: Amounts; whatIf: Amounts } {
  return { real: totalOf(real), whatIf: totalOf(bills) };
}

function totalOf(months: readonly Amounts[]): Amounts {
  const sum = (pick: (month: Amounts) => Money | null): Money | null => {
    const amounts = months.map(pick).filter((amount) => amount !== null);
    return amounts.length === months.length ? sumMoney(amounts) : null;
  };
  return {
    prepaid: sumMoney(months.map(({ prepaid }) => prepaid)),
    postpaid: sum(({ postpaid }) => postpaid),
    adjustments: sum(({ adjustments }) => adjustments),
    total: sum(({ total }) => total),
    estimate: sum(({ estimate }) => estimate),
  };
}

function changeWords(real: Money | null, whatIf: Money | null, currency: string): Words {
  if (real === null || whatIf === null) return { zh: '', en: '' };
  const difference = subtractMoney(whatIf, real);
  const amount = moneyWords(difference < 0n ? (-difference as Money) : difference, currency);
  if (difference === 0n) return whatIfWords.same;
  return difference < 0n ? whatIfWords.less(amount) : whatIfWords.more(amount);
}

function summaryOf(
  { real, whatIf }: { real: Amounts; whatIf: Amounts },
  left: { real: Left; whatIf: Left },
  months: number,
  currency: string,
): Words {
  const write = ({ total, estimate }: Amounts): Words => {
    if (total !== null) return { zh: moneyWords(total, currency), en: moneyWords(total, currency) };
    return estimate === null
      ? whatIfWords.sumThatNeedsAContractPrice
      : whatIfWords.about(moneyWords(estimate, currency));
  };
  const [was, would] = [write(real), write(whatIf)];
  const change = changeWords(real.total ?? real.estimate, whatIf.total ?? whatIf.estimate, currency);
  const [realLeft, newLeft] = [left.real, left.whatIf].map(({ calls, worth }) =>
    whatIfWords.calls(callsWords(calls), moneyWords(worth, currency)),
  ) as [Words, Words];
  const rest: Words =
    left.real.calls === noCalls && left.whatIf.calls === noCalls
      ? { zh: '', en: '' }
      : whatIfWords.leftInPacksAtTheEnd(realLeft, newLeft);
  return whatIfWords.month(months, was, would, change, rest);
}
