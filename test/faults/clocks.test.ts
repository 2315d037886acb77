// F15: servers whose clocks are off by seconds to days. Nothing is refused that could be served, nothing ends early, and it is said
// in words. Time is the database's; where that itself is set back, each account's own time stays where it was.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { nextPeriod, periodOf } from '../../src/core/calendar.ts';
import { isRefusal } from '../../src/core/refusal.ts';
import { callsOf, type Instant, instantOf } from '../../src/core/units.ts';
import { openAccount } from '../../src/operations/accounts.ts';
import { closeMonth } from '../../src/operations/close-month.ts';
import { giveGifts } from '../../src/operations/packs.ts';
import type { Suanpan } from '../../src/operations/suanpan.ts';
import { openSuanpan } from '../../src/operations/suanpan.ts';
import { inTransaction } from '../../src/store/connection/transaction.ts';
import { verifyLedger } from '../../src/verify/verify.ts';
import { basic, instant } from '../http/open-app.ts';
import { mulberry32 } from '../naive/random-scenario.ts';
import { type FreshDatabase, freshDatabase } from '../setup/database.ts';
import { oneCall } from './one-call.ts';
import { type ServerProcess, startServer, until } from './server-process.ts';

const seed = Number(process.env.SUANPAN_SEED ?? Date.now() % 2 ** 31);
const day = 86_400_000;
const zone = 'Asia/Shanghai';

const byHold = (a: { hold_id: string }, b: { hold_id: string }) => (a.hold_id < b.hold_id ? -1 : 1);

let database: FreshDatabase;
beforeAll(async () => {
  database = await freshDatabase();
});
afterAll(() => database.drop());

