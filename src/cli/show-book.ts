// Price books as people read them.

import type { Finding } from '../book/lint.ts';
import { loadCatalog, type ShelvedBook } from '../book/shelf.ts';
import { limitsText } from '../book/statements.ts';
import { pricesOf } from '../core/placed.ts';
import type { PriceBook } from '../core/price-book.ts';
import { formatMoney, formatPrice, groupDigits, type Money, type Price } from '../core/units.ts';
import { cliBookWords } from '../words/cli/book.ts';
import { headingWords } from '../words/cli/headings.ts';
import { tierWords } from '../words/figures.ts';
import { blockWords } from '../words/titles.ts';
import type { Output } from './output.ts';

export async function listBooks(output: Output): Promise<void> {
  const books = [...loadCatalog().values()];
  if (output.json) {
    output.printJson(
      books.map(({ document, digest }) => {
        const { id, title, currency, timeZone, effective, accounts } = document;
        return { id, title, currency, timeZone, effective, accounts, digest };
      }),
    );
    return;
  }
  const { say } = output;
  await output.table(
    ['id', say(cliBookWords.title), say(cliBookWords.currency), say(cliBookWords.forAccountsOpened)],
    books.map(({ book, document: { accounts } }) => [
      book.id,
      output.say(book.title),
      book.currency,
      openedWords(accounts),
    ]),
  );
}

function openedWords(accounts: ShelvedBook['document']['accounts']): string {
  if (accounts === null) return '–';
  return `${accounts.openedFrom ?? ''} … ${accounts.openedBefore === null ? '' : `< ${accounts.openedBefore}`}`.trim();
}

export async function showBook({ book, document }: ShelvedBook, output: Output): Promise<void> {
  if (output.json) {
    output.printJson(document);
    return;
  }
  const { say } = output;
  output.print(`${output.colors.bold(output.say(book.title))}  ${book.id}  ${book.currency}  ${book.timeZone}`);
  await output.table(
    [say(headingWords.meter), say(cliBookWords.title), say(cliBookWords.tariff), say(cliBookWords.packs)],
    [...book.meters.values()].map((meter) => [
      meter.id,
      output.say(meter.title),
      meter.tariff ?? '–',
      coveringPacks(book, meter.id),
    ]),
  );
  await output.table(
    [say(cliBookWords.tariff), say(cliBookWords.mode), say(cliBookWords.tier), say(headingWords.unitPrice)],
    [...book.tariffs.values()].flatMap((tariff) =>
      tariff.tiers.map((tier, index) => [
        index === 0 ? tariff.id : '',
        index === 0
          ? `${[tariff.mode, tariff.basis, ...(tariff.counter === 'day' ? ['day'] : [])].join(', ')}${limitsText(tariff, book.currency)}`
          : '',
        tierWords(tariff, index),
        `${pricesOf(tier)
          .map(
            ([meter, price]) =>
              `${meter === null ? '' : `${meter} `}${price === null ? say(headingWords.askForAPrice) : priceText(price, book.currency, output)}`,
          )
          .join(', ')}${feeText(tier.fee, book.currency)}`,
      ]),
    ),
    [3],
  );
  await output.table(
    [say(headingWords.pack), say(cliBookWords.title), say(headingWords.calls), say(headingWords.price)],
    [...book.packProducts.values()].flatMap((product) =>
      product.sizes.map(({ calls, price }, index) => [
        index === 0 ? product.id : '',
        index === 0 ? output.say(product.title) : '',
        groupDigits(calls),
        groupDigits(formatMoney(price, book.currency)),
      ]),
    ),
    [2, 3],
  );
}

const feeText = (fee: Money | undefined, currency: string): string =>
  fee === undefined ? '' : ` + ${formatMoney(fee, currency)}`;

const priceText = (price: Price, currency: string, { say }: Output): string =>
  `${formatPrice(price, currency)}${price.block === undefined ? '' : ` ${say(blockWords(price.block))}`}`;

const coveringPacks = (book: PriceBook, meter: string): string =>
  [...book.packProducts.values()]
    .filter((product) => product.covers.has(meter))
    .map((product) => product.id)
    .join(', ') || '–';

/** Findings are the data of `lint`; they go to stdout. */
export function showFindings(file: string, findings: readonly Finding[], output: Output): void {
  if (output.json) {
    output.printJson({ file, findings });
    return;
  }
  const { red, yellow } = output.colors;
  for (const { severity, code, pointer, ...words } of findings) {
    const mark = severity === 'error' ? red(output.say(headingWords.error)) : yellow(output.say(cliBookWords.warning));
    output.print(`${mark} ${pointer === '' ? '/' : pointer} ${code}: ${output.say(words)}`);
  }
  const errors = findings.filter(({ severity }) => severity === 'error').length;
  output.print(output.say(cliBookWords.errors(file, errors, findings.length - errors)));
}
