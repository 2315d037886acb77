// Two servers' ledgers on one database: whatever one of them answers from its memory is so at that moment, though the other has
// changed the account meanwhile. And a group that can never be written ends all the same.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { callsOf, type Instant } from '../../src/core/units.ts';
import { Ledger } from '../../src/ledger/ledger.ts';
import type { LedgerOptions } from '../../src/ledger/options.ts';
import { changeAccount, openAccount } from '../../src/operations/accounts.ts';
import { reviewEvent, voidEvent } from '../../src/operations/events.ts';
import type { Suanpan } from '../../src/operations/suanpan.ts';
import { openSuanpan } from '../../src/operations/suanpan.ts';
import { inTransaction } from '../../src/store/connection/transaction.ts';
import { basic, instant } from '../http/open-app.ts';
import { type FreshDatabase, freshDatabase } from '../setup/database.ts';
import { expectSound } from './agree.ts';
import { oneCall } from './one-call.ts';

let now: Instant = instant('2026-01-12T09:00:00+08:00');
let database: FreshDatabase;
let suanpan: Suanpan;
let serial = 0;

beforeAll(async () => {
  database = await freshDatabase();
  suanpan = await openSuanpan(database, () => now);
});
afterAll(async () => {
  await expectSound(suanpan);
  await database.drop();
});

const ledger = (options: Partial<LedgerOptions> = {}): Ledger =>
  new Ledger({
    pool: database.ledgerPool,
    books: suanpan.books,
    meters: suanpan.meters,
    clock: () => now,
    lanes: 1,
    ...options,
  });

async function account(more: { readonly postpaid?: boolean } = {}): Promise<string> {
  serial += 1;
  const id = `account-${serial}`;
  await inTransaction(suanpan.pool, (tx) =>
    openAccount(tx, suanpan, { id, book: 'faceid-legacy', by: 'local', ...more }, now),
  );
  return id;
}

const event = (id: string) => oneCall(id, now);
const call = { meter: basic, calls: callsOf(1), department: null, milliseconds: 60_000 };

describe('the same id of a hold, again and again in one group', () => {
  test('authorize, release, authorize: ended, and the group is over', async () => {
    const one = ledger();
    const owner = await account();
    const answers = await Promise.all([
      one.authorize(owner, { ...call, id: 'h' }),
      one.release(owner, 'h'),
      one.authorize(owner, { ...call, id: 'h' }),
      one.record(owner, [event('beside')]),
    ]);
    expect(answers).toMatchObject([
      { hold: { id: 'h' }, replayed: false },
      { hold: { id: 'h' } },
      { refused: 'HOLD_ENDED', facts: { how: 'released' } },
      [{ status: 'accepted' }],
    ]);
    expect(one.counters.retries).toBe(0);
  });

  test('authorize, capture, authorize: captured', async () => {
    const one = ledger();
    const owner = await account();
    const answers = await Promise.all([
      one.authorize(owner, { ...call, id: 'h' }),
      one.capture(owner, 'h'),
      one.authorize(owner, { ...call, id: 'h' }),
      one.authorize(owner, { ...call, id: 'h', calls: callsOf(2) }),
    ]);
    expect(answers.slice(1)).toMatchObject([
      { status: 'accepted' },
      { refused: 'HOLD_ENDED', facts: { how: 'captured' } },
      { refused: 'ID_TAKEN' },
    ]);
  });

  test('asked again after its time: ended, not held', async () => {
    const one = ledger();
    const owner = await account();
    expect(await one.authorize(owner, { ...call, id: 'h' })).toMatchObject({ replayed: false });
    expect(await one.authorize(owner, { ...call, id: 'h' })).toMatchObject({ replayed: true });
    const before = now;
    now = instant('2026-01-12T09:05:00+08:00');
    expect(await one.authorize(owner, { ...call, id: 'h' })).toMatchObject({ refused: 'HOLD_ENDED' });
    expect(await one.authorize(owner, { ...call, id: 'h' })).toMatchObject({ refused: 'HOLD_ENDED' });
    now = before;
  });
});

