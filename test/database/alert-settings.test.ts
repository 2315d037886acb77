// What an account is told otherwise than all others: thresholds that work at the crossing and that verify knows, days, kinds, recipients.

import { execFile } from 'node:child_process';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { repairHeads } from '../../src/verify/repair.ts';
import { verifyLedger } from '../../src/verify/verify.ts';
import { expectSound } from '../faults/agree.ts';
import { basic, type Json, type OpenApp, openAccountWith, openApp } from '../http/open-app.ts';
import { Listener } from '../http/told.ts';

const morning = '2026-01-12T09:00:00+08:00';
const meter = { meter: basic };
const account = 'acme';
let open: OpenApp;
let told: Listener;

beforeAll(async () => {
  open = await openApp(morning);
  told = new Listener(open, morning);
  await openAccountWith(open, account, '100000.00');
});
afterAll(() => open.close());

const set = (settings: Json) => told.sent(open.call('PATCH', `/v1/accounts/${account}/alert-settings`, settings));
const buy = (id: string) =>
  told.sent(open.once('POST', '/v1/packs', { account, product: 'basic_authority', size: 1_000, id }));
let serial = 0;
const draw = (calls: number) => {
  serial += 1;
  return told.use(account, `e${serial}`, calls, told.now(), meter);
};
const lows = async () =>
  (await told.news(account)).map(
    ({ kind, details }) => `${kind} ${details.pack} ${details.percent ?? ''} ${details.left ?? ''}`,
  );

test('what nobody set is as usual; what is left out stays', async () => {
  const usual = { account, packThresholds: [20, 0], daysBefore: [30, 7, 1], off: [], language: 'zh', mail: [] };
  const read = () => open.call('GET', `/v1/accounts/${account}/alert-settings`);
  expect((await read()).json).toEqual(usual);
  const mail = [{ address: 'ops@example.com' }, { address: 'finance@example.com', language: 'zh' }];
  const changed = await set({ language: 'en', mail, daysBefore: [3, 14, 3] });
  const given = [{ address: 'ops@example.com', language: 'en' }, mail[1]];
  expect(changed).toEqual({ ...usual, language: 'en', daysBefore: [14, 3], mail: given });
  expect(await set({ off: ['pack-refunded'] })).toMatchObject({ language: 'en', off: ['pack-refunded'], mail: given });
  expect((await read()).json).toMatchObject({ daysBefore: [14, 3], packThresholds: [20, 0] });
});

test.each([
  [{ packThresholds: [100] }, '/packThresholds/0'],
  [{ daysBefore: [0] }, '/daysBefore/0'],
  [{ off: ['nothing'] }, '/off/0'],
  [{ language: 'fr' }, '/language'],
  [{ mail: [{ address: 'ops@example.com\nBcc: all@example.com' }] }, '/mail/0/address'],
  [{ mail: [{ address: 'nobody' }] }, '/mail/0/address'],
])('%j is refused', async (settings, pointer) => {
  const { status, json } = await open.call('PATCH', `/v1/accounts/${account}/alert-settings`, settings);
  expect(status).toBe(422);
  expect((json.errors as Json[])[0]).toMatchObject({ pointer });
});

test('an account’s key reads its own settings and changes none', async () => {
  const key = await open.keyOf(account);
  const url = `/v1/accounts/${account}/alert-settings`;
  expect((await open.call('GET', url, undefined, key)).status).toBe(200);
  expect((await open.call('PATCH', url, { off: [] }, key)).status).toBe(403);
  expect((await open.call('GET', '/v1/accounts/nobody/alert-settings')).status).toBe(404);
});

test('thresholds of its own are said at the crossing, of several at once the lowest, from the next call on', async () => {
  await buy('p');
  await draw(400);
  await set({ packThresholds: [5, 90, 70, 50] });
  expect(await lows(), 'what lies behind is no crossing').toEqual([]);
  await draw(99);
  expect(await lows()).toEqual([]);
  await draw(1);
  expect(await lows()).toEqual(['pack-low p 50 500']);
  await draw(301);
  expect(await lows(), 'not at a fifth').toEqual([]);
  await draw(160);
  expect(await lows()).toEqual(['pack-low p 5 39']);
  await draw(39);
  expect(await lows(), '0 is none of them').toEqual([]);
  await buy('q');
  await draw(960);
  expect(await lows()).toEqual(['pack-low q 5 40']);
  await expectSound(open.suanpan);
});

