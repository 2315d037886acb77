// The outbox: what happened to an account stands on it once, written with what made it happen; `verify` holds it against the ledger.

import { afterAll, beforeAll, expect, test } from 'vitest';
import type { News } from '../../src/account/news.ts';
import { inTransaction } from '../../src/store/connection/transaction.ts';
import { markDelivered, type OutboxPlace, takeWaiting } from '../../src/store/ledger/outbox.ts';
import { verifyLedger } from '../../src/verify/verify.ts';
import { expectSound } from '../faults/agree.ts';
import { basic, instant, type Json, type OpenApp, openAccountWith, openApp } from '../http/open-app.ts';

const account = 'acme';
const morning = '2026-01-12T09:00:00+08:00';
let open: OpenApp;

beforeAll(async () => {
  open = await openApp(morning);
  await openAccountWith(open, account, '100000.00');
});
afterAll(() => open.close());

const done = async (reply: Promise<{ readonly status: number; readonly text: string }>) => {
  const { status, text } = await reply;
  expect(status, text).toBeLessThan(300);
};

const use = (id: string, calls: number, more: Json = {}) =>
  done(open.call('POST', '/v1/events', { account, id, meter: basic, calls, time: morning, ...more }));

/** What waits, in words: kind and details; it is delivered with that. */
async function told(): Promise<string[]> {
  const rows = await inTransaction(open.suanpan.pool, async (tx) => {
    const waiting = await takeWaiting(tx, null, 100);
    await markDelivered(tx, waiting, instant(morning));
    return waiting;
  });
  if ('refused' in rows) throw new Error('reading is not refused');
  return rows.map(({ news }: { readonly news: News }) => `${news.kind} ${Object.values(news.details).join(' ')}`);
}

test('a pack that is low, exhausted, full again and low once more', async () => {
  await done(open.once('POST', '/v1/packs', { account, product: 'basic_authority', size: 1_000, id: 'p' }));
  await use('most', 799);
  expect(await told()).toEqual([]);
  await use('low', 1);
  expect(await told()).toEqual(['pack-low 1000 200 1']);
  await use('lower', 100);
  expect(await told()).toEqual([]);
  await use('last', 101);
  expect(await told()).toEqual(['pack-exhausted 1']);
  for (const id of ['last', 'lower', 'low']) await done(open.call('POST', `/v1/events/${id}/void`, { account }));
  expect(await told()).toEqual([]);
  await use('again', 10);
  expect(await told()).toEqual(['pack-low 1000 191 1']);
  // The same again is no news.
  await use('again', 10);
  expect(await told()).toEqual([]);
});

test('authorised calls are news when they are captured', async () => {
  await done(open.call('POST', '/v1/authorizations', { account, id: 'h', meter: basic, calls: 191 }));
  expect(await told()).toEqual([]);
  await done(open.call('POST', '/v1/authorizations/h/capture', { account }));
  expect(await told()).toEqual(['pack-exhausted 1']);
});

test('a cap neared and reached, a result held, both in one batch', async () => {
  await done(open.call('PATCH', `/v1/accounts/${account}`, { cap: 1_000 }));
  await use('half', 799);
  expect(await told()).toEqual([]);
  const facts = { action: 'IdCardVerification', resultCode: '99' };
  const batch = [
    { account, id: 'near', meter: basic, calls: 1, time: morning },
    { account, id: 'odd', time: morning, ...facts },
    { account, id: 'over', meter: basic, calls: 500, time: morning },
  ];
  await done(open.call('POST', '/v1/events', batch));
  expect(await told()).toEqual(['cap-near 1000 2026-01 800', 'event-held odd', 'cap-reached 1000 2026-01 1300']);
});

test('a refund, a final bill with arrears, and a top-up that ends them', async () => {
  await done(open.once('POST', '/v1/packs', { account, product: 'basic_authority', size: 1_000, id: 'q' }));
  await done(open.once('POST', '/v1/packs/q/refund', { account }));
  expect(await told()).toEqual(['pack-refunded 2']);
  await use('dear', 150_000);
  await told();
  open.setClock('2026-02-05T10:00:00+08:00');
  await done(open.call('POST', '/v1/bills/close', { month: '2026-01', account }));
  expect(await told()).toEqual(['bill-final 1 2026-01', expect.stringMatching(/^arrears-begun -/)]);
  await done(open.once('POST', `/v1/accounts/${account}/top-ups`, { amount: '900000.00' }));
  expect(await told()).toEqual([expect.stringMatching(/^arrears-ended /)]);
});

test('what a pack forfeits', async () => {
  await done(open.once('POST', '/v1/gifts', { account, product: 'basic_authority', calls: 50, id: 'g' }));
  open.setClock('2028-03-01T10:00:00+08:00');
  await done(open.once('POST', `/v1/accounts/${account}/top-ups`, { amount: '1.00' }));
  expect(await told()).toEqual(['pack-forfeited 3 50']);
});

test('one delivers at a time, and what it gives up waits on', async () => {
  open.setClock(morning);
  for (const id of ['b1', 'b2']) {
    await openAccountWith(open, id, '100000.00');
    await done(
      open.call('POST', '/v1/events', {
        account: id,
        id: 'odd',
        time: morning,
        action: 'IdCardVerification',
        resultCode: '99',
      }),
    );
  }
  const { pool } = open.suanpan;
  const [one, two] = [await pool.connect(), await pool.connect()];
  try {
    await one.query('begin');
    await two.query('begin');
    const names = (rows: readonly OutboxPlace[]) => rows.map((row) => row.account);
    expect(names(await takeWaiting(one, null, 1))).toEqual(['b1']);
    expect(names(await takeWaiting(two, null, 10))).toEqual([]);
    await one.query('rollback');
    const [first] = await takeWaiting(two, null, 1);
    expect(names(await takeWaiting(two, first ?? null, 10))).toEqual(['b2']);
    await two.query('rollback');
  } finally {
    one.release();
    two.release();
  }
  expect(await told()).toHaveLength(2);
});

test('verify agrees, and finds what is missing, changed or invented', async () => {
  await expectSound(open.suanpan);
  const sabotages = [
    `delete from outbox where kind = 'pack-low' and seq = (select min(seq) from outbox where kind = 'pack-low')`,
    `update outbox set details = replace(details, '200', '201') where kind = 'pack-low'`,
    `insert into outbox (account_id, seq, place, kind, at_ms, details) values ('acme', 2, 7, 'pack-exhausted', 0, '{"pack":1}')`,
    `delete from outbox where kind = 'bill-final'`,
  ];
  for (const sabotage of sabotages) {
    const client = await open.suanpan.pool.connect();
    try {
      const kept = (await client.query('select * from outbox')).rows as Json[];
      await client.query(sabotage);
      const found = await verifyLedger(open.suanpan);
      expect(
        found.verdicts.filter(({ broken }) => broken > 0).map(({ first }) => first?.table),
        sabotage,
      ).toContain('outbox');
      await client.query('delete from outbox');
      for (const row of kept) {
        await client.query('insert into outbox select * from json_populate_record(null::outbox, $1)', [
          JSON.stringify(row, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value)),
        ]);
      }
    } finally {
      client.release();
    }
  }
  await expectSound(open.suanpan);
});
