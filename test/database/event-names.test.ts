// What an event is called: a CloudEvent by its source and id, apart from every plain id, wherever it is shown or asked for. And what
// nobody can see, or no address can name, is refused at every door.

import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { callsOf } from '../../src/core/units.ts';
import { expectSound } from '../faults/agree.ts';
import { basic, instant, type Json, type OpenApp, openAccountWith, openApp } from '../http/open-app.ts';

const day = '2026-01-12T09:00:00+08:00';
const program = new URL('../../src/cli/main.ts', import.meta.url).pathname;
let open: OpenApp;
let url = '';
let folder = '';

beforeAll(async () => {
  open = await openApp(day);
  url = await open.app.listen({ port: 0, host: '127.0.0.1' });
  folder = mkdtempSync(join(tmpdir(), 'suanpan-names-'));
});
afterEach(() => expectSound(open.suanpan));
afterAll(async () => {
  await open.close();
  rmSync(folder, { recursive: true, force: true });
});

const cli = async (...args: string[]): Promise<Json> => {
  const env = {
    PATH: process.env.PATH ?? '',
    LANG: 'C',
    HOME: folder,
    SUANPAN_URL: url,
    SUANPAN_API_KEY: open.operator,
  };
  const { stdout } = await promisify(execFile)(process.execPath, [program, ...args, '--json'], { env });
  return JSON.parse(stdout) as Json;
};

const plain = (account: string, id: string, more: Json = {}) => ({
  id,
  account,
  meter: basic,
  calls: 5,
  time: day,
  ...more,
});
const cloud = (account: string, source: string, id: string, data: Json = { meter: basic, calls: 5 }) => ({
  specversion: '1.0',
  type: 'call',
  source,
  id,
  subject: account,
  time: day,
  data,
});
const send = (body: object) => open.call('POST', '/v1/events', body);

describe('a CloudEvent and a plain event', () => {
  test('never meet, whatever their ids look like', async () => {
    await openAccountWith(open, 'apart', '0.00');
    const sent = [
      plain('apart', 'svc 1'),
      cloud('apart', 'svc', '1'),
      plain('apart', '1'),
      cloud('apart', 'svc', 'svc 1'),
      cloud('apart', '1', 'svc'),
    ];
    for (const status of ['accepted', 'duplicate']) {
      for (const event of sent) expect((await send(event)).json, JSON.stringify(event)).toMatchObject({ status });
    }
    const other = await send(cloud('apart', 'svc', '1', { meter: basic, calls: 6 }));
    expect(other.json).toMatchObject({ status: 409, code: 'EVENT_CONFLICT' });
    expect(other.json.detail).toContain('1 (source svc)');
    const { json } = await open.call('GET', '/v1/events?account=apart');
    expect((json.events as Json[]).map(({ event, source }) => [event, source])).toEqual([
      ['svc 1', undefined],
      ['1', 'svc'],
      ['1', undefined],
      ['svc 1', 'svc'],
      ['svc', '1'],
    ]);
  });

  test('are voided, reviewed and read by source and id', async () => {
    await openAccountWith(open, 'named', '0.00');
    const held = { action: 'IdCardVerification', resultCode: '99' };
    for (const event of [
      plain('named', 'e'),
      cloud('named', '/a', 'e'),
      cloud('named', '/b', 'e'),
      cloud('named', '/c', 'e', held),
    ]) {
      expect((await send(event)).status).toBe(200);
    }
    const once = { 'idempotency-key': 'void e' };
    const voided = await open.call('POST', '/v1/events/e/void?source=/a', { account: 'named' }, once);
    expect(voided.json).toMatchObject({ event: 'e', source: '/a', voided: day });
    const wrong = await open.call('POST', '/v1/events/e/void?source=/b', { account: 'named' }, once);
    expect(wrong.json).toMatchObject({ code: 'IDEMPOTENCY_KEY_REUSED' });
    const again = await open.call('POST', '/v1/events/e/void?source=/a', { account: 'named' });
    expect(again.json).toMatchObject({ code: 'ALREADY_VOIDED' });
    expect(again.json.detail).toContain('e (source /a)');
    const order = { account: 'named', charge: false };
    expect((await open.call('POST', '/v1/events/e/review?source=/c', order)).json).toMatchObject({
      event: 'e',
      source: '/c',
      outcome: 'not-charged',
    });
    const read = async (query: string) => (await open.call('GET', `/v1/events/e/receipt?account=named${query}`)).json;
    expect(await read('&source=/a')).toMatchObject({ source: '/a', voided: day });
    expect(await read('&source=/b')).not.toHaveProperty('voided');
    expect(await read('')).not.toHaveProperty('source');
    expect(await read('&source=/none')).toMatchObject({ code: 'NOT_FOUND', detail: 'There is no e (source /none).' });
  });

  test('stand apart in exports and on the command line', async () => {
    await openAccountWith(open, 'shown', '0.00');
    for (const event of [plain('shown', 'e'), cloud('shown', '/a', 'e')]) await send(event);
    const csv = await open.call('GET', '/v1/bills/shown:2026-01/export?format=csv&detail=calls');
    const [header = '', ...rows] = csv.text.trim().split('\n');
    expect(header).toMatch(/^seq,time,event,source,meter,/);
    expect(rows.map((row) => row.split(',').slice(2, 4))).toEqual([
      ['e', ''],
      ['e', '/a'],
    ]);
    expect(await cli('receipt', 'e', '--account', 'shown', '--source', '/a')).toMatchObject({
      event: 'e',
      source: '/a',
    });
    expect(await cli('usage', 'void', 'e', '--account', 'shown', '--source', '/a')).toMatchObject({ source: '/a' });
    expect(await cli('receipt', 'e', '--account', 'shown')).not.toHaveProperty('voided');
  });
});

