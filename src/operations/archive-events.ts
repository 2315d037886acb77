// Events of final months leave the database for compressed files, and come back. Nothing about bills, counters or heads changes.
// Only a month that no late event can reach any more is archived, so an archived event sent again is refused as too old.

import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Pool } from 'pg';
import { endOfPeriod, type Period, startOfPeriod } from '../core/calendar.ts';
import { isRefusal, type Refusal, refuse } from '../core/refusal.ts';
import type { Instant } from '../core/units.ts';
import { bookOf } from '../ledger/books.ts';
import {
  type AccountMonth,
  type ArchiveRow,
  copyIn,
  copyOut,
  deleteArchived,
  hashFile,
  insertArchive,
  listArchiveRows,
  listFinalAccounts,
  markArchivable,
  markRestored,
} from '../store/archives.ts';
import { readHeads } from '../store/heads.ts';
import { inTransaction } from '../store/transaction.ts';
import { type Failure, isolated } from './isolate.ts';
import type { Suanpan } from './suanpan.ts';

const dayLength = 86_400_000;

/** Hashing files takes as long as it takes; only the list of archives is locked meanwhile. */
const noPause = 0;

/** An archive just made, and accounts whose events stayed because their heads could not be read. */
export interface NewArchive extends ArchiveRow {
  readonly leftOut: readonly Failure[];
}

/**
 * Archives a month's events of all accounts whose bill of it is final. Refusals: PERIOD_OPEN while a late event could still
 * arrive, NOT_FOUND when there is nothing to archive.
 */
export async function archiveMonth(
  suanpan: Suanpan,
  order: { readonly month: Period; readonly folder: string },
): Promise<NewArchive | Refusal> {
  const { month, folder } = order;
  const now = suanpan.clock();
  await mkdir(folder, { recursive: true });
  return inTransaction(
    suanpan.pool,
    async (tx) => {
      await tx.query('lock table archives in exclusive mode');
      const archivable = await archivableMonths(suanpan, month, now);
      if (isRefusal(archivable)) return archivable;
      const { months, leftOut } = archivable;
      const no = (await listArchiveRows(tx, month)).length + 1;
      const name = (what: string) => join(folder, `${month}-${no}-${now}-${what}.tsv.gz`);
      await markArchivable(tx, months);
      const { events, draws } = await copyOut(tx, name('events'), name('draws'));
      if (events.rows === 0) return refuse('NOT_FOUND', { id: month });
      const gone = await deleteArchived(tx);
      if (gone.events !== events.rows || gone.draws !== draws.rows) {
        throw new Error(
          `archiving ${month}: ${events.rows} events and ${draws.rows} draws copied, ${gone.events} and ${gone.draws} deleted`,
        );
      }
      const archive: ArchiveRow = { month, no, events, draws, restoredMs: null };
      await insertArchive(tx, archive, now);
      await writeFile(
        join(folder, `${month}-${no}-manifest.json`),
        `${JSON.stringify({ month, no, events, draws }, null, 2)}\n`,
        { flush: true },
      );
      return { ...archive, leftOut };
    },
    noPause,
  );
}

async function archivableMonths(
  { pool, books }: Suanpan,
  month: Period,
  now: Instant,
): Promise<{ readonly months: AccountMonth[]; readonly leftOut: readonly Failure[] } | Refusal> {
  const accounts = await listFinalAccounts(pool, month);
  if (accounts.length === 0) return refuse('NOT_FOUND', { id: month });
  const { done, failures: leftOut } = await isolated(accounts, async (some) => {
    const heads = await readHeads(pool, some);
    return Promise.all(heads.map(async ({ head }) => ({ head, book: await bookOf(books, head.book) })));
  });
  const months: AccountMonth[] = [];
  for (const { head, book } of done) {
    const toMs = endOfPeriod(head.timeZone, month);
    const from = toMs + book.policies.lateWindowDays * dayLength;
    if (now < from) return refuse('PERIOD_OPEN', { month, from: new Date(from).toISOString() });
    months.push({ account: head.account, fromMs: startOfPeriod(head.timeZone, month), toMs });
  }
  return { months, leftOut };
}

/** Brings a month's archived events back. Refusals: NOT_FOUND, INVALID_INPUT when a file is not what its hash says. */
export async function restoreMonth(
  suanpan: Suanpan,
  order: { readonly month: Period },
): Promise<readonly ArchiveRow[] | Refusal> {
  return inTransaction(
    suanpan.pool,
    async (tx) => {
      await tx.query('lock table archives in exclusive mode');
      const archives = (await listArchiveRows(tx, order.month)).filter(({ restoredMs }) => restoredMs === null);
      if (archives.length === 0) return refuse('NOT_FOUND', { id: order.month });
      for (const archive of archives) {
        const damaged = await damagedFile(archive);
        if (damaged !== undefined) return damaged;
        await copyIn(tx, archive);
        await markRestored(tx, archive.month, archive.no, suanpan.clock());
      }
      return archives;
    },
    noPause,
  );
}

/** Undefined when both files are there and are what the ledger's hashes say. */
export async function damagedFile(archive: ArchiveRow): Promise<Refusal | undefined> {
  for (const { file, sha256 } of [archive.events, archive.draws]) {
    const found = await hashFile(file).catch(() => 'missing');
    if (found !== sha256) return refuse('INVALID_INPUT', { problem: `${file}: sha256 ${found}, expected ${sha256}` });
  }
  return undefined;
}

/** ARCHIVED while events of a month lie in files: what needs them must be asked after `archive restore`. */
export async function refuseArchived(pool: Pool, month: Period): Promise<Refusal | undefined> {
  const archives = await listArchiveRows(pool, month);
  return archives.some(({ restoredMs }) => restoredMs === null) ? refuse('ARCHIVED', { month }) : undefined;
}
