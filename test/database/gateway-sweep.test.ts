// The provider's own list of a day against the ledger: what nobody fetched is metered once, whatever dies and however often it is read.

import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { GatewayParts } from '../../src/gateway/flow.ts';
import { LedgerClient } from '../../src/gateway/ledger.ts';
import { readMap } from '../../src/gateway/map.ts';
import { lastWholeDay, sweep } from '../../src/gateway/sweep.ts';
import { Sweeper } from '../../src/gateway/sweeper.ts';
import { openUpstream } from '../../src/gateway/upstream.ts';
import { expectSound } from '../faults/agree.ts';
import { type Act, openLedger, openProvider, operator, type Provider, result } from '../gateway/world.ts';
import type { Json, OpenApp } from '../http/open-app.ts';

const dayLength = 86_400_000;
let open: OpenApp;
let provider: Provider;
let url: string;
let parts: GatewayParts;
/** The last days of which the list is whole, the latest first. */
let days: readonly string[];
/** By day, the list's pages. */
const lists = new Map<string, Json[][]>();

beforeAll(async () => {
  ({ open, url } = await openLedger());
  provider = await openProvider();
  parts = partsOn(url);
  const last = Date.parse(lastWholeDay(parts));
  days = Array.from({ length: 9 }, (_, back) => new Date(last - back * dayLength).toISOString().slice(0, 10));
  for (const id of ['acme', 'globex', 'shut']) await open.call('POST', '/v1/accounts', { id, book: 'faceid-legacy' });
  await open.call('PATCH', '/v1/accounts/shut', { suspended: true });
});
afterAll(async () => {
  await provider.close();
  await open.close();
});
beforeEach(() => {
  provider.seen.length = 0;
  provider.answer = (action, body) => page(action, body);
});

const partsOn = (address: string): GatewayParts => ({
  map: readMap(undefined),
  ledger: new LedgerClient({ url: address, key: open.operator }),
  upstream: openUpstream({ url: new URL(provider.url), service: 'faceid', ...operator, patience: 2_000 }),
  clock: Date.now,
});

function page(action: string, body: string): Act {
  if (action !== 'GetWeChatBillDetails') return result({});
  const { Date: day, Cursor: cursor } = JSON.parse(body) as { Date: string; Cursor: number };
  const pages = lists.get(day) ?? [[]];
  const HasNextPage = cursor + 1 < pages.length;
  return result({ HasNextPage, NextCursor: cursor + 1, WeChatBillDetails: pages[cursor] });
}

const noonOf = (day = ''): number => Date.parse(`${day}T12:00:00+08:00`);
const attempt = (day: string | undefined, Seq: string | null, ErrorCode: string, IsNeedCharge: boolean): Json => ({
  ...{ ReqTime: String(noonOf(day)), Seq, Idcard: '110***', Name: '张*', ErrorCode, IsNeedCharge },
});
const flowOf = (BizToken: string, ...ChargeDetails: Json[]): Json => ({ BizToken, RuleId: '1', ChargeDetails });
const begun = (token: string, account: string) =>
  parts.ledger.keepToken({
    token,
    account,
    action: 'GetDetectInfoEnhanced',
    channel: 'wechat_h5',
    library: 'authority',
  });
const sent = (account: string, id: string, day: string | undefined, resultCode: string) =>
  open.call('POST', '/v1/events', {
    ...{ account, id, time: new Date(noonOf(day)).toISOString(), action: 'GetDetectInfoEnhanced', resultCode },
    ...{ channel: 'wechat_h5', library: 'authority' },
  });
const eventsOf = async (account: string, prefix: string): Promise<unknown[]> => {
  const { json } = await open.call('GET', `/v1/events?account=${account}&limit=200`);
  const events = (json.events as Json[]).filter(({ event }) => String(event).startsWith(prefix));
  return events.map(({ event, time, outcome }) => [event, Date.parse(String(time)), outcome]);
};
const findingsOf = async (day: string | undefined): Promise<unknown[]> => {
  const { json } = await open.call('GET', `/v1/sweeps/${day}/findings`);
  return (json.findings as Json[]).map(({ token, attempt: seq, why, account }) => [token, seq, why, account]);
};
const asked = (): unknown[] => provider.seen.map(({ body }) => (JSON.parse(body) as Json).Cursor);
const inOneGo = { waits: [0] };

