// Opens the ledger's database without a server, for commands on the same machine; a running server's database is joined.

import { type Configuration, ConfigurationError, readConfiguration } from '../configuration.ts';
import type { Words } from '../core/price-book.ts';
import type { Suanpan } from '../operations/suanpan.ts';
import { openSuanpan } from '../operations/suanpan.ts';
import { type Database, openDatabase } from '../store/connection/connect.ts';
import { hasCluster } from '../store/connection/folders.ts';
import { DatabaseUnavailable } from '../store/connection/server-lock.ts';
import { cliOutputWords } from '../words/cli/output.ts';
import { exitCodes, type Output } from './output.ts';

/** The configuration, or undefined when it is wrong: then the command has been ended. */
export function configurationOf(output: Output): Configuration | undefined {
  try {
    return readConfiguration(process.env);
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    output.misused(linesOf(error));
    return undefined;
  }
}

/** Such errors say it in English on the first line and in Chinese on the next. */
function linesOf({ message }: ConfigurationError | DatabaseUnavailable): Words {
  const [en = message, zh = en] = message.split('\n');
  return { zh, en };
}

export const hasLedger = ({ databaseUrl, dataFolder }: Configuration): boolean =>
  databaseUrl !== undefined || hasCluster(dataFolder);

/** Runs `work` on the database; a folder that holds none is refused rather than filled. */
export async function withDatabase(
  configuration: Configuration,
  output: Output,
  work: (database: Database) => Promise<void>,
): Promise<void> {
  const { databaseUrl, dataFolder } = configuration;
  if (!hasLedger(configuration)) {
    output.fail(exitCodes.notFound, cliOutputWords.noLedgerIn(dataFolder));
    return;
  }
  try {
    const database = await openDatabase({ databaseUrl, dataFolder, joinRunning: true });
    try {
      await work(database);
    } finally {
      await database.close();
    }
  } catch (error) {
    if (error instanceof ConfigurationError) return output.misused(linesOf(error));
    if (!(error instanceof DatabaseUnavailable)) throw error;
    output.fail(exitCodes.failure, linesOf(error));
  }
}

/** The same with the ledger's parts, the schema brought up to date. */
export async function withLocalLedger(output: Output, work: (suanpan: Suanpan) => Promise<void>): Promise<void> {
  const configuration = configurationOf(output);
  if (configuration === undefined) return;
  await withDatabase(configuration, output, async (database) => {
    const suanpan = await openSuanpan(database);
    await work(suanpan);
    await suanpan.ledger.drain();
  });
}
