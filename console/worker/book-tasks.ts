// A price book as people read it, the same as one list of statements that can be held against another's, and the linter.

import { type Problem, problem } from '../../src/book/book-problem.ts';
import { hasProblems, parsePriceBook } from '../../src/book/decode.ts';
import { lintBook } from '../../src/book/lint.ts';
import type { BookDocument } from '../../src/book/schema.ts';
import { statementsOf, unitText } from '../../src/book/statements.ts';
import { pricesOf } from '../../src/core/placed.ts';
import type { PriceBook, Words } from '../../src/core/price-book.ts';
import { formatMoney, formatPrice, type Money } from '../../src/core/units.ts';
import { tierWords } from '../../src/words/figures.ts';
import { notJsonWords } from '../../src/words/json-break.ts';
import { blockWords } from '../../src/words/titles.ts';
import { type BookChoice, documentOf } from './books.ts';
import { unknownBook } from './outcome.ts';

const same = (text: string): Words => ({ zh: text, en: text });

const amountOf = (money: Money | undefined, { currency }: PriceBook): string | null =>
  money === undefined ? null : formatMoney(money, currency);

function read(book: PriceBook, document: BookDocument) {
  return {
    id: book.id,
    ...book.title,
    currency: book.currency,
    timeZone: book.timeZone,
    source: document.source,
    effective: document.effective,
    accounts: document.accounts,
    tariffs: [...book.tariffs.values()].map((tariff) => ({
      id: tariff.id,
      ...tariff.title,
      mode: tariff.mode,
      bound: tariff.bound,
      basis: tariff.basis,
      counter: tariff.counter ?? 'month',
      meters: [...book.meters.values()].filter((meter) => meter.tariff === tariff.id).map(({ title }) => title),
      fee: amountOf(tariff.fee, book),
      minimum: amountOf(tariff.minimum, book),
      maximum: amountOf(tariff.maximum, book),
      withoutCalls: tariff.withoutCalls === true,
      tiers: tariff.tiers.flatMap((tier, index) =>
        pricesOf(tier).map(([meter, price]) => ({
          range: tierWords(tariff, index),
          meter: meter === null ? null : (book.meters.get(meter)?.title ?? same(meter)),
          price: price === null ? null : formatPrice(price, book.currency),
          block: price?.block === undefined ? null : blockWords(price.block),
          fee: amountOf(tier.fee, book),
        })),
      ),
    })),
    products: [...book.packProducts.values()].map((product) => ({
      id: product.id,
      ...product.title,
      covers: [...product.covers].map(([id, ratio]) => ({
        id,
        ...(book.meters.get(id)?.title ?? same(id)),
        ratio: Number(ratio),
        priority: product.priorities?.get(id) ?? null,
      })),
      sizes: product.sizes.map(({ calls, price }) => ({
        calls: Number(calls),
        price: formatMoney(price, book.currency),
        unit: unitText(price, calls, book.currency),
      })),
    })),
    meters: document.meters,
    policies: document.policies,
    codeTable: document.codeTable ?? [],
    gifts: document.gifts ?? [],
    statements: statementsOf(book, document),
  };
}

export type ReadBook = ReturnType<typeof read>;

/** JSON as a file holds it, or where it breaks off. */
export function jsonOf(text: string): { readonly value: unknown } | { readonly problems: readonly Problem[] } {
  const plain = text.replace(/^\uFEFF/, '');
  try {
    return { value: JSON.parse(plain) };
  } catch {
    return { problems: [problem('NOT_JSON', [], notJsonWords(plain))] };
  }
}

export const bookTasks = {
  book({ book }: { readonly book: BookChoice }) {
    const parsed = parsePriceBook(documentOf(book));
    return hasProblems(parsed) ? unknownBook(String(book)) : read(parsed.book, parsed.document);
  },
  /** A shipped book as its file writes it. */
  shippedText: ({ book }: { readonly book: string }) => JSON.stringify(documentOf(book), null, 2),
  lint({ text }: { readonly text: string }) {
    const json = jsonOf(text);
    if ('problems' in json) {
      return { findings: json.problems.map((each) => ({ severity: 'error' as const, ...each })), document: null };
    }
    const findings = lintBook(json.value).map(({ severity, code, pointer, zh, en }) => ({
      severity,
      code,
      pointer,
      zh,
      en,
    }));
    return { findings, document: findings.some(({ severity }) => severity === 'error') ? null : json.value };
  },
};
