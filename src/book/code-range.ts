// Entries of a code list: one code, or a range of whole numbers "a..b" with both ends.

export type Range = readonly [bigint, bigint];

const rangePattern = /^(-?[1-9]\d{0,17}|0)\.\.(-?[1-9]\d{0,17}|0)$/;
const wholePattern = /^(?:-?[1-9]\d{0,17}|0)$/;

export const isRange = (entry: string): boolean => entry.includes('..');

/** "-15..-4" → [-15n, -4n]; undefined when it is no range or its ends are reversed. */
export function rangeOf(entry: string): Range | undefined {
  const match = rangePattern.exec(entry);
  if (match === null) return undefined;
  const [low, high] = [BigInt(match[1] ?? ''), BigInt(match[2] ?? '')];
  return low <= high ? [low, high] : undefined;
}

/** True when some result code is meant by both entries. */
export function overlap(a: string, b: string): boolean {
  if (a === b) return true;
  const [one, other] = [spanOf(a), spanOf(b)];
  return one !== undefined && other !== undefined && one[0] <= other[1] && other[0] <= one[1];
}

function spanOf(entry: string): Range | undefined {
  if (wholePattern.test(entry)) return [BigInt(entry), BigInt(entry)];
  return rangeOf(entry);
}
