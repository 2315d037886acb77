// Bills in yen and in dinars, checked by their own smallest unit: right ones are right, and what is off by one unit is off by that.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { isBook, readBook } from '../../src/book/shelf.ts';
import { readBill } from '../../src/reconcile/bill-file.ts';
import { loadTape } from '../../src/reconcile/load-tape.ts';
import { readPacks } from '../../src/reconcile/packs-file.ts';
import { reconcile } from '../../src/reconcile/reconcile.ts';
import { reconciliationDocument } from '../../src/reconcile/report.ts';
import { onDisk } from '../../src/usage-files/disk.ts';
import { readUsageFile } from '../../src/usage-files/read.ts';
import { bentBook } from '../scenarios/story.ts';

const folder = mkdtempSync(join(tmpdir(), 'suanpan-currencies-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function write(name: string, ...lines: string[]): string {
  writeFileSync(join(folder, name), `${lines.join('\n')}\n`);
  return join(folder, name);
}

async function check(currency: string, price: string, amount: string) {
  const book = bentBook('faceid-legacy', (document) => Object.assign(document, { currency }));
  const shelved = readBook(write('book.json', JSON.stringify(book)));
  if (!isBook(shelved)) throw new Error(JSON.stringify(shelved));
  const packs = await readPacks(
    onDisk(write('packs.csv', 'id,product,calls,price,gift,bought,expires,remaining')),
    shelved.book,
  );
  const bill = write(
    'bill.csv',
    'kind,day,meter,pack,tariff,calls,unit_price,amount',
    `postpaid,,,,identity,7,${price},${amount}`,
  );
  const sent = await readBill(onDisk(bill), shelved.book, '2026-01' as never);
  if ('problems' in sent) throw new Error(JSON.stringify(sent.problems));
  const calls = write('calls.csv', 'id,meter,calls,time', 'a,identity,7,2026-01-10T01:00:00+08:00');
  const tape = await loadTape(readUsageFile(calls), shelved.book, undefined);
  return reconciliationDocument(reconcile(shelved.book, packs.packs, tape, sent));
}

// 7 calls of identity at 0.3 are 2.1.
test.each([
  ['CNY', '0.3', '2.10'],
  ['JPY', '0.3', '2'],
  ['KWD', '0.300', '2.100'],
])('a right bill in %s', async (currency, price, amount) => {
  const document = await check(currency, price, amount);
  expect(document).toMatchObject({ ok: true, currency, differences: [] });
  expect(document.totals.expected.total).toBe(amount);
});

test.each([
  ['JPY', '0.3', '3', '2', '1'],
  ['KWD', '0.300', '2.101', '2.100', '0.001'],
])('one unit too much in %s', async (currency, price, amount, right, apart) => {
  const { ok, differences } = await check(currency, price, amount);
  expect(ok).toBe(false);
  expect(differences[0]).toMatchObject({
    expected: { amount: right },
    billed: { amount },
    difference: { amount: apart },
  });
});

test('another unit price is named with the decimals of the currency', async () => {
  const { differences } = await check('KWD', '0.35', '2.450');
  expect(differences[0]).toMatchObject({ billed: { unitPrice: '0.350' }, cause: { code: 'WRONG_UNIT_PRICE' } });
});

test('the export of a bill of our own whose lines are of days is a bill of their month', async () => {
  const book = bentBook('faceid-legacy', (document) => {
    const { tariffs } = document as unknown as { tariffs: { id: string }[] };
    Object.assign(tariffs.find(({ id }) => id === 'identity') ?? {}, { counter: 'day' });
  });
  const shelved = readBook(write('days.json', JSON.stringify(book)));
  if (!isBook(shelved)) throw new Error(JSON.stringify(shelved));
  const exported = (...days: string[]) =>
    write(
      'own.csv',
      'kind,month,tariff,product,pack,calls,tier,unit_price,amount,formula',
      ...days.map((day) => `postpaid,${day},identity,,,7,0,0.30,2.10,`),
      `total,2026-01,,,,,,,${(days.length * 2.1).toFixed(2)},`,
    );
  const sent = await readBill(onDisk(exported('2026-01-10', '2026-01-31')), shelved.book, undefined);
  expect(sent).toMatchObject({ month: '2026-01', sum: 420n, total: 420n });
  const other = await readBill(onDisk(exported('2026-01-10', '2026-02-01')), shelved.book, undefined);
  expect(other).toMatchObject({ problems: [{ line: 3, code: 'OTHER_MONTH' }] });
});

test.each([
  ['CNY', '4207.50'],
  ['JPY', '420750'],
  ['KWD', '420.750'],
])('what is no amount of %s is answered with one: %s', async (currency, example) => {
  await expect(check(currency, '0.3', '2.0001')).rejects.toThrow(`write an amount such as ${example}"`);
});
