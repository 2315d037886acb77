// Stories that a billing clerk can read: one step a line, as "TIME VERB …", with what is expected after an arrow when it is not "ok".
//
//   2026-01-05T10:00  gift   g1  basic_authority  50            monthly gifts: gift g1 basic_authority 50 x3
//   2026-01-05T10:00  buy    p1  basic_authority  10000
//   2026-01-06T09:00  use    e1  liveness.basic.authority  15000  @2026-01-06T08:59:59
//   2026-01-07T09:00  refund p1  → PACK_IN_USE
//   2026-02-03T00:00  close  2026-01
//
// Times are of Shanghai.

import { expect } from 'vitest';
import { loadCatalog } from '../../src/book/shelf.ts';
import type { PriceBook } from '../../src/core/price-book.ts';
import { isRefusal, type Refusal } from '../../src/core/refusal.ts';
import { callsOf } from '../../src/core/units.ts';
import { type Quote, type QuoteRequest, quote } from '../../src/scenario/quote.ts';
import { type Simulation, simulate } from '../../src/scenario/simulate.ts';

export interface Opening {
  readonly book?: unknown;
  readonly balance?: string;
  readonly account?: object;
}

/** Lives a story, checks every step against its arrow, and answers the output. */
export function live(
  story: string,
  { book = 'faceid-legacy', balance = '10000000.00', account = {} }: Opening = {},
): Simulation {
  const lines = story
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => line.split(/\s*→\s*/));
  const steps = lines.map(([text = '']) => stepOf(text));
  const output = run({ book, account: { id: 'acme', opened: '2020-03-01', balance, ...account }, steps });
  const told = lines.map(([text, outcome = 'ok']) => `${text} → ${outcome}`);
  const happened = output.results.map((result, index) => `${lines[index]?.[0]} → ${outcomeOf(result)}`);
  expect(happened).toEqual(told);
  return output;
}

/** Runs a scenario that is sound. */
export function run(scenario: unknown): Simulation {
  const output = simulate(scenario, loadCatalog());
  if ('results' in output) return output;
  throw new Error(`not a scenario: ${JSON.stringify(output)}`);
}

function outcomeOf(result: Simulation['results'][number]): string {
  if (!result.ok) return result.code;
  return result.duplicate ? 'duplicate' : (result.status ?? 'ok');
}

const at = (text: string): string => `${text.length === 16 ? `${text}:00` : text}+08:00`;

function stepOf(text: string): object {
  const [time = '', verb = '', ...words] = text.split(/\s+/);
  const step = { at: at(time), do: verb };
  const [first, second, third, fourth] = words;
  if (verb === 'close') return { ...step, month: first };
  if (verb === 'topup') return { ...step, amount: first };
  if (verb === 'gift') {
    const months = fourth === undefined ? {} : { months: Number(fourth.slice(1)) };
    return { ...step, id: first, product: second, calls: Number(third), ...months };
  }
  if (verb === 'buy') return { ...step, id: first, product: second, size: Number(third) };
  if (verb !== 'use') return { ...step, id: first };
  const when = fourth === undefined ? {} : { time: at(fourth.slice(1)) };
  return { ...step, id: first, meter: second, calls: Number(third), ...when };
}

/** A quote written as "BOOK METER=N PRODUCT:SIZExK gift:PRODUCT:N". */
export function quoteOf(text: string): Quote {
  const [book = '', ...words] = text.split(/\s+/);
  const answer = quote(bookNamed(book), requestOf(words));
  if ('refused' in answer) throw new Error(`${text}: ${JSON.stringify(answer)}`);
  return answer;
}

export function requestOf(words: readonly string[]): QuoteRequest {
  const use = words.filter((word) => word.includes('=')).map((word) => word.split('='));
  const gifts = words.filter((word) => word.startsWith('gift:')).map((word) => word.split(':'));
  const packs = words.filter((word) => /^(?!gift:)[^=]+:/.test(word)).map((word) => word.split(/[:x](?=\d)/));
  return {
    use: use.map(([of = '', calls = '']) => ({ of, calls: callsOf(BigInt(calls)) })),
    gifts: gifts.map(([, product = '', calls = '']) => ({ product, calls: callsOf(BigInt(calls)) })),
    packs: packs.map(([product = '', size = '', count = '1']) => ({
      product,
      size: callsOf(BigInt(size)),
      count: Number(count),
    })),
  };
}

export function bookNamed(id: string): PriceBook {
  const shelved = loadCatalog().get(id);
  if (shelved === undefined) throw new Error(`no book ${id}`);
  return shelved.book;
}

/** A shipped book's JSON with some fields changed, to be given inline. */
export function bentBook(id: string, change: (document: BookJson) => void): unknown {
  const document = structuredClone(loadCatalog().get(id)?.document) as unknown as BookJson;
  change(document);
  return document;
}

/** As much of a book's JSON as tests bend. */
export interface BookJson {
  timeZone: string;
  meters: { id: string; tariff: string | null }[];
  tariffs: {
    id: string;
    mode: string;
    basis: string;
    tiers: { from: number; to: number | null; price: string | null }[];
  }[];
  packProducts: { id: string; covers: { meter: string; ratio?: number; priority?: number }[] }[];
  policies: Record<string, unknown>;
}

/** What a story is checked for, in short lines. */
export const packLine = (output: Simulation, id: string): string => {
  const pack = output.packs.find((each) => each.id === id);
  return pack === undefined ? 'none' : `${pack.state} ${pack.remaining} left, ${pack.forfeited} forfeited`;
};

export const receiptLine = (output: Simulation, id: string): string => {
  const receipt = output.receipts.find((each) => each.event === id);
  if (receipt === undefined) return 'none';
  const draws = receipt.draws.map(({ pack, calls }) => `${pack} ${calls}`);
  return [...draws, `postpaid ${receipt.postpaid}`, ...(receipt.voided ? ['voided'] : [])].join(', ');
};

export const billLine = (output: Simulation, month: string): string => {
  const bill = output.bills.find((each) => each.month === month);
  if (bill === undefined) return 'none';
  return `prepaid ${bill.prepaid}, postpaid ${bill.postpaid}, adjustments ${bill.adjustments}, total ${bill.total}`;
};

/** A value that must not have been refused. */
export function granted<T>(value: T | Refusal): T {
  if (isRefusal(value)) throw new Error(`${value.refused} ${JSON.stringify(value.facts)}`);
  return value;
}
