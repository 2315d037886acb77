// Fourteen months of one account in a sandbox, with nobody closing or booking anything by hand: a sample gift, a purchase by transfer,
// packs that run dry, a void, a late call into a closed month, contract prices, a cap, arrears, a stop, a top-up, an expiry with what it
// forfeits, refunds refused and granted. Each bill, webhook and mail line by line; the naive implementation agrees.

import { readFileSync } from 'node:fs';
import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Schedule } from '../../src/jobs/schedule.ts';
import { verifyLedger } from '../../src/verify/verify.ts';
import { Mailbox } from '../http/mailbox.ts';
import { basic, instant, type Json, type OpenApp, openApp, type Reply, sending } from '../http/open-app.ts';
import { Receiver } from '../http/receiver.ts';
import type { BookJson, StepJson } from '../naive/json.ts';
import { naiveSimulate } from '../naive/naive.ts';

const mailbox = new Mailbox();
const receiver = new Receiver();
let open: OpenApp;
let schedule: Schedule;
let secret = '';
/** What the naive implementation is told: what people did, and when months were closed. */
const steps: StepJson[] = [];
let now = '';

const to = async (time: string): Promise<void> => {
  now = `${time}+08:00`;
  await schedule.jump(instant(now), (at) => open.setClock(new Date(at).toISOString()));
};
const done = async (reply: Promise<Reply>): Promise<Json> => {
  const { status, json, text } = await reply;
  expect(status, text).toBeLessThan(300);
  return json;
};
const refused = async (reply: Promise<Reply>): Promise<unknown> => (await reply).json.code;
const step = (what: Record<string, unknown>): void => void steps.push({ at: now, ...what } as unknown as StepJson);
const use = async (id: string, calls: number, time = now) => {
  await done(open.call('POST', '/v1/events', { account: 'acme', id, meter: basic, calls, time }));
  step({ do: 'use', id, meter: basic, calls, time });
};
const topUp = async (amount: string) => {
  await done(open.once('POST', '/v1/accounts/acme/top-ups', { amount }));
  step({ do: 'topup', amount });
};
const authorise = (calls: number, id: string) =>
  open.call('POST', '/v1/authorizations', { account: 'acme', meter: basic, calls, id });
const balance = async () => (await done(open.call('GET', '/v1/accounts/acme/balance?limit=1'))).balance;

beforeAll(async () => {
  open = await openApp('2026-01-10T10:00:00+08:00');
  const url = await receiver.open();
  const mail = { url: await mailbox.open(), from: 'billing@example.com' };
  schedule = new Schedule(open.suanpan, { ...sending, mail });
  now = '2026-01-10T10:00:00+08:00';
  await done(open.call('POST', '/v1/accounts', { id: 'acme', book: 'faceid-legacy', opened: '2026-01-10' }));
  secret = String((await done(open.call('POST', '/v1/webhooks', { account: 'acme', url: `${url}/acme` }))).secret);
  const settings = {
    mail: [{ address: 'finance@example.com', language: 'en' }],
    off: ['account-silent', 'account-back'],
  };
  await done(open.call('PATCH', '/v1/accounts/acme/alert-settings', settings));
});
afterAll(async () => {
  await open?.close();
  await receiver.close();
  await mailbox.close();
});

test('January: a sample gift, and a purchase by transfer that is confirmed by its reference', async () => {
  await done(open.once('POST', '/v1/gifts', { account: 'acme', product: 'basic_authority', calls: 50, id: 'sample' }));
  step({ do: 'gift', id: 'sample', product: 'basic_authority', calls: 50 });
  await to('2026-01-12T10:00:00');
  const pack = { product: 'basic_authority', size: 10_000 };
  const order = await done(open.once('POST', '/v1/orders', { account: 'acme', packs: [pack], pay: 'transfer' }));
  await to('2026-01-13T09:00:00');
  const paid = { reference: 'ICBC-1', amount: '8000.00' };
  const confirmed = await done(open.once('POST', `/v1/orders/${order.id}/confirm`, paid));
  step({ do: 'topup', amount: '8000.00' });
  const [id] = confirmed.delivered as string[];
  step({ do: 'buy', id, product: 'basic_authority', size: 10_000 });
  await use('jan', 6_000);
  expect(await balance()).toBe('0.00');
});

