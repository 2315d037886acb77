// What a final bill seals: figures, ids and codes. One bill of each format stands beside these tests, and is read, shown and digested
// for ever as it was; a better sentence or title changes nothing of it.

import { hash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { makeBill } from '../../src/core/bill.ts';
import { type BillDocument, billDocument } from '../../src/core/bill-document.ts';
import { canonicalJson, readJson } from '../../src/core/json.ts';
import type { PriceBook } from '../../src/core/price-book.ts';
import { isRefusal } from '../../src/core/refusal.ts';
import { callsOf } from '../../src/core/units.ts';
import { digestOf } from '../../src/operations/close-month.ts';
import { exportLines, exportWorkbook } from '../../src/operations/export-bill.ts';
import { shownBill } from '../../src/words/shown-bill.ts';
import { bookNamed } from '../scenarios/story.ts';

const sealed = (file: string): string => readFileSync(new URL(`../sealed/format-1/${file}`, import.meta.url), 'utf8');
const bytesOf = (file: string): string => sealed(file).replaceAll('\n', '');
const stored = sealed('bill.txt').trim();
const document = readJson(stored) as BillDocument;

test('the stored bill of format 1 keeps its digest and its files', async () => {
  expect(document.format).toBe(1);
  expect(digestOf(stored)).toBe(sealed('digest.txt').trim());
  expect(canonicalJson(document)).toBe(stored);
  for (const language of ['zh', 'en'] as const) {
    expect(Buffer.from(exportLines(document, language)).toString('base64')).toBe(bytesOf(`${language}.base64`));
    const workbook = await exportWorkbook(document, language, 1);
    expect(workbook.toString('base64')).toBe(bytesOf(`${language}-format-xlsx.base64`));
  }
});

test('it is shown with words made from its figures', () => {
  const { lines } = shownBill(document, bookNamed('faceid-legacy'));
  expect(lines.map(({ formula }) => formula.en)).toEqual([
    'pack "Basic face verification (authority library)", 1,000 calls, ¥930.00',
    '1,800 × ¥0.85 = ¥1,530.00 (volume: n = 1,800, 2,800 calls − 1,000 drawn from packs, reaches 1,000 ≤ n < 10,000, which prices all calls)',
    '700 × ¥0.30 = ¥210.00 (volume: n = 700, postpaid calls of the month, reaches 0 < n < 1,000, which prices all calls)',
  ]);
});

const facts = {
  account: 'a',
  period: '2026-01' as never,
  usage: [
    { meter: 'liveness.basic.authority', payer: 'postpaid', calls: callsOf(1_000) },
    { meter: 'identity', payer: 'postpaid', calls: callsOf(200_000) },
  ] as const,
  packs: new Map(),
  trades: [],
  forfeits: [],
  corrections: [],
};

function sealedText(book: PriceBook): string {
  const bill = makeBill(facts, book);
  if (isRefusal(bill)) throw new Error(bill.refused);
  return canonicalJson(billDocument(bill, 'final', book));
}

test('no sentence and no title is sealed, nor in a file', () => {
  const book = bookNamed('faceid-legacy');
  const reworded = {
    ...book,
    tariffs: new Map([...book.tariffs].map(([id, each]) => [id, { ...each, title: { zh: '改', en: 'reworded' } }])),
    meters: new Map([...book.meters].map(([id, each]) => [id, { ...each, title: { zh: '改', en: 'reworded' } }])),
  };
  const text = sealedText(book);
  expect(hash('sha256', sealedText(reworded))).toBe(hash('sha256', text));
  const whole = JSON.parse(text) as BillDocument;
  expect(whole.notices.map(({ code }) => code)).toEqual(['ON_BOUND', 'ON_BOUND', 'UNPRICED_TIER']);
  expect(shownBill(whole, reworded).notices[0]?.en).toContain('reworded');
  // Every text in it is an id, a code, a month, an amount or a price.
  const texts = [...text.matchAll(/"((?:[^"\\]|\\.)*)"/g)].map((match) => match[1] ?? '');
  expect(texts.filter((each) => /[^\w.:-]/.test(each))).toEqual([]);
});
