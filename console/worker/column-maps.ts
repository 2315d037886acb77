// How the columns of a visitor's files are called: the maps that come with Suanpan, and a file of the visitor's own.

import type { Words } from '../../src/core/price-book.ts';
import { type Columns, type ColumnsProblem, readColumns } from '../../src/usage-files/columns.ts';
import { cliColumnsWords } from '../../src/words/cli/columns.ts';
import { notJsonWords } from '../../src/words/json-break.ts';
import type { Refused } from './outcome.ts';
import { troubleIn } from './read-file.ts';

export interface ColumnWish {
  /** The visitor's own column names. */
  readonly ownColumns?: File | undefined;
  /** Names of shipped column maps. */
  readonly columns: readonly string[];
  /** Of times without an offset; none: these are refused. */
  readonly timeZone?: string | undefined;
}

const maps = import.meta.glob<{ readonly for: string; readonly title: Words }>('../../catalog/columns/*.json', {
  eager: true,
  import: 'default',
});

const nameOf = (path: string): string => path.replace(/^.*\//, '').replace(/\.json$/, '');

/** The column maps that come with Suanpan. */
export const shippedColumns = () =>
  Object.entries(maps).map(([path, map]) => ({ name: nameOf(path), for: map.for, ...map.title }));

/** The column names that are wished for, or what is wrong with them. */
export async function columnsOf({ columns, ownColumns, timeZone }: ColumnWish): Promise<Columns | Refused> {
  const documents: unknown[] = Object.entries(maps)
    .filter(([path]) => columns.includes(nameOf(path)))
    .map(([, map]) => map);
  if (ownColumns !== undefined) {
    const text = await ownColumns.text();
    try {
      documents.push(JSON.parse(text));
    } catch {
      return troubleIn(cliColumnsWords.columnsAreWrong(ownColumns.name, '', notJsonWords(text)), 'BAD_COLUMNS');
    }
  }
  if (timeZone !== undefined && documents.length > 0) documents.push({ for: 'usage', timeZone });
  const found = readColumns(documents);
  if (!isProblem(found)) return found;
  const name = ownColumns?.name ?? columns.join(' ');
  return troubleIn(cliColumnsWords.columnsAreWrong(name, found.pointer, found), 'BAD_COLUMNS');
}

const isProblem = (found: Columns | ColumnsProblem): found is ColumnsProblem => 'pointer' in found;
