import fc from 'fast-check';
import { expect, test } from 'vitest';
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
