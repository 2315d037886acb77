// What the server's contract refuses in a row that a file may hold. Straight into the database the same rows are refused.

import { nameOf } from '../../core/event-name.ts';
import { isDots } from '../../core/safe-text.ts';
import type { FileEvent } from '../../usage-files/row.ts';
import { type RowProblem, rowProblem } from '../../usage-files/row-problem.ts';
import { cliUsageFilesWords } from '../../words/cli/usage-files.ts';
import { dotsWords } from '../../words/name-flaws.ts';
import { words } from '../../words/words.ts';

export function refusedByContract({ id, facts }: FileEvent): RowProblem | undefined {
  if (isDots(nameOf(id).id)) return rowProblem('UNSAFE_TEXT', '/id', words(`id ${dotsWords.zh}`, `id ${dotsWords.en}`));
  if (facts === null || facts.resultCode !== null) return undefined;
  return rowProblem('MISSING', '/resultCode', cliUsageFilesWords.resultcodeIsMissingBesideAction);
}
