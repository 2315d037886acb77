// suanpan archive: events of final months to compressed files and back. Works on the database of this machine.

import type { Command } from 'commander';
import type { Configuration } from '../configuration.ts';
import { parsePeriod } from '../core/calendar.ts';
import { parseInstant } from '../core/instant.ts';
import { isRefusal } from '../core/refusal.ts';
import type { Instant } from '../core/units.ts';
import { cliArchiveWords } from '../words/cli/archive.ts';
import { exitCodes, type Output } from './output.ts';

export function registerArchive(program: Command, output: Output): void {
  const archive = program.command('archive').description(output.say(cliArchiveWords.moveEventsOfFinalMonthsTo));
  archive
    .command('create')
    .description(output.say(cliArchiveWords.archiveAMonth))
    .requiredOption('--month <YYYY-MM>', output.say(cliArchiveWords.month))
    .option('--folder <path>', output.say(cliArchiveWords.whereTheFilesGo))
    .action(({ month, folder }: { readonly month: string; readonly folder?: string }) => create(output, month, folder));
  archive
    .command('restore')
    .description(output.say(cliArchiveWords.bringAMonthBack))
    .requiredOption('--month <YYYY-MM>', output.say(cliArchiveWords.month))
    .action(({ month }: { readonly month: string }) => restore(output, month));
  archive
    .command('list')
    .description(output.say(cliArchiveWords.listTheArchives))
    .action(() => list(output));
}

async function parts() {
  const [{ withLocalLedger, configurationOf }, operations, { listArchiveRows }, { keepLocalAct }] = await Promise.all([
    import('./local-ledger.ts'),
    import('../operations/archive-events.ts'),
    import('../store/streams/archives.ts'),
    import('../operations/local-acts.ts'),
  ]);
  return { withLocalLedger, configurationOf, listArchiveRows, keepLocalAct, ...operations };
}

async function create(output: Output, text: string, named: string | undefined): Promise<void> {
  const month = parsePeriod(text);
  if (month === undefined) return output.misused(cliArchiveWords.monthIsWritten202601);
  const { join, resolve } = await import('node:path');
  const { withLocalLedger, configurationOf, archiveMonth, keepLocalAct } = await parts();
  const configuration = configurationOf(output);
  if (configuration === undefined) return;
  const folder = named === undefined ? join(configuration.dataFolder, 'archive') : resolve(named);
  const sandbox = await sandboxTime(configuration, output);
  if (sandbox === 'not known') return;
  await withLocalLedger(output, async (suanpan) => {
    const clock = sandbox === undefined ? suanpan.clock : () => sandbox;
    await keepLocalAct(suanpan, 'archive create', { month });
    const archived = await archiveMonth({ ...suanpan, clock }, { month, folder });
    if (isRefusal(archived)) return output.refused(archived);
    const { leftOut, ...archive } = archived;
    for (const { account, error } of leftOut) {
      const why = error instanceof Error ? error.message : String(error);
      output.tell(output.say(cliArchiveWords.accountWasLeftOut(account, why)));
    }
    if (output.json) return output.printJson({ ...archive, leftOut: leftOut.map(({ account }) => account) });
    const { rows, file } = archive.events;
    output.print(output.say(cliArchiveWords.archivedEvents(rows, file)));
  });
}

/**
 * The time of a sandbox that runs on this ledger: its clock, not this machine's, says which late events it still takes. Undefined:
 * there is no sandbox. Not known, when the server does not say: then the command has been ended.
 */
async function sandboxTime(
  { databaseUrl, dataFolder }: Configuration,
  output: Output,
): Promise<Instant | 'not known' | undefined> {
  const { readRun } = await import('../store/connection/server-lock.ts');
  const server = databaseUrl === undefined ? readRun(dataFolder)?.http : process.env.SUANPAN_URL || undefined;
  if (server === undefined) return undefined;
  try {
    const response = await fetch(new URL('/v1/clock', server), { signal: AbortSignal.timeout(10_000) });
    if (response.status === 404) return undefined;
    const { now } = (await response.json()) as { readonly now?: unknown };
    const time = typeof now === 'string' ? parseInstant(now) : undefined;
    if (time !== undefined) return time;
  } catch {
    // Said below.
  }
  output.fail(exitCodes.network, cliArchiveWords.doesNotTellItsClock(server));
  return 'not known';
}

async function restore(output: Output, text: string): Promise<void> {
  const month = parsePeriod(text);
  if (month === undefined) return output.misused(cliArchiveWords.monthIsWritten202601);
  const { withLocalLedger, restoreMonth, keepLocalAct } = await parts();
  await withLocalLedger(output, async (suanpan) => {
    await keepLocalAct(suanpan, 'archive restore', { month });
    const restored = await restoreMonth(suanpan, { month });
    if (isRefusal(restored)) return output.refused(restored);
    if (output.json) return output.printJson(restored);
    const rows = restored.reduce((sum, { events }) => sum + events.rows, 0);
    output.print(output.say(cliArchiveWords.restoredEvents(rows)));
  });
}

async function list(output: Output): Promise<void> {
  const { withLocalLedger, listArchiveRows } = await parts();
  await withLocalLedger(output, async (suanpan) => {
    const archives = await listArchiveRows(suanpan.pool, null);
    if (output.json) return output.printJson(archives);
    for (const { month, no, events, restoredMs } of archives) {
      const state = restoredMs === null ? '' : output.say(cliArchiveWords.restored);
      output.print(`${month} ${no} ${events.rows} ${events.file}${state}`);
    }
  });
}
