// F2: a failure at every statement of every flow. Whatever statement fails, in whatever way, sending the same again ends as if
// nothing had failed, and the ledger is sound.

import { afterAll, beforeAll, expect, test } from 'vitest';
import { basic, type Json, type Method, type OpenApp, openAccountWith, openApp, type Reply } from '../http/open-app.ts';
import { expectSound } from './agree.ts';
import { failing, type Way, ways } from './failing-statements.ts';

let open: OpenApp;
beforeAll(async () => {
  open = await openApp('2026-03-05T10:00:00+08:00');
}, 60_000);
afterAll(() => open?.close());

interface Asked {
  readonly method: Method;
  readonly url: string;
  readonly body?: unknown;
}

/** One thing that a caller asks for: what must be there before, and the request. */
interface Flow {
  readonly name: string;
  readonly before?: (account: string) => Promise<unknown>;
  readonly asked: (account: string, made: Json) => Asked;
}

const done = async (method: Method, url: string, body: unknown): Promise<Json> => {
  const { status, json, text } = await open.once(method, url, body);
  expect(status, `${method} ${url} ${text}`).toBeLessThan(300);
  return json;
};
const post = (url: string, body: unknown): Asked => ({ method: 'POST', url, body });
const opened = (account: string) => openAccountWith(open, account, '100000.00', { opened: '2026-01-01' });
const bought = async (account: string) => {
  await opened(account);
  return done('POST', '/v1/packs', { account, product: 'basic_authority', size: 1_000, id: 'p' });
};
const used = async (account: string, more: Json = {}) => {
  await bought(account);
  const event = { account, id: 'e', meter: basic, calls: 1_500, time: '2026-02-27T10:00:00+08:00', ...more };
  return done('POST', '/v1/events', event);
};
const held = async (account: string) => {
  await bought(account);
  return done('POST', '/v1/authorizations', { account, meter: basic, calls: 5, id: 'h' });
};
const unknown = { meter: undefined, action: 'IdCardVerification', resultCode: '99', calls: 1 };

const flows: readonly Flow[] = [
  { name: 'an account is opened', asked: (id) => post('/v1/accounts', { id, book: 'faceid-legacy' }) },
  {
    name: 'its limits are set',
    before: opened,
    asked: (account) => ({ method: 'PATCH', url: `/v1/accounts/${account}`, body: { cap: 5_000 } }),
  },
  {
    name: 'a cap is set',
    before: (account) => used(account, { time: '2026-03-05T10:00:00+08:00' }),
    asked: (account) =>
      post(`/v1/accounts/${account}/caps`, { name: 'c', per: 'day', of: 'all', most: 5_000, department: 'loans' }),
  },
  {
    name: 'how it is told is set',
    before: opened,
    asked: (account) => ({
      method: 'PATCH',
      url: `/v1/accounts/${account}/alert-settings`,
      body: { packThresholds: [50, 0] },
    }),
  },
  {
    name: 'a top-up',
    before: opened,
    asked: (account) => post(`/v1/accounts/${account}/top-ups`, { amount: '10.00' }),
  },
  {
    name: 'packs are bought',
    before: opened,
    asked: (account) => post('/v1/packs', { account, product: 'basic_authority', size: 1_000, count: 3, id: 'p' }),
  },
  {
    name: 'a monthly gift',
    before: opened,
    asked: (account) => post('/v1/gifts', { account, product: 'basic_authority', calls: 50, months: 3, id: 'g' }),
  },
  { name: 'a refund', before: bought, asked: (account) => post('/v1/packs/p/refund', { account }) },
  {
    name: 'an event',
    before: bought,
    asked: (account) =>
      post('/v1/events', { account, id: 'e', meter: basic, calls: 1_500, time: '2026-03-05T09:00:00+08:00' }),
  },
  {
    name: 'events by the hundred, copied',
    before: bought,
    asked: (account) =>
      post(
        '/v1/events',
        Array.from({ length: 900 }, (_, index) => ({
          account,
          id: `e${index}`,
          meter: basic,
          calls: 2,
          time: '2026-03-05T09:00:00+08:00',
        })),
      ),
  },
  { name: 'a void', before: used, asked: (account) => post('/v1/events/e/void', { account }) },
  {
    name: 'a month is closed',
    before: used,
    asked: (account) => post('/v1/bills/close', { account, month: '2026-02' }),
  },
  {
    name: 'a contract',
    before: opened,
    asked: (account) =>
      post(`/v1/accounts/${account}/contracts`, {
        from: '2026-04',
        tariffs: { liveness_verification: [{ from: 0, price: '0.90' }] },
      }),
  },
  {
    name: 'a held call is decided',
    before: (account) => used(account, unknown),
    asked: (account) => post('/v1/reviews', { account, charge: true }),
  },
  {
    name: 'a call is authorised',
    before: bought,
    asked: (account) => post('/v1/authorizations', { account, meter: basic, calls: 5, id: 'h' }),
  },
  {
    name: 'a hold is captured',
    before: held,
    asked: (account) => post('/v1/authorizations/h/capture', { account }),
  },
  { name: 'a hold is released', before: held, asked: (account) => post('/v1/authorizations/h/release', { account }) },
  {
    name: 'a key is made',
    before: opened,
    asked: (account) => post('/v1/keys', { role: 'account', account, name: 'a key' }),
  },
];

