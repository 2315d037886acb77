// A stranger's attack on the client: poisoned queues, a server that goes and comes back, a process that is killed, odd clocks and headers.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { Problem, Suanpan, verifyWebhook } from '../../src/client/client.ts';
import { basic, type OpenApp, openAccountWith, openApp } from '../http/open-app.ts';
import { WeakLine } from '../http/weak-line.ts';

const start = '2026-01-12T10:00:00+08:00';
let open: OpenApp;
let line: WeakLine;
let url = '';
let apiKey = '';
let client: Suanpan;
let accounts = 0;

beforeAll(async () => {
  open = await openApp(start);
  line = new WeakLine(open);
  url = await line.open();
});
afterAll(async () => {
  await line.close();
  await open.close();
});
beforeEach(async () => {
  accounts += 1;
  await openAccountWith(open, `a${accounts}`, '1000.00');
  apiKey = (await open.keyOf(`a${accounts}`)).authorization.replace('Bearer ', '');
  client = new Suanpan({ url, apiKey, clock: () => Number(open.suanpan.clock()), tryFor: 2_000 });
  line.seen.length = 0;
});
const codeOf = (error: unknown) => (error instanceof Problem ? error.code : error);
const counted = async () =>
  (
    await client.ask('GET /v1/accounts/:id/usage', { of: { id: `a${accounts}` }, query: { month: '2026-01' } })
  ).lines.reduce((sum, { calls }) => sum + Number(calls), 0);

describe('a queue', () => {
  test('one event that no request may carry spoils none of the others', async () => {
    const queue = client.queue();
    const results: Promise<unknown>[] = [];
    for (let at = 0; at < 300; at += 1) {
      const event = { id: `p-${at}`, meter: basic, ...(at === 123 ? { department: 'x'.repeat(70_000) } : {}) };
      const { result } = await queue.put(event);
      results.push(result.then(({ status }) => status, codeOf));
    }
    const flushed = await queue.close().then(() => 'all', codeOf);
    const outcomes = await Promise.all(results);
    expect(outcomes[123]).toBe('TOO_LARGE');
    expect(outcomes.filter((each) => each === 'accepted').length).toBe(299);
    expect(flushed).toBe('TOO_LARGE');
    expect(await counted()).toBe(299);
  });

  test('a proxy that takes less than the server: what is too much for it goes in halves', async () => {
    const small = new Suanpan({
      ...{ url, apiKey, clock: () => Number(open.suanpan.clock()) },
      fetch: (to, init) =>
        String(init?.body).length > 2_000
          ? Promise.resolve(new Response('<h1>413 Request Entity Too Large</h1>', { status: 413 }))
          : fetch(to, init),
    });
    const queue = small.queue();
    for (let at = 0; at < 100; at += 1) await queue.put({ id: `s-${at}`, meter: basic });
    await queue.close();
    expect(await counted()).toBe(100);
  });

  test('a server that is away, and comes back: nothing is lost, nothing counts twice', async () => {
    const { port } = new URL(url);
    const queue = client.queue({ together: 10, most: 30, lanes: 3 });
    let put = 0;
    const puts = (async () => {
      for (; put < 200; put += 1) await queue.put({ id: `g-${put}`, meter: basic });
    })();
    await expect.poll(() => put).toBeGreaterThan(60);
    await line.close();
    line = new WeakLine(open);
    const stood = put;
    await new Promise((resolve) => setTimeout(resolve, 150));
    // Whoever puts waits with it.
    expect(put - stood).toBeLessThanOrEqual(30);
    expect(await line.open(Number(port))).toBe(url);
    await puts;
    await queue.close();
    expect(await counted()).toBe(200);
  });

  test('a process that is killed at its work: started again, it sends the same, and each counts once', async () => {
    const words = [fileURLToPath(new URL('../client/killed.ts', import.meta.url)), url, apiKey, basic, '400'];
    // From the sixth request on no answer arrives: it cannot come to its end.
    line.weaknesses.push(...Array(5).fill(undefined), ...Array(1_000).fill('lost'));
    const first = spawn(process.execPath, words, { stdio: ['ignore', 'pipe', 'inherit'] });
    let said = '';
    first.stdout.on('data', (part) => {
      said += part;
    });
    await expect.poll(() => line.seen.length, { timeout: 15_000 }).toBeGreaterThan(8);
    first.kill('SIGKILL');
    await once(first, 'close');
    line.weaknesses.length = 0;
    expect(first.signalCode).toBe('SIGKILL');
    const known = await counted();
    expect(known).toBeLessThan(400);
    const second = spawn(process.execPath, words, { stdio: ['ignore', 'pipe', 'inherit'] });
    let answers = '';
    second.stdout.on('data', (part) => {
      answers += part;
    });
    const [code] = await once(second, 'close');
    expect(code).toBe(0);
    expect(answers.match(/duplicate/g)).toHaveLength(known);
    expect(said.split('\n').length - 1).toBeLessThanOrEqual(known);
    expect(answers.trim().split('\n')).toHaveLength(400);
    expect(await counted()).toBe(400);
  });

  test('with no room, no lane or nothing together it is refused, as it would wait for ever', () => {
    for (const wrong of [{ most: 0 }, { lanes: 0 }, { together: 0 }, { together: -1 }, { most: Number.NaN }]) {
      expect(() => client.queue(wrong), JSON.stringify(wrong)).toThrow(RangeError);
    }
  });
});

