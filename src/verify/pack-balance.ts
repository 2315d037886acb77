// I4: pack calls = remaining + Σ draws − Σ voided draws + forfeited + refunded, and 0 ≤ remaining ≤ calls after every row.
// Added up from the rows as they stand; nothing is replayed here.

import type { Head } from '../account/head.ts';
import { heldUnits } from '../account/head.ts';
import type { PackFacts } from '../core/pack.ts';
import { addCalls, type Calls, noCalls } from '../core/units.ts';
import type { PaidCalls } from '../store/streams/ledger-lines.ts';
import { type Checker, laterDraws, paidCalls, ratioOf, type StoredAccount } from './checker.ts';
import { type Verdicts, Witness } from './invariants.ts';
import type { Tick } from './ticks.ts';

/** Units of one pack by what became of them. */
interface Tally {
  readonly facts: PackFacts;
  drawn: bigint;
  voided: bigint;
  forfeited: bigint;
  refunded: bigint;
}

export class PackBalanceChecker implements Checker {
  readonly #witness: Witness;
  #packs = new Map<number, Tally>();
  /** Calls by meter that a pack paid of what came before it, by the number that it is to have. */
  #ahead = new Map<number, Map<string | null, Calls>>();
  #account: StoredAccount | undefined;

  constructor(verdicts: Verdicts) {
    this.#witness = new Witness('I4', verdicts);
  }

  open(account: StoredAccount): void {
    this.#account = account;
    this.#packs = new Map();
    this.#ahead = new Map();
    this.#witness.at(account.id);
  }

  tick(tick: Tick): void {
    const { event, review, pack, refund, forfeit } = tick;
    if (event !== undefined) {
      if (event.drawCount > 0) this.#draw(paidCalls(event, event.calls, tick.draws), event.meter, tick.seq);
      if (tick.draws.length > 0) this.#keep(laterDraws(event, tick.draws), event.meter, tick.seq);
      return;
    }
    if (review?.event != null) {
      this.#draw(paidCalls(review, review.event.calls, tick.draws), review.event.meter, tick.seq);
      this.#keep(laterDraws(review, tick.draws), review.event.meter, tick.seq);
    }
    if (pack !== undefined) this.#deliver(pack.facts, tick.seq);
    if (tick.void?.event != null) this.#void(tick.void.event.draws, tick.void.event.meter, tick.seq);
    if (forfeit !== undefined) {
      this.#change(forfeit.packNo, tick.seq, (tally) => {
        tally.forfeited += forfeit.units;
      });
    }
    if (refund !== undefined) this.#refund(refund.packNo, tick);
  }

  /** What a pack paid of earlier calls, it paid at its delivery. */
  #keep(draws: readonly PaidCalls[], meter: string | null, seq: number): void {
    for (const { packNo, calls } of draws) {
      if (this.#packs.has(packNo)) {
        this.#witness.broken('event_draws', `seq ${seq}, pack_no ${packNo}`, 'a pack of later', 'one of before');
      }
      const meters = this.#ahead.get(packNo) ?? new Map<string | null, Calls>();
      this.#ahead.set(packNo, meters.set(meter, addCalls(meters.get(meter) ?? noCalls, calls)));
    }
  }

  #deliver(facts: PackFacts, seq: number): void {
    this.#packs.set(facts.no, { facts, drawn: 0n, voided: 0n, forfeited: 0n, refunded: 0n });
    for (const [meter, calls] of this.#ahead.get(facts.no) ?? []) {
      this.#draw([{ packNo: facts.no, calls }], meter, seq);
    }
    this.#ahead.delete(facts.no);
  }

  /** Whole, but where its book pays back what is left: then that, and the amount it comes to is worked out again. */
  #refund(packNo: number, tick: Tick): void {
    this.#change(packNo, tick.seq, (tally) => {
      const { facts } = tally;
      const left = remainingOf(tally);
      const product = this.#account?.book?.packProducts.get(facts.product);
      const part = product?.sizes.find(({ calls }) => calls === facts.calls)?.refundPart ?? product?.refundPart;
      tally.refunded += part === undefined || left < 0n ? facts.calls : left;
      if (part === undefined || left === facts.calls) return;
      const [costs, per] = part === 'paid' ? [facts.price, facts.calls] : [part.amount, part.per];
      const exact = (facts.price as bigint) * per - (facts.calls - left) * costs;
      const due = exact < 0n ? 0n : (2n * exact + per) / (2n * per);
      this.#witness.same('money_entries', `seq ${tick.seq}, refund of ${keyOf(tally)}`, due, tick.entry?.amount ?? 0n);
    });
  }

  #draw(draws: readonly PaidCalls[], meter: string | null, seq: number): void {
    for (const { packNo, calls } of draws) {
      this.#change(packNo, seq, (tally, ratio) => {
        tally.drawn += calls * ratio(meter);
      });
    }
  }

  #void(draws: readonly PaidCalls[], meter: string | null, seq: number): void {
    for (const { packNo, calls } of draws) {
      this.#change(packNo, seq, (tally, ratio) => {
        tally.voided += calls * ratio(meter);
      });
    }
  }

  #change(packNo: number, seq: number, change: (tally: Tally, ratio: (meter: string | null) => bigint) => void): void {
    const tally = this.#packs.get(packNo);
    if (tally === undefined) {
      this.#witness.broken('packs', `pack_no ${packNo}`, `a row before seq ${seq} uses it`, 'none');
      return;
    }
    const book = this.#account?.book;
    change(tally, (meter) => (book === undefined ? 1n : ratioOf(book, tally.facts.product, meter)));
    const left = remainingOf(tally);
    if (tally.voided > tally.drawn || left > tally.facts.calls || left < 0n) {
      this.#witness.broken('packs', keyOf(tally), `0…${tally.facts.calls} left at seq ${seq}`, `${left}`);
    }
  }

  close(): void {
    const head = this.#account?.stored;
    if (head === undefined) return;
    for (const packNo of this.#ahead.keys()) {
      this.#witness.broken('event_draws', `pack_no ${packNo}`, 'a pack that came later', 'none');
    }
    const live = new Map(head.packs.map((pack) => [pack.no, pack]));
    for (const [no, tally] of this.#packs) {
      this.#witness.count();
      const expected = remainingOf(tally) - heldUnits(head, no);
      const found = live.get(no)?.remaining ?? 0n;
      this.#witness.same('account_heads', `remaining of ${keyOf(tally)}`, expected, found);
    }
    this.#foreign(head);
    this.#witness.same('account_heads', 'number of packs', this.#packs.size, head.packCount);
  }

  #foreign(head: Head): void {
    for (const { no } of head.packs) {
      if (!this.#packs.has(no))
        this.#witness.broken('packs', `pack_no ${no}`, 'a row: the head carries the pack', 'none');
    }
  }
}

const remainingOf = ({ facts, drawn, voided, forfeited, refunded }: Tally): bigint =>
  facts.calls - drawn + voided - forfeited - refunded;

const keyOf = ({ facts }: Tally): string => `pack_no ${facts.no}, pack_id ${facts.id}`;
