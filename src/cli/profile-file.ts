// A usage profile: a table with the columns month, meter and calls. Which meters there are is the planner's business.

import { readMonth, readWhole, shown } from '../usage-files/cells.ts';
import { noteWords } from '../usage-files/notes.ts';
import { FileTrouble } from '../usage-files/row-problem.ts';
import { readTable, type TableRow } from '../usage-files/table.ts';
import { exitCodes, type Output } from './output.ts';

export interface ProfileRow {
  readonly month: string;
  readonly meter: string;
  readonly calls: string;
}

const columns = { required: ['month', 'meter', 'calls'], optional: [], passOver: [] };

/** The rows, or undefined when the command has been ended. */
export async function readProfile(file: string, output: Output): Promise<readonly ProfileRow[] | undefined> {
  try {
    const { rows, notes } = await readTable(file, columns, 'meter');
    for (const words of noteWords(file, notes)) output.tell(output.say(words));
    return rows.map((row) => profileRow(file, row));
  } catch (error) {
    if (!(error instanceof FileTrouble)) throw error;
    output.fail(error.code === 'NOT_FOUND' ? exitCodes.notFound : exitCodes.usage, error.words, error.code, '/profile');
    return undefined;
  }
}

function profileRow(file: string, { line, cell }: TableRow): ProfileRow {
  const wrong = (column: string, zh: string, en: string) => {
    const found = shown(cell(column));
    return new FileTrouble('NOT_READABLE', {
      zh: `${file} 第 ${line} 行，列 ${column}：${found}：${zh}`,
      en: `${file} line ${line}, column ${column}: ${found}: ${en}`,
    });
  };
  const month = readMonth(cell('month'));
  if (month === undefined) throw wrong('month', '请写成 2026-01', 'write it as 2026-01');
  const calls = readWhole(cell('calls'));
  if (calls === undefined) throw wrong('calls', '请写成整数，如 25000', 'write a whole number such as 25000');
  if (cell('meter') === '') throw wrong('meter', '请写计量项，如 identity', 'write a meter such as identity');
  return { month, meter: cell('meter'), calls: String(calls) };
}
