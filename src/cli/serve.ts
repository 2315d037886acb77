import type { Command } from 'commander';
import type { Output } from './output.ts';

export function registerServe(program: Command, output: Output): void {
  program
    .command('serve')
    .description(
      output.say({
        zh: '启动服务：HTTP API（PORT、SUANPAN_DATA、DATABASE_URL）',
        en: 'start the server: HTTP API (PORT, SUANPAN_DATA, DATABASE_URL)',
      }),
    )
    .action(async () => {
      const { serve } = await import('../main.ts');
      process.exitCode = await serve();
    });
}
