// The month's calls settled by the core, pack by pack, under one reading. The calls of a meter between two moments at which a
// pack begins or ends, and within a day, are settled as one use: exact by the core's law that settling in two steps is settling
// once, as long as no pack that several of the meters share runs short. Where one does, the quarter hours are settled one by
// one, and within the one in which it happens the calls. So a reading of a million rows takes a few milliseconds.

import { type Day, dayOf, endOfPeriod, startOfPeriod } from '../core/calendar.ts';
import { drawsByMeter, isInsideLife, type LivePack, sortedFor } from '../core/pack.ts';
import { type Settlement, settle } from '../core/settle.ts';
import { type Calls, type Instant, noCalls, subtractCalls } from '../core/units.ts';
import { type Bin, type Bins, binsOf, quarterHour } from './bins.ts';
import type { Reading, SettlingReading } from './reading.ts';
import { kindIn, repeatIn, type Tape } from './tape.ts';

/** Calls of the billed month. Keys: `day|meter|pack id` and `day|meter`. */
export interface Settled {
  readonly draws: ReadonlyMap<string, bigint>;
  readonly postpaid: ReadonlyMap<string, bigint>;
}

export function replay(tape: Tape, reading: Reading): Settled {
  return new Replay(tape, reading).run();
}

class Replay {
  readonly #tape: Tape;
  readonly #bins: Bins;
  readonly #reading: SettlingReading;
  readonly #month: string;
  readonly #live: LivePack[];
  readonly #liveByMeter = new Map<string, readonly LivePack[]>();
  readonly #cuts: readonly number[];
  readonly #from: number;
  readonly #until: number;
  readonly #meters: readonly string[];
  /** Index in `#meters` by mark; -1 where the mark does not count. */
  readonly #meterOf: Int16Array;
  /** Calls to leave out that have not been met yet. */
  #without: Map<string, bigint>;
  readonly #draws = new Map<string, bigint>();
  readonly #postpaid = new Map<string, bigint>();
  #nextExtra = 0;

  constructor(tape: Tape, { month, settling }: Reading) {
    const { packs, zone } = settling;
    this.#tape = tape;
    this.#bins = binsOf(tape);
    this.#reading = settling;
    this.#month = month;
    this.#until = endOfPeriod(zone, month);
    const openings = packs.some((pack) => pack.opening !== null);
    this.#from = openings ? startOfPeriod(zone, month) : Number.NEGATIVE_INFINITY;
    this.#live = packs
      .toSorted(settling.compare)
      .map((pack) => ({ ...pack, remaining: pack.opening ?? pack.calls, used: false }));
    this.#cuts = [...new Set(packs.flatMap((pack) => [pack.effectiveAt, pack.expiresAt]))].toSorted((a, b) => a - b);
    this.#meters = [...settling.book.meters.keys()];
    const { distinctMarks } = this.#bins;
    this.#meterOf = new Int16Array(1 + distinctMarks.reduce((most, mark) => Math.max(most, mark), 0)).fill(-1);
    for (const mark of distinctMarks) this.#meterOf[mark] = this.#meterIndex(mark);
    this.#without = new Map(settling.without);
  }

