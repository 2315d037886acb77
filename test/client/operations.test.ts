// The client's table of operations says what the API's description says.

import { expect, test } from 'vitest';
import { z } from 'zod';
import { apiDescription } from '../../scripts/api-description.ts';
import { fileOperations, operations } from '../../src/client/operations.ts';
import * as contract from '../../src/http/contract/contract.ts';

interface Described {
  readonly parameters?: readonly { readonly name: string }[];
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: unknown }>> };
  readonly responses: Readonly<
    Record<string, { readonly content?: Readonly<Record<string, { readonly schema: unknown }>> }>
  >;
}
const document = JSON.parse(await apiDescription()) as { paths: Record<string, Record<string, Described>> };
const schemas = contract as unknown as Readonly<Record<string, z.ZodType>>;
const json = 'application/json';

const shapeOf = (name: string, io: 'input' | 'output'): unknown => {
  const schema = schemas[name];
  if (schema === undefined) throw new Error(`no schema ${name}`);
  const { $defs: _, $schema: __, ...own } = z.toJSONSchema(schema, { io, unrepresentable: 'any' });
  return JSON.parse(JSON.stringify(own).replaceAll('"#/$defs/', '"#/components/schemas/'));
};

test('there are no others', () => {
  const described = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${path.replace(/\{(\w+)\}/g, ':$1')}`),
  );
  expect([...Object.keys(operations), ...Object.keys(fileOperations)].toSorted()).toEqual(described.toSorted());
});

test.each(Object.entries(fileOperations))('%s is a file', (name, type) => {
  const path = name.replace('GET ', '').replace(/:(\w+)/g, '{$1}');
  const content = document.paths[path]?.get?.responses['200']?.content ?? {};
  expect(Object.keys(content)).toContain(type);
  expect(Object.keys(content)).not.toContain(json);
});

test.each(Object.entries(operations))('%s', (name, said) => {
  const [method = '', path = ''] = name.split(' ');
  const described = document.paths[path.replace(/:(\w+)/g, '{$1}')]?.[method.toLowerCase()];
  if (described === undefined) throw new Error('no such operation');
  const [, success] = Object.entries(described.responses).find(([status]) => status < '300') ?? [];
  const answer = 'answer' in said ? shapeOf(said.answer, 'output') : undefined;
  expect(answer).toEqual(success?.content?.[json]?.schema);
  const body = described.requestBody?.content[json]?.schema;
  expect('body' in said ? shapeOf(said.body, 'input') : undefined).toEqual(body);
  expect('once' in said).toBe(described.parameters?.some((each) => each.name === 'Idempotency-Key') ?? false);
});
