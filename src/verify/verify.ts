// The whole check: guards once, then the ledger in slices of accounts, each in one snapshot, so that it holds while a server runs.
// Archived months are laid over the tables of this one session, so that they are checked as if they were back.

import type { Pool, PoolClient } from 'pg';
import type { Head } from '../account/head.ts';
import type { PriceBook } from '../core/price-book.ts';
import { damagedFile } from '../operations/archive-events.ts';
import type { BookShelf } from '../operations/book-shelf.ts';
import { allowSilence } from '../store/connection/silence.ts';
import { longestWork, snapshotOn } from '../store/connection/transaction.ts';
import { decodeHead } from '../store/ledger/head-codec.ts';
import type { MeterNumbers } from '../store/ledger/meters.ts';
import { listArchiveRows, overlayArchives } from '../store/streams/archives.ts';
import { closeLines, ledgerSize } from '../store/streams/line-streams.ts';
import { type AccountRange, accountsOfRange, rangesOf } from '../store/streams/ranges.ts';
import { followAudit } from './audit.ts';
import { BillSumsChecker } from './bill-sums.ts';
import { BillsChecker } from './bills.ts';
import { checkCaps } from './caps.ts';
import type { Checker } from './checker.ts';
import { checkGuards, checkReferences, checkRepeated, IdentityChecker } from './guards.ts';
import { checkIndependently } from './independent.ts';
import { type Verdict, Verdicts, Witness } from './invariants.ts';
import { MoneyChecker } from './money.ts';
import { OrdersChecker } from './orders.ts';
import { PackBalanceChecker } from './pack-balance.ts';
import { ReplayChecker } from './replay-checker.ts';
import { SequenceChecker } from './sequence.ts';
import { SettledChecker } from './settled.ts';
import { type AccountStart, LedgerReader } from './ticks.ts';

export interface VerifyParts {
  readonly pool: Pool;
  readonly books: BookShelf;
  readonly meters: MeterNumbers;
}

export interface VerifyReport {
  readonly clean: boolean;
  readonly accounts: number;
  /** Ledger rows read. */
  readonly rows: number;
  readonly milliseconds: number;
  readonly verdicts: readonly Verdict[];
}

export interface VerifyOptions {
  /** Accounts read in one snapshot. */
  readonly sliceSize?: number;
  /** Told now and then how many of all ledger rows have been read. */
  readonly progress?: (rows: number, of: number) => void;
}

/** Checks every invariant over the whole ledger. Reads only; memory is bounded by a slice's batches and one account's counters. */
export async function verifyLedger(parts: VerifyParts, options: VerifyOptions = {}): Promise<VerifyReport> {
  const run = new Run(parts, options);
  return run.all();
}

class Run {
  readonly #parts: VerifyParts;
  readonly #options: VerifyOptions;
  readonly #verdicts = new Verdicts();
  readonly #checkers: readonly Checker[];
  readonly #started = performance.now();
  #accounts = 0;
  #rows = 0;
  #allRows = 0;
  #archived = false;

