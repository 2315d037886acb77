// What the server's contract refuses in a row that a file may hold. Straight into the database the same rows are refused.

import { nameOf } from '../../core/event-name.ts';
import { dotsWords, isDots } from '../../core/safe-text.ts';
import type { FileEvent } from '../../usage-files/row.ts';
import { type RowProblem, rowProblem } from '../../usage-files/row-problem.ts';

export function refusedByContract({ id, facts }: FileEvent): RowProblem | undefined {
  if (isDots(nameOf(id).id)) return rowProblem('UNSAFE_TEXT', '/id', `id ${dotsWords.zh}`, `id ${dotsWords.en}`);
  if (facts === null || facts.resultCode !== null) return undefined;
  return rowProblem('MISSING', '/resultCode', '有 action 时须有 resultCode', 'resultCode is missing beside action');
}
