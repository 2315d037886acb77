// Warnings about pack products: unit prices, order, and packs that cost more than paying per call.

import { packUnitDearer } from '../core/notice.ts';
import { seenBy } from '../core/placed.ts';
import type { PackProduct, PriceBook, Words } from '../core/price-book.ts';
import { lastPrice, rate } from '../core/rate.ts';
import { tierAt, tierIndex } from '../core/tariff-modes.ts';
import { type Calls, type Money, noCalls, noMoney } from '../core/units.ts';
import { bookLintWords } from '../words/book-lint.ts';
import { callsWords, moneyWords } from '../words/figures.ts';
import { shownNotice } from '../words/notices.ts';
import { namingOf } from '../words/shown-bill.ts';
import { type Finding, warning } from './finding.ts';
import { aboutTenTimes, exceeds, type Fraction, fractionOf, packUnit, tenfold } from './fraction.ts';

export const packFindings = (book: PriceBook): Finding[] =>
  [...book.packProducts.values()].flatMap((product, index) => {
    const pointer = `/packProducts/${index}`;
    return [
      ...notSold(product, pointer),
      ...risingUnits(book, product, pointer),
      ...oddOrder(book, product, pointer),
      ...tenfoldSizes(book, product, pointer),
      ...dearerThanPostpaid(book, product, pointer),
      ...farFromPostpaid(book, product, pointer),
      ...restsOf(product, pointer),
    ];
  });

function notSold(product: PackProduct, pointer: string): Finding[] {
  if (product.sizes.length > 0) return [];
  const words: Words = bookLintWords.packHasNoSize(product.title);
  return [warning('PACK_NOT_SOLD', `${pointer}/sizes`, words)];
}

function risingUnits(book: PriceBook, product: PackProduct, pointer: string): Finding[] {
  return product.sizes.flatMap((size, index) => {
    const before = product.sizes[index - 1];
    if (before === undefined || !exceeds(packUnit(size), packUnit(before))) return [];
    const [large, small] = [sizeWords(book, size.calls, size.price), sizeWords(book, before.calls, before.price)];
    const words: Words = bookLintWords.dearerThanLarger(product.title, large, small);
    return [warning('PACK_UNIT_RISES', `${pointer}/sizes/${index}/price`, words)];
  });
}

/** A larger pack that costs no more in all than a smaller one: nobody would buy the smaller. */
function oddOrder(book: PriceBook, product: PackProduct, pointer: string): Finding[] {
  return product.sizes.flatMap((size, index) => {
    const before = product.sizes[index - 1];
    if (before === undefined || size.price > before.price) return [];
    const [large, small] = [sizeWords(book, size.calls, size.price), sizeWords(book, before.calls, before.price)];
    const words: Words = bookLintWords.notDearerThanSmaller(product.title, large, small);
    return [warning('PACK_ORDER', `${pointer}/sizes/${index}/price`, words)];
  });
}

const sizeWords = (book: PriceBook, calls: Calls, price: Money): Words =>
  bookLintWords.calls(callsWords(calls), moneyWords(price, book.currency));

/** A size off its neighbours; a size that is in line with them but off the postpaid price is off together with them. */
function tenfoldSizes(book: PriceBook, product: PackProduct, pointer: string): Finding[] {
  const units = product.sizes.map(packUnit);
  const among = new Map(tenfold(units).map(({ index, dearer }) => [index, dearer]));
  return product.sizes.flatMap((size, index) => {
    const dearer = among.get(index) ?? tenfoldOfPostpaid(book, product, size.calls, packUnit(size));
    if (dearer === undefined) return [];
    const reference: Words = among.has(index)
      ? bookLintWords.itsNeighboursACall
      : bookLintWords.postpaidPriceOfAsManyCalls;
    const one = sizeWords(book, size.calls, size.price);
    const words: Words = bookLintWords.tenTimesOrATenth(product.title, one, reference, dearer);
    return [warning('PRICE_TIMES_TEN', `${pointer}/sizes/${index}/price`, words)];
  });
}