describe('one id for a call', () => {
  test('an id that was recorded as an event cannot be authorised, by any server', async () => {
    const [one, other] = [ledger(), ledger()];
    const owner = await account();
    await one.record(owner, [event('e')]);
    for (const each of [one, other, ledger()]) {
      expect(await each.authorize(owner, { ...call, id: 'e' })).toMatchObject({ refused: 'ID_TAKEN' });
    }
    expect(await one.record(owner, [event('e')])).toMatchObject([{ status: 'duplicate' }]);
  });

  test('an event sent while its hold is open is told so; released, it is taken', async () => {
    const one = ledger();
    const owner = await account();
    await one.authorize(owner, { ...call, id: 'h' });
    expect(await one.record(owner, [event('h')])).toMatchObject([
      { status: 'conflict', refusal: { refused: 'HOLD_OPEN', facts: { hold: 'h' } } },
    ]);
    await one.release(owner, 'h');
    expect(await one.record(owner, [event('h')])).toMatchObject([{ status: 'accepted' }]);
  });
});

describe('a hold that another server ended', () => {
  test('released there: its event is taken here', async () => {
    const [one, other] = [ledger(), ledger()];
    const owner = await account();
    await one.authorize(owner, { ...call, id: 'h' });
    await other.release(owner, 'h');
    expect(await one.record(owner, [event('h')])).toMatchObject([{ status: 'accepted' }]);
  });

  test('captured there: another call under its id is refused for what refuses it now', async () => {
    const [one, other] = [ledger(), ledger()];
    const owner = await account();
    await one.authorize(owner, { ...call, id: 'h' });
    await other.capture(owner, 'h');
    const order = { account: owner, postpaid: false, by: 'local' };
    await inTransaction(suanpan.pool, (tx) => changeAccount(tx, suanpan, order, suanpan.clock()));
    const another = { ...call, id: 'h', calls: callsOf(2) };
    for (const each of [one, other, ledger()]) {
      expect(await each.authorize(owner, another)).toMatchObject({ refused: 'POSTPAID_OFF' });
    }
  });

  test('released or captured there: asked again here it has ended', async () => {
    const [one, other] = [ledger(), ledger()];
    const owner = await account();
    for (const id of ['r', 'c']) await one.authorize(owner, { ...call, id });
    await other.release(owner, 'r');
    expect(await one.authorize(owner, { ...call, id: 'r' })).toMatchObject({ refused: 'HOLD_ENDED' });
    await other.capture(owner, 'c');
    expect(await one.authorize(owner, { ...call, id: 'c' })).toMatchObject({ refused: 'HOLD_ENDED' });
  });

  test('made there: captured, released and asked again here', async () => {
    const [one, other] = [ledger(), ledger()];
    const owner = await account();
    await one.record(owner, [event('warm')]);
    for (const id of ['a', 'b', 'c']) await other.authorize(owner, { ...call, id });
    expect(await one.capture(owner, 'a')).toMatchObject({ status: 'accepted' });
    await other.authorize(owner, { ...call, id: 'd' });
    expect(await one.release(owner, 'b')).toMatchObject({ hold: { id: 'b' } });
    await other.authorize(owner, { ...call, id: 'e' });
    expect(await one.authorize(owner, { ...call, id: 'c' })).toMatchObject({ replayed: true });
    await other.release(owner, 'd');
    expect(await one.capture(owner, 'd')).toMatchObject({ refused: 'HOLD_ENDED', facts: { how: 'released' } });
    expect(await one.capture(owner, 'never')).toMatchObject({ refused: 'NOT_FOUND' });
  });
});

test('what may not be paid is refused, or served, by the head as it stands in the database', async () => {
  const [one, other] = [ledger(), ledger()];
  const owner = await account({ postpaid: false });
  expect(await one.authorize(owner, call)).toMatchObject({ refused: 'POSTPAID_OFF' });
  const before = one.counters.retries;
  expect(await one.authorize(owner, call)).toMatchObject({ refused: 'POSTPAID_OFF' });
  expect(one.counters.retries, 'a head that stands is no reason to lock it').toBe(before);
  await suanpan.pool.query(
    `update account_heads set version = version + 1, fixed = replace(fixed, '"postpaid":false', '"postpaid":true')
     where account_id = $1`,
    [owner],
  );
  expect(await one.authorize(owner, { ...call, id: 'h' })).toMatchObject({ replayed: false });
  expect(await other.release(owner, 'h')).toMatchObject({ hold: { id: 'h' } });
});

