// The client for other people's programs against the real application, over a line that loses answers: nothing counts twice, nothing is lost.

import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { NotCaptured, Problem, Suanpan, verifyWebhook } from '../../src/client/client.ts';
import { deliver } from '../../src/deliveries/deliver.ts';
import { inTransaction } from '../../src/store/connection/transaction.ts';
import { insertAlerts } from '../../src/store/ledger/alerts.ts';
import { basic, instant, type OpenApp, openAccountWith, openApp, sending } from '../http/open-app.ts';
import { Receiver } from '../http/receiver.ts';
import { WeakLine } from '../http/weak-line.ts';

const start = '2026-01-12T10:00:00+08:00';
let open: OpenApp;
let line: WeakLine;
let url = '';
let apiKey = '';
let operator: Suanpan;
let client: Suanpan;
let accounts = 0;

const clock = () => Number(open.suanpan.clock());
const codeOf = (error: unknown) => (error instanceof Problem ? error.code : error);
const refusalOf = (work: Promise<unknown>) => work.then(() => 'no refusal', codeOf);
const problem = (status: number, code: string, headers = {}) => ({
  ...{ status, headers },
  text: JSON.stringify({ title: code, status, code, detail: code }),
});

beforeAll(async () => {
  open = await openApp(start);
  line = new WeakLine(open);
  url = await line.open();
  operator = new Suanpan({ url, apiKey: open.operator, clock, tryFor: 2_000 });
});
afterAll(async () => {
  await line?.close();
  await open?.close();
});
beforeEach(async () => {
  accounts += 1;
  await openAccountWith(open, `a${accounts}`, '1000.00');
  apiKey = (await open.keyOf(`a${accounts}`)).authorization.replace('Bearer ', '');
  client = new Suanpan({ url: `${url}/`, apiKey, clock, tryFor: 2_000 });
  line.seen.length = 0;
  line.weaknesses.length = 0;
  line.gate = Promise.resolve();
  open.setClock(start);
});
const callsOf = async () => {
  const { lines } = await client.ask('GET /v1/accounts/:id/usage', {
    of: { id: `a${accounts}` },
    query: { month: '2026-01' },
  });
  return lines.reduce((sum, { calls }) => sum + Number(calls), 0);
};
const balanceOf = async () =>
  (await client.ask('GET /v1/accounts/:id/balance', { of: { id: `a${accounts}` } })).balance;

