// Closing a month for thousands of accounts: slices that are closed at once add up to one true answer.

import { afterAll, beforeAll, expect, test } from 'vitest';
import { basic, type Json, type OpenApp, openAccountWith, openApp } from '../http/open-app.ts';

const accounts = 2_600;
/** Spread over the slices. Nothing prices their calls. */
const unpriced = ['a-0001', 'a-0700', 'a-1300', 'a-1999', 'a-2600'];
let open: OpenApp;

beforeAll(async () => {
  open = await openApp('2026-01-20T10:00:00+08:00');
  await openAccountWith(open, 'pattern', '0.00');
  // A head does not say whose it is: one account opened as ever is the pattern of all.
  await open.suanpan.pool.query(
    `with copies as (select 'a-' || lpad(n::text, 4, '0') as id from generate_series(1, $1) n),
       named as (
         insert into accounts (account_id, name, book_id, created_ms)
         select id, id, book_id, created_ms from copies, accounts where account_id = 'pattern')
     insert into account_heads (account_id, version, fixed, state)
     select id, version, fixed, state from copies, account_heads where account_id = 'pattern'`,
    [accounts],
  );
  for (const account of unpriced) {
    const event = { account, id: 'e', calls: 200_000, meter: basic, time: '2026-01-20T09:00:00+08:00' };
    expect(await open.call('POST', '/v1/events', event)).toMatchObject({ status: 200 });
  }
  open.setClock('2026-03-03T10:00:00+08:00');
}, 120_000);
afterAll(() => open.close());

const finals = async (month: string): Promise<number> =>
  (await open.suanpan.pool.query('select 1 from bills where period = $1', [month])).rowCount ?? 0;

test('every account is counted once, and every refused one is named', async () => {
  const { json } = await open.call('POST', '/v1/bills/close', { month: '2026-01' });
  const refused = json.refused as Json[];
  expect(refused.map(({ account }) => account).toSorted()).toEqual(unpriced);
  expect(json).toMatchObject({ closed: accounts + 1 - unpriced.length, alreadyFinal: 0 });
  expect(await finals('2026-01')).toBe(json.closed);

  const again = await open.call('POST', '/v1/bills/close', { month: '2026-01' });
  expect(again.json).toMatchObject({ closed: 0, alreadyFinal: json.closed, refused: { length: unpriced.length } });
}, 120_000);
