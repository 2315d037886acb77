// A usage profile: a table with the columns month, meter and calls. Which meters there are is the planner's business.

import type { Words } from '../core/price-book.ts';
import { readMonth, readWhole, shown } from '../usage-files/cells.ts';
import type { ColumnMap } from '../usage-files/columns.ts';
import { onDisk } from '../usage-files/disk.ts';
import { noteWords } from '../usage-files/notes.ts';
import { FileTrouble } from '../usage-files/row-problem.ts';
import { tableFields } from '../usage-files/table-fields.ts';
import { type Table, type TableRow, tableOf } from '../usage-files/table-of.ts';
import { cliPlanWords } from '../words/cli/plan.ts';
import { about } from '../words/words.ts';
import { exitCodes, type Output } from './output.ts';

export interface ProfileRow {
  readonly month: string;
  readonly meter: string;
  readonly calls: string;
}

/** The rows, or undefined when the command has been ended. */
export async function readProfile(
  file: string,
  map: ColumnMap | undefined,
  output: Output,
): Promise<readonly ProfileRow[] | undefined> {
  try {
    const { rows, notes, title } = await tableOf(onDisk(file), { ...tableFields.profile, passOver: [], map }, 'meter');
    for (const words of noteWords(file, notes)) output.tell(output.say(words));
    return rows.map((row) => profileRow(file, row, title));
  } catch (error) {
    if (!(error instanceof FileTrouble)) throw error;
    output.fail(error.code === 'NOT_FOUND' ? exitCodes.notFound : exitCodes.usage, error.words, error.code, '/profile');
    return undefined;
  }
}

function profileRow(file: string, { line, cell }: TableRow, title: Table['title']): ProfileRow {
  const wrong = (column: string, told: Words) => {
    const found = shown(cell(column));
    return new FileTrouble('NOT_READABLE', cliPlanWords.inCell(file, line, title(column), about(found, told)));
  };
  const month = readMonth(cell('month'));
  if (month === undefined) throw wrong('month', cliPlanWords.writeItAs202601);
  const calls = readWhole(cell('calls'));
  if (calls === undefined) throw wrong('calls', cliPlanWords.writeAWholeNumberSuchAs);
  if (cell('meter') === '') throw wrong('meter', cliPlanWords.writeAMeterSuchAsIdentity);
  return { month, meter: cell('meter'), calls: String(calls) };
}
