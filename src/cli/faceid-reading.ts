// The options by which FaceID's own answers are read: what its RuleIds are, and whose code table is asked.

import type { Command } from 'commander';
import type { PriceBook } from '../core/price-book.ts';
import type { FaceidReading } from '../usage-files/faceid/records.ts';
import { FileTrouble } from '../usage-files/row-problem.ts';
import { cliUsageFilesWords } from '../words/cli/usage-files.ts';
import { exitCodes, type Output } from './output.ts';
import { bookOf } from './read-book.ts';

export interface FaceidOptions {
  readonly faceidRules?: string;
  readonly book?: string;
}

export const withFaceidRules = (command: Command, { say }: Output): Command =>
  command.option('--faceid-rules <FILE>', say(cliUsageFilesWords.faceidRules));

/** Where the command has no price book of its own. */
export const withFaceidOptions = (command: Command, output: Output): Command =>
  withFaceidRules(command, output).option('--book <ID|FILE>', output.say(cliUsageFilesWords.faceidBook));

/** What FaceID's answers are read by, `none` where no rules are given, or undefined when the command has been ended. */
export async function faceidOf(
  { faceidRules, book }: FaceidOptions,
  output: Output,
): Promise<FaceidReading | 'none' | undefined> {
  if (faceidRules === undefined) return 'none';
  if (book === undefined) {
    output.misused(cliUsageFilesWords.faceidNeedsBook);
    return undefined;
  }
  const known = await bookOf(book, output);
  return known === undefined ? undefined : rulesWith(faceidRules, known, output);
}

/** The same beside a book that is at hand. */
export async function rulesWith(path: string, book: PriceBook, output: Output): Promise<FaceidReading | undefined> {
  const [{ faceidRulesOf }, { onDisk }] = await Promise.all([
    import('../usage-files/faceid/rules.ts'),
    import('../usage-files/disk.ts'),
  ]);
  try {
    return { rules: await faceidRulesOf(onDisk(path)), book };
  } catch (error) {
    if (!(error instanceof FileTrouble)) throw error;
    output.fail(error.code === 'NOT_FOUND' ? exitCodes.notFound : exitCodes.usage, error.words, error.code);
    return undefined;
  }
}
