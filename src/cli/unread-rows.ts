// Rows of a file that cannot be read, as people are told of them: line, column, what stands there, what to write, and the code.

import type { Words } from '../core/price-book.ts';
import { cliUsageWords } from '../words/cli/usage.ts';
import type { Output } from './output.ts';

interface UnreadRow extends Words {
  readonly line: number;
  readonly code: string;
  readonly pointer: string;
}

/** `problems` are the first of `count` rows. Programs get them with the answer. */
export function tellUnread(count: number, problems: readonly UnreadRow[], output: Output): void {
  if (output.json) return;
  for (const { line, code, pointer, ...words } of problems) {
    output.tell(`  ${output.say(cliUsageWords.inRow(line, pointer.slice(1), words))}  [${code}]`);
  }
  const more = count - problems.length;
  if (more > 0) output.tell(`  ${output.say(cliUsageWords.andMoreRows(more))}`);
}
