// Events of final months leave the database for compressed files, and come back. Nothing about bills, counters or heads changes.
// Only a month that no late event can reach any more is archived, so an archived event sent again is refused as too old.

import { open, rm, rmdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { ClientBase, Pool, PoolClient } from 'pg';
import { endOfPeriod, type Period, startOfPeriod } from '../core/calendar.ts';
import { eventWords } from '../core/event-name.ts';
import { isInOrder } from '../core/placed.ts';
import { isRefusal, type Refusal, refuse, refuseMissing } from '../core/refusal.ts';
import type { Instant } from '../core/units.ts';
import { bookOf } from '../ledger/books.ts';
import { makeFolders } from '../store/connection/folders.ts';
import { inTransaction } from '../store/connection/transaction.ts';
import { readHeads } from '../store/ledger/heads.ts';
import {
  type AccountMonth,
  type ArchiveRow,
  bringBack,
  copyOut,
  deleteArchived,
  forgetAttempt,
  hasArchivable,
  hashFile,
  insertArchive,
  listArchiveRows,
  listAttempts,
  listFinalAccounts,
  lockArchiveTable,
  markArchivable,
  markRestored,
  noteAttempt,
  type TakenId,
} from '../store/streams/archives.ts';
import { ordersWords } from '../words/orders.ts';
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
 * Archives a month's events of all accounts whose bill of it is final, but those whose book prices calls by their order. Refusals: PERIOD_OPEN while a late event could still
 * arrive, NOT_FOUND when there is nothing to archive. The files are on disk before the rows are deleted; the table alone says
 * which files are archives, and one that a killed process left is removed by the next archiving.
 */
export async function archiveMonth(
  suanpan: Suanpan,
  order: { readonly month: Period; readonly folder: string },
): Promise<NewArchive | Refusal> {
  const { month, folder } = order;
  const { pool } = suanpan;
  const now = suanpan.clock();
  let undo = async (): Promise<void> => {};
  const archive = async (tx: PoolClient): Promise<NewArchive | Refusal> => {
    await lockArchives(tx, pool);
    const archivable = await archivableMonths(suanpan, month, now);
    if (isRefusal(archivable)) return archivable;
    const { months, leftOut } = archivable;
    const marked = await markArchivable(tx, months);
    const before = await listArchiveRows(tx, month);
    if (!(await hasArchivable(tx, marked))) return refuse('NOT_FOUND', { id: month, ...nothingLeft(before) });
    const no = before.length + 1;
    // Nothing below may refuse.
    const named = (what: string) => join(folder, `${month}-${no}-${now}-${what}`);
    const files = { events: named('events.tsv.gz'), draws: named('draws.tsv.gz'), manifest: named('manifest.json') };
    undo = await beginFiles(pool, folder, Object.values(files), now);
    const row = await moveOut(tx, { month, no }, marked, files);
    await insertArchive(tx, row, now);
    await forgetAttempt(tx, Object.values(files));
    // From here on a failure may be that of a commit which was made all the same: the next archiving looks.
    undo = async () => {};
    return { ...row, leftOut };
  };
  try {
    return await inTransaction(pool, archive, noPause);
  } catch (error) {
    await undo();
    throw error;
  }
}

const noFinalBills = (month: Period) => ({
  hint: ordersWords.noAccountHasAFinalBill(month),
});

const nothingLeft = (archives: readonly ArchiveRow[]) =>
  archives.some(({ restoredMs }) => restoredMs === null)
    ? { hint: ordersWords.itIsArchivedAlready }
    : { hint: ordersWords.itsFinalBillsHaveNoEvents };

/** One archiving or restoring at a time; what killed ones left goes first. */
async function lockArchives(tx: PoolClient, pool: Pool): Promise<void> {
  await lockArchiveTable(tx);
  for (const files of await listAttempts(pool)) await removeAttempt(pool, files);
}

async function removeAttempt(pool: Pool, files: readonly string[]): Promise<void> {
  for (const file of files) await rm(file, { force: true });
  await forgetAttempt(pool, files);
}

/** Makes the folder and notes what will be written there. Gives the way to undo both, for a failure before the commit. */
async function beginFiles(pool: Pool, folder: string, files: readonly string[], now: Instant) {
  const made = makeFolders(folder, 0o700);
  await noteAttempt(pool, files, now);
  return async (): Promise<void> => {
    // The failure may be that of the database: then the note stays, and the next archiving finds nothing to remove.
    await removeAttempt(pool, files).catch(() => undefined);
    if (made !== undefined) await rmdir(folder).catch(() => undefined);
  };
}

/** Copies the marked rows to files that are on disk when this resolves, and deletes them. */
async function moveOut(
  tx: PoolClient,
  { month, no }: Pick<ArchiveRow, 'month' | 'no'>,
  marked: Awaited<ReturnType<typeof markArchivable>>,
  files: { readonly events: string; readonly draws: string; readonly manifest: string },
): Promise<ArchiveRow> {
  const { events, draws } = await copyOut(tx, marked, files);
  const manifest = `${JSON.stringify({ month, no, events, draws }, null, 2)}\n`;
  await writeFile(files.manifest, manifest, { flag: 'wx', mode: 0o600, flush: true });
  for (const folder of [dirname(files.manifest), dirname(dirname(files.manifest))]) await syncFolder(folder);
  const gone = await deleteArchived(tx, marked);
  if (gone.events !== events.rows || gone.draws !== draws.rows) {
    throw new Error(
      `archiving ${month}: ${events.rows} events and ${draws.rows} draws copied, ${gone.events} and ${gone.draws} deleted`,
    );
  }
  return { month, no, events, draws, ordered: true, restoredMs: null };
}

/** A file's name is on disk only when its folder is. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  await handle.sync().finally(() => handle.close());
}

const archived = { done: 'archived' };

async function archivableMonths(
  { pool, books }: Suanpan,
  month: Period,
  now: Instant,
): Promise<{ readonly months: AccountMonth[]; readonly leftOut: readonly Failure[] } | Refusal> {
  const accounts = await listFinalAccounts(pool, month);
  if (accounts.length === 0) return refuse('NOT_FOUND', { id: month, ...noFinalBills(month) });
  const { done, failures: leftOut } = await isolated(accounts, async (some) => {
    const heads = await readHeads(pool, some);
    return Promise.all(heads.map(async ({ head }) => ({ head, book: await bookOf(books, head.book) })));
  });
  const months: AccountMonth[] = [];
  for (const { head, book } of done) {
    const toMs = endOfPeriod(head.timeZone, month);
    const from = toMs + book.policies.lateWindowDays * dayLength;
    if (now < from) return refuse('PERIOD_OPEN', { month, from: new Date(from).toISOString(), ...archived });
    // A correction of such a month may still be billed, and is priced by the order of all its calls.
    if ([...book.tariffs.values()].some(isInOrder)) continue;
    months.push({ account: head.account, fromMs: startOfPeriod(head.timeZone, month), toMs });
  }
  return { months, leftOut };
}

/**
 * Brings a month's archived events back. Refusals: NOT_FOUND, INVALID_INPUT when a file is not what its hash says, or when ids of
 * its events have been used again.
 */
export async function restoreMonth(
  suanpan: Suanpan,
  order: { readonly month: Period },
): Promise<readonly ArchiveRow[] | Refusal> {
  return inTransaction(
    suanpan.pool,
    async (tx) => {
      await lockArchives(tx, suanpan.pool);
      const archives = (await listArchiveRows(tx, order.month)).filter(({ restoredMs }) => restoredMs === null);
      if (archives.length === 0) return refuse('NOT_FOUND', { id: order.month, ...notArchived });
      for (const archive of archives) {
        const damaged = await damagedFile(archive);
        if (damaged !== undefined) return damaged;
        const taken = await bringBack(tx, archive);
        if (taken.length > 0) return takenSince(archive, taken);
        await markRestored(tx, archive.month, archive.no, suanpan.clock());
      }
      return archives;
    },
    noPause,
  );
}

const notArchived = {
  hint: ordersWords.noArchiveOfItIsTo,
};

/** Ids that a refusal names; how many there are besides it says too. */
const mostNamed = 10;

/** Two events cannot stand under one id: the archived ones stay where they are, checked and billed as before. */
function takenSince({ month }: ArchiveRow, taken: readonly TakenId[]): Refusal {
  const more = taken.length > mostNamed ? `, … (${taken.length})` : '';
  const named = taken.slice(0, mostNamed).map(({ account, id }) => `${account} ${eventWords(id)}`);
  const ids = `${named.join(', ')}${more}`;
  return refuse('INVALID_INPUT', {
    problem: ordersWords.staysArchived(month, ids),
  });
}

/** Undefined when both files are there and are what the ledger's hashes say. */
export async function damagedFile(archive: ArchiveRow): Promise<Refusal | undefined> {
  for (const { file, sha256 } of [archive.events, archive.draws]) {
    const found = await hashFile(file).catch(() => 'missing');
    if (found !== sha256) return refuse('INVALID_INPUT', { problem: `${file}: sha256 ${found}, expected ${sha256}` });
  }
  return undefined;
}

/** There is no such event in the ledger's tables; where months lie in files it may be one of theirs. */
export async function missingEvent(client: ClientBase | Pool, id: string): Promise<Refusal> {
  const away = (await listArchiveRows(client, null)).filter(({ restoredMs }) => restoredMs === null);
  const months = [...new Set(away.map(({ month }) => month))].join(', ');
  const hints = {
    hint: ordersWords.eventsOfArchivedMonths(months),
  };
  return refuseMissing('event', eventWords(id), months === '' ? {} : hints);
}

/** ARCHIVED while events of a month lie in files: what needs them must be asked after `archive restore`. */
export async function refuseArchived(pool: Pool, month: Period): Promise<Refusal | undefined> {
  const archives = await listArchiveRows(pool, month);
  return archives.some(({ restoredMs }) => restoredMs === null) ? refuse('ARCHIVED', { month }) : undefined;
}

/** The same for events of some time of an account's calendar. */
export async function refuseArchivedBetween(
  client: ClientBase | Pool,
  timeZone: string,
  { from, to }: { readonly from: Instant; readonly to: Instant },
): Promise<Refusal | undefined> {
  const away = (await listArchiveRows(client, null)).filter(
    ({ month, restoredMs }) =>
      restoredMs === null &&
      startOfPeriod(timeZone, month as Period) < to &&
      endOfPeriod(timeZone, month as Period) > from,
  );
  return away[0] === undefined ? undefined : refuse('ARCHIVED', { month: away[0].month });
}
