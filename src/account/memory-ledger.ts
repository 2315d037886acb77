// A ledger of one account, in memory: the rows that the server keeps in PostgreSQL, changed by the same functions of the core.
// It decides nothing itself. Deliberately absent: durability, other accounts, holds on the call path.

import type { PeriodFacts } from '../core/bill.ts';
import type { Day, Period } from '../core/calendar.ts';
import { classify } from '../core/code-table.ts';
import { type IncomingEvent, isSameEvent, type Outcome } from '../core/event.ts';
import { livePackOf, type PackFacts, type PackStanding } from '../core/pack.ts';
import type { PriceBook } from '../core/price-book.ts';
import { isRefusal, type Refusal, refuse, refuseMissing } from '../core/refusal.ts';
import type { Draw } from '../core/settle.ts';
import { addCalls, type Calls, type Instant, type Money, noCalls, subtractCalls } from '../core/units.ts';
import { CallOrder } from './call-order.ts';
import { closePeriod, type FinalBill } from './close.ts';
import {
  buyPack,
  type GiftOrder,
  giveGift,
  type MoneyEntry,
  type PackOrder,
  refundPack,
  standingOf,
  topUp as topUpHead,
} from './commands.ts';
import { agreeContract, type ContractOrder, withContract } from './contracts.ts';
import { EarlierCalls, mayBePaid } from './earlier-calls.ts';
import { bookForfeits, type Forfeit } from './forfeits.ts';
import { addPack, type Head, openHead } from './head.ts';
import { expireHolds } from './hold.ts';
import { periodFacts } from './period-facts.ts';
import { type ClassifiedEvent, type Correction, recordUse, settleUse, sumOfDraws, type UsageRecord } from './use.ts';
import { voidUse } from './void.ts';

export interface PackRow {
  readonly facts: PackFacts;
  /** Ledger number of the delivery. */
  readonly seq: number;
  /** Some event drew from it, voided or not. */
  used: boolean;
  refund: { readonly seq: number; readonly at: Instant; readonly amount: Money } | null;
}

export interface EventRow extends IncomingEvent {
  readonly seq: number;
  /** The meter that was given or that the facts decided. */
  readonly settledMeter: string | null;
  readonly outcome: Outcome;
  readonly draws: readonly Draw[];
  readonly postpaid: Calls;
  readonly stopped: boolean;
  voidedAt: Instant | null;
}

export interface MemoryLedger {
  readonly head: Head;
  /** With the contracts that were agreed on so far. */
  book: PriceBook;
  /** Null: the account's past is not known. */
  readonly opened: Day | null;
  readonly packs: Map<string, PackRow>;
  readonly packsByNo: Map<number, PackRow>;
  readonly events: Map<string, EventRow>;
  readonly entries: MoneyEntry[];
  readonly forfeits: Forfeit[];
  readonly corrections: Correction[];
  readonly bills: FinalBill[];
  readonly order: CallOrder;
}

export interface AccountTerms {
  readonly id: string;
  readonly balance: Money;
  readonly postpaid?: boolean;
  readonly timeZone?: string;
  readonly opened?: Day;
}

/** A new account with an opening balance, which no ledger row explains: its past lies before the scenario. */
export function openLedger(book: PriceBook, { balance, opened, ...terms }: AccountTerms): MemoryLedger {
  const head = openHead({ ...terms, book });
  head.balance = balance;
  return {
    head,
    book,
    opened: opened ?? null,
    packs: new Map(),
    packsByNo: new Map(),
    events: new Map(),
    entries: [],
    forfeits: [],
    corrections: [],
    bills: [],
    order: new CallOrder(head.timeZone),
  };
}

/** Brings the ledger up to `now`, as every command of the server does first. */
export function bringUp(ledger: MemoryLedger, now: Instant): void {
  expireHolds(ledger.head, ledger.book, now);
  ledger.forfeits.push(...bookForfeits(ledger.head, ledger.book, now));
}

export function topUp(ledger: MemoryLedger, amount: Money, reference: string, now: Instant): Refusal | undefined {
  const entry = topUpHead(ledger.head, ledger.book, amount, reference, now);
  if (isRefusal(entry)) return entry;
  ledger.entries.push(entry);
  return undefined;
}

/** Refusals: ID_TAKEN, then those of `buyPack`. */
export function buy(ledger: MemoryLedger, order: PackOrder, now: Instant): Refusal | undefined {
  if (ledger.packs.has(order.id)) return idTaken(order.id);
  const bought = buyPack(ledger.head, ledger.book, order, now);
  if (isRefusal(bought)) return bought;
  ledger.entries.push(bought.entry);
  deliver(ledger, bought.pack, bought.entry.seq);
  payEarlier(ledger, [bought.pack], now);
  return undefined;
}