/** True when about ten times the postpaid price of every covered meter that has one, false when a tenth, else undefined. */
function tenfoldOfPostpaid(book: PriceBook, product: PackProduct, size: Calls, unit: Fraction): boolean | undefined {
  const pairs = [...product.covers].flatMap(([meter, ratio]) => {
    const ofMeter = book.tariffs.get(book.meters.get(meter)?.tariff ?? '');
    if (ofMeter === undefined) return [];
    const tariff = seenBy(ofMeter, meter);
    const price = tierAt(tariff, tierIndex(tariff, (size / ratio) as Calls, tariff.bound)).price ?? lastPrice(tariff);
    return price === null
      ? []
      : [{ pack: { amount: unit.amount * ratio, per: unit.per }, postpaid: fractionOf(price) }];
  });
  if (pairs.length === 0) return undefined;
  if (pairs.every(({ pack, postpaid }) => aboutTenTimes(pack, postpaid))) return true;
  return pairs.every(({ pack, postpaid }) => aboutTenTimes(postpaid, pack)) ? false : undefined;
}

/** The rule is the quote's own: one definition of "dearer than as many postpaid calls". */
function dearerThanPostpaid(book: PriceBook, product: PackProduct, pointer: string): Finding[] {
  return product.sizes.flatMap((size, index) => {
    const notice = packUnitDearer(book, product, size);
    if (notice === undefined) return [];
    const { zh, en, facts } = shownNotice(notice, namingOf(book));
    return [warning('PACK_UNIT_DEARER', `${pointer}/sizes/${index}/price`, { zh, en }, facts)];
  });
}

/** Packs cost between half and twice what as many postpaid calls do: five times off, one of the two is in another unit. */
const mostTimesOff = 5n;

function farFromPostpaid(book: PriceBook, product: PackProduct, pointer: string): Finding[] {
  const tenfoldAt = new Set(tenfoldSizes(book, product, pointer).map((found) => found.pointer));
  return product.sizes.flatMap((size, index) => {
    const at = `${pointer}/sizes/${index}/price`;
    const amounts = postpaidAmounts(book, product, size.calls);
    const isCheap = amounts.length > 0 && amounts.every((amount) => size.price * mostTimesOff < amount);
    const isDear = amounts.length > 0 && amounts.every((amount) => size.price > amount * mostTimesOff);
    if (tenfoldAt.has(at) || !(isCheap || isDear)) return [];
    const one = sizeWords(book, size.calls, size.price);
    const postpaid = moneyWords(amounts[0] as Money, book.currency);
    const words: Words = bookLintWords.farFromPostpaid(product.title, one, postpaid);
    return [warning('PACK_FAR_FROM_POSTPAID', at, words)];
  });
}

/** What as many calls of each covered meter cost postpaid, where that is known and not nothing. */
function postpaidAmounts(book: PriceBook, product: PackProduct, size: Calls): Money[] {
  return [...product.covers].flatMap(([meter, ratio]) => {
    const tariff = book.tariffs.get(book.meters.get(meter)?.tariff ?? '');
    const calls = (size / ratio) as Calls;
    if (tariff === undefined || calls === noCalls) return [];
    const { estimate } = rate(seenBy(tariff, meter), { postpaid: calls, drawn: noCalls });
    return estimate === null || estimate === noMoney ? [] : [estimate];
  });
}

/** Units of a size that no call can use, whatever is called. */
function restsOf(product: PackProduct, pointer: string): Finding[] {
  const step = [...product.covers.values()].reduce(commonDivisor, 0n);
  if (step <= 1n) return [];
  return product.sizes.flatMap((size, index) => {
    const rest = size.calls % step;
    if (rest === 0n) return [];
    const words: Words = bookLintWords.packOf(product.title, callsWords(size.calls), step, rest);
    return [warning('PACK_REST', `${pointer}/sizes/${index}/calls`, words)];
  });
}

const commonDivisor = (a: bigint, b: bigint): bigint => (b === 0n ? a : commonDivisor(b, a % b));
