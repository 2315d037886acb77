// The header of a table: which line it is, what parts its cells, what its columns are. Titles and remarks may stand above.

import { CsvError, parse } from 'csv-parse/sync';
import type { Words } from '../core/price-book.ts';
import { usageFilesWords } from '../words/usage-files.ts';
import { shown, trimCell } from './cells.ts';
import { type ColumnMap, columnKey, fieldNamed, plainColumns, promisedFields } from './columns.ts';
import { guessColumns } from './guess.ts';
import { FileTrouble } from './row-problem.ts';

export interface HeaderRule {
  readonly required: readonly string[];
  readonly optional: readonly string[];
  /** Columns that may be there and are not looked at; 'any': whatever has another name. */
  readonly passOver: readonly string[] | 'any';
  /** How its columns are called; by default as above. 'guess': as people usually call them. */
  readonly map?: ColumnMap | 'guess' | undefined;
}

export interface Header {
  /** By position. Null: not looked at. Empty: it has no name, so nothing may stand under it. */
  readonly columns: readonly (string | null)[];
  readonly delimiter: string;
  /** As they stand in the file, by position. */
  readonly titles: readonly string[];
  /** What makes rows of its cells, where more than names is mapped. */
  readonly map: ColumnMap | undefined;
  /** Which rows the map does not mean: by position, the values of the column; null: any. */
  readonly skips: readonly (readonly [number, ReadonlySet<string> | null])[];
}

/** What the file calls a field. */
export const titleIn = ({ columns, titles }: Header, field: string): string => titles[columns.indexOf(field)] ?? field;

const delimiters = [',', ';', '\t'];
/** Statements of payment services begin with two dozen lines of their own. */
const mostAbove = 60;

/** Looks for the header among the first lines. */
export class HeaderSearch {
  readonly #path: string;
  readonly #rule: HeaderRule;
  #lines = 0;
  /** The line most like a header, to be shown where there is none. */
  #best: { readonly names: readonly string[]; readonly line: number; readonly known: number } | undefined;

  constructor(path: string, rule: HeaderRule) {
    this.#path = path;
    this.#rule = rule;
  }

  /** The header, if the line is one. Throws FileTrouble for one that cannot be used, and when none came for too long. */
  tryText(text: string, line: number): Header | undefined {
    if (trimCell(text) === '') return undefined;
    const splits = delimiters.map((delimiter) => ({ delimiter, names: cellsOf(text, delimiter) }));
    const { delimiter, names } = splits.reduce((best, next) =>
      this.#knownIn(next.names) > this.#knownIn(best.names) ? next : best,
    );
    return this.#try(names, delimiter, line);
  }

  tryCells(cells: readonly string[], line: number): Header | undefined {
    return cells.every((cell) => cell === '') ? undefined : this.#try(cells, ',', line);
  }

  #try(names: readonly string[], delimiter: string, line: number): Header | undefined {
    const known = this.#knownIn(names);
    if (this.#best === undefined || known > this.#best.known) this.#best = { names, line, known };
    this.#lines += 1;
    if (this.#missingIn(names).length === 0) return this.#headerOf(names, delimiter, line);
    if (this.#lines >= mostAbove) throw this.notFound();
    return undefined;
  }

  #mapFor(names: readonly string[]): ColumnMap {
    const { map, required, optional } = this.#rule;
    return map === 'guess' ? guessColumns(names, [...required, ...optional]) : (map ?? plainColumns);
  }

  readonly #isOwn = (name: string): boolean => this.#rule.required.includes(name) || this.#rule.optional.includes(name);

  #fieldsIn(names: readonly string[]): (string | null | undefined)[] {
    const map = this.#mapFor(names);
    return names.map((name) => fieldNamed(name, map, this.#isOwn));
  }

  #knownIn(names: readonly string[]): number {
    return this.#fieldsIn(names).filter((field) => typeof field === 'string').length;
  }

  /** Fields that every row must have and no column holds, and columns that say which rows are meant. */
  #missingIn(names: readonly string[]): string[] {
    const map = this.#mapFor(names);
    const fields = this.#fieldsIn(names);
    const needed = new Set([...this.#rule.required, ...promisedFields(map)]);
    const there = new Set(names.map(columnKey));
    return [
      ...[...needed].filter((field) => !fields.includes(field) && !map.constants.has(field)),
      ...[...map.skip.keys()].filter((key) => !there.has(key)),
    ];
  }

  #headerOf(names: readonly string[], delimiter: string, line: number): Header {
    const { passOver } = this.#rule;
    const map = this.#mapFor(names);
    const fields = this.#fieldsIn(names);
    const isOther = (name: string) =>
      map.others === 'ignore' || passOver === 'any' || passOver.includes(name) || map.skip.has(columnKey(name));
    const unknown = names.filter((name, index) => name !== '' && fields[index] === undefined && !isOther(name));
    const twice = names.filter((_, index) => {
      const field = fields[index];
      return typeof field === 'string' && fields.indexOf(field) !== fields.lastIndexOf(field);
    });
    if (unknown.length > 0 || twice.length > 0) throw this.#badHeader({ line, unknown, missing: [], twice });
    const columns = names.map((name, index) => (name === '' ? name : (fields[index] ?? null)));
    const isPlain = map.constants.size + map.values.size + map.skip.size === 0;
    const skips = names.flatMap((name, index) => {
      const values = map.skip.get(columnKey(name));
      return values === undefined ? [] : [[index, values] as const];
    });
    return { columns, delimiter, titles: names, map: isPlain ? undefined : map, skips };
  }

  /** Undefined: no line holds anything. */
  get isEmpty(): boolean {
    return this.#best === undefined;
  }

  notFound(): FileTrouble {
    const { names, line } = this.#best ?? { names: [] as readonly string[], line: 1 };
    const fields = this.#fieldsIn(names);
    return this.#badHeader({
      line,
      missing: this.#missingIn(names),
      unknown: names.filter((_, index) => fields[index] === undefined),
      twice: [],
    });
  }

  #badHeader(found: {
    line: number;
    unknown: readonly string[];
    missing: readonly string[];
    twice: readonly string[];
  }) {
    const { required, optional } = this.#rule;
    const columns = [...required, ...optional].join(', ');
    const names = (list: readonly string[]) => list.slice(0, 12).map(shown).join(', ');
    const { line } = found;
    const told = (list: readonly string[], what: (names: string) => Words): Words[] =>
      list.length === 0 ? [] : [what(names(list))];
    const flaws = [
      ...told(found.missing, usageFilesWords.missingColumn),
      ...told(found.unknown, usageFilesWords.unknownColumn),
      ...told(found.twice, usageFilesWords.columnTwice),
    ];
    return new FileTrouble('BAD_HEADER', usageFilesWords.badHeader(this.#path, line, flaws, columns));
  }
}

/** The trimmed cells of one line; a line with stray quotes is no header. */
function cellsOf(line: string, delimiter: string): string[] {
  if (!line.includes('"')) return line.split(delimiter).map(trimCell);
  try {
    const [cells = []] = parse(line, { delimiter, relaxColumnCount: true, ltrim: true, rtrim: true }) as string[][];
    return cells.map(trimCell);
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    return [];
  }
}
