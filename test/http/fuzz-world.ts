// A ledger with something of everything in it, and the words that lead to it: what a stranger's random requests are let loose on.

import { accountsCursor, billsCursor, entriesCursor, eventsCursor, packsCursor } from '../../src/operations/cursors.ts';
import { writeExports } from '../../src/operations/list-exports.ts';
import type { Pools } from './from-schema.ts';
import { basic, type OpenApp, openAccountWith, openApp } from './open-app.ts';
import { browserOf, invite, password } from './people.ts';

export const day = '2026-01-12T09:00:00+08:00';
const december = '2025-12-20T09:00:00+08:00';

export interface FuzzWorld {
  readonly open: OpenApp;
  /** Values of `authorization` by who calls. */
  readonly callers: readonly string[];
  /** Of a person who has signed in. */
  readonly cookie: string;
  readonly pools: Pools;
  /** Path parameters by the path, or by its noun: the `id` of an event is none of a pack. */
  readonly ids: Readonly<Record<string, readonly string[]>>;
  /** By path, whole bodies that lead deeper than chance would. */
  readonly samples: Readonly<Record<string, readonly unknown[]>>;
  /** Puts right what a command may have turned off for all that follow. */
  settle(): Promise<void>;
}

export async function openFuzzWorld(options: Parameters<typeof openApp>[1] = {}): Promise<FuzzWorld> {
  const open = await openApp(december, options);
  const book = (open.suanpan.books.shelved('faceid-legacy')?.document ?? {}) as object;
  for (const id of ['acme', 'globex']) {
    await openAccountWith(open, id, '900000.00', { opened: '2025-01-01' });
    await fill(open, id);
  }
  open.setClock(day);
  await done(open.call('POST', '/v1/bills/close', { month: '2025-12' }));
  for (const account of ['acme', 'globex']) await fillToday(open, account);
  const made = await Promise.all(['a', 'b'].map((name) => open.call('POST', '/v1/accounts/acme/keys', { name })));
  const signers = await Promise.all(
    ['a', 'b', 'c'].map((name) => open.call('POST', '/v1/accounts/acme/credentials', { name })),
  );
  // What is revoked leaves another to be rotated.
  const [rotated = '', ...secretIds] = signers.map(({ json }) => String(json.secretId));
  const hooks = await Promise.all(
    ['acme', 'globex', 'acme'].map((account) =>
      open.call('POST', '/v1/webhooks', { account, url: 'http://127.0.0.1:9/', kinds: ['cap-reached'] }),
    ),
  );
  const tried = await Promise.all(hooks.map(({ json }) => open.call('POST', `/v1/webhooks/${json.id}/test`)));
  const files = await makeFiles(open);
  const prices = { ...book, id: 'fuzz-prices' };
  await done(open.call('POST', '/v1/price-books', prices));
  const people = await Promise.all(
    ['acme', 'globex'].map((account) =>
      open.call('POST', '/v1/people', { email: `li@${account}.example`, name: 'Li', role: 'owner', account }),
    ),
  );
  const { browser } = await invite(open, { email: 'wang@acme.example', role: 'owner', account: 'acme' });
  const elsewhere = await browserOf(open).signIn('wang@acme.example', password);
  // Nobody makes them another link meanwhile.
  const links = await Promise.all(
    ['a', 'b'].map((name) =>
      open.call('POST', '/v1/people', { email: `${name}@acme.example`, name, role: 'member', account: 'acme' }),
    ),
  );
  const settle = async () => {
    open.setClock(day);
    for (const id of ['acme', 'globex']) {
      await done(open.call('PATCH', `/v1/accounts/${id}`, { postpaid: true, cap: null, suspended: false }));
    }
  };
  const { authorization } = await open.keyOf('acme');
  return {
    open,
    callers: [`Bearer ${open.operator}`, authorization, '', 'Bearer sk_op_nothing', 'Basic YTpi', 'Bearer '],
    cookie: `__Host-suanpan=${browser.token()}`,
    pools: { ...poolsOf(book), secretId: [...secretIds, `AKID${'0'.repeat(32)}`, 'none'] },
    ids: {
      accounts: ['acme', 'globex', 'nobody'],
      events: ['e1', 'e2', 'voided', 'held1', 'h1', 'none'],
      '/v1/events/{id}/review': ['held2', 'held3', 'e1', 'voided', 'none'],
      authorizations: ['h1', 'h2', 'released', 'none'],
      '/v1/orders/{id}/confirm': ['acme:order-1', 'globex:order-1', 'acme:order-2', 'none'],
      orders: ['acme:order-3', 'acme:order-2', 'globex:order-3', 'nobody:order-1', 'none'],
      packs: ['p', 'p-2', 'used', 'g1-1', 'none'],
      exports: [...files, 'none'],
      bills: ['acme:2025-12', 'acme:2026-01', 'globex:2025-12', 'acme-000001', 'nobody:2026-01'],
      keys: [String(made[0]?.json.id), 'none'],
      // What is revoked leaves another to be rotated.
      '/v1/keys/{id}': [String(made[1]?.json.id), 'none'],
      'price-books': ['faceid-legacy', 'none'],
      deliveries: [...tried.slice(0, 2).map(({ json }) => String(json.delivery)), 'none'],
      sweeps: ['2026-01-06', 'none'],
      jobs: ['book-due', 'close-months', 'alerts', 'deliver', 'none'],
      webhooks: [...hooks.slice(0, 2).map(({ json }) => String(json.id)), 'none'],
      people: [...people.map(({ json }) => String(json.id)), 'none'],
      sessions: [String(elsewhere.json.id), 'none'],
      // What is removed leaves the others to be sent to.
      '/v1/webhooks/{id}': [...hooks.slice(2).map(({ json }) => String(json.id)), 'none'],
    },
    samples: {
      ...samplesOf(book),
      '/v1/keys': [
        { role: 'operator', name: 'b' },
        { role: 'account', account: 'acme', scopes: ['read'] },
      ],
      '/v1/accounts/{id}/credentials/rotate': [{ secretId: rotated }],
      '/v1/signing-keys': [{ secretId: rotated, date: '2026-01-06', service: 'faceid' }],
      '/v1/sessions': [{ email: 'wang@acme.example', password }],
      '/v1/passwords': links.map(({ json }) => ({ token: tokenOf(json.link), password: 'a fine new password' })),
      '/v1/me/password': [{ current: password, password: 'another fine password' }],
    },
    settle,
  };
}