/** What is then to be seen of an account, whatever it is called. */
async function outcome(account: string): Promise<string> {
  const parts = await Promise.all([
    open.call('GET', `/v1/accounts/${account}`),
    open.call('GET', `/v1/accounts/${account}/packs`),
    open.call('GET', `/v1/accounts/${account}/balance`),
    open.call('GET', `/v1/events?account=${account}&limit=10`),
    open.call('GET', `/v1/accounts/${account}/usage?month=2026-03`),
    open.call('GET', `/v1/accounts/${account}/contracts`),
    open.call('GET', `/v1/bills?account=${account}`),
  ]);
  const { rows } = await open.suanpan.pool.query<{ kind: string; count: string }>(
    `select 'key' as kind, count(*)::text as count from api_keys where account_id = $1
     union all select 'held', count(*)::text from events where account_id = $1 and action is not null
     union all select 'events', count(*)::text from events where account_id = $1
     union all select 'ends', count(*)::text from hold_ends where account_id = $1`,
    [account],
  );
  return [...parts.map(({ text }) => text), JSON.stringify(rows)]
    .join('\n')
    .replaceAll(account, 'ACCOUNT')
    .replaceAll(/once-\d+/g, 'once')
    .replaceAll(/"(number|digest|request_id|openedAt|createdAt)":("[^"]*"|\d+)/g, '"$1":…');
}

/** The whole request has failed, or some of its events have. */
const isUnsettled = ({ status, text }: Reply): boolean => status >= 500 || text.includes('"code":"INTERNAL_ERROR"');

let serial = 0;

/** A flow whose statement `at` goes wrong, sent again until it is answered: its statements, and what is to be seen then. */
async function live(flow: Flow, at: number, way: Way) {
  serial += 1;
  const account = `a${serial}`;
  const made = ((await flow.before?.(account)) ?? {}) as Json;
  const { method, url, body } = flow.asked(account, made);
  const headers = { 'idempotency-key': `of-${account}` };
  const first = await failing(at, way, () => open.call(method, url, body, headers));
  let { result } = first;
  for (let again = 0; isUnsettled(result) && again < 5; again += 1) {
    result = await open.call(method, url, body, headers);
  }
  expect(result.status, `${flow.name}, statement ${at} ${way}: ${first.hit} ${result.text}`).toBeLessThan(300);
  return { statements: first.statements, hit: first.hit, seen: await outcome(account), first: first.result.status };
}

let points = 0;
const failed = new Map<number, number>();

test.each(flows.map((flow) => [flow.name, flow] as const))('%s', { timeout: 60_000 }, async (_, flow) => {
  const undisturbed = await live(flow, 0, 'refused');
  const wrong: string[] = [];
  for (const way of ways) {
    for (let at = 1; at <= undisturbed.statements; at += 1) {
      const { seen, hit, first } = await live(flow, at, way);
      // What is in memory since the first time saves a statement.
      if (hit === undefined) continue;
      points += 1;
      failed.set(first, (failed.get(first) ?? 0) + 1);
      if (seen !== undisturbed.seen) wrong.push(`${way} ${at} ${hit}\n${seen}`);
    }
  }
  expect(wrong, undisturbed.seen).toEqual([]);
});

test('the ledger is sound after all of them', { timeout: 60_000 }, async () => {
  await expectSound(open.suanpan);
  const answers = [...failed].map(([status, times]) => `${status} × ${times}`).join(', ');
  console.log(`F2: ${points} points of failure; answered at first ${answers}`);
  expect(points).toBeGreaterThan(200);
});
