// Lists as files: what stands in them is what the pages list, in each form; their sums are the bill's; nothing in them is computed by a
// spreadsheet that opens them.

import { parse } from 'csv-parse/sync';
import readWorkbook from 'read-excel-file/node';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { basic, type Json, type OpenApp, openAccountWith, openApp } from '../http/open-app.ts';

let open: OpenApp;
const file = async (query: string) => {
  const { status, text, headers } = await open.call('GET', `/v1/accounts/acme/export?${query}`);
  expect(status, text).toBe(200);
  return { text, headers };
};
type Row = Readonly<Record<string, string>>;
const rowsOf = async (query: string): Promise<Row[]> => parse((await file(query)).text, { columns: true, bom: true });

beforeAll(async () => {
  open = await openApp('2026-01-01T09:00:00+08:00');
  await openAccountWith(open, 'acme', '100000.00', { postpaid: true });
  for (const id of ['first', 'second', '=p3'])
    await open.once('POST', '/v1/packs', { account: 'acme', product: 'basic_authority', size: 1_000, id });
  await open.once('POST', '/v1/accounts/acme/top-ups', { amount: '1.00', reference: '=HYPERLINK("x")' });
  open.setClock('2026-01-31T20:00:00+08:00');
  const events = Array.from({ length: 700 }, (_, at) => ({
    id: at % 50 === 0 ? `=1+${at}` : `e-${at}`,
    account: 'acme',
    meter: basic,
    calls: 1 + (at % 13),
    time: `2026-01-${String(1 + (at % 30)).padStart(2, '0')}T10:00:00+08:00`,
    ...(at % 3 === 0 ? { department: '@风控, "一"' } : {}),
  }));
  const { status, text } = await open.call('POST', '/v1/events', events);
  expect(status, text).toBe(200);
  for (const id of ['e-1', 'e-402']) await open.call('POST', `/v1/events/${id}/void`, { account: 'acme' });
}, 60_000);
afterAll(() => open.close());

const lists = ['calls', 'draws', 'packs', 'entries'];

describe.each(lists)('%s', (list) => {
  test('CSV, JSON lines and the workbook hold the same', async () => {
    const csv = await rowsOf(`list=${list}`);
    const json = (await file(`list=${list}&format=json`)).text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Json);
    const bare = (cell: string) => cell.replace(/^'(?=[=+\-@])/, '');
    expect(json.length).toBe(csv.length);
    csv.forEach((row, at) => {
      for (const [name, cell] of Object.entries(row)) expect(bare(cell)).toBe(String(json[at]?.[name] ?? ''));
    });
    const { rawPayload } = await open.app.inject({
      url: `/v1/accounts/acme/export?list=${list}&format=xlsx`,
      headers: { authorization: `Bearer ${open.operator}` },
    });
    const [head = [], ...rows] = (await readWorkbook(rawPayload))[0]?.data ?? [];
    expect(head).toEqual(Object.keys(csv[0] ?? {}));
    expect(rows.length).toBe(csv.length);
    rows.forEach((row, at) => {
      row.forEach((cell, column) => {
        const said = Object.values(csv[at] ?? {})[column] ?? '';
        if (typeof cell === 'number') expect(cell).toBe(Number(said));
        else expect(String(cell ?? '')).toBe(bare(said));
      });
    });
  });

  test('no cell is a formula; the mark of Excel stands first where it is asked for', async () => {
    for (const row of await rowsOf(`list=${list}`))
      for (const cell of Object.values(row)) expect(/^[=+@\t\r]/.test(cell) || /^-(?!\d)/.test(cell), cell).toBe(false);
    expect((await file(`list=${list}&bom=1`)).text.codePointAt(0)).toBe(0xfeff);
  });
});

test('the sums are the bill’s, to the call and to the fen', async () => {
  const sumOf = (rows: readonly Row[], name: string) => rows.reduce((sum, row) => sum + Number(row[name]), 0);
  const month = 'from=2026-01-01T00:00:00%2B08:00&to=2026-02-01T00:00:00%2B08:00';
  const standing = (rows: readonly Row[]) => rows.filter(({ voided }) => voided === '');
  const calls = standing(await rowsOf(`list=calls&${month}`));
  const draws = standing(await rowsOf(`list=draws&${month}`));
  const { json: bill } = await open.call('GET', '/v1/bills/acme:2026-01');
  const postpaid = (bill.lines as { kind: string; calls: number }[]).find(({ kind }) => kind === 'postpaid');
  expect(sumOf(calls, 'postpaid')).toBe(postpaid?.calls);
  expect(sumOf(calls, 'drawn')).toBe(sumOf(draws, 'calls'));
  for (const pack of ['first', 'second', '=p3']) {
    const { json } = await open.call('GET', `/v1/packs/${encodeURIComponent(pack)}?account=acme`);
    const shown = pack.startsWith('=') ? `'${pack}` : pack;
    expect(
      sumOf(
        draws.filter((row) => row.pack === shown),
        'calls',
      ),
    ).toBe(Number(json.calls) - Number(json.remaining));
    expect(standing(await rowsOf(`list=draws&payer=${encodeURIComponent(pack)}`)).map((row) => row.pack)).toEqual(
      draws.filter((row) => row.pack === shown).map((row) => row.pack),
    );
  }
  const { json: account } = await open.call('GET', '/v1/accounts/acme');
  const cents = (await rowsOf('list=entries')).reduce(
    (sum, { amount = '' }) => sum + Math.round(Number(amount) * 100),
    0,
  );
  expect((cents / 100).toFixed(2)).toBe(account.balance);
});

test('what is looked for alone stands in the file; what does not belong to a list is refused', async () => {
  const some = await rowsOf('list=calls&payer=postpaid');
  expect(some.length).toBeGreaterThan(0);
  expect(some.every(({ postpaid }) => Number(postpaid) > 0)).toBe(true);
  const refused = async (query: string) => (await open.call('GET', `/v1/accounts/acme/export?${query}`)).json;
  expect(await refused('list=packs&meter=x')).toMatchObject({ code: 'INVALID_INPUT', errors: [{ pointer: '/meter' }] });
  expect(await refused('list=calls&meter=x')).toMatchObject({ code: 'UNKNOWN_METER' });
  expect(await refused('list=everything')).toMatchObject({ code: 'INVALID_INPUT', errors: [{ pointer: '/list' }] });
  expect((await open.call('GET', '/v1/accounts/none/export?list=packs')).json).toMatchObject({ code: 'NOT_FOUND' });
});

test('what comes while a file is written is not in it', async () => {
  const url = await open.app.listen({ port: 0, host: '127.0.0.1' });
  const answer = await fetch(`${url}/v1/accounts/acme/export?list=calls`, {
    headers: { authorization: `Bearer ${open.operator}` },
  });
  const late = { id: 'late', account: 'acme', meter: basic, calls: 1, time: '2026-01-30T23:00:00+08:00' };
  expect((await open.call('POST', '/v1/events', late)).status).toBe(200);
  expect(await answer.text()).not.toContain('late');
});
