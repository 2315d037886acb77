// npm run bench: every key of the table of goals, each with its counterpart in the same run. See README.md.

import { availableParallelism } from 'node:os';
import type { Bench } from './bench.ts';
import { startCluster, temporaryFolder } from './cluster.ts';
import { Endings, endOnSignals } from './endings.ts';
import { authorize } from './keys/authorize.ts';
import { batch100, importFiles } from './keys/bulk.ts';
import { close } from './keys/close.ts';
import { forecast } from './keys/forecast.ts';
import { gateway } from './keys/gateway.ts';
import { duplicates, naive } from './keys/in-process.ts';
import { overview } from './keys/overview.ts';
import { servers } from './keys/servers.ts';
import { hot, p99, single64, single256 } from './keys/single.ts';
import { growth, receipts } from './keys/stored.ts';
import { chooseGenerator } from './load.ts';
import { describeMachine, isInMemory } from './machine.ts';
import type { Measured } from './measure.ts';
import { type KeyName, type Options, readOptions, UsageError, usage } from './options.ts';
import {
  costsName,
  failedLine,
  jsonLine,
  type KeyLine,
  keyLine,
  machineText,
  saveResults,
  spentText,
  tableText,
} from './report.ts';

const keys: Readonly<Record<KeyName, (bench: Bench) => Promise<Measured>>> = {
  single64,
  single256,
  p99,
  naive,
  batch100,
  import: importFiles,
  servers,
  growth,
  duplicates,
  hot,
  authorize,
  gateway,
  close,
  receipts,
  forecast,
  overview,
};

const say = (line: string): void => {
  process.stderr.write(`${line}\n`);
};

/** Answers the exit code: 1 when a key could not be measured or its totals were wrong; a missed goal is a result. */
async function run(options: Options): Promise<number> {
  const endings = new Endings();
  endOnSignals(endings);
  try {
    const folder = temporaryFolder(endings, options.folder);
    const cluster = await startCluster(endings, folder);
    const generator = chooseGenerator(endings, folder, options.generator);
    const machine = describeMachine(folder, cluster.version, generator.name);
    if (isInMemory(folder)) say('The folder is in memory: nothing here is durable. Choose a disk with --folder.');
    if (availableParallelism() < 4) say('Fewer than 4 cores: server, database and load share them. Only ratios count.');
    say(machineText(machine));
    const lines: KeyLine[] = [];
    for (const key of options.only) {
      const line = await runKey(
        key,
        { options, cluster, machine, generator, endings: new Endings(), log: say },
        endings,
      );
      lines.push(line);
      if (options.json) process.stdout.write(`${jsonLine(line)}\n`);
    }
    if (!options.json) process.stdout.write(`${tableText(lines)}\n`);
    if (options.save) say(`saved: ${saveResults(options, machine, lines).join(', ')}`);
    return lines.some(({ error }) => error !== undefined) ? 1 : 0;
  } finally {
    await endings.run();
  }
}

async function runKey(key: KeyName, bench: Bench, all: Endings): Promise<KeyLine> {
  const forget = all.add(() => bench.endings.run());
  const began = performance.now();
  say(`${key} …`);
  try {
    const line = keyLine(key, await keys[key](bench), (performance.now() - began) / 1_000);
    for (const { name, ratio, goal, bound, ok } of line.parts) {
      say(`  ${ok ? 'ok  ' : 'MISS'} ${name}: ${ratio} (${bound === 'least' ? '≥' : '≤'} ${goal})`);
    }
    if (Object.keys(line.spent).length > 0) say(`  ${costsName}: ${spentText(line.spent)}`);
    say(`  ${JSON.stringify(line.figures)}  ${line.seconds} s`);
    return line;
  } catch (error) {
    say(`  ${(error as Error).stack ?? String(error)}`);
    return failedLine(key, error as Error, (performance.now() - began) / 1_000);
  } finally {
    await forget();
  }
}

try {
  const options = readOptions(process.argv.slice(2));
  if (options === 'help') process.stdout.write(`${usage}\n`);
  else process.exitCode = await run(options);
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  say(`${error.message}\n${usage}`);
  process.exitCode = 2;
}
