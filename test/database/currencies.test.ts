// Ledgers in yen and in dinars: what is stored is the currency's smallest unit; what is read, shown, exported and verified agrees.

import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parseMoney } from '../../src/core/units.ts';
import { verifyLedger } from '../../src/verify/verify.ts';
import { basic, type Json, type OpenApp, openApp } from '../http/open-app.ts';

let open: OpenApp;
const contract = { from: '2026-02', tariffs: { liveness_verification: [{ from: 0, price: '0.5' }] } };

beforeAll(async () => {
  open = await openApp('2026-01-12T10:00:00+08:00', { secondPersonAbove: parseMoney('40', 'CNY') ?? null });
  const { document } = open.suanpan.books.shelved('faceid-legacy') ?? {};
  for (const currency of ['JPY', 'KWD']) {
    const id = `in-${currency.toLowerCase()}`;
    await sent('POST', '/v1/price-books', { ...document, id, currency, accounts: null });
    await sent('POST', '/v1/accounts', { id: currency, book: id });
  }
});
afterAll(() => open.close());

async function sent(method: 'GET' | 'POST', url: string, body?: Json): Promise<Json> {
  const { status, json, text } = await (method === 'POST'
    ? open.once(method, url, body)
    : open.call(method, url, body));
  expect(status, text).toBeLessThan(300);
  return json;
}

describe.each([
  ['JPY', (units: string) => units, '0.5'],
  ['KWD', (units: string) => `${units}.000`, '0.500'],
] as const)('in %s', (account, written, price) => {
  const at = `/v1/accounts/${account}`;

  test('money comes in, and no more decimals than there are', async () => {
    open.setClock('2026-01-12T10:00:00+08:00');
    const finer = account === 'JPY' ? '0.5' : '0.0005';
    for (const [url, body] of [
      [`${at}/top-ups`, { amount: finer }],
      [`${at}/credits`, { amount: finer, reason: 'x' }],
      ['/v1/orders', { account, topUp: finer, pay: 'transfer' }],
      [`${at}/contracts`, { from: '2026-03', packs: { basic_authority: [{ size: 1000, price: finer }] } }],
    ] as const) {
      const { status, json, text } = await open.once('POST', url, body);
      // Four places are no amount of any currency.
      expect([status, json.code], text).toEqual([422, account === 'JPY' ? 'INVALID_AMOUNT' : expect.any(String)]);
    }
    expect(await sent('POST', `${at}/top-ups`, { amount: '50000' })).toMatchObject({ balance: written('50000') });
    const order = await sent('POST', '/v1/orders', {
      account,
      packs: [{ product: 'basic_authority', size: 1000 }],
      pay: 'balance',
    });
    expect(order).toMatchObject({ amount: written('930'), packs: [{ price: written('930') }] });
    expect(await sent('GET', `/v1/orders/${order.id}`)).toEqual(order);
    expect(await sent('GET', `${at}/balance`)).toMatchObject({ currency: account, balance: written('49070') });
  });

  test('a contract and a standing order are read back as they were written', async () => {
    const packs = { basic_authority: [{ size: 1000, price: written('900') }] };
    const agreed = await sent('POST', `${at}/contracts`, { ...contract, packs });
    const { contracts } = (await sent('GET', `${at}/contracts`)) as { contracts: { tariffs: Json }[] };
    expect(contracts[0]).toMatchObject({ no: agreed.no, packs });
    expect(contracts[0]?.tariffs.liveness_verification).toMatchObject([{ price }, {}, {}, {}, {}]);
    const standing = {
      name: 'low',
      watch: { product: 'basic_authority' },
      below: { percent: 10 },
      buy: { product: 'basic_authority', size: 1000 },
      mostPurchases: 1,
      mostMoney: written('3000'),
    };
    await sent('POST', `${at}/standing-orders`, standing);
    const { standingOrders } = (await sent('GET', `${at}/standing-orders`)) as { standingOrders: Json[] };
    expect(standingOrders[0]).toMatchObject({ mostMoney: written('3000') });
  });

  test('the second person’s limit is in whole units of the currency', async () => {
    const credit = (amount: string) => open.once('POST', `${at}/credits`, { amount, reason: 'outage' });
    expect((await credit('40')).json).toMatchObject({ amount: written('40') });
    expect(await credit('41')).toMatchObject({ status: 202, json: { amount: written('41'), state: 'waiting' } });
    const { approvals } = (await sent('GET', `/v1/approvals?account=${account}`)) as { approvals: Json[] };
    expect(approvals).toMatchObject([{ amount: written('41') }]);
  });

  test('two months are closed, exported, and verify', async () => {
    for (const [month, calls] of [
      ['2026-01', 2_001],
      ['2026-02', 3],
    ] as const) {
      open.setClock(`${month}-20T10:00:00+08:00`);
      const time = `${month}-19T10:00:00+08:00`;
      await sent('POST', '/v1/events', { account, id: `e-${month}`, meter: basic, calls, time });
    }
    open.setClock('2026-03-03T10:00:00+08:00');
    const close = (month: string) => sent('POST', '/v1/bills/close', { account, month });
    // 1,001 postpaid calls at 0.85 are 850.85.
    const postpaid = account === 'JPY' ? '851' : '850.850';
    expect(await close('2026-01')).toMatchObject({ currency: account, prepaid: written('930'), postpaid });
    // 3 × 0.5, half up in yen.
    expect(await close('2026-02')).toMatchObject({ postpaid: account === 'JPY' ? '2' : '1.500' });
    const file = async (query: string) => (await open.call('GET', `/v1/bills/${account}-000001/export${query}`)).text;
    const lines = parse(await file(''), { columns: true }) as Record<string, string>[];
    expect(Object.values(lines.at(-1) ?? {})).toContain(account === 'JPY' ? '1781' : '1780.850');
    const focus = parse(await file('?format=focus'), { columns: true }) as Record<string, string>[];
    expect(focus.map(({ BilledCost }) => BilledCost)).toEqual(expect.arrayContaining([written('930'), postpaid]));
    const calls = parse(await file('?detail=calls'), { columns: true }) as Record<string, string>[];
    expect(calls.map(({ amount }) => amount)).toEqual([account === 'JPY' ? '850.85' : '850.850']);
    for (const format of ['pdf', 'xlsx']) expect((await file(`?format=${format}`)).length).toBeGreaterThan(1000);
  });
});

test('the ledger is sound by every check', async () => {
  const { clean, verdicts } = await verifyLedger(open.suanpan);
  expect(clean, JSON.stringify(verdicts)).toBe(true);
});
