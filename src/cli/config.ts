// suanpan config: what a server started here and now would go by.

import type { Command } from 'commander';
import { readConfiguration, settings, shownSetting } from '../configuration.ts';
import { cliConfigWords } from '../words/cli/config.ts';
import type { Output } from './output.ts';
import { printTable } from './show.ts';

type Source = keyof typeof cliConfigWords.sources;

export function registerConfig(program: Command, output: Output): void {
  const { say } = output;
  const config = program.command('config').description(say(cliConfigWords.configCommand));
  config
    .command('print')
    .description(say(cliConfigWords.print))
    .action(() => print(output));
}

/** Names that were taken from the file of settings when the command began. */
let fromFile: readonly string[] = [];
export function noteFile(taken: readonly string[]): void {
  fromFile = taken;
}

async function print(output: Output): Promise<void> {
  const { say } = output;
  // Refuses what a server would refuse.
  readConfiguration(process.env);
  const rows = Object.entries(settings).map(([name, { usual = '' }]) => {
    const given = process.env[name] || undefined;
    const source: Source = given === undefined ? 'default' : fromFile.includes(name) ? 'file' : 'environment';
    return { name, value: shownSetting(name, given ?? usual), source };
  });
  if (output.json) return output.printJson(rows);
  type Row = (typeof rows)[number];
  const columns = [
    { title: say(cliConfigWords.setting), of: (row: Row) => row.name },
    { title: say(cliConfigWords.value), of: (row: Row) => row.value },
    { title: say(cliConfigWords.source), of: (row: Row) => say(cliConfigWords.sources[row.source]) },
  ];
  await printTable(output, columns, rows);
}
