// Values made from a JSON Schema: some that it accepts, some that it nearly accepts, and what nobody ought to send.

import fc from 'fast-check';
import type { Json } from './open-app.ts';

/** Texts that have broken programs. */
export const nastyTexts = [
  '',
  ' ',
  '\0',
  'a\0b',
  '\ud800',
  '\udc00x',
  '\u202eabc',
  '\u200b',
  '\ufeff',
  '__proto__',
  'constructor',
  'toString',
  'null',
  'undefined',
  'NaN',
  '-0',
  '1e999',
  '9'.repeat(400),
  '0x10',
  '..',
  '.',
  '/',
  '%00',
  '%',
  '../../etc/passwd',
  "'; drop table events; --",
  '{{7*7}}',
  '\r\nSet-Cookie: a=b',
  'a'.repeat(5_000),
  '算盘'.repeat(200),
  '𝕏'.repeat(120),
  '0000-00-00',
  '2026-02-30',
  '9999-12-31T23:59:59Z',
  '0001-01-01T00:00:00Z',
  '2026-01-12T09:00:00+23:59',
  '2026-13',
  '2199-12',
  '1900-01',
  'acme:2026-01',
  'acme-000001',
  'acme-999999999',
  ':2026-01',
  'acme:',
];

const nastyNumbers = [0, -0, -1, 0.5, 1e12, 1e12 + 1, 2 ** 53, 2 ** 63, -(2 ** 63), 1e21, 1e300, 5e-324];

const nested = (depth: number, open: string, close: string): unknown =>
  JSON.parse(`${open.repeat(depth)}1${close.repeat(depth)}`);

export const nasty: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom<unknown>(...nastyTexts, ...nastyNumbers, null, true, false, [], {}, [[]], [{}], [null]),
  fc.constantFrom(nested(300, '[', ']'), nested(300, '{"a":', '}')),
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.jsonValue({ maxDepth: 3 }),
);

/** By the name of a field or parameter: values that are there, so that an operation gets past its first guard. */
export type Pools = Readonly<Record<string, readonly unknown[]>>;

export interface Schemas {
  readonly definitions: Readonly<Record<string, Json>>;
  readonly pools: Pools;
}

const most = 4;

/** Values of a schema, so far as it says; those of a pool more often than others. */
export function valuesOf(schemas: Schemas, schema: Json, name = ''): fc.Arbitrary<unknown> {
  const { $ref, anyOf, oneOf } = schema as { $ref?: string; anyOf?: Json[]; oneOf?: Json[] };
  const pool = schemas.pools[name];
  const pooled = (own: fc.Arbitrary<unknown>) =>
    pool === undefined
      ? own
      : fc.oneof({ weight: 8, arbitrary: fc.constantFrom(...pool) }, { weight: 1, arbitrary: own });
  if ($ref !== undefined) return valuesOf(schemas, schemas.definitions[$ref.split('/').at(-1) ?? ''] ?? {}, name);
  const choices = anyOf ?? oneOf;
  if (choices !== undefined) return fc.oneof(...choices.map((choice) => valuesOf(schemas, choice, name)));
  if ('const' in schema) return fc.constant(schema.const);
  if (Array.isArray(schema.enum)) return fc.constantFrom(...schema.enum);
  return pooled(ofType(schemas, schema, name));
}

function ofType(schemas: Schemas, schema: Json, name: string): fc.Arbitrary<unknown> {
  const {
    minimum,
    maximum,
    minLength = 0,
    maxLength = 30,
    minItems = 0,
    maxItems = most,
  } = schema as Record<string, number>;
  switch (schema.type) {
    case 'object':
      return objectOf(schemas, schema);
    case 'array':
      return fc.array(valuesOf(schemas, (schema.items ?? {}) as Json, name), {
        minLength: minItems,
        maxLength: Math.max(minItems, Math.min(maxItems, most)),
      });
    case 'string':
      return fc.oneof(
        fc.string({ minLength: Math.max(1, minLength), maxLength: Math.min(maxLength, 30) }),
        fc.constantFrom(...((schema.examples ?? ['a']) as string[])),
      );
    case 'integer': {
      const least = Math.max(minimum ?? -10, -1_000);
      return fc.oneof(
        fc.integer({ min: least, max: Math.max(least, Math.min(maximum ?? 1_000, 1_000)) }),
        fc.constantFrom(minimum ?? 0, maximum ?? 1_000),
      );
    }
    case 'number':
      return fc.double({ min: minimum ?? -10, max: Math.min(maximum ?? 1_000, 1_000), noNaN: true });
    case 'boolean':
      return fc.boolean();
    case 'null':
      return fc.constant(null);
    default:
      return fc.jsonValue({ maxDepth: 2 });
  }
}

function objectOf(schemas: Schemas, schema: Json): fc.Arbitrary<unknown> {
  const { properties = {}, required = [] } = schema as { properties?: Record<string, Json>; required?: string[] };
  const fields = Object.fromEntries(
    Object.entries(properties).map(([name, each]) => [name, valuesOf(schemas, each, name)]),
  );
  return fc.record(fields, { requiredKeys: required.filter((name) => name in fields) });
}

/** A value with one thing about it changed: a field away, one too many, or something nasty in the place of one. */
export const nearly = (values: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> =>
  fc.tuple(values, fc.nat(), fc.nat(3), nasty).map(([value, at, how, bad]) => changed(value, at, how, bad));

function changed(value: unknown, at: number, how: number, bad: unknown): unknown {
  if (Array.isArray(value)) {
    if (value.length === 0 || how === 0) return [...value, bad];
    return value.with(at % value.length, changed(value[at % value.length], at >> 3, how, bad));
  }
  if (typeof value !== 'object' || value === null) return bad;
  const names = Object.keys(value);
  const name = names[at % Math.max(1, names.length)] ?? 'more';
  if (how === 0) return { ...value, more: bad };
  if (how === 1) return Object.fromEntries(Object.entries(value).filter(([each]) => each !== name));
  const own = (value as Json)[name];
  return { ...value, [name]: how === 2 ? bad : changed(own, at >> 3, how, bad) };
}
