// Files of the visitor's are read in the browser by what reads them on the command line: same file, same figures.

import { gzipSync } from 'node:zlib';
import { zipSync } from 'fflate';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import writeWorkbook from 'write-excel-file/node';
import { noBrowser } from './chromium.ts';
import { type OpenConsole, openConsole } from './open-console.ts';

const names = ['id', 'time', 'meter', 'calls'] as const;
const meter = 'liveness.basic.authority';
/** Up to the last second of a month: then a forecast is the bill. One row stands twice, one names no meter of the book. */
const calls = [
  ['c1', '2026-01-06T09:00:00+08:00', meter, '10000'],
  ['c2', '2026-01-20T09:00:00+08:00', meter, '4999'],
  ['c2', '2026-01-20T09:00:00+08:00', meter, '4999'],
  ['c3', '2026-01-21T09:00:00+08:00', 'nobody', '7'],
  ['c4', '2026-01-31T23:59:59+08:00', meter, '1'],
];
const csv = [names.join(','), ...calls.map((row) => row.join(',')), ''].join('\r\n');
const ndjson = calls.map(([id, time, of, count]) => JSON.stringify({ id, time, meter: of, calls: Number(count) }));

const choose = (page: Page, name: string, buffer: Buffer) =>
  page.locator('input[type=file]').first().setInputFiles({ name, mimeType: 'application/octet-stream', buffer });

describe.skipIf(noBrowser !== undefined)('files of the visitor’s', () => {
  let open: OpenConsole;
  beforeAll(async () => {
    open = await openConsole('2026-01-10T10:00:00+08:00');
  });
  afterAll(() => open.close());

  test('a month is forecast from CSV, NDJSON and Excel alike, packed or not', async () => {
    const workbook = await writeWorkbook([names.map((value) => ({ value })), ...calls.map(cells)]).toBuffer();
    const files: (readonly [string, Buffer])[] = [
      ['calls.csv', Buffer.from(csv)],
      ['calls.csv.gz', gzipSync(csv)],
      ['calls.zip', Buffer.from(zipSync({ 'calls.csv': Buffer.from(csv) }))],
      ['calls-utf16.csv', Buffer.from(`\uFEFF${csv}`, 'utf16le')],
      ['calls.ndjson', Buffer.from(ndjson.join('\n'))],
      ['calls.xlsx', workbook],
    ];
    const { page, go, context, complaints } = await open.open();
    await go('/usage-forecast?book=faceid-legacy&have=basic_authority%3A10050');
    for (const [name, content] of files) {
      await choose(page, name, content);
      await page.getByText(`${name}, rows: 5`).waitFor();
      await page.getByText('Rows that stand twice and count once: 1').waitFor();
      await page.getByText('Rows of no meter of this book, left out: 1').waitFor();
      await page.getByRole('row', { name: /^All calls 15,000 15,000 / }).waitFor();
      await page.getByRole('row', { name: /^Bill ¥4,207\.50 ¥4,207\.50 / }).waitFor();
    }
    await choose(page, 'old.xls', Buffer.from('\xd0\xcf\x11\xe0 and so on', 'latin1'));
    await page.getByRole('alert').getByText('old.xls').waitFor();
    expect(complaints).toEqual([]);
    await context.close();
  });

  test('a profile fills the planner’s table', async () => {
    const profile = 'month,meter,calls\n2026年3月,identity,"1,000"\n2026-03,bank_card,7\n2026-04,identity,2000\n';
    const { page, go, context, complaints } = await open.open();
    await go('/planner');
    await choose(page, 'profile.csv', Buffer.from(profile));
    await expect
      .poll(() => new URL(page.url()).searchParams.getAll('month'))
      .toEqual(['2026-03;1000;7', '2026-04;2000;']);
    await choose(page, 'profile.csv', Buffer.from('month,calls\n2026-03,1\n'));
    await page.getByRole('alert').getByText('profile.csv').waitFor();
    expect(complaints).toEqual([]);
    await context.close();
  });
});

describe.skipIf(noBrowser !== undefined)('a provider’s bill', () => {
  let open: OpenConsole;
  beforeAll(async () => {
    open = await openConsole('2026-02-10T10:00:00+08:00');
  });
  afterAll(() => open.close());

  const put = (page: Page, slot: string, name: string, text: string) =>
    page.getByLabel(slot, { exact: true }).setInputFiles({ name, mimeType: 'text/csv', buffer: Buffer.from(text) });
  const header = 'kind,tariff,calls,unit_price,amount';
  const bill = (amount: string) =>
    `${header}\npostpaid,liveness_verification,15000,0.75,${amount}\ntotal,,,,${amount}\n`;

  test('is judged from the visitor’s files as the command line judges it', async () => {
    const { page, go, context, complaints } = await open.open();
    await go('/bill-check?book=faceid-legacy');
    await put(page, 'Calls', 'calls.csv', csv.replace(/c3.*\r\n/, ''));
    await put(page, 'Bill', 'bill.csv', bill('11250.00'));
    await page.getByRole('button', { name: 'More' }).click();
    await page.getByLabel('Month, else that of the bill, as 2026-01').fill('2026-01');
    await page.getByRole('button', { name: 'Check', exact: true }).click();
    await page.getByText('The bill is right.').waitFor();
    await put(page, 'Bill', 'bill.csv', bill('11200.00'));
    await page.getByRole('button', { name: 'Check', exact: true }).click();
    await page.getByRole('row', { name: 'Total ¥11,200.00 ¥11,250.00 -¥50.00' }).waitFor();
    await page
      .getByRole('row', { name: /^postpaid line liveness_verification .*¥11,200\.00 .*¥11,250\.00$/ })
      .waitFor();
    await put(page, 'Calls', 'calls.csv', csv);
    await page.getByRole('button', { name: 'Check', exact: true }).click();
    await page
      .getByRole('alert')
      .getByText(/calls\.csv: of 5 rows 1 cannot be read/)
      .waitFor();
    await put(page, 'Own column names (JSON)', 'own.json', '{"for":"bill","columns":{"Art":"kind"}');
    await page.getByRole('button', { name: 'Check', exact: true }).click();
    await page
      .getByRole('alert')
      .getByText(/own\.json: not JSON/)
      .waitFor();
    expect(complaints).toEqual([]);
    await context.close();
  });

  test('in the columns of its provider, and of an example', async () => {
    const { page, go, context, complaints } = await open.open();
    await go('/bill-check');
    await page.getByRole('button', { name: 'Try an example' }).click();
    await page.getByText('Figures that differ: 7').waitFor();
    await put(
      page,
      'Bill',
      'bill.csv',
      '组件名称,组件用量,组件单价,优惠后总价,交易类型\n手机号,1000,0.38,380.00,按量计费月结\n',
    );
    await page.getByRole('button', { name: 'More' }).click();
    await page.getByLabel('Column names of the files').click();
    await page.getByTitle('Tencent Cloud bill, details by component').click();
    await page.getByRole('button', { name: 'Check', exact: true }).click();
    await page
      .getByRole('alert')
      .getByText(/手机号/)
      .waitFor();
    expect(complaints).toEqual([]);
    await context.close();
  });
});

const cells = (row: readonly string[]) => row.map((value) => ({ value, type: String }));
