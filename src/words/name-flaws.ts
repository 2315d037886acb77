// Why a text is no name: core/safe-text.ts says what is wrong with it.

import type { Words } from '../core/price-book.ts';
import { flawOf, type TextFlaw } from '../core/safe-text.ts';
import { words } from './words.ts';

/** Why a name is refused; undefined for a good one. */
export function nameFlaw(text: string): Words | undefined {
  const flaw = flawOf(text);
  return flaw === undefined ? undefined : flawWords(flaw);
}

function flawWords(flaw: TextFlaw): Words {
  if (flaw === 'padded') return words('首尾不能有空格（U+0020）', 'must not begin or end with a space (U+0020)');
  if (flaw === 'not NFC') {
    return words(
      '不是 NFC 形式：请用 Unicode 的合成形式 NFC 书写',
      'is not in NFC form: write it in the composed form of Unicode, NFC',
    );
  }
  return 'unseen' in flaw
    ? unseenWords(flaw.unseen)
    : words(
        `不能含 ${flaw.blank}：普通空格以外的空白、看似空白的字符、非字符和私用区字符一律拒绝`,
        `must not hold ${flaw.blank}: of white space only the plain space is taken; blank-looking and private-use characters and noncharacters are refused`,
      );
}

export const unseenWords = (character: string): Words =>
  words(
    `不能含 ${character}：控制字符、双向控制符和不可见字符一律拒绝`,
    `must not hold ${character}: control, bidirectional and invisible characters are refused`,
  );

export const dotsWords = words(
  '不能是 "." 或 ".."：没有网址能指称它',
  'must not be "." or "..": no address can name it',
);

/** The same of a cell of a file, with what to do about it; undefined for a good one. */
export function cellFlaw(text: string): Words | undefined {
  const flaw = flawOf(text);
  if (flaw === undefined) return undefined;
  if (typeof flaw === 'string') return flawWords(flaw);
  const character = 'unseen' in flaw ? flaw.unseen : flaw.blank;
  if (character === 'U+000A') return words('含有换行：请删去', 'holds a line break: take it out');
  return words(`含有看不见的字符 ${character}：请删去`, `holds the hidden character ${character}: take it out`);
}
