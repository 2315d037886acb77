// suanpan init: a first file of settings, which a server in that folder starts by.

import { existsSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Command } from 'commander';
import { ConfigurationError, readConfiguration, settings, settingsFile } from '../configuration.ts';
import { makeFolders } from '../store/connection/folders.ts';
import { cliConfigWords } from '../words/cli/config.ts';
import { cliOutputWords } from '../words/cli/output.ts';
import { exitCodes, type Output } from './output.ts';
import { cell } from './show.ts';

/** What is asked, in this order. */
const asked = ['PORT', 'SUANPAN_HOST', 'SUANPAN_ADMIN_EMAIL', 'SUANPAN_PUBLIC_URL', 'DATABASE_URL'] as const;

export function registerInit(program: Command, output: Output): void {
  const { say } = output;
  program
    .command('init')
    .description(say(cliConfigWords.init))
    .argument('[FOLDER]', say(cliConfigWords.folder), 'data')
    .action((folder: string) => init(folder, output));
}

async function init(folder: string, output: Output): Promise<void> {
  const file = join(folder, settingsFile);
  if (existsSync(file)) return output.misused(cliOutputWords.fileIsThere(cell(file)));
  const { askAll } = await import('./questions.ts');
  const questions = asked.map((name) => {
    const { usual = '' } = settings[name] ?? {};
    return [name, { words: cliConfigWords.questions[name], usual, fits: (text: string) => fits(name, text) }] as const;
  });
  const answers = await askAll(questions, output);
  if (answers === undefined) return;
  const chosen = Object.entries(answers).filter(([name, value]) => value !== (settings[name]?.usual ?? ''));
  try {
    makeFolders(resolve(folder), 0o700);
    // It may hold the password of a database.
    writeFileSync(file, `${JSON.stringify(Object.fromEntries(chosen), null, 2)}\n`, { flag: 'wx', mode: 0o600 });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return output.fail(exitCodes.failure, { zh: reason, en: reason });
  }
  if (output.json) output.printJson({ file, settings: Object.fromEntries(chosen) });
  else output.print(output.say(cliConfigWords.wroteSettings(cell(file), cell(folder))));
}

/** What a server would take. */
function fits(name: string, text: string): boolean {
  if (name === 'DATABASE_URL') return text === '' || /^postgres(ql)?:\/\/\S+$/.test(text);
  try {
    readConfiguration(text === '' ? {} : { [name]: text });
    return true;
  } catch (error) {
    if (error instanceof ConfigurationError) return false;
    throw error;
  }
}
