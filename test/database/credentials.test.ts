// Credentials for the gateway: shown once, stored nowhere, rotated with an overlap, revoked, seen by their own account alone.

import { afterAll, beforeAll, expect, test } from 'vitest';
import { loadCatalog } from '../../src/book/shelf.ts';
import { signingKey } from '../../src/tc3.ts';
import { type Json, type OpenApp, openApp } from '../http/open-app.ts';

let open: OpenApp;
beforeAll(async () => {
  open = await openApp('2026-01-06T10:00:00+08:00');
  for (const id of ['acme', 'globex']) await open.call('POST', '/v1/accounts', { id, book: 'faceid-legacy' });
});
afterAll(() => open.close());

const url = '/v1/accounts/acme/credentials';
const make = async (key = 'first') => (await open.call('POST', url, {}, { 'idempotency-key': key })).json;
const asked = (secretId: unknown) => ({ secretId, date: '2026-01-06', service: 'faceid' });
const keysOf = (secretId: unknown) => open.call('POST', '/v1/signing-keys', asked(secretId));
const keyOf = (made: Json) => signingKey(String(made.secretKey), '2026-01-06', 'faceid').toString('hex');

test('a repeat shows the same SecretKey, and no table has it', async () => {
  const made = await make();
  expect(made).toMatchObject({ account: 'acme', generation: 1, formerUntil: null });
  expect(made.secretKey).toMatch(/^[0-9a-f]{32}$/);
  expect(await make()).toEqual(made);
  for (const table of ['gateway_credentials', 'idempotency_keys', 'audit']) {
    const { rows } = await open.suanpan.pool.query(`select count(*)::int as n from ${table} t where t::text like $1`, [
      `%${made.secretKey}%`,
    ]);
    expect(rows, table).toEqual([{ n: 0 }]);
  }
  expect((await keysOf(made.secretId)).json).toEqual({
    ...{ account: 'acme', scopes: ['read', 'meter'], actions: null },
    keys: [keyOf(made)],
  });
});

test('rotated: both are good for the overlap, then the new one alone; revoked: none', async () => {
  const made = await make('second');
  const { secretId } = made;
  const rotated = (await open.once('POST', `${url}/rotate`, { secretId, overlapHours: 1 })).json;
  expect(rotated).toMatchObject({ secretId, generation: 2 });
  expect(rotated.secretKey).not.toBe(made.secretKey);
  expect((await keysOf(secretId)).json.keys).toEqual([keyOf(rotated), keyOf(made)]);
  open.setClock('2026-01-06T11:00:00+08:00');
  expect((await keysOf(secretId)).json.keys).toEqual([keyOf(rotated)]);
  expect((await open.call('DELETE', `${url}?secretId=${secretId}`)).json).toMatchObject({ revoked: true });
  expect((await keysOf(secretId)).status).toBe(404);
  expect((await open.call('DELETE', `${url}?secretId=${secretId}`)).status).toBe(404);
  expect((await open.once('POST', `${url}/rotate`, { secretId })).status).toBe(404);
});

test('made for some things alone: kept as asked, also by rotation; nothing else is taken', async () => {
  const asking = { name: 'help desk', scopes: ['read'], actions: ['GetDetectInfo', 'GetEidResult'] };
  const made = (await open.once('POST', url, asking)).json;
  expect(made).toMatchObject(asking);
  const { secretId } = made;
  const may = { scopes: asking.scopes, actions: asking.actions };
  expect((await open.once('POST', `${url}/rotate`, { secretId })).json).toMatchObject({ ...may, generation: 2 });
  expect((await keysOf(secretId)).json).toMatchObject(may);
  const { json } = await open.call('GET', url);
  expect((json.credentials as Json[]).find((each) => each.secretId === secretId)).toMatchObject(may);
  const acts = (await open.call('GET', '/v1/audit?account=acme&limit=200')).json.acts as Json[];
  const [rotation, making] = acts;
  expect(making).toMatchObject({ operation: 'POST /v1/accounts/{id}/credentials' });
  expect(JSON.parse(String(making?.asked))).toEqual(asking);
  expect(JSON.parse(String(making?.after))).toEqual({
    ...asking,
    ...{ secretId, account: 'acme', generation: 1, formerUntil: null },
  });
  expect(JSON.parse(String(rotation?.asked))).toEqual({ secretId });
  const wrong = [{ scopes: [] }, { scopes: ['buy'] }, { actions: [] }, { actions: ['a b'] }, { actions: [''] }];
  for (const body of wrong) expect((await open.call('POST', url, body)).status, JSON.stringify(body)).toBe(422);
});

test('another account neither sees, rotates nor revokes it, and no account asks for signing keys', async () => {
  const { secretId } = await make('third');
  const globex = await open.keyOf('globex');
  const theirs = '/v1/accounts/globex/credentials';
  expect((await open.call('DELETE', `${theirs}?secretId=${secretId}`)).status).toBe(404);
  expect((await open.once('POST', `${theirs}/rotate`, { secretId })).status).toBe(404);
  expect((await open.call('GET', theirs)).json.credentials).toEqual([]);
  expect((await open.call('GET', url, undefined, globex)).status).toBe(403);
  expect((await open.call('POST', '/v1/signing-keys', asked(secretId), globex)).status).toBe(403);
  const { json } = await open.call('GET', url);
  expect((json.credentials as Json[]).map((each) => each.secretId)).toContain(secretId);
  expect(JSON.stringify(json)).not.toContain('secretKey');
});

test.each([
  ['BankCard4Verification', 'BankCard4EVerification'],
  ['detectauth', 'DetectAuth'],
  ['LiveCode', 'GetLiveCode'],
])('an action %s that there is not is refused, with the nearest and those that exist', async (action, nearest) => {
  const refused = await open.once('POST', url, { actions: ['DetectAuth', action] });
  const { code, detail, errors } = refused.json as { code: string; detail: string; errors: Json[] };
  expect([refused.status, code, errors[0]?.pointer]).toEqual([422, 'NO_SUCH_ACTION', '/actions/1']);
  expect(detail).toContain(`There is no action ${action}; did you mean ${nearest}?`);
  expect(detail).toContain('GetLiveCode');
  const { json } = await open.call('GET', url);
  expect(json.actions).toContain(nearest);
});

test('actions of the account’s own book exist for it, and for no other account', async () => {
  const legacy = loadCatalog().get('faceid-legacy')?.document as { codeTable: Json[] };
  const row = { actions: ['ReadPalm'], from: null, until: null, charged: [], notCharged: 'rest' };
  const book = { ...legacy, id: 'own', accounts: null, codeTable: [...legacy.codeTable, row] };
  expect((await open.call('POST', '/v1/price-books', book)).status).toBe(201);
  await open.call('POST', '/v1/accounts', { id: 'palms', book: 'own' });
  const make = async (id: string) =>
    (await open.once('POST', `/v1/accounts/${id}/credentials`, { actions: ['ReadPalm'] })).status;
  expect([await make('palms'), await make('acme')]).toEqual([201, 422]);
  expect((await open.once('POST', url, { actions: ['readPalm'] })).text).not.toContain('ReadPalm');
});

test('an account has at most a hundred', async () => {
  await open.suanpan.pool.query(
    `insert into gateway_credentials (secret_id, account_id, name, generation, created_ms, created_by)
     select 'AKID' || n, 'acme', 'many', 1, 0, 'test' from generate_series(1, 98) n`,
  );
  const refused = await open.call('POST', url, {});
  expect(refused).toMatchObject({ status: 422, json: { code: 'TOO_MANY_CREDENTIALS' } });
});
