// suanpan usage inspect: what a file of events holds and how it would be read. Nothing is written, no server is asked.

import type { Command } from 'commander';
import type { FileNotes } from '../usage-files/notes.ts';
import type { UsageReading } from '../usage-files/read.ts';
import type { Survey } from '../usage-files/survey.ts';
import { cliColumnsWords } from '../words/cli/columns.ts';
import { headingWords } from '../words/cli/headings.ts';
import { cliUsageFilesWords } from '../words/cli/usage-files.ts';
import { type FaceidOptions, faceidOf, withFaceidOptions } from './faceid-reading.ts';
import { exitCodes, type Output } from './output.ts';
import { examplesOf, printFacts, printTable } from './show.ts';
import { type ReadingOptions, readingOf, withReadingOptions } from './usage-reading.ts';

const examples = `suanpan usage inspect calls.csv
suanpan usage inspect january.xlsx --time-zone Asia/Shanghai
zcat calls-*.gz | suanpan usage inspect - --json
`;

export function registerInspect(usage: Command, output: Output): void {
  const { say } = output;
  const command = usage
    .command('inspect')
    .description(say(cliUsageFilesWords.whatAFileOfEventsHolds))
    .argument('<FILE>', say(cliUsageFilesWords.file))
    .addHelpText('before', examplesOf(output, examples))
    .action((file: string, options: ReadingOptions & FaceidOptions) => runInspect(file, options, output));
  withFaceidOptions(withReadingOptions(command, output), output);
}

/** Exit code 0: every row can be read; 2: some cannot, or the file cannot; 3: it is not there. */
async function runInspect(path: string, options: ReadingOptions & FaceidOptions, output: Output): Promise<void> {
  const found = await readingOf(options, output);
  if (found === undefined) return;
  const faceid = await faceidOf(options, output);
  if (faceid === undefined) return;
  const reading = faceid === 'none' ? found.reading : { ...found.reading, faceid };
  const [{ FileTrouble }, { noteWords }] = await Promise.all([
    import('../usage-files/row-problem.ts'),
    import('../usage-files/notes.ts'),
  ]);
  let trouble: unknown;
  const asItIs = await inspected(path, reading, output).catch((error: unknown) => {
    trouble = error;
    return undefined;
  });
  if (trouble !== undefined) {
    if (!(trouble instanceof FileTrouble)) throw trouble;
    output.fail(trouble.code === 'NOT_FOUND' ? exitCodes.notFound : exitCodes.usage, trouble.words, trouble.code);
  }
  const guess = isMisnamed(asItIs, trouble) ? await guessed(path, reading, output) : undefined;
  const shown = guess ?? asItIs;
  if (shown === undefined) return;
  for (const words of noteWords(path, shown.notes)) output.tell(output.say(words));
  await show(shown, { zone: reading.timeZone ?? 'UTC', guess: guess && guessedColumns(guess.notes) }, output);
  if (shown.survey.unread > 0 || guess !== undefined) process.exitCode = exitCodes.usage;
}

interface Inspected {
  readonly survey: Survey;
  readonly notes: Readonly<FileNotes>;
}

async function inspected(path: string, reading: UsageReading, output: Output): Promise<Inspected> {
  const [{ readUsageFile }, { surveyFile }, { refusedByContract }, { importProgress }] = await Promise.all([
    import('../usage-files/read.ts'),
    import('../usage-files/survey.ts'),
    import('./import/refused-by-contract.ts'),
    import('./import/reading-progress.ts'),
  ]);
  const file = readUsageFile(path, reading);
  const progress = importProgress(file.bytes, output.say);
  const survey = await surveyFile(file, refusedByContract, progress.show).finally(progress.stop);
  return { survey, notes: file.notes };
}

/** Nothing can be read, and names may be why. */
function isMisnamed(found: Inspected | undefined, trouble: unknown): boolean {
  if (trouble !== undefined) return (trouble as { code?: string }).code === 'BAD_HEADER';
  if (found === undefined) return false;
  const { rows, unread, problems } = found.survey;
  return rows > 0 && rows === unread && problems.some(({ code }) => code === 'UNKNOWN_FIELD');
}

/** As usual names would have it, where that reads more. Standard input is gone by then. */
async function guessed(path: string, reading: UsageReading, output: Output): Promise<Inspected | undefined> {
  if (path === '-' || reading.columns !== undefined) return undefined;
  const found = await inspected(path, { ...reading, columns: 'guess' }, output).catch(() => undefined);
  return found !== undefined && found.notes.mapped.length > 0 ? found : undefined;
}

/** The guess as a file for `--columns`. */
const guessedColumns = ({ mapped, columns }: FileNotes) => ({
  for: 'usage',
  columns: Object.fromEntries([...mapped, ...columns.map((name) => [name, null] as const)]),
  others: 'ignore',
});

interface Shown {
  readonly zone: string;
  readonly guess: ReturnType<typeof guessedColumns> | undefined;
}

async function show({ survey, notes: { tokens } }: Inspected, { zone, guess }: Shown, output: Output): Promise<void> {
  const { formatInstant } = await import('../core/calendar.ts');
  const [first, last] = [survey.first, survey.last].map((at) => (at === null ? null : formatInstant(zone, at)));
  if (output.json) {
    const found = { ...(tokens === undefined ? {} : { tokens }), ...(guess === undefined ? {} : { guess }) };
    output.printJson({ ...survey, ...found, first, last });
    return;
  }
  const { say } = output;
  await printFacts(output, [
    [say(headingWords.rows), survey.rows],
    [say(cliUsageFilesWords.cannotBeRead), survey.unread],
    [say(cliUsageFilesWords.repeated), survey.duplicates],
    [say(cliUsageFilesWords.sameId), survey.conflicts],
    [say(cliUsageFilesWords.calls), survey.calls],
    [say(cliUsageFilesWords.first), first],
    [say(cliUsageFilesWords.last), last],
  ]);
  for (const [title, shares] of [
    [say(headingWords.account), survey.accounts],
    [say(cliUsageFilesWords.meterOrAction), survey.meters],
  ] as const) {
    await printTable(
      output,
      [
        { title, of: ({ name }) => name },
        { title: say(headingWords.rows), of: ({ rows }) => rows, right: true },
        { title: say(cliUsageFilesWords.calls), of: ({ calls }) => calls, right: true },
      ],
      shares,
    );
  }
  const { tellUnread } = await import('./unread-rows.ts');
  tellUnread(survey.unread, survey.problems, output);
  if (guess === undefined) return;
  output.tell(output.say(cliColumnsWords.guessed));
  output.print(JSON.stringify(guess, null, 2));
}
