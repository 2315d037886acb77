// The month's calls settled by the core, pack by pack, under one reading. A million rows take a few milliseconds: between two
// moments at which a pack begins or ends, and within a day, the calls of a meter are settled as one use. That is exact by the
// core's law that settling in two steps is settling once, as long as no pack that several of the meters share runs short; where
// one does, the rows of that stretch are settled one by one.

import { type Day, dayOf, endOfPeriod, startOfDayAfter, startOfPeriod } from '../core/calendar.ts';
import { isInsideLife, type LivePack } from '../core/pack.ts';
import { type Settlement, settle } from '../core/settle.ts';
import { type Calls, type Instant, noCalls, subtractCalls } from '../core/units.ts';
import type { Reading, SettlingReading } from './reading.ts';
import type { Tape } from './tape.ts';

/** Calls of the billed month. Keys: `day|meter|pack id` and `day|meter`. */
export interface Settled {
  readonly draws: ReadonlyMap<string, bigint>;
  readonly postpaid: ReadonlyMap<string, bigint>;
}

export function replay(tape: Tape, reading: Reading): Settled {
  return new Replay(tape, reading).run();
}

/** From `start` to `end` no pack begins or ends and the day stays the same. */
interface Stretch {
  readonly day: Day;
  readonly start: number;
  readonly end: number;
}

class Replay {
  readonly #tape: Tape;
  readonly #reading: SettlingReading;
  readonly #month: string;
  readonly #live: LivePack[];
  readonly #cuts: readonly number[];
  readonly #from: number;
  readonly #until: number;
  readonly #order: Uint32Array | undefined;
  readonly #meters: readonly string[];
  /** Index of a kind's meter in `#meters`; -1 when the kind does not count. */
  readonly #meterOf: Int16Array;
  readonly #sums: Float64Array;
  readonly #without: Map<string, bigint>;
  readonly #draws = new Map<string, bigint>();
  readonly #postpaid = new Map<string, bigint>();
  readonly #dayStarts = new Map<Day, readonly [number, number]>();
  #nextExtra = 0;

