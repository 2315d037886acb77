// A bill's lines as files for people. The same bill in the same language gives the same bytes.

import { stringify } from 'csv-stringify/sync';
import type { BillDocument } from '../core/bill-document.ts';
import type { Words } from '../core/price-book.ts';
import { arithmeticOf } from '../words/arithmetic.ts';
import { lineColumns } from '../words/bill-columns.ts';

type Language = keyof Words;

/** Text that a spreadsheet would take for a formula gets an apostrophe in front. */
export const defused = (text: string): string => (/^[=+\-@\t\r＝＋－＠]/.test(text) ? `'${text}` : text);

type Cell = string | number | bigint;

/** The bill's lines and then its totals, in the columns of `lineColumns`: figures, ids and codes, the same bytes for ever. */
function lineRows({ lines, ...bill }: BillDocument): Cell[][] {
  const rows = lines.map((line): Cell[] => [
    line.kind,
    'month' in line ? line.month : bill.month,
    'tariff' in line ? (line.tariff ?? line.meter ?? '') : '',
    'product' in line ? line.product : '',
    'pack' in line ? line.pack : '',
    'calls' in line ? line.calls : 'size' in line ? line.size : '',
    'tier' in line ? (line.tier ?? '') : '',
    'unitPrice' in line ? (line.unitPrice ?? '') : '',
    line.amount ?? '',
    arithmeticOf(line),
  ]);
  const { month, prepaid, postpaid, adjustments, total } = bill;
  const totals = Object.entries({ prepaid, postpaid, adjustments, total });
  return [...rows, ...totals.map(([name, amount]): Cell[] => [name, month, '', '', '', '', '', '', amount ?? '', ''])];
}

/** The bill's lines and totals as CSV. Columns: docs/reference/exports.md. */
export function exportLines(document: BillDocument, language: Language): string {
  const rows = lineRows(document).map((row) => row.map((cell, at) => (at === 4 ? defused(String(cell)) : cell)));
  return stringify([lineColumns[language], ...rows]);
}

/** The same as an Excel workbook: text as text, counts and amounts as numbers. */
export async function exportWorkbook(document: BillDocument, language: Language): Promise<Buffer> {
  const { default: writeWorkbook } = await import('write-excel-file/node');
  const text = (value: string) => ({ value, type: String }) as const;
  /** Excel keeps fifteen digits: what has more is text, exact to the last. */
  const number = (cell: Cell, format: string) => {
    if (cell === '') return null;
    const digits = String(cell).replace(/\D/g, '').length;
    return digits > 15 ? text(String(cell)) : ({ value: Number(cell), type: Number, format } as const);
  };
  const rows = lineRows(document).map((row) => [
    ...row.slice(0, 5).map((cell) => text(String(cell))),
    number(row[5] ?? '', '#,##0'),
    number(row[6] ?? '', '0'),
    text(String(row[7])),
    number(row[8] ?? '', '#,##0.00'),
    text(String(row[9])),
  ]);
  const head = lineColumns[language].map((value) => ({ value, type: String, fontWeight: 'bold' as const }));
  return undated(await writeWorkbook([head, ...rows], { sheet: document.month }).toBuffer());
}

const [endOfDirectory, directoryEntry] = [0x06054b50, 0x02014b50];
/** Midnight of 1 January 1980, the first moment that a ZIP file can name. */
const [noTime, firstDay] = [0, 0x21];

/** A ZIP file without the times of its entries, which are those of its making. */
function undated(file: Buffer): Buffer {
  let end = file.length - 22;
  while (file.readUInt32LE(end) !== endOfDirectory) end -= 1;
  let at = file.readUInt32LE(end + 16);
  while (file.readUInt32LE(at) === directoryEntry) {
    const entry = file.readUInt32LE(at + 42);
    for (const place of [at + 12, entry + 10]) {
      file.writeUInt16LE(noTime, place);
      file.writeUInt16LE(firstDay, place + 2);
    }
    at += 46 + file.readUInt16LE(at + 28) + file.readUInt16LE(at + 30) + file.readUInt16LE(at + 32);
  }
  return file;
}