test('an id or a time that is undefined is one that is not given: tries are of one hold, and of one event', async () => {
  const unsaid = { id: undefined, time: undefined } as unknown as { readonly time: string };
  line.weaknesses.push('lost', 'lost');
  await client.authorize({ ...unsaid, meter: basic } as Parameters<typeof client.authorize>[0]);
  const { rows } = await open.suanpan.pool.query('select count(*)::int as n from holds where account_id = $1', [
    `a${accounts}`,
  ]);
  expect(rows).toEqual([{ n: 1 }]);
  expect((await client.record({ ...unsaid, id: 'u', meter: basic })).status).toBe('accepted');
  const queue = client.queue();
  await queue.put({ ...unsaid, id: 'v', meter: basic });
  await queue.close();
});

test.each([
  'http://user:secret@127.0.0.1',
  'http://127.0.0.1/?a=b',
  'http://127.0.0.1/#x',
  'ws://127.0.0.1',
  'nonsense',
])('%s is no address: said at once, and without what is secret in it', (wrong) => {
  expect(() => new Suanpan({ url: wrong, apiKey })).toThrow(TypeError);
  if (wrong.includes('secret')) expect(() => new Suanpan({ url: wrong })).not.toThrow(/secret/);
});

describe('a webhook', () => {
  const secret = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
  const body = '{"type":"pack-exhausted","timestamp":"2026-01-12T02:00:00Z","data":{}}';
  const sign = (id: string, at: number, text = body) => new Webhook(secret).sign(id, new Date(at), text);
  const headersAt = (at: number, text = body) => ({
    'webhook-id': 'msg_1',
    'webhook-timestamp': String(Math.floor(at / 1_000)),
    'webhook-signature': sign('msg_1', at, text),
  });
  const verify = (headers: Parameters<typeof verifyWebhook>[2], text: string | Uint8Array = body) => {
    try {
      return verifyWebhook(secret, text, headers).type;
    } catch (error) {
      return error instanceof Error ? 'refused' : error;
    }
  };
  const minute = 60_000;

  test.each([
    ['a clock four minutes slow', -4 * minute, 'pack-exhausted'],
    ['a clock four minutes fast', 4 * minute, 'pack-exhausted'],
    ['six minutes old', -6 * minute, 'refused'],
    ['six minutes ahead', 6 * minute, 'refused'],
    ['of 1970', -Date.now() + 1_000, 'refused'],
  ])('%s', (_, offset, expected) => {
    expect(verify(headersAt(Date.now() + offset))).toBe(expected);
  });

  test('headers as frameworks give them, in any case; a list of signatures; nothing of what is none', () => {
    const good = headersAt(Date.now());
    const signature = good['webhook-signature'];
    const over = (changed: Record<string, string | string[] | undefined>) => verify({ ...good, ...changed });
    expect(verify(new Headers(good))).toBe('pack-exhausted');
    expect(verify(Object.fromEntries(Object.entries(good).map(([name, value]) => [name.toUpperCase(), value])))).toBe(
      'pack-exhausted',
    );
    expect(over({ 'webhook-signature': `v2,AAAA v1,${'A'.repeat(44)} ${signature}` })).toBe('pack-exhausted');
    for (const wrong of [
      { 'webhook-signature': signature.replace('v1,', 'v2,') },
      { 'webhook-signature': signature.slice(0, -2) },
      { 'webhook-signature': '' },
      { 'webhook-signature': undefined },
      { 'webhook-signature': 'v1,' },
      { 'webhook-id': 'msg_2' },
      { 'webhook-id': [] },
      { 'webhook-timestamp': '' },
      { 'webhook-timestamp': 'NaN' },
      { 'webhook-timestamp': 'Infinity' },
      { 'webhook-timestamp': `-${good['webhook-timestamp']}` },
      { 'webhook-timestamp': String(Number(good['webhook-timestamp']) + 1) },
      { 'webhook-timestamp': String(Date.now()) },
    ]) {
      expect(over(wrong), JSON.stringify(wrong)).toBe('refused');
    }
  });

  test('the body as it arrived, byte by byte; signed nonsense is none either', () => {
    const good = headersAt(Date.now());
    expect(verify(good, `${body} `)).toBe('refused');
    expect(verify(good, new Uint8Array([0xff, ...new TextEncoder().encode(body)]))).toBe('refused');
    expect(verify(headersAt(Date.now(), ''), '')).toBe('refused');
    expect(verify(headersAt(Date.now(), '{'), '{')).toBe('refused');
    for (const text of ['null', '7', '[]', '{}', '{"type":7}']) {
      expect(verify(headersAt(Date.now(), text), text), text).toBe('refused');
    }
  });
});
