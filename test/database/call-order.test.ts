// Tariffs priced by the order of calls, on a real database: the order is that of the ledger, over several requests and wherever calls are
// counted; voids, reviews and late calls; corrections of a final month; the calls one by one add up, and verify agrees.

import { tmpdir } from 'node:os';
import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Period } from '../../src/core/calendar.ts';
import { archiveMonth } from '../../src/operations/archive-events.ts';
import { verifyLedger } from '../../src/verify/verify.ts';
import { type Json, type OpenApp, openAccountWith, openApp } from '../http/open-app.ts';
import { orderBook } from '../setup/order-book.ts';

let open: OpenApp;
beforeAll(async () => {
  open = await openApp('2026-01-20T12:00:00+08:00');
  const { status, text } = await open.call('POST', '/v1/price-books', orderBook);
  expect(status, text).toBeLessThan(300);
  await openAccountWith(open, 'acme', '1000.00', { book: 'by-order' });
  await openAccountWith(open, 'other', '1000.00', { book: 'by-order' });
});
afterAll(() => open?.close());

const report = (account: string, id: string, meter: string, calls: number, day = '2026-01-20') =>
  open.call('POST', '/v1/events', { account, id, meter, calls, time: `${day}T12:00:00+08:00` });
const bill = async (name: string) => (await open.call('GET', `/v1/bills/${name}`)).json;
const linesOf = ({ lines }: Json) =>
  (lines as Json[]).flatMap(({ kind, tariff, calls, drawn, slices, month, amount }) =>
    kind === 'postpaid'
      ? [[tariff, calls, drawn, (slices as Json[]).map(({ tier, meter, calls: some }) => [tier, meter, some]), amount]]
      : kind === 'adjustment'
        ? [[tariff, month, amount]]
        : [],
  );
const verdicts = async () => {
  const { clean, verdicts: all } = await verifyLedger(open.suanpan);
  return clean ? [] : all.flatMap(({ first }) => first ?? []);
};
/** By tariff: what the calls of the file come to. */
const callsOf = async (name: string) => {
  const { text } = await open.call('GET', `/v1/bills/${name}/export?detail=calls`);
  const rows = parse(text, { columns: true }) as Record<string, string>[];
  const sums = new Map<string, bigint>();
  for (const { tariff = '', amount = '' } of rows) {
    const [whole = '0', places = ''] = amount.split('.');
    sums.set(tariff, (sums.get(tariff) ?? 0n) + BigInt(whole + places.padEnd(8, '0')));
  }
  return Object.fromEntries([...sums].map(([tariff, sum]) => [tariff, Number((sum + 500_000n) / 1_000_000n) / 100]));
};

test('each call is priced by its place in the ledger, what packs paid counted with it', async () => {
  await report('acme', 's1', 'sms', 900);
  await open.once('POST', '/v1/packs', { account: 'acme', product: 'sms_pack', size: 500, id: 'p' });
  await report('acme', 's2', 'sms', 700, '2026-01-20');
  // A call whose time is before all others arrives last, and so stands last.
  await report('acme', 'i1', 'in', 300);
  await report('acme', 'o1', 'out', 300);
  await report('acme', 'i2', 'in', 100, '2026-01-02');
  await report('acme', 'v1', 'voice', 60);
  await report('acme', 'v2', 'video', 40);
  await report('other', 'x', 'out', 10);
  expect(linesOf(await bill('acme:2026-01'))).toEqual([
    // The pack bought behind 900 calls paid those of the places 901 to 1,400.
    [
      'sms',
      1100,
      500,
      [
        [0, undefined, 900],
        [1, undefined, 200],
      ],
      '70.50',
    ],
    [
      'lines',
      700,
      0,
      [
        [0, 'in', 300],
        [0, 'out', 200],
        [1, 'in', 100],
        [1, 'out', 100],
      ],
      '9.40',
    ],
    [
      'sound',
      100,
      0,
      [
        [1, 'video', 40],
        [1, 'voice', 60],
      ],
      '148.00',
    ],
  ]);
  expect(await callsOf('acme:2026-01')).toEqual({ sms: 70.5, lines: 9.4, sound: 148 });
  expect(linesOf(await bill('other:2026-01'))).toEqual([['lines', 10, 0, [[0, 'out', 10]], '0.20']]);
});

