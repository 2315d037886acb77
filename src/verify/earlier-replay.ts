// Packs in a replay that pay for calls before them: what is postpaid still is kept in ledger order, and settled again when such a pack
// is delivered. Its rows stand with the calls, so they are met before it.

import { EarlierCalls, mayBePaid } from '../account/earlier-calls.ts';
import type { Head } from '../account/head.ts';
import { type News, noNews } from '../account/news.ts';
import type { UsageRecord } from '../account/use.ts';
import { sumOfDraws } from '../account/use.ts';
import { periodOf, startOfPeriod } from '../core/calendar.ts';
import type { PackFacts } from '../core/pack.ts';
import type { PriceBook } from '../core/price-book.ts';
import { callsOf, type Instant, noCalls } from '../core/units.ts';
import type { DrawLine } from '../store/streams/ledger-lines.ts';
import type { Witness } from './invariants.ts';

/** Calls as columns: a month may have millions. */
interface Columns {
  readonly seqs: number[];
  readonly ats: number[];
  readonly meters: string[];
  readonly departments: (string | null)[];
  /** What is postpaid of each, at most 10¹². */
  readonly left: number[];
}

const noColumns = (): Columns => ({ seqs: [], ats: [], meters: [], departments: [], left: [] });

/** So many calls are kept before those that no pack can reach any more are looked for. */
const leastKept = 100_000;
/** A pack's day begins no earlier than this before the month of its delivery, in whatever zone. */
const furthestZone = 26 * 3_600_000;

export class EarlierReplay {
  readonly #witness: Witness;
  #open = noColumns();
  #most = leastKept;
  /** By the number of the pack that paid them: of which call, how many. */
  readonly #found = new Map<number, Map<number, number>>();

  constructor(witness: Witness) {
    this.#witness = witness;
  }

  /** A call has been settled under `seq`; `later` are the rows of packs that came after it. */
  settled(
    head: Head,
    book: PriceBook,
    call: {
      readonly seq: number;
      readonly at: Instant;
      readonly meter: string | null;
      readonly department: string | null;
    },
    record: UsageRecord,
    later: readonly DrawLine[],
    now: Instant,
  ): void {
    for (const { packNo, calls } of later) {
      const paid = this.#found.get(packNo) ?? new Map<number, number>();
      this.#found.set(packNo, paid.set(call.seq, Number(calls)));
    }
    const { policies } = book;
    const { meter } = call;
    if (policies.packCovers === undefined || meter === null || record.postpaid === noCalls) return;
    if (!mayBePaid(record, policies)) return;
    const { seqs, ats, meters, departments, left } = this.#open;
    seqs.push(call.seq);
    ats.push(call.at);
    meters.push(meter);
    departments.push(call.department);
    left.push(Number(record.postpaid));
    if (seqs.length > this.#most) this.#forget(head, now);
  }

  /** The call that was settled under `seq` is no more. */
  voided(seq: number): void {
    const { seqs, left } = this.#open;
    let [from, to] = [0, seqs.length];
    while (from < to) {
      const middle = (from + to) >>> 1;
      if ((seqs[middle] as number) < seq) from = middle + 1;
      else to = middle;
    }
    if (seqs[from] === seq) left[from] = 0;
  }

  /** Pays from a pack that has just come to the head, and gives what is told of it. */
  delivered(head: Head, book: PriceBook, { no }: PackFacts, now: Instant): readonly News[] {
    const { seqs, ats, meters, departments, left } = this.#open;
    const found = this.#found.get(no);
    this.#found.delete(no);
    const earlier = new EarlierCalls(head, book, [{ no }], now);
    for (let index = 0; index < seqs.length && !earlier.isDone; index += 1) {
      const calls = left[index] as number;
      if (calls === 0) continue;
      const [seq, at] = [seqs[index] as number, ats[index] as Instant];
      const draws = earlier.pay({
        meter: meters[index] as string,
        calls: callsOf(calls),
        at,
        department: departments[index] ?? null,
      });
      if (draws.length === 0) continue;
      const paid = Number(sumOfDraws(draws));
      left[index] = calls - paid;
      this.#witness.same('event_draws', keyOf(seq, no), paid, found?.get(seq) ?? 0);
      found?.delete(seq);
    }
    for (const [seq, calls] of found ?? []) this.#witness.same('event_draws', keyOf(seq, no), 0, calls);
    const news = earlier.end().get(no);
    return news === undefined ? noNews : [news];
  }

  /** Calls of months before this one, and those that are paid whole. */
  #forget(head: Head, now: Instant): void {
    const first = startOfPeriod(head.timeZone, periodOf(head.timeZone, now)) - furthestZone;
    const before = this.#open;
    const kept = noColumns();
    for (const [index, seq] of before.seqs.entries()) {
      if (before.left[index] === 0 || (before.ats[index] as number) < first) continue;
      kept.seqs.push(seq);
      kept.ats.push(before.ats[index] as number);
      kept.meters.push(before.meters[index] as string);
      kept.departments.push(before.departments[index] ?? null);
      kept.left.push(before.left[index] as number);
    }
    this.#open = kept;
    this.#most = Math.max(leastKept, 2 * kept.seqs.length);
  }
}

const keyOf = (seq: number, packNo: number): string => `seq ${seq}, pack_no ${packNo}`;
