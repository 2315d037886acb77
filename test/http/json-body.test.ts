import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readJson } from '../../src/http/body-items.ts';
import { parseJson } from '../../src/http/json-body.ts';
import { languageOf } from '../../src/http/problem.ts';

const seed = Number(process.env.SUANPAN_SEED ?? Date.now() % 2 ** 31);

test('every JSON text without a repeated name is read as JSON.parse reads it', () => {
  fc.assert(
    fc.property(fc.json(), fc.constantFrom(undefined, 1, '\t'), (text, space) => {
      const value: unknown = JSON.parse(text);
      if (/"__proto__"/.test(text) || /(?:[[{][^\]}]*){60}/.test(text)) return;
      expect(parseJson(JSON.stringify(value, null, space))).toEqual(value);
    }),
    { seed, numRuns: 3_000 },
  );
});

test('a repeated name is found, however it is written and wherever it stands', () => {
  fc.assert(
    fc.property(
      fc.dictionary(fc.string({ minLength: 1 }), fc.jsonValue(), { minKeys: 1, maxKeys: 5 }),
      fc.nat(4),
      (value, at) => {
        const names = Object.keys(value);
        if (names.includes('__proto__')) return;
        const name = names[at % names.length] ?? '';
        const escaped = [...JSON.stringify(name).slice(1, -1)].join('');
        const text = JSON.stringify([1, { deep: value }]).replace('{"deep":{', () => `{"deep":{"${escaped}" :5,`);
        expect(() => parseJson(text)).toThrow(/twice|__proto__/);
      },
    ),
    { seed, numRuns: 2_000 },
  );
  expect(() => parseJson('{"a":1,"\\u0061":2}')).toThrow(/twice/);
  expect(() => parseJson('{"__proto__":{}}')).toThrow(/__proto__/);
  expect(parseJson('{"a":"\\":","b":"\\\\"}')).toEqual({ a: '":', b: '\\' });
});

test('what is nested too deep is refused, not handed on to whoever reads it by recursion', () => {
  const deep = (levels: number) => '['.repeat(levels) + ']'.repeat(levels);
  expect(parseJson(deep(64))).toBeInstanceOf(Array);
  expect(() => parseJson(deep(65))).toThrow('nested more than 64 levels deep');
  expect(() => parseJson(`{"a":${deep(30_000)}}`)).toThrow('nested more than 64 levels deep');
});

test.each([1, 2_000])('an array of %i events is closed by its bracket, not by a brace', async (count) => {
  const body = (end: string) => `[${Array.from({ length: count }, () => `{"id":"${'x'.repeat(60)}"}`).join(',')}${end}`;
  expect(await readJson(body(']'))).toHaveLength(count);
  for (const end of ['}', '},]', ']}', '}]', ',]']) {
    await expect((async () => readJson(body(end)))(), end).rejects.toThrow(/not JSON/);
  }
});

test.each([
  '999999999999.99999',
  '0.99999999999999999',
  '1.00000000000000000001',
  '99999999999999999e-5',
  '9.9999999999999999999E+11',
  '-0.00000001e-320',
])('%s is not taken for a whole number', (number) => {
  for (const text of [`{"calls":${number}}`, `[{"a":[{"b":1,"calls" : ${number} }]}]`]) {
    expect(() => parseJson(text)).toThrow(/more digits/);
  }
  expect(parseJson(`{"id":":${number}"}`)).toEqual({ id: `:${number}` });
});

test('a number that is whole, or keeps its fraction, is read whichever way it is written', () => {
  const text = '{"a":1.0,"b":1e3,"c":1.5,"d":12300e-2,"e":0.0,"f":[ 2.50e1 ,-3],"g":0e-9}';
  expect(parseJson(text)).toEqual({ a: 1, b: 1000, c: 1.5, d: 123, e: 0, f: [25, -3], g: 0 });
});

test.each([
  [undefined, 'en'],
  ['', 'en'],
  ['zh', 'zh'],
  ['zh-CN,zh;q=0.9,en;q=0.5', 'zh'],
  ['en-GB,zh;q=0.9', 'en'],
  ['en;q=0.1,zh-Hant;q=0.2', 'zh'],
  ['fr,zh;q=0.1', 'zh'],
  ['fr', 'en'],
  ['zh;q=0,en;q=0.1', 'en'],
  ['*', 'en'],
  [';;;q=,zh', 'zh'],
])('Accept-Language %s is answered in %s', (header, language) => {
  expect(languageOf(header)).toBe(language);
});
