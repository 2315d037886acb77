// The packs one bought or was given: a CSV file. Columns and an example stand in docs/guide/check-a-provider-bill.md.

import { periodOf, startOfDayAfter } from '../core/calendar.ts';
import { packLife } from '../core/pack.ts';
import { type PackProduct, type PriceBook, packSizeOf } from '../core/price-book.ts';
import { flawOf } from '../core/safe-text.ts';
import { callsOf, type Instant, noMoney } from '../core/units.ts';
import { readMoney, readWhole, shown } from '../usage-files/cells.ts';
import { readDayStart, readMoment } from '../usage-files/moment.ts';
import { type FileNotes, noNotes } from '../usage-files/notes.ts';
import { readTable, type TableRow } from '../usage-files/table.ts';
import type { ProviderBill } from './bill-file.ts';
import { type CellProblem, cellProblem } from './cell-problem.ts';
import type { KnownPack } from './reading.ts';

const columns = {
  required: ['id', 'product', 'calls'],
  optional: ['price', 'gift', 'bought', 'effective', 'expires', 'remaining'],
  passOver: [],
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

export interface PacksFile {
  readonly packs: readonly KnownPack[];
  readonly problems: readonly CellProblem[];
  /** Packs of a size that the book does not sell, without what was paid for them: by id, to be asked for where it matters. */
  readonly unpriced: ReadonlyMap<string, CellProblem>;
  readonly notes: FileNotes;
}

/**
 * Reads the packs. `effective` and `expires` left out follow the book's pack life from `bought`. Times have an offset, or are
 * those of `timeZone`; a day is one of the book's zone and means 00:00 of it (`expires`: the end of it).
 */
export async function readPacks(path: string, book: PriceBook, timeZone?: string): Promise<PacksFile> {
  const problems: CellProblem[] = [];
  const unpriced = new Map<string, CellProblem>();
  const seen = new Set<string>();
  const { rows, notes } = await readTable(path, columns, 'product');
  const packs = rows.flatMap((row, index) => {
    const pack = packOf(row, { book, timeZone, no: index + 1, unpriced });
    if ('code' in pack) problems.push(pack);
    else if (seen.has(pack.id)) {
      problems.push(cellProblem(row.line, 'TWICE', 'id', `资源包 ${pack.id} 重复`, `pack ${pack.id} stands twice`));
    }
    if ('code' in pack) return [];
    seen.add(pack.id);
    return [pack];
  });
  return { packs, problems, unpriced, notes };
}

export const noPacks: PacksFile = { packs: [], problems: [], unpriced: new Map(), notes: noNotes() };

/** Packs whose price decides about a figure of the bill, and is not known. */
export function unpricedPacks(
  { packs, unpriced }: PacksFile,
  { month, shape }: ProviderBill,
  zone: string,
): CellProblem[] {
  if (!shape.purchases && shape.bare === null) return [];
  return packs.flatMap(({ id, boughtAt }) => {
    const problem = unpriced.get(id);
    return problem === undefined || periodOf(zone, boughtAt) !== month ? [] : [problem];
  });
}

interface Reading {
  readonly book: PriceBook;
  readonly timeZone: string | undefined;
  readonly no: number;
  readonly unpriced: Map<string, CellProblem>;
}

function packOf({ line, cell }: TableRow, { book, timeZone, no, unpriced }: Reading): KnownPack | CellProblem {
  const wrong = (column: string, zh: string, en: string): CellProblem => {
    const found = shown(cell(column));
    return cellProblem(line, 'WRONG_FORMAT', column, `${found}：${zh}`, `${found}: ${en}`);
  };
  const [id, productId] = [cell('id'), cell('product')];
  const product = book.packProducts.get(productId);
  if (id === '')
    return cellProblem(line, 'MISSING', 'id', '缺少 id：请给资源包起一个标识', 'missing; give the pack an id');
  const flaw = flawOf(id);
  if (flaw !== undefined) return wrong('id', flaw.zh, flaw.en);
  if (product === undefined) {
    const en = `the book has no pack product ${shown(productId)}; it has ${[...book.packProducts.keys()].join(', ')}`;
    const zh = `价目表没有资源包产品 ${shown(productId)}；有 ${[...book.packProducts.keys()].join('、')}`;
    return cellProblem(line, 'UNKNOWN_PRODUCT', 'product', zh, en);
  }
  const calls = readWhole(cell('calls'));
  if (calls === undefined || calls === 0n)
    return wrong('calls', '请写成正整数，如 10000', 'write a whole number such as 10000');
  const gift = gifts.get(cell('gift').toLowerCase());
  if (gift === undefined) return wrong('gift', '请写成 true 或 false', 'write true or false');
  const sold = gift ? noMoney : packSizeOf(product, callsOf(calls))?.price;
  const price = cell('price') === '' ? (sold ?? noMoney) : readMoney(cell('price'), book.currency);
  if (cell('price') === '' && sold === undefined) unpriced.set(id, notSold(line, product, calls));
  if (price === undefined) return wrong('price', '请写成金额，如 8000.00', 'write an amount such as 8000.00');
  const times = lifeOf(cell, book, timeZone);
  if ('column' in times) return wrong(times.column, timeWords.zh, timeWords.en);
  if (times.expiresAt <= times.effectiveAt) return wrong('expires', '失效早于生效', 'it ends before it begins');
  const opening = cell('remaining') === '' ? null : readWhole(cell('remaining'));
  if (opening === undefined || (opening !== null && opening > calls)) {
    return wrong('remaining', '请写成不超过 calls 的整数', 'write a whole number up to calls');
  }
  const rest = { gift, calls: callsOf(calls), price, ...times };
  return { no, id, product: productId, ...rest, opening: opening === null ? null : callsOf(opening) };
}

const timeWords = {
  zh: '请写成日期，或带时区偏移的时间 2026-01-06T10:00:00+08:00（没有偏移的时间请用 --time-zone 给出时区）',
  en: 'write a day, or a time with its offset, 2026-01-06T10:00:00+08:00 (for times without one give --time-zone)',
};

function notSold(line: number, product: PackProduct, calls: bigint): CellProblem {
  const sizes = product.sizes.map((size) => size.calls).join(', ');
  return cellProblem(
    line,
    'SIZE_NOT_SOLD',
    'calls',
    `${calls}：价目表的 ${product.id} 没有这个规格（有 ${sizes}），请在 price 列写明实付金额`,
    `${calls}: the book sells no ${product.id} of this size (it has ${sizes}); give what was paid in the column price`,
  );
}

type Life = { readonly boughtAt: Instant; readonly effectiveAt: Instant; readonly expiresAt: Instant };

function lifeOf(cell: TableRow['cell'], book: PriceBook, zone: string | undefined): Life | { column: string } {
  const timeIn = (text: string, end = false) => momentIn(book, text, zone, end);
  const bought = timeIn(cell('bought') || cell('effective'));
  if (bought === undefined) return { column: cell('bought') === '' ? 'effective' : 'bought' };
  const stated = cell('effective') === '' ? undefined : timeIn(cell('effective'));
  if (cell('effective') !== '' && stated === undefined) return { column: 'effective' };
  const life = packLife(book, stated ?? bought);
  const effectiveAt = stated ?? life.effectiveAt;
  if (cell('expires') === '') return { boughtAt: bought, effectiveAt, expiresAt: life.expiresAt };
  const expiresAt = timeIn(cell('expires'), true);
  return expiresAt === undefined ? { column: 'expires' } : { boughtAt: bought, effectiveAt, expiresAt };
}

/** A day means its 00:00; as an end, the 24:00 of it. */
function momentIn(book: PriceBook, text: string, zone: string | undefined, end: boolean): Instant | undefined {
  const midnight = readDayStart(text, book.timeZone);
  if (midnight !== undefined) return end ? startOfDayAfter(book.timeZone, midnight, 1) : midnight;
  const at = readMoment(text, zone);
  return typeof at === 'number' ? at : undefined;
}
