// I18, A11: every privileged act is kept with its effect; an act that is edited, removed or moved is named.

import { afterAll, beforeAll, expect, test } from 'vitest';
import { allActs, checkExport, exportedLines, followAudit } from '../../src/verify/audit.ts';
import { verifyLedger } from '../../src/verify/verify.ts';
import { type Json, type Method, type OpenApp, openAccountWith, openApp } from '../http/open-app.ts';

let open: OpenApp;
beforeAll(async () => {
  open = await openApp('2026-01-12T10:00:00+08:00');
  for (const id of ['acme', 'globex']) await openAccountWith(open, id, '10000.00');
});
afterAll(() => open?.close());

const acts = async (query = '', headers?: Record<string, string>) => {
  const { status, json, text } = await open.call('GET', `/v1/audit${query}`, undefined, headers);
  expect(status, text).toBe(200);
  return json.acts as (Json & { chain: string; no: number; asked: string; before: string; after: string })[];
};
const buy = (account: string, id: string) =>
  open.once('POST', '/v1/packs', { account, product: 'basic_authority', size: 1_000, id });

/** Sees nothing of the append-only triggers, as somebody who owns the database may. */
async function behindItsBack(statement: string): Promise<void> {
  const { pool } = open.suanpan;
  await pool.query('alter table audit disable trigger user');
  await pool.query(statement);
  await pool.query('alter table audit enable trigger user');
}

test('who, when, from where, what was asked, before and after; with its effect, once, and nothing of what was refused', async () => {
  await buy('acme', 'p1');
  const before = (await acts()).length;
  expect((await open.call('PATCH', '/v1/accounts/acme', { cap: 500 }, { 'x-request-id': 'asked-1' })).status).toBe(200);
  const [act] = await acts('?account=acme');
  expect(act).toMatchObject({
    chain: 'acme',
    no: 4,
    at: '2026-01-12T02:00:00+00:00',
    address: '127.0.0.1',
    request: 'asked-1',
    operation: 'PATCH /v1/accounts/{id}',
    subject: '{"id":"acme"}',
    asked: '{"cap":500}',
  });
  expect(JSON.parse(act?.before ?? '')).toMatchObject({ id: 'acme', cap: null });
  expect(JSON.parse(act?.after ?? '')).toMatchObject({ id: 'acme', cap: 500 });
  const once = { 'idempotency-key': 'one-top-up' };
  for (let again = 0; again < 3; again += 1) {
    await open.call('POST', '/v1/accounts/acme/top-ups', { amount: '1.00' }, once);
  }
  expect((await open.once('POST', '/v1/accounts/acme/top-ups', { amount: '-1.00' })).status).toBe(422);
  expect((await open.once('POST', '/v1/packs/p2/refund', { account: 'acme' })).status).toBe(404);
  expect((await acts()).length).toBe(before + 2);
  expect((await acts('?operation=POST%20/v1/packs')).length).toBe(1);
});

test('every operation that changes something is kept, or is a call of the meter, or only computes', async () => {
  const { paths } = (await open.call('GET', '/v1/openapi.json')).json as {
    paths: Record<string, Record<string, Json>>;
  };
  const unkept = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods)
      .filter(([method, operation]) => method !== 'get' && operation['x-audited'] !== true)
      .filter(([, operation]) => operation['x-scope'] !== 'meter')
      .map(([method]) => `${method.toUpperCase()} ${path}`),
  );
  expect(unkept.toSorted()).toEqual([
    'POST /v1/accounts/{id}/contracts/preview',
    'POST /v1/packs/preview',
    // Always refused.
    'POST /v1/packs/{id}/freeze',
    // Sends a mail to whoever it names, or none.
    'POST /v1/password-resets',
    'POST /v1/plans',
    'POST /v1/quotes',
    'POST /v1/what-if',
  ]);
});

test('what runs in transactions of its own is kept before it begins', async () => {
  await open.call('POST', '/v1/jobs/book-due/run', {});
  expect((await acts('?operation=POST%20/v1/jobs/{name}/run'))[0]).toMatchObject({
    chain: '',
    after: null,
    subject: '{"name":"book-due"}',
  });
});

