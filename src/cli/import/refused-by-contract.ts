// What the server's contract refuses in a row that a file may hold. Straight into the database the same rows are refused.

import { type RowProblem, rowProblem } from '../../usage-files/problem.ts';
import type { ParsedEvent } from '../../usage-files/row.ts';

const longest: readonly (readonly [keyof ParsedEvent, number])[] = [
  ['id', 200],
  ['account', 64],
  ['meter', 100],
  ['department', 100],
  ['action', 100],
  ['channel', 100],
  ['library', 100],
  ['resultCode', 100],
];

export function refusedByContract(event: ParsedEvent): RowProblem | undefined {
  for (const [field, most] of longest) {
    const text = event[field];
    if (typeof text !== 'string') continue;
    if (text.length > most) {
      return rowProblem(
        'OUT_OF_RANGE',
        `/${field}`,
        `${field} 超过 ${most} 个字符`,
        `${field} is over ${most} characters`,
      );
    }
  }
  if (event.meter !== undefined || event.resultCode !== undefined) return undefined;
  return rowProblem('MISSING', '/resultCode', '有 action 时须有 resultCode', 'resultCode is missing beside action');
}
