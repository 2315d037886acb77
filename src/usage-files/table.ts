// Small tables on the disk, or from standard input.

import { onDisk } from './disk.ts';
import type { HeaderRule } from './header.ts';
import { type Table, tableOf } from './table-of.ts';

export type { Table, TableRow } from './table-of.ts';

/** The table of a file, or of standard input as '-'; as `tableOf`. */
export const readTable = async (path: string, rule: HeaderRule, key: string): Promise<Table> =>
  tableOf(onDisk(path), rule, key);
