// Numbers that carry their unit in the type. All arithmetic is on integers; every division names its rounding.

import { decimalsOf, noCurrency } from './currency.ts';

declare const unit: unique symbol;

/** A number of calls (or of pack units where a pack product has ratios). Whole, never a float. */
export type Calls = bigint & { readonly [unit]: 'calls' };

/** Money in the smallest unit of the book's currency: fen for CNY, yen for JPY, fils for KWD. */
export type Money = bigint & { readonly [unit]: 'minor' };

/** A point in time: whole milliseconds since 1970-01-01T00:00:00Z. */
export type Instant = number & { readonly [unit]: 'milliseconds' };

/**
 * A unit price as a fraction: `amount / per` of the currency's smallest unit for one call. `text` is the decimal as the price book
 * writes it: for one call, or for the calls of its block.
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

/** How documents write a block: `per` calls, and what a part of them counts as. */
export interface BlockText {
  readonly per?: number | bigint | undefined;
  readonly part?: BlockPart | undefined;
}

/** Undefined: each call is priced by itself. */
export const blockOf = ({ per, part }: BlockText): Block | undefined =>
  per === undefined || part === undefined ? undefined : { calls: callsOf(per), part };

export const moneyOf = (units: bigint | number): Money => BigInt(units) as Money;
export const instantOf = (milliseconds: number): Instant => milliseconds as Instant;

export const noCalls = 0n as Calls;
export const noMoney = 0n as Money;

/** The largest quantity one event may carry (billing rules 5.2). */
export const mostCalls = 1_000_000_000_000n as Calls;

/** The most of the smallest unit, above or below zero, that a ledger row holds: eight bytes. */
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

/** Null where one of them is not known: never nothing. */
export function sumOrNull(parts: Iterable<Money | null>): Money | null {
  let sum = 0n;
  for (const part of parts) {
    if (part === null) return null;
    sum += part;
  }
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

/** What `calls` cost at `price`, rounded half up to the smallest unit once. Use it once per bill line (billing rules 6.1). */
export const amountOf = (calls: Calls, price: Price): Money =>
  divideHalfUp(chargedCalls(calls, price) * price.amount, price.per) as Money;

const moneyPattern = /^(-?)(0|[1-9]\d{0,18})(?:\.(\d{1,3}))?$/;

/** Reads "12250.00", "12250.5" or "12250"; undefined when the text is no amount of the currency, or one that no ledger row holds. */
export function parseMoney(text: string, currency: string): Money | undefined {
  const match = moneyPattern.exec(text);
  const decimals = decimalsOf(currency);
  if (match === null || (match[3]?.length ?? 0) > decimals) return undefined;
  const units = BigInt((match[2] ?? '') + (match[3] ?? '').padEnd(decimals, '0'));
  const amount = (match[1] === '-' ? -units : units) as Money;
  return isStorable(amount) ? amount : undefined;
}

/** Whether a text is an amount of some currency: how many decimals its own has is for whoever knows it. */
export const isMoneyText = (text: string): boolean =>
  ['JPY', noCurrency, 'KWD'].some((currency) => parseMoney(text, currency) !== undefined);

/** Writes an amount with all decimals of its currency: "12250.00" CNY, "12250" JPY, "12250.000" KWD. */
export function formatMoney(money: Money, currency: string): string {
  const decimals = decimalsOf(currency);
  const digits = (money < 0n ? -money : money).toString().padStart(decimals + 1, '0');
  const sign = money < 0n ? '-' : '';
  return decimals === 0 ? sign + digits : `${sign}${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`;
}

/** The same of an amount that there may be none of: a contract price is needed then. */
export const formatMoneyOrNull = (money: Money | null, currency: string): string | null =>
  money === null ? null : formatMoney(money, currency);

const pricePattern = /^(0|[1-9]\d{0,11})(?:\.(\d{1,8}))?$/;

/** A whole number of smallest units as texts keep it that name no currency: with two decimals, whatever the currency has. */
export const storedMoney = (money: Money): string => formatMoney(money, noCurrency);
export const readStoredMoney = (text: string): Money | undefined => parseMoney(text, noCurrency);

/** Reads a price with up to 8 places ("0.85"), of one call or of a block; undefined when the text is none (billing rules 2.7). */
export function parsePrice(text: string, currency: string, block?: Block): Price | undefined {
  const match = pricePattern.exec(text);
  if (match === null) return undefined;
  const places = match[2] ?? '';
  const scaled = BigInt((match[1] ?? '') + places.padEnd(8, '0'));
  const price = { ...reduced(scaled, 10n ** BigInt(8 - decimalsOf(currency)) * (block?.calls ?? 1n)), text };
  return block === undefined ? price : { ...price, block };
}

/** The same price for each `block`; for each call where there is none. */
export const priceFor = ({ amount, per, block: before, text }: Price, block: Block | undefined): Price => ({
  ...reduced(amount * (before?.calls ?? 1n), per * (block?.calls ?? 1n)),
  text,
  ...(block === undefined ? {} : { block }),
});

function reduced(amount: bigint, per: bigint): Pick<Price, 'amount' | 'per'> {
  let [a, b] = [amount, per];
  while (b !== 0n) [a, b] = [b, a % b];
  return a === 0n ? { amount: 0n, per: 1n } : { amount: amount / a, per: per / a };
}

/** A price with at least the decimals of its currency, as bills and answers show it: "1.00", "0.85", "0.1234"; of a block where it has one. */
export const formatPrice = ({ text }: Price, currency: string): string => shortened(text, currency);

/** A decimal without the zeros at its end that its currency does not ask for: "0.8500" → "0.85". */
export function shortened(text: string, currency: string): string {
  const [whole = '0', places = ''] = text.split('.');
  const kept = places.replace(/0+$/, '').padEnd(decimalsOf(currency), '0');
  return kept === '' ? whole : `${whole}.${kept}`;
}

/** The same with the calls that it is for: "0.85", and "1.25/1000000" for each million. */
export const formatBlockPrice = (price: Price, currency: string): string =>
  `${formatPrice(price, currency)}${price.block === undefined ? '' : `/${price.block.calls}`}`;

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
