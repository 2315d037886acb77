// One import straight to the database, in a process of its own, as `suanpan usage import FILE` does it where no server runs.

import { DirectDestination } from '../../src/cli/import/direct.ts';
import { runImport } from '../../src/cli/import/import-run.ts';
import { openForImport } from '../../src/cli/import/open.ts';
import { Tally } from '../../src/cli/import/tally.ts';
import { openDatabase } from '../../src/store/connection/connect.ts';
import { answerQuestions } from '../child.ts';

export interface ImportOrder {
  readonly databaseUrl: string;
  readonly file: string;
  readonly rejects: string;
}

export interface ImportResult {
  readonly accepted: number;
  readonly duplicates: number;
  readonly seconds: number;
  readonly memoryMiB: number;
}

answerQuestions<ImportOrder>(async ({ databaseUrl, file, rejects }): Promise<ImportResult> => {
  const database = await openDatabase({ databaseUrl, dataFolder: '' });
  try {
    const suanpan = await openForImport(database);
    const tally = new Tally(rejects);
    const destination = new DirectDestination({ ledger: suanpan.ledger, tally });
    const stop = new AbortController().signal;
    const began = performance.now();
    const { report, trouble } = await runImport({
      path: file,
      reading: {},
      account: undefined,
      destination,
      tally,
      stop,
      say: ({ en }) => en,
    });
    const seconds = (performance.now() - began) / 1_000;
    if (trouble !== null) throw trouble;
    await suanpan.ledger.drain();
    return {
      accepted: report.accepted,
      duplicates: report.duplicate,
      seconds,
      memoryMiB: process.resourceUsage().maxRSS / 1_024,
    };
  } finally {
    await database.close();
  }
});
