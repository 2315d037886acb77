// Who may do what: every operation, asked by a person of every role and by keys, as docs/reference/roles.md says, cell by cell.

import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hasDuty, roles } from '../../src/core/roles.ts';
import { type Method, type OpenApp, openAccountWith, openApp } from '../http/open-app.ts';
import { type Browser, invite } from '../http/people.ts';

const page = readFileSync('docs/reference/roles.md', 'utf8');
const columns = [
  ...['admin', 'finance', 'support', 'read-only'].map((role) => ({ role, account: undefined })),
  ...['owner', 'member', 'read-only'].map((role) => ({ role, account: 'acme' })),
];
const rows = [...page.matchAll(/^\| `([A-Z]+) (\/\S+)` \| (.*) \|$/gm)].map(([, method, path, rest]) => {
  const [duty = '', scope = '', ...cells] = String(rest).split(' | ');
  return { method: method as Method, path: String(path), duty, scope, cells };
});

let open: OpenApp;
const browsers: Browser[] = [];
beforeAll(async () => {
  open = await openApp('2026-01-12T09:00:00+08:00');
  await openAccountWith(open, 'acme', '0.00');
  for (const [index, { role, account }] of columns.entries()) {
    const who = { email: `p${index}@example.com`, role, ...(account === undefined ? {} : { account }) };
    browsers.push((await invite(open, who)).browser);
  }
});
afterAll(() => open?.close());

/** No body, and ids of nothing: what is not forbidden is refused for another reason, or reads. */
const urlOf = (path: string) => path.replace('/accounts/{id}', '/accounts/acme').replace(/\{\w+\}/g, 'none');
const isForbidden = (code: unknown): boolean =>
  ['FORBIDDEN', 'DUTY_REQUIRED', 'PERSON_REQUIRED', 'UNAUTHENTICATED'].includes(String(code));

test('the page has every operation, and every duty of every role', async () => {
  const { paths } = (await open.call('GET', '/v1/openapi.json')).json as { paths: Record<string, object> };
  const all = Object.entries(paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
  );
  expect(rows.map(({ method, path }) => `${method} ${path}`).toSorted()).toEqual(all.toSorted());
  for (const role of roles) {
    const said = new RegExp(`^\\| ${role}(?:, of an account)? \\| (.*) \\|$`, 'm').exec(page)?.[1] ?? '';
    const named = said === 'all' ? undefined : said.split(', ').map((name) => name.replaceAll('`', ''));
    const known = [
      'read',
      'buy',
      'meter',
      'support',
      'accounts',
      'money',
      'prices',
      'keys',
      'people',
      'server',
    ] as const;
    for (const duty of known) expect(hasDuty(role, duty), `${role} ${duty}`).toBe(named?.includes(duty) ?? true);
  }
});

describe('as the page says', () => {
  test.each(columns.map((column, index) => ({ ...column, index })))('$role $account', async ({ index, account }) => {
    const browser = browsers[index];
    if (browser === undefined) throw new Error('nobody');
    for (const { method, path, cells } of rows) {
      const url = urlOf(path);
      // With no body at all, what takes one refuses its form before it looks at anything.
      const { json, status } = await browser.call(method, url, undefined, { 'content-type': 'text/plain' });
      const seen = isForbidden(json.code) ? '–' : '✓';
      expect(seen, `${method} ${url} as ${account ?? 'operator'} ${cells[index]}: ${status} ${json.code}`).toBe(
        cells[index],
      );
    }
  });

  test.each(['read', 'buy', 'meter', 'manage'])('a key with %s', async (scope) => {
    for (const role of ['operator', 'account']) {
      if ((role === 'operator' && scope === 'buy') || (role === 'account' && scope === 'manage')) continue;
      const whose = role === 'account' ? { account: 'acme' } : {};
      const { json: made } = await open.call('POST', '/v1/keys', { role, scopes: [scope], ...whose });
      const headers = { authorization: `Bearer ${made.key}`, 'content-type': 'text/plain' };
      for (const { method, path, scope: said } of rows) {
        const [needed = '', side] = said.split(', ');
        const buys = needed === 'buy' && role === 'operator' && scope === 'manage';
        const fits = needed === 'any' || needed === scope || buys;
        const may = needed === 'none' || (needed !== '–' && fits && !(side === 'operator' && role === 'account'));
        const { json } = await open.call(method, urlOf(path), undefined, headers);
        expect(isForbidden(json.code), `${method} ${path} by a key of an ${role}`).toBe(!may);
      }
    }
  });

  test('nobody at all', async () => {
    for (const { method, path, scope } of rows) {
      const { json } = await open.call(method, urlOf(path), undefined, {
        authorization: '',
        'content-type': 'text/plain',
      });
      expect(json.code === 'UNAUTHENTICATED', `${method} ${path}`).toBe(scope !== 'none');
    }
  });
});