test('two pages: what nobody fetched is metered at its own time, what was is not, what disagrees is held, the rest is listed', async () => {
  const [day] = days;
  for (const token of ['A', 'B', 'D']) await begun(token, 'acme');
  await begun('C', 'shut');
  await sent('acme', 'A:1', day, '0');
  await sent('acme', 'A:2', day, '2006');
  await sent('acme', 'A:3', day, '0');
  await sent('acme', 'old:1', day, '0');
  lists.set(day ?? '', [
    [
      flowOf('A', attempt(day, '1', '0', true), attempt(day, '2', '0', true), attempt(day, '3', '0', false)),
      flowOf('B', attempt(day, '1', '0', true), attempt(day, '2', '1001', false), attempt(day, null, '1', false)),
      flowOf('C', attempt(day, '1', '2016', true)),
    ],
    [
      flowOf('D', attempt(day, '1', '2007', true), attempt(day, null, '0', true)),
      flowOf('elsewhere', attempt(day, '1', '0', true)),
      flowOf('old', attempt(day, '1', '0', true)),
    ],
  ]);
  const end = await sweep(parts, { ...inOneGo, day: day ?? '' });
  expect(end).toMatchObject({
    kind: 'whole',
    swept: { day, pages: 2, attempts: 11, metered: 3, held: 1, findings: 4 },
  });
  expect(asked()).toEqual([0, 1]);
  const noon = noonOf(day);
  expect(await eventsOf('acme', 'B')).toEqual([
    ['B:1', noon, 'charged'],
    ['B:2', noon, 'not-charged'],
  ]);
  expect(await eventsOf('shut', 'C')).toEqual([['C:1', noon, 'charged']]);
  expect(await eventsOf('acme', 'D')).toEqual([['D:1', noon, 'held']]);
  expect(await findingsOf(day)).toEqual([
    ['A', '2', 'OTHER_RESULT', 'acme'],
    ['A', '3', 'OTHER_CHARGE', 'acme'],
    ['D', '', 'NO_NUMBER', 'acme'],
    ['elsewhere', '1', 'UNKNOWN_TOKEN', null],
  ]);
});

test('the same day again: nothing twice; what is known by now is found, and leaves the list', async () => {
  const [day] = days;
  const again = () => sweep(parts, { ...inOneGo, day: day ?? '' });
  expect(await again()).toMatchObject({ kind: 'whole', swept: { metered: 0, held: 0, findings: 4 } });
  await begun('elsewhere', 'globex');
  await open.call('POST', '/v1/reviews', { account: 'acme', charge: false });
  expect(await again()).toMatchObject({ kind: 'whole', swept: { metered: 1, held: 0, findings: 3 } });
  expect(await eventsOf('globex', '')).toHaveLength(1);
  const { json } = await open.call('GET', '/v1/sweeps');
  expect(json.sweeps).toMatchObject([{ day, metered: 1, findings: 3, ended: expect.any(String) }]);
  expect((await open.call('GET', '/v1/sweeps/2020-01-01/findings')).status).toBe(404);
});

test('kill -9 in the middle: it goes on where it was, and each attempt counts once', async () => {
  const [, day] = days;
  await begun('K', 'acme');
  const pages = Array.from({ length: 3 }, (_, no) => [flowOf('K', attempt(day, String(no), '0', true))]);
  lists.set(day ?? '', pages);
  const child = run(['--day', day ?? '']);
  provider.answer = (action, body) => {
    if ((JSON.parse(body) as Json).Cursor !== 1) return page(action, body);
    child.kill('SIGKILL');
    return 'silent';
  };
  expect((await ended(child)).signal).toBe('SIGKILL');
  expect(await eventsOf('acme', 'K')).toHaveLength(1);
  provider.answer = (action, body) => page(action, body);
  expect(await sweep(parts, inOneGo)).toMatchObject({ kind: 'whole', swept: { day, pages: 3, metered: 3 } });
  expect(asked()).toEqual([0, 1, 1, 2]);
  expect(await eventsOf('acme', 'K')).toHaveLength(3);
});

