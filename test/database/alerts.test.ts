// What accounts are told, lived with a set clock: each kind once a crossing, whatever schedules do.

import { afterAll, beforeAll, expect, test } from 'vitest';
import { raiseFromNews } from '../../src/operations/alerts/from-news.ts';
import { raiseFromTime } from '../../src/operations/alerts/from-time.ts';
import { verifyLedger } from '../../src/verify/verify.ts';
import { expectSound } from '../faults/agree.ts';
import { failing } from '../faults/failing-statements.ts';
import { basic, instant, type OpenApp, openAccountWith, openApp } from '../http/open-app.ts';
import { Listener } from '../http/told.ts';

const morning = '2026-01-12T09:00:00+08:00';
const meter = { meter: basic };
let open: OpenApp;
let told: Listener;

beforeAll(async () => {
  open = await openApp(morning);
  told = new Listener(open, morning);
});
afterAll(() => open.close());

test('a pack that is low, exhausted, and low again: said by its id, once each', async () => {
  await openAccountWith(open, 'acme', '100000.00');
  await told.sent(
    open.once('POST', '/v1/packs', { account: 'acme', product: 'basic_authority', size: 1_000, id: 'first' }),
  );
  await told.use('acme', 'a1', 850, morning, meter);
  const [low, ...more] = await told.news('acme');
  expect(more).toEqual([]);
  expect(low).toMatchObject({
    ...{ id: 'acme:1', account: 'acme', kind: 'pack-low', at: morning },
    details: { pack: 'first', product: 'basic_authority', percent: 20, left: 150, calls: 1_000 },
    subject: { zh: 'acme：资源包「基础版人脸核身（权威库）」first 剩余不超过 20%' },
  });
  expect(await told.kinds('acme')).toEqual([]);
  await told.use('acme', 'a2', 150, morning, meter);
  expect(await told.kinds('acme')).toEqual(['pack-exhausted']);
  await told.sent(open.call('POST', '/v1/events/a2/void', { account: 'acme' }));
  expect(await told.kinds('acme')).toEqual([]);
  await told.use('acme', 'a3', 150, morning, meter);
  expect(await told.kinds('acme')).toEqual(['pack-exhausted']);
});

test('held events are one alert while they wait, and another when they wait again', async () => {
  told.at('2026-01-12T10:00:00+08:00');
  const odd = { action: 'IdCardVerification', resultCode: '99' };
  await told.use('acme', 'h1', 1, '2026-01-12T08:30:00+08:00', odd);
  await told.use('acme', 'h2', 1, '2026-01-12T08:00:00+08:00', odd);
  const [held, ...more] = await told.news('acme');
  expect(more).toEqual([]);
  expect(held).toMatchObject({ kind: 'events-held', details: { count: 2, oldest: '2026-01-12T08:00:00+08:00' } });
  await told.use('acme', 'h3', 1, morning, odd);
  expect(await told.kinds('acme')).toEqual([]);
  await told.sent(open.call('POST', '/v1/reviews', { account: 'acme', charge: false }));
  await told.use('acme', 'h4', 1, morning, odd);
  expect(await told.kinds('acme')).toEqual(['events-held']);
});

test('a failure at any statement, or of its answer, leaves each alert said once', async () => {
  const stop = new AbortController().signal;
  const jobs = async () => {
    await raiseFromNews(open.suanpan, stop).catch(() => {});
    await raiseFromTime(open.suanpan, stop).catch(() => {});
  };
  let [points, most] = [0, 1];
  for (const way of ['refused', 'unanswered'] as const) {
    for (let at = 1; at <= most; at += 1) {
      const account = `${way}-${at}`;
      await openAccountWith(open, account, '0.00', { cap: 200_000 });
      await told.use(account, 'e', 160_000, morning, meter);
      const { statements, hit } = await failing(at, way, jobs);
      most = Math.max(most, Math.min(statements, 60));
      await jobs();
      const said = (await told.all(account)).map(({ kind }) => kind);
      expect(said.toSorted(), `${way}: ${hit}`).toEqual(['cap-near', 'unpriced-near']);
      points += 1;
    }
  }
  expect(points).toBeGreaterThan(40);
});

test('a crash between the alerts and their mark leaves neither', async () => {
  const { pool } = open.suanpan;
  told.at('2026-01-12T11:00:00+08:00');
  await told.sent(open.call('PATCH', '/v1/accounts/acme', { cap: 1_000 }));
  await told.use('acme', 'c1', 900, morning, meter);
  await pool.query(`alter table outbox add constraint broken check (delivered_ms is null) not valid`);
  expect(await told.kinds('acme')).toEqual([]);
  await pool.query('alter table outbox drop constraint broken');
  const [near, ...more] = await told.news('acme');
  expect(more).toEqual([]);
  expect(near).toMatchObject({ kind: 'cap-near', details: { month: '2026-01', postpaid: 900, cap: 1_000 } });
});

test('a cap reached, a pack refunded', async () => {
  await told.use('acme', 'c2', 200, morning, meter);
  expect(await told.kinds('acme')).toEqual(['cap-reached']);
  await told.sent(
    open.once('POST', '/v1/packs', { account: 'acme', product: 'basic_authority', size: 1_000, id: 'back' }),
  );
  await told.sent(open.once('POST', '/v1/packs/back/refund', { account: 'acme' }));
  expect(await told.news('acme')).toMatchObject([{ kind: 'pack-refunded', details: { pack: 'back' } }]);
});

test('an account’s key sees its own alone; a list goes on by cursor and by kind', async () => {
  await openAccountWith(open, 'globex', '0.00');
  const key = await open.keyOf('globex');
  const own = await open.call('GET', '/v1/alerts', undefined, key);
  expect(own.json).toEqual({ alerts: [], next: null });
  expect((await open.call('GET', '/v1/alerts?account=acme', undefined, key)).status).toBe(404);
  const first = await told.sent(open.call('GET', '/v1/alerts?limit=2&account=acme'));
  const rest = await told.sent(open.call('GET', `/v1/alerts?limit=200&account=acme&cursor=${first.next}`));
  expect(
    [...(first.alerts as { readonly id: string }[]), ...(rest.alerts as { readonly id: string }[])].toReversed(),
  ).toEqual(await told.all('acme'));
  const low = await told.sent(open.call('GET', '/v1/alerts?kind=pack-low'));
  expect((low.alerts as { readonly id: string }[]).map(({ id }) => id)).toEqual(['acme:1']);
});

test('what was delivered long ago is deleted, and verify knows', async () => {
  const { pool } = open.suanpan;
  told.at('2026-03-01T00:00:00+08:00');
  await told.look();
  const { rows } = await pool.query('select 1 from outbox where delivered_ms < $1', [instant('2026-01-20T00:00:00Z')]);
  expect(rows).toEqual([]);
  await expectSound(open.suanpan);
  await pool.query('delete from outbox_ends');
  const report = await verifyLedger(open.suanpan);
  expect(report.clean).toBe(false);
});
