// Holds of accounts that nobody touches: their time runs out, and they end by what their expiry means, once whatever servers do.

import { afterAll, beforeAll, expect, test } from 'vitest';
import { Schedule } from '../../src/jobs/schedule.ts';
import { openSuanpan } from '../../src/operations/suanpan.ts';
import { openDatabase } from '../../src/store/connection/connect.ts';
import { accountsWithExpiredHolds } from '../../src/store/ledger/expired-holds.ts';
import { expectSound } from '../faults/agree.ts';
import { instant, type Json, type OpenApp, openAccountWith, openApp, sending } from '../http/open-app.ts';

const accounts = ['acme', 'globex', 'hooli'];
let open: OpenApp;

beforeAll(async () => {
  open = await openApp('2026-01-12T10:00:10+08:00');
  for (const account of accounts) {
    await openAccountWith(open, account, '1000.00');
    await open.once('POST', '/v1/packs', { account, product: 'identity', size: 1_000, id: `${account}-pack` });
  }
});
afterAll(() => open.close());

const hold = async (account: string, id: string, onExpiry: string, seconds = 30) => {
  const body = { account, id, meter: 'identity', calls: 3, seconds, onExpiry };
  const { status, text } = await open.call('POST', '/v1/authorizations', body);
  expect(status, text).toBe(201);
};
const left = async (account: string): Promise<unknown> =>
  ((await open.call('GET', `/v1/accounts/${account}/packs`)).json.packs as Json[])[0]?.remaining;
const ends = async (): Promise<string[]> => {
  const { rows } = await open.suanpan.pool.query<{ text: string }>(
    `select h.hold_id || ' ' || x.how as text from hold_ends x
     join holds h on h.account_id = x.account_id and h.seq = x.hold_seq order by 1`,
  );
  return rows.map(({ text }) => text);
};
const waiting = async (): Promise<unknown[]> =>
  ((await open.call('GET', '/v1/reviews')).json.held as Json[]).map(({ event }) => event);
const run = async () => (await open.call('POST', '/v1/jobs/end-holds/run', {})).json;
const lastNext = async () => {
  const { json } = await open.call('GET', '/v1/jobs');
  return (json.jobs as Json[]).find(({ name }) => name === 'end-holds')?.next;
};

test('nobody touches them: one goes back, one waits for a person, one is open still; again, nothing happens', async () => {
  await hold('acme', 'unknown', 'review');
  await hold('globex', 'never made', 'release');
  await hold('hooli', 'open', 'review', 86_400);
  expect(await run()).toMatchObject({ done: 0, failed: 0 });
  open.setClock('2026-01-12T10:01:00+08:00');
  expect(await ends()).toEqual([]);
  expect(await run()).toEqual({ name: 'end-holds', done: 2, waiting: 1, failed: 0 });
  expect(await ends()).toEqual(['never made expired', 'unknown captured']);
  expect(await waiting()).toEqual(['unknown']);
  expect([await left('acme'), await left('globex'), await left('hooli')]).toEqual([1_000, 1_000, 1_000]);
  expect(await run()).toMatchObject({ done: 0, waiting: 0 });
  const { text } = await open.call('GET', '/metrics');
  expect(text).toContain('suanpan_job_runs_total{job="end-holds"} 3');
  expect(text).toContain('suanpan_job_done_total{job="end-holds"} 2');
  expect(text).toContain('suanpan_job_waiting_total{job="end-holds"} 1');
});

test('it is due each minute, and finds what ran out while no server ran', async () => {
  expect(await lastNext()).toBe('2026-01-12T02:02:00+00:00');
  for (const account of accounts) await hold(account, `${account} later`, 'review');
  open.setClock('2026-01-12T20:00:00+08:00');
  const schedule = new Schedule(open.suanpan, sending);
  await schedule.runDue('ledger');
  expect((await waiting()).length).toBe(4);
  expect(await lastNext()).toBe('2026-01-12T12:01:00+00:00');
});

test('those of many accounts are looked for by pages', async () => {
  for (const account of accounts) await hold(account, `${account} paged`, 'release');
  const from = instant('2026-01-12T20:00:00+08:00');
  const to = instant('2026-01-12T20:01:00+08:00');
  const page = (after: string) => accountsWithExpiredHolds(open.suanpan.pool, { from, to }, after, 2);
  expect([await page(''), await page('globex'), await page('hooli')]).toEqual([['acme', 'globex'], ['hooli'], []]);
});

test('two servers, and calls on the accounts meanwhile: each hold ends once, and the ledger is sound', async () => {
  const database = await openDatabase({ databaseUrl: open.connectionString, dataFolder: '' });
  const other = await openSuanpan(database, open.suanpan.clock);
  for (const account of accounts) for (const n of [1, 2, 3]) await hold(account, `${account} ${n}`, 'review');
  open.setClock('2026-01-12T20:01:00+08:00');
  await Promise.all([
    ...[open.suanpan, other].map((each) => new Schedule(each, sending).run('end-holds')),
    ...[open.suanpan, other].map((each) => new Schedule(each, sending).run('book-due')),
    ...accounts.map((account) => open.call('PATCH', `/v1/accounts/${account}`, { suspended: false })),
    ...accounts.map((account) =>
      open
        .call('POST', '/v1/authorizations/none/capture', { account })
        .then(() => hold(account, `${account} now`, 'release')),
    ),
  ]);
  const ended = await ends();
  expect(new Set(ended).size).toBe(ended.length);
  expect(ended.filter((text) => /[123] captured$/.test(text))).toHaveLength(9);
  expect(ended.filter((text) => text.endsWith('paged expired'))).toHaveLength(3);
  await other.ledger.drain();
  await database.close();
  await expectSound(open.suanpan);
});
