// A purchase that is asked about says what buying then does, and changes nothing.

import { afterAll, beforeAll, expect, test } from 'vitest';
import { type OpenApp, openApp } from '../http/open-app.ts';

let open: OpenApp;
const wish = { account: 'acme', product: 'basic_authority', size: 10_000, count: 2 };

beforeAll(async () => {
  open = await openApp('2026-01-10T10:00:00+08:00');
  await open.call('POST', '/v1/accounts', { id: 'acme', book: 'faceid-legacy', gifts: false });
  await open.once('POST', '/v1/accounts/acme/top-ups', { amount: '20000.00' });
  await open.call('POST', '/v1/events', {
    id: 'e1',
    account: 'acme',
    meter: 'liveness.basic.authority',
    calls: 4_950,
    time: '2026-01-10T09:00:00+08:00',
  });
});
afterAll(() => open.close());

test('what is foretold is what buying does, to the fen', async () => {
  const before = await open.state();
  const { status, json } = await open.call('POST', '/v1/packs/preview', wish);
  expect(status).toBe(200);
  expect(await open.state()).toBe(before);
  expect(json.before).toMatchObject({ prepaid: '0.00', total: '4207.50' });
  const { json: bought } = await open.once('POST', '/v1/packs', wish);
  const [first] = bought.packs as { price: string }[];
  const { json: bill } = await open.call('GET', '/v1/bills/acme:2026-01');
  const { json: account } = await open.call('GET', '/v1/accounts/acme');
  const { prepaid, postpaid, total, estimate } = bill;
  expect(json.after).toEqual({ prepaid, postpaid, total, estimate });
  expect(json.balanceAfter).toBe(account.balance);
  expect(json).toMatchObject({ isEnough: true, price: prepaid, balance: '20000.00' });
  expect(Number(first?.price) * 2).toBe(Number(json.price));
});

test('a balance that is too small is said; what is not sold is refused', async () => {
  const { json } = await open.call('POST', '/v1/packs/preview', { ...wish, count: 1_000 });
  expect(json.isEnough).toBe(false);
  expect(String(json.balanceAfter)).toMatch(/^-/);
  expect((await open.call('POST', '/v1/packs/preview', { ...wish, size: 7 })).json.code).toBe('SIZE_NOT_SOLD');
  expect((await open.call('POST', '/v1/packs/preview', { ...wish, account: 'nobody' })).status).toBe(404);
});