describe('what is tried again', () => {
  test('an event whose answers get lost counts once, with the time of its first try', async () => {
    const now = { 'retry-after': '0' };
    line.weaknesses.push('lost', 'cut', 'deaf', problem(502, 'not ours', now), problem(503, 'OUTCOME_UNKNOWN', now));
    const { status, receipt } = await client.record({ id: 'e/1 ä', meter: basic });
    expect([status, receipt?.postpaid]).toEqual(['duplicate', 1]);
    expect(line.seen.length).toBe(6);
    expect(new Set(line.seen.map(({ body }) => body)).size).toBe(1);
    expect(await callsOf()).toBe(1);
    expect(await client.receipt('e/1 ä')).toMatchObject({ event: 'e/1 ä', outcome: 'charged' });
  });

  test('money moves once, with one key for all tries, and with a key of the caller’s for all attempts', async () => {
    line.weaknesses.push('lost', problem(409, 'IDEMPOTENCY_IN_PROGRESS'));
    const of = { id: `a${accounts}` };
    await operator.ask('POST /v1/accounts/:id/top-ups', { of, body: { amount: '5.00' } });
    expect(new Set(line.seen.map(({ key }) => key)).size).toBe(1);
    for (const _ of [1, 2]) {
      await operator.ask('POST /v1/accounts/:id/top-ups', { of, body: { amount: '7.00' }, key: `k-${accounts}` });
    }
    expect(await balanceOf()).toBe('1012.00');
  });

  test('what has neither id nor key is sent again only where nothing was done', async () => {
    const change = () =>
      operator.ask('PATCH /v1/accounts/:id', { of: { id: `a${accounts}` }, body: { postpaid: false } });
    line.weaknesses.push(problem(503, 'OVERLOADED', { 'retry-after': '0' }), problem(429, 'TOO_MANY_REQUESTS'));
    await change();
    expect(line.seen.length).toBe(3);
    line.weaknesses.push('lost', problem(502, 'not ours'));
    expect(await refusalOf(change())).toBe('UNREACHABLE');
    expect(await refusalOf(change())).toBe('not ours');
    expect(line.seen.length).toBe(5);
  });

  test('refusals and faults of the server are told at once, in the language that is asked for', async () => {
    const chinese = new Suanpan({ url, apiKey, language: 'zh' });
    const refused = await chinese.record({ id: 'x', meter: 'no.such', time: start }).catch((error: unknown) => error);
    expect(refused).toMatchObject({ code: 'UNKNOWN_METER', status: 422 });
    expect((refused as Problem).message).toMatch(/\p{Script=Han}/u);
    line.weaknesses.push(problem(500, 'INTERNAL_ERROR'));
    expect(await refusalOf(client.record({ id: 'y', meter: basic }))).toBe('INTERNAL_ERROR');
    expect(line.seen.length).toBe(2);
  });

  test('a redirect takes the key nowhere; ids that lead elsewhere are refused', async () => {
    const elsewhere = new Receiver();
    const location = `${await elsewhere.open()}/ok`;
    line.weaknesses.push({ status: 307, headers: { location }, text: '' });
    expect(await refusalOf(client.record({ id: 'r', meter: basic }))).toBe('NO_ANSWER');
    expect(elsewhere.got).toEqual([]);
    await elsewhere.close();
    await expect(client.receipt('..')).rejects.toThrow(RangeError);
    await expect(client.receipt('')).rejects.toThrow(RangeError);
    expect(() => new Suanpan({ url: 'ftp://x', apiKey })).toThrow(TypeError);
  });

  test('patience ends, and so does a caller’s', async () => {
    const hasty = new Suanpan({ url: 'http://127.0.0.1:9', apiKey, patience: 300 });
    const began = performance.now();
    expect(await refusalOf(hasty.record({ id: 'p', meter: basic }))).toBe('UNREACHABLE');
    expect(performance.now() - began).toBeLessThan(2_000);
    // Longer than our patience: its answer is not waited for, and says how long.
    line.weaknesses.push(problem(503, 'OVERLOADED', { 'retry-after': '3600' }));
    expect(await refusalOf(client.record({ id: 'q', meter: basic }))).toBe('OVERLOADED');
    const stop = new AbortController();
    line.weaknesses.push(problem(503, 'STOPPING', { 'retry-after': '20' }));
    const asked = client.ask('GET /v1/me', { signal: stop.signal });
    while (line.weaknesses.length > 0) await new Promise((done) => setImmediate(done));
    stop.abort(new Error('enough'));
    await expect(asked).rejects.toThrow('enough');
  });
});

describe('many events', () => {
  test('go together, each once whatever gets lost, each with its own answer', async () => {
    const queue = client.queue({ together: 300 });
    line.weaknesses.push('lost', 'cut', problem(503, 'OVERLOADED', { 'retry-after': '0' }));
    const results: Promise<{ readonly status: string }>[] = [];
    for (let at = 0; at < 1_200; at += 1) {
      const meter = at === 700 ? 'no.such' : basic;
      results.push((await queue.put({ id: `q-${at}`, meter, department: '部门' })).result);
    }
    await queue.close();
    const statuses = (await Promise.all(results)).map(({ status }) => status);
    expect(statuses[700]).toBe('rejected');
    expect(statuses.filter((status) => status === 'accepted' || status === 'duplicate').length).toBe(1_199);
    expect(await callsOf()).toBe(1_199);
    expect(line.seen.length).toBeLessThan(20);
    expect(await refusalOf(queue.put({ id: 'late', meter: basic }))).toBe('QUEUE_CLOSED');
  });

  test('no more are taken than there is room for, and those who wait go in order', async () => {
    let openGate = (): void => undefined;
    line.gate = new Promise((resolve) => {
      openGate = resolve;
    });
    const queue = client.queue({ together: 10, most: 50 });
    const taken: number[] = [];
    const puts = Array.from({ length: 200 }, (_, at) =>
      queue.put({ id: `b-${at}`, meter: basic }).then(() => taken.push(at)),
    );
    while (line.seen.length < 2) await new Promise((done) => setImmediate(done));
    expect([taken.length, queue.size]).toEqual([50, 50]);
    openGate();
    await Promise.all(puts);
    await queue.flush();
    expect(taken).toEqual(Array.from({ length: 200 }, (_, at) => at));
    expect(queue.size).toBe(0);
    expect(await callsOf()).toBe(200);
  });

  test('what could not be brought to the server is said to whoever put it, and at the flush', async () => {
    const queue = new Suanpan({ url: 'http://127.0.0.1:9', apiKey, patience: 0 }).queue();
    const { result } = await queue.put({ id: 'n', meter: basic, time: start });
    expect(await refusalOf(result)).toBe('UNREACHABLE');
    await queue.put({ id: 'm', meter: basic, time: start });
    expect(await refusalOf(queue.flush())).toBe('UNREACHABLE');
    await queue.flush();
  });
});

