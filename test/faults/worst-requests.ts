// For every operation the requests that cost a server most of all that its limits allow.

import { basic } from '../http/open-app.ts';

export interface Costly {
  readonly url: string;
  readonly body?: string;
  readonly type?: string;
  /** One of those that every operation gets. */
  readonly flood?: true;
  /** Nobody's: sent without a key. */
  readonly stranger?: true;
}

const json = (url: string, body: unknown): Costly => ({ url, body: JSON.stringify(body) });
const long = 'x'.repeat(200);
const kibi64 = 64 * 1024 - 100;
const mebi8 = 8 * 1024 * 1024 - 100;

/** Whatever a body should be: names by the thousand, the deepest nesting, the most items. */
const floodBodies = (most: number): string[] => {
  const names = Array.from(
    { length: Math.floor(most / 13) },
    (_, index) => `"${index.toString(36).padStart(6, 'n')}":1`,
  );
  return [
    `{${names.join(',')}}`,
    '['.repeat(most),
    `[${'{},'.repeat(Math.floor(most / 3) - 1)}{}]`,
    `{"a":"${'\\u0001'.repeat(Math.floor(most / 6) - 10)}"}`,
  ];
};
// Made once: whoever makes them for each request sends few.
const openings = '{\n'.repeat(mebi8 / 2);
const floods = { of64Kibi: floodBodies(kibi64), of8Mebi: floodBodies(mebi8) };

