// What accounts are told, lived with a set clock: each kind once a crossing, whatever schedules do.

import { afterAll, beforeAll, expect, test } from 'vitest';
import { Schedule } from '../../src/jobs/schedule.ts';
import { verifyLedger } from '../../src/verify/verify.ts';
import { expectSound } from '../faults/agree.ts';
import { basic, instant, type Json, type OpenApp, openAccountWith, openApp, sending } from '../http/open-app.ts';

const morning = '2026-01-12T09:00:00+08:00';
let open: OpenApp;
let schedules: readonly Schedule[];

beforeAll(async () => {
  open = await openApp(morning);
  // Two servers look at the same time.
  schedules = [new Schedule(open.suanpan, sending), new Schedule(open.suanpan, sending)];
});
afterAll(() => open.close());

const sent = async (reply: Promise<{ readonly status: number; readonly json: Json; readonly text: string }>) => {
  const { status, json, text } = await reply;
  expect(status, text).toBeLessThan(300);
  return json;
};
const use = (account: string, id: string, calls: number, time: string, more: Json = { meter: basic }) =>
  sent(open.call('POST', '/v1/events', { account, id, calls, time, ...more }));
let clock = instant(morning);
const at = (time: string): void => {
  clock = instant(time);
  open.setClock(time);
};
const look = () => Promise.all(schedules.map((schedule) => schedule.runDue()));

interface Told {
  readonly id: string;
  readonly kind: string;
  readonly at: string;
  readonly details: Json;
  readonly subject: { readonly zh: string; readonly en: string };
  readonly lines: readonly { readonly zh: string; readonly en: string }[];
}
const alertsOf = async (account: string): Promise<Told[]> => {
  const { alerts } = await sent(open.call('GET', `/v1/alerts?account=${account}&limit=200`));
  return (alerts as Told[]).toReversed();
};
/** What is new since the last time it was asked. */
const seen = new Map<string, number>();
async function news(account: string): Promise<Told[]> {
  at(new Date(clock + 60_000).toISOString());
  await look();
  const all = await alertsOf(account);
  const fresh = all.slice(seen.get(account) ?? 0);
  seen.set(account, all.length);
  return fresh;
}
const kinds = async (account: string): Promise<string[]> => (await news(account)).map(({ kind }) => kind);

test('a pack that is low, exhausted, and low again: said by its id, once each', async () => {
  await openAccountWith(open, 'acme', '100000.00');
  await sent(open.once('POST', '/v1/packs', { account: 'acme', product: 'basic_authority', size: 1_000, id: 'first' }));
  await use('acme', 'a1', 850, morning);
  const [low, ...more] = await news('acme');
  expect(more).toEqual([]);
  expect(low).toMatchObject({
    ...{ id: 'acme:1', account: 'acme', kind: 'pack-low', at: morning },
    details: { pack: 'first', product: 'basic_authority', percent: 20, left: 150, calls: 1_000 },
    subject: { zh: 'acme：资源包 first (basic_authority) 剩余不足 20%' },
  });
  expect(await kinds('acme')).toEqual([]);
  await use('acme', 'a2', 150, morning);
  expect(await kinds('acme')).toEqual(['pack-exhausted']);
  await sent(open.call('POST', '/v1/events/a2/void', { account: 'acme' }));
  expect(await kinds('acme')).toEqual([]);
  await use('acme', 'a3', 150, morning);
  expect(await kinds('acme')).toEqual(['pack-exhausted']);
});

test('held events are one alert while they wait, and another when they wait again', async () => {
  at('2026-01-12T10:00:00+08:00');
  const odd = { action: 'IdCardVerification', resultCode: '99' };
  await use('acme', 'h1', 1, '2026-01-12T08:30:00+08:00', odd);
  await use('acme', 'h2', 1, '2026-01-12T08:00:00+08:00', odd);
  const [held, ...more] = await news('acme');
  expect(more).toEqual([]);
  expect(held).toMatchObject({ kind: 'events-held', details: { count: 2, oldest: '2026-01-12T08:00:00+08:00' } });
  await use('acme', 'h3', 1, morning, odd);
  expect(await kinds('acme')).toEqual([]);
  await sent(open.call('POST', '/v1/reviews', { account: 'acme', charge: false }));
  await use('acme', 'h4', 1, morning, odd);
  expect(await kinds('acme')).toEqual(['events-held']);
});

test('a crash between the alerts and their mark leaves neither', async () => {
  const { pool } = open.suanpan;
  at('2026-01-12T11:00:00+08:00');
  await sent(open.call('PATCH', '/v1/accounts/acme', { cap: 1_000 }));
  await use('acme', 'c1', 900, morning);
  await pool.query(`alter table outbox add constraint broken check (delivered_ms is null) not valid`);
  expect(await kinds('acme')).toEqual([]);
  await pool.query('alter table outbox drop constraint broken');
  const [near, ...more] = await news('acme');
  expect(more).toEqual([]);
  expect(near).toMatchObject({ kind: 'cap-near', details: { month: '2026-01', postpaid: 900, cap: 1_000 } });
});

test('an account’s key sees its own alone; a list goes on by cursor and by kind', async () => {
  await openAccountWith(open, 'globex', '0.00');
  const key = await open.keyOf('globex');
  const own = await open.call('GET', '/v1/alerts', undefined, key);
  expect(own.json).toEqual({ alerts: [], next: null });
  expect((await open.call('GET', '/v1/alerts?account=acme', undefined, key)).status).toBe(404);
  const first = await sent(open.call('GET', '/v1/alerts?limit=2'));
  const rest = await sent(open.call('GET', `/v1/alerts?limit=200&cursor=${first.next}`));
  expect([...(first.alerts as Told[]), ...(rest.alerts as Told[])].toReversed()).toEqual(await alertsOf('acme'));
  const low = await sent(open.call('GET', '/v1/alerts?kind=pack-low'));
  expect((low.alerts as Told[]).map(({ id }) => id)).toEqual(['acme:1']);
});

test('what was delivered long ago is deleted, and verify knows', async () => {
  const { pool } = open.suanpan;
  at('2026-03-01T00:00:00+08:00');
  await look();
  const { rows } = await pool.query('select 1 from outbox where delivered_ms < $1', [instant('2026-01-20T00:00:00Z')]);
  expect(rows).toEqual([]);
  await expectSound(open.suanpan);
  await pool.query('delete from outbox_ends');
  const report = await verifyLedger(open.suanpan);
  expect(report.clean).toBe(false);
});
