// HEAD is GET without its body: the same status, also where the body would be long to make and is not made.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Period } from '../../src/core/calendar.ts';
import { archiveMonth } from '../../src/operations/archive-events.ts';
import { basic, type OpenApp, openAccountWith, openApp } from '../http/open-app.ts';

let open: OpenApp;
const folder = mkdtempSync(join(tmpdir(), 'suanpan-head-'));

beforeAll(async () => {
  open = await openApp('2026-01-01T09:00:00+08:00');
  await openAccountWith(open, 'dated', '0.00', { opened: '2025-12-15' });
  await openAccountWith(open, 'late', '0.00');
  await openAccountWith(open, 'west', '0.00', { timeZone: 'America/Los_Angeles' });
  for (const time of ['2025-12-31T10:00:00+08:00', '2026-01-01T08:00:00+08:00']) {
    await open.call('POST', '/v1/events', { id: time, account: 'late', meter: basic, calls: 3, time });
  }
  open.setClock('2026-03-20T00:00:00+08:00');
  for (const month of ['2025-12', '2026-01']) await open.call('POST', '/v1/bills/close', { month });
  await archiveMonth(open.suanpan, { month: '2026-01' as Period, folder });
}, 60_000);
afterAll(async () => {
  await open.close();
  rmSync(folder, { recursive: true, force: true });
});

const bill = (id: string, status: number) =>
  ['', '/export', '/export?format=xlsx', '/export?detail=calls', '/departments'].map(
    (of) => [`/v1/bills/${id}${of}`, status] as const,
  );

test.each([
  // Before the opening; in its month; a draft since.
  ...bill('dated:2019-01', 404),
  ...bill('dated:2025-11', 404),
  ...bill('dated:2025-12', 200),
  ...bill('dated:2026-02', 200),
  // Entered in January, with a late call in December and none in November; where it was entered it was December still.
  ...bill('late:2025-11', 404),
  ...bill('late:2025-12', 200),
  ...bill('west:2025-11', 404),
  ...bill('west:2025-12', 200),
  // By number, and what is nobody's or no bill's.
  ...bill('late-000001', 200),
  ...bill('late-000009', 404),
  ...bill('nobody:2026-01', 404),
  ...bill('late:2026-13', 404),
  ['/v1/bills/late:2026-01', 200],
  ['/v1/bills/late:2026-01/export', 200],
  // The calls lie in files.
  ['/v1/bills/late:2026-01/departments', 409],
  ['/v1/bills/late:2026-01/export?detail=calls', 409],
  ['/v1/bills/late-000002/export?detail=calls&format=json', 409],
  ['/v1/bills/nobody:2026-01/departments', 404],
  ['/v1/bills/late:2026-02/export?detail=calls&format=xlsx', 422],
  ['/v1/bills/late:2026-02/export?format=pdf', 200],
  ['/v1/bills/late:2026-02/export?format=docx', 422],
  ['/v1/accounts/late/packs?cursor=xxx', 422],
  ['/v1/accounts/late/packs?limit=0', 422],
  ['/v1/accounts/nobody/packs', 404],
  ['/v1/accounts/late/packs', 200],
  ['/v1/accounts/late/balance?cursor=xxx', 422],
  ['/v1/accounts/late/usage?month=2026', 422],
  ['/v1/accounts/late/usage', 200],
  ['/v1/accounts/late/forecast', 200],
  ['/v1/accounts/nobody/forecast', 404],
  ['/v1/events?account=late&cursor=zz', 422],
  ['/v1/events?account=late&from=x', 422],
  ['/v1/events?account=nobody', 404],
  ['/v1/events?account=late', 200],
] as const)('%s is %d', async (url, status) => {
  const get = await open.call('GET', url);
  expect(get.status, get.text).toBe(status);
  const head = await open.call('HEAD', url);
  expect([head.status, head.text]).toEqual([status, '']);
  expect(head.headers['content-type']).toBe(get.headers['content-type']);
});
