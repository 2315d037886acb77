import type { Command } from 'commander';
import type { Output } from './output.ts';

export function registerServe(program: Command, output: Output): void {
  program
    .command('serve')
    .description(
      output.say({
        zh: '启动服务：API 与控制台（PORT、SUANPAN_DATA、DATABASE_URL）',
        en: 'start the server: API and console (PORT, SUANPAN_DATA, DATABASE_URL)',
      }),
    )
    .action(async () => {
      const { serve } = await import('../main.ts');
      process.exitCode = await serve();
    });
}
