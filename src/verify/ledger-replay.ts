// I5: the ledger's rows run once more through the core, in their order, from an empty head. Every draw, hold, forfeit, price and
// end of a pack has to come out as stored, and at the end the head itself. A row that differs is reported and the replay goes on
// with what it should have been, so that one broken row is one finding.

import { CallOrder } from '../account/call-order.ts';
import { buyPack, credit, enterMoney, refundPack, standingOf, topUp } from '../account/commands.ts';
import { agreeContract, withContract } from '../account/contracts.ts';
import { bookForfeits } from '../account/forfeits.ts';
import type { Hold } from '../account/head.ts';
import { addPack, type Head, openHead } from '../account/head.ts';
import { authorize, endCaptured, enterCaptured, release } from '../account/hold.ts';
import { type News, noNews } from '../account/news.ts';
import { type ClassifiedEvent, changesFinal, recordUse, settleUse, type UsageRecord } from '../account/use.ts';
import { type VoidableUse, voidUse } from '../account/void.ts';
import { classify } from '../core/code-table.ts';
import type { Outcome } from '../core/event.ts';
import type { PackFacts } from '../core/pack.ts';
import type { PriceBook } from '../core/price-book.ts';
import { isRefusal, type Refusal } from '../core/refusal.ts';
import { type Calls, type Instant, noCalls } from '../core/units.ts';
import type {
  AccountLine,
  ContractLine,
  EntryLine,
  EventLine,
  ForfeitLine,
  HoldEndLine,
  HoldLine,
  PackLine,
  PaidCalls,
  RefundLine,
  ReviewLine,
  ThresholdsLine,
  VoidLine,
} from '../store/streams/ledger-lines.ts';
import { eventKey, laterDraws, paidByDraws, paidCalls, ratioOf, settlementText } from './checker.ts';
import { EarlierReplay } from './earlier-replay.ts';
import type { Witness } from './invariants.ts';
import { chosenStart, OrderReplay } from './order-replay.ts';
import type { Expected, ReplayedPack } from './replay-rows.ts';
import { contractText, forfeitText, packText, sameHeads } from './same-heads.ts';
import { sameNews } from './same-news.ts';
import { isOnlyNews, type Tick } from './ticks.ts';

export class Replay {
  readonly head: Head;
  /** With the contracts that were agreed on so far. */
  book: PriceBook;
  readonly packs = new Map<number, PackFacts>();
  /** The same as bills list them. */
  readonly packRows = new Map<number, ReplayedPack>();
  readonly forfeits: { readonly pack: number; readonly units: Calls; readonly bookedAt: Instant }[] = [];
  /** Changes to final periods that the replayed rows made. */
  readonly corrections: NonNullable<UsageRecord['correction']>[] = [];
  readonly order: CallOrder;
  readonly #witness: Witness;
  /** The outbox is complete after this ledger number: what was delivered long ago is deleted. */
  readonly #newsDeletedThrough: number;
  /** Those that begin later than where the replay stands. */
  readonly #thresholds: ThresholdsLine[];
  readonly #forfeited = new Map<number, Calls>();
  #expected = new Map<number, Expected>();
  readonly #orders: OrderReplay;
  readonly #earlier: EarlierReplay;

  constructor(
    stored: Pick<Head, 'account' | 'timeZone'>,
    book: PriceBook,
    witness: Witness,
    told: Pick<AccountLine, 'newsDeletedThrough' | 'packThresholds'> | undefined,
  ) {
    this.book = book;
    this.#newsDeletedThrough = told?.newsDeletedThrough ?? 0;
    this.#thresholds = [...(told?.packThresholds ?? [])];
    this.head = openHead({ id: stored.account, book, timeZone: stored.timeZone });
    this.#witness = witness;
    this.order = new CallOrder(stored.timeZone);
    this.#orders = new OrderReplay(witness);
    this.#earlier = new EarlierReplay(witness);
  }

