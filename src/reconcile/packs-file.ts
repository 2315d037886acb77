// The packs one bought or was given: a CSV file. Columns and an example stand in docs/guide/check-a-provider-bill.md.

import { parseDay, startOfDayAfter } from '../core/calendar.ts';
import { parseInstant } from '../core/instant.ts';
import { packLife } from '../core/pack.ts';
import { type PriceBook, packSizeOf } from '../core/price-book.ts';
import { type Calls, callsOf, type Instant, noMoney, parseMoney } from '../core/units.ts';
import { readTable, type TableRow } from '../usage-files/csv-table.ts';
import { type CellProblem, cellProblem } from './cell-problem.ts';
import type { KnownPack } from './reading.ts';

const columns = {
  required: ['id', 'product', 'calls'],
  optional: ['price', 'gift', 'bought', 'effective', 'expires', 'remaining'],
};

const gifts: ReadonlyMap<string, boolean> = new Map([
  ['', false],
  ['false', false],
  ['no', false],
  ['0', false],
  ['否', false],
  ['true', true],
  ['yes', true],
  ['1', true],
  ['是', true],
]);

/**
 * Reads the packs. `effective` and `expires` left out follow the book's pack life from `bought`. Times are RFC 3339 with
 * offset, or a day, which means 00:00 of it (`expires`: the end of it).
 */
export function readPacks(path: string, book: PriceBook): { packs: KnownPack[]; problems: CellProblem[] } {
  const problems: CellProblem[] = [];
  const seen = new Set<string>();
  const packs = readTable(path, columns).flatMap((row, index) => {
    const pack = packOf(row, book, index + 1);
    if ('code' in pack) problems.push(pack);
    else if (seen.has(pack.id)) {
      problems.push(cellProblem(row.line, 'TWICE', 'id', `资源包 ${pack.id} 重复`, `pack ${pack.id} stands twice`));
    }
    if ('code' in pack) return [];
    seen.add(pack.id);
    return [pack];
  });
  return { packs, problems };
}

function packOf({ line, cell }: TableRow, book: PriceBook, no: number): KnownPack | CellProblem {
  const wrong = (column: string, zh: string, en: string) => cellProblem(line, 'WRONG_FORMAT', column, zh, en);
  const [id, productId] = [cell('id'), cell('product')];
  const product = book.packProducts.get(productId);
  if (id === '') return cellProblem(line, 'MISSING', 'id', '缺少 id', 'id is missing');
  if (product === undefined) {
    const en = `the book has no pack product "${productId}"`;
    return cellProblem(line, 'UNKNOWN_PRODUCT', 'product', `价目表没有资源包产品「${productId}」`, en);
  }
  const calls = wholeNumber(cell('calls'));
  if (calls === undefined || calls === 0n) return wrong('calls', 'calls 应为正整数', 'calls must be a whole number');
  const gift = gifts.get(cell('gift').toLowerCase());
  if (gift === undefined) return wrong('gift', 'gift 应为 true 或 false', 'gift must be true or false');
  const price = cell('price') === '' ? priceInBook(gift, product, calls) : parseMoney(cell('price'));
  if (price === undefined)
    return wrong('price', 'price 应为金额，如 8000.00', 'price must be an amount such as 8000.00');
  const times = lifeOf(cell, book);
  if ('column' in times) return wrong(times.column, timeWords.zh(times.column), timeWords.en(times.column));
  if (times.expiresAt <= times.effectiveAt) return wrong('expires', '失效早于生效', 'it ends before it begins');
  const opening = cell('remaining') === '' ? null : wholeNumber(cell('remaining'));
  if (opening === undefined || (opening !== null && opening > calls)) {
    return wrong('remaining', 'remaining 应为不超过 calls 的整数', 'remaining must be a whole number up to calls');
  }
  return { no, id, product: productId, gift, calls, price, ...times, opening };
}

const timeWords = {
  zh: (column: string) => `${column} 应为日期或带时区偏移的 RFC 3339 时间`,
  en: (column: string) => `${column} must be a day or an RFC 3339 time with an offset`,
};

const priceInBook = (gift: boolean, product: Parameters<typeof packSizeOf>[0], calls: Calls) =>
  gift ? noMoney : (packSizeOf(product, calls)?.price ?? noMoney);

export function wholeNumber(text: string): Calls | undefined {
  return /^(?:0|[1-9]\d{0,17})$/.test(text) ? callsOf(BigInt(text)) : undefined;
}

function lifeOf(
  cell: TableRow['cell'],
  book: PriceBook,
): { boughtAt: Instant; effectiveAt: Instant; expiresAt: Instant } | { column: string } {
  const bought = timeIn(book, cell('bought') || cell('effective'));
  if (bought === undefined) return { column: cell('bought') === '' ? 'effective' : 'bought' };
  const stated = cell('effective') === '' ? undefined : timeIn(book, cell('effective'));
  if (cell('effective') !== '' && stated === undefined) return { column: 'effective' };
  const life = packLife(book, stated ?? bought);
  const effectiveAt = stated ?? life.effectiveAt;
  if (cell('expires') === '') return { boughtAt: bought, effectiveAt, expiresAt: life.expiresAt };
  const expiresAt = timeIn(book, cell('expires'), true);
  return expiresAt === undefined ? { column: 'expires' } : { boughtAt: bought, effectiveAt, expiresAt };
}

/** A day means its 00:00; as an end, the 24:00 of it. */
function timeIn(book: PriceBook, text: string, end = false): Instant | undefined {
  const midnight = parseDay(book.timeZone, text);
  if (midnight === undefined) return parseInstant(text);
  return end ? startOfDayAfter(book.timeZone, midnight, 1) : midnight;
}