test('more counted as charged than listed: found, and never silently let go', async () => {
  const day = days[7] ?? '';
  await begun('flow-short', 'acme');
  const short = { ...flowOf('flow-short', attempt(day, '1', '0', true)), ChargeCount: 3 };
  const bare = { BizToken: 'flow-bare', RuleId: '1', ChargeCount: 1, ChargeDetails: null };
  const right = { ...flowOf('flow-right', attempt(day, null, '0', false)), ChargeCount: 0 };
  lists.set(day, [[short, bare, right]]);
  expect(await sweep(parts, { day })).toMatchObject({ kind: 'whole', swept: { metered: 1, findings: 2 } });
  const { json } = await open.call('GET', `/v1/sweeps/${day}/findings`);
  expect((json.findings as Json[]).map(({ token, why, account }) => [token, why, account])).toEqual([
    ['flow-bare', 'NO_NUMBER', null],
    ['flow-short', 'NO_NUMBER', 'acme'],
  ]);
});

test('a day of which the list is not whole yet is refused; it is from six the next morning on', async () => {
  const at = (time: string) => lastWholeDay({ ...parts, clock: () => Date.parse(time) });
  expect(at('2026-01-07T05:59:59+08:00')).toBe('2026-01-05');
  expect(at('2026-01-07T06:00:00+08:00')).toBe('2026-01-06');
  const today = new Date(Date.parse(days[0] ?? '') + dayLength).toISOString().slice(0, 10);
  const { code, text } = await ended(run(['--day', today]));
  expect([code, text]).toEqual([4, expect.stringContaining(`the last that is: ${days[0]}`)]);
  expect(provider.seen).toEqual([]);
});

test('two gateways at once, a page of 250 attempts among three: each attempt once', async () => {
  const [, , day] = days;
  await begun('M', 'acme');
  const many = (from: number) => Array.from({ length: 250 }, (_, no) => attempt(day, String(from + no), '0', true));
  lists.set(day ?? '', [
    [flowOf('M', attempt(day, 'x', '0', true))],
    [flowOf('M', ...many(0))],
    [flowOf('M', ...many(100))],
  ]);
  const other = partsOn(url);
  const both = await Promise.all([parts, other].map((each) => sweep(each, { ...inOneGo, day: day ?? '' })));
  for (const end of both) expect(end).toMatchObject({ kind: 'whole', swept: { day, findings: 0, pages: 3 } });
  const { rows } = await open.suanpan.pool.query(`select count(*)::integer as n from events where event_id like 'M:%'`);
  expect(rows).toEqual([{ n: 351 }]);
  await expectSound(open.suanpan);
});

test.each([
  ['an error', result({ Error: { Code: 'RequestLimitExceeded', Message: 'm' } }), 'RequestLimitExceeded'],
  ['silence', 'hang up', 'PROVIDER_AWAY'],
  ['a list that leads back', result({ HasNextPage: true, NextCursor: 0, WeChatBillDetails: [] }), 'NO_NEXT_PAGE'],
  ['no word of another page', result({ WeChatBillDetails: [] }), 'NO_LIST'],
  ['no list', result({}), 'NO_LIST'],
] as const)('%s in place of a page: asked again, then left for another time', async (_what, act, why) => {
  const [, , , day] = days;
  const waits = [0, 1];
  provider.answer = () => act;
  expect(await sweep(parts, { waits, day: day ?? '' })).toEqual({ kind: 'left', day, why });
  expect(asked()).toEqual([0, 0]);
  let times = 0;
  provider.answer = (action, body) => {
    times += 1;
    return times === 1 ? act : page(action, body);
  };
  expect(await sweep(parts, { waits, day: day ?? '' })).toMatchObject({ kind: 'whole', swept: { day, cursor: 0 } });
});

