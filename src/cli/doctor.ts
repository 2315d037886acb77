// suanpan doctor: configuration, versions, durability of the database, and whether a server runs here.

import type { Command } from 'commander';
import type { DoctorLine } from './doctor-line.ts';
import { exitCodes, type Output } from './output.ts';

export function registerDoctor(program: Command, output: Output): void {
  program
    .command('doctor')
    .description(
      output.say({
        zh: '检查配置、版本、数据库持久性设置与数据目录',
        en: 'check configuration, versions, durability settings of the database, data folder',
      }),
    )
    .action(() => runDoctor(output));
}

async function runDoctor(output: Output): Promise<void> {
  const lines = await diagnose(output);
  if (lines === undefined) return;
  const problems = lines.filter((line) => line.problem !== undefined);
  if (problems.length > 0) process.exitCode = exitCodes.failure;
  if (output.json) {
    output.printJson({
      healthy: problems.length === 0,
      facts: Object.fromEntries(lines.map(({ name, value }) => [name, value])),
      problems: problems.map(({ name, problem }) => ({ name, detail: problem })),
    });
    return;
  }
  const { green, red } = output.colors;
  await output.table(
    [output.say({ zh: '项目', en: 'what' }), output.say({ zh: '现状', en: 'is' }), ''],
    lines.map(({ words, value, problem }) => [
      output.say(words),
      String(value ?? '-'),
      problem ? red('✗') : green('✓'),
    ]),
  );
  for (const { words, problem } of problems) {
    if (problem !== undefined) output.print(`${red('✗')} ${output.say(words)}: ${output.say(problem)}`);
  }
  const verdict = { zh: `doctor: ${problems.length} 个问题`, en: `doctor: ${problems.length} problem(s)` };
  output.print(problems.length === 0 ? output.say({ zh: 'doctor: 正常', en: 'doctor: healthy' }) : output.say(verdict));
}

async function diagnose(output: Output): Promise<DoctorLine[] | undefined> {
  const [{ configurationOf, hasLedger, withDatabase }, { databaseLines }, { machineLines }] = await Promise.all([
    import('./local-ledger.ts'),
    import('./doctor-database.ts'),
    import('./doctor-machine.ts'),
  ]);
  const configuration = configurationOf(output);
  if (configuration === undefined) return undefined;
  const lines: DoctorLine[] = machineLines(configuration);
  if (!hasLedger(configuration)) {
    const words = { zh: '数据库', en: 'database' };
    return [...lines, { name: 'database', words, value: output.say({ zh: '尚未建立', en: 'none yet' }) }];
  }
  let reached = false;
  await withDatabase(configuration, output, async (database) => {
    reached = true;
    lines.push(...(await databaseLines(database.pool, configuration)));
  });
  return reached ? lines : undefined;
}
