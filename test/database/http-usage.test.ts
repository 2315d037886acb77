// What was used, looked at from all sides: calls that are looked for, departments by day, packs by state, one pack's life. Each is compared
// with the plain list of all calls.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { basic, type Json, type OpenApp, openAccountWith, openApp } from '../http/open-app.ts';

const other = 'liveness.basic.selfie';
let open: OpenApp;

interface Call {
  readonly event: string;
  readonly meter: string | null;
  readonly calls: number;
  readonly time: string;
  readonly outcome: string;
  readonly draws: readonly { readonly pack: string; readonly calls: number }[];
  readonly postpaid: number;
  readonly department?: string;
  readonly voided?: string;
}
let all: Call[];

const page = async (query: string): Promise<{ events: Call[]; next: string | null }> => {
  const { status, json, text } = await open.call('GET', `/v1/events?account=acme&${query}`);
  expect(status, text).toBe(200);
  return json as unknown as { events: Call[]; next: string | null };
};

async function found(query: string, limit: number): Promise<string[]> {
  const events: string[] = [];
  for (let next: string | null = ''; next !== null; ) {
    const cursor: string = next === '' ? '' : `&cursor=${next}`;
    const answer = await page(`${query}&limit=${limit}${cursor}`);
    events.push(...answer.events.map(({ event }) => event));
    next = answer.next;
  }
  return events;
}

beforeAll(async () => {
  open = await openApp('2026-01-01T09:00:00+08:00');
  await openAccountWith(open, 'acme', '100000.00', { postpaid: true });
  const buy = (size: number, id: string) =>
    open.once('POST', '/v1/packs', { account: 'acme', product: 'basic_authority', size, id });
  await buy(1_000, 'first');
  await buy(1_000, 'second');
  await buy(10_000, 'third');
  await open.once('POST', '/v1/packs/second/refund', { account: 'acme' });
  open.setClock('2026-01-31T20:00:00+08:00');
  const facts = { action: 'GetDetectInfo', channel: 'wechat_h5', library: 'authority' };
  const events = Array.from({ length: 120 }, (_, at) => ({
    id: `e-${at}`,
    account: 'acme',
    calls: 1 + (at % 17) * 13,
    time: `2026-01-${String(2 + (at % 28)).padStart(2, '0')}T${at % 2 === 0 ? '00:30' : '23:59'}:00+08:00`,
    ...(at % 3 === 0 ? {} : { department: at % 3 === 1 ? 'loans' : '风控' }),
    ...(at % 5 === 0
      ? { ...facts, resultCode: ['0', '99', '1001'][(at / 5) % 3] }
      : { meter: at % 2 === 0 ? basic : other }),
  }));
  const { status, text } = await open.call('POST', '/v1/events', events);
  expect(status, text).toBe(200);
  for (const id of ['e-1', 'e-4', 'e-52']) await open.call('POST', `/v1/events/${id}/void`, { account: 'acme' });
  const last = { id: 'last', account: 'acme', meter: basic, calls: 3_000, time: '2026-01-30T12:00:00+08:00' };
  expect((await open.call('POST', '/v1/events', last)).status).toBe(200);
  all = [];
  for (let next: string | null = ''; next !== null; ) {
    const answer: { events: Call[]; next: string | null } = await page(
      `limit=50${next === '' ? '' : `&cursor=${next}`}`,
    );
    all.push(...answer.events);
    next = answer.next;
  }
  expect(all).toHaveLength(121);
}, 60_000);
afterAll(() => open.close());

