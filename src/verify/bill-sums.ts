// I8: a bill's total is the sum of its lines, each line is rounded once, and the calls one by one add up to its lines.
// Calls are added up from the rows as they stand; nothing is replayed here.

import { dayOf } from '../core/calendar.ts';
import {
  callsOf,
  chargedCalls,
  divideHalfUp,
  formatMoney,
  type Instant,
  type Money,
  noMoney,
  parseMoney,
  parsePrice,
  sumMoney,
} from '../core/units.ts';
import type { BillLine, Settled } from '../store/streams/ledger-lines.ts';
import type { Checker, StoredAccount } from './checker.ts';
import { type Verdicts, Witness } from './invariants.ts';
import { readDocument, type StoredDocument, type StoredLine } from './stored-bill.ts';
import type { Tick } from './ticks.ts';

interface Tally {
  calls: bigint;
  postpaid: bigint;
  notCharged: bigint;
}

export class BillSumsChecker implements Checker {
  readonly #witness: Witness;
  #account: StoredAccount | undefined;
  #zone: string | undefined;
  /** By month, then meter. */
  #months = new Map<string, Map<string, Tally>>();
  #day = '';
  #month: Map<string, Tally> = new Map();

  constructor(verdicts: Verdicts) {
    this.#witness = new Witness('I8', verdicts);
  }

  open(account: StoredAccount): void {
    this.#account = account;
    this.#zone = account.stored?.timeZone;
    this.#months = new Map();
    this.#day = '';
    this.#witness.at(account.id);
  }

  tick({ event, review, void: voided, bill }: Tick): void {
    if (event !== undefined) this.#add(event.at, event.meter, event.calls, event, 1n);
    else if (review?.event != null) this.#add(review.event.at, review.event.meter, review.event.calls, review, 1n);
    else if (voided?.event != null) {
      this.#add(voided.event.at, voided.event.meter, voided.event.calls, voided.event.settled, -1n);
    } else if (bill !== undefined) this.#bill(bill);
  }

  #add(at: Instant, meter: string | null, calls: bigint, line: Settled, sign: bigint): void {
    if (this.#zone === undefined || meter === null || line.outcome === 'held') return;
    const day = dayOf(this.#zone, at);
    if (day !== this.#day) this.#openDay(day);
    let tally = this.#month.get(meter);
    if (tally === undefined) {
      tally = { calls: 0n, postpaid: 0n, notCharged: 0n };
      this.#month.set(meter, tally);
    }
    tally.calls += sign * calls;
    if (line.outcome === 'not-charged') tally.notCharged += sign * calls;
    else tally.postpaid += sign * line.postpaid;
  }

  #openDay(day: string): void {
    this.#day = day;
    this.#month = this.#months.get(day.slice(0, 7)) ?? new Map();
    this.#months.set(day.slice(0, 7), this.#month);
  }

  #bill(bill: BillLine): void {
    const key = `period ${bill.period}, bill_no ${bill.no}`;
    const document = readDocument(bill.document);
    this.#witness.count();
    if (document === undefined) {
      this.#witness.broken('bills', key, 'a bill document', 'unreadable');
      return;
    }
    this.#sums(document, key);
    const month = this.#months.get(bill.period) ?? new Map<string, Tally>();
    for (const line of document.lines) if (line.kind === 'postpaid') this.#line(line, document.currency, month, key);
    this.#usage(document, month, key);
  }

  #sums(document: StoredDocument, key: string): void {
    const sum = (...kinds: StoredLine['kind'][]): Money =>
      sumMoney(
        document.lines
          .filter(({ kind }) => kinds.includes(kind))
          .map(({ amount }) => parseMoney(amount, document.currency) ?? noMoney),
      );
    const sums = {
      prepaid: sum('pack', 'pack_refund'),
      postpaid: sum('postpaid'),
      adjustments: sum('adjustment'),
      total: sum('pack', 'pack_refund', 'postpaid', 'adjustment'),
    };
    for (const [name, expected] of Object.entries(sums)) {
      this.#witness.same(
        'bills',
        `${key}, ${name}`,
        formatMoney(expected, document.currency),
        document[name as keyof typeof sums],
      );
    }
  }

  /** Calls of the line's tariff one by one, and the line's own arithmetic. */
  #line(line: StoredLine, currency: string, month: ReadonlyMap<string, Tally>, key: string): void {
    const meters = this.#account?.book?.meters;
    if (meters === undefined) return;
    let postpaid = 0n;
    for (const [meter, tally] of month) if (meters.get(meter)?.tariff === line.tariff) postpaid += tally.postpaid;
    this.#witness.same('bills', `${key}, calls of ${line.tariff}`, postpaid, BigInt(line.calls ?? 0));
    const slices = line.slices ?? [{ ...line, calls: line.calls ?? 0, unitPrice: line.unitPrice ?? '' }];
    let [numerator, denominator] = [0n, 1n];
    for (const slice of slices) {
      const { calls, unitPrice, per, part } = slice;
      const price = parsePrice(unitPrice, currency, per && part ? { calls: callsOf(per), part } : undefined);
      if (price === undefined) continue;
      numerator = numerator * price.per + chargedCalls(callsOf(calls), price) * price.amount * denominator;
      denominator *= price.per;
    }
    const amount = formatMoney(divideHalfUp(numerator, denominator) as Money, currency);
    this.#witness.same('bills', `${key}, amount of ${line.tariff}`, amount, line.amount);
  }

  #usage(document: StoredDocument, month: ReadonlyMap<string, Tally>, key: string): void {
    const billed = new Map(document.usage.map((usage) => [usage.meter, usage]));
    for (const meter of new Set([...month.keys(), ...billed.keys()])) {
      const [counted, listed] = [month.get(meter), billed.get(meter)];
      for (const part of ['calls', 'postpaid', 'notCharged'] as const) {
        this.#witness.same('bills', `${key}, ${part} of ${meter}`, counted?.[part] ?? 0n, BigInt(listed?.[part] ?? 0));
      }
    }
  }

  close(): void {}
}