  #meterIndex(mark: number): number {
    const kind = this.#tape.kinds[kindIn(mark)];
    if (kind === undefined || kind.meter === null || !this.#reading.isCounted(kind)) return -1;
    const [repeat, { repeats }] = [repeatIn(mark), this.#reading];
    const counts = repeat === 'first' || repeats === 'all' || (repeats === 'duplicates' && repeat === 'duplicate');
    return counts ? this.#meters.indexOf(kind.meter) : -1;
  }

  run(): Settled {
    if (this.#reading.arrival === 'file') this.#settleInFileOrder();
    else this.#settleBins();
    this.#settleExtraBefore(Number.POSITIVE_INFINITY);
    return { draws: this.#draws, postpaid: this.#postpaid };
  }

  #settleInFileOrder(): void {
    for (let row = 0; row < this.#tape.length; row += 1) {
      const time = this.#tape.timeOf(row);
      if (time >= this.#from && time < this.#until) this.#settleRow(row);
    }
  }

  /** Bins that lie together in a day and between two cuts are settled together. */
  #settleBins(): void {
    let stretch: Bin[] = [];
    let day = '';
    let cut = 0;
    for (const bin of this.#bins.list) {
      if (bin.start < this.#from || bin.start >= this.#until) continue;
      const passed = cut;
      while ((this.#cuts[cut] ?? Number.POSITIVE_INFINITY) <= bin.start) cut += 1;
      const isCut = (this.#cuts[cut] ?? Number.POSITIVE_INFINITY) < bin.start + quarterHour;
      const today = dayOf(this.#reading.zone, bin.start as Instant);
      if (today !== day || cut !== passed || isCut) {
        this.#settleStretch(stretch);
        stretch = [];
        day = today;
      }
      if (isCut) {
        this.#settleExtraBefore(bin.start);
        this.#settleRows(bin);
      } else stretch.push(bin);
    }
    this.#settleStretch(stretch);
  }

  #settleStretch(bins: readonly Bin[]): void {
    const first = bins[0];
    if (first === undefined) return;
    this.#settleExtraBefore(first.start);
    if (this.#settleSums(bins)) return;
    for (const bin of bins) if (!this.#settleSums([bin])) this.#settleRows(bin);
  }

  #settleRows(bin: Bin): void {
    for (let position = bin.firstRow; position < bin.endRow; position += 1) this.#settleRow(this.#bins.rowAt(position));
  }

  #settleRow(row: number): void {
    const meter = this.#meters[this.#meterOf[this.#tape.markOf(row)] as number];
    if (meter === undefined) return;
    const at = this.#tape.timeOf(row) as Instant;
    const day = dayOf(this.#reading.zone, at);
    const calls = kept(this.#without, `${day}|${meter}`, BigInt(this.#tape.callsOf(row)));
    if (calls > 0n) this.#count(day, meter, this.#settle(meter, calls, at));
  }

  /** Settles each meter's calls of some bins at once. False, and nothing changed, where their order would matter. */
  #settleSums(bins: readonly Bin[]): boolean {
    const at = (bins[0]?.start ?? 0) as Instant;
    const day = dayOf(this.#reading.zone, at);
    const without = this.#without.size === 0 ? this.#without : new Map(this.#without);
    const uses = this.#sumsOf(bins).flatMap((sum, index) => {
      const meter = this.#meters[index] ?? '';
      if (!Number.isSafeInteger(sum)) throw new Error(`more than 2^53 calls of ${meter} on ${day}`);
      const calls = sum === 0 ? 0n : kept(without, `${day}|${meter}`, BigInt(sum));
      return calls === 0n ? [] : [{ meter, calls }];
    });
    const before = this.#live.map((pack) => pack.remaining);
    const settlements = uses.map(({ meter, calls }) => this.#settle(meter, calls, at));
    const used = uses.map(({ meter }) => meter);
    if (used.length > 1 && this.#someSharedPackRanShort(used, before, at)) {
      this.#live.forEach((pack, index) => {
        pack.remaining = before[index] ?? noCalls;
      });
      return false;
    }
    this.#without = without;
    settlements.forEach((settlement, index) => {
      this.#count(day, used[index] ?? '', settlement);
    });
    return true;
  }

  #sumsOf(bins: readonly Bin[]): number[] {
    const { marks, calls } = this.#bins;
    const sums = new Array<number>(this.#meters.length).fill(0);
    for (const { firstEntry, endEntry } of bins) {
      for (let entry = firstEntry; entry < endEntry; entry += 1) {
        const meter = this.#meterOf[marks[entry] as number] as number;
        if (meter >= 0) sums[meter] = (sums[meter] as number) + (calls[entry] as number);
      }
    }
    return sums;
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

  #settleExtraBefore(time: number): void {
    const { extra, zone } = this.#reading;
    for (; this.#nextExtra < extra.length; this.#nextExtra += 1) {
      const use = extra[this.#nextExtra];
      if (use === undefined || use.at >= time) return;
      this.#count(dayOf(zone, use.at), use.meter, this.#settle(use.meter, use.calls, use.at));
    }
  }

  #settle(meter: string, calls: bigint, at: Instant): Settlement {
    const settlement = settle({ meter, calls: calls as Calls, at }, this.#liveFor(meter), this.#reading.book);
    for (const draw of settlement.draws) {
      const pack = this.#packNumbered(draw.pack);
      pack.remaining = subtractCalls(pack.remaining, draw.units);
    }
    return settlement;
  }

  /** In the order of the meter, under the reading; the packs are the same ones. */
  #liveFor(meter: string): readonly LivePack[] {
    if (!drawsByMeter(this.#reading.book)) return this.#live;
    const known = this.#liveByMeter.get(meter) ?? sortedFor(meter, this.#live, this.#reading.compare);
    this.#liveByMeter.set(meter, known);
    return known;
  }

  #packNumbered(no: number): LivePack {
    const pack = this.#live.find((candidate) => candidate.no === no);
    if (pack === undefined) throw new Error(`a draw from pack ${no}, which is not live`);
    return pack;
  }

  #count(day: Day, meter: string, { draws, postpaid }: Settlement): void {
    if (!day.startsWith(this.#month)) return;
    for (const draw of draws) add(this.#draws, `${day}|${meter}|${this.#packNumbered(draw.pack).id}`, draw.calls);
    if (postpaid > noCalls) add(this.#postpaid, `${day}|${meter}`, postpaid);
  }
}

function add(sums: Map<string, bigint>, key: string, calls: bigint): void {
  sums.set(key, (sums.get(key) ?? 0n) + calls);
}

/** What is left of some calls when those to leave out are taken off, and these off `without`. */
function kept(without: Map<string, bigint>, key: string, calls: bigint): bigint {
  const out = without.get(key);
  if (out === undefined || out === 0n) return calls;
  const taken = out < calls ? out : calls;
  without.set(key, out - taken);
  return calls - taken;
}
