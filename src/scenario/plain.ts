// Values with exact whole numbers → plain JSON values, for readers that know no bigint.

export type Plain<T> = T extends bigint
  ? number
  : T extends string | number | boolean | null | undefined
    ? T
    : { readonly [Key in keyof T]: Plain<T[Key]> };

/** Whole numbers become numbers, but for those beyond 2^53: these stay as they are, and `writeJson` writes them exactly. */
export function plain<T>(value: T): Plain<T> {
  if (typeof value === 'bigint') return wholeNumber(value) as Plain<T>;
  if (Array.isArray(value)) return value.map(plain) as Plain<T>;
  if (typeof value !== 'object' || value === null) return value as Plain<T>;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plain(item)])) as Plain<T>;
}

const wholeNumber = (value: bigint): number | bigint => (Number.isSafeInteger(Number(value)) ? Number(value) : value);