  constructor(parts: VerifyParts, options: VerifyOptions) {
    this.#parts = parts;
    this.#options = options;
    this.#checkers = [
      IdentityChecker,
      SequenceChecker,
      SettledChecker,
      PackBalanceChecker,
      ReplayChecker,
      BillSumsChecker,
      MoneyChecker,
      BillsChecker,
      OrdersChecker,
    ].map((Each) => new Each(this.#verdicts));
  }

  async all(): Promise<VerifyReport> {
    const client = await this.#parts.pool.connect();
    allowSilence(client, longestWork);
    try {
      this.#archived = await layArchivesOver(client, this.#verdicts);
      return await this.#check(client);
    } finally {
      // The session may hold views over archived months: it ends with the check.
      client.release(true);
    }
  }

  async #check(client: PoolClient): Promise<VerifyReport> {
    const guards = await snapshotOn(client, async () => {
      this.#allRows = (await ledgerSize(client)).rows;
      await checkAudit(client, this.#verdicts);
      return checkGuards(client, this.#verdicts);
    });
    const ranges = rangesOf(client, this.#options.sliceSize ?? accountsOfRange);
    for (let more = true; more; ) {
      more = await snapshotOn(client, async () => {
        const { value: range } = await ranges.next();
        if (range === undefined) return false;
        await this.#slice(client, range);
        // The key of the table sees no archived rows.
        if (!guards.eventsUnique || this.#archived) await checkRepeated(client, range, this.#verdicts);
        await checkReferences(client, range, this.#verdicts);
        await checkIndependently(client, range, this.#verdicts);
        await checkCaps(client, this.#parts, range, this.#verdicts);
        return true;
      });
    }
    const verdicts = this.#verdicts.all();
    return {
      clean: verdicts.every(({ broken }) => broken === 0),
      accounts: this.#accounts,
      rows: this.#rows,
      milliseconds: Math.round(performance.now() - this.#started),
      verdicts,
    };
  }

  async #slice(client: PoolClient, range: AccountRange): Promise<void> {
    const reader = await LedgerReader.open(client, range, await meterNames(client, this.#parts.meters));
    for (let start = await reader.nextAccount(); start !== undefined; start = await reader.nextAccount()) {
      await this.#account(reader, start);
    }
    await closeLines(client);
  }

  async #account(reader: LedgerReader, start: AccountStart): Promise<void> {
    const stored = decoded(start);
    const account = { ...start, stored, book: await bookOf(this.#parts, stored?.book ?? start.account?.book) };
    for (const checker of this.#checkers) checker.open(account);
    let more = true;
    while (more) {
      more = await reader.nextTicks((tick) => {
        this.#rows += 1;
        for (const checker of this.#checkers) checker.tick(tick);
      });
      this.#options.progress?.(this.#rows, this.#allRows);
    }
    const end = await reader.end();
    for (const checker of this.#checkers) checker.close(end);
    this.#accounts += 1;
  }
}

async function checkAudit(client: PoolClient, verdicts: Verdicts): Promise<void> {
  const witness = new Witness('I18', verdicts);
  const { acts, broken } = await followAudit(client);
  witness.count(acts);
  for (const { chain, no, expected, found } of broken) {
    witness.at(chain);
    witness.broken('audit', `no ${no}`, expected, found);
  }
}

/** Archived months are checked as if they were back; a file that is not what its hash says breaks I1. Says whether any was laid. */
export async function layArchivesOver(client: PoolClient, verdicts: Verdicts): Promise<boolean> {
  const archives = (await listArchiveRows(client, null)).filter(({ restoredMs }) => restoredMs === null);
  const whole: typeof archives = [];
  for (const archive of archives) {
    const damaged = await damagedFile(archive);
    if (damaged === undefined) whole.push(archive);
    else
      new Witness('I1', verdicts).broken(
        'archives',
        `month ${archive.month}`,
        'the archived file',
        String(damaged.facts.problem ?? ''),
      );
  }
  if (whole.length > 0) await overlayArchives(client, whole);
  return whole.length > 0;
}

/** Names of meters by number, those that nobody knows too. */
export async function meterNames(client: PoolClient, meters: MeterNumbers): Promise<(no: number) => string> {
  await meters.read(client);
  return (no) => {
    try {
      return meters.idOf(no);
    } catch {
      return `number ${no}`;
    }
  };
}

export async function bookOf({ books }: VerifyParts, id: string | undefined): Promise<PriceBook | undefined> {
  if (id === undefined) return undefined;
  const known = books.find(id);
  if (known !== undefined) return known;
  await books.refresh();
  return books.find(id);
}

export function decoded({ id, head }: AccountStart): Head | undefined {
  if (head === undefined) return undefined;
  try {
    return decodeHead(id, head.fixed, head.state);
  } catch {
    return undefined;
  }
}
