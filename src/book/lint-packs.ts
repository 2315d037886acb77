// Warnings about pack products: unit prices, order, and packs that cost more than paying per call.

import { packUnitDearer } from '../core/notice.ts';
import type { PackProduct, PriceBook, Words } from '../core/price-book.ts';
import { lastPrice, tierAt, tierIndex } from '../core/rate.ts';
import type { Calls, Money } from '../core/units.ts';
import { callsWords, moneyWords } from '../core/words.ts';
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
    ];
  });

function notSold(product: PackProduct, pointer: string): Finding[] {
  if (product.sizes.length > 0) return [];
  const words: Words = {
    zh: `资源包「${product.title.zh}」没有规格，只能赠送，不能购买。`,
    en: `The pack "${product.title.en}" has no size: it can be given but not bought.`,
  };
  return [warning('PACK_NOT_SOLD', `${pointer}/sizes`, words)];
}

function risingUnits(book: PriceBook, product: PackProduct, pointer: string): Finding[] {
  return product.sizes.flatMap((size, index) => {
    const before = product.sizes[index - 1];
    if (before === undefined || !exceeds(packUnit(size), packUnit(before))) return [];
    const [large, small] = [sizeWords(book, size.calls, size.price), sizeWords(book, before.calls, before.price)];
    const words: Words = {
      zh: `资源包「${product.title.zh}」${large.zh} 的单价高于 ${small.zh}。`,
      en: `Pack "${product.title.en}": ${large.en} costs more a call than ${small.en}.`,
    };
    return [warning('PACK_UNIT_RISES', `${pointer}/sizes/${index}/price`, words)];
  });
}

/** A larger pack that costs no more in all than a smaller one: nobody would buy the smaller. */
function oddOrder(book: PriceBook, product: PackProduct, pointer: string): Finding[] {
  return product.sizes.flatMap((size, index) => {
    const before = product.sizes[index - 1];
    if (before === undefined || size.price > before.price) return [];
    const [large, small] = [sizeWords(book, size.calls, size.price), sizeWords(book, before.calls, before.price)];
    const words: Words = {
      zh: `资源包「${product.title.zh}」${large.zh} 不比 ${small.zh} 贵，规格或价格是否写反？`,
      en: `Pack "${product.title.en}": ${large.en} costs no more than ${small.en}; are they the right way round?`,
    };
    return [warning('PACK_ORDER', `${pointer}/sizes/${index}/price`, words)];
  });
}

const sizeWords = (book: PriceBook, calls: Calls, price: Money): Words => ({
  zh: `${callsWords(calls)} 次（${moneyWords(price, book.currency)}）`,
  en: `${callsWords(calls)} calls (${moneyWords(price, book.currency)})`,
});

/** A size off its neighbours; a size that is in line with them but off the postpaid price is off together with them. */
function tenfoldSizes(book: PriceBook, product: PackProduct, pointer: string): Finding[] {
  const units = product.sizes.map(packUnit);
  const among = new Map(tenfold(units).map(({ index, dearer }) => [index, dearer]));
  return product.sizes.flatMap((size, index) => {
    const dearer = among.get(index) ?? tenfoldOfPostpaid(book, product, size.calls, packUnit(size));
    if (dearer === undefined) return [];
    const reference: Words = among.has(index)
      ? { zh: '相邻规格', en: 'its neighbours a call' }
      : { zh: '同量后付费单价', en: 'the postpaid price of as many calls' };
    const one = sizeWords(book, size.calls, size.price);
    const words: Words = {
      zh: `资源包「${product.title.zh}」${one.zh} 的单价约为${reference.zh}的${dearer ? '十倍' : '十分之一'}，是否多写或少写了一个 0？`,
      en: `Pack "${product.title.en}": ${one.en} costs about ${dearer ? 'ten times' : 'a tenth of'} ${reference.en}; is there a 0 too many or too few?`,
    };
    return [warning('PRICE_TIMES_TEN', `${pointer}/sizes/${index}/price`, words)];
  });
}

/** True when about ten times the postpaid price of every covered meter that has one, false when a tenth, else undefined. */
function tenfoldOfPostpaid(book: PriceBook, product: PackProduct, size: Calls, unit: Fraction): boolean | undefined {
  const pairs = [...product.covers].flatMap(([meter, ratio]) => {
    const tariff = book.tariffs.get(book.meters.get(meter)?.tariff ?? '');
    if (tariff === undefined) return [];
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
    const { zh, en, facts } = notice;
    return [warning('PACK_UNIT_DEARER', `${pointer}/sizes/${index}/price`, { zh, en }, facts)];
  });
}
