// The OpenAPI document: every route in it, every reference leads somewhere, the schemas are those that validate.

import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { refusalCodes } from '../../src/core/refusal.ts';
import { refusalTexts } from '../../src/words/refusals.ts';
import { basic, type Json, type OpenApp, openApp } from '../http/open-app.ts';

let open: OpenApp;
let document: Json;
beforeAll(async () => {
  open = await openApp('2026-01-12T09:00:00+08:00');
  document = (await open.call('GET', '/v1/openapi.json', undefined, { authorization: '' })).json;
});
afterAll(() => open.close());

const operations = () =>
  Object.entries(document.paths as Record<string, Record<string, Json>>).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
  );

test('it is OpenAPI 3.1, and says what every operation needs', () => {
  expect(document.openapi).toMatch(/^3\.1\./);
  expect(document.info).toMatchObject({ title: expect.any(String), version: expect.stringMatching(/^\d+\.\d+\.\d+/) });
  const ids = operations().map(({ operation }) => operation.operationId);
  expect(new Set(ids).size).toBe(ids.length);
  for (const { path, operation } of operations()) {
    expect(operation.summary, path).toEqual(expect.any(String));
    const parameters = (operation.parameters ?? []) as Json[];
    const inPath = parameters.filter((each) => each.in === 'path').map(({ name }) => name);
    expect(inPath, path).toEqual([...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name));
    const responses = Object.entries(operation.responses as Record<string, { content: Json }>);
    const statuses = responses.map(([status]) => status).join(' ');
    // Freezing is always refused.
    const expected = path.endsWith('/freeze')
      ? /^400( 4\d\d)+ 500 503$/
      : /^(200|201|202|200 201|200 202|201 202)( 4\d\d)+ 500 503$/;
    expect(statuses, path).toMatch(expected);
    for (const [status, { content }] of responses) {
      if (status >= '400') expect(Object.keys(content), `${path} ${status}`).toEqual(['application/problem+json']);
    }
  }
});

test('every registered route is there, and every one there is registered', () => {
  const documented = operations().map(({ path, method }) => `${method} ${path}`);
  expect(documented.length).toBeGreaterThan(30);
  for (const route of registered(open.app.printRoutes({ commonPrefix: false }))) {
    // Fastify answers HEAD where there is a GET; pages, their files and the document itself are no part of the API.
    const isOfApi = /^\w+ \/(v1\/|livez|readyz|metrics)/.test(route) && route !== 'get /v1/openapi.json';
    if (route.startsWith('head ') || !isOfApi) continue;
    expect(documented, route).toContain(route);
  }
  for (const { path, method } of operations()) {
    const url = path.replace(/\{(\w+)\}/g, ':$1');
    expect(open.app.hasRoute({ method: method.toUpperCase() as 'GET', url }), `${method} ${url}`).toBe(true);
  }
});

/** "post /v1/events/{id}/void" and so on, from Fastify's tree of routes. */
function registered(tree: string): string[] {
  const above: string[] = [];
  return tree.split('\n').flatMap((line) => {
    const match = /^((?:[│ ] {3})*)(?:[├└]── )(\S*)(?: \(([A-Z, ]+)\))?/.exec(line);
    if (match === null) return [];
    const [, indent = '', part = '', methods] = match;
    above.length = indent.length / 4;
    above.push(part);
    const path = above.join('').replace(/:(\w+)/g, '{$1}');
    return (methods ?? '')
      .split(', ')
      .filter(Boolean)
      .map((method) => `${method.toLowerCase()} ${path}`);
  });
}

const contracted = [
  'post /v1/events',
  'get /v1/events',
  'get /v1/events/{id}/receipt',
  'post /v1/events/{id}/void',
  'post /v1/authorizations',
  'post /v1/authorizations/steps',
  'post /v1/authorizations/{id}/capture',
  'post /v1/authorizations/{id}/release',
  'post /v1/accounts',
  'get /v1/accounts/{id}',
  'get /v1/accounts/{id}/packs',
  'get /v1/accounts/{id}/usage',
  'get /v1/accounts/{id}/balance',
  'post /v1/accounts/{id}/top-ups',
  'post /v1/packs',
  'post /v1/gifts',
  'post /v1/packs/{id}/refund',
  'get /v1/bills',
  'get /v1/bills/{id}',
  'get /v1/bills/{id}/export',
  'post /v1/bills/close',
  'post /v1/quotes',
  'get /v1/price-books',
  'get /livez',
  'get /readyz',
  'get /metrics',
];

test.each(contracted)('%s is documented', (wanted) => {
  expect(operations().map(({ path, method }) => `${method} ${path}`)).toContain(wanted);
});

test('closing answers in both its ways', () => {
  const closing = operations().find(({ path }) => path === '/v1/bills/close');
  const responses = (closing?.operation.responses ?? {}) as Record<string, { content: Json }>;
  const { content = {} } = responses['200'] ?? {};
  expect(Object.keys(content)).toEqual(['application/json', 'application/x-ndjson']);
  expect(JSON.stringify(content)).toContain('#/components/schemas/Closed');
});