test('authorised calls cross at the capture; as usual again is as usual', async () => {
  await buy('r');
  await told.sent(open.call('POST', '/v1/authorizations', { account, id: 'h', ...meter, calls: 540 }));
  await told.sent(open.call('POST', '/v1/authorizations/h/capture', { account }));
  expect(await lows()).toEqual(['pack-low r 50 500']);
  await set({ packThresholds: [20, 0] });
  await draw(250);
  await draw(50);
  expect(await lows()).toEqual(['pack-low r 20 200']);
  await set({ off: ['pack-exhausted'] });
  await draw(200);
  expect(await lows()).toEqual([]);
  await expectSound(open.suanpan);
});

test('verify finds thresholds that were tampered with; a head is made again with its own', async () => {
  const { pool, books, meters, clock } = open.suanpan;
  await set({ packThresholds: [60] });
  const lost = `update account_heads set fixed = (fixed::jsonb - 'thresholds')::text where account_id = '${account}'`;
  await pool.query(lost);
  expect((await verifyLedger(open.suanpan)).clean).toBe(false);
  const { repaired } = await repairHeads({ pool, books, meters, clock });
  expect(repaired).toMatchObject([{ account, changes: [{ field: 'thresholds', before: null, after: '[60]' }] }]);
  await expectSound(open.suanpan);
  await pool.query(
    `update pack_thresholds set percents = 'null' where after_seq = (select min(after_seq) from pack_thresholds)`,
  );
  const { verdicts } = await verifyLedger(open.suanpan);
  expect(verdicts.flatMap(({ first }) => first?.table ?? [])).toEqual(['outbox']);
});

test('a pack’s end is said on days of its own', async () => {
  await buy('s');
  told.at('2026-12-20T09:00:00+08:00');
  const ends = async () => (await told.kinds(account)).filter((kind) => kind !== 'bill-final');
  expect(await ends()).toEqual([]);
  told.at('2026-12-30T09:00:00+08:00');
  expect(await ends()).toEqual(['pack-expires']);
});

interface Ended {
  readonly code: number;
  readonly out: string;
}

test('the command line sets and shows them, several recipients too', async () => {
  const url = await open.app.listen({ port: 0, host: '127.0.0.1' });
  const program = new URL('../../src/cli/main.ts', import.meta.url).pathname;
  const env = { PATH: process.env.PATH ?? '', LANG: 'C', SUANPAN_URL: url, SUANPAN_API_KEY: open.operator };
  const run = (...args: string[]) =>
    new Promise<Ended>((resolve) => {
      execFile(process.execPath, [program, 'alert', ...args], { env }, (error, out) =>
        resolve({ code: error === null ? 0 : Number(error.code), out }),
      );
    });
  await openAccountWith(open, 'told', '0.00');
  const mail = ['--mail', 'ops@example.com', 'boss@example.com:en'];
  const [set, wrong, list] = await Promise.all([
    run('set', 'told', '--pack-thresholds', '50,0', '--off', 'bill-final', ...mail, '--json'),
    run('set', 'told', '--days-before', '7,x'),
    run('list', '--account', 'told', '--json'),
  ]);
  expect(JSON.parse(set.out)).toMatchObject({
    ...{ packThresholds: [50, 0], daysBefore: [30, 7, 1], off: ['bill-final'] },
    mail: [
      { address: 'ops@example.com', language: 'zh' },
      { address: 'boss@example.com', language: 'en' },
    ],
  });
  expect(wrong.code).toBe(2);
  expect(JSON.parse(list.out)).toEqual({ alerts: [], next: null });
  const shown = await run('settings', 'told', '--lang', 'en');
  expect(shown.out).toMatch(/mail to +│ ops@example.com \(zh\), boss@example.com \(en\)/);
});
