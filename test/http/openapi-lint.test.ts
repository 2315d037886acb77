// The API's description, linted without a server: OpenAPI's own schema, and what a reader of ours relies on.

import { Validator } from '@seriousme/openapi-schema-validator';
import { Ajv2020 } from 'ajv/dist/2020.js';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { buildHttp } from '../../src/http/app.ts';
import type { Suanpan } from '../../src/operations/suanpan.ts';
import type { Json } from './open-app.ts';

// Routes are only registered: nothing connects, and nothing else is asked of what they would work with.
const pool = new pg.Pool({ host: '127.0.0.1', port: 1 });
const app = await buildHttp({ pool } as unknown as Suanpan, { pepper: 'p', setClock: () => undefined });
let document: Json;
let operations: { readonly path: string; readonly method: string; readonly operation: Json }[];

beforeAll(async () => {
  document = (await app.inject('/v1/openapi.json')).json<Json>();
  operations = Object.entries(document.paths as Record<string, Record<string, Json>>).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
  );
});
afterAll(() => app.close());

type Responses = Record<string, { readonly content?: Record<string, { schema: Json }>; readonly links?: Json }>;
const responsesOf = (operation: Json) => Object.entries(operation.responses as Responses);

test('it is what the schema of OpenAPI asks for', async () => {
  const checked = await new Validator().validate(document);
  expect(checked, JSON.stringify(checked.errors)).toMatchObject({ valid: true });
});

test('every success says what it is answered with, every refusal is a problem with its codes', () => {
  expect(operations.length).toBeGreaterThan(40);
  for (const { path, method, operation } of operations) {
    const name = `${method} ${path}`;
    const successes = responsesOf(operation).filter(([status]) => status < '300');
    // Freezing is always refused.
    expect(successes.length > 0 || path.endsWith('/freeze'), name).toBe(true);
    for (const [status, { content = {} }] of responsesOf(operation)) {
      expect(Object.keys(content).length, `${name} ${status}`).toBeGreaterThan(0);
      for (const { schema } of Object.values(content)) expect(schema, `${name} ${status}`).not.toEqual({});
      const problem = content['application/problem+json']?.schema as { properties?: { code?: Json } } | undefined;
      if (status >= '400') expect(problem?.properties?.code, `${name} ${status}`).toHaveProperty('enum');
    }
    expect(Array.isArray(operation.security), name).toBe(true);
    expect(operation.tags, name).toHaveLength(1);
  }
  expect(document.servers).toHaveLength(1);
  const open = operations.filter(({ operation }) => (operation.security as readonly unknown[]).length === 0);
  expect(open.map(({ path }) => path).toSorted()).toEqual([
    ...['/livez', '/readyz', '/v1/clock'],
    // What somebody does who is not signed in yet.
    ...['/v1/password-resets', '/v1/passwords', '/v1/sessions'],
  ]);
});

test('ids lead to operations that there are, with the parameters these have', () => {
  let links = 0;
  for (const { operation } of operations) {
    for (const [, response] of responsesOf(operation)) {
      for (const link of Object.values(response.links ?? {}) as Json[]) {
        const target = operations.find((each) => each.operation.operationId === link.operationId);
        expect(target, String(link.operationId)).toBeDefined();
        const names = ((target?.operation.parameters ?? []) as Json[]).map(({ name }) => name);
        expect(names).toEqual(expect.arrayContaining(Object.keys(link.parameters as object)));
        links += 1;
      }
    }
  }
  expect(links).toBeGreaterThan(10);
});

test('examples are what their schemas ask for, and every body has one', () => {
  const { schemas } = document.components as { schemas: Record<string, Json> };
  const ajv = new Ajv2020({ strict: false, validateFormats: false });
  ajv.addSchema({ $id: 'api', components: { schemas } });
  for (const [name, schema] of Object.entries(schemas)) {
    for (const example of (schema.examples ?? []) as unknown[]) {
      const validate = ajv.getSchema(`api#/components/schemas/${name}`);
      expect(validate?.(example), `${name}: ${JSON.stringify(validate?.errors)}`).toBe(true);
    }
  }
  for (const { path, operation } of operations) {
    const body = operation.requestBody as { content: Record<string, { schema: Json }> } | undefined;
    const schema = body?.content['application/json']?.schema;
    if (schema === undefined || path === '/v1/price-books') continue;
    const named = JSON.stringify(schema).match(/#\/components\/schemas\/(\w+)/)?.[1] ?? '';
    expect((schema.examples ?? schemas[named]?.examples) as unknown, path).toBeDefined();
  }
});

test('no schema is there for nothing', () => {
  const text = JSON.stringify(document);
  const { schemas } = document.components as { schemas: Record<string, Json> };
  const unused = Object.keys(schemas).filter((name) => !text.includes(`"#/components/schemas/${name}"`));
  expect(unused).toEqual(['RefusalCode']);
});
