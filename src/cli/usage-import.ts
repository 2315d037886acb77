// suanpan usage import: a file of events, through the server or, when none runs, straight into the database.

import type { Command } from 'commander';
import { type Configuration, usualServer } from '../configuration.ts';
import type { UsageReading } from '../usage-files/read.ts';
import { cliUsageFilesWords } from '../words/cli/usage-files.ts';
import { type FaceidOptions, faceidOf, withFaceidOptions } from './faceid-reading.ts';
import type { Destination } from './import/destination.ts';
import type { ImportOutcome } from './import/import-run.ts';
import { exitCodes, type Output } from './output.ts';
import { cell, examplesOf } from './show.ts';
import { type ReadingOptions, readingOf, withReadingOptions } from './usage-reading.ts';

const examples = `suanpan usage import january.ndjson.gz
suanpan usage import calls.csv --account acme --rejects bad.ndjson
zcat calls-*.gz | suanpan usage import -
suanpan usage import january.csv --dry-run
`;

interface ImportOptions extends ReadingOptions, FaceidOptions {
  readonly account?: string;
  readonly rejects?: string;
  readonly direct?: true;
  readonly dryRun?: true;
}

export function registerImport(usage: Command, output: Output): void {
  const { say } = output;
  const command = usage
    .command('import')
    .description(say(cliUsageFilesWords.importAFileOfEvents))
    .argument('<FILE>', say(cliUsageFilesWords.file))
    .option('--account <ID>', say(cliUsageFilesWords.accountOfEventsThatNameNone))
    .option('--rejects <FILE>', say(cliUsageFilesWords.fileForRejectedRows))
    .option('--direct', say(cliUsageFilesWords.straightIntoTheDatabase))
    .option('--dry-run', say(cliUsageFilesWords.checkTheShapeOfTheFile))
    .addHelpText('before', examplesOf(output, examples))
    .action((file: string, options: ImportOptions) => importFile(file, options, output));
  withFaceidOptions(withReadingOptions(command, output), output);
}

async function importFile(file: string, options: ImportOptions, output: Output): Promise<void> {
  const found = await readingOf(options, output);
  if (found === undefined) return;
  const faceid = await faceidOf(options, output);
  if (faceid === undefined) return;
  const reading = faceid === 'none' ? found.reading : { ...found.reading, faceid };
  const order = { file, options, reading, output };
  if (options.dryRun === true) return carryOut(order, null);
  const { findServer } = await import('./client.ts');
  if (options.direct !== true && (await hasServer(output))) {
    const server = findServer(output);
    if (server === undefined) return;
    output.tell(output.say(cliUsageFilesWords.importingThrough(server.url)));
    const { ServerDestination } = await import('./import/through-server.ts');
    const { language } = output;
    await carryOut(order, (tally) => new ServerDestination({ server, tally, language }));
    return;
  }
  await importDirectly(order);
}

/** A server is named, or one answers at the usual address. */
async function hasServer(output: Output): Promise<boolean> {
  const { readProfile } = await import('./client.ts');
  const profile = readProfile(process.env);
  if ('zh' in profile || process.env.SUANPAN_URL || profile.url !== undefined) return true;
  const { configurationOf } = await import('./local-ledger.ts');
  const configuration = configurationOf(output);
  if (configuration === undefined) return false;
  const { readRun } = await import('../store/connection/server-lock.ts');
  const announced = readRun(configuration.dataFolder)?.http;
  if (announced !== undefined) process.env.SUANPAN_URL ||= announced;
  return announced !== undefined || (await isAlive(usualServer));
}

async function isAlive(url: string): Promise<boolean> {
  try {
    const response = await fetch(new URL('/livez', url), { signal: AbortSignal.timeout(1_000) });
    const answer = (await response.json()) as { status?: unknown };
    return response.ok && answer.status === 'ok';
  } catch {
    return false;
  }
}

