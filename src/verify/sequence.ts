// I2: an account's rows are numbered 1, 2, 3 … up to its head's number. A row that vanished leaves a gap.

import { eventWords } from '../core/event-name.ts';
import type { Checker, StoredAccount } from './checker.ts';
import type { Verdicts } from './invariants.ts';
import { Witness } from './invariants.ts';
import { isOnlyNews, type Tick } from './ticks.ts';

const tables = {
  event: 'events',
  review: 'reviews',
  void: 'voids',
  hold: 'holds',
  holdEnd: 'hold_ends',
  pack: 'packs',
  refund: 'pack_refunds',
  forfeit: 'forfeits',
  entry: 'money_entries',
  bill: 'bills',
  contract: 'contracts',
  order: 'orders',
  orderEnd: 'order_ends',
} as const;

type Kind = keyof typeof tables;
const kinds = Object.keys(tables) as Kind[];

export class SequenceChecker implements Checker {
  readonly #witness: Witness;
  #last = 0;
  #account: StoredAccount | undefined;

  constructor(verdicts: Verdicts) {
    this.#witness = new Witness('I2', verdicts);
  }

  open(account: StoredAccount): void {
    const { id, head, stored, book } = account;
    this.#account = account;
    this.#last = 0;
    this.#witness.at(id);
    const key = `account_id ${id}`;
    if (account.account === undefined)
      this.#witness.broken('accounts', key, 'a row', 'none, but other tables have some');
    if (head === undefined) this.#witness.broken('account_heads', key, 'a row', 'none');
    else if (stored === undefined)
      this.#witness.broken('account_heads', key, 'a readable state', head.state.slice(0, 80));
    else if (account.account !== undefined && stored.book !== account.account.book) {
      this.#witness.broken('account_heads', key, `book ${account.account.book}`, `book ${stored.book}`);
    } else if (book === undefined) this.#witness.broken('price_books', `id ${stored.book}`, 'a row', 'none');
  }

  tick(tick: Tick): void {
    if (isOnlyNews(tick)) return;
    this.#witness.count();
    const { seq } = tick;
    const next = this.#last + 1;
    if (seq > next) {
      const gap = seq - 1 === next ? `seq ${next}` : `seq ${next}…${seq - 1}`;
      this.#witness.broken('ledger', gap, 'a row', `none; seq ${seq} is in ${tableNames(tick)}`);
    } else if (seq < next) {
      this.#witness.broken(tableNames(tick), `seq ${seq}`, `seq ${next}`, 'a number given before');
    }
    this.#last = Math.max(this.#last, seq);
    if (tick.event === undefined || tick.draws.length > 0) this.#parties(tick);
  }

  /** A number belongs to one row; what is bought, refunded or billed shares it with its money entry. */
  #parties(tick: Tick): void {
    const { seq, entry, pack, refund, bill, review } = tick;
    const { void: voided } = tick;
    const key = `seq ${seq}`;
    const present = kinds.filter((kind) => tick[kind] !== undefined);
    const wanted = partiesOf(tick);
    if (wanted === undefined || present.length !== wanted.length) {
      this.#witness.broken(
        tableNames(tick),
        key,
        wanted?.map((kind) => tables[kind]).join(' + ') ?? 'one row',
        tableNames(tick),
      );
      return;
    }
    if (entry !== undefined) {
      const about = pack?.facts.id ?? bill?.period ?? (refund === undefined ? entry.reference : undefined);
      if (about !== undefined) this.#witness.same('money_entries', `${key}, reference`, about, entry.reference);
    }
    if (review !== undefined) {
      const found = review.event === null ? 'none' : review.event.arrived;
      this.#witness.same(
        'reviews',
        `event_id ${eventWords(review.id)}, ${key}`,
        'an event that arrived held',
        `an event that arrived ${found}`,
      );
    }
    if (voided?.event === null) {
      this.#witness.broken('voids', `event_id ${eventWords(voided.id)}, ${key}`, 'an event of this id', 'none');
    }
  }

  close(): void {
    const { stored, id } = this.#account ?? {};
    if (stored === undefined) return;
    this.#witness.same('account_heads', `account_id ${id}, seq`, stored.seq, this.#last);
  }
}

/** Which rows have to stand together under a number, by the first that is there; undefined: nothing numbers this. */
function partiesOf(tick: Tick): Kind[] | undefined {
  if (tick.entry !== undefined) {
    const partner = {
      purchase: 'pack',
      refund: 'refund',
      bill: 'bill',
      'top-up': undefined,
      credit: undefined,
    } as const;
    const with_ = partner[tick.entry.kind];
    const present = with_ === undefined || tick[with_] !== undefined;
    return with_ === undefined ? ['entry'] : present ? ['entry', with_] : ['entry', with_, 'entry'];
  }
  if (tick.refund !== undefined) return ['refund', 'entry'];
  if (tick.bill !== undefined) return ['bill', 'entry'];
  if (tick.pack !== undefined) return tick.pack.facts.gift ? ['pack'] : ['pack', 'entry'];
  const kind = kinds.find((each) => tick[each] !== undefined);
  return kind === undefined ? undefined : [kind];
}

const tableNames = (tick: Tick): string =>
  kinds.flatMap((kind) => (tick[kind] === undefined ? [] : [tables[kind]])).join(' + ') || 'event_draws';