const tokenOf = (link: unknown): string => String((link as { readonly url: string }).url).split('#')[1] ?? '';

async function done(reply: Promise<{ readonly status: number; readonly text: string }>): Promise<void> {
  const { status, text } = await reply;
  if (status >= 300) throw new Error(text);
}

async function fill(open: OpenApp, account: string): Promise<void> {
  const event = (id: string, more = {}) =>
    done(open.call('POST', '/v1/events', { account, id, meter: basic, calls: 2_000, time: december, ...more }));
  await done(open.once('POST', '/v1/packs', { account, product: 'basic_authority', size: 1_000, id: 'used' }));
  await event('e1');
  await event('e2', { department: 'loans' });
  await event('voided');
  await done(open.call('POST', '/v1/events/voided/void', { account }));
  await done(open.once('POST', '/v1/gifts', { account, product: 'basic_authority', calls: 50, months: 2, id: 'g1' }));
}

/** What must not be old to be of any use. */
async function fillToday(open: OpenApp, account: string): Promise<void> {
  const facts = { action: 'IdCardVerification', resultCode: '99', time: day };
  for (const id of ['held1', 'held2', 'held3']) await done(open.call('POST', '/v1/events', { account, id, ...facts }));
  await done(open.once('POST', '/v1/packs', { account, product: 'basic_selfie', size: 1_000, count: 2, id: 'p' }));
  for (const pay of ['transfer', 'balance', 'transfer']) {
    await done(open.once('POST', '/v1/orders', { account, packs: [{ product: 'basic_selfie', size: 1_000 }], pay }));
  }
  for (const id of ['h1', 'h2', 'released']) {
    await done(open.call('POST', '/v1/authorizations', { account, id, meter: basic, seconds: 86_400 }));
  }
  await done(open.call('POST', '/v1/authorizations/released/release', { account }));
}