/** Of the account "hog", which has a thousand packs, ten thousands of calls and hundreds of entries. */
export const worstRequests = (book: { readonly id: string }, today: string, months: readonly [string, string]) => {
  const [last, running] = months;
  let serial = 0;
  const fresh = () => {
    serial += 1;
    return `${performance.timeOrigin}-${serial}`;
  };
  const events = (count: number) => {
    const run = fresh();
    return Array.from({ length: count }, (_, index) => ({
      account: 'hog',
      id: `${run}-${index}`.padEnd(200, 'i'),
      meter: basic,
      calls: 1,
      time: today,
      department: 'd'.repeat(100),
    }));
  };
  const use = Array.from({ length: 100 }, () => ({ of: basic, calls: 1_000_000_000_000 }));
  const packs = Array.from({ length: 100 }, () => ({ product: 'basic_authority', size: 1_000, count: 1_000 }));
  const profile = Array.from({ length: 240 }, (_, index) => ({
    month: 1 + (index % 24),
    meter: [basic, 'liveness.basic.selfie'][index % 2],
    calls: 1_000 + index * 997,
  }));
  const largeBook = { ...book, id: `large-${fresh()}`.slice(0, 60) };
  const page = 'limit=200';
  const account = { account: 'hog' };
  const code = 'c'.repeat(100);
  /** As many prices as a contract may name. */
  const contract = (from: string) => ({
    from,
    tariffs: {
      liveness_verification: Array.from({ length: 100 }, (_, index) => ({ from: index * 1_000, price: '0.12345678' })),
    },
    packs: {
      basic_authority: Array.from({ length: 200 }, (_, index) => ({ size: 1_000 + index, price: '123456789.12' })),
    },
  });
  const of = (path: string) => path.replace('{id}', long);

  const table: Record<string, () => Costly[]> = {
    'POST /v1/events': () => [
      {
        url: '/v1/events',
        get body() {
          return JSON.stringify(events(10_000));
        },
      },
      ...floods.of8Mebi.map((body) => ({ url: '/v1/events', body })),
      { url: '/v1/events', type: 'application/x-ndjson', body: openings },
      {
        url: '/v1/events',
        type: 'application/x-ndjson',
        get body() {
          return events(10_000)
            .map((each) => JSON.stringify(each))
            .join('\n');
        },
      },
    ],
    'GET /v1/events': () => [
      { url: `/v1/events?account=hog&${page}` },
      { url: `/v1/events?account=hog&department=nobody&payer=nothing&outcome=held&${page}` },
    ],
    'GET /v1/packs/{id}': () => [{ url: `/v1/packs/hog-1?account=hog` }],
    'GET /v1/events/{id}/receipt': () => [{ url: '/v1/events/hog-0/receipt?account=hog' }],
    'POST /v1/events/{id}/void': () => [json('/v1/events/hog-1/void', account)],
    'POST /v1/events/{id}/review': () => [json('/v1/events/hog-2/review', { ...account, charge: true })],
    'POST /v1/authorizations': () => [
      json('/v1/authorizations', { ...account, id: fresh(), meter: basic, seconds: 1 }),
    ],
    'POST /v1/authorizations/steps': () => [
      json('/v1/authorizations/steps', {
        steps: Array.from({ length: 100 }, () => ({ step: 'hold', ...account, id: fresh(), meter: basic, seconds: 1 })),
      }),
    ],
    'POST /v1/authorizations/{id}/capture': () => [json(of('/v1/authorizations/{id}/capture'), account)],
    'POST /v1/authorizations/{id}/release': () => [json(of('/v1/authorizations/{id}/release'), account)],
    'POST /v1/accounts': () => [json('/v1/accounts', { id: fresh().slice(-60), name: long, book: book.id })],
    'PATCH /v1/accounts/{id}': () => [json('/v1/accounts/hog', { postpaid: true })],
    'GET /v1/accounts': () => [{ url: `/v1/accounts?${page}` }, { url: `/v1/accounts?search=hog&${page}` }],
    'GET /v1/accounts/{id}': () => [{ url: '/v1/accounts/hog' }],
    'GET /v1/accounts/{id}/packs': () => [{ url: '/v1/accounts/hog/packs' }, { url: `/v1/accounts/hog/packs?${page}` }],
    'GET /v1/accounts/{id}/changes': () => [{ url: `/v1/accounts/hog/changes?${page}` }],
    'GET /v1/accounts/{id}/usage': () => [{ url: `/v1/accounts/hog/usage?month=${running}` }],
    'GET /v1/accounts/{id}/usage/departments': () => [{ url: `/v1/accounts/hog/usage/departments?month=${running}` }],
    'GET /v1/accounts/{id}/export': () => [
      { url: '/v1/accounts/hog/export?list=packs&format=xlsx' },
      { url: '/v1/accounts/hog/export?list=draws&format=xlsx' },
    ],
    'GET /v1/accounts/{id}/notes': () => [{ url: `/v1/accounts/hog/notes?${page}` }],
    'POST /v1/accounts/{id}/notes': () => [json('/v1/accounts/hog/notes', { note: long })],
    'GET /v1/bills/figures': () => [{ url: `/v1/bills/figures?month=${running}` }],
    'GET /v1/bills/readiness': () => [{ url: `/v1/bills/readiness?month=2025-12&${page}` }],
    'POST /v1/exports': () => [json('/v1/exports', { ...account, list: 'draws', format: 'json' })],
    'GET /v1/exports': () => [{ url: `/v1/exports?account=hog&${page}` }],
    'GET /v1/exports/{id}': () => [{ url: '/v1/exports/ex_none?account=hog' }],
    'GET /v1/exports/{id}/file': () => [{ url: '/v1/exports/ex_none/file?account=hog' }],
    'GET /v1/accounts/{id}/balance': () => [{ url: `/v1/accounts/hog/balance?${page}` }],
    'GET /v1/accounts/{id}/forecast': () => [{ url: '/v1/accounts/hog/forecast' }],
    'POST /v1/accounts/{id}/top-ups': () => [json('/v1/accounts/hog/top-ups', { amount: '0.01', reference: long })],
    'POST /v1/accounts/{id}/contracts': () => [json('/v1/accounts/hog/contracts', contract('2199-12'))],
    'GET /v1/accounts/{id}/contracts': () => [{ url: `/v1/accounts/hog/contracts?${page}` }],
    'POST /v1/accounts/{id}/contracts/preview': () => [
      json('/v1/accounts/hog/contracts/preview', contract(running)),
      json('/v1/accounts/hog/contracts/preview', contract('1900-01')),
    ],
    'GET /v1/reviews': () => [
      { url: `/v1/reviews?${page}` },
      { url: `/v1/reviews?account=hog&resultCode=${code}&${page}` },
    ],
    'GET /v1/reviews/codes': () => [{ url: '/v1/reviews/codes' }],
    'POST /v1/reviews': () => [
      json('/v1/reviews', { charge: true }),
      json('/v1/reviews', { ...account, charge: true }),
    ],
    'GET /v1/alerts': () => [{ url: `/v1/alerts?${page}` }, { url: `/v1/alerts?account=hog&kind=pack-low&${page}` }],
    'GET /v1/accounts/{id}/alert-settings': () => [{ url: '/v1/accounts/hog/alert-settings' }],
    'PATCH /v1/accounts/{id}/alert-settings': () => [
      json('/v1/accounts/hog/alert-settings', {
        packThresholds: Array.from({ length: 10 }, (_, index) => 99 - index),
        mail: Array.from({ length: 20 }, (_, index) => ({ address: `${'m'.repeat(200)}${index}@example.com` })),
      }),
    ],
    'POST /v1/orders': () => [
      json('/v1/orders', {
        ...account,
        packs: [{ product: 'basic_authority', size: 1_000, count: 1_000 }],
        pay: 'transfer',
      }),
      json('/v1/orders', {
        ...account,
        packs: [{ product: 'basic_authority', size: 1_000, count: 20 }],
        pay: 'balance',
      }),
      json('/v1/orders', { ...account, topUp: '0.01', pay: 'transfer' }),
    ],
    'GET /v1/accounts/{id}/standing-orders': () => [{ url: '/v1/accounts/hog/standing-orders' }],
    'POST /v1/accounts/{id}/standing-orders': () => [
      json('/v1/accounts/hog/standing-orders', {
        name: fresh().slice(-60),
        watch: { meter: basic },
        below: { percent: 1 },
        buy: { product: 'basic_authority', size: 1_000, count: 1_000 },
        mostPurchases: 1,
        mostMoney: '0.01',
      }),
    ],
    'DELETE /v1/accounts/{id}/standing-orders': () => [{ url: '/v1/accounts/hog/standing-orders?name=none' }],
    'GET /v1/orders': () => [{ url: `/v1/orders?${page}` }, { url: `/v1/orders?account=hog&state=lapsed&${page}` }],
    'GET /v1/orders/{id}': () => [{ url: '/v1/orders/hog:order-1' }],
    'POST /v1/orders/{id}/confirm': () => [
      json('/v1/orders/hog:order-1/confirm', { reference: fresh(), amount: '1.00' }),
      json('/v1/orders/hog:order-1/confirm', { reference: long, amount: '92233720368547758.07' }),
    ],
    'POST /v1/orders/{id}/cancel': () => [json('/v1/orders/hog:order-1/cancel', {})],
    'GET /v1/jobs': () => [{ url: '/v1/jobs' }],
    'POST /v1/jobs/{name}/run': () =>
      [
        'book-due',
        'end-holds',
        'monthly-gifts',
        'close-months',
        'lapse-orders',
        'standing-orders',
        'alerts-of-time',
        'alerts',
        'deliver',
      ].map((name) => json(`/v1/jobs/${name}/run`, {})),
    'GET /v1/accounts/{id}/caps': () => [{ url: '/v1/accounts/hog/caps' }],
    'POST /v1/accounts/{id}/caps': () => [
      json('/v1/accounts/hog/caps', {
        name: 'n'.repeat(64),
        per: 'month',
        of: 'all',
        most: 1e12,
        department: 'd'.repeat(100),
      }),
      json('/v1/accounts/hog/caps', { name: 'all', per: 'month', of: 'postpaid', most: 1e12 }),
    ],
    'GET /v1/accounts/{id}/credentials': () => [{ url: '/v1/accounts/hog/credentials' }],
    'POST /v1/accounts/{id}/credentials': () => [json('/v1/accounts/hog/credentials', { name: 'k' })],
    'POST /v1/accounts/{id}/credentials/rotate': () => [
      json('/v1/accounts/hog/credentials/rotate', { secretId: `AKID${'0'.repeat(32)}` }),
    ],
    'DELETE /v1/accounts/{id}/credentials': () => [
      { url: `/v1/accounts/hog/credentials?secretId=AKID${'0'.repeat(32)}` },
    ],
    'POST /v1/gate': () => [{ url: '/v1/gate?account=hog&meter=identity' }],
    'POST /v1/signing-keys': () => [
      json('/v1/signing-keys', { secretId: `AKID${'0'.repeat(32)}`, date: '2026-01-06', service: 'faceid' }),
    ],
    'POST /v1/flow-tokens': () => [
      json('/v1/flow-tokens', { token: fresh(), account: 'hog', action: 'a'.repeat(100), channel: 'c', library: 'l' }),
    ],
    'POST /v1/sweeps': () => [
      json('/v1/sweeps', { through: '2026-01-06', timeZone: 'Asia/Shanghai', day: '2026-01-06' }),
    ],
    'POST /v1/sweeps/{id}/pages': () => [
      json('/v1/sweeps/2026-01-06/pages', {
        ...{ cursor: 0, next: 1 },
        attempts: Array.from({ length: 100 }, (_, no) => ({
          ...{ token: `${'t'.repeat(90)}${no}`, attempt: 's'.repeat(99), time: '2026-01-05T00:00:50.123Z' },
          ...{ resultCode: 'c'.repeat(100), charged: true, rule: 'r'.repeat(99) },
        })),
      }),
    ],
    'GET /v1/sweeps': () => [{ url: `/v1/sweeps?${page}` }],
    'GET /v1/sweeps/{id}/findings': () => [{ url: `/v1/sweeps/2026-01-06/findings?${page}` }],
    'DELETE /v1/accounts/{id}/caps': () => [{ url: '/v1/accounts/hog/caps?name=none' }],
    'POST /v1/deliveries/{id}/replay': () => [{ url: of('/v1/deliveries/{id}/replay') }],
    'POST /v1/price-books/{id}/versions': () => [
      json(`/v1/price-books/${book.id}/versions`, { from: '2199-12', pricesOf: book.id }),
    ],
    'GET /v1/price-books/{id}/versions': () => [{ url: `/v1/price-books/${book.id}/versions` }],
    'DELETE /v1/price-books/{id}/versions': () => [{ url: `/v1/price-books/${book.id}/versions?from=2199-12` }],
    'GET /v1/price-books/{id}/versions/preview': () => [
      { url: `/v1/price-books/${book.id}/versions/preview?pricesOf=${book.id}` },
    ],
    'GET /v1/approvals': () => [{ url: `/v1/approvals?account=hog&${page}` }],
    'POST /v1/approvals/{id}/approve': () => [{ url: of('/v1/approvals/{id}/approve') }],
    'POST /v1/approvals/{id}/reject': () => [{ url: of('/v1/approvals/{id}/reject') }],
    'POST /v1/accounts/{id}/credits': () => [
      json('/v1/accounts/hog/credits', { amount: '0.01', reason: 'r'.repeat(200) }),
    ],
    'POST /v1/people': () => [
      json('/v1/people', {
        email: `${fresh()}@${'e'.repeat(200)}.com`,
        name: 'n'.repeat(100),
        role: 'owner',
        ...account,
      }),
    ],
    'GET /v1/people': () => [{ url: `/v1/people?${page}` }],
    'GET /v1/people/{id}': () => [{ url: of('/v1/people/{id}') }],
    'PATCH /v1/people/{id}': () => [json(of('/v1/people/{id}'), { name: 'n'.repeat(100) })],
    'POST /v1/people/{id}/link': () => [{ url: of('/v1/people/{id}/link') }],
    // A password takes a core for some hundredths of a second, whoever asks.
    'POST /v1/sessions': () => [
      {
        ...json('/v1/sessions', { email: `${fresh()}@example.com`, password: '\u{fdfa}'.repeat(1_000) }),
        stranger: true,
      },
    ],
    'GET /v1/sessions': () => [{ url: '/v1/sessions' }],
    'DELETE /v1/sessions/{id}': () => [{ url: of('/v1/sessions/{id}') }],
    'POST /v1/password-resets': () => [
      { ...json('/v1/password-resets', { email: `${fresh()}@example.com` }), stranger: true },
    ],
    'POST /v1/passwords': () => [
      {
        ...json('/v1/passwords', { token: `pw_${'0'.repeat(24)}_${'a'.repeat(32)}`, password: 'p'.repeat(1_000) }),
        stranger: true,
      },
    ],
    'POST /v1/me/password': () => [
      json('/v1/me/password', { current: 'p'.repeat(1_000), password: 'p'.repeat(1_000) }),
    ],
    'PATCH /v1/me': () => [json('/v1/me', { name: 'n'.repeat(100) })],
    'POST /v1/webhooks': () => [json('/v1/webhooks', { ...account, url: `https://example.com/${'p'.repeat(900)}` })],
    'GET /v1/webhooks': () => [{ url: `/v1/webhooks?${page}` }],
    'GET /v1/webhooks/{id}': () => [{ url: of('/v1/webhooks/{id}') }],
    'PATCH /v1/webhooks/{id}': () => [json(of('/v1/webhooks/{id}'), { active: true })],
    'DELETE /v1/webhooks/{id}': () => [{ url: of('/v1/webhooks/{id}') }],
    'POST /v1/webhooks/{id}/rotate': () => [json(of('/v1/webhooks/{id}/rotate'), {})],
    'POST /v1/webhooks/{id}/test': () => [json(of('/v1/webhooks/{id}/test'), {})],
    'POST /v1/webhooks/{id}/replay': () => [json(of('/v1/webhooks/{id}/replay'), { since: today })],
    'GET /v1/audit': () => [{ url: `/v1/audit?${page}` }, { url: `/v1/audit?account=hog&by=${code}&${page}` }],
    'GET /v1/deliveries': () => [{ url: `/v1/deliveries?${page}` }],
    'GET /v1/webhooks/{id}/deliveries': () => [{ url: `${of('/v1/webhooks/{id}/deliveries')}?${page}` }],
    'POST /v1/accounts/{id}/keys': () => [json('/v1/accounts/hog/keys', { name: 'k' })],
    'POST /v1/packs': () => [
      json('/v1/packs', { ...account, product: 'basic_authority', size: 1_000, count: 1_000, id: fresh() }),
    ],
    'POST /v1/packs/preview': () => [
      json('/v1/packs/preview', { ...account, product: 'basic_authority', size: 1_000, count: 1_000 }),
    ],
    'POST /v1/gifts': () => [
      json('/v1/gifts', { ...account, product: 'basic_authority', calls: 1, months: 36, id: fresh() }),
    ],
    'POST /v1/packs/{id}/refund': () => [json('/v1/packs/hog-1/refund', account)],
    'POST /v1/packs/{id}/freeze': () => [json(of('/v1/packs/{id}/freeze'), account)],
    'GET /v1/bills': () => [{ url: `/v1/bills?${page}` }, { url: `/v1/bills?account=hog&month=${running}` }],
    'GET /v1/bills/{id}': () => [{ url: `/v1/bills/hog:${running}` }, { url: `/v1/bills/hog:${last}` }],
    'GET /v1/bills/{id}/export': () =>
      ['csv', 'json'].map((format) => ({ url: `/v1/bills/hog:${running}/export?detail=calls&format=${format}` })),
    'GET /v1/bills/{id}/departments': () => [{ url: `/v1/bills/hog:${running}/departments` }],
    'POST /v1/bills/close': () => [
      json('/v1/bills/close', { month: last }),
      json('/v1/bills/close', { month: '2020-01' }),
    ],
    'POST /v1/quotes': () => [
      { ...json('/v1/quotes', { book: book.id, use, packs }), stranger: true },
      { ...json('/v1/quotes', { book: book.id, use, packs: packs.slice(0, 10) }), stranger: true },
    ],
    'POST /v1/plans': () => [{ ...json('/v1/plans', { book: book.id, profile, start: '2026-01' }), stranger: true }],
    'POST /v1/what-if': () => [json('/v1/what-if', { ...account, months: 24, packs, growth: 1_000, book: largeBook })],
    'GET /v1/price-books': () => [{ url: '/v1/price-books', stranger: true }],
    'GET /v1/price-books/{id}': () => [{ url: `/v1/price-books/${book.id}`, stranger: true }],
    'POST /v1/price-books': () => [json('/v1/price-books', { ...book, id: 'none', meters: Array(1_000).fill({}) })],
    'GET /v1/keys': () => [{ url: '/v1/keys' }],
    'POST /v1/keys': () => [json('/v1/keys', { role: 'account', account: 'hog', name: 'k' })],
    'POST /v1/portal-tokens': () => [json('/v1/portal-tokens', { ...account, minutes: 1 })],
    'POST /v1/keys/{id}/rotate': () => [json(of('/v1/keys/{id}/rotate'), { overlapHours: 1 })],
    'DELETE /v1/keys/{id}': () => [{ url: of('/v1/keys/{id}') }],
    'GET /v1/me': () => [{ url: '/v1/me' }],
    'GET /v1/clock': () => [{ url: '/v1/clock', stranger: true }],
    'GET /livez': () => [{ url: '/livez', stranger: true }],
    'GET /readyz': () => [{ url: '/readyz', stranger: true }],
    'GET /metrics': () => [{ url: '/metrics' }],
  };
  return {
    /** Undefined: nobody has thought of a worst request for this operation yet. */
    of: (operation: string): Costly[] | undefined => {
      const own = table[operation]?.();
      const [first] = own ?? [];
      if (own === undefined || operation === 'POST /v1/events' || first?.body === undefined) return own;
      return [...own, ...floods.of64Kibi.map((body) => ({ url: first.url, body, flood: true as const }))];
    },
  };
};
