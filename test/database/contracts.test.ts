// Contract prices over HTTP: agreed once, seen by their own account alone, known to purchases, drafts, bills, exports, forecasts, what-ifs
// and `verify`.

import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { expectSound } from '../faults/agree.ts';
import { basic, eventsAt, type Json, type OpenApp, openAccountWith, openApp } from '../http/open-app.ts';

const account = 'acme';
const event = eventsAt('2026-01-12T10:00:00+08:00');
const unpriced = { from: '2026-01', tariffs: { liveness_verification: [{ from: 200_000, price: '0.55' }] } };
const url = `/v1/accounts/${account}/contracts`;
let open: OpenApp;
let own: { readonly authorization: string };

beforeAll(async () => {
  open = await openApp('2026-01-12T10:00:00+08:00');
  for (const id of [account, 'globex']) await openAccountWith(open, id, '500000.00');
  own = await open.keyOf(account);
});
afterAll(() => open.close());

const sent = async (reply: Promise<{ readonly status: number; readonly json: Json; readonly text: string }>) => {
  const { status, json, text } = await reply;
  expect(status, text).toBeLessThan(300);
  return json;
};

test('a preview says what the last month would have come to, and agrees on nothing', async () => {
  open.setClock('2026-02-01T10:00:00+08:00');
  await sent(open.call('POST', '/v1/events', event('many', { calls: 250_000 })));
  const preview = await sent(open.call('POST', `${url}/preview`, { ...unpriced, from: '2026-03' }));
  expect(preview).toMatchObject({
    month: '2026-01',
    before: { postpaid: null, total: null, estimate: '170000.00' },
    after: { postpaid: '137500.00', total: '137500.00', estimate: null },
    difference: null,
  });
  expect(await sent(open.call('GET', url))).toEqual({ account, contracts: [], next: null });
});

test('a month beyond the last public tier is closed once there is a price', async () => {
  open.setClock('2026-02-03T10:00:00+08:00');
  const close = () => open.call('POST', '/v1/bills/close', { account, month: '2026-01' });
  expect((await close()).json).toMatchObject({ code: 'QUOTE_REQUIRED' });
  const agreed = await sent(open.once('POST', url, unpriced));
  expect(agreed).toMatchObject({ account, no: 1, from: '2026-01', by: expect.any(String) });
  const draft = await sent(open.call('GET', `/v1/bills/${account}:2026-01`));
  expect(draft).toMatchObject({ contract: 1, total: '137500.00' });
  expect(await sent(close())).toMatchObject({ contract: 1, postpaid: '137500.00' });
  const calls = await open.call('GET', `/v1/bills/${account}-000001/export?detail=calls`);
  const rows = parse(calls.text, { columns: true }) as { amount: string }[];
  expect(rows.map(({ amount }) => amount)).toEqual(['137500.00']);
  expect(
    (
      await open.once('POST', url, {
        from: '2026-01',
        tariffs: { liveness_verification: [{ from: 200_000, price: '0.5' }] },
      })
    ).json,
  ).toMatchObject({
    status: 409,
    code: 'PRICES_STAND',
    errors: [expect.objectContaining({ pointer: '/from' })],
  });
});

test('the same key agrees once; another body is refused', async () => {
  const key = { 'idempotency-key': 'deal-1' };
  const deal = { from: '2026-03', packs: { basic_authority: [{ size: 1_000, price: '700.00' }] } };
  const first = await open.call('POST', url, deal, key);
  const again = await open.call('POST', url, deal, key);
  expect([first.status, again.status, again.text]).toEqual([201, 201, first.text]);
  expect((await open.call('POST', url, { ...deal, from: '2026-04' }, key)).status).toBe(422);
  expect((await open.call('POST', url, deal)).json).toMatchObject({ code: 'IDEMPOTENCY_KEY_REQUIRED' });
});

test('a purchase costs what was agreed from its month on', async () => {
  const buy = (id: string) => open.once('POST', '/v1/packs', { account, product: 'basic_authority', size: 1_000, id });
  expect(await sent(buy('before'))).toMatchObject({ packs: [{ price: '930.00' }] });
  open.setClock('2026-03-01T00:00:00+08:00');
  expect(await sent(buy('after'))).toMatchObject({ packs: [{ price: '700.00' }] });
});

test('forecasts and what-ifs are priced by it', async () => {
  open.setClock('2026-03-05T10:00:00+08:00');
  const whatIf = await sent(open.call('POST', '/v1/what-if', { account, months: 2 }));
  const [january] = whatIf.months as { real: Json; whatIf: Json }[];
  expect(january?.real).toMatchObject({ postpaid: '137500.00' });
  expect(january?.whatIf).toMatchObject({ postpaid: '137500.00' });
});

test('the latest first, a page at a time; an account sees its own and agrees on nothing', async () => {
  const page = await sent(open.call('GET', `${url}?limit=1`, undefined, own));
  expect(page).toMatchObject({
    contracts: [{ no: 2, packs: { basic_authority: [{ size: 1_000, price: '700.00' }] } }],
  });
  const rest = await sent(open.call('GET', `${url}?limit=1&cursor=${page.next}`, undefined, own));
  expect(rest).toMatchObject({
    contracts: [
      {
        no: 1,
        tariffs: { liveness_verification: expect.arrayContaining([{ from: 200_000, to: null, price: '0.55' }]) },
      },
    ],
  });
  expect((await open.call('GET', '/v1/accounts/globex/contracts', undefined, own)).status).toBe(404);
  expect((await open.once('POST', url, unpriced, own)).status).toBe(403);
  expect((await open.call('POST', `${url}/preview`, unpriced, own)).status).toBe(403);
});

test.each([
  [{ from: '2026-13' }, 'INVALID_INPUT', '/from'],
  [{ from: '2026-09', tariffs: { nothing: [{ from: 0, price: '1' }] } }, 'UNKNOWN_TARIFF', '/tariffs'],
  [{ from: '2026-09', tariffs: { identity: [{ from: 5, price: '1' }] } }, 'UNKNOWN_TIER', '/tariffs'],
  [
    { from: '2026-09', tariffs: { identity: [{ from: 0, price: '-1' }] } },
    'INVALID_INPUT',
    '/tariffs/identity/0/price',
  ],
  [{ from: '2026-09', packs: { nothing: [{ size: 1, price: '1' }] } }, 'UNKNOWN_PRODUCT', '/packs'],
  [
    { from: '2026-09', packs: { basic_authority: [{ size: 0, price: '1' }] } },
    'INVALID_QUANTITY',
    '/packs/basic_authority/0/size',
  ],
])('%j is refused: %s', async (body, code, pointer) => {
  const before = await open.state();
  const { json } = await open.once('POST', url, body);
  expect(json).toMatchObject({ code, errors: [expect.objectContaining({ pointer })] });
  expect(await open.state()).toBe(before);
});

test('verify is clean, the naive implementation agrees', async () => {
  await sent(
    open.call('POST', '/v1/events', {
      ...event('more', { calls: 10 }),
      time: '2026-03-05T09:00:00+08:00',
      meter: basic,
    }),
  );
  await expectSound(open.suanpan);
});
