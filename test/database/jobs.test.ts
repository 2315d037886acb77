// What time does by itself: months closed on their day, forfeits booked of accounts that nobody touches, once whatever servers do.

import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { nextRun } from '../../src/jobs/jobs.ts';
import { Schedule } from '../../src/jobs/schedule.ts';
import type { Suanpan } from '../../src/operations/suanpan.ts';
import { takeJob } from '../../src/store/ledger/jobs.ts';
import { verifyLedger } from '../../src/verify/verify.ts';
import { expectSound } from '../faults/agree.ts';
import { basic, instant, type Json, type OpenApp, openAccountWith, openApp, sending } from '../http/open-app.ts';

const accounts = ['acme', 'globex', 'hooli'];
let open: OpenApp;
let schedule: Schedule;

const sent = async (reply: Promise<{ readonly status: number; readonly json: Json; readonly text: string }>) => {
  const { status, json, text } = await reply;
  expect(status, text).toBeLessThan(300);
  return json;
};
const use = (account: string, id: string, calls: number, time: string) =>
  sent(open.call('POST', '/v1/events', { account, id, meter: basic, calls, time }));
/** The sandbox's clock jumps: everything on the way is lived through. */
const jump = (to: string) =>
  schedule.jump(instant(to), (at) => {
    open.setClock(new Date(at).toISOString());
  });
const bills = async (account: string): Promise<string[]> => {
  const { json } = await open.call('GET', `/v1/bills?account=${account}`);
  const all = json.bills as { month: string; state: string; total: string | null }[];
  return all.filter(({ state }) => state === 'final').map(({ month, total }) => `${month} ${total}`);
};
const jobsOf = async () => (await sent(open.call('GET', '/v1/jobs'))).jobs as Json[];

beforeAll(async () => {
  open = await openApp('2026-01-12T10:00:00+08:00');
  schedule = new Schedule(open.suanpan, sending);
  for (const id of accounts) await openAccountWith(open, id, '100000.00');
});
afterAll(() => open.close());

test('the next run is the next full hour, or minute', () => {
  const [hour, minute] = [3_600_000, 60_000];
  expect(nextRun(instant('2026-01-12T10:00:00+08:00'), hour)).toBe(instant('2026-01-12T11:00:00+08:00'));
  expect(nextRun(instant('2026-01-12T10:59:59.999+08:00'), hour)).toBe(instant('2026-01-12T11:00:00+08:00'));
  expect(nextRun(instant('2026-01-12T10:59:01+08:00'), minute)).toBe(instant('2026-01-12T11:00:00+08:00'));
});

