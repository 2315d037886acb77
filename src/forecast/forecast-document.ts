// A forecast as everybody outside reads it: money as decimal strings, calls as whole numbers, words in both languages.

import { isStopped } from '../account/head.ts';
import type { Bill } from '../core/bill.ts';
import { lineDocument } from '../core/bill-document.ts';
import { type Day, dayOf, formatInstant } from '../core/calendar.ts';
import { bookIn } from '../core/contract.ts';
import { type LivePack, worthOf } from '../core/pack.ts';
import { type Calls, formatMoney, formatMoneyOrNull, instantOf, type Money, noCalls } from '../core/units.ts';
import { type DayEstimate, forecastNotices, forecastSummary } from '../words/forecast.ts';
import { shownNotice } from '../words/notices.ts';
import { namingOf, shownLine } from '../words/shown-bill.ts';
import type { Forecast } from './forecast.ts';
import type { Lived, Standing } from './live-ahead.ts';
import { fewestDaysForRange } from './rhythm.ts';

export type ForecastDocument = ReturnType<typeof forecastDocument>;

/** What a bill comes to: its total, or the estimate where a contract price is needed. Null where there is no public price. */
export const amountOfBill = (bill: Bill): Money | null => bill.total ?? bill.estimate;

export function forecastDocument(standing: Standing, seen: Forecast) {
  const { head, book, now } = standing;
  const { expected } = seen.bills;
  const packs = equalOnce(seen.packs.map((pack) => packForecast(standing, seen, pack)));
  const cap =
    head.cap === null
      ? null
      : {
          cap: head.cap,
          soFar: head.postpaidCalls.get(seen.period) ?? noCalls,
          reached: dayEstimate(seen, (lived) => lived.capDay),
        };
  const figures = {
    account: head.account,
    book: book.id,
    currency: book.currency,
    month: seen.period,
    asOf: formatInstant(head.timeZone, now),
    basis: { days: seen.pastDays, range: seen.hasRange ? ('80%' as const) : null, horizon: seen.horizon },
    calls: seen.calls,
    meters: seen.meters.map(({ meter, soFar, expected, low, high }) => ({ meter, soFar, expected, low, high })),
    bill: billForecast(standing, seen),
    packs,
    cap,
    unpriced: unpricedOf(seen),
    postpaidFrom: dayEstimate(seen, (lived) => lived.postpaidDay),
    billNotices: expected.notices.map((notice) => shownNotice(notice, namingOf(book))),
  };
  const account = { postpaid: head.postpaid, isStopped: isStopped(head, book, now) };
  return {
    ...figures,
    notices: forecastNotices({ ...figures, daysForRange: fewestDaysForRange }, account, book),
    summary: forecastSummary(figures),
  };
}

function billForecast({ book }: Standing, { bills, hasRange }: Forecast) {
  const { currency } = book;
  const written = (bill: Bill): string | null => formatMoneyOrNull(amountOfBill(bill), currency);
  const ways = [bills.expected, ...bills.range].map(amountOfBill);
  const amounts = ways.filter((amount) => amount !== null).toSorted((a, b) => Number(a - b));
  const isRange = hasRange && amounts.length === ways.length;
  return {
    soFar: written(bills.soFar),
    expected: written(bills.expected),
    low: isRange ? formatMoneyOrNull(amounts[0] ?? null, currency) : null,
    high: isRange ? formatMoneyOrNull(amounts.at(-1) ?? null, currency) : null,
    prepaid: formatMoney(bills.expected.prepaid, currency),
    postpaid: formatMoneyOrNull(bills.expected.postpaid, currency),
    /** A contract price is needed: the amounts are estimates at the last public price. */
    quoteRequired: bills.expected.total === null,
    lines: bills.expected.lines.map((line) =>
      shownLine(lineDocument(line, bookIn(book, bills.expected.month)), namingOf(book)),
    ),
  };
}

function dayEstimate({ lived }: Forecast, dayIn: (lived: Lived) => Day | null): DayEstimate {
  return {
    expected: dayIn(lived.expected),
    earliest: lived.high === null ? null : dayIn(lived.high),
    latest: lived.low === null ? null : dayIn(lived.low),
  };
}

function packForecast({ book, now }: Standing, seen: Forecast, pack: LivePack) {
  const { lived } = seen;
  // A pack whose end lies beyond the horizon has neither run dry nor expired there.
  const left = (way: Lived): Calls | null => way.forfeits.get(pack.no) ?? (way.dry.has(pack.no) ? noCalls : null);
  // Many calls leave few units, and the other way round.
  const calls = {
    expected: left(lived.expected),
    low: lived.high && left(lived.high),
    high: lived.low && left(lived.low),
  };
  const worth = (units: Calls | null) => (units === null ? null : formatMoney(worthOf(pack, units), book.currency));
  return {
    pack: pack.id,
    product: pack.product,
    gift: pack.gift,
    remaining: pack.remaining,
    state: now < pack.effectiveAt ? 'pending' : now < pack.expiresAt ? 'active' : 'expired',
    expiresAt: formatInstant(book.timeZone, pack.expiresAt),
    lastDay: dayOf(book.timeZone, instantOf(pack.expiresAt - 1)),
    runsDry: dayEstimate(seen, (way) => way.dry.get(pack.no) ?? null),
    forfeits: {
      calls,
      worth: { expected: worth(calls.expected), low: worth(calls.low), high: worth(calls.high) },
    },
  };
}

type OnePack = ReturnType<typeof packForecast>;

/** Packs that are equal and fare equally: `pack` is the first of them, the figures are those of each. */
export interface PackForecast extends OnePack {
  readonly count: number;
  /** The ids of the rest. */
  readonly others: readonly string[];
}

/** Of a thousand packs bought together most fare alike: they stand once, with their number, and in the place of the first. */
function equalOnce(packs: readonly OnePack[]): PackForecast[] {
  const fate = ({ pack: _, runsDry, forfeits: { calls, worth }, ...own }: OnePack): string =>
    [own, runsDry, calls, worth].flatMap((part) => Object.values(part)).join('|');
  return [...Map.groupBy(packs, fate).values()].flatMap(([first, ...rest]) =>
    first === undefined ? [] : [{ ...first, count: 1 + rest.length, others: rest.map(({ pack }) => pack) }],
  );
}

function unpricedOf(seen: Forecast) {
  const ways = [seen.lived.expected, seen.lived.low, seen.lived.high].filter((way) => way !== null);
  const names = [...new Set(ways.flatMap((way) => [...way.unpriced.keys()]))].toSorted();
  return names.map((name) => ({
    ...(name.startsWith('meter:')
      ? { tariff: null, meter: name.slice('meter:'.length) }
      : { tariff: name, meter: null }),
    reached: dayEstimate(seen, (way) => way.unpriced.get(name) ?? null),
  }));
}
