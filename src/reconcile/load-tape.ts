// Event file → tape: meters named, results classified by the book of the call's day, repeated ids marked.

import { parseDay } from '../core/calendar.ts';
import { classify } from '../core/code-table.ts';
import type { PriceBook, Words } from '../core/price-book.ts';
import { isRefusal } from '../core/refusal.ts';
import type { Charge } from '../usage-files/faceid/charge.ts';
import { disagreement } from '../usage-files/faceid/records.ts';
import type { TokenStates } from '../usage-files/faceid/token.ts';
import { IdIndex } from '../usage-files/id-index.ts';
import type { UsageFile } from '../usage-files/read.ts';
import type { FileEvent, UsageRow } from '../usage-files/row.ts';
import { FileTrouble, type RowProblem } from '../usage-files/row-problem.ts';
import { reconcileWords } from '../words/reconcile.ts';
import { type Kind, kindIn, mostKinds, Tape } from './tape.ts';

/** A row that could not be used, and why; `code` is a row problem's or a refusal's. */
export interface UnusedRow {
  readonly line: number;
  readonly code: string;
  readonly pointer: string;
  readonly zh: string;
  readonly en: string;
}

export interface LoadedUsage {
  readonly tape: Tape;
  /** The account of the calls; undefined when the file names none. */
  readonly account: string | undefined;
  readonly rows: number;
  readonly duplicates: number;
  readonly conflicts: number;
  readonly notCharged: number;
  readonly held: number;
  readonly otherAccounts: number;
  /** The first few of the other accounts. */
  readonly accounts: readonly string[];
  readonly unusable: number;
  /** Attempts of which the provider and the code table say different things, and one of them; null: none. */
  readonly disagreements: { readonly count: number; readonly first: Words } | null;
  /** What became of FaceID's tokens, where the file has such. */
  readonly tokens: TokenStates | null;
  /** The first of the unusable rows. */
  readonly problems: readonly UnusedRow[];
}

const shownProblems = 20;
const shownAccounts = 5;

/** Reads the calls of one account. Without `account` the file must name one at most; a second one is a problem of its rows. */
export async function loadTape(
  file: UsageFile,
  book: PriceBook,
  account: string | undefined,
  progress: (rows: number) => void = () => {},
): Promise<LoadedUsage> {
  const loader = new Loader(book, account);
  for await (const rows of file) {
    for (const row of rows) {
      const { line, event, problem } = row;
      if (event !== undefined) loader.take(line, event, row);
      else if (problem !== undefined) loader.refuse(line, problem);
    }
    progress(loader.rows);
  }
  return { ...loader.finish(), tokens: file.notes.tokens ?? null };
}

/** Throws FileTrouble where no row is of the account that was asked for. */
export function checkAccount(path: string, { account, rows, otherAccounts, accounts }: LoadedUsage): void {
  if (otherAccounts === 0 || otherAccounts < rows) return;
  const found = accounts.join(', ');
  throw new FileTrouble('ACCOUNT_NOT_IN_FILE', reconcileWords.noCallIsOfTheAccount(path, account ?? '', found));
}

class Loader {
  rows = 0;
  readonly #book: PriceBook;
  readonly #wanted: string | undefined;
  readonly #tape = new Tape();
  readonly #ids = new IdIndex();
  readonly #problems: UnusedRow[] = [];
  readonly #kindNos = new Map<string, number>();
  /** 00:00 of the days on which the code table changes. */
  readonly #dates: readonly number[];
  #account: string | undefined;
  #unusable = 0;
  #otherAccounts = 0;
  readonly #accounts = new Set<string>();
  #duplicates = 0;
  #conflicts = 0;
  #notCharged = 0;
  #held = 0;
  #disagreements = 0;
  #firstDisagreement: Words | undefined;

  constructor(book: PriceBook, account: string | undefined) {
    this.#book = book;
    this.#wanted = account;
    const days = book.codeTable.flatMap(({ from, until }) => [from, until]);
    const dates = days.map((day) => (day === null ? undefined : parseDay(book.timeZone, day)));
    this.#dates = [...new Set(dates)].filter((date) => date !== undefined);
    this.#account = account;
  }

  refuse(line: number, problem: RowProblem): void {
    this.rows += 1;
    this.#blame({ line, ...problem });
  }

