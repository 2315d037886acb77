import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Period } from '../../src/core/calendar.ts';
import type { IncomingEvent } from '../../src/core/event.ts';
import { parseInstant } from '../../src/core/instant.ts';
import { isRefusal } from '../../src/core/refusal.ts';
import { callsOf, type Instant, moneyOf } from '../../src/core/units.ts';
import { openAccount, topUpBalance } from '../../src/operations/accounts.ts';
import { closeMonth } from '../../src/operations/close-month.ts';
import { voidEvent } from '../../src/operations/events.ts';
import { buyPacks, giveGifts, refundPackOf } from '../../src/operations/packs.ts';
import { draftBill, listPacks } from '../../src/operations/read-account.ts';
import { readReceipt, readUsage } from '../../src/operations/read-ledger.ts';
import type { Suanpan } from '../../src/operations/suanpan.ts';
import { openSuanpan } from '../../src/operations/suanpan.ts';
import { inTransaction } from '../../src/store/connection/transaction.ts';
import { type FreshDatabase, freshDatabase } from '../setup/database.ts';

const at = (text: string): Instant => {
  const instant = parseInstant(text);
  if (instant === undefined) throw new Error(text);
  return instant;
};

let database: FreshDatabase;
let suanpan: Suanpan;
let now = at('2026-01-05T10:00:00+08:00');

const event = (id: string, calls: number, time: string, meter = 'liveness.basic.authority'): IncomingEvent => ({
  id,
  meter,
  calls: callsOf(calls),
  at: at(time),
  department: null,
  facts: null,
});

beforeAll(async () => {
  database = await freshDatabase();
  suanpan = await openSuanpan(database, () => now);
});
afterAll(async () => {
  await suanpan.ledger.drain();
  await database.drop();
});

const run = async <T>(work: Parameters<typeof inTransaction<T>>[1]) => {
  const result = await inTransaction<T>(suanpan.pool, work);
  if (isRefusal(result)) throw new Error(result.refused);
  return result;
};

const january = '2026-01' as Period;