test('every reference leads somewhere', () => {
  const text = JSON.stringify(document);
  const references = [...text.matchAll(/"\$ref":"([^"]+)"/g)].map(([, target]) => target ?? '');
  expect(references.length).toBeGreaterThan(10);
  for (const target of references) {
    expect(target).toMatch(/^#\//);
    const found = target
      .slice(2)
      .split('/')
      .reduce<unknown>((at, part) => (at as Json | undefined)?.[part], document);
    expect(found, target).toBeDefined();
  }
});

test('the codes are those that exist, each with a text', () => {
  const { schemas } = document.components as { schemas: Record<string, Json> };
  expect(schemas.RefusalCode?.enum).toEqual([...refusalCodes]);
  for (const code of refusalCodes) expect(refusalTexts[code].status, code).toBeGreaterThanOrEqual(400);
});

describe('the schemas of bodies judge as the server does', () => {
  const samples: readonly (readonly [string, string, Json])[] = [
    ['/v1/events', 'post', { id: 'a', account: 'nobody', meter: basic, time: '2026-01-12T09:00:00+08:00' }],
    ['/v1/packs', 'post', { account: 'nobody', product: 'x', size: 1000 }],
    ['/v1/accounts/{id}/top-ups', 'post', { amount: '1.00' }],
    ['/v1/bills/close', 'post', { month: '2026-01', account: 'nobody' }],
    ['/v1/gifts', 'post', { account: 'nobody', product: 'x', calls: 5 }],
    ['/v1/authorizations', 'post', { account: 'nobody', meter: basic }],
  ];
  test.each(samples)('%s %s', async (path, method, sample) => {
    const ajv = new Ajv2020({ strict: false });
    ajv.addSchema({ $id: 'api', components: document.components });
    const { operation } = operations().find((each) => each.path === path && each.method === method) ?? {};
    const requestBody = operation?.requestBody as { content: Record<string, { schema: Json }> } | undefined;
    const body = requestBody?.content['application/json']?.schema;
    const pointed = JSON.parse(JSON.stringify(body).replaceAll('"#/components', '"api#/components')) as Json;
    const validate = ajv.compile(pointed);
    expect(validate(sample), JSON.stringify(validate.errors)).toBe(true);
    for (const broken of [{ ...sample, more: 1 }, { ...sample, account: 5, amount: 5 }, {}]) {
      expect(validate(broken), JSON.stringify(broken)).toBe(false);
      const reply = await open.once('POST', path.replace('{id}', 'nobody'), broken);
      expect(reply.status).toBe(422);
    }
  });
});

test('a problem document is what its schema says', async () => {
  const ajv = new Ajv2020({ strict: false });
  const { schemas } = document.components as { schemas: Record<string, Json> };
  const validate = ajv.compile(schemas.Problem as Json);
  for (const [url, body, status] of [
    ['/v1/events', {}, 422],
    ['/v1/packs', { account: 'nobody', product: 'x', size: 1 }, 400],
    ['/v1/nothing', {}, 404],
    ['/v1/events', 'broken', 422],
  ] as const) {
    const reply = await open.call('POST', url, body, { 'x-request-id': 'r.1_2-3' });
    expect(reply.status).toBe(status);
    expect(reply.headers['content-type']).toMatch(/^application\/problem\+json/);
    expect(reply.headers['x-request-id']).toBe('r.1_2-3');
    expect(validate(reply.json), JSON.stringify([reply.json, validate.errors])).toBe(true);
  }
  const odd = await open.call('GET', '/livez', undefined, { 'x-request-id': 'a b\tc' });
  expect(odd.headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/);
});

test('what runs the server can see', async () => {
  expect((await open.call('GET', '/livez', undefined, { authorization: '' })).json).toEqual({ status: 'ok' });
  expect((await open.call('GET', '/readyz', undefined, { authorization: '' })).json).toEqual({ status: 'ok' });
  const { text, headers } = await open.call('GET', '/metrics');
  expect(headers['content-type']).toBe('text/plain; version=0.0.4; charset=utf-8');
  for (const name of [
    'events_total',
    'groups_total',
    'conflicts_total',
    'retries_total',
    'queue_depth',
    'cached_heads',
    'group_size_bucket',
    'commit_seconds_bucket',
  ]) {
    expect(text).toMatch(new RegExp(`^suanpan_${name}`, 'm'));
  }
});

test('A10: pages bring their own scripts and cannot be framed', async () => {
  for (const url of ['/', '/docs/static/index.html', '/docs/']) {
    const { headers, status } = await open.call('GET', url, undefined, { authorization: '' });
    expect(status, url).toBeLessThan(400);
    expect(headers['content-security-policy'], url).toContain("frame-ancestors 'none'");
    expect(headers['content-security-policy'], url).toContain("default-src 'none'");
    expect(headers['x-content-type-options'], url).toBe('nosniff');
  }
});
