// Which size of a pack product an account should buy now: the planner's advice for a year like its last weeks. Source: docs/decisions/0028.

import { timeOf } from '../account/head.ts';
import { type Day, dayOf, formatInstant, periodOf } from '../core/calendar.ts';
import { bookIn } from '../core/contract.ts';
import { isRefusal, type Refusal } from '../core/refusal.ts';
import { type Calls, callsOf, noCalls } from '../core/units.ts';
import { dayAfter } from '../forecast/days.ts';
import { daysOfPast } from '../forecast/project.ts';
import { readDailyUsage } from '../operations/daily-usage.ts';
import { readHead } from '../operations/read-account.ts';
import type { Reader } from '../operations/suanpan.ts';
import type { TimeLeft } from '../plan/model/time-left.ts';
import { planProfile } from '../plan/plan.ts';
import { inSnapshot } from '../store/connection/transaction.ts';

/** Of less nobody can say what a year will be like. */
const leastDays = 14;
const monthsAhead = 12;
const daysOfMonth = 30n;

const daysBetween = (from: Day, to: Day): number => Math.round((Date.parse(to) - Date.parse(from)) / 86_400_000) + 1;

/** Null: the past says too little, or postpaid calls, or another product, are cheaper. Refusal: NOT_FOUND. */
export const advisedSize = (
  reader: Reader,
  { account, product: id }: { readonly account: string; readonly product: string },
  timeLeft: TimeLeft,
): Promise<{ readonly size: Calls | null } | Refusal> =>
  inSnapshot(reader.pool, async (client) => {
    const reading = await readHead(client, reader, account);
    if (isRefusal(reading)) return reading;
    const { head } = reading;
    const now = timeOf(head, reader.clock());
    const book = bookIn(reading.book, periodOf(head.timeZone, now));
    const today = dayOf(head.timeZone, now);
    const yesterday = dayAfter(today, -1);
    const usage = await readDailyUsage(client, reader, head, { from: dayAfter(today, -daysOfPast), to: yesterday });
    const covered = usage.filter(({ meter }) => book.packProducts.get(id)?.covers.has(meter) === true);
    const first = covered.map(({ day }) => day).toSorted()[0];
    const days = first === undefined ? 0 : daysBetween(first, yesterday);
    if (days < leastDays) return { size: null };
    const byMeter = Map.groupBy(covered, ({ meter }) => meter);
    const monthly = [...byMeter].map(([meter, some]) => {
      const calls = some.reduce((sum, each) => sum + each.calls, 0n);
      return { meter, calls: (calls * daysOfMonth + BigInt(days) - 1n) / BigInt(days) };
    });
    const profile = Array.from({ length: monthsAhead }, (_, month) =>
      monthly.map(({ meter, calls }) => ({ month: month + 1, meter, calls })),
    ).flat();
    const have = head.packs
      .filter(
        ({ remaining, expiresAt, department }) => remaining > noCalls && expiresAt > now && department === undefined,
      )
      .map(({ product, remaining, expiresAt }) => ({
        ...{ product, calls: remaining, expires: formatInstant(head.timeZone, expiresAt) },
      }));
    const plan = await planProfile(book, { profile, have, start: today }, undefined, timeLeft);
    if (isRefusal(plan)) return { size: null };
    const sizes = plan.best.purchases.flatMap(({ product, size }) => (product === id ? [Number(size)] : []));
    return { size: sizes.length === 0 ? null : callsOf(Math.max(...sizes)) };
  });
