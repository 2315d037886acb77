// suanpan usage inspect: what a file of events holds and how it would be read. Nothing is written, no server is asked.

import type { Command } from 'commander';
import type { Survey } from '../usage-files/survey.ts';
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

/** Exit code 0: every row can be read; 1: some cannot; 2: the file cannot; 3: it is not there. */
async function runInspect(path: string, options: ReadingOptions & FaceidOptions, output: Output): Promise<void> {
  const plain = readingOf(options, output);
  if (plain === undefined) return;
  const faceid = await faceidOf(options, output);
  if (faceid === undefined) return;
  const reading = faceid === 'none' ? plain : { ...plain, faceid };
  const [{ readUsageFile }, { surveyFile }, { noteWords }, { FileTrouble }, { refusedByContract }, { importProgress }] =
    await Promise.all([
      import('../usage-files/read.ts'),
      import('../usage-files/survey.ts'),
      import('../usage-files/notes.ts'),
      import('../usage-files/row-problem.ts'),
      import('./import/refused-by-contract.ts'),
      import('./import/reading-progress.ts'),
    ]);
  try {
    const file = readUsageFile(path, reading);
    const progress = importProgress(file.bytes, output.say);
    const survey = await surveyFile(file, refusedByContract, progress.show).finally(progress.stop);
    for (const words of noteWords(path, file.notes)) output.tell(output.say(words));
    await show(
      { ...survey, ...(file.notes.tokens === undefined ? {} : { tokens: file.notes.tokens }) },
      reading.timeZone ?? 'UTC',
      output,
    );
    if (survey.unread > 0) process.exitCode = exitCodes.failure;
  } catch (error) {
    if (!(error instanceof FileTrouble)) throw error;
    output.fail(error.code === 'NOT_FOUND' ? exitCodes.notFound : exitCodes.usage, error.words, error.code);
  }
}

async function show(survey: Survey, zone: string, output: Output): Promise<void> {
  const { formatInstant } = await import('../core/calendar.ts');
  const [first, last] = [survey.first, survey.last].map((at) => (at === null ? null : formatInstant(zone, at)));
  if (output.json) {
    output.printJson({ ...survey, first, last });
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
}
