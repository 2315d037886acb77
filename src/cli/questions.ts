// Questions in a terminal, or answered line by line by a file.

import { createInterface } from 'node:readline';
import type { Words } from '../core/price-book.ts';
import { cliOutputWords } from '../words/cli/output.ts';
import type { Output } from './output.ts';
import { cell } from './show.ts';

export interface Question {
  readonly words: Words;
  /** What an empty line means; null: an answer is needed. */
  readonly usual: string | null;
  readonly fits: (text: string) => boolean;
}

/**
 * Asks on stderr, one after the other. An answer that is none is asked for again in a terminal; elsewhere it ends the asking with exit
 * code 2, as the end of the input does, and nothing is answered.
 */
export async function askAll<Name extends string>(
  questions: readonly (readonly [Name, Question])[],
  output: Output,
): Promise<Readonly<Record<Name, string>> | undefined> {
  const { stdin, stderr } = process;
  const lines = createInterface({ input: stdin, output: stderr, terminal: stdin.isTTY });
  const given = lines[Symbol.asyncIterator]();
  const answers: [Name, string][] = [];
  try {
    for (const [name, question] of questions) {
      const answer = await askOne(question, given, output);
      if (answer === undefined) return undefined;
      answers.push([name, answer]);
    }
  } finally {
    lines.close();
  }
  return Object.fromEntries(answers) as Record<Name, string>;
}

async function askOne(
  { words, usual, fits }: Question,
  given: AsyncIterator<string>,
  output: Output,
): Promise<string | undefined> {
  const { stdin, stderr } = process;
  const question = output.say(words);
  for (;;) {
    stderr.write(`${question}${usual === null || usual === '' ? '' : ` [${usual}]`}: `);
    const { value, done } = await given.next();
    if (done === true) {
      output.misused(cliOutputWords.noAnswer(question));
      return undefined;
    }
    const answer = value.trim() === '' && usual !== null ? usual : value.trim();
    if (fits(answer)) return answer;
    const wrong = cliOutputWords.notAnswered(question, cell(answer));
    if (stdin.isTTY) output.tell(output.say(wrong));
    else {
      output.misused(wrong);
      return undefined;
    }
  }
}
