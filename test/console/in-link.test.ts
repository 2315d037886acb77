import { expect, test } from 'vitest';
import { hashOf, textIn } from '../../console/parts/in-link.ts';

test('a text in a link comes back as it was; what was cut or is of another kind is none', () => {
  const text = `{"title":"人脸核身","pattern":"a+b/c=d"}${'x'.repeat(5_000)}`;
  const hash = hashOf('book', text) ?? '';
  expect(hash).toMatch(/^#book=[\w-]+$/);
  expect(textIn('book', hash)).toBe(text);
  expect(textIn('scenario', hash)).toBeUndefined();
  expect(textIn('book', hash.slice(0, 20))).toBeUndefined();
  expect(textIn('book', '#book=%%')).toBeUndefined();
});

test('what would be too long an address is not put in one', () => {
  const letters = Array.from({ length: 60_000 }, (_, index) => String.fromCharCode(33 + ((index * index * 31) % 90)));
  expect(hashOf('book', letters.map((letter, index) => letter + index.toString(36)).join(''))).toBeUndefined();
});
