// suanpan simulate: a scenario file through the same core as the server. No server, no database.

import { readFileSync } from 'node:fs';
import type { Command } from 'commander';
import { cliSimulateWords } from '../words/cli/simulate.ts';
import { exitCodes, type Output } from './output.ts';
import { examplesOf } from './show.ts';

const examples = `suanpan simulate month.json
suanpan simulate month.json --json | jq .bills
suanpan simulate - < month.json
`;

export function registerSimulate(program: Command, output: Output): void {
  program
    .command('simulate')
    .description(output.say(cliSimulateWords.liveThroughAScenarioFile))
    .argument('<FILE>', output.say(cliSimulateWords.scenarioFile))
    .addHelpText('before', examplesOf(output, examples))
    .action((file: string) => runSimulate(file, output));
}

/** Exit code 0 also when steps are refused: that is what the scenario is for. 2 when the file is no scenario, 3 when it is not there. */
async function runSimulate(file: string, output: Output): Promise<void> {
  const bytes = readBytes(file, output);
  if (bytes === undefined) return;
  const [{ loadCatalog, parseJson }, { simulateWithBook }, { isRefusal }] = await Promise.all([
    import('../book/shelf.ts'),
    import('../scenario/simulate.ts'),
    import('../core/refusal.ts'),
  ]);
  const json = parseJson(bytes);
  const result = 'problems' in json ? json : simulateWithBook(json.value, loadCatalog());
  if (isRefusal(result)) output.refused(result);
  else if ('problems' in result) output.malformed(file, result.problems);
  else if (output.json) output.printJson(result.simulation);
  else await (await import('./show-simulation.ts')).showSimulation(result.simulation, result.book, output);
}

/** The bytes of a file, or undefined when the command has been ended. */
export function readBytes(file: string, output: Output): Buffer | undefined {
  try {
    return readFileSync(file === '-' ? 0 : file);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const isMissing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    output.fail(isMissing ? exitCodes.notFound : exitCodes.failure, cliSimulateWords.cannotReadTheFile(file, reason));
    return undefined;
  }
}
