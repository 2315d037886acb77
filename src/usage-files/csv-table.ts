// Small CSV files with a header, read whole: the packs one bought, the bill one was sent.

import { readFileSync, statSync } from 'node:fs';
import { CsvError, parse } from 'csv-parse/sync';
import { FileTrouble } from './problem.ts';

export interface TableRow {
  /** Counts from 1, the header included. */
  readonly line: number;
  /** The trimmed text of a column; empty where the cell is empty or the file has no such column. */
  readonly cell: (column: string) => string;
}

const largest = 64 * 1024 * 1024;

/** The rows of a CSV file under its header. Throws FileTrouble for a file that is none, or that has other columns than it may. */
export function readTable(
  path: string,
  columns: { readonly required: readonly string[]; readonly optional: readonly string[] },
): TableRow[] {
  const rows = readRecords(path);
  const header = rows[0]?.record.map((name) => name.trim()) ?? [];
  const known = [...columns.required, ...columns.optional];
  const unknown = header.filter((name) => !known.includes(name));
  const missing = columns.required.filter((name) => !header.includes(name));
  if (unknown.length > 0 || missing.length > 0 || new Set(header).size < header.length) {
    throw new FileTrouble('BAD_HEADER', {
      zh: `${path}：表头有误${listed('，缺少', missing)}${listed('，未知', unknown)}。可用的列：${known.join(', ')}`,
      en: `${path}: bad header${listed(', missing', missing)}${listed(', unknown', unknown)}. Columns: ${known.join(', ')}`,
    });
  }
  return rows.slice(1).flatMap(({ record, info }) => {
    if (record.every((cell) => cell.trim() === '')) return [];
    if (record.length !== header.length) throw unevenRow(path, info.lines);
    return [{ line: info.lines, cell: (column) => record[header.indexOf(column)]?.trim() ?? '' }];
  });
}

const listed = (word: string, names: readonly string[]): string =>
  names.length === 0 ? '' : `${word} ${names.map((name) => name || '""').join(', ')}`;

function readRecords(path: string): { record: string[]; info: { lines: number } }[] {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === undefined) throw new FileTrouble('NOT_FOUND', { zh: `没有文件 ${path}`, en: `no file ${path}` });
  if (!found.isFile() || found.size > largest) {
    throw new FileTrouble('NOT_READABLE', { zh: `${path} 不是 CSV 文件`, en: `${path} is not a CSV file` });
  }
  try {
    const bytes = readFileSync(path);
    return parse(bytes, { bom: true, info: true, relaxColumnCount: true, skipEmptyLines: true }) as never;
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    throw new FileTrouble(
      'NOT_READABLE',
      { zh: `${path}：CSV 有误：${error.message}`, en: `${path}: bad CSV: ${error.message}` },
      error,
    );
  }
}

const unevenRow = (path: string, line: number): FileTrouble =>
  new FileTrouble('NOT_READABLE', {
    zh: `${path} 第 ${line} 行：单元格数与表头不同`,
    en: `${path} line ${line}: not as many cells as columns`,
  });