  constructor(tape: Tape, { month, settling }: Reading) {
    const { packs, zone } = settling;
    this.#tape = tape;
    this.#reading = settling;
    this.#month = month;
    this.#until = endOfPeriod(zone, month);
    const openings = packs.some((pack) => pack.opening !== null);
    this.#from = openings ? startOfPeriod(zone, month) : Number.NEGATIVE_INFINITY;
    this.#live = packs
      .toSorted(settling.compare)
      .map((pack) => ({ ...pack, remaining: pack.opening ?? pack.calls, used: false }));
    this.#cuts = [...new Set(packs.flatMap((pack) => [pack.effectiveAt, pack.expiresAt]))].toSorted((a, b) => a - b);
    this.#order = settling.arrival === 'call-time' ? tape.order() : undefined;
    this.#meters = [...settling.book.meters.keys()];
    this.#meterOf = Int16Array.from(tape.kinds, (kind) =>
      kind.meter !== null && settling.isCounted(kind) ? this.#meters.indexOf(kind.meter) : -1,
    );
    this.#sums = new Float64Array(this.#meters.length);
    this.#without = new Map(settling.without);
  }

  run(): Settled {
    const { length } = this.#tape;
    for (let at = 0; at < length; ) {
      const time = this.#tape.timeOf(this.#row(at));
      if (time >= this.#until || time < this.#from) {
        if (time >= this.#until && (this.#order !== undefined || this.#tape.inOrder)) break;
        at += 1;
        continue;
      }
      const stretch = this.#stretchAt(time as Instant);
      this.#settleExtraBefore(stretch.start);
      at = this.#settleStretch(stretch, at);
    }
    this.#settleExtraBefore(Number.POSITIVE_INFINITY);
    return { draws: this.#draws, postpaid: this.#postpaid };
  }

  #row(at: number): number {
    return this.#order === undefined ? at : (this.#order[at] as number);
  }

  #stretchAt(time: Instant): Stretch {
    const { zone } = this.#reading;
    const day = dayOf(zone, time);
    let bounds = this.#dayStarts.get(day);
    if (bounds === undefined) {
      bounds = [startOfDayAfter(zone, time, 0), startOfDayAfter(zone, time, 1)];
      this.#dayStarts.set(day, bounds);
    }
    let [start, end] = bounds;
    for (const cut of this.#cuts) {
      if (cut <= time) start = Math.max(start, cut);
      else end = Math.min(end, cut);
    }
    return { day, start, end };
  }

  /** Settles the rows from `at` on that lie in the stretch; answers the first that does not. */
  #settleStretch(stretch: Stretch, at: number): number {
    const { length } = this.#tape;
    const skips = this.#without.size > 0;
    const left = skips ? new Map(this.#without) : undefined;
    this.#sums.fill(0);
    let next = at;
    for (; next < length; next += 1) {
      const row = this.#row(next);
      const time = this.#tape.timeOf(row);
      if (time < stretch.start || time >= stretch.end) break;
      const meter = this.#meterOfRow(row);
      if (meter >= 0)
        this.#sums[meter] = (this.#sums[meter] as number) + this.#keptCalls(row, meter, stretch.day, left);
    }
    if (!this.#settleSums(stretch)) this.#settleRows(stretch, at, next);
    else if (left !== undefined) this.#replaceWithout(left);
    return next;
  }

  #replaceWithout(left: ReadonlyMap<string, bigint>): void {
    this.#without.clear();
    for (const [key, calls] of left) this.#without.set(key, calls);
  }

  #meterOfRow(row: number): number {
    const meter = this.#meterOf[this.#tape.kindOf(row)] as number;
    if (meter < 0) return meter;
    const repeat = this.#tape.repeatOf(row);
    if (repeat === 'first') return meter;
    const { repeats } = this.#reading;
    return repeats === 'all' || (repeats === 'duplicates' && repeat === 'duplicate') ? meter : -1;
  }

  /** The calls of a row less those the reading leaves out on its day. */
  #keptCalls(row: number, meter: number, day: Day, without: Map<string, bigint> | undefined): number {
    const calls = this.#tape.callsOf(row);
    if (without === undefined || without.size === 0) return calls;
    const key = `${day}|${this.#meters[meter]}`;
    const skip = without.get(key);
    if (skip === undefined || skip === 0n) return calls;
    const skipped = skip < BigInt(calls) ? skip : BigInt(calls);
    without.set(key, skip - skipped);
    return calls - Number(skipped);
  }

  /** Settles each meter's calls of a stretch at once. False, and nothing changed, where their order would matter. */
  #settleSums({ day, start }: Stretch): boolean {
    const at = start as Instant;
    const used = this.#meters.filter((_, index) => this.#sums[index] !== 0);
    if (used.length === 0) return true;
    const before = this.#live.map((pack) => pack.remaining);
    const settlements = used.map((meter) => {
      const calls = this.#sums[this.#meters.indexOf(meter)] as number;
      if (!Number.isSafeInteger(calls)) throw new Error(`more than 2^53 calls of ${meter} on ${day}`);
      return [meter, this.#settle(meter, BigInt(calls), at)] as const;
    });
    if (used.length > 1 && this.#someSharedPackRanShort(used, before, at)) {
      this.#live.forEach((pack, index) => {
        pack.remaining = before[index] ?? noCalls;
      });
      return false;
    }
    for (const [meter, settlement] of settlements) this.#count(day, meter, settlement);
    return true;
  }

  #someSharedPackRanShort(used: readonly string[], before: readonly Calls[], at: Instant): boolean {
    const { packProducts } = this.#reading.book;
    return this.#live.some((pack, index) => {
      const covers = packProducts.get(pack.product)?.covers;
      if (covers === undefined || before[index] === noCalls || !isInsideLife(pack, at)) return false;
      const ratios = used.map((meter) => covers.get(meter)).filter((ratio) => ratio !== undefined);
      return ratios.length > 1 && ratios.some((ratio) => pack.remaining < ratio);
    });
  }

  #settleRows(stretch: Stretch, from: number, until: number): void {
    for (let at = from; at < until; at += 1) {
      const row = this.#row(at);
      const meter = this.#meterOfRow(row);
      if (meter < 0) continue;
      const calls = this.#keptCalls(row, meter, stretch.day, this.#without);
      const name = this.#meters[meter] as string;
      if (calls > 0) {
        this.#count(stretch.day, name, this.#settle(name, BigInt(calls), this.#tape.timeOf(row) as Instant));
      }
    }
  }

  #settleExtraBefore(time: number): void {
    const { extra, zone } = this.#reading;
    for (; this.#nextExtra < extra.length; this.#nextExtra += 1) {
      const use = extra[this.#nextExtra];
      if (use === undefined || use.at >= time) return;
      this.#count(dayOf(zone, use.at), use.meter, this.#settle(use.meter, use.calls, use.at));
    }
  }

  #settle(meter: string, calls: bigint, at: Instant): Settlement {
    const settlement = settle({ meter, calls: calls as Calls, at }, this.#live, this.#reading.book);
    for (const draw of settlement.draws) {
      const pack = this.#live.find((candidate) => candidate.no === draw.pack);
      if (pack === undefined) throw new Error(`a draw from pack ${draw.pack}, which is not live`);
      pack.remaining = subtractCalls(pack.remaining, draw.units);
    }
    return settlement;
  }

  #count(day: Day, meter: string, { draws, postpaid }: Settlement): void {
    if (!day.startsWith(this.#month)) return;
    for (const draw of draws) {
      const id = this.#live.find((pack) => pack.no === draw.pack)?.id ?? '';
      add(this.#draws, `${day}|${meter}|${id}`, draw.calls);
    }
    if (postpaid > noCalls) add(this.#postpaid, `${day}|${meter}`, postpaid);
  }
}

function add(sums: Map<string, bigint>, key: string, calls: bigint): void {
  sums.set(key, (sums.get(key) ?? 0n) + calls);
}
