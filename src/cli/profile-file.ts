// A usage profile: a CSV file with the columns month, meter and calls. What the rows say is checked by the planner.

import { readFileSync } from 'node:fs';
import { CsvError, parse } from 'csv-parse/sync';
import type { Words } from '../core/price-book.ts';
import type { Output } from './output.ts';

export interface ProfileRow {
  readonly month: string;
  readonly meter: string;
  readonly calls: string;
}

const columns = ['month', 'meter', 'calls'] as const;

/** The rows, or undefined when the command has been ended. */
export async function readProfile(file: string, output: Output): Promise<readonly ProfileRow[] | undefined> {
  const text = readText(file);
  const rows = typeof text === 'string' ? parseProfile(text) : text;
  if (!('zh' in rows)) return rows;
  output.fail(
    text === rows ? 3 : 2,
    { zh: `${file}：${rows.zh}`, en: `${file}: ${rows.en}` },
    text === rows ? 'NOT_FOUND' : 'INVALID_INPUT',
    '/profile',
  );
  return undefined;
}

function readText(file: string): string | Words {
  try {
    return readFileSync(file === '-' ? 0 : file, 'utf8');
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { zh: `读不了（${reason}）`, en: `cannot be read (${reason})` };
  }
}

function parseProfile(text: string): readonly ProfileRow[] | Words {
  try {
    const [head = [], ...rows] = parse(text, {
      bom: true,
      trim: true,
      skip_empty_lines: true,
      relax_column_count: false,
    }) as string[][];
    if (head.length === 0) return [];
    const missing = columns.filter((name) => !head.includes(name));
    if (missing.length > 0 || head.length !== columns.length) {
      const header = columns.join(',');
      return {
        zh: `第一行须为 ${header}，实为 ${head.join(',')}`,
        en: `the first line must be ${header}, not ${head.join(',')}`,
      };
    }
    const field = (row: readonly string[], name: (typeof columns)[number]): string => row[head.indexOf(name)] ?? '';
    return rows.map((row) => ({ month: field(row, 'month'), meter: field(row, 'meter'), calls: field(row, 'calls') }));
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    return { zh: `不是 CSV：${error.message}`, en: `not CSV: ${error.message}` };
  }
}
