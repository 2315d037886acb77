// What people keep of a bill: on paper, as a workbook, for FinOps tools. Each is read back and compared with the bill.

import { parse } from 'csv-parse/sync';
import { strFromU8, unzipSync } from 'fflate';
import { getDocument } from 'pdfjs-dist/legacy/build/pdf.mjs';
import readWorkbook from 'read-excel-file/universal';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { basic, type Json, type OpenApp, openAccountWith, openApp } from '../http/open-app.ts';

const account = 'acme';
let open: OpenApp;
let bill: Json & { lines: { amount: string; kind: string }[] };

beforeAll(async () => {
  open = await openApp('2026-01-05T10:00:00+08:00');
  await openAccountWith(open, account, '100000.00');
  const given = await open.once('POST', '/v1/gifts', { account, product: 'basic_authority', calls: 50, id: '=gift()' });
  expect(given.status, given.text).toBe(201);
  for (const id of ['first', 'second', '=1+1']) {
    await open.once('POST', '/v1/packs', { account, product: 'basic_authority', size: 1_000, id });
  }
  await open.once('POST', '/v1/packs/second/refund', { account });
  await open.call('POST', '/v1/events', {
    account,
    id: 'e1',
    meter: basic,
    calls: 7_000,
    time: '2026-01-05T10:00:00+08:00',
  });
  open.setClock('2026-02-05T10:00:00+08:00');
  await open.call('POST', '/v1/bills/close', { account, month: '2026-01' });
  bill = (await open.call('GET', '/v1/bills/acme-000001')).json as typeof bill;
});
afterAll(() => open.close());

async function file(query: string, language = 'zh', id = 'acme-000001'): Promise<Buffer> {
  const response = await open.app.inject({
    url: `/v1/bills/${id}/export?${query}`,
    headers: { authorization: `Bearer ${open.operator}`, 'accept-language': language },
  });
  expect(response.statusCode, response.payload.slice(0, 200)).toBe(200);
  return response.rawPayload;
}

async function textOf(pdf: Buffer): Promise<{ readonly text: string; readonly pages: number }> {
  const document = await getDocument({ data: new Uint8Array(pdf), verbosity: 0 }).promise;
  const pages = await Promise.all(
    Array.from({ length: document.numPages }, async (_, page) => {
      const { items } = await (await document.getPage(page + 1)).getTextContent();
      return items.map((item) => ('str' in item ? item.str : '')).join(' ');
    }),
  );
  return { text: pages.join('\n').replaceAll(/\s+/g, ' '), pages: pages.length };
}

const grouped = (amount: string): string => amount.replace(/\B(?=(\d{3})+\.)/g, ',');

test.each(['zh', 'en'])('on paper in %s: each line, the totals, the digest, and it can be copied', async (language) => {
  const pdf = await file('format=pdf', language);
  expect(pdf.subarray(0, 5).toString()).toBe('%PDF-');
  expect(pdf.equals(await file('format=pdf', language))).toBe(true);
  const { text } = await textOf(pdf);
  for (const { amount } of bill.lines) expect(text).toContain(amount);
  for (const amount of [bill.prepaid, bill.postpaid, bill.total]) expect(text).toContain(`¥${grouped(String(amount))}`);
  expect(text).toContain(String(bill.number));
  expect(text).toContain(String(bill.digest));
  expect(text).toContain('=gift()');
  expect(text).toMatch(language === 'zh' ? /第 1 页，共 1 页/ : /Page 1 of 1/);
  expect(text).toMatch(/[壹贰叁肆伍陆柒捌玖].*元/);
  // The font is there as far as it is used, not its ten megabytes.
  expect(pdf.length).toBeLessThan(300_000);
});

test('a draft says that it is one', async () => {
  await open.call('POST', '/v1/events', {
    account,
    id: 'e2',
    meter: basic,
    calls: 1,
    time: '2026-02-05T09:00:00+08:00',
  });
  const { text } = await textOf(await file('format=pdf', 'zh', 'acme:2026-02'));
  expect(text).toContain('草稿');
});

test('for FinOps tools: what was billed sums to the total, and no cell is a formula', async () => {
  const rows = parse(await file('format=focus', 'en'), { columns: true }) as Record<string, string>[];
  const fen = rows.reduce((sum, row) => sum + BigInt((row.BilledCost ?? '').replace('.', '')), 0n);
  expect(`${fen / 100n}.${String(fen % 100n).padStart(2, '0')}`).toBe(bill.total);
  const categories = rows.map((row) => row.ChargeCategory);
  expect(categories.filter((category) => category === 'Purchase')).toHaveLength(4);
  expect(new Set(categories)).toEqual(new Set(['Purchase', 'Usage']));
  for (const row of rows) {
    expect(row.BillingPeriodStart).toBe('2025-12-31T16:00:00.000Z');
    for (const [column, cell] of Object.entries(row)) {
      if (!/Cost|Price|Quantity/.test(column)) expect(cell).not.toMatch(/^[=+\-@]/);
    }
  }
});

test('as a workbook: amounts are numbers that sum to the bill, totals are formulas that say the same', async () => {
  const xlsx = await file('format=xlsx', 'en');
  expect(xlsx.equals(await file('format=xlsx', 'en'))).toBe(true);
  const [sheet] = await readWorkbook(new Blob([new Uint8Array(xlsx)]));
  const rows = (sheet?.data ?? []).slice(1);
  const lines = rows.slice(0, bill.lines.length);
  expect(lines.map((row) => row[8])).toEqual(bill.lines.map(({ amount }) => Number(amount)));
  const fen = lines.reduce((sum, row) => sum + Math.round(Number(row[8]) * 100), 0);
  expect(fen).toBe(Math.round(Number(bill.total) * 100));
  const totals = rows.slice(bill.lines.length).map((row) => [row[0], row[8]]);
  expect(totals).toEqual(['prepaid', 'postpaid', 'adjustments', 'total'].map((name) => [name, Number(bill[name])]));
  const xml = strFromU8(unzipSync(xlsx)['xl/worksheets/sheet1.xml'] ?? new Uint8Array());
  expect(xml.match(/<f>/g)).toHaveLength(4);
  expect(xml).toMatch(new RegExp(`<f>SUMIF\\(\\$A\\$2:\\$A\\$${lines.length + 1},(&quot;|")postpaid`));
  expect(lines.at(-1)?.[7]).toBe(0.85);
  // Text of people is text, whatever it begins with.
  expect(lines.map((row) => row[4])).toContain('=1+1');
});

test('calls come as csv or json alone', async () => {
  for (const format of ['pdf', 'focus', 'xlsx']) {
    const { status, json } = await open.call('GET', `/v1/bills/acme-000001/export?format=${format}&detail=calls`);
    expect([status, json.code]).toEqual([422, 'INVALID_INPUT']);
  }
});

test('hundreds of lines go on page after page', async () => {
  await open.call('POST', '/v1/accounts', { id: 'many', book: 'faceid-legacy', gifts: false });
  await open.once('POST', '/v1/accounts/many/top-ups', { amount: '1000000.00' });
  await open.once('POST', '/v1/packs', {
    account: 'many',
    product: 'basic_authority',
    size: 1_000,
    count: 300,
    id: 'p',
  });
  const { text, pages } = await textOf(await file('format=pdf', 'en', 'many:2026-02'));
  expect(pages).toBeGreaterThan(8);
  expect(text).toContain(`Page ${pages} of ${pages}`);
  expect(text.match(/930\.00/g)?.length).toBeGreaterThan(300);
});
