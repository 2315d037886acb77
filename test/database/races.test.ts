// F8: 2 to 32 clients, let go at once, on two servers of one database over real HTTP. Exactly one winner each round.

import type { FastifyInstance } from 'fastify';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { buildHttp } from '../../src/http/app.ts';
import { openSuanpan } from '../../src/operations/suanpan.ts';
import { openDatabase } from '../../src/store/connection/connect.ts';
import { inTransaction } from '../../src/store/connection/transaction.ts';
import { lockHeads } from '../../src/store/ledger/heads.ts';
import { expectSound } from '../faults/agree.ts';
import { basic, instant, type Json, type OpenApp, openAccountWith, openApp } from '../http/open-app.ts';

const day = '2026-01-12T09:00:00+08:00';
const sizes = [2, 4, 9, 16, 32];

let open: OpenApp;
let second: FastifyInstance;
let urls: string[] = [];
let now = day;
let closeSecond: () => Promise<void>;

beforeAll(async () => {
  open = await openApp(day);
  const database = await openDatabase({ databaseUrl: open.connectionString, dataFolder: '' });
  const suanpan = await openSuanpan(database, () => instant(now));
  second = await buildHttp(suanpan, { pepper: 'pepper for tests' });
  urls = await Promise.all([open.app, second].map((app) => app.listen({ port: 0, host: '127.0.0.1' })));
  closeSecond = async () => {
    await second.close();
    await suanpan.ledger.drain();
    await database.close();
  };
});
afterEach(() => expectSound(open.suanpan));
afterAll(async () => {
  await closeSecond();
  await open.close();
});

const setClock = (text: string) => {
  now = text;
  open.setClock(text);
};

interface Shot {
  readonly path: string;
  readonly body: Json;
  readonly key?: string;
}
interface Hit {
  readonly status: number;
  readonly json: Json;
  readonly text: string;
}

