// Bills over HTTP: draft, close, close again, list, by number, adjustments; exports whose calls add up to the lines, to the fen.

import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readBookFile } from '../../src/book/shelf.ts';
import { basic, type Json, type OpenApp, openAccountWith, openApp } from '../http/open-app.ts';
import { mulberry32 } from '../naive/random-scenario.ts';

const seed = Number(process.env.SUANPAN_SEED ?? 20_260_112);
let open: OpenApp;
beforeAll(async () => {
  open = await openApp('2026-01-05T10:00:00+08:00');
  const read = readBookFile(new URL('../../catalog/examples/sms-gateway.json', import.meta.url));
  if (!('book' in read)) throw new Error('the example book has problems');
  const added = await open.call('POST', '/v1/price-books', read.document);
  if (added.status !== 201) throw new Error(added.text);
});
afterAll(() => open.close());

const close = (account: string, month: string) => open.call('POST', '/v1/bills/close', { account, month });
const use = (account: string, id: string, calls: number, time: string, meter = basic) =>
  open.call('POST', '/v1/events', { account, id, calls, time, meter });

test('the life of a bill', async () => {
  open.setClock('2026-01-05T10:00:00+08:00');
  await openAccountWith(open, 'acme', '100000.00');
  await open.once('POST', '/v1/gifts', { account: 'acme', product: 'basic_authority', calls: 50, id: 'g1' });
  await open.once('POST', '/v1/packs', { account: 'acme', product: 'basic_authority', size: 10_000, id: 'p1' });
  open.setClock('2026-01-06T09:00:00+08:00');
  await use('acme', 'e1', 15_000, '2026-01-06T08:59:59+08:00');
  const sums = { prepaid: '8000.00', postpaid: '4207.50', adjustments: '0.00', total: '12207.50' };
  const draft = await open.call('GET', '/v1/bills/acme:2026-01');
  expect(draft.json).toMatchObject({ id: 'acme:2026-01', state: 'draft', ...sums });
  expect(draft.json.number).toBeUndefined();
  const drafts = await open.call('GET', '/v1/bills?account=acme&month=2026-01');
  expect(drafts.json.bills).toEqual([
    { id: 'acme:2026-01', number: null, account: 'acme', month: '2026-01', state: 'draft', ...sums },
  ]);
  expect((await close('acme', '2026-01')).json).toMatchObject({ status: 409, code: 'PERIOD_OPEN' });

  open.setClock('2026-02-02T23:59:59.999+08:00');
  expect((await close('acme', '2026-01')).json).toMatchObject({ code: 'PERIOD_OPEN' });
  open.setClock('2026-02-03T00:00:00+08:00');
  const final = await close('acme', '2026-01');
  expect(final.json).toMatchObject({ number: 'acme-000001', state: 'final', ...sums });
  const again = await close('acme', '2026-01');
  expect(again.text).toBe(final.text);

  for (const id of ['acme-000001', 'acme:2026-01']) {
    const { json } = await open.call('GET', `/v1/bills/${id}`);
    expect(json).toMatchObject({ ...final.json, id: 'acme:2026-01', digest: expect.stringMatching(/^[0-9a-f]{64}$/) });
  }
  const listed = await open.call('GET', '/v1/bills?account=acme');
  expect(listed.json).toMatchObject({ bills: [{ number: 'acme-000001', state: 'final' }], next: null });
  const { json: balance } = await open.call('GET', '/v1/accounts/acme/balance');
  expect(balance).toMatchObject({ balance: '87792.50', currency: 'CNY' });
  expect((balance.entries as Json[]).map(({ kind, amount }) => `${kind} ${amount}`)).toEqual([
    'bill -4207.50',
    'purchase -8000.00',
    'top-up 100000.00',
  ]);

  // A late call of January moves all of its month, on February's bill; January itself stands.
  const frozen = await open.call('GET', '/v1/bills/acme-000001/export?detail=calls&format=json');
  await use('acme', 'late', 5_050, '2026-01-31T23:59:59.999+08:00');
  const february = await open.call('GET', '/v1/bills/acme:2026-02');
  expect(february.json).toMatchObject({ adjustments: '3292.50', total: '3292.50' });
  await open.call('POST', '/v1/events/late/void', { account: 'acme' });
  expect((await open.call('GET', '/v1/bills/acme:2026-02')).json).toMatchObject({ adjustments: '0.00', total: '0.00' });
  await open.call('POST', '/v1/events/e1/void', { account: 'acme' });
  expect((await open.call('GET', '/v1/bills/acme:2026-02')).json).toMatchObject({ adjustments: '-4207.50' });
  expect((await close('acme', '2026-01')).text).toBe(final.text);
  const later = await open.call('GET', '/v1/bills/acme-000001/export?detail=calls&format=json');
  expect(later.text).toBe(frozen.text);
  open.setClock('2026-03-03T00:00:00+08:00');
  expect((await close('acme', '2026-02')).json).toMatchObject({ number: 'acme-000002', total: '-4207.50' });
});

