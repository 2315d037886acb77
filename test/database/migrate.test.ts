import { afterAll, beforeAll, expect, test } from 'vitest';
import { migrate } from '../../src/store/connection/migrate.ts';
import { readHeadOf } from '../../src/store/ledger/heads.ts';
import { listKeys } from '../../src/store/ledger/keys.ts';
import { addMeters } from '../../src/store/ledger/meters.ts';
import { type FreshDatabase, freshDatabase } from '../setup/database.ts';

let database: FreshDatabase;
beforeAll(async () => {
  database = await freshDatabase();
});
afterAll(() => database.drop());

test('a head of one text becomes one of two', async () => {
  const { pool } = database;
  await migrate(pool);
  await pool.query(`delete from schema_migrations where no = 3; alter table account_heads drop column fixed`);
  const pack = [2, 'p2', 'basic_authority', 0, 1000, 93000, 1768179600000, 1768179600000, 1799715600000, 998, 1];
  const hold = ['h', 7, 'liveness.basic.authority', 2, 1768179600000, 1768183200000, null, [[2, 1, 1]], 1];
  const old = {
    ...{
      book: 'faceid-legacy',
      zone: 'Asia/Shanghai',
      postpaid: true,
      cap: null,
      seq: 7,
      balance: '-9007199254740993',
    },
    ...{ negativeSince: 5, packCount: 2, billCount: 1, finals: '2025-11..2025-12', months: { '2026-01': 3 } },
    ...{ usage: { '2026-01-12|liveness.basic.authority|pack:2': 2 }, packs: [pack], holds: [hold] },
  };
  const { holds: _, ...bare } = { ...old, packs: [] };
  await pool.query(`insert into account_heads (account_id, version, state) values ('full', 9, $1), ('bare', 4, $2)`, [
    JSON.stringify(old),
    JSON.stringify(bare),
  ]);
  await migrate(pool);
  const full = await readHeadOf(pool, 'full');
  expect(full?.version, 'raised, so that no head in memory wins over a migrated one').toBe(10n);
  expect(full?.head).toMatchObject({ balance: -9007199254740993n, negativeSince: 5, suspended: false, seq: 7 });
  expect(full?.head.packs).toEqual([
    {
      ...{ no: 2, id: 'p2', product: 'basic_authority', gift: false, calls: 1000n, price: 93000n },
      ...{ boughtAt: 1768179600000, effectiveAt: 1768179600000, expiresAt: 1799715600000, remaining: 998n, used: true },
    },
  ]);
  expect(full?.head.holds).toMatchObject([{ id: 'h', seq: 7, draws: [{ pack: 2, calls: 1n, units: 1n }] }]);
  expect([...(full?.head.usage ?? [])]).toEqual([['2026-01-12|liveness.basic.authority|pack:2', 2n]]);
  expect([...(full?.head.finals ?? [])]).toEqual(['2025-11', '2025-12']);
  expect((await readHeadOf(pool, 'bare'))?.head).toMatchObject({ packs: [], holds: [], packCount: 2 });
});

test('keys from before scopes may what they always might, and whose a hold is was not kept', async () => {
  const { pool } = database;
  await migrate(pool);
  await pool.query(`delete from schema_migrations where no = 5;
    alter table voids drop column done_by; alter table reviews drop column done_by;
    alter table price_books drop column added_by; alter table holds drop column by_operator;
    alter table api_keys drop column scopes, drop column created_by, drop column revoked_by;
    drop table account_changes, pepper_check;
    insert into api_keys (prefix, account_id, name, hash, created_ms) values ('00000001', null, 'o', '', 1), ('00000002', 'a', 'a', '', 2);
    insert into holds (account_id, hold_id, seq, meter, calls, at_ms, expires_ms, draws, postpaid) values ('a', 'h', 1, 1, 1, 1, 2, '[]', 1)`);
  await migrate(pool);
  expect(await listKeys(pool, { account: null, after: null, limit: 200 })).toMatchObject([
    { prefix: '00000001', scopes: ['read', 'meter', 'manage'], createdBy: null },
    { prefix: '00000002', scopes: ['read', 'buy', 'meter'], createdBy: null },
  ]);
  expect((await pool.query('select by_operator from holds')).rows).toEqual([{ by_operator: false }]);
});

test('references that paid an order before are kept', async () => {
  const { pool } = database;
  await migrate(pool);
  await pool.query(`delete from schema_migrations where no = 42;
    drop table order_references;
    alter table order_ends add unique (reference);
    alter table meters alter no add generated always as identity;
    insert into price_books (id, document, digest, added_ms) values ('b', '{}', '', 1);
    insert into accounts (account_id, name, book_id, created_ms) values ('a', 'a', 'b', 1);
    insert into orders (account_id, order_no, seq, at_ms, pay, amount, goods, done_by) select 'a', n, n, 1, 'transfer', 1, '{}', 'x' from generate_series(1, 2) n;
    insert into order_ends (account_id, order_no, seq, at_ms, how, received, reference, done_by)
    values ('a', 1, 3, 1, 'delivered', 1, 'r', 'x'), ('a', 2, 4, 1, 'cancelled', null, null, 'x')`);
  await migrate(pool);
  expect((await pool.query('select * from order_references')).rows).toEqual([
    { reference: 'r', account_id: 'a', order_no: 1 },
  ]);
  await addMeters(pool, ['one', 'two']);
  await addMeters(pool, ['two', 'three']);
  expect((await pool.query('select no, id from meters order by no')).rows).toEqual([
    { no: 1, id: 'one' },
    { no: 2, id: 'two' },
    { no: 3, id: 'three' },
  ]);
});
