// What an event file holds, before anything is done with it: rows, accounts, meters, the time they span, ids that stand twice.

import type { Instant } from '../core/units.ts';
import { disagreement } from './faceid/records.ts';
import { IdIndex } from './id-index.ts';
import type { UsageFile } from './read.ts';
import type { FileEvent } from './row.ts';
import type { RowProblem } from './row-problem.ts';

/** Rows and calls of one account, or of one meter or action. */
export interface Share {
  readonly name: string;
  rows: number;
  calls: bigint;
}

export interface Survey {
  readonly rows: number;
  readonly unread: number;
  /** The first of the rows that cannot be read. */
  readonly problems: readonly (RowProblem & { readonly line: number })[];
  readonly calls: bigint;
  readonly first: Instant | null;
  readonly last: Instant | null;
  /** Ids that stand again with the same content, and with other content. */
  readonly duplicates: number;
  readonly conflicts: number;
  /** The largest first; an empty name stands for rows that name none. */
  readonly accounts: readonly Share[];
  readonly meters: readonly Share[];
}

const shownProblems = 20;
const shownShares = 50;
/** Of what is counted by name: a column in the wrong place would have a name a row. */
const mostShares = 100_000;

/** `refuse` is what the destination would say of an event that can be read. */
export async function surveyFile(
  file: UsageFile,
  refuse: (event: FileEvent) => RowProblem | undefined,
  progress: (rows: number) => void = () => {},
): Promise<Survey> {
  const counting = new Counting();
  for await (const rows of file) {
    for (const row of rows) {
      const { line, event, problem } = row;
      const wrong = problem ?? (event === undefined ? undefined : (disagreement(row) ?? refuse(event)));
      if (wrong !== undefined) counting.refuse(line, wrong);
      else if (event !== undefined) counting.take(event);
    }
    progress(counting.rows);
  }
  return counting.survey();
}

class Counting {
  rows = 0;
  readonly #ids = new IdIndex();
  /** A number made of the content of each row that has entered the index. */
  readonly #contents: number[] = [];
  readonly #problems: (RowProblem & { line: number })[] = [];
  readonly #accounts = new Map<string, Share>();
  readonly #meters = new Map<string, Share>();
  #unread = 0;
  #calls = 0n;
  #first: Instant | null = null;
  #last: Instant | null = null;
  #duplicates = 0;
  #conflicts = 0;

  refuse(line: number, problem: RowProblem): void {
    this.rows += 1;
    this.#unread += 1;
    if (this.#problems.length < shownProblems) this.#problems.push({ line, ...problem });
  }

  take(event: FileEvent): void {
    this.rows += 1;
    const content = contentOf(event);
    const first = this.#ids.enter(`${event.account ?? ''}\n${event.id}`);
    this.#contents.push(content);
    if (first >= 0) {
      if (this.#contents[first] === content) this.#duplicates += 1;
      else this.#conflicts += 1;
      return;
    }
    this.#calls += event.calls;
    if (this.#first === null || event.at < this.#first) this.#first = event.at;
    if (this.#last === null || event.at > this.#last) this.#last = event.at;
    count(this.#accounts, event.account ?? '', event.calls);
    count(this.#meters, event.meter ?? event.facts?.action ?? '', event.calls);
  }

  survey(): Survey {
    return {
      rows: this.rows,
      unread: this.#unread,
      problems: this.#problems,
      calls: this.#calls,
      first: this.#first,
      last: this.#last,
      duplicates: this.#duplicates,
      conflicts: this.#conflicts,
      accounts: largest(this.#accounts),
      meters: largest(this.#meters),
    };
  }
}

function count(shares: Map<string, Share>, name: string, calls: bigint): void {
  const known = shares.get(name);
  if (known !== undefined) {
    known.rows += 1;
    known.calls += calls;
  } else if (shares.size < mostShares) shares.set(name, { name, rows: 1, calls });
}

const largest = (shares: ReadonlyMap<string, Share>): Share[] =>
  [...shares.values()].toSorted((a, b) => b.rows - a.rows || (a.name < b.name ? -1 : 1)).slice(0, shownShares);

/** FNV-1a over what makes two events of one id the same. */
function contentOf({ at, calls, meter, facts, department }: FileEvent): number {
  const { action, channel, library, resultCode } = facts ?? {};
  const text = [at, calls, meter, action, channel, library, resultCode, department].join('\n');
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  return hash;
}