test('the ledger away, and no time left: nothing is lost, it is left for another time', async () => {
  const away = partsOn('http://127.0.0.1:1');
  away.ledger.takeSweep = async () => ({ kind: 'away' });
  expect(await sweep(away, inOneGo)).toMatchObject({ kind: 'left', why: 'LEDGER_AWAY' });
  expect(await sweep(parts, { ...inOneGo, day: days[4] ?? '', within: -1 })).toMatchObject({ why: 'OUT_OF_TIME' });
  expect(await sweep(parts, { ...inOneGo, stop: AbortSignal.abort() })).toMatchObject({ day: days[4] });
  expect(provider.seen).toEqual([]);
});

test('by itself: what was left, then each day since the first flow, that cannot be read keeping no other waiting', async () => {
  const [, , , , , unreadable, first] = days;
  open.setClock(new Date(noonOf(first)).toISOString());
  await begun('first', 'acme');
  open.setClock(new Date().toISOString());
  lists.set(first ?? '', [[flowOf('first', attempt(first, '1', '0', true))]]);
  provider.answer = (action, body) => (JSON.parse(body).Date === unreadable ? 'hang up' : page(action, body));
  const told: unknown[] = [];
  const sweeper = new Sweeper(
    parts,
    (end) => told.push(end.kind === 'whole' ? end.swept.day : `${end.day} ${end.why}`),
    inOneGo,
  );
  sweeper.start();
  await expect.poll(() => told.length).toBeGreaterThanOrEqual(3);
  await sweeper.stop();
  expect(told).toEqual([first, `${unreadable} PROVIDER_AWAY`, days[4]]);
  expect(sweeper.text).toContain('suanpan_gateway_sweeps_total{how="whole"} 2\n');
  expect(sweeper.text).toContain('suanpan_gateway_sweeps_total{how="left"} 1\n');
  expect(sweeper.text).toContain('suanpan_gateway_swept_attempts_total{how="metered"} 1\n');
  expect(await eventsOf('acme', 'first')).toHaveLength(1);
  await expectSound(open.suanpan);
});

test('an account’s own key neither sees nor sweeps; a flow never changes hands', async () => {
  const key = await open.keyOf('acme');
  expect((await open.call('GET', '/v1/sweeps', undefined, key)).status).toBe(403);
  const wish = { through: days[0], timeZone: 'Asia/Shanghai' };
  expect((await open.call('POST', '/v1/sweeps', wish, key)).status).toBe(403);
  expect(await begun('A', 'globex')).toMatchObject({ kind: 'refused', code: 'TOKEN_OF_ANOTHER' });
  expect(await begun('new', 'nobody')).toMatchObject({ kind: 'refused', code: 'NOT_FOUND' });
  expect(await begun('A', 'acme')).toMatchObject({ kind: 'done' });
});

const root = fileURLToPath(new URL('../..', import.meta.url));
const run = (more: readonly string[]) =>
  spawn(process.execPath, ['src/cli/main.ts', 'gateway', 'sweep', '--upstream', provider.url, ...more], {
    cwd: root,
    env: {
      ...{ PATH: process.env.PATH, LANG: 'en_US.UTF-8', SUANPAN_URL: url, SUANPAN_API_KEY: open.operator },
      ...{ TENCENTCLOUD_SECRET_ID: operator.secretId, TENCENTCLOUD_SECRET_KEY: operator.secretKey },
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });

const ended = (child: ReturnType<typeof run>): Promise<{ code: number | null; signal: string | null; text: string }> =>
  new Promise((resolve) => {
    let text = '';
    for (const from of [child.stdout, child.stderr]) from.on('data', (some) => (text += String(some)));
    child.once('close', (code, signal) => resolve({ code, signal, text }));
  });
