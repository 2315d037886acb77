// What the server's contract refuses in a row that a file may hold. Straight into the database the same rows are refused.

import { nameOf } from '../../core/event-name.ts';
import { dotsWords, isDots } from '../../core/safe-text.ts';
import type { ParsedEvent } from '../../usage-files/row.ts';
import { type RowProblem, rowProblem } from '../../usage-files/row-problem.ts';

const longest: readonly (readonly [keyof ParsedEvent, number])[] = [
  ['account', 64],
  ['meter', 100],
  ['department', 100],
  ['action', 100],
  ['channel', 100],
  ['library', 100],
  ['resultCode', 100],
];

export function refusedByContract(event: ParsedEvent): RowProblem | undefined {
  const { id } = nameOf(event.id);
  if (id.length > 200) return tooLong('id', 200);
  for (const [field, most] of longest) {
    const text = event[field];
    if (typeof text === 'string' && text.length > most) return tooLong(field, most);
  }
  if (isDots(id)) return rowProblem('UNSAFE_TEXT', '/id', `id ${dotsWords.zh}`, `id ${dotsWords.en}`);
  if (event.meter !== undefined || event.resultCode !== undefined) return undefined;
  return rowProblem('MISSING', '/resultCode', '有 action 时须有 resultCode', 'resultCode is missing beside action');
}

const tooLong = (field: string, most: number): RowProblem =>
  rowProblem('OUT_OF_RANGE', `/${field}`, `${field} 超过 ${most} 个字符`, `${field} is over ${most} characters`);