/** Refusals: those of `giveGift`, ID_TAKEN. Monthly gifts have the ids ID-1, ID-2 … */
export function gift(ledger: MemoryLedger, order: GiftOrder, now: Instant): Refusal | undefined {
  const { id, months } = order;
  const wanted = months === null ? [id] : Array.from({ length: months }, (_, index) => `${id}-${index + 1}`);
  const taken = wanted.find((each) => ledger.packs.has(each));
  if (taken !== undefined) return idTaken(taken);
  const gifts = giveGift(ledger.head, ledger.book, order, now);
  if (isRefusal(gifts)) return gifts;
  for (const { seq, pack } of gifts) deliver(ledger, pack, seq);
  payEarlier(
    ledger,
    gifts.map(({ pack }) => pack),
    now,
  );
  return undefined;
}

/** A pack that was delivered elsewhere, with so many units left. Its number and its life are its own. */
export function bringPack(ledger: MemoryLedger, facts: PackFacts, left: Calls): void {
  const used = left !== facts.calls;
  addPack(ledger.head, ledger.book, { ...livePackOf(facts), remaining: left, used });
  ledger.head.packCount = Math.max(ledger.head.packCount, facts.no);
  ledger.head.seq += 1;
  deliver(ledger, facts, ledger.head.seq, used);
  payEarlier(ledger, [facts], facts.boughtAt);
}

/** Rows of a map stand in ledger order: an id keeps the place of its first. */
function payEarlier(ledger: MemoryLedger, packs: readonly PackFacts[], now: Instant): void {
  const { head, book, events } = ledger;
  const earlier = new EarlierCalls(head, book, packs, now);
  for (const [id, row] of events) {
    if (earlier.isDone) break;
    const { settledMeter: meter, postpaid, at } = row;
    if (meter === null || postpaid === noCalls || row.voidedAt !== null || !mayBePaid(row, book.policies)) continue;
    const draws = earlier.pay({ meter, calls: postpaid, at, department: row.department });
    if (draws.length === 0) continue;
    for (const { pack } of draws) packNumbered(ledger, pack).used = true;
    const rest = subtractCalls(postpaid, sumOfDraws(draws));
    events.set(id, { ...row, draws: [...row.draws, ...draws], postpaid: rest });
  }
  earlier.end();
}

function deliver(ledger: MemoryLedger, facts: PackFacts, seq: number, used = false): void {
  const row: PackRow = { facts, seq, used, refund: null };
  ledger.packs.set(facts.id, row);
  ledger.packsByNo.set(facts.no, row);
}

export function packNumbered(ledger: MemoryLedger, no: number): PackRow {
  const row = ledger.packsByNo.get(no);
  if (row === undefined) throw new Error(`no pack has the number ${no}`);
  return row;
}

const idTaken = (id: string): Refusal => refuse('ID_TAKEN', { id }, '/id');

/** Refusals: those of `agreeContract`. */
export function agree(ledger: MemoryLedger, order: ContractOrder, now: Instant): Refusal | undefined {
  const agreed = agreeContract(ledger.head, ledger.book, order, now);
  if (isRefusal(agreed)) return agreed;
  ledger.book = withContract(ledger.book, agreed.contract);
  return undefined;
}

/** Refusals: NOT_FOUND, then those of `refundPack`. */
export function refund(ledger: MemoryLedger, id: string, now: Instant): Refusal | undefined {
  const row = ledger.packs.get(id);
  if (row === undefined) return refuseMissing('pack', id, {}, '/id');
  const entry = refundPack(ledger.head, ledger.book, packStanding(ledger, row), now);
  if (isRefusal(entry)) return entry;
  row.refund = { seq: entry.seq, at: now, amount: entry.amount };
  ledger.entries.push(entry);
  return undefined;
}

export function packStanding(ledger: MemoryLedger, { facts, used, refund: refunded }: PackRow): PackStanding {
  let forfeited = noCalls;
  for (const { pack, units } of ledger.forfeits) if (pack.no === facts.no) forfeited = addCalls(forfeited, units);
  return standingOf(ledger.head, facts, { forfeited, refundedAt: refunded?.at ?? null, used });
}

