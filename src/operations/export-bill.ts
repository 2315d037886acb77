// A bill's lines as files for people. The same bill in the same language gives the same bytes.

import { stringify } from 'csv-stringify/sync';
import { strFromU8, strToU8, unzipSync, zipSync } from 'fflate';
import type { BillDocument } from '../core/bill-document.ts';
import type { Words } from '../core/price-book.ts';
import { arithmeticOf } from '../words/arithmetic.ts';
import { lineColumns } from '../words/bill-columns.ts';
import { unitPriceText } from '../words/figures.ts';
import { amountFormat, numberCell, priceFormat, textCell, titleCell } from './workbook.ts';

type Language = keyof Words;

/** Text that a spreadsheet would take for a formula gets an apostrophe in front. */
export const defused = (text: string): string => (/^[=+\-@\t\r＝＋－＠]/.test(text) ? `'${text}` : text);

type Cell = string | number | bigint;

/** The bill's lines and then its totals, in the columns of `lineColumns`: figures, ids and codes, the same bytes for ever. */
function lineRows({ lines, ...bill }: BillDocument): Cell[][] {
  const rows = lines.map((line): Cell[] => [
    line.kind,
    'month' in line ? line.month : 'day' in line ? (line.day ?? bill.month) : bill.month,
    'tariff' in line ? (line.tariff ?? ('meter' in line ? line.meter : '') ?? '') : '',
    'product' in line ? line.product : '',
    'pack' in line ? line.pack : '',
    'calls' in line ? line.calls : 'size' in line ? line.size : '',
    'tier' in line ? (line.tier ?? '') : '',
    'unitPrice' in line ? unitPriceText(line) : '',
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

/** 1: prices as text, totals as numbers. 2: prices as numbers, totals as formulas with what they come to. Bills keep the layout that they were closed with. */
export const latestLayout = 2;

/** Which lines each total sums, as a formula over the rows of the lines; `total` sums the three above it. */
function formulaOf(name: string, { length, hasFees }: { readonly length: number; readonly hasFees: boolean }): string {
  const [kinds, amounts] = [`$A$2:$A$${length + 1}`, `$I$2:$I$${length + 1}`];
  const sumOf = (kind: string) => `SUMIF(${kinds},"${kind}",${amounts})`;
  switch (name) {
    case 'prepaid':
      return `${sumOf('pack')}+${sumOf('pack_refund')}`;
    case 'postpaid':
      return hasFees ? `${sumOf('postpaid')}+${sumOf('fee')}` : sumOf('postpaid');
    case 'adjustments':
      return sumOf('adjustment');
    default:
      return `SUM(I${length + 2}:I${length + 4})`;
  }
}

/**
 * What stands in a cell of a total beside its formula: programs that compute none show it. The library writes none.
 * `<c r="I5"…><f>…</f></c>` becomes `<c r="I5"…><f>…</f><v>12.00</v></c>`.
 */
function withValues(file: Buffer, values: ReadonlyMap<string, string>): Buffer {
  const parts = unzipSync(file);
  const [sheet] = Object.keys(parts).filter((name) => /worksheets\/sheet1\.xml$/.test(name));
  if (sheet === undefined) throw new Error('a workbook without a sheet');
  const text = strFromU8(parts[sheet] ?? new Uint8Array());
  const filled = text.replaceAll(
    /<c r="(I\d+)"([^>]*)><f>([^<]*)<\/f><\/c>/g,
    (cell, at: string, rest: string, formula: string) => {
      const value = values.get(at);
      return value === undefined ? cell : `<c r="${at}"${rest}><f>${formula}</f><v>${value}</v></c>`;
    },
  );
  return Buffer.from(zipSync({ ...parts, [sheet]: strToU8(filled) }, { mtime: '1980-01-01T12:00:00', level: 0 }));
}

/** The same as an Excel workbook: text as text, counts and amounts as numbers. */
export async function exportWorkbook(document: BillDocument, language: Language, layout: number): Promise<Buffer> {
  const { default: writeWorkbook } = await import('write-excel-file/node');
  const lines = document.lines.length;
  const hasFees = document.lines.some(({ kind }) => kind === 'fee');
  const values = new Map<string, string>();
  const amount = (cell: Cell, row: number, name: Cell) => {
    const plain = numberCell(cell, amountFormat(document.currency));
    if (layout === 1 || row < lines || lines === 0 || plain === null || plain.type !== Number) return plain;
    values.set(`I${row + 2}`, String(cell));
    const format = amountFormat(document.currency);
    return { value: formulaOf(String(name), { length: lines, hasFees }), type: 'Formula', format } as const;
  };
  const rows = lineRows(document).map((row, at) => [
    ...row.slice(0, 5).map((cell) => textCell(String(cell))),
    numberCell(row[5] ?? '', '#,##0'),
    numberCell(row[6] ?? '', '0'),
    layout === 1 ? textCell(String(row[7])) : numberCell(row[7] ?? '', priceFormat(document.currency)),
    amount(row[8] ?? '', at, row[0] ?? ''),
    textCell(String(row[9])),
  ]);
  const head = lineColumns[language].map(titleCell);
  const file = await writeWorkbook([head, ...rows], { sheet: document.month }).toBuffer();
  return layout === 1 ? undated(file) : withValues(file, values);
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