test('still January: two packs from the balance; one goes back untouched, used ones and gifts do not', async () => {
  await to('2026-01-20T10:00:00');
  await topUp('3000.00');
  for (const [id, product] of [
    ['q', 'basic_selfie'],
    ['r', 'basic_authority'],
  ]) {
    await done(open.once('POST', '/v1/packs', { account: 'acme', product, size: 1_000, id }));
    step({ do: 'buy', id, product, size: 1_000 });
  }
  await to('2026-01-22T10:00:00');
  const refund = (id: string) => open.once('POST', `/v1/packs/${id}/refund`, { account: 'acme' });
  await done(refund('r'));
  step({ do: 'refund', id: 'r' });
  expect(await refused(refund('sample'))).toBe('GIFT_NOT_REFUNDABLE');
  const [bought] = ((await done(open.call('GET', '/v1/accounts/acme/packs'))).packs as Json[]).filter(
    ({ id }) => !['sample', 'q', 'r'].includes(String(id)),
  );
  expect(await refused(refund(String(bought?.id)))).toBe('PACK_IN_USE');
  await to('2026-02-01T10:00:00');
  expect(await refused(refund('q'))).toBe('REFUND_WINDOW_CLOSED');
});

test('February: the pack runs dry, a call is voided; March: a late call corrects the closed month', async () => {
  await to('2026-02-10T10:00:00');
  await use('feb', 4_500);
  await use('wrong', 200);
  await to('2026-02-13T10:00:00');
  await done(open.call('POST', '/v1/events/wrong/void', { account: 'acme' }));
  step({ do: 'void', id: 'wrong' });
  await to('2026-03-10T10:00:00');
  await use('late', 700, '2026-02-27T10:00:00+08:00');
});

test('April: contract prices; May: a cap', async () => {
  await to('2026-03-15T10:00:00');
  const terms = { from: '2026-04', tariffs: { liveness_verification: [{ from: 0, price: '0.80' }] } };
  await done(open.once('POST', '/v1/accounts/acme/contracts', terms));
  step({ do: 'price', ...terms });
  await to('2026-04-10T10:00:00');
  await use('apr', 900);
  await to('2026-05-10T10:00:00');
  await done(open.call('PATCH', '/v1/accounts/acme', { cap: 300 }));
  await done(authorise(250, 'h1'));
  expect(await refused(authorise(100, 'h2'))).toBe('CAP_REACHED');
  await done(open.call('POST', '/v1/authorizations/h1/capture', { account: 'acme' }));
  step({ do: 'use', id: 'h1', meter: basic, calls: 250, time: now });
  await to('2026-05-20T10:00:00');
  await done(open.call('PATCH', '/v1/accounts/acme', { cap: null }));
});

test('June is not paid: arrears, a stop; a call that comes all the same draws no pack; a top-up brings service back', async () => {
  await to('2026-06-10T10:00:00');
  await use('jun', 3_000);
  await to('2026-07-05T10:00:00');
  expect(await refused(authorise(1, 'h3'))).toBe('ARREARS');
  await done(open.once('POST', '/v1/gifts', { account: 'acme', product: 'basic_authority', calls: 100, id: 'sorry' }));
  step({ do: 'gift', id: 'sorry', product: 'basic_authority', calls: 100 });
  await use('stopped', 10);
  await to('2026-07-06T10:00:00');
  await topUp('5000.00');
  await to('2026-07-06T10:01:00');
  await use('again', 60);
  const receipt = await done(open.call('GET', '/v1/events/again/receipt?account=acme'));
  expect(receipt).toMatchObject({ draws: [{ pack: 'sorry', calls: 60 }], postpaid: 0 });
});

test('August: an order that nobody pays lapses', async () => {
  await to('2026-08-01T10:00:00');
  const packs = [{ product: 'basic_authority', size: 1_000 }];
  const { id } = await done(open.once('POST', '/v1/orders', { account: 'acme', packs, pay: 'transfer' }));
  await to('2026-08-20T10:00:00');
  expect(await done(open.call('GET', `/v1/orders/${id}`))).toMatchObject({ state: 'lapsed' });
});

test('to March 2027: what is left at the expiry is told of three times, and forfeited', async () => {
  await to('2027-03-05T10:00:00');
  expect(await balance()).toBe('3399.50');
  expect((await verifyLedger(open.suanpan)).clean).toBe(true);
});

