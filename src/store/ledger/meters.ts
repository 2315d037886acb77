// Meter ids as small numbers. Rows are only ever added, so what is known in memory stays true.

import type { ClientBase, Pool } from 'pg';

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

export async function addMeters(client: ClientBase | Pool, ids: readonly string[]): Promise<void> {
  await client.query(
    'insert into meters (id) select id from unnest($1::text[]) as u(id) where id not in (select id from meters) on conflict do nothing',
    [ids],
  );
}
