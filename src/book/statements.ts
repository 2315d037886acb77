// A price book as one list of statements, each under a key that the same thing has in another book.

import { decimalsOf } from '../core/currency.ts';
import { pricesOf } from '../core/placed.ts';
import type { PriceBook, Tariff, Words } from '../core/price-book.ts';
import { divideHalfUp, formatBlockPrice, formatMoney, groupDigits, shortened } from '../core/units.ts';
import { tierWords } from '../words/figures.ts';
import type { BookDocument, PackTermsDocument } from './schema.ts';

/** One thing that a book says, under a key that the same thing has in another book. */
export interface Statement {
  readonly part: 'book' | 'meters' | 'tariffs' | 'packs' | 'policies' | 'codes' | 'gifts';
  readonly key: string;
  /** What it is about; the key where nothing has a title. */
  readonly about: Words;
  readonly says: Words;
}

/** What a pack costs for each call, with four decimals more than an amount has; "≈" where that is not exact. */
export function unitText(price: bigint, calls: bigint, currency: string): string {
  const parts = divideHalfUp(price * 10_000n, calls);
  const places = decimalsOf(currency) + 4;
  const text = parts.toString().padStart(places + 1, '0');
  const decimal = shortened(`${text.slice(0, -places)}.${text.slice(-places)}`, currency);
  return parts * calls === price * 10_000n ? decimal : `≈ ${decimal}`;
}

const same = (text: string): Words => ({ zh: text, en: text });
const unsaid = '–';

type Say = (part: Statement['part'], key: string, about: Words, says: Words | string) => void;

function sayTariffs(book: PriceBook, say: Say): void {
  for (const tariff of book.tariffs.values()) {
    say(
      'tariffs',
      tariff.id,
      tariff.title,
      `${tariff.mode}, ${tariff.basis}, ${tariff.bound}${tariff.counter === 'day' ? ', day' : ''}${limitsText(tariff, book.currency)}`,
    );
    for (const [index, tier] of tariff.tiers.entries()) {
      const { from, fee } = tier;
      const range = tierWords(tariff, index);
      for (const [meter, price] of pricesOf(tier)) {
        const text =
          price === null
            ? unsaid
            : `${formatBlockPrice(price, book.currency)}${price.block === undefined ? '' : `, ${price.block.part}`}`;
        const whose = meter === null ? '' : ` ${meter}`;
        say(
          'tariffs',
          `${tariff.id} ${from}${whose}`,
          about(tariff.title, `${range}${whose}`),
          `${text}${fee === undefined ? '' : ` + ${formatMoney(fee, book.currency)}`}`,
        );
      }
    }
  }
}

function sayPacks(book: PriceBook, document: BookDocument, say: Say): void {
  for (const product of book.packProducts.values()) {
    const covers = [...product.covers].map(([meter, ratio]) => {
      const priority = product.priorities?.get(meter);
      return `${meter}${ratio === 1n ? '' : ` × ${ratio}`}${priority === undefined ? '' : ` (${priority})`}`;
    });
    const sold = document.packProducts.find(({ id }) => id === product.id);
    say('packs', product.id, product.title, `${covers.join(', ')}${termsText(sold)}`);
    for (const { calls, price } of product.sizes) {
      const own = sold?.sizes.find((size) => BigInt(size.calls) === calls);
      const text = `${groupDigits(formatMoney(price, book.currency))} (${unitText(price, calls, book.currency)})${termsText(own)}`;
      say('packs', `${product.id} ${calls}`, about(product.title, groupDigits(calls)), text);
    }
  }
}

export function statementsOf(book: PriceBook, document: BookDocument): Statement[] {
  const found: Statement[] = [];
  const say: Say = (part, key, about, says) => {
    found.push({ part, key, about, says: typeof says === 'string' ? same(says) : says });
  };
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
  sayTariffs(book, say);
  sayPacks(book, document, say);
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

/** What a month costs beside its calls, by the names of the fields. */
export function limitsText({ fee, minimum, maximum, withoutCalls }: Tariff, currency: string): string {
  const amounts = Object.entries({ fee, minimum, maximum }).flatMap(([name, amount]) =>
    amount === undefined ? [] : [`, ${name} ${formatMoney(amount, currency)}`],
  );
  return `${amounts.join('')}${withoutCalls === true ? ', withoutCalls' : ''}`;
}

/** Of a product or a size that has terms of its own. */
const termsText = ({ validity, refundDays, refundPart }: PackTermsDocument = {}): string =>
  [
    validity === undefined ? '' : `; ${validity}`,
    refundDays === undefined ? '' : `; ↩ ${refundDays ?? unsaid}`,
    refundPart === undefined ? '' : `; ½ ${refundPart}`,
  ].join('');

const about = ({ zh, en }: Words, more: string): Words => ({ zh: `${zh} ${more}`, en: `${en} ${more}` });
const codesText = (codes: 'rest' | readonly string[]): string => (codes === 'rest' ? '…' : codes.join(', '));
