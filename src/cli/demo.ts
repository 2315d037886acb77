import type { Command } from 'commander';
import { cliOutputWords } from '../words/cli/output.ts';
import { exitCodes, type Output } from './output.ts';

/** A date-like number that everybody can repeat. */
const defaultSeed = 20_260_301;

export function registerDemo(program: Command, output: Output): void {
  program
    .command('demo')
    .description(output.say(cliOutputWords.demonstration))
    .option('--seed <number>', output.say(cliOutputWords.seedOfTheGenerator), Number, defaultSeed)
    .option('--scale <share>', output.say(cliOutputWords.shareOfTheFullMonth), Number, 1)
    .action(async ({ seed, scale }: { readonly seed: number; readonly scale: number }) => {
      const { runDemo } = await import('../demo/demo.ts');
      const onTerminal = process.stderr.isTTY === true;
      const right = await runDemo({
        seed,
        scale,
        language: output.language,
        print: (line) => process.stdout.write(`${line}\n`),
        progress: (line) => {
          if (onTerminal) process.stderr.write(`\r\u001b[K${line}`);
        },
      });
      if (onTerminal) process.stderr.write('\r\u001b[K');
      process.exitCode = right ? exitCodes.ok : exitCodes.failure;
    });
}