test('closing for all: an open or unpriced month is told, the others become final', async () => {
  open.setClock('2026-01-20T10:00:00+08:00');
  for (const id of ['all-1', 'all-2', 'all-unpriced']) await openAccountWith(open, id, '0.00');
  await use('all-1', 'e', 1_000, '2026-01-20T10:00:00+08:00');
  await use('all-unpriced', 'e', 200_000, '2026-01-20T10:00:00+08:00');
  open.setClock('2026-02-03T00:00:00+08:00');
  const closing = await open.call('POST', '/v1/bills/close', { month: '2026-01' }, { 'accept-language': 'zh' });
  expect(closing.json).toMatchObject({
    month: '2026-01',
    refused: [{ account: 'all-unpriced', code: 'QUOTE_REQUIRED', detail: expect.stringContaining('商务定价') }],
  });
  expect((await open.call('GET', '/v1/bills/all-1:2026-01')).json).toMatchObject({ state: 'final', total: '850.00' });
  const draft = await open.call('GET', '/v1/bills/all-unpriced:2026-01');
  expect(draft.json).toMatchObject({ state: 'draft', total: null });
  const again = await open.call('POST', '/v1/bills/close', { month: '2026-01' });
  expect(again.json).toMatchObject({ closed: 0, refused: [{ account: 'all-unpriced' }] });
});

test('bills are listed page by page', async () => {
  const seen: unknown[] = [];
  let cursor: unknown = null;
  do {
    const { json } = await open.call(
      'GET',
      `/v1/bills?month=2026-01&limit=1${cursor === null ? '' : `&cursor=${cursor}`}`,
    );
    seen.push(...(json.bills as Json[]).map(({ account }) => account));
    cursor = json.next;
  } while (cursor !== null);
  expect(seen).toEqual(seen.toSorted());
  expect(seen).toContain('all-1');
  expect(new Set(seen).size).toBe(seen.length);
});

type Row = Record<string, string>;

/** A decimal of up to eight places, in hundred-millionths. */
const scaled = (text: string): bigint => {
  const [whole = '0', places = ''] = text.split('.');
  return BigInt(whole + places.padEnd(8, '0'));
};
const toFen = (hundredMillionths: bigint): string => {
  const fen = ((hundredMillionths + 500_000n) / 1_000_000n).toString().padStart(3, '0');
  return `${fen.slice(0, -2)}.${fen.slice(-2)}`;
};

const asCells = (row: Json): Row =>
  Object.fromEntries(Object.entries(row).map(([name, value]) => [name, String(value)]));

async function rowsOf(bill: string, detail: string): Promise<Row[]> {
  const { text, status } = await open.call('GET', `/v1/bills/${bill}/export?detail=${detail}`);
  expect(status).toBe(200);
  return parse(text, { columns: true }) as Row[];
}

/** The export of calls against the bill's lines, in money, calls and packs. */
async function expectCallsToAddUp(account: string): Promise<void> {
  const { json: bill } = await open.call('GET', `/v1/bills/${account}:2026-01`);
  const calls = await rowsOf(`${account}:2026-01`, 'calls');
  const lines = (bill.lines as Json[]).filter(({ kind }) => kind === 'postpaid');
  expect(lines.length).toBeGreaterThan(0);
  const tariffs = new Set([
    ...lines.map(({ tariff }) => tariff),
    ...calls.filter(({ amount }) => amount !== '0.00').map(({ tariff }) => tariff),
  ]);
  for (const tariff of tariffs) {
    const line = lines.find((each) => each.tariff === tariff);
    const ofTariff = calls.filter((row) => row.tariff === tariff);
    expect(toFen(ofTariff.reduce((sum, { amount = '0' }) => sum + scaled(amount), 0n)), `${account} ${tariff}`).toBe(
      line?.amount,
    );
    expect(ofTariff.reduce((sum, { postpaid }) => sum + Number(postpaid), 0)).toBe(line?.calls);
  }
  for (const { calls: all, drawn, postpaid, voided, tariff } of calls) {
    if (voided === '' && tariff !== '') expect(Number(drawn) + Number(postpaid)).toBe(Number(all));
  }
  const asLines = await open.call('GET', `/v1/bills/${account}:2026-01/export?format=json&detail=calls`);
  const parsed = asLines.text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Json);
  expect(parsed.map(asCells)).toEqual(calls);
  for (const { calls: quantity, drawn, postpaid, amount } of parsed) {
    expect([quantity, drawn, postpaid, amount].map((each) => typeof each)).toEqual([
      'number',
      'number',
      'number',
      'string',
    ]);
  }
}