describe('a repeat of an event that another server changed', () => {
  test('voided there: the receipt here says so, alone and beside new events', async () => {
    const one = ledger();
    const [owner, neighbour] = [await account(), await account()];
    await one.record(owner, [event('e'), event('f')]);
    await one.record(neighbour, [event('warm')]);
    const read = async () => (await one.record(owner, [event('e')]))[0]?.receipt;
    expect(await read()).not.toHaveProperty('voided');
    await inTransaction(suanpan.pool, (tx) => voidEvent(tx, suanpan, { account: owner, event: 'e', by: 'local' }, now));
    expect(await read()).toHaveProperty('voided');

    await one.record(owner, [event('g')]);
    await inTransaction(suanpan.pool, (tx) => voidEvent(tx, suanpan, { account: owner, event: 'g', by: 'local' }, now));
    const [repeat, fresh] = await Promise.all([one.record(owner, [event('g')]), one.record(neighbour, [event('new')])]);
    expect(repeat).toMatchObject([{ status: 'duplicate', receipt: { voided: expect.any(String) } }]);
    expect(fresh).toMatchObject([{ status: 'accepted' }]);
  });

  test('reviewed there: the receipt here is the settled one', async () => {
    const one = ledger();
    const owner = await account();
    const facts = { action: 'IdCardVerification', channel: null, library: null, resultCode: '99' };
    const unknown = { ...event('e'), meter: null, facts };
    const [first] = await one.record(owner, [unknown]);
    expect(first).toMatchObject({ status: 'held', receipt: { outcome: 'held' } });
    const order = { account: owner, event: 'e', charge: false };
    await inTransaction(suanpan.pool, (tx) => reviewEvent(tx, suanpan, { ...order, by: 'local' }, now));
    expect(await one.record(owner, [unknown])).toMatchObject([
      { status: 'duplicate', receipt: { outcome: 'not-charged' } },
    ]);
  });

  test('a repeat whose head stands costs no lock and no look-up of the event', async () => {
    const one = ledger();
    const owner = await account();
    const [first] = await one.record(owner, [event('e')]);
    await suanpan.pool.query('update events set seq = 77 where account_id = $1', [owner]);
    const again = await one.record(owner, [event('e')]);
    await suanpan.pool.query('update events set seq = 1 where account_id = $1', [owner]);
    expect(again).toEqual([{ ...first, status: 'duplicate' }]);
    expect(one.counters.retries).toBe(0);
  });
});

describe('a group that can never be written', () => {
  const triggers = {
    ids: `raise exception 'taken' using errcode = '23505'`,
    heads: `raise exception 'moved' using errcode = '22012'`,
    locks: `raise exception 'deadlock' using errcode = '40P01'`,
  };

  test.each(Object.entries(triggers))(
    '%s lost every time: refused alone, counted, the others settled',
    async (kind, raise) => {
      const one = ledger();
      const owner = await account();
      await suanpan.pool.query(`
      create function lose() returns trigger language plpgsql as $$ begin
        if new.event_id = 'bad' then ${raise}; end if;
        return new;
      end $$;
      create trigger lose before insert on events for each row execute function lose()`);
      try {
        const ids = ['a', 'b', 'bad', 'c', 'd'];
        const answers = await Promise.all(ids.map((id) => one.record(owner, [event(id)])));
        expect(answers.flat().map(({ status }) => status)).toEqual([
          'accepted',
          'accepted',
          'rejected',
          'accepted',
          'accepted',
        ]);
        expect(answers[2]?.[0]?.refusal?.refused).toBe(kind === 'ids' ? 'INTERNAL_ERROR' : 'OVERLOADED');
        expect(one.counters).toMatchObject({ failures: 1 });
        expect(one.counters.losses[kind as keyof typeof triggers]).toBeGreaterThan(1);
        expect(one.counters.splits).toBeGreaterThan(0);
        expect(one.counters.retries).toBeLessThan(40);
      } finally {
        await suanpan.pool.query('drop trigger lose on events; drop function lose');
      }
    },
  );
});
