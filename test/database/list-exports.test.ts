// Long lists made in the background: the same rows as the file that is sent at once, of the moment when it was asked for; killed in the
// middle it is begun anew, and nothing of the first try is in it.

import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { writeExports } from '../../src/operations/list-exports.ts';
import { basic, type Json, type OpenApp, openAccountWith, openApp } from '../http/open-app.ts';

const most = 12_000;
let open: OpenApp;
const run = () => writeExports(open.suanpan, new AbortController().signal);
const ask = async (body: object): Promise<string> => {
  const { status, json, text } = await open.call('POST', '/v1/exports', { account: 'acme', ...body });
  expect(status, text).toBe(202);
  return String(json.id);
};
const look = async (id: string): Promise<Json> => (await open.call('GET', `/v1/exports/${id}?account=acme`)).json;
async function fetched(id: string): Promise<Buffer> {
  const url = `/v1/exports/${id}/file?account=acme`;
  const answer = await open.app.inject({ url, headers: { authorization: `Bearer ${open.operator}` } });
  expect(answer.statusCode, answer.payload).toBe(200);
  expect(answer.headers['content-type']).toBe('application/gzip');
  return answer.rawPayload;
}

beforeAll(async () => {
  open = await openApp('2026-01-31T20:00:00+08:00');
  await openAccountWith(open, 'acme', '100000.00', { postpaid: true });
  await openAccountWith(open, 'globex', '1.00');
  for (let at = 0; at < most; at += 3_000) {
    const events = Array.from({ length: 3_000 }, (_, index) => ({
      id: `e-${at + index}`.padEnd(120, 'x'),
      ...{ account: 'acme', meter: basic, time: '2026-01-20T10:00:00+08:00', calls: 1 + (index % 3) },
    }));
    expect((await open.call('POST', '/v1/events', events)).status).toBe(200);
  }
}, 60_000);
afterAll(() => open.close());

test('the file is the list, whole and in order, whatever comes while it waits', async () => {
  const now = (await open.call('GET', '/v1/accounts/acme/export?list=calls')).text;
  const [csv, lines] = [await ask({ list: 'calls' }), await ask({ list: 'calls', format: 'json' })];
  expect(await look(csv)).toMatchObject({ state: 'waiting', rows: 0, of: null, endedAt: null });
  const early = await open.call('GET', `/v1/exports/${csv}/file?account=acme`);
  expect([early.status, early.json.code]).toEqual([409, 'EXPORT_NOT_DONE']);
  const late = { id: 'late', account: 'acme', meter: basic, calls: 1, time: '2026-01-19T10:00:00+08:00' };
  expect((await open.call('POST', '/v1/events', late)).status).toBe(200);
  expect(await run()).toEqual({ done: 2, waiting: 0, failed: 0 });
  expect(await look(csv)).toMatchObject({ state: 'done', rows: most, of: most, problem: null });
  const file = await fetched(csv);
  expect(gunzipSync(file).toString()).toBe(now);
  expect(
    gunzipSync(await fetched(lines))
      .toString()
      .trimEnd()
      .split('\n'),
  ).toHaveLength(most);
  expect(await fetched(csv)).toEqual(file);
});

test('cut off in the middle it is begun anew, and no row of the first try stands in it twice', async () => {
  const id = await ask({ list: 'calls', payer: 'postpaid' });
  const stop = new AbortController();
  const { pool } = open.suanpan;
  const stopped = writeExports(open.suanpan, stop.signal);
  await expect
    .poll(async () => (await pool.query('select 1 from export_pieces where export_id = $1', [id])).rowCount, {
      interval: 5,
    })
    .toBeGreaterThan(0);
  stop.abort();
  await stopped;
  expect(await look(id)).toMatchObject({ state: 'running' });
  expect(await run()).toEqual({ done: 1, waiting: 0, failed: 0 });
  const text = gunzipSync(await fetched(id)).toString();
  expect(text).toBe((await open.call('GET', '/v1/accounts/acme/export?list=calls&payer=postpaid')).text);
});

test('what is too much, not there, or another’s is refused; what is old is forgotten', async () => {
  for (let at = 0; at < 5; at += 1) await ask({ list: 'packs' });
  const sixth = await open.call('POST', '/v1/exports', { account: 'acme', list: 'packs' });
  expect([sixth.status, sixth.json.code]).toEqual([429, 'TOO_MANY_EXPORTS']);
  await run();
  const globex = await open.keyOf('globex');
  const { json } = await open.call('GET', '/v1/exports?account=acme&limit=1');
  const [newest] = json.exports as Json[];
  for (const url of [`/v1/exports/${newest?.id}?account=acme`, `/v1/exports/${newest?.id}/file`]) {
    expect((await open.call('GET', url, undefined, globex)).json).toMatchObject({ code: 'NOT_FOUND' });
  }
  expect((await open.call('POST', '/v1/exports', { account: 'acme', list: 'packs', payer: 'x' })).status).toBe(422);
  open.setClock('2026-02-08T00:00:00+08:00');
  await run();
  expect((await open.call('GET', '/v1/exports?account=acme')).json).toMatchObject({ exports: [], next: null });
  expect((await open.suanpan.pool.query('select 1 from export_pieces')).rowCount).toBe(0);
});

test('one that cannot be written ends as failed and says so; those behind it are made', async () => {
  const broken = await ask({ list: 'packs' });
  await open.suanpan.pool.query(`update list_exports set asked = asked || '{"list": "none"}' where id = $1`, [broken]);
  const next = await ask({ list: 'entries' });
  expect(await run()).toEqual({ done: 1, waiting: 0, failed: 1 });
  expect((await fetched(next)).length).toBeGreaterThan(0);
  const rows = await open.suanpan.pool.query('select state, problem from list_exports where id = $1', [broken]);
  expect(rows.rows).toEqual([{ state: 'failed', problem: 'INTERNAL_ERROR' }]);
});
