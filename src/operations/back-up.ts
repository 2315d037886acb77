// Backups: the whole ledger, the secret of its keys and its archives, in a folder that says what it holds. Source: docs/decisions/0030.

import { copyFile, mkdir, open, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Pool } from 'pg';
import { type Refusal, refuse } from '../core/refusal.ts';
import { migrate, newestMigration } from '../store/connection/migrate.ts';
import { allowSilence } from '../store/connection/silence.ts';
import { inTransaction, longestWork, snapshotOn } from '../store/connection/transaction.ts';
import { hashFile, listArchiveRows, moveArchives } from '../store/streams/archives.ts';
import {
  type BackedUpTable,
  copyTable,
  fillTable,
  isUnused,
  listTables,
  readMoment,
  setSequences,
} from '../store/streams/backups.ts';
import { version } from '../version.ts';
import { backupWords } from '../words/backup.ts';

/** A file beside the tables: the secret of the keys, or one of an archive. */
interface BackedUpFile {
  readonly name: string;
  readonly sha256: string;
}

/** What a backup holds. It is written last: a folder without one was cut off. */
export interface BackupManifest {
  readonly format: 1;
  readonly suanpan: string;
  readonly schema: number;
  readonly at: string;
  readonly tables: readonly BackedUpTable[];
  readonly archives: readonly BackedUpFile[];
  readonly pepper: BackedUpFile | null;
}

const manifestName = 'manifest.json';
const pepperName = 'pepper';
const tableFile = (folder: string, table: string): string => join(folder, `${table}.copy.gz`);

/**
 * Writes a backup into a folder that is new or empty, while calls are taken: all tables of one moment. `pepper` null: it lies elsewhere.
 * Refusal: BACKUP_REFUSED, where the folder holds something.
 */
export async function createBackup(
  pool: Pool,
  folder: string,
  pepper: string | null,
  progress: (table: string) => void = () => {},
): Promise<BackupManifest | Refusal> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  if ((await readdir(folder)).length > 0) return refuse('BACKUP_REFUSED', { folder, problem: backupWords.notEmpty });
  const client = await pool.connect();
  allowSilence(client, longestWork);
  try {
    const copied = await snapshotOn(client, async () => {
      const moment = await readMoment(client);
      const tables: BackedUpTable[] = [];
      for (const table of await listTables(client)) {
        progress(table.table);
        tables.push(await copyTable(client, table, tableFile(folder, table.table)));
      }
      const archived = (await listArchiveRows(client, null)).filter(({ restoredMs }) => restoredMs === null);
      return { moment, tables, archived };
    });
    const archives: BackedUpFile[] = [];
    for (const { events, draws } of copied.archived) {
      for (const { file, sha256 } of [events, draws]) {
        const name = basename(file);
        await copyFile(file, join(folder, name));
        archives.push({ name, sha256 });
      }
    }
    if (pepper !== null) await writeFile(join(folder, pepperName), pepper, { mode: 0o600, flush: true });
    const manifest: BackupManifest = {
      ...{ format: 1, suanpan: version, schema: copied.moment.schema, at: copied.moment.at.toISOString() },
      ...{ tables: copied.tables, archives },
      pepper: pepper === null ? null : { name: pepperName, sha256: await hashFile(join(folder, pepperName)) },
    };
    await writeManifest(folder, manifest);
    return manifest;
  } finally {
    client.release(true);
  }
}

/** In its place only when it is whole and on disk. */
async function writeManifest(folder: string, manifest: BackupManifest): Promise<void> {
  const draft = join(folder, `${manifestName}.part`);
  await writeFile(draft, `${JSON.stringify(manifest, null, 2)}\n`, { mode: 0o600, flush: true });
  await rename(draft, join(folder, manifestName));
  const directory = await open(folder);
  await directory.sync();
  await directory.close();
}

/** What a backup holds, if every file of it is as it was written. Refusal: BACKUP_REFUSED, with the file that is not. */
export async function readBackup(folder: string): Promise<BackupManifest | Refusal> {
  const text = await readFile(join(folder, manifestName), 'utf8').catch(() => undefined);
  if (text === undefined) return refuse('BACKUP_REFUSED', { folder, problem: backupWords.cutOff });
  const manifest = parsed(text);
  if (manifest === undefined) return refuse('BACKUP_REFUSED', { folder, problem: backupWords.noManifest });
  const files = [
    ...manifest.tables.map(({ table, sha256 }) => ({ name: basename(tableFile(folder, table)), sha256 })),
    ...manifest.archives,
    ...(manifest.pepper === null ? [] : [manifest.pepper]),
  ];
  for (const { name, sha256 } of files) {
    const found = await hashFile(join(folder, basename(name))).catch(() => 'missing');
    if (found !== sha256) return refuse('BACKUP_REFUSED', { folder, problem: backupWords.damaged(name) });
  }
  if (manifest.schema > (await newestMigration()))
    return refuse('BACKUP_REFUSED', { folder, problem: backupWords.newer(manifest.schema) });
  return manifest;
}

function parsed(text: string): BackupManifest | undefined {
  try {
    const manifest = JSON.parse(text) as BackupManifest;
    return manifest.format === 1 && Array.isArray(manifest.tables) ? manifest : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Fills a database that nobody has used with a backup that `readBackup` found whole, brings it up to this program's schema, and puts
 * archives into a folder. All or nothing: a restore that is cut off leaves a database that is still unused. Refusal: BACKUP_REFUSED.
 */
export async function restoreBackup(
  pool: Pool,
  folder: string,
  manifest: BackupManifest,
  archiveFolder: string,
): Promise<undefined | Refusal> {
  if (!(await isUnused(pool))) return refuse('BACKUP_REFUSED', { folder, problem: backupWords.used });
  await migrate(pool, undefined, manifest.schema);
  if (manifest.archives.length > 0) await mkdir(archiveFolder, { recursive: true, mode: 0o700 });
  for (const { name } of manifest.archives) await copyFile(join(folder, name), join(archiveFolder, name));
  const filled = await inTransaction(
    pool,
    async (tx) => {
      for (const table of manifest.tables) await fillTable(tx, table, tableFile(folder, table.table));
      await setSequences(tx);
      await moveArchives(tx, archiveFolder);
      return true;
    },
    0,
  );
  if (filled !== true) throw new Error('a restore is not refused');
  await migrate(pool);
  await pool.query('analyze');
  return undefined;
}