test('a voided call leaves the order', async () => {
  await report('acme', 'gone', 'out', 400);
  expect((await open.call('POST', '/v1/events/i1/void', { account: 'acme' })).status).toBe(200);
  // 300 out, 100 in, 400 out: the first 500 end within the last call.
  expect(linesOf(await bill('acme:2026-01'))[1]?.at(-1)).toBe('13.50');
  expect((await open.call('POST', '/v1/events/gone/void', { account: 'acme' })).status).toBe(200);
  expect(linesOf(await bill('acme:2026-01'))[1]?.at(-1)).toBe('7.00');
  expect(await callsOf('acme:2026-01')).toEqual({ sms: 70.5, lines: 7, sound: 148 });
});

test('a forecast goes on from the order so far; what knows only days refuses', async () => {
  const forecast = await open.call('GET', '/v1/accounts/acme/forecast');
  expect(forecast.status, forecast.text).toBe(200);
  const later = await open.call('POST', '/v1/plans', { book: 'by-order', use: [{ of: 'sms', calls: 10 }] });
  expect(later.json).toMatchObject({ code: 'PRICED_BY_PLACE' });
  const agreed = await open.once('POST', '/v1/accounts/acme/contracts', {
    from: '2026-03',
    tariffs: { lines: [{ from: 0, price: '1' }] },
  });
  expect(agreed.json).toMatchObject({ code: 'PRICED_BY_METER' });
});

test('corrections of a final month price it again in its order', async () => {
  open.setClock('2026-02-03T01:00:00+08:00');
  const { json: final } = await open.call('POST', '/v1/bills/close', { account: 'acme', month: '2026-01' });
  expect(final).toMatchObject({ state: 'final', postpaid: '225.50' });
  await open.call('POST', '/v1/bills/close', { account: 'other', month: '2026-01' });
  expect(await verdicts()).toEqual([]);
  // The same sums in another order: 300 out now stand behind 100 in and 300 in.
  expect((await open.call('POST', '/v1/events/o1/void', { account: 'acme' })).status).toBe(200);
  expect((await report('acme', 'o2', 'out', 300, '2026-01-20')).json).toMatchObject({ status: 'accepted' });
  await report('acme', 'i3', 'in', 300, '2026-01-31');
  expect((await open.call('POST', '/v1/events/s1/void', { account: 'acme' })).status).toBe(200);
  expect(linesOf(await bill('acme:2026-02'))).toEqual([
    // 200 calls behind 500 of the pack are all that is left: 13.00.
    ['sms', '2026-01', '-57.50'],
    // 100 in, 300 out, 100 in; then 200 in.
    ['lines', '2026-01', '2.80'],
  ]);
  expect(await verdicts()).toEqual([]);
  expect(await callsOf('acme:2026-01')).toEqual({ sms: 70.5, lines: 7, sound: 148 });
  open.setClock('2026-03-03T01:00:00+08:00');
  const { json: next } = await open.call('POST', '/v1/bills/close', { account: 'acme', month: '2026-02' });
  expect(next).toMatchObject({ state: 'final', adjustments: '-54.70' });
  expect(await bill('acme:2026-01')).toMatchObject(final);
  expect(await verdicts()).toEqual([]);
  // A correction that is not billed yet needs every call of its month.
  open.setClock('2026-03-20T01:00:00+08:00');
  const archived = await archiveMonth(open.suanpan, { month: '2026-01' as Period, folder: tmpdir() });
  expect(archived).toMatchObject({ refused: 'NOT_FOUND' });
});
