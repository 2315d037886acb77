import type { Command } from 'commander';
import { exitCodes, type Output } from './output.ts';

/** A date-like number that everybody can repeat. */
const defaultSeed = 20_260_301;

export function registerDemo(program: Command, output: Output): void {
  program
    .command('demo')
    .description(
      output.say({
        zh: '演示：经真实服务器跑完一个月的调用、出账并核对（临时数据）',
        en: 'demonstration: a month of real calls through a real server, billed and verified (temporary data)',
      }),
    )
    .option('--seed <number>', output.say({ zh: '随机种子', en: 'seed of the generator' }), Number, defaultSeed)
    .option(
      '--scale <share>',
      output.say({ zh: '规模，1 为整月', en: 'share of the full month, 1 is all of it' }),
      Number,
      1,
    )
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