  take(line: number, event: FileEvent, row: UsageRow): void {
    this.rows += 1;
    if (event.account !== null && event.account !== this.#account) {
      if (this.#account === undefined) this.#account = event.account;
      else if (this.#wanted !== undefined) {
        this.#otherAccounts += 1;
        if (this.#accounts.size < shownAccounts) this.#accounts.add(event.account);
        return;
      } else {
        this.#blame({
          line,
          code: 'SECOND_ACCOUNT',
          pointer: '/account',
          ...reconcileWords.secondAccount(event.account),
        });
        return;
      }
    }
    const kind = this.#kindOf(line, event, row.charge);
    if (kind === undefined) return;
    if (this.#enter(event, kind)) this.#noteDisagreement(row);
  }

  #noteDisagreement(row: UsageRow): void {
    const found = disagreement(row);
    if (found === undefined) return;
    this.#disagreements += 1;
    this.#firstDisagreement ??= found;
  }

  /** Whether it is the first of its id. */
  #enter(event: FileEvent, kind: number): boolean {
    const calls = Number(event.calls);
    const first = this.#ids.enter(event.id);
    if (first < 0) {
      const { outcome } = this.#tape.kinds[kind] as Kind;
      if (outcome === 'not-charged') this.#notCharged += 1;
      else if (outcome === 'held') this.#held += 1;
      this.#tape.add(event.at, kind, calls, 'first');
      return true;
    }
    const tape = this.#tape;
    const same =
      tape.timeOf(first) === event.at && tape.callsOf(first) === calls && kindIn(tape.markOf(first)) === kind;
    if (same) this.#duplicates += 1;
    else this.#conflicts += 1;
    tape.add(event.at, kind, calls, same ? 'duplicate' : 'conflict');
    return false;
  }

  /** The number of the row's kind. The outcome of a result is that of the call's day, so the table's age is part of the key. */
  #kindOf(line: number, event: FileEvent, charge: Charge | undefined): number | undefined {
    const { meter, facts, at } = event;
    if (facts === null) {
      if (meter === null) throw new Error('an event without meter and facts');
      const known = this.#kindNos.get(meter);
      if (known !== undefined) return known;
      if (this.#book.meters.has(meter)) return this.#newKind(meter, { meter, outcome: 'charged', facts: null });
      const { zh, en } = reconcileWords.bookHasNoMeter(meter);
      this.#blame({ line, code: 'UNKNOWN_METER', pointer: '/meter', zh, en });
      return undefined;
    }
    const { channel, library, resultCode } = facts;
    const name = `${facts.action}\n${channel ?? ''}\n${library ?? ''}\n${resultCode ?? ''}\n${charge?.isNeeded ?? ''}\n`;
    const key = name + this.#ageOf(at);
    const known = this.#kindNos.get(key);
    if (known !== undefined) return known;
    const classified = classify(this.#book, facts, at);
    if (isRefusal(classified)) {
      this.#blame({
        line,
        code: classified.refused,
        pointer: classified.pointer ?? '/action',
        ...reconcileWords.bookKnowsNoAction(facts.action, channel, library),
      });
      return undefined;
    }
    const outcome = charge === undefined ? classified.outcome : charge.isNeeded ? 'charged' : 'not-charged';
    const whole = `${name}${outcome}`;
    const no = this.#kindNos.get(whole) ?? this.#newKind(whole, { meter: classified.meter, outcome, facts });
    this.#kindNos.set(key, no);
    return no;
  }

  /** How many dates of the code table have passed: between two of them the outcome of a result stays the same. */
  #ageOf(at: number): number {
    let age = 0;
    for (const date of this.#dates) if (date <= at) age += 1;
    return age;
  }

  #newKind(key: string, kind: Omit<Kind, 'no'>): number {
    const no = this.#tape.kinds.length;
    if (no >= mostKinds) throw new Error(`more than ${mostKinds} different results in one file`);
    this.#tape.kinds.push({ no, ...kind });
    this.#kindNos.set(key, no);
    return no;
  }

  #blame(row: UnusedRow): void {
    this.#unusable += 1;
    if (this.#problems.length < shownProblems) this.#problems.push(row);
  }

  finish(): Omit<LoadedUsage, 'tokens'> {
    return {
      tape: this.#tape,
      account: this.#account,
      rows: this.rows,
      duplicates: this.#duplicates,
      conflicts: this.#conflicts,
      notCharged: this.#notCharged,
      held: this.#held,
      otherAccounts: this.#otherAccounts,
      accounts: [...this.#accounts],
      unusable: this.#unusable,
      disagreements:
        this.#firstDisagreement === undefined ? null : { count: this.#disagreements, first: this.#firstDisagreement },
      problems: this.#problems,
    };
  }
}
