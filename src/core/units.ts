// Numbers that carry their unit in the type. All arithmetic is on integers; every division names its rounding.

declare const unit: unique symbol;

/** A number of calls (or of pack units where a pack product has ratios). Whole, never a float. */
export type Calls = bigint & { readonly [unit]: 'calls' };

/** Money in the smallest unit of the book's currency: fen for CNY. */
export type Money = bigint & { readonly [unit]: 'fen' };

/** A point in time: whole milliseconds since 1970-01-01T00:00:00Z. */
export type Instant = number & { readonly [unit]: 'milliseconds' };

/**
 * A unit price as a fraction: `amount / per` fen for one call. `text` is the decimal as the price book writes it: for one call, or for
 * the calls of its block.
 */
export interface Price {
  readonly amount: bigint;
  readonly per: bigint;
  readonly text: string;
  /** Absent: each call is priced by itself. */
  readonly block?: Block;
}

/** What a part of a block counts as: a whole one, none, or as much of one as it is. */
export const blockParts = ['up', 'down', 'exact'] as const;
export type BlockPart = (typeof blockParts)[number];

/** So many calls have one price together. */
export interface Block {
  readonly calls: Calls;
  readonly part: BlockPart;
}

export const callsOf = (n: bigint | number): Calls => BigInt(n) as Calls;
export const moneyOf = (fen: bigint | number): Money => BigInt(fen) as Money;
export const instantOf = (milliseconds: number): Instant => milliseconds as Instant;

export const noCalls = 0n as Calls;
export const noMoney = 0n as Money;

/** The largest quantity one event may carry (billing rules 5.2). */
export const mostCalls = 1_000_000_000_000n as Calls;

/** The most fen, above or below zero, that a ledger row holds: eight bytes. */
export const mostMoney = 9_223_372_036_854_775_807n as Money;
export const isStorable = (amount: Money): boolean => -mostMoney <= amount && amount <= mostMoney;

export const addCalls = (a: Calls, b: Calls): Calls => (a + b) as Calls;
export const subtractCalls = (a: Calls, b: Calls): Calls => (a - b) as Calls;
export const addMoney = (a: Money, b: Money): Money => (a + b) as Money;
export const subtractMoney = (a: Money, b: Money): Money => (a - b) as Money;
export const negateMoney = (a: Money): Money => -a as Money;
export const minimumCalls = (a: Calls, b: Calls): Calls => (a < b ? a : b);

export function sumCalls(parts: Iterable<Calls>): Calls {
  let sum = 0n;
  for (const part of parts) sum += part;
  return sum as Calls;
}

export function sumMoney(parts: Iterable<Money>): Money {
  let sum = 0n;
  for (const part of parts) sum += part;
  return sum as Money;
}

/** Division rounded half up (away from zero on a tie, as invoices do on both sides of zero). `divisor` is positive. */
export function divideHalfUp(dividend: bigint, divisor: bigint): bigint {
  const magnitude = dividend < 0n ? -dividend : dividend;
  const quotient = (2n * magnitude + divisor) / (2n * divisor);
  return dividend < 0n ? -quotient : quotient;
}

const wholeBlocks: Record<BlockPart, (calls: Calls, block: Calls) => bigint> = {
  up: (calls, block) => ((calls + block - 1n) / block) * block,
  down: (calls, block) => (calls / block) * block,
  exact: (calls) => calls,
};

/** As how many calls `calls` of one slice are charged at `price`: other than themselves only where blocks are whole. */
export const chargedCalls = (calls: Calls, { block }: Pick<Price, 'block'>): Calls =>
  block === undefined ? calls : (wholeBlocks[block.part](calls, block.calls) as Calls);

/** What `calls` cost at `price`, rounded half up to the fen once. Use it once per bill line (billing rules 6.1). */
export const amountOf = (calls: Calls, price: Price): Money =>
  divideHalfUp(chargedCalls(calls, price) * price.amount, price.per) as Money;

const moneyPattern = /^(-?)(0|[1-9]\d{0,17})(?:\.(\d{1,2}))?$/;

/** Reads "12250.00", "12250.5" or "12250" as fen; undefined when the text is no amount, or one that no ledger row holds. */
export function parseMoney(text: string): Money | undefined {
  const match = moneyPattern.exec(text);
  if (match === null) return undefined;
  const fen = BigInt(match[2] ?? '') * 100n + BigInt((match[3] ?? '').padEnd(2, '0'));
  const amount = (match[1] === '-' ? -fen : fen) as Money;
  return isStorable(amount) ? amount : undefined;
}

/** Writes fen as a decimal with two places: "12250.00". */
export function formatMoney(money: Money): string {
  const digits = (money < 0n ? -money : money).toString().padStart(3, '0');
  return `${money < 0n ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`;
}

/** The same of an amount that there may be none of: a contract price is needed then. */
export const formatMoneyOrNull = (money: Money | null): string | null => (money === null ? null : formatMoney(money));

const pricePattern = /^(0|[1-9]\d{0,11})(?:\.(\d{1,8}))?$/;

/** Reads a price with up to 8 places ("0.85"), of one call or of a block; undefined when the text is none (billing rules 2.7). */
export function parsePrice(text: string, block?: Block): Price | undefined {
  const match = pricePattern.exec(text);
  if (match === null) return undefined;
  const places = match[2] ?? '';
  const scaled = BigInt((match[1] ?? '') + places.padEnd(8, '0'));
  const price = { ...reduced(scaled, 1_000_000n * (block?.calls ?? 1n)), text };
  return block === undefined ? price : { ...price, block };
}

/** The same price for each `block`; for each call where there is none. */
export const priceFor = (price: Price, block: Block | undefined): Price => parsePrice(price.text, block) ?? price;

function reduced(amount: bigint, per: bigint): Pick<Price, 'amount' | 'per'> {
  let [a, b] = [amount, per];
  while (b !== 0n) [a, b] = [b, a % b];
  return a === 0n ? { amount: 0n, per: 1n } : { amount: amount / a, per: per / a };
}

/** A price with at least two places, as bills and answers show it: "1.00", "0.85", "0.1234"; of a block where it has one. */
export function formatPrice(price: Price): string {
  const [whole = '0', places = ''] = price.text.split('.');
  const kept = places.endsWith('0') ? places.replace(/0+$/, '') : places;
  return `${whole}.${kept.padEnd(2, '0')}`;
}

/** The same with the calls that it is for: "0.85", and "1.25/1000000" for each million. */
export const formatBlockPrice = (price: Price): string =>
  price.block === undefined ? formatPrice(price) : `${formatPrice(price)}/${price.block.calls}`;

/** 12250 → "12,250": for words that people read. */
export function groupDigits(text: string | bigint): string {
  const digits = text.toString();
  const first = digits.startsWith('-') ? 1 : 0;
  const point = digits.indexOf('.');
  let end = point < 0 ? digits.length : point;
  let grouped = digits.slice(end);
  for (; end - first > 3; end -= 3) grouped = `,${digits.slice(end - 3, end)}${grouped}`;
  return digits.slice(0, end) + grouped;
}
