// What an account's month will probably come to, from its own past days. Nothing here writes.

import { bookForfeits } from '../account/forfeits.ts';
import { timeOf } from '../account/head.ts';
import { dayOf, periodOf } from '../core/calendar.ts';
import { isRefusal, type Refusal, refuseMissing } from '../core/refusal.ts';
import { dayAfter } from '../forecast/days.ts';
import { forecast } from '../forecast/forecast.ts';
import { type ForecastDocument, forecastDocument } from '../forecast/forecast-document.ts';
import { daysOfPast } from '../forecast/project.ts';
import { inSnapshot } from '../store/connection/transaction.ts';
import { readDailyUsage } from './daily-usage.ts';
import { collectFacts } from './period-facts.ts';
import { readHead } from './read-account.ts';
import type { Reader } from './suanpan.ts';

/** Refusals: NOT_FOUND, INVALID_AMOUNT. */
export async function forecastAccount(
  { pool, clock, ...parts }: Reader,
  account: string,
): Promise<ForecastDocument | Refusal> {
  return inSnapshot(pool, async (client) => {
    const reading = await readHead(client, parts, account);
    if (isRefusal(reading)) return reading;
    const { head, book } = reading;
    const now = timeOf(head, clock());
    const [today, period] = [dayOf(head.timeZone, now), periodOf(head.timeZone, now)];
    // 13 weeks hold the running month.
    const usage = await readDailyUsage(client, parts, head, { from: dayAfter(today, -daysOfPast), to: today });
    const forfeits = bookForfeits(head, book, now);
    const facts = (await collectFacts(client, [{ head, book, forfeits }], period, parts.meters)).get(account);
    if (facts === undefined) return refuseMissing('account', account);
    const standing = { head, book, facts, now };
    const seen = forecast(standing, usage);
    return isRefusal(seen) ? seen : forecastDocument(standing, seen);
  });
}