describe('a name that cannot be seen or addressed', () => {
  const unseen = 'a\u200bb';
  const cases: readonly (readonly [string, string, Json, string])[] = [
    ['an event', '/v1/events', plain('doors', unseen), '/id'],
    ['a department', '/v1/events', plain('doors', 'e', { department: unseen }), '/department'],
    ['a meter', '/v1/events', plain('doors', 'e', { meter: unseen }), '/meter'],
    ['a CloudEvent', '/v1/events', cloud('doors', 'svc', unseen), '/id'],
    ['a source', '/v1/events', cloud('doors', unseen, 'e'), '/source'],
    ['a hold', '/v1/authorizations', { account: 'doors', id: unseen, meter: basic }, '/id'],
    ['a pack', '/v1/packs', { account: 'doors', id: unseen, product: 'basic_authority', size: 1000 }, '/id'],
    ['a gift', '/v1/gifts', { account: 'doors', id: unseen, product: 'basic_authority', calls: 5 }, '/id'],
    ['a reference', '/v1/accounts/doors/top-ups', { amount: '1.00', reference: unseen }, '/reference'],
    ['a name', '/v1/accounts', { id: 'doors-2', book: 'faceid-legacy', name: unseen }, '/name'],
  ];
  beforeAll(() => openAccountWith(open, 'doors', '5000.00'));

  test.each(cases)('of %s', async (_, path, body, pointer) => {
    const before = await open.state();
    for (const [language, words] of [
      ['en', 'must not hold U+200B'],
      ['zh', '不能含 U+200B'],
    ] as const) {
      const { json } = await open.once('POST', path, body, { 'accept-language': language });
      expect(json).toMatchObject({ status: 422, code: 'INVALID_INPUT', errors: [{ pointer }] });
      expect(json.detail).toContain(words);
    }
    for (const dots of pointer === '/id' ? ['.', '..'] : []) {
      const { json } = await open.once('POST', path, { ...body, id: dots });
      expect(json).toMatchObject({ status: 422, code: 'INVALID_INPUT', errors: [{ pointer }] });
      expect(json.detail).toContain('no address can name it');
    }
    expect(await open.state()).toBe(before);
  });

  test('or that looks like another one', async () => {
    expect((await send(plain('doors', 'inv-7'))).status).toBe(200);
    expect((await send(plain('doors', 'café'.normalize('NFC')))).status).toBe(200);
    const before = await open.state();
    for (const [id, words] of [
      ['inv-7 ', 'U+0020'],
      [' inv-7', 'U+0020'],
      [' ', 'U+0020'],
      ['inv-7\u00a0', 'U+00A0'],
      ['inv-7\u3000', 'U+3000'],
      ['inv-7\u2800', 'U+2800'],
      ['inv-7\ufffe', 'U+FFFE'],
      ['café'.normalize('NFD'), 'NFC'],
    ] as const) {
      for (const event of [plain('doors', id), cloud('doors', 'svc', id)]) {
        for (const language of ['en', 'zh']) {
          const { json } = await open.call('POST', '/v1/events', event, { 'accept-language': language });
          expect(json, JSON.stringify(id)).toMatchObject({ status: 422, errors: [{ pointer: '/id' }] });
          expect(json.detail).toContain(words);
        }
      }
    }
    expect(await open.state()).toBe(before);
  });

  test('unless it was given before: then it is still read and voided', async () => {
    const id = 'inv-8\u00a0 ';
    const event = { id, meter: basic, calls: callsOf(5), at: instant(day), department: null, facts: null };
    await open.suanpan.ledger.record('doors', [event]);
    const path = `/v1/events/${encodeURIComponent(id)}`;
    expect((await open.call('GET', `${path}/receipt?account=doors`)).json).toMatchObject({ event: id, calls: 5 });
    expect((await open.call('POST', `${path}/void`, { account: 'doors' })).json).toMatchObject({ voided: day });
  });

  test('"." and ".." on the command line', async () => {
    for (const id of ['.', '..']) {
      const failed = await cli('usage', 'void', id, '--account', 'doors').catch((error) => error);
      expect([failed.code, failed.stderr + failed.stdout]).toEqual([
        2,
        expect.stringContaining('no address can name it'),
      ]);
    }
  });

  test('in a path or a query', async () => {
    for (const path of ['/v1/events/a%E2%80%8Bb/receipt?account=doors', '/v1/events/e/receipt?source=a%E2%80%8Bb']) {
      const { json } = await open.call('GET', path);
      expect(json).toMatchObject({ status: 422, code: 'INVALID_INPUT' });
      expect(json.detail).toContain('U+200B');
    }
  });

  test('in a file', async () => {
    const path = join(folder, 'names.ndjson');
    const ids = ['good', unseen, '\u202eevil', '..', '\ufeff', 'good too'];
    writeFileSync(path, ids.map((id) => JSON.stringify(plain('doors', id))).join('\n'));
    const rejects = join(folder, 'rejects.ndjson');
    const failed = await cli('usage', 'import', path, '--rejects', rejects).catch(({ stdout }) => JSON.parse(stdout));
    expect(failed).toMatchObject({ accepted: 2, rejected: 4 });
    const reasons = readFileSync(rejects, 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(reasons.map(({ code, pointer }) => [code, pointer])).toEqual(Array(4).fill(['UNSAFE_TEXT', '/id']));
    expect(reasons.map(({ reason }) => /U\+[0-9A-F]+|"\.\."/.exec(reason.en)?.[0])).toEqual([
      'U+200B',
      'U+202E',
      '".."',
      'U+FEFF',
    ]);
  });
});

test('a receipt lists its draws in the order of drawing, at once and whenever it is read', async () => {
  await openAccountWith(open, 'order', '5000.00');
  for (const id of ['bought', 'bought too']) {
    const order = { account: 'order', id, product: 'basic_authority', size: 1000 };
    expect((await open.once('POST', '/v1/packs', order)).status).toBe(201);
  }
  const gift = { account: 'order', id: 'gift', product: 'basic_authority', calls: 50 };
  expect((await open.once('POST', '/v1/gifts', gift)).status).toBe(201);
  const draws = [
    { pack: 'gift', calls: 50 },
    { pack: 'bought', calls: 1000 },
    { pack: 'bought too', calls: 7 },
  ];
  const { json } = await send(plain('order', 'e', { calls: 1057 }));
  expect(json.receipt).toMatchObject({ draws, postpaid: 0 });
  open.suanpan.ledger.forget('order');
  expect((await send(plain('order', 'e', { calls: 1057 }))).json).toMatchObject({
    status: 'duplicate',
    receipt: { draws },
  });
  expect((await open.call('GET', '/v1/events/e/receipt?account=order')).json).toMatchObject({ draws });
  expect((await open.call('GET', '/v1/events?account=order')).json).toMatchObject({ events: [{ draws }] });
  const { text } = await open.call('GET', '/v1/bills/order:2026-01/export?format=json&detail=calls');
  expect(JSON.parse(text)).toMatchObject({ packs: 'gift:50 bought:1000 bought too:7' });
});
