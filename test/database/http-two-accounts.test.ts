// Every operation of the document, asked by one account with another's ids and with nobody's: the same status, the same body
// but the id, and the same work. An operation that is added is asked too; one whose ids are of a new kind must be told here.

import { Client } from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { basic, type Json, type Method, type OpenApp, openAccountWith, openApp } from '../http/open-app.ts';

const day = '2026-01-12T09:00:00+08:00';
let open: OpenApp;
let acme: { readonly authorization: string };
let operations: readonly Operation[];

interface Operation {
  readonly method: Method;
  readonly path: string;
  readonly query: readonly string[];
  readonly takesBody: boolean;
}

/** Every query that this process sends, whichever pool it goes through; but for the watch's, which asks the time each second. */
let queries = 0;
const send = Client.prototype.query;
Client.prototype.query = function counted(this: Client, ...given: unknown[]) {
  if (!String(given[0]).includes('clock_timestamp')) queries += 1;
  return Reflect.apply(send, this, given);
} as typeof send;

beforeAll(async () => {
  open = await openApp('2026-01-03T09:00:00+08:00');
  for (const id of ['acme', 'globex']) await openAccountWith(open, id, '10000.00');
  await open.once('POST', '/v1/packs', { account: 'globex', product: 'basic_authority', size: 1000, id: 'of-globex' });
  await open.call('POST', '/v1/events', {
    id: 'of-globex',
    account: 'globex',
    meter: basic,
    time: '2026-01-03T09:00:00+08:00',
  });
  await open.call('POST', '/v1/authorizations', {
    account: 'globex',
    id: 'hold-of-globex',
    meter: basic,
    seconds: 86_400,
  });
  await open.call('POST', '/v1/webhooks', { account: 'globex', url: 'https://example.com/' });
  await open.suanpan.pool.query(`update webhooks set id = 'of-globex'`);
  const person = { email: 'li@globex.example', name: 'Li', role: 'owner', account: 'globex' };
  await open.call('POST', '/v1/people', person);
  await open.suanpan.pool.query(`delete from password_links`);
  await open.suanpan.pool.query(`update people set id = 'of-globex'`);
  await open.call('POST', '/v1/exports', { account: 'globex', list: 'packs' });
  await open.suanpan.pool.query(`update list_exports set id = 'of-globex'`);
  open.setClock('2026-02-03T00:00:00+08:00');
  await open.call('POST', '/v1/bills/close', { account: 'globex', month: '2026-01' });
  open.setClock(day);
  acme = await open.keyOf('acme');
  const { paths } = (await open.call('GET', '/v1/openapi.json')).json as {
    paths: Record<string, Record<string, Json>>;
  };
  operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { parameters = [], requestBody }]) => ({
      method: method.toUpperCase() as Method,
      path,
      query: (parameters as Json[]).filter((each) => each.in === 'query').map((each) => String(each.name)),
      takesBody: requestBody !== undefined,
    })),
  );
});
afterAll(async () => {
  Client.prototype.query = send;
  await open.close();
});

/** What `{id}` is below a path, in globex's possession. */
const ids: Readonly<Record<string, readonly string[]>> = {
  accounts: ['globex'],
  bills: ['globex:2026-01', 'globex:2026-02', 'globex-000001'],
  events: ['of-globex'],
  authorizations: ['hold-of-globex'],
  packs: ['of-globex'],
  exports: ['of-globex'],
  orders: ['globex:order-1', 'of-globex'],
  keys: ['of-globex'],
  'price-books': ['of-globex'],
  // Nobody's: an account sees none of them.
  jobs: ['close-months'],
  webhooks: ['of-globex'],
  deliveries: ['of-globex'],
  people: ['of-globex'],
  sweeps: ['2026-01-06'],
  // Operators alone see them.
  approvals: ['of-globex'],
  sessions: ['of-globex'],
};

/** Bodies that pass their schemas, so that it is the account that is judged. */
const bodies: Readonly<Record<string, Json>> = {
  'POST /v1/events': { id: 'x', meter: basic, time: day },
  'POST /v1/authorizations': { meter: basic, id: 'x' },
  'POST /v1/packs': { product: 'basic_authority', size: 1000 },
  'POST /v1/orders': { topUp: '1.00', pay: 'transfer' },
  'POST /v1/orders/{id}/confirm': { reference: 'x', amount: '1.00' },
  'POST /v1/what-if': { months: 1 },
  'POST /v1/exports': { list: 'packs' },
};

interface Request {
  readonly method: Method;
  readonly url: string;
  readonly body: Json | undefined;
}

/** A request for each way in which an operation can name what is globex's. */
function requestsOf({ method, path, query, takesBody }: Operation): Request[] {
  const noun = /^\/v1\/([a-z-]+)\/\{/.exec(path)?.[1];
  const known = noun === undefined ? [''] : ids[noun];
  if (known === undefined || path.replace(/\{(?:id|name)\}/, '').includes('{'))
    throw new Error(`${path}: say in this test whose its ids are`);
  return known.flatMap((id) => {
    const url = path.replace(/\{(?:id|name)\}/, encodeURIComponent(id));
    const body = takesBody ? (bodies[`${method} ${path}`] ?? {}) : undefined;
    const named = takesBody ? [{ method, url, body: { ...body, account: 'globex' } }] : [];
    const asked = query.includes('account') ? [{ method, url: `${url}?account=globex`, body }] : [];
    return [{ method, url, body }, ...named, ...asked];
  });
}

const nobodys = (text: string): string => text.replaceAll('globex', 'nobody');

interface Seen {
  readonly status: number;
  readonly body: string;
  readonly queries: number;
}

async function ask({ method, url, body }: Request): Promise<Seen> {
  // The key is looked up now and then, whatever is asked.
  await open.call('GET', '/v1/me', undefined, acme);
  const before = queries;
  const { status, text } = await open.once(method, url, body, acme);
  return {
    status,
    body: nobodys(text).replace(/"request_id":"[^"]*"/g, ''),
    queries: queries - before,
  };
}

test('an account cannot tell what is another’s from what is nobody’s, by words or by work', async () => {
  const requests = operations
    .flatMap(requestsOf)
    .filter(({ url, body }) => JSON.stringify([url, body]).includes('globex'));
  expect(requests.length).toBeGreaterThan(30);
  const state = await open.state();
  for (const request of requests) {
    const other: Request = JSON.parse(nobodys(JSON.stringify(request)));
    // The first of each fills what is kept in memory.
    await ask(request);
    await ask(other);
    const seen = await ask(request);
    const name = `${request.method} ${request.url} ${JSON.stringify(request.body)}`;
    expect(seen, name).toEqual(await ask(other));
    expect(seen.status, name).toBeGreaterThanOrEqual(400);
    expect(seen.status, name).toBeLessThan(500);
  }
  expect(await open.state()).toBe(state);
});

test('whom an account may see is decided before anything is read', async () => {
  const named = operations
    .flatMap(requestsOf)
    .filter(({ url, body }) => /account=globex|\/(accounts|bills)\/globex/.test(url) || body?.account === 'globex');
  expect(named.length).toBeGreaterThan(20);
  for (const request of named) {
    const seen = await ask(request);
    expect(seen.queries, `${request.method} ${request.url} ${JSON.stringify(request.body)}`).toBe(0);
  }
});