test('fourteen bills, each to the fen', async () => {
  const { bills } = await done(open.call('GET', '/v1/bills?account=acme&limit=50'));
  const final = (bills as Json[]).filter(({ state }) => state === 'final');
  const sums = final.map(({ month, prepaid, postpaid, adjustments, total }) =>
    [month, prepaid, postpaid, adjustments, total].join(' '),
  );
  const nothing = ['2026-08', '2026-09', '2026-10', '2026-11', '2026-12', '2027-01', '2027-02'];
  expect(sums).toEqual([
    '2026-01 8145.00 0.00 0.00 8145.00',
    '2026-02 0.00 450.00 0.00 450.00',
    '2026-03 0.00 0.00 527.50 527.50',
    '2026-04 0.00 720.00 0.00 720.00',
    '2026-05 0.00 200.00 0.00 200.00',
    '2026-06 0.00 2550.00 0.00 2550.00',
    '2026-07 0.00 8.00 0.00 8.00',
    ...nothing.map((month) => `${month} 0.00 0.00 0.00 0.00`),
  ]);
  const lines: string[] = [];
  for (const { month } of final) {
    const bill = await done(open.call('GET', `/v1/bills/acme:${month}`));
    for (const { kind, calls, tier, amount } of bill.lines as Json[]) {
      lines.push([month, kind, calls ?? '–', tier ?? '–', amount].join(' '));
    }
  }
  expect(lines).toEqual([
    '2026-01 pack – – 8000.00',
    '2026-01 pack – – 145.00',
    '2026-01 pack – – 930.00',
    '2026-01 pack_refund – – -930.00',
    '2026-02 postpaid 450 0 450.00',
    '2026-03 adjustment – – 527.50',
    '2026-04 postpaid 900 0 720.00',
    '2026-05 postpaid 250 0 200.00',
    '2026-06 postpaid 3000 1 2550.00',
    '2026-07 postpaid 10 0 8.00',
  ]);
  const last = await done(open.call('GET', '/v1/bills/acme:2027-02'));
  expect(last.forfeited).toMatchObject([{ pack: 'q', calls: 1_000, worth: '145.00' }]);
});

test('the naive implementation, which is told what people did and when months were closed, comes to the same', async () => {
  const { rows } = await open.suanpan.pool.query<{ period: string; closed: bigint }>(
    'select period, closed_ms as closed from bills order by period',
  );
  const closings = rows.map(({ period, closed }) => ({
    at: new Date(Number(closed)).toISOString(),
    do: 'close',
    month: period,
  }));
  // Closed at midnight: before anything else of that moment.
  const all = [...(closings as unknown as StepJson[]), ...steps].toSorted(
    (a, b) => Date.parse(a.at) - Date.parse(b.at),
  );
  const book = JSON.parse(readFileSync('catalog/faceid-legacy.json', 'utf8')) as BookJson;
  const naive = naiveSimulate({ book, account: { id: 'acme', opened: '2026-01-10' }, steps: all });
  expect(naive.results.filter(({ ok }) => !ok)).toEqual([]);
  const { bills } = await done(open.call('GET', '/v1/bills?account=acme&limit=50'));
  const sums = ({ month, prepaid, postpaid, adjustments, total }: Json) => ({
    month,
    prepaid,
    postpaid,
    adjustments,
    total,
  });
  const final = (bills as Json[]).filter(({ state }) => state === 'final');
  expect(final.map(sums)).toEqual(naive.bills.map((bill) => sums(bill as unknown as Json)));
  expect(await balance()).toBe(naive.balance);
  for (const { event, draws, postpaid } of naive.receipts) {
    const receipt = await done(open.call('GET', `/v1/events/${event}/receipt?account=acme`));
    expect(
      { draws: (receipt.draws as Json[]).map(({ pack, calls }) => ({ pack, calls })), postpaid: receipt.postpaid },
      event,
    ).toEqual({ draws, postpaid });
  }
});

test('each webhook and each mail, once and in order', () => {
  const posts = receiver.got.map(({ headers, body }) => {
    const { type, data } = new Webhook(secret).verify(body, headers) as { type: string; data: { at: string } };
    return `${data.at.slice(0, 10)} ${type}`;
  });
  expect(posts).toEqual(heard);
  const subjects = mailbox.got.map(({ subject }) => subject);
  const said = receiver.got.map(
    ({ body }) => (JSON.parse(body) as { data: { subject: { en: string } } }).data.subject.en,
  );
  expect(subjects).toEqual(said);
  expect(subjects).toContain('acme: in arrears, -¥1,592.50');
  expect(subjects).toContain('acme: the bill of 2026-03, ¥527.50');
  expect(new Set(mailbox.got.map(({ id }) => id)).size).toBe(heard.length);
});

const closed = (...months: readonly string[]) => months.map((month) => `${month}-03 bill-final`);
const heard = [
  '2026-01-12 order-made',
  '2026-01-13 order-delivered',
  '2026-01-13 pack-exhausted',
  '2026-01-22 pack-refunded',
  ...closed('2026-02'),
  '2026-02-10 pack-exhausted',
  ...closed('2026-03', '2026-04', '2026-05'),
  '2026-05-10 cap-near',
  ...closed('2026-06', '2026-07'),
  '2026-07-03 arrears-begun',
  '2026-07-04 service-stopped',
  '2026-07-06 arrears-ended',
  '2026-07-06 service-restored',
  '2026-08-01 order-made',
  ...closed('2026-08'),
  '2026-08-16 order-lapsed',
  ...closed('2026-09', '2026-10', '2026-11', '2026-12'),
  '2026-12-22 pack-expires',
  ...closed('2027-01'),
  '2027-01-14 pack-expires',
  '2027-01-20 pack-expires',
  ...closed('2027-02'),
  '2027-02-24 pack-forfeited',
  ...closed('2027-03'),
];
