// What was found out about a file on the way and is no fault: told on stderr, so that nothing is passed over in silence.

import type { Words } from '../core/price-book.ts';
import { faceidWords } from '../words/faceid.ts';
import { usageFilesWords } from '../words/usage-files.ts';
import { type Encoding, encodingWords } from './encoding.ts';
import type { TokenStates } from './faceid/token.ts';

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
  tokens: undefined,
});

export function passOver(notes: FileNotes, line: number): void {
  if (notes.passedOver === 0) notes.firstPassedOver = line;
  notes.passedOver += 1;
}

export function noteWords(path: string, notes: FileNotes): Words[] {
  const { encoding, headerLine, passedOver, firstPassedOver, columns, sheet, tokens } = notes;
  const found: Words[] = [];
  if (encoding !== 'UTF-8') found.push(encodingWords(encoding));
  if (sheet !== undefined) found.push(usageFilesWords.onlyTheSheetIsRead(sheet));
  if (headerLine !== undefined) {
    found.push(usageFilesWords.headerIsLine(headerLine));
  }
  if (passedOver > 0) {
    found.push(usageFilesWords.linesPassedOver(passedOver, firstPassedOver));
  }
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
