// The oldest PostgreSQL that is supported, Debian's 15, where it is installed: each statement's needs one by one, and a month of an account.
// All that `npm run test:engine` tries takes minutes and is run by hand: its reports lie in test/engine/reports.

import { existsSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Period } from '../../src/core/calendar.ts';
import { parseInstant } from '../../src/core/instant.ts';
import { callsOf, type Instant, moneyOf } from '../../src/core/units.ts';
import { openAccount, topUpBalance } from '../../src/operations/accounts.ts';
import { closeMonths } from '../../src/operations/close-month.ts';
import { voidEvent } from '../../src/operations/events.ts';
import { buyPacks } from '../../src/operations/packs.ts';
import { openSuanpan } from '../../src/operations/suanpan.ts';
import { inTransaction } from '../../src/store/connection/transaction.ts';
import { tryFeatures } from '../engine/features.ts';
import { expectSound } from '../faults/agree.ts';
import { Replica } from '../faults/replica.ts';
import { type FreshDatabase, freshDatabase } from '../setup/database.ts';

const programs = '/usr/lib/postgresql/15/bin';

const at = (text: string): Instant => parseInstant(text) ?? expect.fail(text);

describe.skipIf(!existsSync(`${programs}/initdb`))("PostgreSQL 15 (skipped where Debian's is not installed)", () => {
  let server: Replica;
  const fresh = (): Promise<FreshDatabase> =>
    freshDatabase({ server: `postgresql://postgres@127.0.0.1:${server.port}/postgres` });

  beforeAll(async () => {
    server = await Replica.primary(programs);
  }, 30_000);
  afterAll(() => server?.remove());

  tryFeatures(fresh);

  test('a month of an account', async () => {
    const database = await fresh();
    let now = at('2026-01-05T10:00:00+08:00');
    const suanpan = await openSuanpan(database, () => now);
    const { pool, ledger } = suanpan;
    const [account, meter] = ['acme', 'liveness.basic.authority'];
    await inTransaction(pool, (tx) =>
      openAccount(tx, suanpan, { id: account, book: 'faceid-legacy', by: 'local' }, now),
    );
    const money = { account, amount: moneyOf(10_000_000), reference: 'r' };
    await inTransaction(pool, (tx) => topUpBalance(tx, suanpan, money, now));
    const packs = { account, product: 'basic_authority', size: callsOf(10_000), count: 1, id: 'p' };
    await inTransaction(pool, (tx) => buyPacks(tx, suanpan, packs, now));
    now = at('2026-01-05T10:01:00+08:00');
    const event = (id: string, calls: number) => ({
      ...{ id, meter, calls: callsOf(calls), at: at('2026-01-05T10:00:00+08:00'), department: null, facts: null },
    });
    expect(await ledger.record(account, [event('a', 15_000), event('b', 5)])).toMatchObject([
      { status: 'accepted', receipt: { postpaid: 5_000n } },
      { status: 'accepted', receipt: { postpaid: 5n } },
    ]);
    const large = Array.from({ length: 2_000 }, (_, n) => event(`large-${n}`, 1));
    expect((await ledger.record(account, large)).every(({ status }) => status === 'accepted')).toBe(true);
    expect(await ledger.record(account, [event('b', 5)])).toMatchObject([{ status: 'duplicate' }]);
    const call = { id: 'h', meter, calls: callsOf(3), department: null, milliseconds: 60_000 };
    expect(await ledger.authorize(account, call)).toMatchObject({ hold: { id: 'h' } });
    expect(await ledger.capture(account, 'h')).toMatchObject({ status: 'accepted' });
    await inTransaction(pool, (tx) => voidEvent(tx, suanpan, { account, event: 'b', by: 'local' }, now));
    ledger.forget(account);
    now = at('2026-02-03T00:00:00+08:00');
    expect(await closeMonths(suanpan, { month: '2026-01' as Period })).toMatchObject({ closed: 1, refused: [] });
    await expectSound(suanpan);
    await ledger.drain();
    await database.drop();
  });
});