describe('around a call', () => {
  const facts = { action: 'LivenessRecognition', resultCode: 'Success', channel: 'basic', library: 'authority' };

  test('asked before it, recorded after it, once, whatever gets lost', async () => {
    line.weaknesses.push('lost');
    const { value, receipt } = await client.around({ id: 'c', meter: basic }, async ({ payer }) => {
      line.weaknesses.push('lost');
      return payer;
    });
    expect([value, receipt?.postpaid]).toEqual(['postpaid', 1]);
    expect(await callsOf()).toBe(1);
    // The same call of the same customer at the same time: one is charged.
    await Promise.all([1, 2].map(() => client.around({ id: 'd', meter: basic }, async () => 1)));
    expect(await callsOf()).toBe(2);
    expect(await refusalOf(client.around({ id: 'd', meter: basic }, async () => 1))).toBe('HOLD_ENDED');
  });

  test('not made where it is refused, not paid where it failed or does not count', async () => {
    let made = 0;
    const work = async () => {
      made += 1;
      throw new Error('upstream is away');
    };
    await expect(client.around({ id: 'f', meter: basic }, work)).rejects.toThrow('upstream');
    await client.around({ id: 'g', meter: basic }, async () => 1, { outcome: () => 'release' });
    expect(await callsOf()).toBe(0);
    await expect(client.around({ id: 'h', meter: basic }, work, { failed: () => 'keep' })).rejects.toThrow('upstream');
    await expect(client.around({ id: 'i', meter: basic }, work, { failed: () => ({}) })).rejects.toThrow('upstream');
    expect(await callsOf()).toBe(1);
    expect(await refusalOf(client.ask('POST /v1/authorizations/:id/capture', { of: { id: 'f' }, body: {} }))).toBe(
      'HOLD_ENDED',
    );
    expect((await client.capture('h')).status).toBe('accepted');
    await operator.ask('PATCH /v1/accounts/:id', { of: { id: `a${accounts}` }, body: { postpaid: false } });
    expect(await refusalOf(client.around({ meter: basic }, work))).toBe('POSTPAID_OFF');
    expect(made).toBe(3);
  });

  test('the result decides what is charged; an operator names the account', async () => {
    const account = `a${accounts}`;
    const outcomes = ['Success', 'FailedOperation.UnKnown'].map(async (resultCode) => {
      const went = { outcome: () => ({ ...facts, resultCode }) };
      return (await operator.around({ account, meter: basic }, async () => 1, went)).receipt?.outcome;
    });
    expect(await Promise.all(outcomes)).toEqual(['charged', 'not-charged']);
  });

  test.each([undefined, facts])('a call that took longer than its hold is recorded all the same', async (went) => {
    const { receipt } = await client.around(
      { id: 'slow', meter: basic, seconds: 5, calls: 2 },
      async () => open.setClock('2026-01-12T10:00:06+08:00'),
      went === undefined ? {} : { outcome: () => went },
    );
    expect(receipt).toMatchObject({ event: 'slow', outcome: 'charged', calls: 2 });
    expect(await callsOf()).toBe(2);
  });

  test('what was made and could not be recorded is not lost', async () => {
    const hasty = new Suanpan({ url, apiKey, patience: 0, clock });
    const work = async () => {
      line.weaknesses.push('deaf');
      return 'the answer';
    };
    const lost = await hasty.around({ id: 'l', meter: basic }, work).catch((error: unknown) => error);
    expect(lost).toBeInstanceOf(NotCaptured);
    const { id, value, outcome, cause } = lost as NotCaptured<string>;
    expect([id, value, outcome, codeOf(cause)]).toEqual(['l', 'the answer', {}, 'UNREACHABLE']);
    expect((await client.capture(id, outcome)).status).toBe('accepted');
  });
});

