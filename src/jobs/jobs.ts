// What time does by itself. Each job is idempotent and catches up: what a run missed, the next one does.

import { nextPeriod, type Period, periodOf } from '../core/calendar.ts';
import { type Instant, instantOf } from '../core/units.ts';
import { deliver, type Sending } from '../deliveries/deliver.ts';
import { sendLinks } from '../deliveries/links.ts';
import { raiseFromNews } from '../operations/alerts/from-news.ts';
import { raiseFromTime } from '../operations/alerts/from-time.ts';
import { bookDue, endHolds, endHoldsJob } from '../operations/book-due.ts';
import { giveMonthlyGifts } from '../operations/book-gifts.ts';
import { closeMonths, earliestFinal } from '../operations/close-month.ts';
import { writeExports } from '../operations/list-exports.ts';
import { lapseOrders } from '../operations/orders.ts';
import { type Advise, runStandingOrders } from '../operations/standing-orders.ts';
import type { Suanpan } from '../operations/suanpan.ts';
import type { JobResult } from '../store/ledger/jobs.ts';

export interface Job {
  readonly name: JobName;
  /** How often it runs, in milliseconds of the clock: at each whole multiple. */
  readonly every: number;
  /** Jobs of a lane run one after the other; those that wait for others' servers keep the ledger's waiting for nothing. */
  readonly lane: Lane;
  readonly run: (suanpan: Suanpan, stop: AbortSignal) => Promise<JobResult>;
}

const second = 1_000;
const minute = 60_000;
const hour = 3_600_000;

export const lanes = ['ledger', 'sending', 'files'] as const;
export type Lane = (typeof lanes)[number];

export const jobNames = [
  'book-due',
  endHoldsJob,
  'monthly-gifts',
  'close-months',
  'lapse-orders',
  'standing-orders',
  'alerts-of-time',
  'alerts',
  'deliver',
  'mail-links',
  'export-lists',
] as const;
export type JobName = (typeof jobNames)[number];

/** In the order in which they run: what is booked first stands on the bill. */
export const jobsOf = (sending: Sending, advise?: Advise): readonly Job[] => [
  { name: 'book-due', lane: 'ledger', every: hour, run: bookDue },
  { name: endHoldsJob, lane: 'ledger', every: minute, run: endHolds },
  { name: 'monthly-gifts', lane: 'ledger', every: hour, run: giveMonthlyGifts },
  { name: 'close-months', lane: 'ledger', every: hour, run: closeDueMonths },
  { name: 'lapse-orders', lane: 'ledger', every: hour, run: lapseOrders },
  {
    name: 'standing-orders',
    lane: 'ledger',
    every: minute,
    run: (suanpan, stop) => runStandingOrders(suanpan, stop, advise),
  },
  { name: 'alerts-of-time', lane: 'ledger', every: hour, run: raiseFromTime },
  { name: 'alerts', lane: 'ledger', every: minute, run: raiseFromNews },
  { name: 'deliver', lane: 'sending', every: 5 * second, run: (suanpan, stop) => deliver(suanpan, sending, stop) },
  { name: 'mail-links', lane: 'sending', every: 5 * second, run: (suanpan, stop) => sendLinks(suanpan, sending, stop) },
  { name: 'export-lists', lane: 'files', every: 5 * second, run: writeExports },
];

export const nextRun = (now: Instant, every: number): Instant => instantOf(Math.floor(now / every) * every + every);

/** Older months wait for a person: why they are open after so long, no clock can tell. */
const monthsBack = 6;

/** Closes the last months of all accounts whose bills may be final by now. Bills that need a price wait, and are tried again. */
async function closeDueMonths(suanpan: Suanpan, stop: AbortSignal): Promise<JobResult> {
  const total = { done: 0, waiting: 0, failed: 0 };
  const running = periodOf('UTC', suanpan.clock());
  const months = Array.from({ length: monthsBack + 1 }, (_, back) => nextPeriod(running, back - monthsBack));
  for (const month of months) {
    if (stop.aborted || !(await isDue(suanpan, month))) continue;
    const { closed, refused } = await closeMonths(suanpan, { month });
    total.done += closed;
    for (const each of refused) {
      if ('error' in each) total.failed += 1;
      else if (each.refusal.refused !== 'PERIOD_OPEN') total.waiting += 1;
    }
  }
  return total;
}

/** Whether a bill of the month may be final anywhere: heads are locked for nothing before. */
async function isDue(suanpan: Suanpan, month: Period): Promise<boolean> {
  const from = await earliestFinal(suanpan, month);
  return from !== undefined && from <= suanpan.clock();
}
