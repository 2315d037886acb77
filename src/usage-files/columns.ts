// What the columns of somebody else's file are called: their names, what every row has, what their values mean, which rows are not
// meant. As data, so that a preset, a file of one's own and a guess are the same. Source: docs/reference/columns.md.

import { isTimeZone } from '../core/calendar.ts';
import type { Words } from '../core/price-book.ts';
import { columnsWords } from '../words/columns.ts';
import { shown, trimCell } from './cells.ts';
import { fieldsOf, isTableKind, type TableKind, tableFields } from './table-fields.ts';

export interface ColumnMap {
  /** Fields by the key of a name in the file; null: not looked at. */
  readonly names: ReadonlyMap<string, string | null>;
  /** What every row has, by field. */
  readonly constants: ReadonlyMap<string, string>;
  /** What the values of a field mean. One that is not among them stays as it is. */
  readonly values: ReadonlyMap<string, ReadonlyMap<string, string>>;
  /** Rows that are passed over, by the key of a name in the file: those with one of the values; null: with any. */
  readonly skip: ReadonlyMap<string, ReadonlySet<string> | null>;
  /** Fields that are named and may be missing from a file all the same. */
  readonly optional: ReadonlySet<string>;
  /** Columns of another name. */
  readonly others: 'refuse' | 'ignore';
  /** Of times without an offset. */
  readonly timeZone: string | undefined;
}

/** Names that differ by width, case or spaces alone are one. */
export const columnKey = (name: string): string =>
  trimCell(name.normalize('NFKC')).toLowerCase().replaceAll(/\s+/g, '');

/** Own names as they are. */
export const plainColumns: ColumnMap = {
  names: new Map(),
  constants: new Map(),
  values: new Map(),
  skip: new Map(),
  optional: new Set(),
  others: 'refuse',
  timeZone: undefined,
};

/** The field that a column holds; null: not looked at; undefined: its name is not known. */
export function fieldNamed(name: string, map: ColumnMap, isOwn: (name: string) => boolean): string | null | undefined {
  const field = map.names.get(columnKey(name));
  return field === undefined && isOwn(name) ? name : field;
}

/** Fields that the map names, and that are there in every file it is for. */
export const promisedFields = ({ names, optional }: ColumnMap): string[] =>
  [...new Set(names.values())].filter((field): field is string => field !== null && !optional.has(field));

/** What is wrong with a document. `pointer` (RFC 6901) names the place. */
export interface ColumnsProblem extends Words {
  readonly pointer: string;
}

/** A part of a map: what a document leaves out, it does not say. */
interface ColumnsPart extends Omit<ColumnMap, 'others'> {
  readonly kind: TableKind;
  readonly others: ColumnMap['others'] | undefined;
}

/** The maps of one or several documents, by what they are for. A later one is laid over an earlier one. */
export type Columns = { readonly [Kind in TableKind]?: ColumnMap };

/** Reads documents in turn; a document is an object, or an array of them. */
export function readColumns(documents: readonly unknown[]): Columns | ColumnsProblem {
  const columns: { [Kind in TableKind]?: ColumnMap } = {};
  for (const document of documents) {
    const isList = Array.isArray(document);
    for (const [index, one] of (isList ? document : [document]).entries()) {
      const part = new PartReader(isList ? `/${index}` : '').read(one);
      if ('zh' in part) return part;
      columns[part.kind] = laidOver(columns[part.kind] ?? plainColumns, part);
    }
  }
  return columns;
}

const laidOver = (under: ColumnMap, over: ColumnsPart): ColumnMap => ({
  names: new Map([...under.names, ...over.names]),
  constants: new Map([...under.constants, ...over.constants]),
  values: new Map(
    [...under.values, ...over.values].map(([field]) => [
      field,
      new Map([...(under.values.get(field) ?? []), ...(over.values.get(field) ?? [])]),
    ]),
  ),
  skip: new Map([...under.skip, ...over.skip]),
  optional: new Set([...under.optional, ...over.optional]),
  others: over.others ?? under.others,
  timeZone: over.timeZone ?? under.timeZone,
});

