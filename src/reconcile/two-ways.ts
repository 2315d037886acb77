// FaceID's attempts by two ways: the answers one kept, and the provider's own list. Which attempts only one of them has, and of
// which they say different things. An attempt is compared where both could have it: in the month, in channels of the list.

import { type Day, dayOf, type Period, periodOfDay, startOfDayAfter } from '../core/calendar.ts';
import type { Instant } from '../core/units.ts';
import { IdIndex } from '../usage-files/id-index.ts';
import type { UsageFile } from '../usage-files/read.ts';
import type { UsageRow } from '../usage-files/row.ts';

/** Attempts by id: how many, and the first of them. */
export interface Named {
  readonly count: number;
  readonly ids: readonly string[];
}

export interface WaysCompared {
  readonly first: { readonly attempts: number; readonly charged: number };
  readonly second: { readonly attempts: number; readonly charged: number };
  readonly onlyFirst: Named;
  readonly onlySecond: Named;
  /** One way charges it, the other does not. */
  readonly chargeDiffers: Named;
  /** Another time, result or kind of flow. */
  readonly factsDiffer: Named;
  /** Days of which the other way has nothing at all: perhaps it was not fetched. */
  readonly daysOnlyFirst: readonly Day[];
  readonly daysOnlySecond: readonly Day[];
  /** Whether they say the same of all that both could have. */
  readonly isSame: boolean;
}

/** Of an attempt, in one number: which way has it, whether each charges it, and what kind of call it is by the way that came first. */
const [inFirst, inSecond, charges, step] = [1, 2, 4, 8];
const shownIds = 20;

class Found {
  count = 0;
  readonly ids: string[] = [];

  add(id: string): void {
    this.count += 1;
    if (this.ids.length < shownIds) this.ids.push(id);
  }
}

class Side {
  attempts = 0;
  charged = 0;
  readonly days = new Set<Day>();
}

/** Ids are kept as hashes, so the second file is read twice: before the first, and after it for the names of what only it has. */
export class TwoWays {
  readonly #zone: string;
  readonly #month: Period;
  readonly #channels = new Set<string>();
  readonly #ids = new IdIndex();
  /** By number of entry, where it is the first of its id. */
  readonly #marks: number[] = [];
  readonly #times: number[] = [];
  readonly #kinds = new Map<string, number>();
  readonly #sides = { first: new Side(), second: new Side() };
  readonly #found = { onlyFirst: new Found(), onlySecond: new Found(), charge: new Found(), facts: new Found() };
  #days: { readonly start: number; readonly end: number; readonly day: Day } | undefined;

  constructor(zone: string, month: Period) {
    this.#zone = zone;
    this.#month = month;
  }

  /** Reads the second way, which says what can be compared; before any row of the first. */
  async readSecond(file: UsageFile): Promise<void> {
    for await (const rows of file) {
      for (const row of rows) {
        this.#channels.add(channelOf(row));
        this.#take(row, inSecond);
      }
    }
  }

  /** The first way, looked at on its way to somebody else. */
  watch = (file: UsageFile): UsageFile => watched(file, (row) => this.isCompared(row) && this.#take(row, inFirst));

  /** The calls of the first file with those that can be compared taken from the second; after both have been read. */
  secondInstead(first: UsageFile, second: UsageFile): UsageFile {
    const isOther = (row: UsageRow) => !this.isCompared(row);
    const again = watched(second, (row) => this.#nameOfSecond(row));
    const rowsOf = async function* () {
      for await (const rows of first) yield rows.filter(isOther);
      yield* again;
    };
    return { ...first, [Symbol.asyncIterator]: rowsOf };
  }

  /** Whether the second way could have it. */
  isCompared(row: UsageRow): boolean {
    return row.charge !== undefined && this.#channels.has(channelOf(row));
  }

  #take(row: UsageRow, way: number): void {
    const { event, charge } = row;
    if (event === undefined || charge === undefined) return;
    const day = this.#dayOf(event.at);
    if (periodOfDay(day) !== this.#month) return;
    const entry = this.#marks.length;
    const known = this.#ids.enter(event.id);
    const kind = this.#kindOf(row);
    this.#marks.push(known < 0 ? way | (charge.isNeeded ? charges : 0) | (kind * step) : 0);
    this.#times.push(event.at);
    const first = known < 0 ? entry : known;
    const mark = this.#marks[first] as number;
    if (known >= 0 && (mark & way) !== 0) return;
    const side = way === inFirst ? this.#sides.first : this.#sides.second;
    side.attempts += 1;
    side.charged += Number(charge.isNeeded);
    side.days.add(day);
    if (known < 0) {
      if (way === inFirst) this.#found.onlyFirst.add(event.id);
      return;
    }
    this.#marks[first] = mark | way;
    if (((mark & charges) !== 0) !== charge.isNeeded) this.#found.charge.add(event.id);
    else if (Math.floor(mark / step) !== kind || this.#times[first] !== event.at) this.#found.facts.add(event.id);
  }

  #nameOfSecond({ event, charge }: UsageRow): void {
    if (event === undefined || charge === undefined) return;
    const known = this.#ids.enter(event.id);
    this.#marks.push(0);
    if (known < 0 || ((this.#marks[known] as number) & (inFirst | inSecond)) !== inSecond) return;
    this.#marks[known] = (this.#marks[known] as number) | inFirst;
    this.#found.onlySecond.add(event.id);
  }

  #kindOf({ event }: UsageRow): number {
    const { action, channel, library, resultCode } = event?.facts ?? {};
    const name = [action, channel, library, resultCode].join('\n');
    const known = this.#kinds.get(name) ?? this.#kinds.size;
    this.#kinds.set(name, known);
    return known;
  }

  /** Calls come in the order of their days, more or less. */
  #dayOf(at: Instant): Day {
    if (this.#days === undefined || at < this.#days.start || at >= this.#days.end) {
      const start = startOfDayAfter(this.#zone, at, 0);
      this.#days = { start, end: startOfDayAfter(this.#zone, at, 1), day: dayOf(this.#zone, at) };
    }
    return this.#days.day;
  }

  /** After `secondInstead` has been read to its end. */
  compared(): WaysCompared {
    const { first, second } = this.#sides;
    const { onlyFirst, onlySecond, charge, facts } = this.#found;
    return {
      first: { attempts: first.attempts, charged: first.charged },
      second: { attempts: second.attempts, charged: second.charged },
      onlyFirst: named(onlyFirst),
      onlySecond: named(onlySecond),
      chargeDiffers: named(charge),
      factsDiffer: named(facts),
      daysOnlyFirst: [...first.days].filter((day) => !second.days.has(day)).toSorted(),
      daysOnlySecond: [...second.days].filter((day) => !first.days.has(day)).toSorted(),
      isSame: onlyFirst.count + onlySecond.count + charge.count + facts.count === 0,
    };
  }
}

const named = ({ count, ids }: Found): Named => ({ count, ids });

const channelOf = ({ event }: UsageRow): string => `${event?.facts?.action ?? ''} ${event?.facts?.channel ?? ''}`;

/** The rows of a file, each shown to somebody on its way. */
function watched(file: UsageFile, look: (row: UsageRow) => unknown): UsageFile {
  const rowsOf = async function* () {
    for await (const rows of file) {
      for (const row of rows) look(row);
      yield rows;
    }
  };
  return { ...file, [Symbol.asyncIterator]: rowsOf };
}
