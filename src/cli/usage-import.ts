// suanpan usage import: a file of events, through the server or, when none runs, straight into the database.

import type { Command } from 'commander';
import { type Configuration, usualServer } from '../configuration.ts';
import type { UsageReading } from '../usage-files/read.ts';
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

interface ImportOptions extends ReadingOptions {
  readonly account?: string;
  readonly rejects?: string;
  readonly direct?: true;
  readonly dryRun?: true;
}

export function registerImport(usage: Command, output: Output): void {
  const say = (zh: string, en: string) => output.say({ zh, en });
  const command = usage
    .command('import')
    .description(
      say(
        '导入用量文件（JSON、CSV、Excel，可为 gzip 或 zip）；中断后原样重新运行即可继续',
        'import a file of events (JSON, CSV or Excel; plain, gzip or zip); run it again to go on after a stop',
      ),
    )
    .argument('<FILE>', say('文件；- 表示标准输入', 'the file; - for standard input'))
    .option('--account <ID>', say('未写明账户的事件归此账户', 'account of events that name none'))
    .option('--rejects <FILE>', say('被拒行写入此文件', 'file for rejected rows; by default FILE.rejected.ndjson'))
    .option('--direct', say('直接写入数据库，不经服务', 'straight into the database, also when a server runs'))
    .option('--dry-run', say('只检查文件格式，不写入', 'check the shape of the file only'))
    .addHelpText('before', examplesOf(output, examples))
    .action((file: string, options: ImportOptions) => importFile(file, options, output));
  withReadingOptions(command, output);
}

async function importFile(file: string, options: ImportOptions, output: Output): Promise<void> {
  const reading = readingOf(options, output);
  if (reading === undefined) return;
  const order = { file, options, reading, output };
  if (options.dryRun === true) return carryOut(order, null);
  const { findServer } = await import('./client.ts');
  if (options.direct !== true && (await hasServer(output))) {
    const server = findServer(output);
    if (server === undefined) return;
    output.tell(output.say({ zh: `导入到 ${server.url}`, en: `importing through ${server.url}` }));
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
    output.tell(
      output.say({
        zh: `直接导入到数据库（${placeOf(configuration)}）`,
        en: `importing straight into the database (${placeOf(configuration)})`,
      }),
    );
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
    output.tell(output.say({ zh: '\n正在停止：等已发出的写完', en: '\nstopping: what was sent is finished first' }));
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
      say: (zh, en) => output.say({ zh, en }),
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
    const say = (zh: string, en: string) => output.say({ zh, en });
    const rate = cell(Math.round(read / Math.max(seconds, 0.001)));
    await output.table(
      [
        say('读取', 'read'),
        dryRun ? say('可用', 'good') : say('接受', 'accepted'),
        say('重复', 'duplicate'),
        say('冲突', 'conflict'),
        say('拒绝', 'rejected'),
        say('待审', 'held'),
        say('秒', 'seconds'),
        say('行/秒', 'rows/s'),
      ],
      [[...[read, accepted, duplicate, conflict, rejected, held].map(cell), String(seconds), rate]],
      [0, 1, 2, 3, 4, 5, 6, 7],
    );
  }
  if (rejects !== null)
    output.tell(output.say({ zh: `被拒的行及原因：${rejects}`, en: `rejected rows and why: ${rejects}` }));
  if (trouble !== null) output.fail(trouble.exitCode, trouble.words, trouble.code);
  else if (!complete) process.exitCode = stopped;
  else if (rejected + conflict > 0) process.exitCode = exitCodes.failure;
  if (complete || dryRun) return;
  output.tell(
    output.say({
      zh: '导入未完成。原样再运行一次即可继续：已导入的算作重复，不会重复计量',
      en: 'The import is not complete. Run the same command again to go on: what is in already counts as duplicate, never twice',
    }),
  );
}