const keys = ['for', 'title', 'columns', 'constants', 'values', 'skip', 'optional', 'others', 'timeZone'];

class PartReader {
  readonly #place: string;
  #problem: ColumnsProblem | undefined;

  constructor(place: string) {
    this.#place = place;
  }

  read(document: unknown): ColumnsPart | ColumnsProblem {
    const part = this.#entries('', document);
    for (const [key] of part) {
      if (!keys.includes(key)) this.#blame([key], columnsWords.unknownKey(shown(key), keys.join(', ')));
    }
    const stated = new Map(part);
    const kind = stated.get('for') ?? 'usage';
    if (!isTableKind(kind)) {
      this.#blame(['for'], columnsWords.oneOf(shown(kind), Object.keys(tableFields).join(', ')));
      return this.#problem as ColumnsProblem;
    }
    const found = { kind, ...this.#partOf(kind, stated) };
    return this.#problem ?? found;
  }

  #partOf(kind: TableKind, stated: ReadonlyMap<string, unknown>): Omit<ColumnsPart, 'kind'> {
    const fields = fieldsOf(kind);
    const under = (key: string) => this.#entries(key, stated.get(key) ?? {});
    const field = (place: string[], name: unknown): string => {
      if (typeof name === 'string' && fields.includes(name)) return name;
      this.#blame(place, columnsWords.oneOf(shown(name), fields.join(', ')));
      return '';
    };
    const names = under('columns').map(
      ([name, to]) => [columnKey(name), to === null ? null : field(['columns', name], to)] as const,
    );
    const constants = under('constants').map(
      ([name, to]) => [field(['constants', name], name), this.#text(['constants', name], to)] as const,
    );
    const values = under('values').map(([name, to]) => {
      const meanings = this.#entries(`values/${name}`, to);
      const texts = meanings.map(([from, one]) => [from, this.#text(['values', name, from], one)] as const);
      return [field(['values', name], name), new Map(texts)] as const;
    });
    const skip = under('skip').map(([name, some]) => [columnKey(name), this.#skipped(['skip', name], some)] as const);
    const optional = this.#list(['optional'], stated.get('optional') ?? []).map((name) => field(['optional'], name));
    return {
      names: new Map(names),
      constants: new Map(constants),
      values: new Map(values),
      skip: new Map(skip),
      optional: new Set(optional),
      others: this.#others(stated.get('others')),
      timeZone: this.#zone(stated.get('timeZone')),
    };
  }

  #entries(key: string, value: unknown): [string, unknown][] {
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return Object.entries(value);
    this.#blame(key === '' ? [] : key.split('/'), columnsWords.mustBeAnObject(shown(value)));
    return [];
  }

  #list(place: string[], value: unknown): string[] {
    if (Array.isArray(value)) return value.map((one) => this.#text(place, one));
    this.#blame(place, columnsWords.mustBeAList(shown(value)));
    return [];
  }

  #text(place: string[], value: unknown): string {
    if (typeof value === 'string') return value;
    this.#blame(place, columnsWords.mustBeText(shown(value)));
    return '';
  }

  #skipped(place: string[], value: unknown): ReadonlySet<string> | null {
    return value === 'any' ? null : new Set(this.#list(place, value));
  }

  #others(value: unknown): ColumnMap['others'] | undefined {
    if (value === undefined || value === 'refuse' || value === 'ignore') return value;
    this.#blame(['others'], columnsWords.oneOf(shown(value), 'refuse, ignore'));
    return undefined;
  }

  #zone(value: unknown): string | undefined {
    if (value === undefined || (typeof value === 'string' && isTimeZone(value))) return value;
    this.#blame(['timeZone'], columnsWords.noZone(shown(value)));
    return undefined;
  }

  #blame(place: readonly string[], told: Words): void {
    const steps = place.map((step) => `/${step.replaceAll('~', '~0').replaceAll('/', '~1')}`);
    this.#problem ??= { pointer: this.#place + steps.join(''), ...told };
  }
}
