// JSON with whole numbers of any size: calls are written as integers, never through a float.

declare global {
  interface JSON {
    rawJSON(text: string): unknown;
    parse(
      text: string,
      reviver: (key: string, value: unknown, context?: { readonly source?: string }) => unknown,
    ): unknown;
  }
}

const exact = (_key: string, value: unknown): unknown =>
  typeof value === 'bigint' ? JSON.rawJSON(value.toString()) : value;

/** JSON text of a value that may hold bigints, which become JSON integers. */
export const writeJson = (value: unknown, indent?: number): string => JSON.stringify(value, exact, indent);

/** A run of digits so long that it may be no exact number. */
const long = /\d{16}/;

const exactly = (_key: string, value: unknown, context?: { readonly source?: string }): unknown =>
  typeof value === 'number' && !Number.isSafeInteger(value) && /^-?\d+$/.test(context?.source ?? '')
    ? BigInt(context?.source ?? '')
    : value;

/** A string, with the colon that makes a key of it, or a number. */
const token = /"[^"\\]*(?:\\.[^"\\]*)*"(?:\s*:)?|-?\d[\d.eE+-]*/g;
const whole = /^-?[1-9]\d{15,}$/;

/** Where the platform does not say how a number was written: long ones become strings behind a mark, which other strings get twice. */
export function readMarked(text: string): unknown {
  const marked = text.replace(token, (found) => {
    if (whole.test(found)) return Number.isSafeInteger(Number(found)) ? found : `"#${found}"`;
    // As it is written the mark may be an escape.
    if (!found.startsWith('"') || found.endsWith(':') || !/^"(?:#|\\u0023)/i.test(found)) return found;
    return `"#${found.slice(1)}`;
  });
  return JSON.parse(marked, (_key, value: unknown) => {
    if (typeof value !== 'string' || !value.startsWith('#')) return value;
    return value.startsWith('##') ? value.slice(1) : BigInt(value.slice(1));
  });
}

let saysSources: boolean | undefined;

/** Node before 21, and browsers of its time, do not. */
function hasSources(): boolean {
  saysSources ??= JSON.parse('1', (_key, _value, context) => context?.source === '1') === true;
  return saysSources;
}

/** The value of a JSON text. A whole number beyond 2^53 becomes a bigint, which `writeJson` writes as it was read. */
export function readJson(text: string): unknown {
  if (!long.test(text)) return JSON.parse(text);
  return hasSources() ? JSON.parse(text, exactly) : readMarked(text);
}

/** JSON text with sorted keys and no space: the same value always gives the same text, so that it can be hashed. */
export function canonicalJson(value: unknown): string {
  if (typeof value === 'string') return quoted(value);
  if (typeof value === 'bigint') return value.toString();
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map((item) => canonicalJson(item ?? null)).join(',')}]`;
  let text = '';
  // Not an object with its keys in order for `JSON.stringify`: an object has keys like "10" in an order of its own.
  for (const key of sorted(Object.keys(value))) {
    const item = (value as Readonly<Record<string, unknown>>)[key];
    if (item !== undefined) text += `${text === '' ? '' : ','}${quoted(key)}:${canonicalJson(item)}`;
  }
  return `{${text}}`;
}

function sorted(keys: string[]): string[] {
  for (let at = 1; at < keys.length; at += 1) if ((keys[at - 1] ?? '') > (keys[at] ?? '')) return keys.sort();
  return keys;
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what has to be escaped
const plain = /^[^"\\\u0000-\u001f\ud800-\udfff]*$/;
const quoted = (text: string): string => (plain.test(text) ? `"${text}"` : JSON.stringify(text));