/** The event as it stands, and whether it stood already. Refusals: EVENT_CONFLICT, those of `classify` and `recordUse`. */
export function use(
  ledger: MemoryLedger,
  report: IncomingEvent,
  now: Instant,
): { readonly row: EventRow; readonly duplicate: boolean } | Refusal {
  const { head, book } = ledger;
  const known = ledger.events.get(report.id);
  if (known !== undefined) {
    if (!isSameEvent(report, known)) return refuse('EVENT_CONFLICT', { event: report.id }, '/id');
    return { row: known, duplicate: true };
  }
  const { meter, facts, id, calls, at, department } = report;
  const classified = facts === null ? { meter, outcome: 'charged' as const } : classify(book, facts, at);
  if (isRefusal(classified)) return classified;
  const record = recordUse(head, book, { id, calls, at, department, ...classified }, now);
  if (isRefusal(record)) return record;
  enter(ledger, record);
  ledger.order.enter(String(record.seq), book, { at, calls, meter: classified.meter }, record);
  const { correction: _, news: __, ...settled } = record;
  const row: EventRow = { ...report, ...settled, settledMeter: classified.meter, voidedAt: null };
  ledger.events.set(id, row);
  return { row, duplicate: false };
}

/** A call of another time than now, charged without asking whether it may still come. Its row is kept where a pack may pay for it later. */
export function charge(ledger: MemoryLedger, use: Omit<ClassifiedEvent, 'id' | 'outcome'>): UsageRecord {
  const record = settleUse(ledger.head, ledger.book, { ...use, id: '', outcome: 'charged' }, use.at);
  enter(ledger, record);
  ledger.order.enter(String(record.seq), ledger.book, use, record);
  if (ledger.book.policies.packCovers !== undefined && record.postpaid > noCalls) {
    const id = `charged-${record.seq}`;
    const { correction: _, news: __, ...settled } = record;
    const row = {
      ...use,
      ...settled,
      id,
      facts: null,
      settledMeter: use.meter,
      department: use.department ?? null,
      voidedAt: null,
    };
    ledger.events.set(id, row);
  }
  return record;
}

function enter(ledger: MemoryLedger, { correction, draws }: UsageRecord): void {
  if (correction !== null) ledger.corrections.push(correction);
  for (const { pack } of draws) packNumbered(ledger, pack).used = true;
}

/** Refusals: NOT_FOUND, ALREADY_VOIDED. */
export function voidEvent(ledger: MemoryLedger, id: string, now: Instant): Refusal | undefined {
  const row = ledger.events.get(id);
  if (row === undefined) return refuseMissing('event', id, {}, '/id');
  if (row.voidedAt !== null) return refuse('ALREADY_VOIDED', { event: id }, '/id');
  const packs = new Map(row.draws.map(({ pack }) => [pack, packNumbered(ledger, pack).facts]));
  const isRefunded = (no: number) => packNumbered(ledger, no).refund !== null;
  const voidable = { ...row, meter: row.settledMeter };
  const { correction, forfeits } = voidUse(ledger.head, ledger.book, voidable, packs, now, isRefunded);
  row.voidedAt = now;
  ledger.order.void(String(row.seq), correction);
  ledger.forfeits.push(...forfeits);
  if (correction !== null) ledger.corrections.push(correction);
  return undefined;
}

/** Closing a final month again changes nothing. Refusals: PERIOD_OPEN, BEFORE_OPENING, QUOTE_REQUIRED. */
export function closeMonth(ledger: MemoryLedger, month: Period, now: Instant): Refusal | undefined {
  const { head, book, opened } = ledger;
  if (head.finals.has(month)) return undefined;
  const final = closePeriod(head, book, factsOf(ledger, month), opened === null ? null : { day: opened }, now);
  if (isRefusal(final)) return final;
  ledger.bills.push(final);
  ledger.entries.push(final.entry);
  return undefined;
}

/** What a period's bill is made of, from the rows in memory. The server reads the same from its database. */
export const factsOf = (
  { head, book, packs, forfeits, corrections, order }: MemoryLedger,
  period: Period,
): PeriodFacts =>
  periodFacts(head, book, period, {
    written: () => [],
    packs: [...packs.values()].map(({ facts, seq, refund }) => ({
      facts,
      seq,
      refundedAt: refund?.at ?? null,
      refundedSeq: refund?.seq ?? null,
      refundedAmount: refund?.amount ?? null,
    })),
    forfeits: forfeits.map(({ bookedAt, pack, units }) => ({ bookedAt, pack: pack.no, units })),
    corrections,
    placed: (asked) => order.placed(asked),
  });