test('a receiver that does not answer keeps none of the ledger’s jobs waiting', async () => {
  const silent = createServer(() => {});
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(silent.address() as AddressInfo).port}/`;
  const hook = await sent(open.call('POST', '/v1/webhooks', { url }));
  await sent(open.call('POST', `/v1/webhooks/${hook.id}/test`));
  const own = new Schedule(open.suanpan, { ...sending, patience: 4_000 });
  own.start();
  const ran = async (name: string) => (await jobsOf()).find((each) => each.name === name)?.lastEnded;
  await expect.poll(() => ran('alerts'), { timeout: 3_000 }).toEqual(expect.any(String));
  // The try is under way still: nothing has come of it.
  const { json } = await open.call('GET', `/v1/webhooks/${hook.id}`);
  expect(json).toMatchObject({ failuresInARow: 0, lastProblem: null });
  silent.closeAllConnections();
  silent.close();
  await own.stop();
  await sent(open.call('DELETE', `/v1/webhooks/${hook.id}`));
});

test('a jump over four months closes three, each on its day, and books what a pack forfeits; nobody closes anything', async () => {
  await sent(
    open.once('POST', '/v1/gifts', { account: 'acme', product: 'basic_authority', calls: 50, months: 1, id: 'g' }),
  );
  await use('acme', 'e1', 1_050, '2026-01-12T10:00:00+08:00');
  await use('globex', 'e1', 250_000, '2026-01-12T09:00:00+08:00');
  await jump('2026-05-01T12:00:00+08:00');
  expect(await bills('acme')).toEqual(['2026-01 850.00', '2026-02 0.00', '2026-03 0.00']);
  const { rows } = await open.suanpan.pool.query<{ period: string; closed: string }>(
    `select period, to_char(to_timestamp(closed_ms / 1000) at time zone 'Asia/Shanghai', 'YYYY-MM-DD HH24:MI') as closed
     from bills where account_id = 'acme' order by 1`,
  );
  expect(rows.map(({ period, closed }) => `${period} ${closed}`)).toEqual([
    '2026-01 2026-02-03 00:00',
    '2026-02 2026-03-03 00:00',
    '2026-03 2026-04-03 00:00',
  ]);
  await expectSound(open.suanpan);
});

test('a bill that needs a price waits and is said to; agreed on, it is closed by itself', async () => {
  expect(await bills('globex')).toEqual(['2026-02 0.00', '2026-03 0.00']);
  expect(
    (await jobsOf()).filter(({ name }) => name !== 'monthly-gifts' && name !== 'end-holds').slice(0, 2),
  ).toMatchObject([
    { name: 'book-due', failed: 0 },
    { name: 'close-months', waiting: 1, failed: 0, error: null },
  ]);
  const price = { from: '2026-01', tariffs: { liveness_verification: [{ from: 200_000, price: '0.55' }] } };
  await sent(open.once('POST', '/v1/accounts/globex/contracts', price));
  expect(await sent(open.call('POST', '/v1/jobs/close-months/run', {}))).toEqual({
    name: 'close-months',
    done: 1,
    waiting: 0,
    failed: 0,
  });
  expect(await bills('globex')).toContain('2026-01 137500.00');
});

test('a forfeit of an account that nobody touches is booked when its time has come', { timeout: 120_000 }, async () => {
  await sent(open.once('POST', '/v1/packs', { account: 'hooli', product: 'basic_authority', size: 1_000, id: 'p' }));
  await jump('2027-07-01T12:00:00+08:00');
  const { rows } = await open.suanpan.pool.query<{ units: bigint }>(
    `select units from forfeits where account_id = 'hooli'`,
  );
  expect(rows).toEqual([{ units: 1_000n }]);
  expect((await bills('hooli')).length).toBe(17);
  expect((await verifyLedger(open.suanpan)).clean).toBe(true);
});

test('two servers: each job once; one that another has is refused by hand', async () => {
  const { pool } = open.suanpan;
  let closing = 0;
  const counted: Suanpan = { ...open.suanpan, clock: () => open.suanpan.clock() };
  await use('acme', 'late', 10, '2027-07-01T11:00:00+08:00');
  open.setClock('2027-08-03T00:00:00+08:00');
  await Promise.all([new Schedule(open.suanpan, sending), new Schedule(counted, sending)].map((each) => each.runDue()));
  const { rows } = await pool.query<{ times: bigint }>(
    `select count(*) as times from bills where period = '2027-07' group by account_id`,
  );
  for (const { times } of rows) closing += Number(times);
  expect(closing).toBe(3);
  const other = await pool.connect();
  try {
    await other.query('begin');
    expect(await takeJob(other, 'close-months')).toBe(true);
    expect((await open.call('POST', '/v1/jobs/close-months/run', {})).json).toMatchObject({
      status: 409,
      code: 'JOB_RUNNING',
    });
    expect((await open.call('POST', '/v1/jobs/nothing/run', {})).json).toMatchObject({
      status: 404,
      code: 'NOT_FOUND',
    });
  } finally {
    // A server that dies: its connection ends, and the job is free.
    other.release(true);
  }
  await expect.poll(async () => (await open.call('POST', '/v1/jobs/close-months/run', {})).status).toBe(200);
});

test('a clock set back plans no run for ever, and an account key sees no jobs', async () => {
  open.setClock('2027-06-01T00:00:00+08:00');
  await schedule.runDue();
  const [first] = await jobsOf();
  expect(String(first?.next)).toMatch(/^2027-05-31T17:00/);
  expect((await open.call('GET', '/v1/jobs', undefined, await open.keyOf('acme'))).status).toBe(403);
});