describe.each([
  {
    account: 'volume',
    book: 'faceid-legacy',
    meters: ['liveness.basic.authority', 'photo.authority', 'identity'],
    product: 'basic_authority',
    size: 1_000,
  },
  {
    account: 'flat-and-graduated',
    book: 'sms-gateway',
    meters: ['sms.notice', 'sms.marketing', 'voice.code'],
    product: 'message_pool',
    size: 5_000,
  },
])('exports of $book', ({ account, book, meters, product, size }) => {
  test(`the calls add up to the lines, draft and final (SUANPAN_SEED=${seed})`, async () => {
    const random = mulberry32(seed);
    open.setClock('2026-01-25T10:00:00+08:00');
    await openAccountWith(open, account, '100000.00', { book });
    const bought = await open.once('POST', '/v1/packs', { account, product, size, id: 'pack' });
    expect(bought.status, bought.text).toBe(201);
    const events = Array.from({ length: 300 }, (_, n) => ({
      account,
      id: `e${n}`,
      meter: meters[Math.floor(random() * meters.length)],
      calls: 1 + Math.floor(random() ** 3 * 900),
      time: new Date(Date.parse('2026-01-25T00:00:00+08:00') + Math.floor(random() * 36_000_000)).toISOString(),
      department: random() < 0.3 ? 'loans' : undefined,
    }));
    const { json } = await open.call('POST', '/v1/events', events);
    expect((json.results as Json[]).every(({ status }) => status === 'accepted')).toBe(true);
    for (let n = 0; n < 12; n += 1)
      await open.call('POST', `/v1/events/e${Math.floor(random() * 300)}/void`, { account });
    await expectCallsToAddUp(account);
    open.setClock('2026-02-05T00:00:00+08:00');
    expect((await close(account, '2026-01')).json).toMatchObject({ state: 'final' });
    await expectCallsToAddUp(account);
    await open.call('POST', '/v1/events', {
      account,
      id: 'late',
      meter: meters[0],
      calls: 77_777,
      time: '2026-01-31T12:00:00+08:00',
    });
    await open.call('POST', '/v1/events/e0/void', { account });
    await expectCallsToAddUp(account);
  });

  test('the lines and totals as CSV, and as JSON', async () => {
    const { json: bill } = await open.call('GET', `/v1/bills/${account}:2026-01`);
    const rows = await rowsOf(`${account}:2026-01`, 'lines');
    const totals = rows.slice(-4);
    expect(totals.map(({ kind, amount }) => [kind, amount])).toEqual(
      ['prepaid', 'postpaid', 'adjustments', 'total'].map((kind) => [kind, bill[kind]]),
    );
    expect(rows.slice(0, -4).map(({ amount }) => amount)).toEqual(
      (bill.lines as Json[]).map(({ amount }) => amount ?? ''),
    );
    const chinese = await open.call('GET', `/v1/bills/${account}:2026-01/export`, undefined, {
      'accept-language': 'zh',
    });
    expect(chinese.text).toMatch(/^类型,账期/);
    const whole = await open.call('GET', `/v1/bills/${account}:2026-01/export?format=json`);
    // The file is what is sealed: figures, ids and codes. The bill that is shown has its words besides.
    expect(whole.json).toEqual({
      ...bill,
      lines: (bill.lines as Json[]).map(({ formula, tierRange, ...figures }) => figures),
      notices: (bill.notices as Json[]).map(({ zh, en, ...figures }) => figures),
    });
    expect(whole.headers['content-disposition']).toBe(`attachment; filename="${account}-2026-01.json"`);
  });
});

test('a quote needs no account and is what the bill will be', async () => {
  const request = {
    book: 'faceid-legacy',
    use: [{ of: basic, calls: 15_000 }],
    packs: [{ product: 'basic_authority', size: 10_000 }],
  };
  const { status, json } = await open.call('POST', '/v1/quotes', request, { authorization: '' });
  expect(status).toBe(200);
  expect(json).toMatchObject({ prepaid: '8000.00', postpaid: '4250.00', total: '12250.00' });
});
