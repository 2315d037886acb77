// A whole database to compressed files and back, by COPY: a file a table, all of one moment. Needs no tool and no rights beyond those of
// the ledger's own role, so it is the same for the embedded server and for any other.

import type { ClientBase, Pool } from 'pg';
import { engineOf } from '../connection/hosts.ts';
import { lyingOf } from '../connection/spread.ts';
import { copyFromFile, copyToFile } from './archives.ts';
import { accountsOfRange, rangesOf, textsIn } from './ranges.ts';

/** A table as it was copied: its columns by name, and its file. `sha256` is of the file's compressed bytes. */
export interface BackedUpTable {
  readonly table: string;
  readonly columns: readonly string[];
  readonly rows: number;
  readonly sha256: string;
}

/** What `migrate` keeps for itself: the schema is made by migrations, not copied. */
const ofMigrations = 'schema_migrations';

/** Tables of the ledger with their columns, each after those that it refers to. */
export async function listTables(client: ClientBase): Promise<Pick<BackedUpTable, 'table' | 'columns'>[]> {
  const { rows } = await client.query<{ table: string; columns: string[]; refers: string[] }>(
    `select c.relname::text as table,
            (select array_agg(a.attname::text order by a.attnum) from pg_attribute a
             where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = '') as columns,
            coalesce((select array_agg(distinct r.relname::text) from pg_constraint k join pg_class r on r.oid = k.confrelid
             where k.conrelid = c.oid and k.contype = 'f' and r.oid <> c.oid), '{}') as refers
     from pg_class c where c.relkind = 'r' and c.relnamespace = 'public'::regnamespace and c.relname <> $1
     order by c.relname`,
    [ofMigrations],
  );
  const left = new Map(rows.map((row) => [row.table, row]));
  const ordered: Pick<BackedUpTable, 'table' | 'columns'>[] = [];
  while (left.size > 0) {
    const free = [...left.values()].filter(({ refers }) => refers.every((other) => !left.has(other)));
    if (free.length === 0) throw new Error(`tables refer to one another in a circle: ${[...left.keys()].join(', ')}`);
    for (const { table, columns } of free) {
      ordered.push({ table, columns });
      left.delete(table);
    }
  }
  return ordered;
}

const listed = (columns: readonly string[]): string => columns.map((name) => `"${name}"`).join(', ');

export async function copyTable(
  client: ClientBase,
  { table, columns }: Pick<BackedUpTable, 'table' | 'columns'>,
  file: string,
): Promise<BackedUpTable> {
  const { rows, sha256 } = await copyToFile(
    client,
    selectsOf(client, `select ${listed(columns)} from "${table}"`, table),
    file,
  );
  return { table, columns, rows, sha256 };
}

/** A table whole, or, where it is spread over nodes, some accounts of a node at a time: the engine gathers what it is asked for before it gives it. */
async function* selectsOf(client: ClientBase, whole: string, table: string): AsyncGenerator<string> {
  if (engineOf(client) !== 'citus' || lyingOf(table) !== 'account') {
    yield whole;
    return;
  }
  for await (const range of rangesOf(client, accountsOfRange))
    if ('accounts' in range) yield `${whole} where account_id = any(${textsIn(range.accounts)})`;
}

/** Puts a table's rows back. What migrations wrote into it goes first. */
export async function fillTable(client: ClientBase, { table, columns }: BackedUpTable, file: string): Promise<void> {
  const { rows } = await client.query<{ filled: boolean }>(`select exists (select 1 from "${table}") as filled`);
  if (rows[0]?.filled === true) await client.query(`delete from "${table}"`);
  await copyFromFile(client, file, `copy "${table}" (${listed(columns)}) from stdin`);
}

/** Numbers that the database gives go on after the highest there is. */
export async function setSequences(client: ClientBase): Promise<void> {
  const { rows } = await client.query<{ table: string; column: string; sequence: string }>(
    `select c.relname::text as table, a.attname::text as column, pg_get_serial_sequence(quote_ident(c.relname), a.attname) as sequence
     from pg_class c join pg_attribute a on a.attrelid = c.oid
     where c.relkind = 'r' and c.relnamespace = 'public'::regnamespace and a.attnum > 0 and not a.attisdropped
       and pg_get_serial_sequence(quote_ident(c.relname), a.attname) is not null`,
  );
  for (const { table, column, sequence } of rows) {
    await client.query(`select setval($1, coalesce((select max("${column}") from "${table}"), 0) + 1, false)`, [
      sequence,
    ]);
  }
}

/** Whether nobody has used this database yet: it has no tables, or neither account nor key. */
export async function isUnused(pool: Pool): Promise<boolean> {
  const { rows } = await pool.query<{ made: boolean }>(`select to_regclass('public.api_keys') is not null as made`);
  if (rows[0]?.made !== true) return true;
  const used = await pool.query<{ used: boolean }>(
    'select exists (select 1 from accounts) or exists (select 1 from api_keys) as used',
  );
  return used.rows[0]?.used !== true;
}

/** The moment and the schema of what a connection sees. */
export async function readMoment(client: ClientBase): Promise<{ readonly at: Date; readonly schema: number }> {
  const { rows } = await client.query<{ at: Date; schema: number }>(
    `select now() as at, (select max(no) from ${ofMigrations}) as schema`,
  );
  const [row] = rows;
  if (row === undefined) throw new Error('no moment');
  return row;
}
