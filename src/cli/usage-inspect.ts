// suanpan usage inspect: what a file of events holds and how it would be read. Nothing is written, no server is asked.

import type { Command } from 'commander';
import type { Survey } from '../usage-files/survey.ts';
import { exitCodes, type Output } from './output.ts';
import { examplesOf, printFacts, printTable } from './show.ts';
import { type ReadingOptions, readingOf, withReadingOptions } from './usage-reading.ts';

const examples = `suanpan usage inspect calls.csv
suanpan usage inspect january.xlsx --time-zone Asia/Shanghai
zcat calls-*.gz | suanpan usage inspect - --json
`;

export function registerInspect(usage: Command, output: Output): void {
  const say = (zh: string, en: string) => output.say({ zh, en });
  const command = usage
    .command('inspect')
    .description(
      say(
        '查看用量文件：会读到什么、哪些行读不了、有无重复；不写入',
        'what a file of events holds, which rows cannot be read, what stands twice; nothing is written',
      ),
    )
    .argument('<FILE>', say('文件；- 表示标准输入', 'the file; - for standard input'))
    .addHelpText('before', examplesOf(output, examples))
    .action((file: string, options: ReadingOptions) => runInspect(file, options, output));
  withReadingOptions(command, output);
}

/** Exit code 0: every row can be read; 1: some cannot; 2: the file cannot; 3: it is not there. */
async function runInspect(path: string, options: ReadingOptions, output: Output): Promise<void> {
  const reading = readingOf(options, output);
  if (reading === undefined) return;
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
    const progress = importProgress(file.bytes, (zh, en) => output.say({ zh, en }));
    const survey = await surveyFile(file, refusedByContract, progress.show).finally(progress.stop);
    for (const words of noteWords(path, file.notes)) output.tell(output.say(words));
    await show(survey, reading.timeZone ?? 'UTC', output);
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
  const say = (zh: string, en: string) => output.say({ zh, en });
  await printFacts(output, [
    [say('行', 'rows'), survey.rows],
    [say('读不了', 'cannot be read'), survey.unread],
    [say('重复（内容相同）', 'repeated, same content'), survey.duplicates],
    [say('冲突（内容不同）', 'same id, other content'), survey.conflicts],
    [say('调用次数', 'calls'), survey.calls],
    [say('最早', 'first'), first],
    [say('最晚', 'last'), last],
  ]);
  for (const [title, shares] of [
    [say('账户', 'account'), survey.accounts],
    [say('计量项或 action', 'meter or action'), survey.meters],
  ] as const) {
    await printTable(
      output,
      [
        { title, of: ({ name }) => name },
        { title: say('行', 'rows'), of: ({ rows }) => rows, right: true },
        { title: say('调用次数', 'calls'), of: ({ calls }) => calls, right: true },
      ],
      shares,
    );
  }
  const { tellUnread } = await import('./unread-rows.ts');
  tellUnread(survey.unread, survey.problems, output);
}
