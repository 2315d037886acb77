// A month of made-up calls, always the same for a seed: seven products, results that are charged and some that are not,
// late arrivals, events sent twice. Kept as numbers, so that a million of them fit a test.

import { closeSync, openSync, writeSync } from 'node:fs';

export interface Product {
  readonly meter: string;
  /** Null: the rows give the meter. */
  readonly action: string | null;
  readonly share: number;
  /** Code, how often, charged or not. */
  readonly results: readonly (readonly [code: string, share: number, charged: boolean])[];
}

export const products: readonly Product[] = [
  {
    meter: 'photo.authority',
    action: 'ImageRecognition',
    share: 0.15,
    results: [
      ['Success', 0.85, true],
      ['FailedOperation.CompareLowSimilarity', 0.08, true],
      ['FailedOperation.ImageBlur', 0.07, false],
    ],
  },
  {
    meter: 'liveness.basic.authority',
    action: 'LivenessRecognition',
    share: 0.17,
    results: [
      ['Success', 0.9, true],
      ['InternalError.ActionTimeout', 0.1, false],
    ],
  },
  {
    meter: 'identity',
    action: 'IdCardVerification',
    share: 0.2,
    results: [
      ['0', 0.8, true],
      ['-1', 0.1, true],
      ['-2', 0.06, false],
      ['-3', 0.04, false],
    ],
  },
  {
    meter: 'bank_card',
    action: 'BankCard2EVerification',
    share: 0.19,
    results: [
      ['0', 0.8, true],
      ['-1', 0.06, true],
      ['-4', 0.04, true],
      ['-2', 0.1, false],
    ],
  },
  {
    meter: 'bank_card_info',
    action: 'CheckBankCardInformation',
    share: 0.09,
    results: [
      ['0', 0.9, true],
      ['-5', 0.05, true],
      ['-2', 0.05, false],
    ],
  },
  { meter: 'eid', action: null, share: 0.2, results: [['', 1, true]] },
];

/** The last product has an exact number of calls, to lie on a tier bound. */
export const onBound: Product = {
  meter: 'phone_status',
  action: 'MobileStatus',
  share: 0,
  results: [['0', 1, true]],
};

export interface Calls {
  readonly count: number;
  /** In the order of the file; the repeated ones included. */
  readonly times: Float64Array;
  /** Index in `products`; `products.length` is `onBound`. */
  readonly products: Uint8Array;
  readonly results: Uint8Array;
  /** Row that the row repeats, or -1. */
  readonly repeats: Int32Array;
  /** Rows in the order of their calls. */
  readonly byTime: Uint32Array;
}

export function random(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let word = Math.imul(state ^ (state >>> 15), state | 1);
    word ^= word + Math.imul(word ^ (word >>> 7), word | 61);
    return ((word ^ (word >>> 14)) >>> 0) / 4294967296;
  };
}

const monthStart = Date.parse('2026-01-01T00:00:00+08:00');
const monthLength = 31 * 86_400_000;

/** `bound` calls are of the product that lies on a bound. One row of a hundred is sent again. */
export function makeCalls(count: number, bound: number, seed = 1): Calls {
  const next = random(seed);
  const calls = {
    times: new Float64Array(count),
    products: new Uint8Array(count),
    results: new Uint8Array(count),
    repeats: new Int32Array(count).fill(-1),
  };
  const firsts = Math.floor(count * 0.99);
  let bounds = 0;
  for (let row = 0; row < count; row += 1) {
    if (row >= firsts) {
      // Retries come at the end of the file; the product on the bound is not among them.
      let first = Math.floor(next() * firsts);
      while (calls.products[first] === products.length) first = Math.floor(next() * firsts);
      calls.repeats[row] = first;
      calls.times[row] = calls.times[first]!;
      calls.products[row] = calls.products[first]!;
      calls.results[row] = calls.results[first]!;
      continue;
    }
    // Up to two hours late, whole seconds.
    const time = monthStart + ((row + next()) / firsts) * (monthLength - 7_200_000) + next() * 7_200_000;
    calls.times[row] = Math.floor(time / 1000) * 1000;
    const wanted = Math.floor(((row + 1) / firsts) * bound);
    const isBound = wanted > bounds;
    if (isBound) bounds += 1;
    calls.products[row] = isBound ? products.length : pick(next(), products);
    calls.results[row] = isBound ? 0 : pickResult(next(), products[calls.products[row]!]!);
  }
  const byTime = new Uint32Array(count);
  for (let row = 0; row < count; row += 1) byTime[row] = row;
  byTime.sort((a, b) => calls.times[a]! - calls.times[b]! || a - b);
  return { count, ...calls, byTime };
}

function pick(chance: number, from: readonly { readonly share: number }[]): number {
  let sum = 0;
  for (const [index, { share }] of from.entries()) {
    sum += share;
    if (chance < sum) return index;
  }
  return from.length - 1;
}

const pickResult = (chance: number, product: Product): number =>
  pick(
    chance,
    product.results.map(([, share]) => ({ share })),
  );

export const productOf = (calls: Calls, row: number): Product => products[calls.products[row]!] ?? onBound;

export function writeCalls(calls: Calls, path: string, account = 'acme'): void {
  const file = openSync(path, 'w');
  let text = '';
  for (let row = 0; row < calls.count; row += 1) {
    const id = calls.repeats[row]! < 0 ? row : calls.repeats[row]!;
    const { meter, action, results } = productOf(calls, row);
    const time = `${new Date(calls.times[row]! + 28_800_000).toISOString().slice(0, 19)}+08:00`;
    const what =
      action === null
        ? `"meter":"${meter}"`
        : `"action":"${action}","resultCode":"${results[calls.results[row]!]?.[0]}"`;
    text += `{"id":"call-${id.toString(36).padStart(8, '0')}","account":"${account}",${what},"time":"${time}"}\n`;
    if (text.length > 1 << 20) {
      writeSync(file, text);
      text = '';
    }
  }
  writeSync(file, text);
  closeSync(file);
}
