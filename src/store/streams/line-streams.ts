// The lines of a range of accounts through cursors inside one snapshot, so that memory stays bounded however long the ledger is.

import type { ClientBase, QueryArrayResult } from 'pg';
import type { Line } from './ledger-lines.ts';
import { byAccount, numbered } from './ledger-sources.ts';
import { type AccountRange, rangeValues, within } from './ranges.ts';
import type { Field, MeterName, Source } from './source.ts';

type Sources = typeof numbered & typeof byAccount;
export type LedgerLines = {
  readonly [Name in keyof Sources]: Sources[Name] extends Source<infer L> ? LineStream<L> : never;
};

const rawText = { getTypeParser: () => (field: string) => field };

/** Runs the fetches of one connection one after the other, in the order they were asked for. */
class Turns {
  readonly #client: ClientBase;
  #last: Promise<unknown> = Promise.resolve();

  constructor(client: ClientBase) {
    this.#client = client;
  }

  fetch(text: string): Promise<QueryArrayResult<Field[]>> {
    const query = () => this.#client.query<Field[]>({ text, rowMode: 'array', types: rawText as never });
    const answer = this.#last.then(query);
    // Whoever awaits it learns of a failure; nobody may be awaiting yet.
    this.#last = answer.catch(() => undefined);
    return answer;
  }
}

/** One table's lines, a batch at a time; the next batch is on its way while this one is read. */
export class LineStream<L extends Line> {
  readonly #turns: Turns;
  readonly #source: Source<L>;
  readonly #meter: MeterName;
  readonly #fetch: string;
  #lines: L[] = [];
  #at = 0;
  #next: Promise<QueryArrayResult<Field[]>> | undefined;

  constructor(turns: Turns, name: string, source: Source<L>, meter: MeterName) {
    this.#turns = turns;
    this.#source = source;
    this.#meter = meter;
    this.#fetch = `fetch ${source.batch} from verify_${name.toLowerCase()}`;
    this.#order();
  }

  /** The line to be read next; undefined at the end, or when `isDry` says that more must be fetched. */
  get line(): L | undefined {
    return this.#lines[this.#at];
  }

  get isDry(): boolean {
    return this.#at >= this.#lines.length && this.#next !== undefined;
  }

  pass(): void {
    this.#at += 1;
  }

  async fill(): Promise<void> {
    const next = this.#next;
    if (next === undefined) return;
    this.#next = undefined;
    const { rows } = await next;
    this.#lines = rows.map((raw) => this.#source.line(raw, this.#meter));
    this.#at = 0;
    if (rows.length === this.#source.batch) this.#order();
  }

  #order(): void {
    this.#next = this.#turns.fetch(this.#fetch);
    this.#next.catch(() => undefined);
  }
}

/** Opens the streams of a range inside the client's transaction. `idOf` names a meter by its number. */
export async function openLines(
  client: ClientBase,
  range: AccountRange,
  idOf: (no: number) => string,
): Promise<LedgerLines> {
  const names = new Map<string, string>();
  const meter: MeterName = (no) => {
    if (no === null) return null;
    const name = names.get(no) ?? idOf(Number(no));
    names.set(no, name);
    return name;
  };
  // A cursor plans for its first rows by default, which reads an account's events out of order.
  await client.query("set local cursor_tuple_fraction = 1; set local work_mem = '64MB'; set local jit = off");
  const ofRange = within(range);
  const sources = Object.entries<Source<Line>>({ ...numbered, ...byAccount });
  for (const [name, { sql }] of sources) {
    const cursor = `declare verify_${name.toLowerCase()} no scroll cursor for ${sql(ofRange)}`;
    await client.query(cursor, [...rangeValues(range)]);
  }
  const turns = new Turns(client);
  const streams = sources.map(([name, source]) => [name, new LineStream(turns, name, source, meter)]);
  return Object.fromEntries(streams) as LedgerLines;
}

/** Ends the streams, so that the next range can be opened in the same transaction. */
export const closeLines = async (client: ClientBase): Promise<void> => {
  await client.query('close all');
};

/** Accounts, and ledger rows as their heads count them: what a check has before it. */
export async function ledgerSize(client: ClientBase): Promise<{ readonly accounts: number; readonly rows: number }> {
  const { rows } = await client.query<{ accounts: string; rows: string | null }>(
    `select count(*)::text as accounts, sum((regexp_match(state, '"seq":\\s*(\\d+)'))[1]::bigint)::text as rows from account_heads`,
  );
  return { accounts: Number(rows[0]?.accounts ?? 0), rows: Number(rows[0]?.rows ?? 0) };
}