describe('every operation', () => {
  test('what is the same twice is tried again without a key: events by their ids, a month that is closed', async () => {
    const account = `a${accounts}`;
    const events = [1, 2].map((at) => ({ id: `e-${at}`, account, meter: basic, time: start }));
    line.weaknesses.push('lost');
    const recorded = await operator.ask('POST /v1/events', { body: events });
    expect('results' in recorded && recorded.results.map(({ status }) => status)).toEqual(['duplicate', 'duplicate']);
    open.setClock('2026-02-04T10:00:00+08:00');
    line.weaknesses.push('lost', 'cut');
    const closing = { month: '2026-01', account };
    expect(await operator.ask('POST /v1/bills/close', { body: closing })).toMatchObject({ state: 'final' });
    expect(line.seen.length).toBe(5);
    const { bills } = await client.ask('GET /v1/bills', { query: { account } });
    expect(bills.map(({ month }) => month)).toEqual(['2026-01']);
    expect(await refusalOf(client.ask('POST /v1/packs/:id/freeze', { of: { id: 'p' }, body: {} }))).toBe(
      'NOT_FREEZABLE',
    );
  });

  test('a file: tried again until it begins, and what it then is, is the caller’s to read', async () => {
    await client.record({ id: 'f-1', meter: basic });
    line.weaknesses.push('lost', problem(503, 'OVERLOADED', { 'retry-after': '0' }));
    const of = { id: `a${accounts}` };
    const file = await client.file('GET /v1/accounts/:id/export', { of, query: { list: 'calls' } });
    expect(file.headers.get('content-type')).toContain('text/csv');
    expect(await file.text()).toContain('f-1');
    expect(await refusalOf(client.file('GET /v1/exports/:id/file', { of: { id: 'none' } }))).toBe('NOT_FOUND');
    const slow = operator.file('GET /metrics', { tryFor: 200 });
    expect(await (await slow).text()).toContain('suanpan_');
  });

  test('calls beyond 2^53 arrive exactly', async () => {
    line.weaknesses.push({ status: 200, text: '{"lines":[{"calls":9007199254740993}]}' });
    const { lines } = await client.ask('GET /v1/accounts/:id/usage', { of: { id: `a${accounts}` } });
    expect(lines).toEqual([{ calls: 9007199254740993n }]);
  });

  test('one try may take longer than others', async () => {
    const hasty = new Suanpan({ url, apiKey, tryFor: 50, patience: 0 });
    line.gate = new Promise((resolve) => setTimeout(resolve, 300));
    expect(await refusalOf(hasty.ask('GET /v1/me'))).toBe('UNREACHABLE');
    expect((await hasty.ask('GET /v1/me', { tryFor: 5_000 })).account).toBe(`a${accounts}`);
  });
});

test('a webhook’s delivery is checked: signature, age, body', async () => {
  const receiver = new Receiver();
  const { secret } = await operator.ask('POST /v1/webhooks', { body: { url: `${await receiver.open()}/ok` } });
  await inTransaction(open.suanpan.pool, (tx) =>
    insertAlerts(tx, [
      { account: `a${accounts}`, kind: 'pack-exhausted', at: instant(start), details: { pack: 'p' }, once: 'x' },
    ]),
  );
  await deliver(open.suanpan, sending, new AbortController().signal);
  const [got] = receiver.got;
  await receiver.close();
  const { body = '', headers = {} } = got ?? {};
  const delivery = verifyWebhook(secret, body, headers);
  expect(delivery).toMatchObject({ type: 'pack-exhausted', data: { account: `a${accounts}` } });
  expect(verifyWebhook(secret, new TextEncoder().encode(body), new Headers(headers))).toEqual(delivery);
  expect(() => verifyWebhook(secret, body.replace('pack', 'pock'), headers)).toThrow();
  expect(() => verifyWebhook(secret, body, { ...headers, 'webhook-timestamp': '1' })).toThrow();
  expect(() => verifyWebhook(secret, body, {})).toThrow();
});

test('what is asked for and answered has the types of the contract', () => {
  const asking = async () => {
    // @ts-expect-error: there is no such operation
    await client.ask('GET /v1/nothing');
    // @ts-expect-error: calls are a number
    await client.record({ id: 'x', meter: basic, calls: 'many' });
    // @ts-expect-error: another name in the path
    await client.ask('GET /v1/accounts/:id/balance', { of: { account: 'acme' } });
    // @ts-expect-error: no such field
    return (await client.ask('GET /v1/me')).nothing;
  };
  expect(asking).toBeTypeOf('function');
});
