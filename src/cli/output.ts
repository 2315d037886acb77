// What commands say and how they end: data on stdout, all else on stderr, one exit code for each kind of failure.

import { createColors } from 'picocolors';
import type { Problem } from '../book/book-problem.ts';
import { writeJson } from '../core/json.ts';
import type { Words } from '../core/price-book.ts';
import type { Refusal, RefusalCode } from '../core/refusal.ts';
import { headingWords } from '../words/cli/headings.ts';
import { cliOutputWords } from '../words/cli/output.ts';
import { refusalTexts, refusalWords } from '../words/refusals.ts';
import type { Language } from './language.ts';

export const exitCodes = {
  ok: 0,
  failure: 1,
  usage: 2,
  notFound: 3,
  conflict: 4,
  unauthorised: 5,
  network: 6,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

export class Output {
  readonly language: Language;
  /** JSON for programs instead of tables for people. */
  json = false;
  readonly #out: NodeJS.WritableStream & { readonly isTTY?: boolean };
  readonly #err: NodeJS.WritableStream & { readonly isTTY?: boolean };

  constructor(language: Language, out: NodeJS.WriteStream = process.stdout, err: NodeJS.WriteStream = process.stderr) {
    this.language = language;
    this.#out = out;
    this.#err = err;
  }

  say = (words: Words): string => {
    return words[this.language];
  };

  /** Colours of stdout; none when it is no terminal or NO_COLOR is set. */
  get colors() {
    return createColors(isColoured(this.#out));
  }

  /** Data for people. */
  print(text: string): void {
    this.#out.write(`${text}\n`);
  }

  /** Data for programs. */
  printJson(value: unknown): void {
    this.print(writeJson(value, 2));
  }

  /** Everything that is not data. */
  tell(text: string): void {
    this.#err.write(`${text}\n`);
  }

  /** Ends the command: says why on stderr (as JSON for programs) and sets the exit code. */
  fail(exitCode: ExitCode, words: Words, code?: string, pointer?: string): void {
    process.exitCode = exitCode;
    if (this.json) {
      this.tell(
        writeJson({
          error: {
            ...(code === undefined ? {} : { code }),
            detail: words,
            ...(pointer === undefined ? {} : { pointer }),
          },
        }),
      );
      return;
    }
    const { red } = createColors(isColoured(this.#err));
    const prefix = red(this.say(headingWords.error));
    this.tell(`${prefix}${code === undefined ? '' : ` ${code}`}: ${this.say(words)}`);
  }

  /** Wrong arguments: exit code 2. */
  misused(words: Words, code = 'INVALID_INPUT'): void {
    this.fail(exitCodes.usage, words, code);
  }

  refused(refusal: Refusal): void {
    this.fail(exitCodeOf(refusal.refused), refusalWords(refusal), refusal.refused, refusal.pointer);
  }

  /** A file that is not what it should be: every problem with its place. */
  malformed(file: string, problems: readonly Problem[], exitCode: ExitCode = exitCodes.usage): void {
    process.exitCode = exitCode;
    if (this.json) {
      this.tell(writeJson({ error: { code: 'INVALID_INPUT', file, problems } }));
      return;
    }
    this.tell(this.say(cliOutputWords.fileHasProblems(file, problems.length)));
    for (const each of problems) this.tell(`  ${each.pointer === '' ? '/' : each.pointer}  ${this.say(each)}`);
  }

  /** A table for people; columns named in `right` are numbers. cli-table3 is loaded when the first one is drawn. */
  async table(
    head: readonly string[],
    rows: readonly (readonly string[])[],
    right: readonly number[] = [],
  ): Promise<void> {
    const { default: Table } = await import('cli-table3');
    const table = new Table({
      head: head.map((title) => this.colors.bold(title)),
      style: { head: [], border: [], compact: true },
      colAligns: head.map((_, column) => (right.includes(column) ? 'right' : 'left')),
    });
    table.push(...rows.map((row) => [...row]));
    this.print(table.toString());
  }
}

const isColoured = (stream: { readonly isTTY?: boolean }): boolean => stream.isTTY === true && !process.env.NO_COLOR;

const notThere: readonly RefusalCode[] = [
  'UNKNOWN_BOOK',
  'UNKNOWN_METER',
  'UNKNOWN_TARIFF',
  'UNKNOWN_PRODUCT',
  'NOT_FOUND',
];
const misuse: readonly RefusalCode[] = [
  'INVALID_QUANTITY',
  'INVALID_TIME',
  'INVALID_AMOUNT',
  'INVALID_INPUT',
  'AMBIGUOUS_METER',
  'DAYS_NEEDED',
  'COUNTED_BY_DAY',
  'PRICED_BY_PLACE',
  'SIZE_NOT_SOLD',
  'START_NOT_FREE',
  'UNKNOWN_ACTION',
];

export function exitCodeOf(code: RefusalCode): ExitCode {
  if (notThere.includes(code)) return exitCodes.notFound;
  if (misuse.includes(code)) return exitCodes.usage;
  const { status } = refusalTexts[code];
  if (status === 401 || status === 403) return exitCodes.unauthorised;
  return status === 409 ? exitCodes.conflict : exitCodes.failure;
}
