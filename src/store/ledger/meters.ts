// Meter ids as small numbers. Rows are only ever added, so what is known in memory stays true.

import type { ClientBase, Pool } from 'pg';
import { inTransaction } from '../connection/transaction.ts';

export class MeterNumbers {
  readonly #numbers = new Map<string, number>();
  readonly #ids = new Map<number, string>();

  numberOf(id: string): number {
    const no = this.#numbers.get(id);
    if (no === undefined) throw new Error(`meter ${id} has no number: its price book was not loaded`);
    return no;
  }

  /** Undefined: no book that is known here has such a meter. */
  find(id: string): number | undefined {
    return this.#numbers.get(id);
  }

  idOf(no: number): string {
    const id = this.#ids.get(no);
    if (id === undefined) throw new Error(`no meter has number ${no}`);
    return id;
  }

  /** Reads all numbers, so that meters of books that another server added are known. */
  async read(client: ClientBase | Pool): Promise<void> {
    const { rows } = await client.query<{ no: number; id: string }>('select no, id from meters');
    for (const { no, id } of rows) {
      this.#numbers.set(id, no);
      this.#ids.set(no, id);
    }
  }
}

/** Free for any meaning; the same in every Suanpan process of a database. */
const metersLock = 7_280_042;

/** Gives numbers to those that have none yet. */
export async function addMeters(pool: Pool, ids: readonly string[]): Promise<void> {
  const { rowCount } = await pool.query('select 1 from meters where id = any($1::text[])', [ids]);
  if (rowCount === ids.length) return;
  await inTransaction(pool, async (tx) => {
    await tx.query('select pg_advisory_xact_lock($1)', [metersLock]);
    await tx.query(
      `insert into meters (no, id)
       select (select coalesce(max(no), 0) from meters) + row_number() over (order by place), id
       from unnest($1::text[]) with ordinality as u(id, place) where id not in (select id from meters)`,
      [ids],
    );
  });
}
