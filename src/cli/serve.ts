import type { Command } from 'commander';
import { cliOutputWords } from '../words/cli/output.ts';
import type { Output } from './output.ts';

export function registerServe(program: Command, output: Output): void {
  program
    .command('serve')
    .description(output.say(cliOutputWords.startTheServer))
    .action(async () => {
      const { serve } = await import('../main.ts');
      process.exitCode = await serve();
    });
}