describe('calls that are looked for', () => {
  const wishes: readonly (readonly [query: string, fits: (call: Call) => boolean])[] = [
    [`meter=${other}`, ({ meter }) => meter === other],
    ['outcome=held', ({ outcome }) => outcome === 'held'],
    ['outcome=not-charged', ({ outcome }) => outcome === 'not-charged'],
    ['payer=postpaid', ({ postpaid }) => postpaid > 0],
    ['payer=first', ({ draws }) => draws.some(({ pack }) => pack === 'first')],
    ['payer=third', ({ draws }) => draws.some(({ pack }) => pack === 'third')],
    ['payer=nothing', () => false],
    [`department=${encodeURIComponent('风控')}`, ({ department }) => department === '风控'],
    [
      `department=loans&payer=third&meter=${basic}`,
      (call) => call.department === 'loans' && call.meter === basic && call.draws.some(({ pack }) => pack === 'third'),
    ],
  ];
  test.each(wishes)('%s', async (query, fits) => {
    const expected = all.filter(fits).map(({ event }) => event);
    for (const limit of [1, 7, 200]) expect(await found(query, limit), `${query}, ${limit} a page`).toEqual(expected);
  });

  test('are within the time asked for, and of the account asked for', async () => {
    const day = 'from=2026-01-05T00:00:00%2B08:00&to=2026-01-06T00:00:00%2B08:00';
    const expected = all.filter(({ time, postpaid }) => time.startsWith('2026-01-05') && postpaid > 0);
    expect(await found(`${day}&payer=postpaid`, 2)).toEqual(expected.map(({ event }) => event));
    const { authorization } = await open.keyOf('acme');
    const { json } = await open.call('GET', '/v1/events?account=globex&payer=postpaid', undefined, { authorization });
    expect(json).toMatchObject({ code: 'NOT_FOUND' });
  });

  test('a meter of no book is refused, with those there are', async () => {
    const { json } = await open.call('GET', '/v1/events?account=acme&meter=livenes');
    expect(json).toMatchObject({ code: 'UNKNOWN_METER', errors: [{ pointer: '/meter' }] });
    expect(json.detail).toContain(basic);
  });
});

test('departments by day are the sum of their charged calls, whatever stands at midnight', async () => {
  const { json } = await open.call('GET', '/v1/accounts/acme/usage/departments?month=2026-01');
  const sums = new Map<string, number>();
  for (const { time, calls, department = '', outcome, voided } of all) {
    const key = `${time.slice(0, 10)} ${department}`;
    if (outcome === 'charged' && voided === undefined) sums.set(key, (sums.get(key) ?? 0) + calls);
  }
  const lines = (json.lines as { day: string; department: string; calls: number }[]).map(
    ({ day, department, calls }) => [`${day} ${department}`, calls] as const,
  );
  expect(new Map(lines)).toEqual(sums);
});

test('packs are counted by state, on whatever page', async () => {
  const states = async (query: string): Promise<Json> =>
    (await open.call('GET', `/v1/accounts/acme/packs?${query}`)).json.counts as Json;
  const packs = (await open.call('GET', '/v1/accounts/acme/packs?limit=200')).json.packs as { state: string }[];
  const counted = Object.fromEntries(
    ['pending', 'active', 'exhausted', 'expired', 'refunded'].map((state) => [
      state,
      packs.filter((pack) => pack.state === state).length,
    ]),
  );
  expect(counted).toMatchObject({ exhausted: 1, refunded: 1 });
  expect(await states('limit=1')).toEqual(counted);
  expect(await states('state=refunded')).toEqual(counted);
  open.setClock('2027-03-01T00:00:00+08:00');
  expect(await states('limit=1')).toMatchObject({ refunded: 1, exhausted: 0, active: 0 });
  open.setClock('2026-01-31T20:00:00+08:00');
});

test('a pack tells its life: what it paid for, and when it was how empty', async () => {
  for (const pack of ['first', 'third']) {
    const { json } = await open.call('GET', `/v1/packs/${pack}?account=acme`);
    const paid = new Map<string, number>();
    for (const { time, meter, draws, voided } of all) {
      const drawn = draws.find((draw) => draw.pack === pack)?.calls ?? 0;
      const key = `${time.slice(0, 10)} ${meter}`;
      if (drawn > 0 && voided === undefined) paid.set(key, (paid.get(key) ?? 0) + drawn);
    }
    const lines = json.paidFor as { day: string; meter: string; calls: number }[];
    expect(new Map(lines.map(({ day, meter, calls }) => [`${day} ${meter}`, calls]))).toEqual(paid);
    const [firstDay] = [...paid.keys()].toSorted();
    expect(json.stages).toContainEqual({ day: firstDay?.slice(0, 10), left: 100 });
    const drawn = lines.reduce((sum, { calls }) => sum + calls, 0);
    expect(json).toMatchObject({ id: pack, remaining: Number(json.calls) - drawn });
    const isEmpty = (json.stages as { left: number }[]).some(({ left }) => left === 0);
    expect(isEmpty).toBe(json.remaining === 0);
  }
  expect((await open.call('GET', '/v1/packs/none?account=acme')).json).toMatchObject({ code: 'NOT_FOUND' });
  expect((await open.call('GET', '/v1/packs/first?account=none')).json).toMatchObject({ code: 'NOT_FOUND' });
});
