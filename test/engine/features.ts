// What Suanpan's statements rely on, by itself: a failure here says what an engine lacks, where the other tests say what breaks of it.

import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readDurability } from '../../src/store/connection/connect.ts';
import { migrate, newestMigration } from '../../src/store/connection/migrate.ts';
import { readRefusedChanges, readUniqueKeys } from '../../src/store/connection/safeguards.ts';
import { awaitWhatIsRead, readStandbys, readTimeline, serverOf } from '../../src/store/connection/standby.ts';
import type { FreshDatabase } from '../setup/database.ts';

const codeOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'none',
    (error: { readonly code?: string }) => error.code ?? String(error),
  );

/** Tries the server that gives these databases. */
export function tryFeatures(databaseOf: () => Promise<FreshDatabase>): void {
  let database: FreshDatabase;
  let one: pg.Client;
  let other: pg.Client;

  const connect = async (): Promise<pg.Client> => {
    const client = new pg.Client({ connectionString: database.connectionString });
    client.on('error', () => {});
    await client.connect();
    return client;
  };

  beforeAll(async () => {
    database = await databaseOf();
    [one, other] = [await connect(), await connect()];
    await one.query(`create table t (account_id text collate "C", no bigint, version bigint, primary key (no, account_id));
      insert into t values ('a', 1, 1), ('b', 2, 1)`);
  });
  afterAll(async () => {
    await one?.end();
    await other?.end();
    await database?.drop();
  });

  describe('statements', () => {
    test('the version is one that is supported', async () => {
      const { rows } = await one.query<{ no: number }>(`select current_setting('server_version_num')::integer as no`);
      expect(rows[0]?.no).toBeGreaterThanOrEqual(150_000);
    });

    test('every migration, and the keys and triggers that they make', async () => {
      const fresh = await databaseOf();
      expect(await migrate(fresh.pool)).toBe(await newestMigration());
      const client = await fresh.pool.connect();
      expect([...(await readUniqueKeys(client))]).toContain('events (event_id, account_id)');
      expect([...(await readRefusedChanges(client))]).toEqual(
        expect.arrayContaining(['money_entries: update', 'bills: delete', 'orders: update']),
      );
      client.release();
      await fresh.drop();
    });

    test('one statement of several parts fails as a whole: 22012', async () => {
      const text = `with added as (insert into t values ('c', 3, 1)),
        moved as (update t set version = version + 1 where account_id = 'a' and version = 7 returning 1)
        select 1 / (case when (select count(*) from moved) = 1 then 1 else 0 end)`;
      expect(await codeOf(one.query(text))).toBe('22012');
      expect((await one.query(`select 1 from t where account_id = 'c'`)).rowCount).toBe(0);
    });

    test('a key that is there: 23505', async () => {
      expect(await codeOf(one.query(`insert into t values ('a', 1, 1)`))).toBe('23505');
    });

    test('on conflict do update', async () => {
      await one.query(
        `insert into t values ('a', 1, 5) on conflict (no, account_id) do update set version = t.version + excluded.version`,
      );
      expect((await one.query(`select version from t where account_id = 'a'`)).rows).toEqual([{ version: '6' }]);
    });

    test('arrays as rows, side by side in a select list', async () => {
      const { rows } = await one.query(`select unnest($1::text[]) as a, unnest($2::bigint[]) as b`, [
        ['x', 'y'],
        ['1', '2'],
      ]);
      expect(rows).toEqual([
        { a: 'x', b: '1' },
        { a: 'y', b: '2' },
      ]);
    });

    test('text in order of bytes', async () => {
      const { rows } = await one.query(
        `select string_agg(v, '' order by v collate "C") as all from unnest(array['a', 'B', 'é', '中', 'Z']) v`,
      );
      expect(rows[0]?.all).toBe('BZaé中');
    });

    test('prepared by name, its plan kept', async () => {
      await one.query('set plan_cache_mode = force_generic_plan');
      const named = { name: 'named', text: 'select version from t where no = $1 and account_id = $2' };
      for (const no of [2, 2, 2]) expect((await one.query({ ...named, values: [no, 'b'] })).rowCount).toBe(1);
      await one.query('reset plan_cache_mode');
    });

    test('COPY', async () => {
      await one.query('begin; create temporary table copied (account_id text, no bigint) on commit drop');
      await pipeline(Readable.from(['a\t1\nb\t2\n']), one.query(copyFrom('copy copied from stdin')));
      expect((await one.query('select 1 from copied')).rowCount).toBe(2);
      await one.query('commit');
    });
  });

  describe('isolation', () => {
    test('of two who expect one version, one wins', async () => {
      const text = `update t set version = version + 1 where account_id = 'b' and version = 1`;
      await one.query('begin');
      expect((await one.query(text)).rowCount).toBe(1);
      const second = other.query(text);
      await one.query('commit');
      expect((await second).rowCount).toBe(0);
    });

    test('who waits for a locked row reads what was committed', async () => {
      await one.query(`begin; update t set version = 40 where account_id = 'b'`);
      const waited = other.query(`select version from t where account_id = 'b' for update`);
      await one.query('commit');
      expect((await waited).rows).toEqual([{ version: '40' }]);
    });

    test('a wait for a lock ends: 55P03', async () => {
      await one.query(`begin; select 1 from t where account_id = 'b' for update`);
      await other.query(`set lock_timeout = 50`);
      expect(await codeOf(other.query(`select 1 from t where account_id = 'b' for update`))).toBe('55P03');
      await other.query(`reset lock_timeout`);
      await one.query('commit');
    });

    test('a circle of waiting is broken: 40P01', async () => {
      await one.query(`begin; select 1 from t where account_id = 'a' for update`);
      await other.query(`begin; select 1 from t where account_id = 'b' for update`);
      const both = [
        codeOf(one.query(`select 1 from t where account_id = 'b' for update`)),
        codeOf(other.query(`select 1 from t where account_id = 'a' for update`)),
      ];
      const first = await Promise.race(both.map(async (each, index) => ({ code: await each, index })));
      await (first.index === 0 ? one : other).query('rollback');
      const codes = await Promise.all(both);
      await one.query('rollback');
      await other.query('rollback');
      expect(codes).toContain('40P01');
    });

    test('a snapshot is of one moment', async () => {
      await one.query('begin isolation level repeatable read read only');
      const before = (await one.query('select sum(version) from t')).rows;
      await other.query(`update t set version = version + 1`);
      expect((await one.query('select sum(version) from t')).rows).toEqual(before);
      await one.query('commit');
    });

    test('a transaction that stands still is ended: 25P03', async () => {
      const still = await connect();
      const ended = new Promise<string>((resolve) =>
        still.on('error', (error: Error & { readonly code?: string }) => resolve(error.code ?? '')),
      );
      await still.query(
        `begin; set local idle_in_transaction_session_timeout = 50; select 1 from t where account_id = 'a' for update`,
      );
      expect(await ended).toBe('25P03');
      expect((await one.query(`select 1 from t where account_id = 'a' for update`)).rowCount).toBe(1);
    });

    test('advisory locks: shared, alone, gone with their connection', async () => {
      const locked = async (client: pg.Client, way: string) =>
        (await client.query(`select ${way}(7, 7) as got`)).rows[0]?.got as boolean;
      const holder = await connect();
      expect(await locked(holder, 'pg_try_advisory_lock_shared')).toBe(true);
      expect(await locked(one, 'pg_try_advisory_lock_shared')).toBe(true);
      await one.query('select pg_advisory_unlock_shared(7, 7)');
      expect(await locked(other, 'pg_try_advisory_lock')).toBe(false);
      await holder.end();
      await expect.poll(() => locked(other, 'pg_try_advisory_lock')).toBe(true);
      await other.query('select pg_advisory_unlock_all()');
    });
  });

  describe('durability', () => {
    test('a commit is on disk before it is answered', async () => {
      expect(await readDurability(database.pool)).toMatchObject({ durable: true });
    });

    test('what is read can be waited for, and the server can be told from another', async () => {
      await awaitWhatIsRead(one);
      await one.query(`select pg_logical_emit_message(true, 'suanpan', '')`);
      expect(await serverOf(one)).toBe(await serverOf(other));
      expect(await readTimeline(one)).toBeGreaterThan(0);
      expect((await readStandbys(database.pool)).following).toBeGreaterThanOrEqual(0);
    });
  });
}
