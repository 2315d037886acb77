// A server is lost in the middle of each job, at statements spread over its run, and another does the job: every effect is there once.

import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loadCatalog } from '../../src/book/shelf.ts';
import { isRefusal } from '../../src/core/refusal.ts';
import type { JobName } from '../../src/jobs/jobs.ts';
import { Schedule } from '../../src/jobs/schedule.ts';
import { verifyLedger } from '../../src/verify/verify.ts';
import { basic, type Json, type OpenApp, openAccountWith, openApp, sending } from '../http/open-app.ts';
import { failing, type Way } from './failing-statements.ts';

const begins = '2026-01-12T10:00:00+08:00';
/** Points of failure of each job, in each way. */
const pointsEach = 6;

interface Case {
  readonly job: JobName;
  /** What makes it due for an account. */
  readonly before: (open: OpenApp, account: string) => Promise<unknown>;
  readonly at: string;
  /** What came of it, of one account; alike whatever the account is called. */
  readonly effect: string;
}

const done = async (reply: Promise<{ readonly status: number; readonly text: string; readonly json: Json }>) => {
  const { status, text, json } = await reply;
  expect(status, text).toBeLessThan(300);
  return json;
};
const buy = (open: OpenApp, account: string) =>
  done(open.once('POST', '/v1/packs', { account, product: 'basic_authority', size: 1_000, id: 'p' }));
const use = (open: OpenApp, account: string, calls: number) =>
  done(open.call('POST', '/v1/events', { account, id: 'e', meter: basic, calls, time: begins }));
const packs = [{ product: 'basic_authority', size: 1_000 }];
let receiver: Server;
const arrived = new Set<string>();

const cases: readonly Case[] = [
  {
    job: 'book-due',
    before: (open, account) =>
      done(open.once('POST', '/v1/gifts', { account, product: 'basic_authority', calls: 50, months: 1, id: 'g' })),
    at: '2026-04-01T00:00:00+08:00',
    effect: 'select units, seq from forfeits where account_id = $1',
  },
  {
    job: 'monthly-gifts',
    before: async () => {},
    at: '2026-02-01T00:00:00+08:00',
    effect: 'select pack_id, calls, effective_ms from packs where account_id = $1 order by 1',
  },
  {
    job: 'close-months',
    before: (open, account) => use(open, account, 1_500),
    at: '2026-02-03T00:00:00+08:00',
    effect: `select b.period, b.bill_no, m.amount from bills b join money_entries m using (account_id, seq)
             where account_id = $1 order by 1`,
  },
  {
    job: 'lapse-orders',
    before: (open, account) => done(open.once('POST', '/v1/orders', { account, packs, pay: 'transfer' })),
    at: '2026-02-12T00:00:00+08:00',
    effect: 'select order_no, how, seq from order_ends where account_id = $1',
  },
  {
    job: 'standing-orders',
    before: async (open, account) => {
      const order = { name: 's', watch: { product: 'basic_authority' }, below: { calls: 200 }, buy: packs[0] };
      const limits = { mostPurchases: 5, mostMoney: '9000.00' };
      await done(open.call('POST', `/v1/accounts/${account}/standing-orders`, { ...order, ...limits }));
      await buy(open, account);
      await use(open, account, 900);
    },
    at: begins,
    effect: `select (select count(*) from packs where account_id = $1), (select count(*) from orders where account_id = $1),
               (select balance from money_entries where account_id = $1 order by seq desc limit 1)`,
  },
  {
    job: 'alerts-of-time',
    before: buy,
    at: '2026-12-20T00:00:00+08:00',
    effect: 'select kind, no from alerts where account_id = $1 order by 2',
  },
  {
    job: 'alerts',
    before: async (open, account) => {
      await buy(open, account);
      await use(open, account, 1_000);
    },
    at: begins,
    effect: 'select kind, no from alerts where account_id = $1 order by 2',
  },
  {
    job: 'deliver',
    before: async (open, account) => {
      const url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/${account}`;
      const { id } = await done(open.call('POST', '/v1/webhooks', { account, url }));
      await done(open.call('POST', `/v1/webhooks/${id}/test`));
    },
    at: begins,
    effect: `select d.state from deliveries d join webhooks w on w.id = d.webhook_id where w.account_id = $1`,
  },
];

beforeAll(async () => {
  receiver = createServer((request, response) => {
    arrived.add(String(request.url));
    request.resume().on('end', () => response.writeHead(204).end());
  });
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
});
afterAll(() => void receiver?.close());

describe.each(cases)('$job', ({ job, before, at, effect }) => {
  let open: OpenApp;
  let serial = 0;
  beforeAll(async () => {
    open = await openApp(begins);
    const gifts = [{ product: 'basic_authority', calls: 10, every: 'month' }];
    const book = { ...(loadCatalog().get('faceid-legacy')?.document as object), id: 'giving', gifts };
    await done(open.call('POST', '/v1/price-books', book));
  });
  afterAll(() => open?.close());

  /** Until it is done: a server that was lost may hold the job for a moment yet, and a delivery waits for its next try. */
  async function byAnother(): Promise<void> {
    await expect
      .poll(async () => {
        const result = await new Schedule(open.suanpan, sending).run(job).catch(() => undefined);
        return result !== undefined && !isRefusal(result) && result.failed === 0;
      })
      .toBe(true);
  }

  async function live(point: number, way: Way) {
    serial += 1;
    const account = `a${serial}`;
    open.setClock(begins);
    const book = job === 'monthly-gifts' ? 'giving' : 'faceid-legacy';
    await openAccountWith(open, account, '10000.00', { opened: '2026-01-01', book });
    await before(open, account);
    open.setClock(at);
    const { statements, hit } = await failing(point, way, () =>
      new Schedule(open.suanpan, sending).run(job).catch(() => {}),
    );
    open.suanpan.ledger.forget(account);
    await byAnother();
    if (job === 'deliver') {
      open.setClock('2026-01-12T10:05:00+08:00');
      await byAnother();
      expect(arrived).toContain(`/${account}`);
    }
    const { rows } = await open.suanpan.pool.query(effect, [account]);
    const seen = JSON.stringify(rows, (_, value) => (typeof value === 'bigint' ? String(value) : value));
    return { statements, hit, seen: seen.replaceAll(account, 'ACCOUNT') };
  }

  test('every effect once, wherever it was lost', { timeout: 60_000 }, async () => {
    const undisturbed = await live(0, 'refused');
    expect(undisturbed.seen).not.toBe('[]');
    let hits = 0;
    for (const way of ['unsent', 'unanswered'] as const) {
      const step = Math.max(1, Math.floor(undisturbed.statements / pointsEach));
      for (let point = 1; point <= undisturbed.statements; point += step) {
        const { seen, hit } = await live(point, way);
        if (hit !== undefined) hits += 1;
        expect(seen, `${job}: ${way} at statement ${point}: ${hit}`).toBe(undisturbed.seen);
      }
    }
    expect(hits).toBeGreaterThan(pointsEach);
    const { verdicts } = await verifyLedger(open.suanpan);
    expect(verdicts.flatMap(({ first }) => (first === null ? [] : [first]))).toEqual([]);
  });
});
