// What was found out about a file on the way and is no fault: told on stderr, so that nothing is passed over in silence.

import type { Words } from '../core/price-book.ts';
import { columnsWords } from '../words/columns.ts';
import { faceidWords } from '../words/faceid.ts';
import { usageFilesWords } from '../words/usage-files.ts';
import { type Encoding, encodingWords } from './encoding.ts';
import type { TokenStates } from './faceid/token.ts';
import type { Header } from './header.ts';

/** Grows while a file is read. */
export interface FileNotes {
  encoding: Encoding;
  /** Line of the header, where lines stand above it. */
  headerLine: number | undefined;
  /** Sums, remarks and repeated headers: how many, and where the first of them stands. */
  passedOver: number;
  firstPassedOver: number;
  /** Columns that nobody looks at. */
  columns: readonly string[];
  /** The sheet that was read, where a workbook has others. */
  sheet: string | undefined;
  /** What was taken for what, where names were mapped: names of the file and fields. */
  mapped: readonly (readonly [string, string])[];
  /** Rows that the map does not mean: how many, and where the first of them stands. */
  skipped: number;
  firstSkipped: number;
  /** What became of FaceID's tokens, where the file has such. */
  tokens: TokenStates | undefined;
}

export const noNotes = (): FileNotes => ({
  encoding: 'UTF-8',
  headerLine: undefined,
  passedOver: 0,
  firstPassedOver: 0,
  columns: [],
  sheet: undefined,
  mapped: [],
  skipped: 0,
  firstSkipped: 0,
  tokens: undefined,
});

export function passOver(notes: FileNotes, line: number): void {
  if (notes.passedOver === 0) notes.firstPassedOver = line;
  notes.passedOver += 1;
}

export function skipRow(notes: FileNotes, line: number): void {
  if (notes.skipped === 0) notes.firstSkipped = line;
  notes.skipped += 1;
}

/** Where the header stands, what its columns were taken for, and which of them nobody looks at. */
export function noteHeader(notes: FileNotes, { columns, titles }: Header, line: number): void {
  if (line > 1) notes.headerLine = line;
  const named = titles.map((title, index) => [title, columns[index]] as const);
  const mapped = named.filter((pair): pair is readonly [string, string] => typeof pair[1] === 'string');
  if (mapped.some(([title, field]) => title !== field)) notes.mapped = mapped.filter(([title]) => title !== '');
  notes.columns = named.flatMap(([title, field]) => (field === null ? [title] : []));
}

export function noteWords(path: string, notes: FileNotes): Words[] {
  const { encoding, headerLine, passedOver, firstPassedOver, columns, sheet, tokens } = notes;
  const { mapped, skipped, firstSkipped } = notes;
  const found: Words[] = [];
  if (encoding !== 'UTF-8') found.push(encodingWords(encoding));
  if (sheet !== undefined) found.push(usageFilesWords.onlyTheSheetIsRead(sheet));
  if (headerLine !== undefined) {
    found.push(usageFilesWords.headerIsLine(headerLine));
  }
  if (mapped.length > 0) {
    found.push(columnsWords.columnsAreReadAs(mapped.map(([title, field]) => `${title} → ${field}`).join(', ')));
  }
  if (passedOver > 0) {
    found.push(usageFilesWords.linesPassedOver(passedOver, firstPassedOver));
  }
  if (skipped > 0) found.push(columnsWords.rowsSkipped(skipped, firstSkipped));
  if (columns.length > 0) {
    found.push(usageFilesWords.columnsNotLookedAt(columns.join('、'), columns.join(', ')));
  }
  if (tokens !== undefined) found.push(...tokenWords(tokens));
  return found.map(({ zh, en }) => ({ zh: `${path}：${zh}`, en: `${path}: ${en}` }));
}

/** Tokens whose attempts may not all be there. */
export const tokenWords = ({ early, never, untold }: TokenStates): Words[] => [
  ...(early.length + never.length > 0 ? [faceidWords.tokensNotWhole(early, never)] : []),
  ...(untold.length > 0 ? [faceidWords.tokensUntold(untold.length, untold)] : []),
];
