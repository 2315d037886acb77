// I6: what the ledger has counted and billed, counted and billed again from the replayed rows.

import type { PlacesAsked } from '../account/call-order.ts';
import { closePeriod } from '../account/close.ts';
import { type Head, type UsageKey, usageKeyParts } from '../account/head.ts';
import { periodFacts } from '../account/period-facts.ts';
import type { Correction } from '../account/use.ts';
import type { PeriodFacts } from '../core/bill.ts';
import type { Period } from '../core/calendar.ts';
import { isRefusal } from '../core/refusal.ts';
import { addCalls, type Calls, noCalls } from '../core/units.ts';
import type { UsageTotal } from '../core/usage.ts';
import { digestOf, finalDocument } from '../operations/close-month.ts';
import type { BillLine, CorrectionLine } from '../store/streams/ledger-lines.ts';
import { differences } from './checker.ts';
import type { Witness } from './invariants.ts';
import type { Replay } from './ledger-replay.ts';
import { firstDifference } from './stored-bill.ts';
import type { AccountEnd } from './ticks.ts';

export class Recount {
  readonly #replay: Replay;
  readonly #witness: Witness;
  /** All that the replay has counted, by month. */
  readonly #months = new Map<Period, Map<UsageKey, Calls>>();

  constructor(replay: Replay, witness: Witness) {
    this.#replay = replay;
    this.#witness = witness;
  }

  /** Makes the bill again from the state at its ledger number, and closes the month on the replayed head. */
  bill(line: BillLine): void {
    const { head, book } = this.#replay;
    const key = `period ${line.period}, bill_no ${line.no}, seq ${line.seq}`;
    this.#witness.count();
    head.seq = line.seq - 1;
    const final = closePeriod(head, book, this.#facts(line.period), null, line.closedAt);
    if (isRefusal(final)) {
      this.#witness.broken('bills', key, `a refusal, ${final.refused}`, 'a final bill');
      head.finals.add(line.period);
      head.postpaidCalls.delete(line.period);
      head.billCount += 1;
      return;
    }
    const document = finalDocument(final.bill, final.no, book);
    if (document !== line.document) {
      const { path, expected, found } = firstDifference(document, line.document);
      this.#witness.broken('bills', `${key}, document ${path}`, expected, found);
    }
    this.#witness.same('bills', `${key}, digest`, digestOf(document), line.digest);
  }

  close(stored: Head, end: AccountEnd): void {
    const { head, corrections } = this.#replay;
    this.#keep();
    const counted = new Map([...this.#months.values()].flatMap((month) => [...month]));
    const written = new Map<string, Calls>();
    const add = (key: string, calls: Calls) => written.set(key, addCalls(written.get(key) ?? noCalls, calls));
    for (const { day, meter, payer, calls } of end.usage) add(`${day}|${meter}|${payer}`, calls);
    for (const [key, calls] of stored.usage) add(key, calls);
    this.#witness.count(counted.size);
    for (const { key, expected, found } of differences(counted, written)) {
      const { day, meter, payer } = usageKeyParts(key as UsageKey);
      this.#witness.same('usage_days', `day ${day}, meter ${meter}, payer ${payer}`, expected, found);
    }
    for (const { key, expected, found } of differences(head.postpaidCalls, stored.postpaidCalls)) {
      this.#witness.same('account_heads', `months ${key}`, expected, found);
    }
    this.#corrections(corrections, end.corrections);
  }

  /** What has been counted and is not in usage_days: the head's part of the counters. */
  notWritten(end: AccountEnd): Map<UsageKey, Calls> {
    this.#keep();
    const counted = new Map([...this.#months.values()].flatMap((month) => [...month]));
    const written = new Map(end.usage.map(({ day, meter, payer, calls }) => [`${day}|${meter}|${payer}`, calls]));
    const rest = differences(counted, written);
    return new Map(rest.map(({ key, expected, found }) => [key as UsageKey, (expected - found) as Calls]));
  }

  #corrections(replayed: readonly Correction[], stored: readonly CorrectionLine[]): void {
    for (const part of ['postpaid', 'drawn'] as const) {
      const sums = [replayed, stored].map((rows: readonly (Correction | CorrectionLine)[]) => {
        const sum = new Map<string, Calls>();
        for (const row of rows) {
          const day = row.day === undefined || row.day === '' ? '' : `, day ${row.day}`;
          const key = `period ${row.period}, arrival ${row.arrival}, meter ${row.meter}${day}`;
          sum.set(key, addCalls(sum.get(key) ?? noCalls, row[part]));
        }
        return sum;
      });
      for (const { key, expected, found } of differences(sums[0] ?? new Map(), sums[1] ?? new Map())) {
        this.#witness.same('corrections', `${key}, ${part}`, expected, found);
      }
    }
  }

  /** Takes the head's counters over, so that each is read once however many bills there are. */
  #keep(): void {
    const { usage } = this.#replay.head;
    for (const [key, calls] of usage) {
      const period = key.slice(0, 7) as Period;
      const month = this.#months.get(period) ?? new Map<UsageKey, Calls>();
      this.#months.set(period, month.set(key, addCalls(month.get(key) ?? noCalls, calls)));
    }
    usage.clear();
  }

  #facts(period: Period): PeriodFacts {
    this.#keep();
    const { head, book, packRows, forfeits, corrections, order } = this.#replay;
    const written = (month: Period): UsageTotal[] =>
      [...(this.#months.get(month) ?? [])].map(([key, calls]) => ({ ...usageKeyParts(key), calls }));
    const placed = (asked: PlacesAsked) => order.placed(asked);
    return periodFacts(head, book, period, { written, packs: [...packRows.values()], forfeits, corrections, placed });
  }
}
