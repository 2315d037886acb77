// A price book that is bound to accounts is an agreement with them: nobody else sees it, nor its name.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { basic, type Json, type Method, type OpenApp, openAccountWith, openApp } from '../http/open-app.ts';

let open: OpenApp;
let callers: Readonly<
  Record<'nobody' | 'globex' | 'acme' | 'meterOnly' | 'operator', { readonly authorization: string }>
>;

const bound = 'agreed-with-acme';
const use = [{ of: basic, calls: 1_000 }];

beforeAll(async () => {
  open = await openApp('2026-01-12T09:00:00+08:00');
  const { document } = open.suanpan.books.shelved('faceid-legacy') ?? {};
  const add = async (id: string, accounts: Json | null) => {
    const { status, text } = await open.call('POST', '/v1/price-books', { ...document, id, accounts });
    if (status !== 201) throw new Error(text);
  };
  await add(bound, null);
  await add('for-everybody', { openedFrom: null, openedBefore: null });
  await openAccountWith(open, 'acme', '0.00', { book: bound });
  await openAccountWith(open, 'globex', '0.00');
  const made = await open.call('POST', '/v1/keys', { role: 'account', account: 'acme', scopes: ['meter'] });
  callers = {
    nobody: { authorization: '' },
    globex: await open.keyOf('globex'),
    acme: await open.keyOf('acme'),
    meterOnly: { authorization: `Bearer ${made.json.key}` },
    operator: { authorization: `Bearer ${open.operator}` },
  };
});
afterAll(() => open.close());

const seen = async (caller: keyof typeof callers): Promise<string[]> => {
  const { json } = await open.call('GET', '/v1/price-books', undefined, callers[caller]);
  return (json.priceBooks as { id: string }[]).map(({ id }) => id);
};

const asks: readonly (readonly [string, Method, string, Json | undefined])[] = [
  ['one book', 'GET', `/v1/price-books/${bound}`, undefined],
  ['a quote', 'POST', '/v1/quotes', { book: bound, use }],
  ['a plan', 'POST', '/v1/plans', { book: bound, use }],
];

describe.each(['nobody', 'globex', 'meterOnly'] as const)('%s', (caller) => {
  test('sees the public books only', async () => {
    expect(await seen(caller)).toEqual(['faceid-2019', 'faceid-2021', 'faceid-legacy', 'for-everybody']);
  });

  test.each(asks)('%s on it is answered as on a book that is not there', async (_, method, url, body) => {
    const reply = await open.call(method, url, body, callers[caller]);
    expect(reply.status, reply.text).toBe(404);
    const absent = (text: string) => text.replaceAll(bound, 'agreed-with-nobody');
    const other = await open.call(
      method,
      absent(url),
      body && JSON.parse(absent(JSON.stringify(body))),
      callers[caller],
    );
    expect(absent(String(reply.json.detail))).toBe(other.json.detail);
    expect(other.text).not.toContain(bound);
  });

  test('uses the public ones', async () => {
    for (const book of ['faceid-2019', 'for-everybody']) {
      const reply = await open.call('POST', '/v1/quotes', { book, use }, callers[caller]);
      expect(reply.status, reply.text).toBe(200);
    }
  });
});

describe.each(['acme', 'operator'] as const)('%s', (caller) => {
  test('sees it', async () => expect(await seen(caller)).toContain(bound));

  test.each(asks)('%s on it', async (_, method, url, body) => {
    const reply = await open.call(method, url, body, callers[caller]);
    expect(reply.status, reply.text).toBe(200);
  });
});

test('another account learns nothing of it from a what-if either', async () => {
  const { json } = await open.call('POST', '/v1/what-if', { months: 1, book: bound }, callers.globex);
  expect(json).toMatchObject({ status: 404, code: 'UNKNOWN_BOOK' });
  const { detail } = (await open.call('POST', '/v1/what-if', { months: 1, book: 'none' }, callers.globex)).json;
  expect(detail).not.toContain(bound);
});

test('operators see who added a book; a wrong key is refused, not taken for none', async () => {
  const { json } = await open.call('GET', '/v1/price-books');
  const own = (await open.call('GET', '/v1/me')).json.key;
  expect(json.priceBooks).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ id: bound, public: false, addedBy: own }),
      expect.objectContaining({ id: 'faceid-legacy', public: true, addedBy: 'shipped' }),
    ]),
  );
  expect((await open.call('GET', '/v1/price-books', undefined, callers.acme)).text).not.toContain('addedBy');
  const wrong = { authorization: `Bearer sk_op_00000000_${'A'.repeat(32)}` };
  expect((await open.call('GET', '/v1/price-books', undefined, wrong)).status).toBe(401);
});

test('a book with a text that is not seen whole is refused, and one from before goes on', async () => {
  const { document } = open.suanpan.books.shelved('faceid-legacy') ?? {};
  const add = (id: string, title: string) =>
    open.call(
      'POST',
      '/v1/price-books',
      { ...document, id, title: { zh: title, en: 'A b' } },
      { 'accept-language': 'zh' },
    );
  for (const [title, words] of [
    ['a\u202eb', 'U+202E'],
    ['a\u200bb', 'U+200B'],
    ['a\u3000b', 'U+3000'],
    ['a ', 'U+0020'],
  ] as const) {
    const { json } = await add('unseen', title);
    expect(json).toMatchObject({ status: 422, code: 'INVALID_BOOK', errors: [{ pointer: '/title/zh' }] });
    expect(json.detail).toContain(words);
    expect(json.detail).toContain('请运行命令“suanpan book lint 文件”');
  }
  expect((await add('from-before', '标准版')).status).toBe(201);
  const rename = `update price_books set digest = 'other', document = jsonb_set(document::jsonb, '{title,zh}', '"a\u3000b"')
    where id = 'from-before'`;
  await open.suanpan.pool.query(rename);
  await open.suanpan.books.refresh();
  const quoted = await open.call('POST', '/v1/quotes', { book: 'from-before', use });
  expect(quoted.status, quoted.text).toBe(200);
});