describe('the contract scenario, on the real database', () => {
  test('gift, purchase, split event, refused refund, close', async () => {
    await run((tx) => openAccount(tx, suanpan, { id: 'acme', book: 'faceid-legacy', by: 'local' }, now));
    await run((tx) => topUpBalance(tx, suanpan, { account: 'acme', amount: moneyOf(10_000_000), reference: 'r' }, now));
    await run((tx) =>
      giveGifts(
        tx,
        suanpan,
        { account: 'acme', product: 'basic_authority', calls: callsOf(50), months: null, id: 'g1' },
        now,
      ),
    );
    await run((tx) =>
      buyPacks(
        tx,
        suanpan,
        { account: 'acme', product: 'basic_authority', size: callsOf(10_000), count: 1, id: 'p1' },
        now,
      ),
    );
    now = at('2026-01-06T09:00:00+08:00');
    const [result] = await suanpan.ledger.record('acme', [event('e1', 15_000, '2026-01-06T08:59:59+08:00')]);
    expect(result).toMatchObject({
      status: 'accepted',
      receipt: {
        draws: [
          { pack: 'g1', calls: 50n },
          { pack: 'p1', calls: 10_000n },
        ],
        postpaid: 4_950n,
      },
    });
    const [again] = await suanpan.ledger.record('acme', [event('e1', 15_000, '2026-01-06T08:59:59+08:00')]);
    expect(again).toMatchObject({ status: 'duplicate', receipt: result?.receipt });
    const [other] = await suanpan.ledger.record('acme', [event('e1', 15_001, '2026-01-06T08:59:59+08:00')]);
    expect(other).toMatchObject({ status: 'conflict' });
    const refund = await inTransaction(suanpan.pool, (tx) =>
      refundPackOf(tx, suanpan, { account: 'acme', pack: 'p1' }, now),
    );
    expect(refund).toMatchObject({ refused: 'PACK_IN_USE' });
    expect(await readReceipt(suanpan.pool, suanpan, { account: 'acme', event: 'e1' })).toMatchObject({
      unused: [
        { pack: 'g1', reason: 'exhausted' },
        { pack: 'p1', reason: 'exhausted' },
      ],
    });
    expect(await draftBill(suanpan.pool, suanpan, { account: 'acme', month: january }, now)).toMatchObject({
      prepaid: '8000.00',
      postpaid: '4207.50',
      total: '12207.50',
    });
    now = at('2026-02-03T00:00:00+08:00');
    const bill = await run((tx) => closeMonth(tx, suanpan, { account: 'acme', month: january }, now));
    expect(JSON.parse(bill.document)).toMatchObject({ number: 'acme-000001', total: '12207.50', state: 'final' });
    const repeated = await run((tx) => closeMonth(tx, suanpan, { account: 'acme', month: january }, now));
    expect(repeated.digest).toBe(bill.digest);
    expect(await readUsage(suanpan.pool, suanpan, { account: 'acme', month: january })).toMatchObject({
      lines: [
        { payer: 'g1', calls: 50n },
        { payer: 'p1', calls: 10_000n },
        { payer: 'postpaid', calls: 4_950n },
      ],
    });
  });

  test('a void after closing returns the calls and adjusts the next bill', async () => {
    suanpan.ledger.forget('acme');
    await run((tx) => voidEvent(tx, suanpan, { account: 'acme', event: 'e1', by: 'local' }, now));
    const all = { account: 'acme', after: 0, limit: 10, state: null };
    expect(await listPacks(suanpan.pool, suanpan, all, now)).toMatchObject({
      packs: [
        { id: 'g1', remaining: 50n },
        { id: 'p1', remaining: 10_000n, state: 'active' },
      ],
      next: null,
    });
    const february = await draftBill(suanpan.pool, suanpan, { account: 'acme', month: '2026-02' as Period }, now);
    expect(february).toMatchObject({ adjustments: '-4207.50', total: '-4207.50' });
  });

  test('authorize, capture, release', async () => {
    const held = await suanpan.ledger.authorize('acme', {
      id: 'h1',
      meter: 'liveness.basic.authority',
      calls: callsOf(10_049),
      department: null,
      milliseconds: 60_000,
    });
    expect(held).toMatchObject({
      draws: [
        { pack: 'g1', calls: 50n },
        { pack: 'p1', calls: 9_999n },
      ],
    });
    const [used] = await suanpan.ledger.record('acme', [event('e2', 2, '2026-02-02T00:00:00+08:00')]);
    expect(used?.receipt).toMatchObject({ draws: [{ pack: 'p1', calls: 1n }], postpaid: 1n });
    expect(await suanpan.ledger.capture('acme', 'h1')).toMatchObject({ status: 'accepted', receipt: { postpaid: 0n } });
    expect(await suanpan.ledger.capture('acme', 'h1')).toMatchObject({ status: 'duplicate' });
    expect(await suanpan.ledger.release('acme', 'h1')).toMatchObject({ refused: 'HOLD_ENDED' });
    expect(await suanpan.ledger.capture('acme', 'nothing')).toMatchObject({ refused: 'NOT_FOUND' });
  });

  test('many clients at once draw every call once', async () => {
    await run((tx) =>
      giveGifts(
        tx,
        suanpan,
        { account: 'acme', product: 'basic_authority', calls: callsOf(500), months: null, id: 'g2' },
        now,
      ),
    );
    const results = await Promise.all(
      Array.from({ length: 1_000 }, (_, index) =>
        suanpan.ledger.record('acme', [event(`c${index % 900}`, 1, '2026-02-03T00:00:00+08:00')]),
      ),
    );
    const flat = results.flat();
    expect(flat.filter((result) => result.status === 'accepted')).toHaveLength(900);
    expect(flat.filter((result) => result.status === 'duplicate')).toHaveLength(100);
    expect(flat.filter((result) => result.status === 'accepted' && result.receipt?.postpaid === 1n)).toHaveLength(400);
  });
});
