// A bill's lines as files for people. The same bill in the same language gives the same bytes.

import { stringify } from 'csv-stringify/sync';

export interface LineDocument {
  readonly kind: string;
  readonly month?: string;
  readonly tariff?: string | null;
  readonly meter?: string;
  readonly product?: string;
  readonly pack?: string;
  readonly calls?: number | bigint;
  readonly size?: number | bigint;
  readonly tier?: number | null;
  readonly unitPrice?: string | null;
  readonly amount: string | null;
  readonly formula: { readonly zh: string; readonly en: string };
}

/** Text that a spreadsheet would take for a formula gets an apostrophe in front. */
export const defused = (text: string): string => (/^[=+\-@\t\r＝＋－＠]/.test(text) ? `'${text}` : text);

const lineColumns = {
  zh: ['类型', '账期', '计费项', '产品', '资源包', '次数', '阶梯', '单价', '金额', '说明'],
  en: ['kind', 'month', 'tariff', 'product', 'pack', 'calls', 'tier', 'unit_price', 'amount', 'formula'],
};

type Cell = string | number | bigint;

/** The bill's lines and then its totals, in the columns of `lineColumns`. */
function lineRows(document: Record<string, unknown>, language: 'zh' | 'en'): Cell[][] {
  const bill = document as unknown as { readonly month: string; readonly lines: readonly LineDocument[] };
  const rows = bill.lines.map((line): Cell[] => [
    line.kind,
    line.month ?? bill.month,
    line.tariff ?? line.meter ?? '',
    line.product ?? '',
    line.pack ?? '',
    line.calls ?? line.size ?? '',
    line.tier ?? '',
    line.unitPrice ?? '',
    line.amount ?? '',
    line.formula[language],
  ]);
  const totals = ['prepaid', 'postpaid', 'adjustments', 'total'].map((name): Cell[] => {
    const amount = document[name];
    return [name, bill.month, '', '', '', '', '', '', typeof amount === 'string' ? amount : '', ''];
  });
  return [...rows, ...totals];
}

/** The bill's lines and totals as CSV. Columns: docs/reference/exports.md. */
export function exportLines(document: Record<string, unknown>, language: 'zh' | 'en'): string {
  const rows = lineRows(document, language).map((row) =>
    row.map((cell, at) => (at === 4 ? defused(String(cell)) : cell)),
  );
  return stringify([lineColumns[language], ...rows]);
}

/** The same as an Excel workbook: text as text, counts and amounts as numbers. */
export async function exportWorkbook(document: Record<string, unknown>, language: 'zh' | 'en'): Promise<Buffer> {
  const { default: writeWorkbook } = await import('write-excel-file/node');
  const text = (value: string) => ({ value, type: String }) as const;
  /** Excel keeps fifteen digits: what has more is text, exact to the last. */
  const number = (cell: Cell, format: string) => {
    if (cell === '') return null;
    const digits = String(cell).replace(/\D/g, '').length;
    return digits > 15 ? text(String(cell)) : ({ value: Number(cell), type: Number, format } as const);
  };
  const rows = lineRows(document, language).map((row) => [
    ...row.slice(0, 5).map((cell) => text(String(cell))),
    number(row[5] ?? '', '#,##0'),
    number(row[6] ?? '', '0'),
    text(String(row[7])),
    number(row[8] ?? '', '#,##0.00'),
    text(String(row[9])),
  ]);
  const head = lineColumns[language].map((value) => ({ value, type: String, fontWeight: 'bold' as const }));
  return undated(await writeWorkbook([head, ...rows], { sheet: String(document.month) }).toBuffer());
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
