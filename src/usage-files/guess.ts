// What the columns of a file may be, by their names. Shown to whoever owns the file, never acted upon (docs/decisions/0038).

import { usualNames } from '../words/column-names.ts';
import { type ColumnMap, columnKey, plainColumns } from './columns.ts';

/** A unit in brackets behind a name says nothing of what it is. */
const bareKey = (name: string): string => columnKey(name).replace(/[([（【][^)\]）】]*[)\]）】]$/, '');

/** The surest name that is there of each field; everything else is passed over. */
export function guessColumns(names: readonly string[], fields: readonly string[]): ColumnMap {
  const found = new Map<string, string | null>();
  for (const field of fields) {
    const usual = usualNames[field] ?? [field];
    const name = usual.map((one) => names.find((name) => isOf(name, one) && !found.has(columnKey(name)))).find(Boolean);
    if (name !== undefined) found.set(columnKey(name), field);
  }
  for (const name of names) if (name !== '' && !found.has(columnKey(name))) found.set(columnKey(name), null);
  return { ...plainColumns, names: found, others: 'ignore' };
}

/** In JSON the last step of the way into an object is its name. */
const isOf = (name: string, usual: string): boolean =>
  bareKey(name) === usual || (name.includes('.') && bareKey(name.slice(name.lastIndexOf('.') + 1)) === usual);