interface Order {
  readonly file: string;
  readonly options: ImportOptions;
  readonly reading: UsageReading;
  readonly output: Output;
}

async function importDirectly(order: Order): Promise<void> {
  const { output } = order;
  const [{ configurationOf, withDatabase }, { openForImport }, { DirectDestination }] = await Promise.all([
    import('./local-ledger.ts'),
    import('./import/open.ts'),
    import('./import/direct.ts'),
  ]);
  const configuration = configurationOf(output);
  if (configuration === undefined) return;
  await withDatabase(configuration, output, async (database) => {
    output.tell(output.say(cliUsageFilesWords.importingStraightIntoTheDatabase(placeOf(configuration))));
    const { ledger } = await openForImport(database);
    await carryOut(order, (tally) => new DirectDestination({ ledger, tally }));
    await ledger.drain();
  });
}

const placeOf = ({ databaseUrl, dataFolder }: Configuration): string =>
  databaseUrl === undefined ? dataFolder : 'DATABASE_URL';

type Tally = import('./import/tally.ts').Tally;

async function carryOut(
  { file, options, reading, output }: Order,
  open: ((tally: Tally) => Destination) | null,
): Promise<void> {
  const [{ Tally }, { runImport }] = await Promise.all([import('./import/tally.ts'), import('./import/import-run.ts')]);
  const tally = new Tally(options.rejects ?? `${file === '-' ? 'stdin' : file}.rejected.ndjson`);
  const stopping = new AbortController();
  const onSignal = (): void => {
    // The second Ctrl-C does not wait. What was answered is in the ledger all the same.
    if (stopping.signal.aborted) process.exit(stopped);
    stopping.abort();
    output.tell(output.say(cliUsageFilesWords.stopping));
  };
  process.on('SIGINT', onSignal).on('SIGTERM', onSignal);
  try {
    const outcome = await runImport({
      path: file,
      reading,
      account: options.account,
      destination: open === null ? null : open(tally),
      tally,
      stop: stopping.signal,
      say: output.say,
    });
    await report(outcome, options.dryRun === true, output);
  } finally {
    process.off('SIGINT', onSignal).off('SIGTERM', onSignal);
  }
}

/** As shells have it for a program ended by SIGINT. */
const stopped = 130;

async function report(
  { report: counts, trouble, notes }: ImportOutcome,
  dryRun: boolean,
  output: Output,
): Promise<void> {
  for (const words of notes) output.tell(output.say(words));
  const { read, accepted, duplicate, conflict, rejected, held, seconds, rejects, complete } = counts;
  if (trouble !== null && read === 0) {
    output.fail(trouble.exitCode, trouble.words, trouble.code);
    return;
  }
  if (output.json) output.printJson({ ...counts, dryRun });
  else {
    const { say } = output;
    const rate = cell(Math.round(read / Math.max(seconds, 0.001)));
    await output.table(
      [
        say(cliUsageFilesWords.read),
        dryRun ? say(cliUsageFilesWords.good) : say(cliUsageFilesWords.accepted),
        say(cliUsageFilesWords.duplicate),
        say(cliUsageFilesWords.conflict),
        say(cliUsageFilesWords.rejected),
        say(cliUsageFilesWords.held),
        say(cliUsageFilesWords.seconds),
        say(cliUsageFilesWords.rowsS),
      ],
      [[...[read, accepted, duplicate, conflict, rejected, held].map(cell), String(seconds), rate]],
      [0, 1, 2, 3, 4, 5, 6, 7],
    );
  }
  if (rejects !== null) output.tell(output.say(cliUsageFilesWords.rejectedRowsAndWhy(rejects)));
  if (trouble !== null) output.fail(trouble.exitCode, trouble.words, trouble.code);
  else if (!complete) process.exitCode = stopped;
  else if (rejected + conflict > 0) process.exitCode = exitCodes.failure;
  if (complete || dryRun) return;
  output.tell(output.say(cliUsageFilesWords.importIsNotComplete));
}
