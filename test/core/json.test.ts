// Canonical JSON is what digests are taken over: its text for a value must never change.

import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { canonicalJson, readJson, readMarked } from '../../src/core/json.ts';

test('keys sorted as text, no space, nothing undefined, whole numbers of any size', () => {
  const value = {
    b: [1, undefined, { z: null, a: 'é"\\\n\ud800😀' }],
    10: 2n ** 64n,
    9: true,
    é: 0.5,
    gone: undefined,
  };
  expect(canonicalJson(value)).toBe(
    '{"10":18446744073709551616,"9":true,"b":[1,null,{"a":"é\\"\\\\\\n\\ud800😀","z":null}],"é":0.5}',
  );
});

test('it says what JSON.stringify says, in any order of keys', () => {
  fc.assert(
    fc.property(fc.json(), (text) => {
      const value = JSON.parse(text);
      const canonical = canonicalJson(value);
      expect(JSON.parse(canonical)).toEqual(value);
      expect(canonicalJson(reversed(value))).toBe(canonical);
    }),
  );
});

test('what is read is written as it was, whole numbers of any size included', () => {
  const whole = fc.bigInt({ min: -(2n ** 80n), max: 2n ** 80n });
  const { value } = fc.letrec((tie) => ({
    value: fc.oneof(fc.string(), whole, fc.array(tie('value')), fc.dictionary(fc.string(), tie('value'))),
  }));
  fc.assert(
    fc.property(value, (each) => {
      const text = canonicalJson(each);
      expect(canonicalJson(readJson(text))).toBe(text);
    }),
  );
  expect(readJson('[9007199254740991,9007199254740993,1e300,0.1234567890123456789,"9007199254740993"]')).toEqual([
    9007199254740991,
    9007199254740993n,
    1e300,
    0.12345678901234568,
    '9007199254740993',
  ]);
});

const tricky = fc.constantFrom('#', '##', '#9007199254740993', '"#', '\\#', '9007199254740993', '": 9007199254740993');

test('where the platform does not tell how a number was written, the same is read; broken texts are refused alike', () => {
  const number = fc.oneof(
    fc.bigInt({ min: -(2n ** 80n), max: 2n ** 80n }),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
  );
  const text = fc.oneof(fc.string({ unit: 'binary' }), tricky);
  const { value } = fc.letrec((tie) => ({
    value: fc.oneof(text, number, fc.boolean(), fc.array(tie('value')), fc.dictionary(text, tie('value'))),
  }));
  const read = (how: (text: string) => unknown, json: string) => {
    try {
      return how(json);
    } catch {
      return 'refused';
    }
  };
  fc.assert(
    fc.property(value, fc.nat(), fc.constantFrom('', '"', '#', '1', '\\', '-', ' ', ','), (each, at, inserted) => {
      const json = canonicalJson(each);
      expect(readMarked(json)).toEqual(exactReading(json));
      const cut = at % (json.length + 1);
      const spoiled = json.slice(0, cut) + inserted + json.slice(cut + (at % 2));
      expect(read(readMarked, spoiled)).toEqual(read(exactReading, spoiled));
    }),
    { numRuns: 300 },
  );
  expect(readMarked('{"\\u0023a":"\\u00239","#1":[9007199254740993]}')).toEqual({
    '#a': '#9',
    '#1': [9007199254740993n],
  });
});

/** As the platform itself reads it, whatever its length. */
const exactReading = (json: string): unknown =>
  JSON.parse(json, (_key, value: unknown, context) => {
    const source = context?.source ?? '';
    return typeof value === 'number' && !Number.isSafeInteger(value) && /^-?\d+$/.test(source) ? BigInt(source) : value;
  });

function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .toReversed()
      .map(([key, item]) => [key, reversed(item)]),
  );
}
