// The commands, and what is common to all of them: language, --json, help, and how wrong arguments are answered.

import { Command, CommanderError } from 'commander';
import { ConfigurationError, takeFile } from '../configuration.ts';
import { version } from '../version.ts';
import { chinesePatterns, cliOutputWords, titlesInChinese } from '../words/cli/output.ts';
import { registerAccount } from './account.ts';
import { registerAlert } from './alert.ts';
import { registerApproval } from './approval.ts';
import { registerArchive } from './archive.ts';
import { registerAudit } from './audit.ts';
import { registerBackup } from './backup.ts';
import { registerBalance } from './balance.ts';
import { registerBill } from './bill.ts';
import { registerBook } from './book.ts';
import { registerCompletion } from './completion.ts';
import { noteFile, registerConfig } from './config.ts';
import { registerContract } from './contract.ts';
import { registerDatabase } from './database.ts';
import { registerDemo } from './demo.ts';
import { registerDoctor } from './doctor.ts';
import { registerForecast } from './forecast.ts';
import { registerGateway } from './gateway.ts';
import { registerInit } from './init.ts';
import { registerJobs } from './jobs.ts';
import { registerKey } from './key.ts';
import { chooseLanguage, isLanguage } from './language.ts';
import { registerOrder } from './order.ts';
import { exitCodes, Output } from './output.ts';
import { registerPack } from './pack.ts';
import { registerPeople } from './people.ts';
import { registerPlan } from './plan.ts';
import { registerQuote } from './quote.ts';
import { registerReceipt } from './receipt.ts';
import { registerReconcile } from './reconcile.ts';
import { registerReview } from './review.ts';
import { registerServe } from './serve.ts';
import { registerSimulate } from './simulate.ts';
import { registerUsage } from './usage.ts';
import { registerVerify } from './verify.ts';
import { registerWebhook } from './webhook.ts';
import { registerWhatIf } from './what-if.ts';

/** Adds one noun with its verbs. What a verb needs beyond parsing is imported when it runs: `--help` and `quote` start fast. */
export type Register = (program: Command, output: Output) => void;

/** In the order of the help. */
const nouns: readonly Register[] = [
  registerServe,
  registerDemo,
  registerQuote,
  registerPlan,
  registerSimulate,
  registerReconcile,
  registerBook,
  registerAccount,
  registerPack,
  registerOrder,
  registerUsage,
  registerBill,
  registerBalance,
  registerReceipt,
  registerForecast,
  registerWhatIf,
  registerContract,
  registerJobs,
  registerReview,
  registerAudit,
  registerBackup,
  registerWebhook,
  registerAlert,
  registerKey,
  registerGateway,
  registerApproval,
  registerPeople,
  registerVerify,
  registerArchive,
  registerDatabase,
  registerDoctor,
  registerConfig,
  registerInit,
  registerCompletion,
];

/** Runs one command. The exit code is left in `process.exitCode`, so that what was written is flushed. */
export async function runCommandLine(args: readonly string[]): Promise<void> {
  const output = new Output(chooseLanguage(args, process.env));
  process.stdout.on('error', endQuietlyOnClosedPipe);
  const program = buildProgram(output);
  try {
    await program.parseAsync(args, { from: 'user' });
  } catch (error) {
    if (error instanceof ConfigurationError) return output.misused(error.words);
    if (!(error instanceof CommanderError)) throw error;
    answerParserError(error, output, args, commandOf(program, args));
  }
}

/** `suanpan … | head` closes our output early; that is no failure of ours. */
function endQuietlyOnClosedPipe(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error;
  process.exit();
}

/** All commands, with nothing run. */
export function buildProgram(output: Output): Command {
  const { say } = output;
  const program = new Command('suanpan')
    .description(say(cliOutputWords.meteringAndBillingForApisSold))
    .version(version, '-V, --version', say(cliOutputWords.version))
    .option('--json', say(cliOutputWords.printJsonForPrograms))
    .option('--lang <zh|en>', say(cliOutputWords.language))
    .helpCommand('help [command]', say(cliOutputWords.showTheHelpOfACommand))
    .hook('preAction', () => {
      const { json, lang } = program.opts<{ json?: true; lang?: string }>();
      output.json = json === true;
      if (lang !== undefined && !isLanguage(lang)) {
        throw new CommanderError(
          exitCodes.usage,
          'suanpan.unknownLanguage',
          `no language '${lang}': --lang zh or --lang en`,
        );
      }
    });
  program.hook('preAction', () => noteFile(takeFile(process.env)));
  for (const register of nouns) register(program, output);
  for (const command of allCommands(program)) prepare(command, output);
  return program;
}

const allCommands = (command: Command): Command[] => [command, ...command.commands.flatMap(allCommands)];

/** Every command speaks the language chosen and leaves the answering of wrong arguments to us. */
function prepare(command: Command, output: Output): void {
  command
    .helpOption('-h, --help', output.say(cliOutputWords.showHelp))
    .exitOverride()
    .configureOutput({ outputError: () => undefined })
    .configureHelp({
      showGlobalOptions: true,
      styleTitle: (title) => (output.language === 'zh' ? (titlesInChinese[title] ?? title) : title),
    });
}

/** The command that was meant: as many names as there are, options and what is unknown left out. */
function commandOf(program: Command, args: readonly string[]): Command {
  let command = program;
  for (const arg of args) command = command.commands.find((one) => one.name() === arg) ?? command;
  return command;
}

/** How a command is written, for one who wrote it otherwise: `suanpan bill show [options] <id>`. */
const usageOf = (command: Command): string => `${namesOf(command)} ${command.usage()}`;

const namesOf = (command: Command): string =>
  command.parent === null ? command.name() : `${namesOf(command.parent)} ${command.name()}`;

/** Help that was asked for is no error; help that stands in for a missing command is. */
function answerParserError(error: CommanderError, output: Output, args: readonly string[], command: Command): void {
  if (error.code === 'commander.helpDisplayed' || error.code === 'commander.version') return;
  process.exitCode = exitCodes.usage;
  if (error.code === 'commander.help') return;
  output.json = args.includes('--json');
  const english = error.message.replace(/^error: /, '').replaceAll('\n', ' ');
  output.misused(
    cliOutputWords.see(inChinese(error.code, english), english, usageOf(command), `${namesOf(command)} --help`),
  );
}

function inChinese(code: string, english: string): string {
  const named = /'([^']*)'/.exec(english)?.[1] ?? '';
  return chinesePatterns[code]?.replace('{}', named) ?? english;
}
