// Rows of a file that cannot be read, as people are told of them: line, column, what stands there, what to write, and the code.

import type { Words } from '../core/price-book.ts';
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
    const column = pointer.slice(1);
    const [zh, en] = column === '' ? ['', ''] : [`，列 ${column}`, `, column ${column}`];
    const told = output.say({ zh: `第 ${line} 行${zh}：${words.zh}`, en: `line ${line}${en}: ${words.en}` });
    output.tell(`  ${told}  [${code}]`);
  }
  const more = count - problems.length;
  if (more > 0) output.tell(`  ${output.say({ zh: `…另有 ${more} 行`, en: `… and ${more} more rows` })}`);
}