test('no secret lies in it: keys, signing secrets', async () => {
  const secrets: string[] = [];
  const make = async (method: Method, url: string, body: Json) => {
    const { json } = await open.once(method, url, body);
    secrets.push(String(json.key ?? json.secret));
    return String(json.id);
  };
  await make('POST', '/v1/keys', { role: 'operator', name: 'another' });
  await make('POST', '/v1/accounts/acme/keys', { name: 'own' });
  const path = 'services/T0/B0/token-in-the-path?key=in-the-query';
  const url = `https://user:word@example.com/${path}`;
  const id = await make('POST', '/v1/webhooks', { account: 'acme', url: `https://example.com/${path}` });
  secrets.push('token-in-the-path', 'in-the-query', 'user:word');
  expect((await open.call('POST', '/v1/webhooks', { account: 'acme', url })).status).toBeLessThan(500);
  await make('POST', `/v1/webhooks/${id}/rotate`, {});
  expect(secrets.filter((secret) => /^(sk_|whsec_)/.test(secret)).length).toBe(4);
  const text = JSON.stringify(await acts('?limit=200'));
  for (const secret of [...secrets, open.operator]) expect(text).not.toContain(secret);
  // Whose server it is stays, and whether it is another address.
  expect(text).toMatch(/https:\/\/example\.com\/…[0-9a-f]{12}/);
});

test('an account sees its own acts, and not where its operator sits', async () => {
  const globex = await open.keyOf('globex');
  await open.once('POST', '/v1/packs', { product: 'basic_authority', size: 1_000, id: 'own' }, globex);
  const seen = await acts('', globex);
  expect(new Set(seen.map(({ chain }) => chain))).toEqual(new Set(['globex']));
  expect(seen.map(({ address }) => address)).toEqual(['127.0.0.1', null, null]);
  expect((await open.call('GET', '/v1/audit?account=acme', undefined, globex)).status).toBe(404);
});

test('thirty at once on one account and on none: numbered without gap', async () => {
  await Promise.all(
    Array.from({ length: 30 }, (_, index) =>
      index % 2 === 0
        ? buy('acme', `at-once-${index}`)
        : open.once('POST', '/v1/keys', { role: 'operator', name: `k${index}` }),
    ),
  );
  const { broken } = await followAudit(open.suanpan.pool);
  expect(broken).toEqual([]);
  expect((await verifyLedger(open.suanpan)).clean).toBe(true);
});

test('the database refuses changes', async () => {
  const { pool } = open.suanpan;
  for (const statement of [`update audit set done_by = 'x'`, 'delete from audit', 'truncate audit']) {
    await expect(pool.query(statement)).rejects.toThrow(/append-only/);
  }
});

const row = `chain = 'acme' and no = 3`;
const sabotages: readonly (readonly [string, string, string, string])[] = [
  ...['done_by', 'operation', 'subject', 'asked', 'before', 'after', 'address', 'request', 'hash'].map(
    (column) =>
      [
        `edited: ${column}`,
        `update audit set ${column} = 'x' where ${row}`,
        `update audit set ${column} = (select ${column} from kept where ${row}) where ${row}`,
        'acme 3',
      ] as const,
  ),
  [
    'edited: time',
    `update audit set at_ms = at_ms + 1 where ${row}`,
    `update audit set at_ms = at_ms - 1 where ${row}`,
    'acme 3',
  ],
  ['removed', `delete from audit where ${row}`, `insert into audit select * from kept where ${row}`, 'acme 3'],
  [
    'removed at the end',
    `delete from audit where chain = 'acme' and no = (select length from audit_heads where chain = 'acme')`,
    `insert into audit select * from kept where chain = 'acme' and no = (select length from audit_heads where chain = 'acme')`,
    'acme last',
  ],
  [
    'swapped',
    `update audit set no = case no when 3 then -4 else -3 end where chain = 'acme' and no in (3, 4);
     update audit set no = -no where no < 0`,
    `update audit set no = case no when 3 then -4 else -3 end where chain = 'acme' and no in (3, 4);
     update audit set no = -no where no < 0`,
    'acme 3',
  ],
  [
    'removed and numbered anew',
    `delete from audit where ${row}; update audit set no = no - 1 where chain = 'acme' and no > 3`,
    `delete from audit where chain = 'acme'; insert into audit select * from kept where chain = 'acme'`,
    'acme 3',
  ],
  [
    'a whole chain removed, its head too',
    `delete from audit where chain = 'globex'`,
    `insert into audit select * from kept where chain = 'globex'`,
    'globex 1',
  ],
];

