// PostgreSQL for the benchmark: the embedded one with its shipped, durable settings, in a temporary folder. One database a key.

import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Pool } from 'pg';
import { application } from '../src/store/connection/cluster.ts';
import { startEmbedded } from '../src/store/connection/embedded.ts';
import type { Endings } from './endings.ts';

export interface Cluster {
  readonly folder: string;
  readonly version: string;
  url(database: string): string;
  /** A copy of a template needs no full pages in the log when it is first written to: it is as in the middle between checkpoints. */
  create(database: string, template?: string): Promise<void>;
  drop(database: string): Promise<void>;
  /** Writes dirty pages out, so that no side of a round pays for another's. */
  checkpoint(): Promise<void>;
}

/** A folder that goes with the run. */
export function temporaryFolder(endings: Endings, parent = tmpdir()): string {
  const folder = mkdtempSync(join(parent, 'suanpan-bench-'));
  // PostgreSQL does not run as root; its user has to pass through here.
  chmodSync(folder, 0o755);
  endings.add(() => rmSync(folder, { recursive: true, force: true, maxRetries: 3 }));
  return folder;
}

export async function startCluster(endings: Endings, folder: string): Promise<Cluster> {
  const embedded = await startEmbedded({ dataFolder: join(folder, 'data') });
  endings.add(() => embedded.stop());
  const url = (database: string) => embedded.connectionString.replace(/\/[^/?]*\?/, `/${database}?`);
  const pool = new Pool({ connectionString: embedded.administratorString, max: 1 });
  pool.on('error', () => undefined);
  endings.add(() => pool.end());
  // A round begins behind a checkpoint, also where the server's own role makes it.
  await pool.query(`grant pg_checkpoint to ${application}`);
  const { rows } = await pool.query<{ version: string }>(`select current_setting('server_version') as version`);
  return {
    folder,
    version: rows[0]?.version ?? 'unknown',
    url,
    async create(database, template) {
      await pool.query(
        template === undefined
          ? `create database ${database} owner ${application}`
          : `create database ${database} owner ${application} template ${template} strategy wal_log`,
      );
    },
    async drop(database) {
      await pool.query(`drop database if exists ${database} with (force)`);
    },
    async checkpoint() {
      await pool.query('checkpoint');
    },
  };
}
