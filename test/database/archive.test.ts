// Events leave for compressed files and come back; the ledger verifies before, between and after.

import { appendFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Period } from '../../src/core/calendar.ts';
import { parseInstant } from '../../src/core/instant.ts';
import { isRefusal } from '../../src/core/refusal.ts';
import { callsOf, type Instant } from '../../src/core/units.ts';
import { archiveMonth, restoreMonth } from '../../src/operations/archive-events.ts';
import { closeMonth } from '../../src/operations/close-month.ts';
import { giveGifts } from '../../src/operations/give-gifts.ts';
import { openAccount } from '../../src/operations/open-account.ts';
import { openSuanpan } from '../../src/operations/open-suanpan.ts';
import type { Suanpan } from '../../src/operations/suanpan.ts';
import { inTransaction } from '../../src/store/transaction.ts';
import { verifyLedger } from '../../src/verify/verify.ts';
import { type FreshDatabase, freshDatabase } from '../setup/database.ts';

const at = (text: string): Instant => {
  const instant = parseInstant(text);
  if (instant === undefined) throw new Error(text);
  return instant;
};

const month = '2026-01' as Period;
const folder = mkdtempSync(join(tmpdir(), 'suanpan-archive-'));
let database: FreshDatabase;
let suanpan: Suanpan;
let now = at('2026-01-01T00:00:00+08:00');

beforeAll(async () => {
  database = await freshDatabase();
  suanpan = await openSuanpan(database, () => now);
  const gift = { account: 'acme', product: 'basic_authority', calls: callsOf(30), months: null };
  await inTransaction(suanpan.pool, async (tx) => {
    await openAccount(tx, suanpan, { id: 'acme', book: 'faceid-legacy' }, now);
    await giveGifts(tx, suanpan, { ...gift, calls: callsOf(31), id: 'g1' }, now);
    return giveGifts(tx, suanpan, { ...gift, id: 'g2' }, now);
  });
  now = at('2026-02-01T12:00:00+08:00');
  const days = ['2026-01-02', '2026-01-31', '2026-02-01'];
  for (const day of days) {
    const events = Array.from({ length: 20 }, (_, index) => ({
      id: `${day}-${index}`,
      meter: 'liveness.basic.authority',
      calls: callsOf(3),
      at: at(`${day}T10:00:00+08:00`),
      department: null,
      facts: null,
    }));
    await suanpan.ledger.record('acme', events);
  }
  now = at('2026-02-03T00:00:00+08:00');
  await inTransaction(suanpan.pool, (tx) => closeMonth(tx, suanpan, { account: 'acme', month }, now));
}, 60_000);

afterAll(async () => {
  await database.drop();
  rmSync(folder, { recursive: true, force: true });
});

const stored = async () =>
  (await suanpan.pool.query('select account_id, event_id, seq, calls, postpaid, draw_count from events order by seq'))
    .rows;

test('a month that late events can still reach stays', async () => {
  expect(await archiveMonth(suanpan, { month, folder })).toMatchObject({ refused: 'PERIOD_OPEN' });
});

test('archive, verify, restore, verify', async () => {
  const before = await stored();
  now = at('2026-03-20T00:00:00+08:00');
  const archive = await archiveMonth(suanpan, { month, folder });
  if (isRefusal(archive)) throw new Error(JSON.stringify(archive));
  expect(archive).toMatchObject({ events: { rows: 40 } });
  expect(archive.draws.rows).toBeGreaterThan(0);
  expect(await stored()).toHaveLength(20);
  expect(await verifyLedger(suanpan)).toMatchObject({ clean: true });
  const [again] = await suanpan.ledger.record('acme', [
    {
      id: '2026-01-02-0',
      meter: 'liveness.basic.authority',
      calls: callsOf(3),
      at: at('2026-01-02T10:00:00+08:00'),
      department: null,
      facts: null,
    },
  ]);
  expect(again).toMatchObject({ status: 'rejected', refusal: { refused: 'EVENT_TOO_OLD' } });
  expect(await restoreMonth(suanpan, { month })).toHaveLength(1);
  expect(await stored()).toEqual(before);
  expect(await verifyLedger(suanpan)).toMatchObject({ clean: true });
  expect(await restoreMonth(suanpan, { month })).toMatchObject({ refused: 'NOT_FOUND' });
});

test('a damaged file is found by verify and not restored', async () => {
  const archive = await archiveMonth(suanpan, { month, folder });
  if (isRefusal(archive)) throw new Error(JSON.stringify(archive));
  appendFileSync(archive.events.file, 'x');
  const report = await verifyLedger(suanpan);
  expect(report.clean).toBe(false);
  expect(report.verdicts.find(({ invariant }) => invariant === 'I1')?.first).toMatchObject({ table: 'archives' });
  expect(await restoreMonth(suanpan, { month })).toMatchObject({ refused: 'INVALID_INPUT' });
});