  /** Applies one tick; bills are applied by whoever rates them. */
  apply(tick: Tick): void {
    const { seq, event, review, hold, holdEnd, pack, refund, forfeit, entry, contract, order, orderEnd } = tick;
    this.#witness.count();
    this.#thresholdsBefore(seq);
    if (isOnlyNews(tick)) {
      this.#told(tick, noNews);
      return;
    }
    const expected = this.#expected.size === 0 ? undefined : this.#expected.get(seq);
    if (expected !== undefined) {
      this.#expected.delete(seq);
      if (this.#meet(expected, tick)) return;
    }
    this.head.seq = seq - 1;
    if ((hold ?? holdEnd ?? tick.void) !== undefined) this.#told(tick, noNews);
    if (event !== undefined) this.#event(event, tick);
    else if (review !== undefined) this.#review(review, tick);
    else if (tick.void !== undefined) this.#void(tick.void);
    else if (hold !== undefined) this.#hold(hold);
    else if (holdEnd !== undefined) this.#holdEnd(holdEnd);
    else if (pack !== undefined) this.#pack(pack, entry, tick);
    else if (refund !== undefined) this.#refund(refund, tick);
    else if (forfeit !== undefined) this.#forfeit(forfeit, tick);
    else if (entry !== undefined) this.#entry(entry, tick);
    else if (contract !== undefined) this.#contract(contract);
    else if (order !== undefined) this.#told(tick, this.#orders.made(this.head, this.book, order));
    else if (orderEnd !== undefined) this.#told(tick, this.#orders.ended(this.head, this.book, orderEnd));
  }

  /** Brings the head to its end: what was asked for after its last row holds from there on. */
  end(): Head {
    this.#thresholdsBefore(Number.POSITIVE_INFINITY);
    return this.head;
  }

  #thresholdsBefore(seq: number): void {
    for (let next = this.#thresholds[0]; next !== undefined && next.afterSeq < seq; next = this.#thresholds[0]) {
      this.head.packThresholds = next.percents;
      this.#thresholds.shift();
    }
  }

  /** Compares the head that the replay ends with to the stored one. */
  close(stored: Head): void {
    this.end();
    sameHeads(this.head, stored, this.#witness);
  }

  #event(event: EventLine, tick: Tick): void {
    this.#classified(event);
    let record = recordUse(this.head, this.book, event, event.receivedAt);
    if (isRefusal(record)) {
      this.#refused('events', eventKey(event), record);
      record = settleUse(this.head, this.book, event, event.receivedAt);
    }
    this.#noteCorrection(event, record);
    this.#settled('events', event, event, tick, record, event.receivedAt);
  }