describe('machines whose clocks are wrong', () => {
  const shifts = { right: 0, behind: -120_000, ahead: 2 * day, 'far behind': -40 * day, 'far ahead': 400 * day };
  type Name = keyof typeof shifts;
  const names = Object.keys(shifts) as Name[];
  const servers = new Map<Name, ServerProcess>();
  let key = '';

  beforeAll(async () => {
    const preload = new URL('./shifted-clock.ts', import.meta.url).href;
    for (const name of names) {
      const server = await startServer({
        DATABASE_URL: database.connectionString,
        NODE_OPTIONS: `--import=${preload}`,
        CLOCK_SHIFT: String(shifts[name]),
      });
      servers.set(name, server);
      key ||= server.firstKey ?? '';
    }
  }, 60_000);
  afterAll(async () => {
    for (const { signal } of servers.values()) signal('SIGKILL');
    await Promise.all([...servers.values()].map(({ gone }) => gone));
  });

  const send = async (name: Name, path: string, body: object) => {
    const response = await fetch(`${servers.get(name)?.url}${path}`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${key}`,
        'content-type': 'application/json',
        'idempotency-key': `${name} ${path} ${JSON.stringify(body)}`,
      },
      body: JSON.stringify(body),
    });
    return { status: response.status, json: (await response.json()) as Record<string, unknown> };
  };
  const open = async (account: string) => {
    const order = { id: account, book: 'faceid-legacy', postpaid: false, opened: '2020-01-01' };
    expect((await send('right', '/v1/accounts', order)).status).toBe(201);
  };
  const give = (name: Name, account: string) =>
    send(name, '/v1/gifts', { account, product: 'basic_authority', calls: 10, id: `gift of ${name}` });

  test.each(names)('%s: what another server has just given can be drawn from', async (name) => {
    const account = `gift-${name.replace(' ', '-')}`;
    await open(account);
    for (const giver of names) {
      expect((await give(giver, account)).json).toMatchObject({ packs: [{ state: 'active' }] });
      const held = await send(name, '/v1/authorizations', { account, id: `${giver} h`, meter: basic, calls: 10 });
      expect(held, giver).toMatchObject({ status: 201, json: { draws: [{ pack: `gift of ${giver}`, calls: 10 }] } });
      expect((await send(giver, `/v1/authorizations/${giver} h/capture`, { account })).status).toBe(200);
    }
  });

  test('no server ends the holds of another early, each ends its own in time', { timeout: 30_000 }, async () => {
    await open('holds');
    await give('right', 'holds');
    const hold = (name: Name, id: string, seconds: number) =>
      send(name, '/v1/authorizations', { account: 'holds', id, meter: basic, seconds });
    for (const name of names) expect((await hold(name, `long ${name}`, 60)).status).toBe(201);
    for (const name of names) expect((await hold(name, `short ${name}`, 1)).status).toBe(201);
    for (const name of names) {
      const other = names[(names.indexOf(name) + 1) % names.length];
      const captured = await send(name, `/v1/authorizations/long ${other}/capture`, { account: 'holds' });
      expect(captured.status, `${name} captures what ${other} holds`).toBe(200);
    }
    const ended = async () => {
      const { rows } = await database.pool.query<{ hold_id: string; early: boolean }>(
        `select hold_id, e.at_ms < expires_ms as early from hold_ends e join holds h on h.account_id = e.account_id and h.seq = e.hold_seq
         where e.account_id = 'holds' and how = 'expired' order by 1`,
      );
      return rows;
    };
    let touched = 0;
    await until('every short hold is ended', async () => {
      touched += 1;
      const order = { account: 'holds', product: 'basic_authority', calls: 1, id: `touch ${touched}` };
      await send(names[touched % names.length] ?? 'right', '/v1/gifts', order);
      return (await ended()).length === names.length;
    });
    expect(await ended()).toEqual(names.map((name) => ({ hold_id: `short ${name}`, early: false })).toSorted(byHold));
  });

  test.each(names)('%s: takes what happens now, closes what is over, and nothing else', async (name) => {
    const account = `month-${name.replace(' ', '-')}`;
    await open(account);
    const now = new Date();
    const event = { account, id: 'now', meter: basic, calls: 1, time: now };
    expect(await send(name, '/v1/events', event)).toMatchObject({ json: { status: 'accepted' } });
    const month = periodOf(zone, instantOf(now.getTime()));
    expect((await send(name, '/v1/bills/close', { account, month })).json).toMatchObject({ code: 'PERIOD_OPEN' });
    const over = nextPeriod(month, -2);
    expect((await send(name, '/v1/bills/close', { account, month: over })).status).toBe(200);
  });

  test.each(names)('%s: is told of in the log and in /readyz, if it is off', async (name) => {
    const server = servers.get(name);
    const ready = async (language: string) =>
      (await (await fetch(`${server?.url}/readyz`, { headers: { 'accept-language': language } })).json()) as {
        readonly clock?: { readonly aheadMilliseconds: number; readonly problem: string };
      };
    const { clock } = await ready('en');
    const told = server?.words().match(/This machine's clock is .* the database's/g) ?? [];
    if (shifts[name] === 0) {
      expect([clock, told]).toEqual([undefined, []]);
      return;
    }
    expect(Math.abs((clock?.aheadMilliseconds ?? 0) - shifts[name])).toBeLessThan(1_000);
    expect(clock?.problem).toMatch(/differs from the database/);
    expect((await ready('zh')).clock?.problem).toMatch(/时钟/);
    expect(told).toEqual([expect.stringContaining(shifts[name] > 0 ? 'ahead of' : 'behind')]);
    expect(server?.words()).toMatch(/本机时钟比数据库/);
  });
});

describe('an account’s time never goes back', () => {
  const edge = instant('2026-02-01T00:00:00+08:00');
  const ledgerAt = (clock: () => Instant) => openSuanpan(database, clock);
  const openAt = (suanpan: Suanpan, id: string, now: Instant) =>
    inTransaction(suanpan.pool, (tx) =>
      openAccount(tx, suanpan, { id, book: 'faceid-legacy', postpaid: false, opened: '2026-01-01', by: 'test' }, now),
    );
  const gift = (suanpan: Suanpan, account: string, id: string) =>
    inTransaction(suanpan.pool, (tx) =>
      giveGifts(
        tx,
        suanpan,
        { account, id, product: 'basic_authority', calls: callsOf(5), months: null },
        suanpan.clock(),
      ),
    );

  test('a clock two minutes back draws from a gift of just now, and is no way back before it', async () => {
    const [ahead, back] = [await ledgerAt(() => edge), await ledgerAt(() => instantOf(edge - 120_000))];
    await openAt(ahead, 'back', instantOf(edge - day));
    await gift(ahead, 'back', 'fresh');
    const order = { id: 'h', meter: basic, calls: callsOf(5), department: null, milliseconds: 60_000 };
    expect(await back.ledger.authorize('back', order)).toMatchObject({
      hold: { at: edge, expiresAt: edge + 60_000 },
      draws: [{ pack: 'fresh', calls: 5n }],
    });
    expect(await back.ledger.capture('back', 'h')).toMatchObject({ status: 'accepted' });
  });

  test('three clocks, days apart, around the end of a month: rows in order of time, and every invariant holds', async () => {
    console.log(`F15: SUANPAN_SEED=${seed}`);
    const random = mulberry32(seed);
    let step = 0;
    const offsets = [-2 * day, 0, day + 5_000];
    const suanpans = await Promise.all(
      offsets.map((offset) => ledgerAt(() => instantOf(edge - 3 * day + step * 3_600_000 + offset))),
    );
    const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)] as T;
    await openAt(suanpans[0] as Suanpan, 'wandering', instantOf(edge - 10 * day));
    for (step = 0; step < 240; step += 1) {
      const suanpan = pick(suanpans);
      const id = `w${step}`;
      const dice = random();
      if (dice < 0.1) await gift(suanpan, 'wandering', id);
      else if (dice < 0.6) await suanpan.ledger.record('wandering', [oneCall(id, instantOf(suanpan.clock() - 60_000))]);
      else if (dice < 0.9) {
        const order = { id, meter: basic, calls: callsOf(1), department: null, milliseconds: pick([1_000, 2 * day]) };
        await suanpan.ledger.authorize('wandering', order);
        if (random() < 0.6) await pick(suanpans).ledger.capture('wandering', id);
      } else {
        await inTransaction(suanpan.pool, (tx) =>
          closeMonth(
            tx,
            suanpan,
            { account: 'wandering', month: periodOf(zone, instantOf(edge - day)) },
            suanpan.clock(),
          ),
        ).then((closed) => isRefusal(closed) || suanpan.ledger.forget('wandering'));
      }
    }
    const { rows } = await database.pool.query<{ back: number; rows: number }>(
      `select count(*) filter (where ms < before)::integer as back, count(*)::integer as rows from (
         select ms, lag(ms) over (order by seq) as before from (
           select seq, received_ms as ms from events where account_id = 'wandering'
           union all select seq, at_ms from holds where account_id = 'wandering'
           union all select seq, at_ms from hold_ends where account_id = 'wandering'
           union all select seq, bought_ms from packs where account_id = 'wandering'
           union all select seq, closed_ms from bills where account_id = 'wandering') r) o`,
    );
    expect(rows[0]?.back).toBe(0);
    expect(rows[0]?.rows).toBeGreaterThan(150);
    const report = await verifyLedger(suanpans[0] as Suanpan);
    expect(report.verdicts.flatMap(({ first }) => (first === null ? [] : [first]))).toEqual([]);
  });
});