/** Every client connects, waits at the barrier, and shoots when all are there; they take turns between the two servers. */
async function race(shots: readonly Shot[]): Promise<Hit[]> {
  let lift: () => void = () => undefined;
  const barrier = new Promise<void>((resolve) => {
    lift = resolve;
  });
  let waiting = 0;
  const hits = shots.map(async ({ path, body, key }, index) => {
    const url = urls[index % 2] ?? '';
    await (await fetch(`${url}/livez`)).text();
    waiting += 1;
    if (waiting === shots.length) lift();
    await barrier;
    const response = await fetch(`${url}${path}`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${open.operator}`,
        'content-type': 'application/json',
        ...(key === undefined ? {} : { 'idempotency-key': key }),
      },
      body: JSON.stringify(body),
    });
    const text = await response.text();
    return { status: response.status, json: JSON.parse(text) as Json, text };
  });
  return Promise.all(hits);
}

const times = <T>(count: number, make: (index: number) => T): T[] =>
  Array.from({ length: count }, (_, index) => make(index));
const event = (account: string, id: string, calls = 1): Shot => ({
  path: '/v1/events',
  body: { account, id, meter: basic, calls, time: now },
});
const won = (hits: readonly Hit[]) => hits.filter(({ status }) => status < 300);
const codes = (hits: readonly Hit[]) =>
  new Set(hits.filter(({ status }) => status >= 300).map(({ json }) => json.code));
const drew = (hit: Hit, pack: string) =>
  ((hit.json.receipt as Json | undefined)?.draws as Json[] | undefined)?.some((draw) => draw.pack === pack) ?? false;

/** An account with one pack of which `left` calls are left. */
async function withPack(account: string, left: number, more: Json = {}): Promise<string> {
  setClock(day);
  await openAccountWith(open, account, '10000.00', more);
  const pack = `pack-${account}`;
  const bought = await open.once(
    'POST',
    '/v1/packs',
    { account, product: 'basic_authority', size: 1000, id: pack },
    { 'idempotency-key': pack },
  );
  expect(bought.status, bought.text).toBe(201);
  if (left < 1000) {
    const used = await open.call('POST', '/v1/events', event(account, `use-${account}`, 1000 - left).body);
    expect(used.json).toMatchObject({ status: 'accepted' });
  }
  return pack;
}

describe.each(sizes)('%i clients', (clients) => {
  test('refund × first draw: the money or the calls', async () => {
    for (const round of [1, 2, 3]) {
      const account = `refund-${clients}-${round}`;
      const pack = await withPack(account, 1000);
      const hits = await race(
        times(clients, (n) =>
          n % 2 === 0
            ? { path: `/v1/packs/${pack}/refund`, body: { account }, key: `${account}-${n}` }
            : event(account, `e${n}`),
        ),
      );
      const refunds = hits.filter((_, n) => n % 2 === 0);
      const draws = hits.filter((_, n) => n % 2 === 1);
      const drawn = draws.filter((hit) => drew(hit, pack)).length;
      expect(won(draws)).toHaveLength(draws.length);
      if (won(refunds).length === 0) {
        expect(drawn).toBe(draws.length);
        expect(codes(refunds)).toEqual(new Set(['PACK_IN_USE']));
      } else {
        expect(won(refunds)).toHaveLength(1);
        expect(drawn).toBe(0);
        expect([...codes(refunds)].every((code) => code === 'ALREADY_REFUNDED')).toBe(true);
      }
      const { json } = await open.call('GET', `/v1/accounts/${account}/balance`);
      expect(json.balance).toBe(drawn > 0 ? '9070.00' : '10000.00');
    }
  });

  test('draws on the last call: one gets it', async () => {
    for (const round of [1, 2]) {
      const account = `last-${clients}-${round}`;
      const pack = await withPack(account, 1);
      const hits = await race(times(clients, (n) => event(account, `e${n}`)));
      expect(won(hits)).toHaveLength(clients);
      expect(hits.filter((hit) => drew(hit, pack))).toHaveLength(1);
      expect(hits.filter(({ json }) => (json.receipt as Json).postpaid === 1)).toHaveLength(clients - 1);
    }
  });

  test('one event from all: one accepted, the others duplicates with its receipt', async () => {
    const account = `same-${clients}`;
    await withPack(account, 1);
    const hits = await race(times(clients, () => event(account, 'e')));
    expect(hits.map(({ json }) => json.status).toSorted()).toEqual([
      'accepted',
      ...times(clients - 1, () => 'duplicate'),
    ]);
    expect(new Set(hits.map(({ json }) => JSON.stringify(json.receipt))).size).toBe(1);
  });

  test('one id, other content from each: one accepted, the others conflicts', async () => {
    const account = `other-${clients}`;
    await withPack(account, 1000);
    const hits = await race(times(clients, (n) => event(account, 'e', n + 1)));
    expect(won(hits)).toHaveLength(1);
    expect(codes(hits)).toEqual(new Set(['EVENT_CONFLICT']));
  });

  test('one purchase key: one pack, one charge, one answer', async () => {
    const account = `key-${clients}`;
    await openAccountWith(open, account, '10000.00');
    const shot = { path: '/v1/packs', body: { account, product: 'basic_authority', size: 1000 }, key: account };
    const hits = await race(times(clients, () => shot));
    expect(new Set(hits.map(({ status, text }) => `${status} ${text}`)).size).toBe(1);
    expect((await open.call('GET', `/v1/accounts/${account}/balance`)).json.balance).toBe('9070.00');
    expect((await open.call('GET', `/v1/accounts/${account}/packs`)).json.packs).toHaveLength(1);
  });

  test('purchases with money for one: one', async () => {
    const account = `money-${clients}`;
    await openAccountWith(open, account, '930.00');
    const order = { account, product: 'basic_authority', size: 1000 };
    const hits = await race(times(clients, (n) => ({ path: '/v1/packs', body: order, key: `${account}-${n}` })));
    expect(won(hits)).toHaveLength(1);
    expect(codes(hits)).toEqual(new Set(['INSUFFICIENT_BALANCE']));
  });

  test('closing: one bill, charged once, the same answer to all', async () => {
    const account = `close-${clients}`;
    await withPack(account, 1);
    await open.call('POST', '/v1/events', event(account, 'e', 5).body);
    setClock('2026-02-03T00:00:00+08:00');
    const hits = await race(times(clients, () => ({ path: '/v1/bills/close', body: { account, month: '2026-01' } })));
    expect(new Set(hits.map(({ status, text }) => `${status} ${text}`)).size).toBe(1);
    expect(hits[0]?.json).toMatchObject({ number: `${account}-000001`, postpaid: '4.00' });
    const { json } = await open.call('GET', `/v1/accounts/${account}/balance`);
    expect((json.entries as Json[]).filter(({ kind }) => kind === 'bill')).toHaveLength(1);
    setClock(day);
  });

  test('closing × a late event: on the bill or on the next, never both, never neither', async () => {
    const account = `late-${clients}`;
    await withPack(account, 1000);
    setClock('2026-02-03T00:00:00+08:00');
    const late = (n: number): Shot => ({
      path: '/v1/events',
      body: { account, id: `e${n}`, meter: 'liveness.wechat.authority', time: day },
    });
    const hits = await race(
      times(clients, (n) => (n === 0 ? { path: '/v1/bills/close', body: { account, month: '2026-01' } } : late(n))),
    );
    expect(won(hits)).toHaveLength(clients);
    const billed = ((hits[0]?.json.lines ?? []) as Json[]).find(({ tariff }) => tariff === 'liveness_verification');
    const { json: next } = await open.call('GET', `/v1/bills/${account}:2026-02`);
    const fen = (amount: unknown) => Math.round(Number(amount ?? 0) * 100);
    expect(fen(billed?.amount) + fen(next.adjustments)).toBe((clients - 1) * 100);
    setClock(day);
  });

  test('voids: one', async () => {
    const account = `void-${clients}`;
    const pack = await withPack(account, 10);
    await open.call('POST', '/v1/events', event(account, 'e', 5).body);
    const hits = await race(times(clients, () => ({ path: '/v1/events/e/void', body: { account } })));
    expect(won(hits)).toHaveLength(1);
    expect(codes(hits)).toEqual(new Set(['ALREADY_VOIDED']));
    const { json } = await open.call('GET', `/v1/accounts/${account}/packs`);
    expect(json.packs).toMatchObject([{ id: pack, remaining: 10 }]);
  });

  test('holds × draws on the last calls: the calls are sold once', async () => {
    const account = `hold-${clients}`;
    const pack = await withPack(account, 1, { postpaid: false });
    const hits = await race(
      times(clients, (n) =>
        n % 2 === 0
          ? { path: '/v1/authorizations', body: { account, id: `h${n}`, meter: basic } }
          : event(account, `e${n}`),
      ),
    );
    const holds = hits.filter((_, n) => n % 2 === 0);
    const draws = hits.filter((_, n) => n % 2 === 1);
    expect(won(holds).length + draws.filter((hit) => drew(hit, pack)).length).toBe(1);
    expect([...codes(holds)].every((code) => code === 'POSTPAID_OFF')).toBe(true);
    const ids = won(holds).map(({ json }) => json.id);
    for (const id of ids) {
      const captures = await race(
        times(clients, () => ({ path: `/v1/authorizations/${id}/capture`, body: { account } })),
      );
      expect(captures.map(({ json }) => json.status).toSorted()).toEqual([
        'accepted',
        ...times(clients - 1, () => 'duplicate'),
      ]);
    }
  });

  test('one id as an event and as a hold: one of them', async () => {
    for (const round of [1, 2, 3]) {
      const account = `either-${clients}-${round}`;
      await withPack(account, 1000);
      const hits = await race(
        times(clients, (n) =>
          n % 2 === 0 ? { path: '/v1/authorizations', body: { account, id: 'x', meter: basic } } : event(account, 'x'),
        ),
      );
      const holds = hits.filter((_, n) => n % 2 === 0);
      const events = hits.filter((_, n) => n % 2 === 1);
      expect(won(hits)).toHaveLength(won(holds).length > 0 ? holds.length : events.length);
      expect(codes(hits)).toEqual(new Set([won(holds).length > 0 ? 'HOLD_OPEN' : 'ID_TAKEN']));
    }
  });

  test('capture × release of one hold: one of them', async () => {
    const account = `end-${clients}`;
    await withPack(account, 1, { postpaid: false });
    await open.call('POST', '/v1/authorizations', { account, id: 'h', meter: basic });
    const hits = await race(
      times(clients, (n) => ({
        path: `/v1/authorizations/h/${n % 2 === 0 ? 'capture' : 'release'}`,
        body: { account },
      })),
    );
    const captures = won(hits.filter((_, n) => n % 2 === 0)).length;
    const releases = won(hits.filter((_, n) => n % 2 === 1)).length;
    expect(Math.min(captures, releases)).toBe(0);
    expect(captures + releases).toBeGreaterThan(0);
    expect(codes(hits)).toEqual(new Set(['HOLD_ENDED']));
  });
});

test('a server that stands still in the middle of a command does not keep the account from the others', async () => {
  const account = 'stood-still';
  await withPack(account, 10);
  const [locked, stopped] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const command = inTransaction(open.suanpan.pool, async (tx) => {
    await lockHeads(tx, [account]);
    locked.resolve();
    await stopped.promise;
    await tx.query('select 1');
  }).then(
    () => 'committed',
    () => 'lost',
  );
  await locked.promise;
  const [hit] = await race([event(account, 'e')]);
  stopped.resolve();
  expect(hit?.json).toMatchObject({ status: 'accepted' });
  expect(await command).toBe('lost');
}, 8_000);
