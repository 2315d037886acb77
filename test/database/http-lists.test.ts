// Lists in pages: a cursor is taken by its own list alone, exactly as it was given; a limit is digits; keys are a list like others.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { basic, type Json, type OpenApp, openAccountWith, openApp } from '../http/open-app.ts';

const day = '2026-01-12T09:00:00+08:00';
const ids = ['first', 'second', 'third'];
let open: OpenApp;

beforeAll(async () => {
  open = await openApp('2026-01-01T09:00:00+08:00');
  for (const id of ids) await openAccountWith(open, id, '10000.00', { postpaid: true });
  open.setClock(day);
  for (const cap of [1_000, 2_000]) await open.call('PATCH', '/v1/accounts/first', { cap });
  for (const id of ['p1', 'p2', 'p3']) {
    await open.once('POST', '/v1/packs', { account: 'first', product: 'basic_authority', size: 1_000, id });
    await open.call('POST', '/v1/events', { id: `e-${id}`, account: 'first', meter: basic, calls: 1, time: day });
  }
  for (const name of ['one', 'two']) await open.call('POST', '/v1/keys', { role: 'account', account: 'first', name });
  open.setClock('2026-02-05T09:00:00+08:00');
  for (const account of ids) await open.call('POST', '/v1/bills/close', { account, month: '2026-01' });
}, 60_000);
afterAll(() => open.close());

/** Each list: its address, what its rows stand under, and what tells one from another. */
const lists: readonly (readonly [url: string, rows: string, name: string])[] = [
  ['/v1/accounts', 'accounts', 'id'],
  ['/v1/accounts/first/packs', 'packs', 'id'],
  ['/v1/accounts/first/balance', 'entries', 'seq'],
  ['/v1/accounts/first/changes', 'changes', 'after'],
  ['/v1/events?account=first', 'events', 'event'],
  ['/v1/bills', 'bills', 'id'],
  ['/v1/keys', 'keys', 'id'],
];
const withQuery = (url: string, more: string): string => `${url}${url.includes('?') ? '&' : '?'}${more}`;

async function page(url: string, query: string): Promise<Json> {
  const { status, json, text } = await open.call('GET', withQuery(url, query));
  expect(status, text).toBe(200);
  return json;
}

async function isRefusedAt(pointer: string, url: string): Promise<void> {
  const { json } = await open.call('GET', url);
  expect(json, url).toMatchObject({ status: 422, code: 'INVALID_INPUT', errors: [{ pointer }] });
  expect((await open.call('HEAD', url)).status, url).toBe(422);
}

describe.each(lists)('%s', (url, rows, name) => {
  test('comes page by page, nothing twice and nothing left out', async () => {
    const whole = (await page(url, 'limit=200'))[rows] as Json[];
    expect(whole.length).toBeGreaterThanOrEqual(3);
    const seen: unknown[] = [];
    let next: unknown = null;
    do {
      const json = await page(url, next === null ? 'limit=2' : `limit=2&cursor=${next}`);
      seen.push(...(json[rows] as Json[]).map((row) => row[name]));
      ({ next } = json);
    } while (next !== null);
    expect(seen).toEqual(whole.map((row) => row[name]));
  });

  test.each([
    '-1',
    '0',
    '1',
    '1.5',
    '1e3',
    '%20',
    '%ff',
    '9999999999999999999999',
    'xxx',
    '',
    Buffer.from('first').toString('base64url'),
    Buffer.from('2026-01|first').toString('base64url'),
    Buffer.from('[]').toString('base64url'),
    Buffer.from('{"a":1}').toString('base64url'),
  ])('refuses the cursor "%s"', (cursor) => isRefusedAt('/cursor', withQuery(url, `cursor=${cursor}`)));

  test('refuses its own cursor when a sign of it is changed, added or left out', async () => {
    const next = String((await page(url, 'limit=1')).next);
    const written = Buffer.from(next, 'base64url').toString();
    for (const broken of [
      `${next}=`,
      `${next}A`,
      `%20${next}`,
      next.slice(0, -1),
      Buffer.from(`${written} `).toString('base64url'),
      Buffer.from(written.replace(',', ', ')).toString('base64url'),
      Buffer.from(written.replace(/\]$/, ',1]')).toString('base64url'),
      Buffer.from(written.replace(/,.*\]$/, ',-1]')).toString('base64url'),
      Buffer.from(written.replace(/,.*\]$/, ',1e30]')).toString('base64url'),
      Buffer.from(written.replace(/,.*\]$/, ',"\\u0000"]')).toString('base64url'),
    ]) {
      await isRefusedAt('/cursor', withQuery(url, `cursor=${broken}`));
    }
    expect(await page(url, `limit=1&cursor=${next}`)).toMatchObject({ [rows]: [{}] });
  });

  test('refuses the cursors of all other lists', async () => {
    for (const [other] of lists.filter((each) => each[0] !== url)) {
      const next = String((await page(other, 'limit=1')).next);
      await isRefusedAt('/cursor', withQuery(url, `cursor=${next}`));
    }
  });

  test.each(['0x10', '1e2', '%2010', '10%20', '%2B5', '-1', '5.0', '0', '201', '', '%EF%BC%91', 'Infinity'])(
    'refuses the limit "%s"',
    (limit) => isRefusedAt('/limit', withQuery(url, `limit=${limit}`)),
  );
});

test('what to send as a cursor and as a limit is said in both languages', async () => {
  const detail = async (query: string, language: string) =>
    (await open.call('GET', `/v1/accounts?${query}`, undefined, { 'accept-language': language })).json.detail;
  expect(await detail('cursor=1', 'en')).toContain('/cursor: must be the next of an earlier page of this list');
  expect(await detail('cursor=1', 'zh')).toContain('/cursor: 须为本列表前一页的 next');
  expect(await detail('limit=1e2', 'en')).toContain('/limit: must be a whole number');
  expect(await detail('limit=1e2', 'zh')).toContain('/limit: 须为以数字写出的整数');
});

test('the keys of one account are a list of their own', async () => {
  const first = await page('/v1/keys?account=first', 'limit=1');
  expect(first).toMatchObject({ keys: [{ account: 'first' }], next: expect.any(String) });
  const rest = await page('/v1/keys?account=first', `cursor=${first.next}`);
  expect(rest).toMatchObject({ keys: [{ account: 'first' }], next: null });
});
