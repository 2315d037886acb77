import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { startEmbedded } from '../../src/store/connection/embedded.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** The PostgreSQL that this test run started, as its superuser. */
    readonly postgres: { readonly administratorString: string };
  }
}

/** Starts one real PostgreSQL for the whole run, with its shipped settings, in a folder of its own. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = mkdtempSync(join(tmpdir(), 'suanpan-test-'));
  const embedded = await startEmbedded({ dataFolder: folder });
  project.provide('postgres', { administratorString: embedded.administratorString });
  return async () => {
    await embedded.stop();
    rmSync(folder, { recursive: true, force: true });
  };
}
