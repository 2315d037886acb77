// The guide's example is run as it stands there, in both languages.

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { isBook, readBook } from '../../src/book/shelf.ts';
import { readBill } from '../../src/reconcile/bill-file.ts';
import { loadTape } from '../../src/reconcile/load-tape.ts';
import { readPacks } from '../../src/reconcile/packs-file.ts';
import { reconcile } from '../../src/reconcile/reconcile.ts';
import { reconciliationDocument, reconciliationText } from '../../src/reconcile/report.ts';
import { onDisk } from '../../src/usage-files/disk.ts';
import { readUsageFile } from '../../src/usage-files/read.ts';

const folder = mkdtempSync(join(tmpdir(), 'suanpan-guide-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test.each([
  ['en', 'check-a-provider-bill.md'],
  ['zh', 'check-a-provider-bill.zh-CN.md'],
] as const)('%s', async (language, page) => {
  const guide = readFileSync(new URL(`../../docs/guide/${page}`, import.meta.url), 'utf8');
  const files = new Map<string, string>();
  for (const [, name = '', text = ''] of guide.matchAll(/`(\w+\.csv)`[:：]\n\n```csv\n([\s\S]*?)```/g)) {
    files.set(name, join(folder, name));
    writeFileSync(join(folder, name), text);
  }
  expect([...files.keys()]).toEqual(['calls.csv', 'packs.csv', 'bill.csv']);
  const shelved = readBook('faceid-legacy');
  if (!isBook(shelved)) throw new Error('no book');
  const { packs } = await readPacks(onDisk(files.get('packs.csv')!), shelved.book);
  const bill = await readBill(onDisk(files.get('bill.csv')!), shelved.book, undefined);
  if ('problems' in bill) throw new Error(JSON.stringify(bill.problems));
  const usage = await loadTape(readUsageFile(files.get('calls.csv')!), shelved.book, undefined);
  const result = reconcile(shelved.book, packs, usage, bill);
  expect(reconciliationText(result, language)).toBe(/```text\n([\s\S]*?)```/.exec(guide)?.[1]);
  expect(reconciliationDocument(result).totals).toEqual({
    billed: { postpaid: '2262.00', purchases: '8000.00', total: '10262.00' },
    expected: { postpaid: '2230.00', purchases: '8000.00', total: '10230.00' },
    difference: '32.00',
  });
});
