// Events entered lately by this server. Only speed depends on it: the unique key of the ledger decides what is known.
// They are kept as text in memory of a fixed size: as objects they would all live long enough to be moved by the garbage
// collector, which cost a seventh of the ledger's processor time.

import type { CallFacts } from '../core/event.ts';
import { callsOf, type Instant } from '../core/units.ts';
import { firstMark, nextMark } from '../store/ledger/plain-events.ts';
import { outcomeNumber, readOutcome } from '../store/ledger/rows.ts';
import type { CachedHead } from './heads-cache.ts';
import type { ReceiptFacts } from './receipt.ts';

/** An event as it was entered: what a receipt says of it, and the facts that a repeat must share. */
export interface EnteredEvent extends ReceiptFacts {
  readonly facts: CallFacts | null;
}

export interface RecentOptions {
  /** Ids to tell from new ones, a power of two, 8 or more. */
  readonly marks: number;
  /** Memory for the latest events' texts, some 250 bytes each; 0: only their ids are kept. */
  readonly bytes: number;
}

const lengthBytes = 4;
/**
 * Places that a mark may stand in. With one, a fifth of the ids were forgotten when a quarter as many newer ones as there are places had
 * come, with four a fiftieth; and a repeat that is not known makes its whole group fail and be looked up.
 */
const ways = 4;
const nowhere = Number.NEGATIVE_INFINITY;

export class RecentEvents {
  /** One mark an id, whatever its account, in rows of `ways` from the newest on; a new one pushes the oldest of its row out. */
  readonly #marks: Uint32Array;
  /** Where the text of each mark's event begins, counted since the start. */
  readonly #begins: Float64Array;
  readonly #texts: Buffer;
  #end = 0;

  constructor({ marks, bytes }: RecentOptions) {
    this.#marks = new Uint32Array(marks);
    this.#begins = new Float64Array(bytes === 0 ? 0 : marks);
    this.#texts = Buffer.alloc(bytes);
  }

  /** True: perhaps known, look it up. False: probably new. */
  mayHold(id: string): boolean {
    return this.mayHoldMark(markOf(id));
  }

  mayHoldMark(mark: number): boolean {
    return this.#placeOf(mark >>> 0) >= 0;
  }

  /**
   * The event as it was entered, if its head never left this server's memory since: then nobody has changed it, so long as the head
   * in the database is that one still.
   */
  find({ head, readAs }: CachedHead, id: string): EnteredEvent | undefined {
    const text = this.#textAt(this.#begins[this.#placeOf(markOf(id))] ?? nowhere);
    if (text === undefined) return undefined;
    const { event, version } = decode(text);
    return event.id === id && event.account === head.account && BigInt(version) > readAs ? event : undefined;
  }

  /** Keeps an event that a group wrote, with the version of its account's head that the group made. */
  add(event: EnteredEvent, version: bigint): void {
    this.#mark(markOf(event.id), this.#keep(encode(event, version)));
  }

  /** Forgets what was entered, as into a database that is another by now; which ids to look up is still known. */
  clear(): void {
    this.#begins.fill(nowhere);
  }

  /** Keeps no more than that the id is known. */
  addId(id: string): void {
    this.addMark(markOf(id));
  }

  addMark(mark: number): void {
    this.#mark(mark >>> 0, nowhere);
  }

  #mark(mark: number, begin: number): void {
    const row = this.#rowOf(mark);
    const known = this.#placeOf(mark);
    const last = known < 0 ? row + ways - 1 : known;
    for (let place = last; place > row; place -= 1) {
      this.#marks[place] = this.#marks[place - 1] as number;
      if (this.#begins.length > 0) this.#begins[place] = this.#begins[place - 1] as number;
    }
    this.#marks[row] = mark;
    if (this.#begins.length > 0) this.#begins[row] = begin;
  }

  #keep(text: string): number {
    const size = this.#texts.length;
    // At most three bytes of UTF-8 for each unit of UTF-16. A text is never cut at the end of the memory.
    const room = lengthBytes + 3 * text.length;
    if (room > size) return nowhere;
    if ((this.#end % size) + room > size) this.#end += size - (this.#end % size);
    const begin = this.#end;
    const written = this.#texts.write(text, (begin % size) + lengthBytes);
    this.#texts.writeUInt32LE(written, begin % size);
    this.#end = begin + lengthBytes + written;
    return begin;
  }

  #textAt(begin: number): string | undefined {
    const size = this.#texts.length;
    // Older ones have been written over.
    if (begin < this.#end - size || begin >= this.#end) return undefined;
    const at = (begin % size) + lengthBytes;
    return this.#texts.toString('utf8', at, at + this.#texts.readUInt32LE(at - lengthBytes));
  }

  /** Where a mark stands; -1: nowhere. */
  #placeOf(mark: number): number {
    const row = this.#rowOf(mark);
    for (let place = row; place < row + ways; place += 1) if (this.#marks[place] === mark) return place;
    return -1;
  }

  /** Where its row begins. Other bits of the mark than its low ones alone, so that what stands in a row still tells ids apart. */
  #rowOf(mark: number): number {
    return ways * (Math.imul(mark, 0x9e3779b1) >>> (Math.clz32(this.#marks.length / ways) + 1));
  }
}

function markOf(id: string): number {
  let mark = firstMark;
  for (let at = 0; at < id.length; at += 1) mark = nextMark(mark, id.charCodeAt(at));
  return mark >>> 0;
}

type Text = [
  account: string,
  id: string,
  version: string,
  seq: number,
  meter: string | null,
  calls: number,
  at: Instant,
  outcome: number,
  draws: [pack: string, calls: number][],
  postpaid: number,
  department: string | null,
  facts: CallFacts | null,
];

/** Calls of one event are at most 10¹², exact as numbers. */
function encode(event: EnteredEvent, version: bigint): string {
  const text: Text = [
    event.account,
    event.id,
    version.toString(),
    event.seq,
    event.meter,
    Number(event.calls),
    event.at,
    outcomeNumber(event),
    event.draws.map(({ pack, calls }) => [pack, Number(calls)]),
    Number(event.postpaid),
    event.department,
    event.facts,
  ];
  return JSON.stringify(text);
}

function decode(text: string): { readonly event: EnteredEvent; readonly version: string } {
  const [account, id, version, seq, meter, calls, at, outcome, draws, postpaid, department, facts] = JSON.parse(
    text,
  ) as Text;
  const event: EnteredEvent = {
    account,
    id,
    seq,
    meter,
    calls: callsOf(calls),
    at,
    ...readOutcome(outcome),
    draws: draws.map(([pack, drawn]) => ({ pack, calls: callsOf(drawn) })),
    postpaid: callsOf(postpaid),
    department,
    facts,
  };
  return { event, version };
}