const samplesOf = (book: object): FuzzWorld['samples'] => {
  const use = [{ of: basic, calls: 20_000 }];
  const packs = [{ product: 'basic_authority', size: 1_000, count: 2 }];
  const contracts = ['2026-01', '2026-04', '2027-01'].map((from) => ({
    from,
    tariffs: { liveness_verification: [{ from: 200_000, price: '0.55' }] },
    packs: from === '2026-01' ? {} : { basic_authority: [{ size: 1_000, price: '700.00' }] },
  }));
  return {
    '/v1/price-books': ['fuzz-1', 'fuzz-2', 'faceid-legacy'].map((id) => ({ ...book, id })),
    '/v1/price-books/{id}/versions': ['2026-03', '2026-04'].map((from) => ({ from, pricesOf: 'fuzz-prices' })),
    '/v1/accounts/{id}/credits': [{ amount: '1.00', reason: 'outage' }],
    '/v1/quotes': [
      { book: 'faceid-legacy', use },
      { book: 'faceid-legacy', use, packs, gifts: [{ product: 'basic_authority', calls: 50 }] },
    ],
    '/v1/accounts/{id}/standing-orders': [
      {
        name: 'basic',
        watch: { product: 'basic_authority' },
        below: { calls: 100 },
        buy: { product: 'basic_authority', size: 1_000 },
        mostPurchases: 2,
        mostMoney: '5000.00',
      },
    ],
    '/v1/orders': [
      { account: 'acme', packs: [{ product: 'basic_authority', size: 1_000, count: 2 }], pay: 'transfer' },
      { account: 'globex', packs: [{ product: 'basic_authority', size: 1_000 }], pay: 'balance' },
      { account: 'acme', topUp: '100.00', pay: 'transfer' },
    ],
    '/v1/orders/{id}/confirm': [
      { reference: 'paid-1', amount: '930.00' },
      { reference: 'paid-2', amount: '100000.00' },
    ],
    '/v1/plans': [
      { book: 'faceid-legacy', use },
      { book: 'faceid-legacy', profile: [{ month: 1, meter: basic, calls: 5_000 }], start: '2026-01' },
    ],
    '/v1/packs/preview': [{ account: 'acme', product: 'basic_authority', size: 1_000, count: 2 }],
    '/v1/accounts/{id}/contracts': contracts,
    '/v1/accounts/{id}/contracts/preview': contracts,
    '/v1/reviews': [{ charge: false, account: 'globex', resultCode: '99' }],
    '/v1/what-if': [
      { account: 'acme', months: 1 },
      { account: 'acme', months: 1, growth: 1.5, packs, book: { ...book, id: 'offer' } },
    ],
  };
};

const poolsOf = (book: object): Pools => ({
  account: ['acme', 'acme', 'globex', 'nobody', null],
  id: ['e1', 'p1', 'h1', 'g1', 'x1', 'x2', 'x3', 'acme', 'faceid-2021'],
  book: ['faceid-legacy', 'faceid-2021', 'none', book, { ...book, meters: [] }],
  product: ['basic_authority', 'identity', 'none'],
  meter: [basic, basic, 'identity', 'none'],
  of: [basic, 'liveness_verification', 'identity', 'none'],
  size: [1_000, 10_000, 7],
  calls: [1, 2, 1_000, 150_000, 1_000_000_000_000],
  count: [1, 2, 3],
  months: [1, 2],
  month: ['2025-12', '2026-01', '2026-02', '2024-01', '2199-12', 1, 2],
  time: [day, december, '2026-01-12T01:00:00Z', '2025-11-01T00:00:00+08:00', '2026-01-12T09:04:59+08:00'],
  from: [december, '2026-03', '2026-04'],
  pricesOf: ['fuzz-prices', 'faceid-2021'],
  to: [day],
  now: [day, '2026-03-05T00:00:00+08:00'],
  amount: ['1.00', '0.01', '92233720368547758.07', '0.00'],
  action: ['IdCardVerification', 'LivenessRecognition', 'none'],
  resultCode: ['Success', '0', '99'],
  opened: ['2025-12-01', '2030-01-01'],
  timeZone: ['Asia/Shanghai', 'America/Santiago', '+08:00'],
  expires: ['2026-06-30', '2025-01-01', 'none'],
  start: ['2026-01', '2026-01-15', 'none'],
  seconds: [1, 60],
  format: ['csv', 'json', 'xlsx'],
  cursor: [
    '1',
    accountsCursor.write(['acme']),
    billsCursor.write(['2026-01', 'acme']),
    eventsCursor.write([1_768_179_600_000, 1]),
    packsCursor.write([1]),
    entriesCursor.write([2]),
  ],
  specversion: ['1.0'],
  subject: ['acme', 'nobody'],
  data: [{ meter: basic }, { meter: basic, calls: 3 }],
});

/** Lists that were made as files, one of each account. */
async function makeFiles(open: OpenApp): Promise<string[]> {
  const asked = await Promise.all(
    ['acme', 'globex'].map((account) => open.call('POST', '/v1/exports', { account, list: 'packs' })),
  );
  await writeExports(open.suanpan, new AbortController().signal);
  return asked.map(({ json }) => String(json.id));
}
