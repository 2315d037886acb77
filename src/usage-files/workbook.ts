// An Excel workbook → rows of cells as text. Numbers keep the fifteen digits that Excel has; days and times are written out.

import { unzipSync } from 'fflate';
import { type CellValue, default as readWorkbook } from 'read-excel-file/universal';
import { usageFilesWords } from '../words/usage-files.ts';
import { type Header, type HeaderRule, HeaderSearch } from './header.ts';
import { type FileNotes, noteHeader } from './notes.ts';
import { FileTrouble } from './row-problem.ts';

export interface Sheet {
  readonly header: Header;
  /** The rows under the header; `line` is Excel's number of the row. */
  readonly rows: readonly { readonly line: number; readonly cells: readonly string[] }[];
}

/** The one sheet that has the columns. Undefined: the workbook holds nothing. */
export async function readSheet(
  path: string,
  bytes: Buffer,
  rule: HeaderRule,
  notes: FileNotes,
): Promise<Sheet | undefined> {
  if (unpackedSize(path, bytes) > mostUnpacked) throw tooLarge(path);
  const sheets = await sheetsOf(path, bytes);
  let missing: FileTrouble | undefined;
  const found = sheets.flatMap(({ name, rows }) => {
    const search = new HeaderSearch(path, rule);
    for (const [index, { cells, line }] of rows.entries()) {
      const header = search.tryCells(cells, line);
      if (header !== undefined) return [{ name, header, line, rows: rows.slice(index + 1) }];
    }
    if (!search.isEmpty) missing ??= search.notFound();
    return [];
  });
  const [chosen, other] = found;
  if (other !== undefined) {
    const names = found.map(({ name }) => name);
    throw new FileTrouble(
      'SEVERAL_SHEETS',
      usageFilesWords.severalSheetsHaveTheseColumns(path, names.join('、'), names.join(', ')),
    );
  }
  if (chosen === undefined && missing !== undefined) throw missing;
  if (chosen === undefined) return undefined;
  if (sheets.length > 1) notes.sheet = chosen.name;
  noteHeader(notes, chosen.header, chosen.line);
  const width = chosen.header.columns.length;
  const rows = chosen.rows.map(({ line, cells }) => ({ line, cells: padded(cells, width) }));
  return { header: chosen.header, rows };
}

/** A workbook is read whole, at some eight times its unpacked size; some 400,000 rows. */
const mostUnpacked = 96 * 1024 * 1024;

const tooLarge = (path: string): FileTrouble =>
  new FileTrouble('TOO_LARGE', usageFilesWords.workbookIsOver96MibWhen(path));

/** As its directory says; the decompressor takes no more. */
function unpackedSize(path: string, bytes: Buffer): number {
  let size = 0;
  try {
    unzipSync(bytes, {
      filter: ({ originalSize }) => {
        size += originalSize;
        return false;
      },
    });
  } catch (error) {
    throw unreadable(path, error);
  }
  return size;
}

const unreadable = (path: string, cause: unknown): FileTrouble =>
  new FileTrouble('NOT_READABLE', usageFilesWords.excelWorkbookCannotBeRead(path), cause);

const padded = (cells: readonly string[], width: number): readonly string[] =>
  cells.length >= width ? cells : [...cells, ...new Array<string>(width - cells.length).fill('')];

async function sheetsOf(path: string, bytes: Buffer) {
  try {
    const own = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length);
    const sheets = await readWorkbook(own as never, { parseNumber: excelNumber });
    return sheets.map(({ sheet, data }) => ({
      name: sheet,
      rows: data.map((cells, index) => ({ line: index + 1, cells: cells.map(textOf) })),
    }));
  } catch (error) {
    throw unreadable(path, error);
  }
}

/** Files hold seventeen digits of a number, of which Excel means fifteen: 0.28000000000000003 is 0.28. A longer one stays marked. */
function excelNumber(text: string): string {
  const number = Number(text);
  if (!Number.isFinite(number)) return text;
  if (Math.abs(number) >= 1e15) return number.toExponential().replace(/e\+?/, 'E+');
  const rounded = String(Number(number.toPrecision(15)));
  return rounded.includes('e') ? number.toFixed(12).replace(/\.?0+$/, '') : rounded;
}

function textOf(value: CellValue<string> | null): string {
  if (value === null) return '';
  if ((value as unknown) instanceof Date) {
    const text = (value as unknown as Date)
      .toISOString()
      .slice(0, -1)
      .replace('T', ' ')
      .replace(/\.000$/, '');
    return text.replace(/ 00:00:00$/, '');
  }
  return String(value);
}
