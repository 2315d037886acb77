// suanpan doctor: configuration, versions, durability of the database, and whether a server runs here.

import type { Command } from 'commander';
import { cliDoctorWords } from '../words/cli/doctor.ts';
import type { DoctorLine } from './doctor-line.ts';
import { exitCodes, type Output } from './output.ts';

export function registerDoctor(program: Command, output: Output): void {
  program
    .command('doctor')
    .description(output.say(cliDoctorWords.checkConfiguration))
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
    [output.say(cliDoctorWords.what), output.say(cliDoctorWords.isWord), ''],
    lines.map(({ words, value, problem }) => [
      output.say(words),
      String(value ?? '-'),
      problem ? red('✗') : green('✓'),
    ]),
  );
  for (const { words, problem } of problems) {
    if (problem !== undefined) output.print(`${red('✗')} ${output.say(words)}: ${output.say(problem)}`);
  }
  const verdict = cliDoctorWords.doctorFound(problems.length);
  output.print(problems.length === 0 ? output.say(cliDoctorWords.doctorHealthy) : output.say(verdict));
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
    const words = cliDoctorWords.database;
    return [...lines, { name: 'database', words, value: output.say(cliDoctorWords.noneYet) }];
  }
  let reached = false;
  await withDatabase(configuration, output, async (database) => {
    reached = true;
    lines.push(...(await databaseLines(database.pool, configuration)));
  });
  return reached ? lines : undefined;
}
