// The packs one bought or was given: a CSV file. Columns and an example stand in docs/guide/check-a-provider-bill.md.

import { periodOf, startOfDayAfter } from '../core/calendar.ts';
import { type PackKind, packLife } from '../core/pack.ts';
import type { Words } from '../core/price-book.ts';
import { type PackProduct, type PriceBook, packSizeOf } from '../core/price-book.ts';
import { callsOf, type Instant, noMoney } from '../core/units.ts';
import type { Source } from '../usage-files/bytes.ts';
import { readMoney, readWhole, shown } from '../usage-files/cells.ts';
import type { ColumnMap } from '../usage-files/columns.ts';
import { readDayStart, readMoment } from '../usage-files/moment.ts';
import { type FileNotes, noNotes } from '../usage-files/notes.ts';
import { tableFields } from '../usage-files/table-fields.ts';
import { type TableRow, tableOf } from '../usage-files/table-of.ts';
import { nameFlaw } from '../words/name-flaws.ts';
import { reconcileWords } from '../words/reconcile.ts';
import { about } from '../words/words.ts';
import type { ProviderBill } from './bill-file.ts';
import { type CellProblem, cellProblem } from './cell-problem.ts';
import type { KnownPack } from './reading.ts';

const columns = { ...tableFields.packs, passOver: [] };

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
export async function readPacks(
  source: Source,
  book: PriceBook,
  timeZone?: string,
  map?: ColumnMap,
): Promise<PacksFile> {
  const problems: CellProblem[] = [];
  const unpriced = new Map<string, CellProblem>();
  const seen = new Set<string>();
  const { rows, notes, title } = await tableOf(source, { ...columns, map }, 'product');
  const packs = rows.flatMap((row, index) => {
    const pack = packOf(row, { book, timeZone, no: index + 1, unpriced });
    if ('code' in pack) problems.push(pack);
    else if (seen.has(pack.id)) {
      problems.push(cellProblem(row.line, 'TWICE', 'id', reconcileWords.packStandsTwice(pack.id)));
    }
    if ('code' in pack) return [];
    seen.add(pack.id);
    return [pack];
  });
  const named = (problem: CellProblem): CellProblem => ({ ...problem, column: title(problem.column) });
  return {
    packs,
    problems: problems.map(named),
    unpriced: new Map([...unpriced].map(([id, problem]) => [id, named(problem)])),
    notes,
  };
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
  const wrong = (column: string, told: Words): CellProblem =>
    cellProblem(line, 'WRONG_FORMAT', column, about(shown(cell(column)), told));
  const [id, productId] = [cell('id'), cell('product')];
  const product = book.packProducts.get(productId);
  if (id === '') return cellProblem(line, 'MISSING', 'id', reconcileWords.packIdMissing);
  const flaw = nameFlaw(id);
  if (flaw !== undefined) return wrong('id', flaw);
  if (product === undefined) {
    return cellProblem(
      line,
      'UNKNOWN_PRODUCT',
      'product',
      reconcileWords.bookHasNoPackProduct(
        shown(productId),
        [...book.packProducts.keys()].join('、'),
        [...book.packProducts.keys()].join(', '),
      ),
    );
  }
  const calls = readWhole(cell('calls'));
  if (calls === undefined || calls === 0n) return wrong('calls', reconcileWords.writeAPositiveNumber);
  const gift = gifts.get(cell('gift').toLowerCase());
  if (gift === undefined) return wrong('gift', reconcileWords.writeTrueOrFalse);
  const sold = gift ? noMoney : packSizeOf(product, callsOf(calls))?.price;
  const price = cell('price') === '' ? (sold ?? noMoney) : readMoney(cell('price'), book.currency);
  if (cell('price') === '' && sold === undefined) unpriced.set(id, notSold(line, product, calls));
  if (price === undefined) return wrong('price', reconcileWords.writeAPrice);
  const times = lifeOf(cell, { product: product.id, calls: callsOf(calls) }, book, timeZone);
  if ('column' in times) return wrong(times.column, timeWords);
  if (times.expiresAt <= times.effectiveAt) return wrong('expires', reconcileWords.itEndsBeforeItBegins);
  const opening = cell('remaining') === '' ? null : readWhole(cell('remaining'));
  if (opening === undefined || (opening !== null && opening > calls)) {
    return wrong('remaining', reconcileWords.writeAWholeNumberUpTo);
  }
  const rest = { gift, calls: callsOf(calls), price, ...times };
  return { no, id, product: productId, ...rest, opening: opening === null ? null : callsOf(opening) };
}

const timeWords = reconcileWords.writeADay;

function notSold(line: number, product: PackProduct, calls: bigint): CellProblem {
  const sizes = product.sizes.map((size) => size.calls).join(', ');
  return cellProblem(line, 'SIZE_NOT_SOLD', 'calls', reconcileWords.bookSellsNoOfThisSize(calls, product.id, sizes));
}

type Life = { readonly boughtAt: Instant; readonly effectiveAt: Instant; readonly expiresAt: Instant };

function lifeOf(
  cell: TableRow['cell'],
  pack: PackKind,
  book: PriceBook,
  zone: string | undefined,
): Life | { column: string } {
  const timeIn = (text: string, end = false) => momentIn(book, text, zone, end);
  const bought = timeIn(cell('bought') || cell('effective'));
  if (bought === undefined) return { column: cell('bought') === '' ? 'effective' : 'bought' };
  const stated = cell('effective') === '' ? undefined : timeIn(cell('effective'));
  if (cell('effective') !== '' && stated === undefined) return { column: 'effective' };
  const life = packLife(book, pack, stated ?? bought);
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
