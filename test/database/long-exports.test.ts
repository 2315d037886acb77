// Exports of many calls: a few at a time, in pieces, no longer than somebody reads them.

import { afterAll, beforeAll, expect, test } from 'vitest';
import { basic, type OpenApp, openAccountWith, openApp } from '../http/open-app.ts';
import { longestStandstill, standstill } from '../setup/standstill.ts';

const now = '2026-01-12T10:00:00+08:00';
const calls = 20_000;
let open: OpenApp;
let url: string;

beforeAll(async () => {
  open = await openApp(now);
  url = await open.app.listen({ port: 0, host: '127.0.0.1' });
  for (const id of ['acme', 'globex', 'initech']) await openAccountWith(open, id, '0.00');
  const events = Array.from({ length: calls }, (_, n) => ({
    account: 'acme',
    id: `e${n}-`.padEnd(190, 'x'),
    meter: basic,
    time: now,
  }));
  for (let at = 0; at < calls; at += 500) {
    expect((await open.call('POST', '/v1/events', events.slice(at, at + 500))).status).toBe(200);
  }
  for (const account of ['globex', 'initech']) {
    await open.suanpan.pool.query(
      `insert into events select seq, at_ms, received_ms, calls, postpaid, pack_no, meter, outcome, draw_count, $1, event_id
       from events where account_id = 'acme'`,
      [account],
    );
  }
}, 120_000);
afterAll(() => open.close());

interface Export {
  readonly status: number;
  readonly retryAfter: string | null;
  readonly body: ReadableStreamDefaultReader<Uint8Array>;
  leave(): void;
}

/** An export that is begun and not read further than its head. */
async function begin(authorization: string, account: string): Promise<Export> {
  const leaving = new AbortController();
  const response = await fetch(`${url}/v1/bills/${account}:2026-01/export?detail=calls`, {
    headers: { authorization },
    signal: leaving.signal,
  });
  const body = (response.body as ReadableStream<Uint8Array>).getReader();
  return {
    status: response.status,
    retryAfter: response.headers.get('retry-after'),
    body,
    leave: () => leaving.abort(),
  };
}

async function readAll({ body }: Export): Promise<number> {
  let lines = 0;
  for (let piece = await body.read(); !piece.done; piece = await body.read()) {
    for (const byte of piece.value) if (byte === 10) lines += 1;
  }
  return lines;
}

test('two at once of one caller, four in all; the next is told when to come again, and comes when one has ended', async () => {
  const [acme, globex, initech] = await Promise.all(['acme', 'globex', 'initech'].map((id) => open.keyOf(id)));
  const begun: Export[] = [];
  for (const [key, account] of [
    [acme, 'acme'],
    [acme, 'acme'],
    [globex, 'globex'],
    [globex, 'globex'],
  ] as const) {
    begun.push(await begin(key!.authorization, account));
  }
  expect(begun.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
  const late = [
    [acme, 'acme'],
    [initech, 'initech'],
  ] as const;
  for (const refused of await Promise.all(late.map(([key, account]) => begin(key!.authorization, account)))) {
    expect(refused.status).toBe(503);
    expect(Number(refused.retryAfter)).toBeGreaterThanOrEqual(1);
  }
  expect(await readAll(begun[0]!)).toBe(calls + 1);
  // A client that leaves gives its place back too.
  begun[1]!.leave();
  const again = async () => {
    const next = await begin(acme!.authorization, 'acme');
    if (next.status === 200) next.leave();
    return next.status;
  };
  await expect.poll(again, { timeout: 10_000 }).toBe(200);
  for (const each of begun) each.leave();
}, 60_000);

test('downloads left lying give their places to whoever waits, and break off instead of ending', async () => {
  const [acme, globex, initech] = await Promise.all(['acme', 'globex', 'initech'].map((id) => open.keyOf(id)));
  const lying: Export[] = [];
  const free = async (authorization: string, account: string) => {
    const next = await begin(authorization, account);
    if (next.status === 200) lying.push(next);
    return next.status;
  };
  for (const [key, account] of [
    [acme, 'acme'],
    [acme, 'acme'],
    [globex, 'globex'],
    [globex, 'globex'],
  ] as const) {
    await expect.poll(() => free(key!.authorization, account), { timeout: 30_000 }).toBe(200);
  }
  // Whoever comes again finds a place, though none of those before reads or leaves.
  let mine: Export | undefined;
  const come = async () => {
    mine = await begin(initech!.authorization, 'initech');
    return mine.status;
  };
  await expect.poll(come, { timeout: 40_000 }).toBe(200);
  expect(await readAll(mine!)).toBe(calls + 1);
  // The one that was cut off sees it: its file does not end as if it were whole.
  const ends = await Promise.allSettled(lying.map(readAll));
  expect(ends.filter(({ status }) => status === 'rejected').length).toBeGreaterThanOrEqual(1);
  for (const end of ends) if (end.status === 'fulfilled') expect(end.value).toBe(calls + 1);
}, 120_000);

test('a reader that stops reading costs no further queries, one that leaves none at all', async () => {
  const { pool } = open.suanpan;
  let pages = 0;
  const original = pool.query.bind(pool);
  pool.query = ((...given: unknown[]) => {
    if (String(given[0]).includes('from events')) pages += 1;
    return Reflect.apply(original, pool, given);
  }) as typeof pool.query;
  try {
    const slow = await begin(`Bearer ${open.operator}`, 'acme');
    expect(slow.status).toBe(200);
    await slow.body.read();
    slow.leave();
    const settled = async () => {
      const before = pages;
      await open.call('GET', '/v1/accounts/acme');
      await open.call('GET', '/v1/accounts/acme');
      return pages === before;
    };
    await expect.poll(settled, { timeout: 10_000 }).toBe(true);
    expect(pages).toBeLessThan(calls / 250);
  } finally {
    pool.query = original as typeof pool.query;
  }
});

test('an export holds the event loop for no longer than any other call', async () => {
  const whole = async () => {
    const file = await begin(`Bearer ${open.operator}`, 'acme');
    expect(await readAll(file)).toBe(calls + 1);
  };
  expect(await standstill(whole)).toBeLessThan(longestStandstill);
}, 60_000);
