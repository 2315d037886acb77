// A price book as people read it, the same as one list of statements that can be held against another's, and the linter.

import { type Problem, problem } from '../../src/book/book-problem.ts';
import { hasProblems, parsePriceBook } from '../../src/book/decode.ts';
import { lintBook } from '../../src/book/lint.ts';
import type { BookDocument } from '../../src/book/schema.ts';
import type { PriceBook, Words } from '../../src/core/price-book.ts';
import { divideHalfUp, formatMoney, formatPrice, groupDigits } from '../../src/core/units.ts';
import { tierWords } from '../../src/words/figures.ts';
import { notJsonWords } from '../../src/words/json-break.ts';
import type { Statement } from '../price-books/pairs.ts';
import { type BookChoice, documentOf } from './books.ts';
import { unknownBook } from './outcome.ts';

/** What a pack costs for each call, to the hundredth of a fen; "≈" where that is not exact. */
function unitText(price: bigint, calls: bigint): string {
  const parts = divideHalfUp(price * 10_000n, calls);
  const text = parts.toString().padStart(7, '0');
  const decimal = `${text.slice(0, -6)}.${text.slice(-6)}`.replace(/(\.\d\d\d*?)0+$/, '$1');
  return parts * calls === price * 10_000n ? decimal : `≈ ${decimal}`;
}

const same = (text: string): Words => ({ zh: text, en: text });
const unsaid = '–';

function statementsOf(book: PriceBook, document: BookDocument): Statement[] {
  const found: Statement[] = [];
  const say = (part: Statement['part'], key: string, about: Words, says: Words | string) =>
    found.push({ part, key, about, says: typeof says === 'string' ? same(says) : says });
  say('book', 'title', same('title'), book.title);
  say('book', 'currency', same('currency'), book.currency);
  say('book', 'timeZone', same('timeZone'), book.timeZone);
  const { effective, accounts, source } = document;
  say('book', 'source', same('source'), {
    zh: `${source.title.zh} ${source.published}`,
    en: `${source.title.en} ${source.published}`,
  });
  say('book', 'effective', same('effective'), `${effective.from ?? ''} … ${effective.until ?? ''}`);
  say('book', 'accounts', same('accounts'), `${accounts?.openedFrom ?? ''} … ${accounts?.openedBefore ?? ''}`);
  for (const meter of book.meters.values()) {
    const facts = meter.facts.map(({ actions, channels = [], libraries = [] }) =>
      [actions, channels, libraries].flatMap((names) => (names.length === 0 ? [] : [names.join(', ')])).join(' · '),
    );
    say(
      'meters',
      meter.id,
      meter.title,
      `→ ${meter.tariff ?? unsaid}${facts.length === 0 ? '' : `; ${facts.join('; ')}`}`,
    );
  }
  for (const tariff of book.tariffs.values()) {
    say('tariffs', tariff.id, tariff.title, `${tariff.mode}, ${tariff.basis}, ${tariff.bound}`);
    for (const [index, { from, price }] of tariff.tiers.entries()) {
      const range = tierWords(tariff, index);
      const text = price === null ? unsaid : formatPrice(price);
      say('tariffs', `${tariff.id} ${from}`, about(tariff.title, range), text);
    }
  }
  for (const product of book.packProducts.values()) {
    const covers = [...product.covers].map(([meter, ratio]) => (ratio === 1n ? meter : `${meter} × ${ratio}`));
    say('packs', product.id, product.title, covers.join(', '));
    for (const { calls, price } of product.sizes) {
      const text = `${groupDigits(formatMoney(price))} (${unitText(price, calls)})`;
      say('packs', `${product.id} ${calls}`, about(product.title, groupDigits(calls)), text);
    }
  }
  for (const [name, value] of Object.entries(document.policies)) {
    say('policies', name, same(name), Array.isArray(value) ? value.join(', ') : String(value));
  }
  for (const { actions, channels, from, until, charged, notCharged } of document.codeTable ?? []) {
    const name = [actions.join(', '), ...(channels === undefined ? [] : [channels.join(', ')])].join(' · ');
    const text = [`✓ ${codesText(charged)}`, `✗ ${codesText(notCharged)}`].join('  ');
    say('codes', `${name} ${from ?? ''} ${until ?? ''}`, same(`${name} (${from ?? ''} … ${until ?? ''})`), text);
  }
  for (const { product, calls, every, life } of document.gifts ?? []) {
    const title = book.packProducts.get(product)?.title ?? same(product);
    say(
      'gifts',
      `${product} ${every}`,
      title,
      `${groupDigits(String(calls))}, ${every}${life === undefined ? '' : `, ${life}`}`,
    );
  }
  return found;
}

const about = ({ zh, en }: Words, more: string): Words => ({ zh: `${zh} ${more}`, en: `${en} ${more}` });
const codesText = (codes: 'rest' | readonly string[]): string => (codes === 'rest' ? '…' : codes.join(', '));

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
      meters: [...book.meters.values()].filter((meter) => meter.tariff === tariff.id).map(({ title }) => title),
      tiers: tariff.tiers.map(({ price }, index) => ({
        range: tierWords(tariff, index),
        price: price === null ? null : formatPrice(price),
      })),
    })),
    products: [...book.packProducts.values()].map((product) => ({
      id: product.id,
      ...product.title,
      covers: [...product.covers].map(([id, ratio]) => ({
        id,
        ...(book.meters.get(id)?.title ?? same(id)),
        ratio: Number(ratio),
      })),
      sizes: product.sizes.map(({ calls, price }) => ({
        calls: Number(calls),
        price: formatMoney(price),
        unit: unitText(price, calls),
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
