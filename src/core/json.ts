// JSON with whole numbers of any size: calls are written as integers, never through a float.

declare global {
  interface JSON {
    rawJSON(text: string): unknown;
  }
}

const exact = (_key: string, value: unknown): unknown =>
  typeof value === 'bigint' ? JSON.rawJSON(value.toString()) : value;

/** JSON text of a value that may hold bigints, which become JSON integers. */
export const writeJson = (value: unknown, indent?: number): string => JSON.stringify(value, exact, indent);

/** JSON text with sorted keys and no space: the same value always gives the same text, so that it can be hashed. */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map((item) => canonicalJson(item ?? null)).join(',')}]`;
  if (typeof value !== 'object' || value === null) return writeJson(value);
  const entries = Object.entries(value).filter(([, item]) => item !== undefined);
  entries.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  return `{${entries.map(([key, item]) => `${JSON.stringify(key)}:${canonicalJson(item)}`).join(',')}}`;
}
