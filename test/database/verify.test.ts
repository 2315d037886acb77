import type { Pool, PoolClient } from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { callsOf } from '../../src/core/units.ts';
import type { Suanpan } from '../../src/operations/suanpan.ts';
import { invariantIds, type Verdict } from '../../src/verify/invariants.ts';
import { verifyLedger } from '../../src/verify/verify.ts';
import { basic, openAccountWith, openApp } from '../http/open-app.ts';
import { type FreshDatabase, freshDatabase } from '../setup/database.ts';
import { randomLedger } from './random-ledger.ts';
import { sabotages, schemaChanges } from './sabotages.ts';

const seed = Number(process.env.SUANPAN_SEED ?? 20_260_105);

const findings = (verdicts: readonly Verdict[]) => verdicts.flatMap(({ first }) => (first === null ? [] : [first]));

describe.each([seed + 1, seed + 2])('a ledger that has lived, SUANPAN_SEED=%i', (ownSeed) => {
  test('is clean, in slices of any size', async () => {
    const database = await freshDatabase();
    const { suanpan, accepted } = await randomLedger(database, ownSeed, 400);
    for (const kind of ['accepted', 'held', 'review', 'void', 'refund', 'capture', 'release', 'close', 'price']) {
      expect(accepted.get(kind) ?? 0, kind).toBeGreaterThan(0);
    }
    for (const sliceSize of [1_000, 1, 2]) {
      const report = await verifyLedger(suanpan, { sliceSize });
      expect(findings(report.verdicts)).toEqual([]);
      expect(report.clean).toBe(true);
      expect(report.accounts).toBe(3);
      // Acts come over HTTP: audit.test.ts.
      const ofLedger = report.verdicts.filter(({ invariant }) => invariant !== 'I18');
      for (const { invariant, checked } of ofLedger) expect(checked, invariant).toBeGreaterThan(0);
    }
    await database.drop();
  });
});

describe(`sabotage is named, SUANPAN_SEED=${seed}`, () => {
  let database: FreshDatabase;
  let suanpan: Suanpan;
  beforeAll(async () => {
    database = await freshDatabase();
    await database.allowSetting('session_replication_role');
    ({ suanpan } = await randomLedger(database, seed, 400));
  });
  afterAll(() => database.drop());

  /** A pool whose every transaction is a look at the one that holds the sabotage. */
  const looksInto = (client: PoolClient): Pool => {
    const query = (...args: unknown[]) =>
      typeof args[0] === 'string' && /^(begin|commit|rollback)/.test(args[0])
        ? Promise.resolve({ rows: [] })
        : (client.query as (...args: unknown[]) => Promise<unknown>).apply(client, args);
    return { connect: async () => ({ query, release: () => undefined }), query } as unknown as Pool;
  };

  test.each(sabotages)('$name: $breaks', async ({ name, sql, breaks, table }) => {
    const client = await database.pool.connect();
    try {
      await client.query("begin; set local session_replication_role = 'replica'");
      const change = schemaChanges[name];
      if (change !== undefined) await client.query(change);
      const { rows } = await client.query<{ account_id: string; key: string }>(sql);
      expect(rows).toHaveLength(1);
      const report = await verifyLedger({ ...suanpan, pool: looksInto(client) });
      const found = report.verdicts.find(({ invariant }) => invariant === breaks)?.first;
      expect(found, JSON.stringify(findings(report.verdicts), null, 1)).toMatchObject({
        table,
        account: rows[0]!.account_id,
        key: expect.stringContaining(rows[0]!.key),
      });
      expect(found!.expected).not.toBe(found!.found);
    } finally {
      await client.query('rollback');
      client.release();
    }
  });

  test('and no sabotage is seen where a ledger is written meanwhile', async () => {
    let writing = true;
    let turnsLeft = 0;
    let nextRound = Promise.withResolvers<void>();
    const writer = (async () => {
      for (let turn = 0; ; turn += 1) {
        if (turnsLeft === 0) await nextRound.promise;
        if (!writing) return;
        turnsLeft -= 1;
        const events = Array.from({ length: 50 }, (_, index) => ({
          id: `live-${turn}-${index}`,
          meter: 'liveness.basic.authority',
          calls: callsOf(1 + (index % 3)),
          at: suanpan.clock(),
          department: null,
          facts: null,
        }));
        await Promise.all(['acme', 'initech'].map((account) => suanpan.ledger.record(account, events)));
      }
    })();
    let rows = 0;
    try {
      for (let time = 0; time < 8; time += 1) {
        // As many as are written while a quiet machine looks: on a busy one what is looked at would grow faster than it is seen.
        turnsLeft = 70;
        nextRound.resolve();
        nextRound = Promise.withResolvers();
        const report = await verifyLedger(suanpan, { sliceSize: 1 });
        expect(findings(report.verdicts)).toEqual([]);
        expect(report.rows).toBeGreaterThan(rows);
        rows = report.rows;
      }
    } finally {
      // Else it would go on for ever, and take the place of the reason.
      writing = false;
      nextRound.resolve();
      await writer;
    }
  });

  test('after all of it the ledger is clean again', async () => {
    const report = await verifyLedger(suanpan);
    expect(findings(report.verdicts)).toEqual([]);
    expect(report.verdicts.map(({ invariant }) => invariant)).toEqual(invariantIds);
  });
});

test('a void that forfeits what two packs get back does so in the order of drawing, here and there', async () => {
  const open = await openApp('2024-01-10T10:00:00+08:00');
  await openAccountWith(open, 'acme', '10000.00');
  // The gift, delivered second, is drawn first.
  await open.once('POST', '/v1/packs', { account: 'acme', product: 'basic_authority', size: 1_000, id: 'bought' });
  await open.once('POST', '/v1/gifts', { account: 'acme', product: 'basic_authority', calls: 50, id: 'gift' });
  const event = { account: 'acme', id: 'both', meter: basic, calls: 1_001, time: '2024-01-10T10:00:00+08:00' };
  const { json } = await open.call('POST', '/v1/events', event);
  expect(json).toMatchObject({ receipt: { draws: [{ pack: 'gift' }, { pack: 'bought' }] } });
  open.setClock('2025-06-10T10:00:00+08:00');
  expect(await open.call('POST', '/v1/events/both/void', { account: 'acme' })).toMatchObject({ status: 200 });
  const { rows } = await open.suanpan.pool.query('select pack_no, units from forfeits where units > 49 order by seq');
  expect(rows).toEqual([
    { pack_no: 2, units: 50n },
    { pack_no: 1, units: 951n },
  ]);
  expect(findings((await verifyLedger(open.suanpan)).verdicts)).toEqual([]);
  await open.close();
});
