// Opens the ledger's database without a server, for commands on the same machine; a running server's database is joined.

import { existsSync } from 'node:fs';
import { type Configuration, ConfigurationError, readConfiguration } from '../configuration.ts';
import { openSuanpan } from '../operations/open-suanpan.ts';
import type { Suanpan } from '../operations/suanpan.ts';
import { type Database, openDatabase } from '../store/connect.ts';
import { DatabaseUnavailable } from '../store/server-lock.ts';
import { exitCodes, type Output } from './output.ts';

/** The configuration, or undefined when it is wrong: then the command has been ended. */
export function configurationOf(output: Output): Configuration | undefined {
  try {
    return readConfiguration(process.env);
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    output.misused({ zh: `配置有误：${error.message}`, en: error.message });
    return undefined;
  }
}

export const hasLedger = ({ databaseUrl, dataFolder }: Configuration): boolean =>
  databaseUrl !== undefined || existsSync(dataFolder);

/** Runs `work` on the database; a folder that holds none is refused rather than filled. */
export async function withDatabase(
  configuration: Configuration,
  output: Output,
  work: (database: Database) => Promise<void>,
): Promise<void> {
  const { databaseUrl, dataFolder } = configuration;
  if (!hasLedger(configuration)) {
    output.fail(exitCodes.notFound, {
      zh: `没有账本：${dataFolder} 不存在。用 SUANPAN_DATA 或 DATABASE_URL 指定`,
      en: `no ledger: ${dataFolder} does not exist. Name one with SUANPAN_DATA or DATABASE_URL`,
    });
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
    if (!(error instanceof DatabaseUnavailable)) throw error;
    const [en = error.message, zh = en] = error.message.split('\n');
    output.fail(exitCodes.failure, { zh, en });
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