  /** Without facts an event is charged; with them the code table decides. One that would change a final bill may be held for that. */
  #classified(event: EventLine, expired = false): void {
    const asHeld = (outcome: Outcome): Outcome =>
      (event.late && changesFinal(this.head, { at: event.at, outcome })) || event.disagreement?.table === outcome
        ? 'held'
        : outcome;
    if (event.facts === null) {
      const expected = expired ? 'held' : asHeld('charged');
      if (event.outcome !== expected) this.#witness.broken('events', eventKey(event), expected, event.outcome);
      return;
    }
    const meant = classify(this.book, event.facts, event.at);
    const expected = isRefusal(meant) ? meant.refused : `${asHeld(meant.outcome)}, meter ${meant.meter}`;
    this.#witness.same('events', eventKey(event), expected, `${event.outcome}, meter ${event.meter}`);
  }

  #settled(
    table: string,
    line: EventLine | ReviewLine,
    call: Pick<EventLine, 'at' | 'meter' | 'calls' | 'department'>,
    tick: Tick,
    record: UsageRecord,
    now: Instant,
  ): void {
    this.#told(tick, record.news);
    const { calls } = call;
    this.#earlier.settled(this.head, this.book, { ...call, seq: tick.seq }, record, laterDraws(line, tick.draws), now);
    const { draws, postpaid, stopped } = record;
    const [draw] = draws;
    const quick =
      line.postpaid === postpaid &&
      line.drawCount === draws.length &&
      (draws.length === 0 || (draws.length === 1 && draw?.pack === line.packNo)) &&
      (line.outcome !== 'charged' || line.stopped === stopped);
    if (quick) return;
    const words = (paid: readonly PaidCalls[], rest: Calls, off: boolean) =>
      settlementText(paid, rest) + (off && line.outcome === 'charged' ? ', service stopped' : '');
    const found = words(paidCalls(line, calls, tick.draws), line.postpaid, line.stopped);
    const expected = paidByDraws(draws);
    // Rows from before the order was kept come by pack number.
    if (tick.draws.some(({ place }) => place === 0)) expected.sort((a, b) => a.packNo - b.packNo);
    this.#witness.same(table, eventKey(line), words(expected, postpaid, stopped), found);
  }

  #review(review: ReviewLine, tick: Tick): void {
    if (review.event === null) return;
    const event = { ...review.event, id: review.id, outcome: review.outcome, department: review.department };
    const record = settleUse(this.head, this.book, event, review.reviewedAt);
    this.#noteCorrection(event, record);
    this.#settled(
      'reviews',
      review,
      { ...review.event, department: review.department },
      tick,
      record,
      review.reviewedAt,
    );
  }

  #void(line: VoidLine): void {
    if (line.event === null) return;
    const { settled, draws, meter } = line.event;
    const use: VoidableUse = {
      ...line.event,
      id: line.id,
      outcome: settled.outcome,
      postpaid: settled.postpaid,
      draws: draws.map(({ packNo, calls }) => {
        const ratio = ratioOf(this.book, this.packs.get(packNo)?.product ?? '', meter);
        return { pack: packNo, calls, units: (calls * ratio) as Calls };
      }),
    };
    const isRefunded = (no: number) => this.packRows.get(no)?.refundedAt != null;
    const record = voidUse(this.head, this.book, use, this.packs, line.voidedAt, isRefunded);
    this.#earlier.voided(line.settledSeq);
    this.order.void(line.id, record.correction);
    if (record.correction !== null) this.corrections.push(record.correction);
    for (const forfeit of record.forfeits) this.#expectForfeit(forfeit);
  }

  #noteCorrection(event: Pick<ClassifiedEvent, 'id' | 'at' | 'meter' | 'calls'>, record: UsageRecord): void {
    this.order.enter(event.id, this.book, event, record);
    if (record.correction !== null) this.corrections.push(record.correction);
  }

  /** The account's settings are no rows of its ledger: what they would refuse now says nothing about then. */
  #hold(line: HoldLine): void {
    const key = `hold_id ${line.id}, seq ${line.seq}`;
    const { id, meter, calls, department, at, byOperator, review } = line;
    const request = { id, meter, calls, department, milliseconds: line.expiresAt - at, byOperator, review, key: null };
    const hold = authorize(this.head, this.book, request, at);
    if (isRefusal(hold)) {
      this.#witness.broken('holds', key, `a refusal, ${hold.refused}`, 'a hold');
      return;
    }
    const found = line.draws === null ? 'unreadable' : settlementText(line.draws, line.postpaid);
    this.#witness.same('holds', key, settlementText(paidByDraws(hold.draws), hold.postpaid), found);
  }

  #holdEnd(line: HoldEndLine): void {
    const key = `hold_seq ${line.holdSeq}, seq ${line.seq}`;
    const hold = this.head.holds.find((candidate) => candidate.seq === line.holdSeq);
    if (hold === undefined) {
      this.#witness.broken('hold_ends', key, 'a hold that is open', 'none');
      return;
    }
    if (line.how === 'expired' && line.at < hold.expiresAt) {
      this.#witness.broken('hold_ends', key, `an end at ${hold.expiresAt} or later`, `expired at ${line.at}`);
    }
    if (line.how !== 'captured') {
      release(this.head, hold);
      return;
    }
    const { seq } = endCaptured(this.head, hold);
    // Nobody captures a hold that is out of time: it was its expiry that made it an event.
    this.#expected.set(seq + 1, { kind: 'event', hold, expired: hold.review && line.at >= hold.expiresAt });
  }

  /** Its tiers stand whole, as they were agreed on: prices of the book's tiers, or tiers of the account's own. */
  #contract({ seq, contract, at }: ContractLine): void {
    if (contract === null) {
      this.#witness.broken('contracts', `seq ${seq}`, 'readable terms', 'none');
      return;
    }
    const key = `contract_no ${contract.no}, seq ${seq}`;
    const { from, packs } = contract;
    const tariffs = new Map([...contract.tariffs].map(([id, tiers]) => [id, tiers]));
    const agreed = agreeContract(this.head, this.book, { from, tariffs, packs }, at);
    if (isRefusal(agreed)) this.#refused('contracts', key, agreed);
    else {
      const [expected, found] = [agreed.contract, contract].map(contractText);
      this.#witness.same('contracts', key, expected ?? '', found ?? '');
    }
    this.book = withContract(this.book, contract);
  }

  #pack(line: PackLine, entry: EntryLine | undefined, tick: Tick): void {
    this.#take(line, entry);
    this.#told(tick, this.#earlier.delivered(this.head, this.book, line.facts, line.facts.boughtAt));
  }

  #take({ facts, seq }: PackLine, entry: EntryLine | undefined): void {
    const key = `pack_no ${facts.no}, pack_id ${facts.id}, seq ${seq}`;
    this.packs.set(facts.no, facts);
    this.packRows.set(facts.no, { facts, seq, refundedAt: null, refundedSeq: null, refundedAmount: null });
    if (facts.gift) {
      this.#witness.same('packs', `${key}, price`, noCalls, facts.price);
      this.#deliver(facts);
      return;
    }
    const terms = this.#orders.termsOf(facts.id);
    const order = {
      ...{ id: facts.id, product: facts.product, size: facts.calls },
      ...chosenStart(this.book, facts),
      ...(facts.department === undefined ? {} : { department: facts.department }),
      ...terms,
    };
    const bought = buyPack(this.head, this.book, order, facts.boughtAt);
    if (!isRefusal(bought)) {
      this.#witness.same('packs', key, packText(bought.pack), packText(facts));
      return;
    }
    this.#refused('packs', key, bought);
    if (entry !== undefined) enterMoney(this.head, 'purchase', entry.amount, entry.reference, entry.at);
    this.#deliver(facts);
  }

  #deliver(facts: PackFacts): void {
    this.#witness.same('packs', `pack_id ${facts.id}, pack_no`, this.head.packCount + 1, facts.no);
    this.head.packCount += 1;
    addPack(this.head, this.book, { ...facts, remaining: facts.calls, used: false });
  }

  #refund(line: RefundLine, tick: Tick): void {
    const row = this.packRows.get(line.packNo);
    const key = `pack_no ${line.packNo}, seq ${line.seq}`;
    if (row === undefined) {
      this.#witness.broken('pack_refunds', key, 'a pack of this number', 'none');
      return;
    }
    const ends = { forfeited: this.#forfeited.get(line.packNo) ?? noCalls, refundedAt: null };
    const entry = refundPack(this.head, this.book, standingOf(this.head, row.facts, ends), line.at, line.exception);
    if (isRefusal(entry)) this.#refused('pack_refunds', key, entry);
    const refundedAmount = isRefusal(entry) ? null : entry.amount;
    this.packRows.set(line.packNo, { ...row, refundedAt: line.at, refundedSeq: line.seq, refundedAmount });
    this.#told(tick, [{ kind: 'pack-refunded', details: { pack: line.packNo } }]);
  }

  #forfeit(line: ForfeitLine, tick: Tick): void {
    for (const forfeit of bookForfeits(this.head, this.book, line.bookedAt)) this.#expectForfeit(forfeit);
    const expected = this.#expected.get(line.seq);
    this.#expected.delete(line.seq);
    this.#sameForfeit(expected?.kind === 'forfeit' ? expected.text : 'no forfeit', line, tick);
  }

  #expectForfeit({ seq, pack, units, bookedAt }: ReturnType<typeof bookForfeits>[number]): void {
    this.forfeits.push({ pack: pack.no, units, bookedAt });
    this.#forfeited.set(pack.no, ((this.#forfeited.get(pack.no) ?? noCalls) + units) as Calls);
    this.#expected.set(seq, { kind: 'forfeit', text: forfeitText(pack.no, units, bookedAt) });
  }

  #sameForfeit(expected: string, line: ForfeitLine, tick: Tick): void {
    const found = forfeitText(line.packNo, line.units, line.bookedAt);
    this.#witness.same('forfeits', `seq ${line.seq}`, expected, found);
    this.#told(tick, [{ kind: 'pack-forfeited', details: { pack: line.packNo, units: line.units } }]);
  }

  #told(tick: Tick, expected: readonly News[]): void {
    if (tick.seq > this.#newsDeletedThrough) sameNews(tick, expected, this.#witness);
  }

  /** True when the row is the one that had to come here. */
  #meet(expected: Expected, tick: Tick): boolean {
    if (expected.kind === 'forfeit') {
      if (tick.forfeit === undefined) return false;
      this.#sameForfeit(expected.text, tick.forfeit, tick);
      return true;
    }
    const { event } = tick;
    if (event === undefined) return false;
    const { hold } = expected;
    // An action that is never charged has no meter; what it is, `#classified` says.
    const meter = event.facts === null ? hold.meter : (event.meter ?? hold.meter);
    const words = (call: Pick<Hold, 'id' | 'meter' | 'calls' | 'at'> | EventLine, of: string | null) =>
      `event ${call.id}, ${call.calls} calls of ${of} at ${call.at}`;
    this.#witness.same(
      'events',
      eventKey(event),
      words(hold, hold.meter),
      words(event, event.facts === null ? event.meter : meter),
    );
    this.#classified(event, expected.expired);
    this.head.seq = event.seq - 1;
    const record = enterCaptured(this.head, this.book, hold, event.receivedAt, event);
    this.#noteCorrection(event, record);
    this.#settled('events', event, event, tick, record, event.receivedAt);
    return true;
  }

  #entry(entry: EntryLine, tick: Tick): void {
    const { bill } = tick;
    this.#told(
      tick,
      bill === undefined ? noNews : [{ kind: 'bill-final', details: { month: bill.period, bill: bill.no } }],
    );
    const paidIn = entry.kind === 'top-up' ? topUp : entry.kind === 'credit' ? credit : undefined;
    if (paidIn !== undefined && isRefusal(paidIn(this.head, this.book, entry.amount, entry.reference, entry.at))) {
      this.#witness.broken('money_entries', `seq ${entry.seq}`, 'an amount above zero', String(entry.amount));
    } else if (entry.kind === 'purchase' || entry.kind === 'refund') {
      enterMoney(this.head, entry.kind, entry.amount, entry.reference, entry.at);
    }
  }

  #refused(table: string, key: string, refusal: Refusal): void {
    this.#witness.broken(table, key, `a refusal, ${refusal.refused}`, 'accepted');
  }
}
