// The header of a table: which line it is, what parts its cells, what its columns are. Titles and remarks may stand above.

import { CsvError, parse } from 'csv-parse/sync';
import type { Words } from '../core/price-book.ts';
import { usageFilesWords } from '../words/usage-files.ts';
import { shown, trimCell } from './cells.ts';
import { FileTrouble } from './row-problem.ts';

export interface HeaderRule {
  readonly required: readonly string[];
  readonly optional: readonly string[];
  /** Columns that may be there and are not looked at; 'any': whatever has another name. */
  readonly passOver: readonly string[] | 'any';
}

export interface Header {
  /** By position. Null: not looked at. Empty: it has no name, so nothing may stand under it. */
  readonly columns: readonly (string | null)[];
  readonly delimiter: string;
}

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
    const { required } = this.#rule;
    const known = this.#knownIn(names);
    if (this.#best === undefined || known > this.#best.known) this.#best = { names, line, known };
    this.#lines += 1;
    if (required.every((name) => names.includes(name))) return this.#headerOf(names, delimiter, line);
    if (this.#lines >= mostAbove) throw this.notFound();
    return undefined;
  }

  #knownIn(names: readonly string[]): number {
    const { required, optional } = this.#rule;
    return names.filter((name) => required.includes(name) || optional.includes(name)).length;
  }

  #headerOf(names: readonly string[], delimiter: string, line: number): Header {
    const { required, optional, passOver } = this.#rule;
    const isKnown = (name: string) => required.includes(name) || optional.includes(name);
    const isOther = (name: string) => passOver === 'any' || passOver.includes(name);
    const unknown = names.filter((name) => name !== '' && !isKnown(name) && !isOther(name));
    const twice = names.filter((name, index) => isKnown(name) && names.indexOf(name) !== index);
    if (unknown.length > 0 || twice.length > 0) throw this.#badHeader({ line, unknown, missing: [], twice });
    return { columns: names.map((name) => (name === '' || isKnown(name) ? name : null)), delimiter };
  }

  /** Undefined: no line holds anything. */
  get isEmpty(): boolean {
    return this.#best === undefined;
  }

  notFound(): FileTrouble {
    const { required, optional } = this.#rule;
    const { names, line } = this.#best ?? { names: [] as readonly string[], line: 1 };
    return this.#badHeader({
      line,
      missing: required.filter((name) => !names.includes(name)),
      unknown: names.filter((name) => !required.includes(name) && !optional.includes(name)),
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
