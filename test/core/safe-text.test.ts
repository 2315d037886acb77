// Which characters a name may hold, and how the refused one is called.

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { eventWords, ledgerIdOf, nameOf } from '../../src/core/event-name.ts';
import { flawOf, isSafeText, unseenIn } from '../../src/core/safe-text.ts';
import { nameFlaw } from '../../src/words/name-flaws.ts';

/** The character to blame. */
function flawIn(text: string): unknown {
  const flaw = flawOf(text);
  return typeof flaw === 'object' ? Object.values(flaw)[0] : flaw;
}

const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, n) => from + n);

test('controls, bidirectional and invisible characters, line ends, halves of pairs are named', () => {
  const refused = [
    ...range(0x00, 0x1f),
    ...range(0x7f, 0x9f),
    0xad,
    0x34f,
    0x61c,
    0x115f,
    0x180e,
    ...range(0x200b, 0x200f),
    ...range(0x2028, 0x202e),
    ...range(0x2060, 0x2064),
    ...range(0x2066, 0x2069),
    0x3164,
    0xd800,
    0xdfff,
    0xfe0f,
    0xfeff,
    0xfffb,
    0xe0041,
  ];
  for (const code of refused) {
    const text = `a${String.fromCodePoint(code)}b`;
    const name = `U+${code.toString(16).toUpperCase().padStart(4, '0')}`;
    expect([isSafeText(text), unseenIn(text)], name).toEqual([false, name]);
  }
});

test('what can be read is taken: letters of all scripts, marks, spaces, emoji', () => {
  for (const text of [
    '',
    'a b',
    'svc/1#2',
    '活体检测',
    'Ünïcode',
    'नमस्ते',
    'שלום',
    'مرحبا',
    '😀',
    '𠮷野家',
    '\u0301',
    'Überprüfung über alles'.normalize('NFC'),
    'a  b',
  ]) {
    expect([isSafeText(text), unseenIn(text), flawOf(text)], text).toEqual([true, undefined, undefined]);
  }
});

test('what looks like a space or like nothing, and what nobody has drawn, is named', () => {
  const blanks = [0xa0, 0x1680, ...range(0x2000, 0x200a), 0x202f, 0x205f, 0x3000, 0x2800, 0x1d159, 0x13441];
  const fillers = [0x1160, 0x3164, 0xffa0, 0xe0100];
  const undrawn = [0xe000, 0xf8ff, 0xf0000, 0x10fffd, 0xfdd0, 0xfffe, 0xffff, 0x1fffe];
  for (const code of [...blanks, ...fillers, ...undrawn]) {
    const character = `U+${code.toString(16).toUpperCase().padStart(4, '0')}`;
    for (const around of [
      ['a', 'b'],
      ['', 'b'],
      ['a', ''],
      ['', ''],
    ]) {
      const text = around.join(String.fromCodePoint(code));
      expect([isSafeText(text), flawIn(text)], character).toEqual([false, character]);
      expect(nameFlaw(text), character).toEqual({
        zh: expect.stringContaining(character),
        en: expect.stringContaining(character),
      });
    }
  }
});

test('spaces at an end and letters in another form are refused in words', () => {
  for (const text of [' ', ' a', 'a ', '活体 ', ' 活体']) {
    expect(nameFlaw(text), text).toEqual({
      zh: '首尾不能有空格（U+0020）',
      en: 'must not begin or end with a space (U+0020)',
    });
  }
  for (const text of ['cafe\u0301', '\u212b', '\uf900', '\u1112\u1161\u11ab']) {
    expect(nameFlaw(text), text).toMatchObject({
      zh: expect.stringContaining('NFC'),
      en: expect.stringContaining('NFC'),
    });
    expect(flawOf(text.normalize('NFC'))).toBeUndefined();
  }
});

const safe = fc.string({ unit: 'binary', minLength: 1, maxLength: 20 }).filter(isSafeText);

test('two events have one id in the ledger only if they have the same source and id', () => {
  const name = fc.record({ id: safe, source: fc.option(safe) });
  fc.assert(
    fc.property(name, name, (one, other) => {
      expect(nameOf(ledgerIdOf(one))).toEqual(one);
      const same = one.id === other.id && one.source === other.source;
      expect(ledgerIdOf(one) === ledgerIdOf(other)).toBe(same);
    }),
  );
  expect(ledgerIdOf({ id: 'svc 1', source: null })).not.toBe(ledgerIdOf({ id: '1', source: 'svc' }));
  expect(eventWords(ledgerIdOf({ id: '1', source: 'svc' }))).toBe('1 (source svc)');
});
