// A month before the account was opened has no bill, whoever asks for it and however; what was accepted in it is billed all the same.

import { afterAll, beforeAll, expect, test } from 'vitest';
import { basic, type OpenApp, openAccountWith, openApp } from '../http/open-app.ts';

let open: OpenApp;

beforeAll(async () => {
  // In New York it is the last day of January still.
  open = await openApp('2026-02-01T10:00:00+08:00');
  await openAccountWith(open, 'told', '0.00', { opened: '2025-12-31' });
  await openAccountWith(open, 'entered', '0.00');
  await openAccountWith(open, 'west', '0.00', { timeZone: 'America/New_York' });
  await openAccountWith(open, 'late', '0.00');
  const time = '2026-01-20T09:00:00+08:00';
  await open.call('POST', '/v1/events', { account: 'late', id: 'e1', meter: basic, calls: 7, time });
  open.setClock('2026-03-05T00:00:00+08:00');
});
afterAll(() => open.close());

const close = (month: string, account?: string) => open.call('POST', '/v1/bills/close', { month, account });

test.each([
  ['told', '2025-11', '2025-12'],
  ['told', '2019-01', '2025-12'],
  ['entered', '2026-01', '2026-02'],
  ['west', '2025-12', '2026-01'],
  ['late', '2025-12', '2026-02'],
])('%s: %s is refused, and reads as no bill', async (account, month, opened) => {
  const before = await open.state();
  const { status, json } = await close(month, account);
  expect({ status, code: json.code }).toEqual({ status: 409, code: 'BEFORE_OPENING' });
  expect(json.detail).toContain(opened);
  expect((await open.call('GET', `/v1/bills/${account}:${month}`)).status).toBe(404);
  expect((await open.call('GET', `/v1/bills?account=${account}&month=${month}`)).json.bills).toEqual([]);
  expect(await open.state()).toBe(before);
});

test.each([
  ['told', '2025-12', '0.00'],
  ['west', '2026-01', '0.00'],
  ['late', '2026-01', '7.00'],
])('%s: %s is closed', async (account, month, total) => {
  expect((await open.call('GET', `/v1/bills/${account}:${month}`)).json).toMatchObject({ state: 'draft', total });
  expect(await close(month, account)).toMatchObject({ status: 200, json: { state: 'final', total } });
});

test('closing for all passes over those that were opened later: they are neither closed nor refused', async () => {
  expect((await close('2026-01')).json).toEqual({ month: '2026-01', closed: 1, alreadyFinal: 2, refused: [] });
  expect((await close('2026-01')).json).toMatchObject({ closed: 0, alreadyFinal: 3, refused: [] });
  expect((await close('2026-02')).json).toMatchObject({ closed: 4, alreadyFinal: 0, refused: [] });
  const { rows } = await open.suanpan.pool.query(
    `select string_agg(account_id, ' ' order by account_id) as of from bills where period = '2026-01'`,
  );
  expect(rows).toEqual([{ of: 'late told west' }]);
});

test('a head of an account that was opened later is not even locked; whatever stands in the month is closed all the same', async () => {
  await openAccountWith(open, 'fresh', '0.00');
  await openAccountWith(open, 'ahead', '100000.00', { opened: '2026-05-01' });
  const bought = { account: 'ahead', product: 'basic_authority', size: 1_000, id: 'p' };
  expect((await open.once('POST', '/v1/packs', bought)).status).toBeLessThan(300);
  const holder = await open.suanpan.pool.connect();
  try {
    await holder.query(`begin; select from account_heads where account_id = 'fresh' for update`);
    expect((await close('2026-02')).json).toEqual({ month: '2026-02', closed: 0, alreadyFinal: 4, refused: [] });
  } finally {
    await holder.query('rollback');
    holder.release();
  }
  open.setClock('2026-04-05T00:00:00+08:00');
  expect((await close('2026-03')).json).toMatchObject({ closed: 6, refused: [] });
  expect((await open.call('GET', '/v1/bills/ahead:2026-03')).json).toMatchObject({ state: 'final' });
});
