// Texts that callers name things by. What a person sees of such a text must be all of it: two names that look the same are the same,
// and none turns a line around. So control, bidirectional and invisible characters are refused, and halves of surrogate pairs.

/** Nearly every name, and much faster to test. */
const plain = /^[\x20-\x7e]*$/;
/** Unicode's own list of what is not shown, controls, line ends, and the marks of interlinear annotations. */
const unseen = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\ufff9-\ufffb]/u;

export const isSafeText = (text: string): boolean => plain.test(text) || !unseen.test(text);

/** The first refused character as "U+200B"; undefined where there is none. */
export function unseenIn(text: string): string | undefined {
  const [found] = unseen.exec(text) ?? [];
  return found && `U+${(found.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
}

export const unseenWords = (character: string) => ({
  zh: `不能含 ${character}：控制字符、双向控制符和不可见字符一律拒绝`,
  en: `must not hold ${character}: control, bidirectional and invisible characters are refused`,
});

/** An id that a URL cannot carry: "." and ".." in a path mean the folder and the one above, however they are written. */
export const isDots = (id: string): boolean => id === '.' || id === '..';

export const dotsWords = {
  zh: '不能是 "." 或 ".."：没有网址能指称它',
  en: 'must not be "." or "..": no address can name it',
};
