// The tables of an account's ledger merged into one line of ticks: a tick is all that stands under one ledger number.

import type { ClientBase } from 'pg';
import type {
  AccountLine,
  BillLine,
  ContractLine,
  CorrectionLine,
  DrawLine,
  EntryLine,
  EventLine,
  ForfeitLine,
  HeadLine,
  HoldEndLine,
  HoldLine,
  Line,
  NewsLine,
  OrderEndLine,
  OrderLine,
  PackLine,
  RefundLine,
  ReviewLine,
  UsageLine,
  VoidLine,
} from '../store/streams/ledger-lines.ts';
import { type LedgerLines, type LineStream, openLines } from '../store/streams/line-streams.ts';
import type { AccountRange } from '../store/streams/ranges.ts';

export interface Tick {
  readonly seq: number;
  readonly event?: EventLine | undefined;
  readonly review?: ReviewLine | undefined;
  readonly void?: VoidLine | undefined;
  readonly hold?: HoldLine | undefined;
  readonly holdEnd?: HoldEndLine | undefined;
  readonly pack?: PackLine | undefined;
  readonly refund?: RefundLine | undefined;
  readonly forfeit?: ForfeitLine | undefined;
  readonly entry?: EntryLine | undefined;
  readonly bill?: BillLine | undefined;
  readonly contract?: ContractLine | undefined;
  readonly order?: OrderLine | undefined;
  readonly orderEnd?: OrderEndLine | undefined;
  readonly draws: readonly DrawLine[];
  readonly news: readonly NewsLine[];
}

/** No row of the ledger has this number: the outbox tells of what is not there. */
export const isOnlyNews = ({ seq: _, draws, news, ...rows }: Tick): boolean =>
  news.length > 0 && draws.length === 0 && Object.values(rows).every((row) => row === undefined);

/** An account's rows that carry no ledger number. `account` or `head` undefined: the row is missing. */
export interface AccountStart {
  readonly id: string;
  readonly account: AccountLine | undefined;
  readonly head: HeadLine | undefined;
}

export interface AccountEnd {
  readonly usage: readonly UsageLine[];
  readonly corrections: readonly CorrectionLine[];
}

const noDraws: readonly DrawLine[] = [];
const noNews: readonly NewsLine[] = [];

export class LedgerReader {
  readonly #lines: LedgerLines;
  readonly #all: readonly LineStream<Line>[];
  /** Every numbered stream but the events', which are by far the most. */
  readonly #others: readonly LineStream<Line>[];
  #account = '';
  /** Lowest number of the account in the other streams, while it is known. */
  #nextOther: number | undefined;

  constructor(lines: LedgerLines) {
    this.#lines = lines;
    this.#all = Object.values(lines) as LineStream<Line>[];
    const { events, usage, corrections, accounts, heads, ...others } = lines;
    this.#others = Object.values(others) as LineStream<Line>[];
  }

  static async open(client: ClientBase, range: AccountRange, idOf: (no: number) => string): Promise<LedgerReader> {
    return new LedgerReader(await openLines(client, range, idOf));
  }

  /** The next account that any table knows. Read the account before to its end first. */
  async nextAccount(): Promise<AccountStart | undefined> {
    await this.#fill();
    let id: string | undefined;
    for (const { line } of this.#all) {
      if (line !== undefined && (id === undefined || isBefore(line.account, id))) id = line.account;
    }
    if (id === undefined) return undefined;
    this.#account = id;
    this.#nextOther = undefined;
    return { id, account: this.#take(this.#lines.accounts), head: this.#take(this.#lines.heads) };
  }

  /** Some ticks of the account, in order. False: these were its last. */
  async nextTicks(visit: (tick: Tick) => void): Promise<boolean> {
    await this.#fill();
    for (let tick = this.#tick(); tick !== undefined; tick = this.#tick()) visit(tick);
    return this.#all.some((stream) => stream.isDry);
  }

  async end(): Promise<AccountEnd> {
    return { usage: await this.#rest(this.#lines.usage), corrections: await this.#rest(this.#lines.corrections) };
  }

  /** Undefined: no more of the account, or none until more lines are fetched. */
  #tick(): Tick | undefined {
    const { events } = this.#lines;
    if (events.isDry) return undefined;
    const event = events.line?.account === this.#account ? events.line : undefined;
    this.#nextOther ??= this.#lowestOther();
    if (this.#nextOther === undefined) return undefined;
    if (event !== undefined && event.seq < this.#nextOther) {
      events.pass();
      return { seq: event.seq, event, draws: noDraws, news: noNews };
    }
    if (this.#nextOther === Number.POSITIVE_INFINITY) return undefined;
    return this.#otherTick(this.#nextOther);
  }

  #lowestOther(): number | undefined {
    let lowest = Number.POSITIVE_INFINITY;
    for (const stream of this.#others) {
      if (stream.isDry) return undefined;
      const { line } = stream;
      if (line?.account === this.#account && line.seq < lowest) lowest = line.seq;
    }
    return lowest;
  }

  #otherTick(seq: number): Tick | undefined {
    const lines = this.#lines;
    const draws = this.#gather(lines.draws, this.#pendingDraws, seq);
    const news = this.#gather(lines.news, this.#pendingNews, seq);
    if (draws === undefined || news === undefined) return undefined;
    this.#pendingDraws = [];
    this.#pendingNews = [];
    this.#nextOther = undefined;
    return {
      seq,
      event: this.#take(lines.events, seq),
      review: this.#take(lines.reviews, seq),
      void: this.#take(lines.voids, seq),
      hold: this.#take(lines.holds, seq),
      holdEnd: this.#take(lines.holdEnds, seq),
      pack: this.#take(lines.packs, seq),
      refund: this.#take(lines.refunds, seq),
      forfeit: this.#take(lines.forfeits, seq),
      entry: this.#take(lines.entries, seq),
      bill: this.#take(lines.bills, seq),
      contract: this.#take(lines.contracts, seq),
      order: this.#take(lines.orders, seq),
      orderEnd: this.#take(lines.orderEnds, seq),
      draws,
      news,
    };
  }

  #pendingDraws: DrawLine[] = [];
  #pendingNews: NewsLine[] = [];

  /** All lines of a number, added to those that are there already; undefined when the last ones are still to be fetched. */
  #gather<L extends Line>(stream: LineStream<L>, pending: L[], seq: number): readonly L[] | undefined {
    for (let line = this.#take(stream, seq); line !== undefined; line = this.#take(stream, seq)) pending.push(line);
    return stream.isDry ? undefined : pending;
  }

  #take<L extends Line>(stream: LineStream<L>, seq = 0): L | undefined {
    const { line } = stream;
    if (line?.account !== this.#account || line.seq !== seq) return undefined;
    stream.pass();
    return line;
  }

  async #rest<L extends Line>(stream: LineStream<L>): Promise<L[]> {
    const rest: L[] = [];
    for (;;) {
      if (stream.isDry) await stream.fill();
      const line = this.#take(stream);
      if (line === undefined) return rest;
      rest.push(line);
    }
  }

  async #fill(): Promise<void> {
    for (const stream of this.#all) if (stream.isDry) await stream.fill();
  }
}

/** The database's order of account ids (collation "C"): by code point, where JavaScript compares halves of surrogate pairs. */
function isBefore(a: string, b: string): boolean {
  if (!/[\ud800-\udfff]/.test(a + b)) return a < b;
  return Buffer.compare(Buffer.from(a), Buffer.from(b)) < 0;
}