test.each(sabotages)('%s: named', async (_, harm, mend, place) => {
  const { pool } = open.suanpan;
  await pool.query('create table if not exists kept as select * from audit');
  await behindItsBack(harm);
  const { broken } = await followAudit(pool);
  const { rows } = await pool.query<{ length: bigint }>(`select length from audit_heads where chain = 'acme'`);
  expect(broken.map(({ chain, no }) => `${chain} ${no}`)).toEqual([place.replace('last', String(rows[0]?.length))]);
  const { clean, verdicts } = await verifyLedger(open.suanpan);
  expect(clean).toBe(false);
  expect(verdicts.find(({ invariant }) => invariant === 'I18')?.first).toMatchObject({
    table: 'audit',
    account: broken[0]?.chain,
    key: `no ${broken[0]?.no}`,
  });
  await behindItsBack(mend);
  expect((await followAudit(pool)).broken).toEqual([]);
});

test('an export says where each chain ends: one that is cut off is found, with no database at all', async () => {
  const lines: string[] = [];
  for await (const line of exportedLines(open.suanpan.pool)) lines.push(line);
  expect(JSON.parse(lines.at(-1) ?? '')).toHaveProperty('heads');
  expect(await checkExport(open.suanpan.pool, lines)).toMatchObject({ acts: lines.length - 1, broken: [] });
  expect(await checkExport(null, lines)).toMatchObject({ acts: lines.length - 1, broken: [] });
  const lastOf = (chain: string) =>
    lines.findLastIndex((line) => line.includes(`"chain":"${chain}"`) && !line.includes('"heads"'));
  for (const chain of ['acme', 'globex']) {
    const cut = lines.toSpliced(lastOf(chain), 1);
    expect((await checkExport(null, cut)).broken?.map((each) => each.chain)).toEqual([chain]);
  }
});

test('it is asked for a span of time', async () => {
  const day = (await acts('?limit=200')).map(({ at }) => String(at));
  const [last] = day;
  expect(
    (await acts(`?limit=200&to=${encodeURIComponent(String(last))}`)).every(({ at }) => String(at) < String(last)),
  ).toBe(true);
  expect((await acts(`?limit=200&from=${encodeURIComponent(String(last))}`)).every(({ at }) => at === last)).toBe(true);
  expect((await open.call('GET', '/v1/audit?from=yesterday')).status).toBe(422);
});

test('a chain written anew from end to end is found by an export that was kept elsewhere', async () => {
  const { pool } = open.suanpan;
  const lines: string[] = [];
  for await (const act of allActs(pool)) lines.push(JSON.stringify(act));
  expect(await checkExport(pool, lines)).toMatchObject({ acts: lines.length, broken: [] });
  await buy('acme', 'later');
  expect(await checkExport(pool, lines)).toMatchObject({ broken: [] });
  expect(await checkExport(pool, ['{"chain":1}'])).toEqual({ line: 1 });
  const edited = lines.map((line, index) => (index === 1 ? line.replace('"by":"', '"by":"x') : line));
  expect(await checkExport(pool, edited)).toMatchObject({ broken: [{ chain: '', no: 2 }] });
  await behindItsBack(`delete from audit where chain = 'globex'; delete from audit_heads where chain = 'globex'`);
  expect((await followAudit(pool)).broken).toEqual([]);
  expect(await checkExport(pool, lines)).toMatchObject({ broken: [{ chain: 'globex', found: 'differs' }] });
});
