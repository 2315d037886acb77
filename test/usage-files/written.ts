// Small files in a folder of their own, and what is read from them.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { noteWords } from '../../src/usage-files/notes.ts';
import { readUsageFile, type UsageReading } from '../../src/usage-files/read.ts';
import type { UsageRow } from '../../src/usage-files/row.ts';

const folder = mkdtempSync(join(tmpdir(), 'suanpan-files-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let files = 0;

export function written(content: string | Uint8Array, name = 'calls.csv'): string {
  files += 1;
  const path = join(folder, `${files}-${name}`);
  writeFileSync(path, content);
  return path;
}

export async function readRows(
  content: string | Uint8Array,
  { name, ...reading }: UsageReading & { readonly name?: string } = {},
): Promise<{ rows: UsageRow[]; notes: string[] }> {
  const file = readUsageFile(written(content, name), reading);
  const rows: UsageRow[] = [];
  for await (const batch of file) rows.push(...batch);
  return { rows, notes: noteWords('calls', file.notes).map(({ en }) => en.replace('calls: ', '')) };
}

/** Line and id of each row, or line and what is wrong with it. */
export const told = (rows: readonly UsageRow[]) =>
  rows.map(({ line, event, problem }) => [line, event?.id ?? problem?.code]);

/** UTF-16 with a mark or without; big end first where asked for. */
export function utf16(text: string, { mark = true, big = false } = {}): Buffer {
  const bytes = Buffer.from(mark ? `\uFEFF${text}` : text, 'utf16le');
  return big ? bytes.swap16() : bytes;
}

const gbLetters: ReadonlyMap<string, readonly number[]> = new Map([
  ['贷', [0xb4, 0xfb]],
  ['款', [0xbf, 0xee]],
  ['部', [0xb2, 0xbf]],
  ['甲', [0xbc, 0xd7]],
  ['包', [0xb0, 0xfc]],
]);

/** Text in GB18030: plain letters and the few Chinese ones above. */
export const gb18030 = (text: string): Buffer =>
  Buffer.from([...text].flatMap((letter) => gbLetters.get(letter) ?? [letter.charCodeAt(0)]));
