// One pack and its whole life: what it paid for, day by day, and when it was how empty.

import type { Pool } from 'pg';
import { usualAlertSettings } from '../account/alert-settings.ts';
import { usageOf } from '../account/head.ts';
import { type Day, dayOf } from '../core/calendar.ts';
import type { PackFacts } from '../core/pack.ts';
import type { PackProduct } from '../core/price-book.ts';
import { isRefusal, type Refusal, refuseMissing } from '../core/refusal.ts';
import { addCalls, type Calls, type Instant, noCalls } from '../core/units.ts';
import { addUp, type DayUsage } from '../core/usage.ts';
import { inSnapshot } from '../store/connection/transaction.ts';
import { findPacks } from '../store/ledger/packs.ts';
import { readUsageOfPayer } from '../store/ledger/usage.ts';
import type { Parts } from './change.ts';
import { type PackDocument, packDocuments, readHead } from './read-account.ts';

export interface PackLifeDocument extends PackDocument {
  readonly account: string;
  /** Calls that it paid for, by day and meter. */
  readonly paidFor: readonly { readonly day: Day; readonly meter: string; readonly calls: Calls }[];
  /** The day it was first drawn from, and those by whose end no more than so many percent were left of it. */
  readonly stages: readonly { readonly day: Day; readonly left: number }[];
}

/** Refusal: NOT_FOUND. */
export async function readPackLife(
  pool: Pool,
  parts: Parts,
  order: { readonly account: string; readonly pack: string },
  clock: Instant,
): Promise<PackLifeDocument | Refusal> {
  return inSnapshot(pool, async (client) => {
    const reading = await readHead(client, parts, order.account);
    if (isRefusal(reading)) return reading;
    const { head, book } = reading;
    const rows = await findPacks(client, order.account, [order.pack]);
    const [row] = rows;
    const [document] = packDocuments(reading, rows, clock);
    if (row === undefined || document === undefined) return refuseMissing('pack', order.pack);
    const { facts } = row;
    const days = { from: dayOf(head.timeZone, facts.effectiveAt), to: dayOf(head.timeZone, facts.expiresAt) };
    const written = await readUsageOfPayer(client, order.account, `pack:${facts.no}`, days, parts.meters);
    const carried = usageOf(head).filter(({ payer }) => payer === `pack:${facts.no}`);
    const paidFor = addUp<DayUsage>([...written, ...carried])
      .filter(({ calls }) => calls !== noCalls)
      .map(({ day, meter, calls }) => ({ day, meter, calls }))
      .toSorted((a, b) => a.day.localeCompare(b.day) || a.meter.localeCompare(b.meter));
    const told = head.packThresholds ?? usualAlertSettings.packThresholds;
    const stages = stagesOf(facts, paidFor, [...new Set([...told, 0])], book.packProducts.get(facts.product));
    return { account: order.account, ...document, paidFor, stages };
  });
}

function stagesOf(
  { calls: size }: PackFacts,
  paidFor: PackLifeDocument['paidFor'],
  percents: readonly number[],
  product: PackProduct | undefined,
): PackLifeDocument['stages'] {
  const stages: { day: Day; left: number }[] = [];
  const falling = percents.toSorted((a, b) => b - a);
  let drawn = noCalls;
  for (const [day, lines] of Map.groupBy(paidFor, (line) => line.day)) {
    if (stages.length === 0) stages.push({ day, left: 100 });
    for (const { meter, calls } of lines)
      drawn = addCalls(drawn, (calls * (product?.covers.get(meter) ?? 1n)) as Calls);
    while (falling[0] !== undefined && (size - drawn) * 100n <= size * BigInt(falling[0]))
      stages.push({ day, left: falling.shift() ?? 0 });
  }
  return stages;
}
