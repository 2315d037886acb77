// Texts that callers name things by. What a person sees of such a text must be all of it: two names that look the same are the same,
// and none turns a line around. So nothing invisible or blank stands in a name but the plain space, no space stands at its ends, and
// its letters are written in one form (NFC). Names kept from before this rule are still asked for: see `unseenIn`.

/** Nearly every name, and much faster to test: printable ASCII without a space at an end. */
const plain = /^(?:[!-~](?:[ -~]*[!-~])?)?$/;
/** Unicode's own list of what is not shown, controls, line ends, and the marks of interlinear annotations. */
const unseen = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\ufff9-\ufffb]/u;
/** White space but the plain space, and signs without ink: Braille, a note's head, a Khitan filler, what places hieroglyphs. */
const blank = /(?! )[\p{White_Space}\u2800\u{1d159}\u{16fe4}\u{13430}-\u{13442}]/u;
/** Nobody has agreed what these look like. */
const undrawn = /[\p{Noncharacter_Code_Point}\p{Co}]/u;
const hidden = new RegExp(`${unseen.source}|${blank.source}|${undrawn.source}`, 'u');

export const isSafeText = (text: string): boolean =>
  plain.test(text) || (!hidden.test(text) && !isPadded(text) && text.normalize('NFC') === text);

const isPadded = (text: string): boolean => text.startsWith(' ') || text.endsWith(' ');

/** What makes a text no name: a character, as "U+200B", that is not shown or looks blank, a space at an end, or another form than NFC. */
export type TextFlaw = { readonly unseen: string } | { readonly blank: string } | 'padded' | 'not NFC';

/** Why `isSafeText` refuses a text; undefined for a safe one. */
export function flawOf(text: string): TextFlaw | undefined {
  if (isSafeText(text)) return undefined;
  const invisible = unseenIn(text);
  if (invisible !== undefined) return { unseen: invisible };
  const character = hiddenIn(text);
  if (character !== undefined) return { blank: character };
  return isPadded(text) ? 'padded' : 'not NFC';
}

const codeOf = (character: string | undefined): string | undefined =>
  character && `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;

/** The first invisible character as "U+200B"; undefined where there is none. Whatever is asked for may hold no such. */
export const unseenIn = (text: string): string | undefined => codeOf(unseen.exec(text)?.[0]);

/** The first character that no name may hold, wherever it stands. */
export const hiddenIn = (text: string): string | undefined => codeOf(hidden.exec(text)?.[0]);

/** Whether nothing is seen of a character: what surrounds the text of a table's cell. */
export const isBlank = (character: string): boolean =>
  character === ' ' || unseen.test(character) || blank.test(character);

/** An id that a URL cannot carry: "." and ".." in a path mean the folder and the one above, however they are written. */
export const isDots = (id: string): boolean => id === '.' || id === '..';

const accountPattern = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;

/** An account's id is also part of file names and bill numbers. */
export const isAccountId = (text: string): boolean => accountPattern.test(text);
export const accountIdPattern = accountPattern.source;
