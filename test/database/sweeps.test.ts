// A page of the provider's list, as the ledger takes it: in a month that is final, in a list without end, and what is said of it.

import { afterAll, beforeAll, expect, test } from 'vitest';
import { expectSound } from '../faults/agree.ts';
import { type Json, type OpenApp, openApp } from '../http/open-app.ts';

let open: OpenApp;
beforeAll(async () => {
  open = await openApp('2026-01-31T10:00:00+08:00');
  await open.call('POST', '/v1/accounts', { id: 'acme', book: 'faceid-legacy', opened: '2025-12-01', gifts: false });
  const flow = { account: 'acme', action: 'GetDetectInfoEnhanced', channel: 'wechat_h5', library: 'authority' };
  for (const token of ['A', 'B']) await open.call('POST', '/v1/flow-tokens', { token, ...flow });
});
afterAll(() => open.close());

const begin = (day: string) =>
  open.call('POST', '/v1/sweeps', { through: day, timeZone: 'Asia/Shanghai', day, anew: true });
const attempt = (token: string, no: string, day: string, more: Json = {}): Json => ({
  ...{ token, attempt: no, time: `${day}T12:00:00+08:00`, resultCode: '0', charged: true, rule: '1' },
  ...more,
});
const turn = (day: string, cursor: number, next: number | null, attempts: readonly Json[]) =>
  open.call('POST', `/v1/sweeps/${day}/pages`, { cursor, next, attempts });
const findings = async (day: string, query = ''): Promise<Json> =>
  (await open.call('GET', `/v1/sweeps/${day}/findings${query}`)).json;

test('into a month that is final: the bill stays, and what is charged corrects the next one, once', async () => {
  open.setClock('2026-02-04T10:00:00+08:00');
  expect((await open.call('POST', '/v1/bills/close', { month: '2026-01', account: 'acme' })).status).toBe(200);
  const bill = async () => (await open.call('GET', '/v1/bills/acme:2026-01')).json;
  const final = await bill();
  expect(final).toMatchObject({ state: 'final', total: '0.00' });
  await begin('2026-01-31');
  const { json } = await turn('2026-01-31', 0, null, [
    attempt('A', '1', '2026-01-31'),
    attempt('A', '2', '2026-01-31', { resultCode: '1001', charged: false }),
  ]);
  expect(json).toMatchObject({ metered: 2, held: 0, findings: 0, ended: expect.any(String) });
  await begin('2026-01-31');
  expect((await turn('2026-01-31', 0, null, [attempt('A', '1', '2026-01-31')])).json).toMatchObject({ metered: 0 });
  expect(await bill()).toEqual(final);
  const next = (await open.call('GET', '/v1/bills/acme:2026-02')).json;
  expect(next).toMatchObject({ adjustments: '1.00', total: '1.00' });
  await expectSound(open.suanpan);
});

test('both verdicts stand beside each other; findings by their reason', async () => {
  open.setClock('2026-02-06T10:00:00+08:00');
  const day = '2026-02-05';
  const event = { account: 'acme', action: 'GetDetectInfoEnhanced', channel: 'wechat_h5', library: 'authority' };
  for (const [id, resultCode] of [
    ['B:1', '0'],
    ['B:2', '0'],
  ]) {
    await open.call('POST', '/v1/events', { ...event, id, resultCode, time: `${day}T12:00:00+08:00` });
  }
  await begin(day);
  await turn(day, 0, null, [
    attempt('B', '1', day, { charged: false }),
    attempt('B', '2', day, { resultCode: '2006' }),
    attempt('nobody', '1', day),
  ]);
  const found = await findings(day);
  expect(found).toMatchObject({
    ...{ day, sweep: { day, attempts: 3, findings: 3 }, next: null },
    whys: ['OTHER_CHARGE', 'OTHER_RESULT', 'UNKNOWN_TOKEN'].map((why) => ({ why, count: 1 })),
    findings: [
      { why: 'OTHER_CHARGE', charged: false, recorded: { event: 'B:1', resultCode: '0', outcome: 'charged' } },
      { why: 'OTHER_RESULT', resultCode: '2006', recorded: { event: 'B:2', resultCode: '0', outcome: 'charged' } },
      { why: 'UNKNOWN_TOKEN', account: null, recorded: null },
    ],
  });
  const some = await findings(day, '?why=OTHER_CHARGE&limit=1');
  expect((some.findings as Json[]).map(({ why }) => why)).toEqual(['OTHER_CHARGE']);
  expect(some.whys).toHaveLength(3);
});

test('a list that rises for ever ends, and says so; read anew, the word goes', async () => {
  const day = '2026-02-04';
  await begin(day);
  const page = (cursor: number, next: number | null) => turn(day, cursor, next, [attempt(`new-${cursor}`, '1', day)]);
  expect((await page(0, 1)).json).toMatchObject({ pages: 1, ended: null });
  await open.suanpan.pool.query('update sweeps set pages = 49998 where day = $1', [day]);
  expect((await page(1, 2)).json).toMatchObject({ pages: 49_999, ended: null });
  expect((await page(2, 3)).json).toMatchObject({ pages: 50_000, ended: expect.any(String) });
  expect((await page(3, 4)).json).toMatchObject({ code: 'SWEEP_MOVED' });
  expect((await findings(day)).whys).toEqual([
    { why: 'UNKNOWN_TOKEN', count: 3 },
    { why: 'LIST_TOO_LONG', count: 1 },
  ]);
  await begin(day);
  expect((await page(0, null)).json).toMatchObject({ findings: 3 });
});

test('more findings than are kept: one says so, the page turns all the same', async () => {
  const day = '2026-02-03';
  await begin(day);
  await open.suanpan.pool.query(
    `insert into sweep_findings (day, token, attempt, at_ms, why, charged)
     select $1, 't' || n, '1', 0, 'UNKNOWN_TOKEN', true from generate_series(1, 100000) n`,
    [day],
  );
  expect((await turn(day, 0, 1, [attempt('one more', '1', day)])).json).toMatchObject({ cursor: 1, findings: 100_001 });
  expect((await turn(day, 1, null, [attempt('another', '1', day)])).json).toMatchObject({ findings: 100_001 });
  expect((await findings(day, '?why=MORE')).findings).toMatchObject([{ token: '*', why: 'MORE' }]);
});
