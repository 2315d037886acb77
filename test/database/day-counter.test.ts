// Tiers counted by the day, on a real database: each day of the account's zone is a line, whatever order calls come in and wherever they
// are counted; corrections of a final month move the days they belong to; files add up, and verify agrees.

import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { verifyLedger } from '../../src/verify/verify.ts';
import { type Json, type OpenApp, openAccountWith, openApp } from '../http/open-app.ts';
import { dayBook } from '../setup/day-book.ts';

let open: OpenApp;
beforeAll(async () => {
  open = await openApp('2026-01-20T12:00:00+08:00');
  const { status, text } = await open.call('POST', '/v1/price-books', dayBook);
  expect(status, text).toBeLessThan(300);
  await openAccountWith(open, 'acme', '1000.00', { book: 'by-day' });
  await openAccountWith(open, 'kathmandu', '1000.00', { book: 'by-day', timeZone: 'Asia/Kathmandu' });
});
afterAll(() => open?.close());

const report = (account: string, id: string, meter: string, calls: number, time: string) =>
  open.call('POST', '/v1/events', { account, id, meter, calls, time, department: calls % 2 === 0 ? 'loans' : 'cards' });
const bill = async (name: string) => (await open.call('GET', `/v1/bills/${name}`)).json;
const linesOf = ({ lines }: Json) =>
  (lines as Json[]).flatMap(({ kind, tariff, day, month, calls, drawn, amount }) =>
    kind === 'postpaid'
      ? [[tariff, day, calls, drawn, amount]]
      : kind === 'adjustment'
        ? [[tariff, month, amount]]
        : [],
  );
const verdicts = async () => {
  const { clean, verdicts: all } = await verifyLedger(open.suanpan);
  return clean ? [] : all.flatMap(({ first }) => first ?? []);
};

test('each day is rated by itself, by the calls of its own day in the account’s zone', async () => {
  expect((await open.once('POST', '/v1/packs', { account: 'acme', product: 'scan', size: 100, id: 'p' })).status).toBe(
    201,
  );
  // Out of order, on both sides of a midnight; enough counters to be written out of the head.
  await report('acme', 'b', 'check', 200, '2026-01-20T11:00:00+08:00');
  await report('acme', 'a', 'check', 150, '2026-01-19T23:59:59.999+08:00');
  await report('acme', 'a2', 'check', 50, '2026-01-19T00:00:00+08:00');
  await report('acme', 's', 'scan', 1050, '2026-01-20T12:00:00+08:00');
  await report('acme', 's2', 'scan', 950, '2026-01-19T11:30:00+08:00');
  await report('acme', 'm', 'month', 20, '2026-01-19T11:30:00+08:00');
  await report('acme', 'm2', 'month', 980, '2026-01-20T11:30:00+08:00');
  expect(linesOf(await bill('acme:2026-01'))).toEqual([
    ['check', '2026-01-19', 200, 0, '0.70'],
    ['check', '2026-01-20', 200, 0, '0.70'],
    // 950 calls at 1.00; of 1,050 the pack paid 100, and what it paid counts towards the tier from 1,000 on.
    ['scan', '2026-01-19', 950, 0, '950.00'],
    ['scan', '2026-01-20', 950, 100, '760.00'],
    ['month', undefined, 1000, 0, '80.00'],
  ]);
  await report('kathmandu', 'k', 'check', 100, '2026-01-20T02:14:59+08:00');
  await report('kathmandu', 'k2', 'check', 100, '2026-01-20T02:15:00+08:00');
  expect(linesOf(await bill('kathmandu:2026-01')).map(([, day, , , amount]) => [day, amount])).toEqual([
    ['2026-01-19', '0.50'],
    ['2026-01-20', '0.50'],
  ]);
});

test('the calls one by one, the shares of departments and the rows of FOCUS add up to the lines', async () => {
  const draft = await bill('acme:2026-01');
  const { text } = await open.call('GET', '/v1/bills/acme:2026-01/export?detail=calls');
  const rows = parse(text, { columns: true }) as Record<string, string>[];
  const fen = (of: (row: Record<string, string>) => boolean) =>
    rows.filter(of).reduce((sum, { amount = '' }) => sum + Math.round(Number(amount) * 100), 0);
  for (const [tariff, day, , , amount] of linesOf(draft)) {
    const ofLine = (row: Record<string, string>) =>
      row.tariff === tariff && (day === undefined || row.time?.startsWith(String(day)) === true);
    expect(fen(ofLine), `${tariff} ${day}`).toBe(Math.round(Number(amount) * 100));
  }
  const { json: split } = await open.call('GET', '/v1/bills/acme:2026-01/departments');
  const shares = (split.departments as Json[]).reduce((sum, { amount }) => sum + Math.round(Number(amount) * 100), 0);
  expect(shares).toBe(Math.round(Number(draft.total) * 100));
  const focus = await open.call('GET', '/v1/bills/acme:2026-01/export?format=focus');
  const days = (parse(focus.text, { columns: true }) as Record<string, string>[])
    .filter(
      ({ SkuId, ConsumedQuantity, BilledCost }) =>
        SkuId === 'check' && ConsumedQuantity !== '' && BilledCost !== '0.00',
    )
    .map(({ ChargePeriodStart, ChargePeriodEnd }) => [ChargePeriodStart, ChargePeriodEnd]);
  expect(days).toEqual([
    ['2026-01-18T16:00:00.000Z', '2026-01-19T16:00:00.000Z'],
    ['2026-01-19T16:00:00.000Z', '2026-01-20T16:00:00.000Z'],
  ]);
});

test('corrections of a final month are of their days: the same calls cost otherwise on another day', async () => {
  open.setClock('2026-02-03T01:00:00+08:00');
  const { json: final } = await open.call('POST', '/v1/bills/close', { account: 'acme', month: '2026-01' });
  expect(final).toMatchObject({ state: 'final', postpaid: '1791.40' });
  await open.call('POST', '/v1/bills/close', { account: 'kathmandu', month: '2026-01' });
  expect(await verdicts()).toEqual([]);
  // 50 calls more bring the 19th to 1,000: all of its calls cost 0.80 then. 50 of a day without any cost 1.00 each.
  expect((await report('acme', 'late', 'scan', 50, '2026-01-19T12:00:00+08:00')).json).toMatchObject({
    status: 'accepted',
  });
  await report('acme', 'late2', 'scan', 50, '2026-01-18T12:00:00+08:00');
  expect((await open.call('POST', '/v1/events/a2/void', { account: 'acme' })).status).toBe(200);
  expect(linesOf(await bill('acme:2026-02'))).toEqual([
    ['check', '2026-01', '-0.10'],
    ['scan', '2026-01', '-100.00'],
  ]);
  expect(await verdicts()).toEqual([]);
  open.setClock('2026-03-03T01:00:00+08:00');
  const { json: next } = await open.call('POST', '/v1/bills/close', { account: 'acme', month: '2026-02' });
  expect(next).toMatchObject({ state: 'final', adjustments: '-100.10' });
  expect(await bill('acme:2026-01')).toMatchObject(final);
  expect(await verdicts()).toEqual([]);
});
