// I8: a bill's total is the sum of its lines, each line is rounded once, and the calls one by one add up to its lines.
// Calls are added up from the rows as they stand; nothing is replayed here.

import { dayOf } from '../core/calendar.ts';
import {
  blockOf,
  callsOf,
  chargedCalls,
  divideHalfUp,
  formatMoney,
  type Instant,
  type Money,
  noMoney,
  parseMoney,
  parsePrice,
  subtractCalls,
  subtractMoney,
  sumMoney,
} from '../core/units.ts';
import { countsByDay, dayMetersOf } from '../core/usage.ts';
import type { BillLine, DrawLine, Settled } from '../store/streams/ledger-lines.ts';
import { type Checker, laterDraws, type StoredAccount } from './checker.ts';
import { type Verdicts, Witness } from './invariants.ts';
import { readDocument, type StoredDocument, type StoredLine } from './stored-bill.ts';
import type { Tick } from './ticks.ts';

interface Tally {
  calls: bigint;
  postpaid: bigint;
  notCharged: bigint;
}

type Paid = Pick<Settled, 'outcome' | 'postpaid'>;

/** Final bills, and whatever changes them, know only what is postpaid once later packs have paid: none pays in a final month. */
function lessLater(line: Settled, draws: readonly DrawLine[]): Paid {
  let { postpaid } = line;
  for (const { calls } of laterDraws(line, draws)) postpaid = subtractCalls(postpaid, calls);
  return { outcome: line.outcome, postpaid };
}

function tallyInto(tallies: Map<string, Tally>, meter: string, calls: bigint, line: Paid, sign: bigint): void {
  let tally = tallies.get(meter);
  if (tally === undefined) {
    tally = { calls: 0n, postpaid: 0n, notCharged: 0n };
    tallies.set(meter, tally);
  }
  tally.calls += sign * calls;
  if (line.outcome === 'not-charged') tally.notCharged += sign * calls;
  else tally.postpaid += sign * line.postpaid;
}

const isOfMonth = ({ kind }: StoredLine): boolean => kind === 'postpaid' || kind === 'fee';

export class BillSumsChecker implements Checker {
  readonly #witness: Witness;
  #account: StoredAccount | undefined;
  #zone: string | undefined;
  /** By month, and by day where some calls are counted by it; then meter. */
  #months = new Map<string, Map<string, Tally>>();
  #byDay = false;
  #day = '';
  #month: Map<string, Tally> = new Map();

  constructor(verdicts: Verdicts) {
    this.#witness = new Witness('I8', verdicts);
  }

  open(account: StoredAccount): void {
    this.#account = account;
    this.#zone = account.stored?.timeZone;
    this.#byDay = account.book !== undefined && dayMetersOf([account.book]).length > 0;
    this.#months = new Map();
    this.#day = '';
    this.#witness.at(account.id);
  }

  tick({ event, review, void: voided, bill, draws }: Tick): void {
    if (event !== undefined) {
      const paid = draws.length === 0 ? event : lessLater(event, draws);
      this.#add(event.at, event.meter, event.calls, paid, 1n);
    } else if (review?.event != null) {
      this.#add(review.event.at, review.event.meter, review.event.calls, lessLater(review, draws), 1n);
    } else if (voided?.event != null) {
      this.#add(voided.event.at, voided.event.meter, voided.event.calls, voided.event.settled, -1n);
    } else if (bill !== undefined) this.#bill(bill);
  }

  #add(at: Instant, meter: string | null, calls: bigint, line: Paid, sign: bigint): void {
    if (this.#zone === undefined || meter === null || line.outcome === 'held') return;
    const day = dayOf(this.#zone, at);
    if (day !== this.#day) this.#openDay(day);
    tallyInto(this.#month, meter, calls, line, sign);
    if (this.#byDay) tallyInto(this.#periodOf(day), meter, calls, line, sign);
  }

  #openDay(day: string): void {
    this.#day = day;
    this.#month = this.#periodOf(day.slice(0, 7));
  }

  /** What is counted of a month, or of a day. */
  #periodOf(name: string): Map<string, Tally> {
    const found = this.#months.get(name) ?? new Map<string, Tally>();
    this.#months.set(name, found);
    return found;
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
    const month = this.#periodOf(bill.period);
    for (const line of document.lines) {
      const span = line.day === undefined ? month : this.#periodOf(line.day);
      if (line.kind === 'postpaid') this.#line(line, document.currency, span, key);
    }
    for (const line of document.lines) if (line.kind === 'fee') this.#limit(line, document, key);
    this.#usage(document, month, key);
    this.#days(document, bill.period, key);
  }

  /** What raises a tariff's month to its minimum, or lowers it to its maximum, is the difference to its other lines. */
  #limit(
    { tariff, reason, limit, before, amount }: StoredLine,
    { lines, currency }: StoredDocument,
    key: string,
  ): void {
    if (limit === undefined) return;
    const others = lines.filter((line) => isOfMonth(line) && line.tariff === tariff && line.limit === undefined);
    const sum = sumMoney(others.map((line) => parseMoney(line.amount, currency) ?? noMoney));
    this.#witness.same(
      'bills',
      `${key}, ${reason} of ${tariff}, before`,
      formatMoney(sum, currency),
      before ?? 'no price',
    );
    const change = formatMoney(subtractMoney(parseMoney(limit, currency) ?? noMoney, sum), currency);
    this.#witness.same('bills', `${key}, ${reason} of ${tariff}`, change, amount);
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
      postpaid: sum('postpaid', 'fee'),
      adjustments: sum('adjustment'),
      total: sum('pack', 'pack_refund', 'postpaid', 'fee', 'adjustment'),
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
    const day = line.day === undefined ? '' : ` on ${line.day}`;
    this.#witness.same('bills', `${key}, calls of ${line.tariff}${day}`, postpaid, BigInt(line.calls ?? 0));
    const slices = line.slices ?? [{ ...line, calls: line.calls ?? 0, unitPrice: line.unitPrice ?? '' }];
    let [numerator, denominator] = [0n, 1n];
    for (const slice of slices) {
      const { calls, unitPrice } = slice;
      const price = parsePrice(unitPrice, currency, blockOf(slice));
      if (price === undefined) continue;
      numerator = numerator * price.per + chargedCalls(callsOf(calls), price) * price.amount * denominator;
      denominator *= price.per;
    }
    const amount = formatMoney(divideHalfUp(numerator, denominator) as Money, currency);
    this.#witness.same('bills', `${key}, amount of ${line.tariff}${day}`, amount, line.amount);
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

  /** Each day that has calls to pay of a tariff counting by the day has a line of its own. */
  #days({ lines }: StoredDocument, month: string, key: string): void {
    const { book } = this.#account ?? {};
    if (!this.#byDay || book === undefined) return;
    const billed = new Set(lines.map(({ tariff, day }) => `${tariff} on ${day}`));
    for (const [day, tallies] of this.#months) {
      if (day.length === month.length || !day.startsWith(month)) continue;
      for (const [meter, { postpaid }] of tallies) {
        const name = `${book.meters.get(meter)?.tariff} on ${day}`;
        if (!countsByDay(book, meter) || postpaid === 0n || billed.has(name)) continue;
        this.#witness.broken('bills', `${key}, line of ${name}`, `${postpaid} calls`, 'no line');
      }
    }
  }

  close(): void {}
}
