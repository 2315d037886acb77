// A month whose first day has two midnights: it begins with the first, for bills and for those who check them.

import { afterAll, beforeAll, expect, test } from 'vitest';
import { verifyLedger } from '../../src/verify/verify.ts';
import { basic, type OpenApp, openAccountWith, openApp } from '../http/open-app.ts';

let open: OpenApp;
beforeAll(async () => {
  open = await openApp('2026-10-01T09:00:00-04:00');
  await openAccountWith(open, 'havana', '100000.00', { timeZone: 'America/Havana', opened: '2026-10-01' });
});
afterAll(() => open?.close());

test('what is bought and called between them is the new month’s', async () => {
  const between = '2026-11-01T00:30:00-04:00';
  open.setClock(between);
  await open.once('POST', '/v1/packs', { account: 'havana', product: 'basic_selfie', size: 1_000 });
  await open.call('POST', '/v1/events', { account: 'havana', id: 'e', meter: basic, time: between });
  open.setClock('2026-12-03T00:00:00-05:00');
  for (const month of ['2026-10', '2026-11']) {
    expect((await open.call('POST', '/v1/bills/close', { account: 'havana', month })).status).toBe(200);
  }
  const bill = async (month: string) => (await open.call('GET', `/v1/bills/havana:${month}`)).json;
  expect(await bill('2026-10')).toMatchObject({ prepaid: '0.00', total: '0.00' });
  expect(Number((await bill('2026-11')).prepaid)).toBeGreaterThan(0);
  const { verdicts } = await verifyLedger(open.suanpan);
  expect(verdicts.flatMap(({ first }) => (first === null ? [] : [first]))).toEqual([]);
});
