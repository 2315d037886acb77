// Accounts some at a time, for what reads the whole ledger. One PostgreSQL has them in their order. An engine that spreads accounts has a
// range of them on all its nodes: there they are named, those of one shard together, so that a statement is of one node.

import pg, { type ClientBase } from 'pg';
import { engineOf } from '../connection/hosts.ts';
import { byShard } from '../connection/shards.ts';
import { tablesByLying } from '../connection/spread.ts';

/** Accounts after `after` up to and with `through`; null: to the end. Rows of accounts that do not exist are in it too. */
interface AccountsBetween {
  readonly after: string;
  readonly through: string | null;
}

/** Of one shard. */
interface NamedAccounts {
  readonly accounts: readonly string[];
}

export type AccountRange = AccountsBetween | NamedAccounts;

/** That a column's accounts are of a range, by the first two parameters of the statement. */
export interface Within {
  /** A condition. */
  readonly of: (column: string) => string;
  /** A further one, of a column that is joined with one of these: the engine that spreads accounts finds its node by that. Elsewhere nothing. */
  readonly again: (column: string) => string;
}

const between: Within = {
  of: (column) => `${column} > $1 and ($2::text is null or ${column} <= $2)`,
  again: () => '',
};
const named: Within = {
  of: (column) => `${column} = any($1::text[]) and $2::text is null`,
  again: (column) => ` and ${column} = any($1::text[])`,
};

export const within = (range: AccountRange): Within => ('accounts' in range ? named : between);

/** Those two parameters. */
export const rangeValues = (range: AccountRange): readonly [string | readonly string[], string | null] =>
  'accounts' in range ? [range.accounts, null] : [range.after, range.through];

/** The range of one account; elsewhere than on several nodes also of rows of accounts that do not exist, right before it. */
export async function rangeOf(client: ClientBase, account: string): Promise<AccountRange> {
  if (engineOf(client) === 'citus') return { accounts: [account] };
  const { rows } = await client.query<{ before: string | null }>(
    'select max(account_id) as before from accounts where account_id < $1',
    [account],
  );
  return { after: rows[0]?.before ?? '', through: account };
}

/** Accounts that one statement names, unless told otherwise. */
export const accountsOfRange = 1_000;

/** Texts as an array within a statement. */
export const textsIn = (texts: readonly string[]): string =>
  `array[${texts.map((text) => pg.escapeLiteral(text)).join()}]::text[]`;

export function slicesOf<Item>(items: readonly Item[], size: number): readonly Item[][] {
  const slices: Item[][] = [];
  for (let at = 0; at < items.length; at += size) slices.push(items.slice(at, at + size));
  return slices;
}

/** Accounts that are asked for their shards at once, so that memory stays bounded. */
const mostAtOnce = 20_000;

/** All accounts, and all that rows are of. */
export class Ranges {
  readonly #client: ClientBase;
  readonly #size: number;
  readonly #waiting: AccountRange[] = [];
  /** Null: all accounts that exist have been named. */
  #after: string | null = '';
  #hasStrangers = true;

  /** `size`: accounts of one range, at most. */
  constructor(client: ClientBase, size: number) {
    this.#client = client;
    this.#size = size;
  }

  /** To be asked in the snapshot that the range is read in. Undefined: there is none any more. */
  async next(): Promise<AccountRange | undefined> {
    return engineOf(this.#client) === 'citus' ? this.#nextOfShard() : this.#nextInOrder();
  }

  async #nextInOrder(): Promise<AccountRange | undefined> {
    const after = this.#after;
    if (after === null) return undefined;
    const { rows } = await this.#client.query<{ account_id: string }>(
      'select account_id from accounts where account_id > $1 order by account_id offset $2 limit 1',
      [after, this.#size - 1],
    );
    this.#after = rows[0]?.account_id ?? null;
    return { after, through: this.#after };
  }

  async #nextOfShard(): Promise<AccountRange | undefined> {
    while (this.#waiting.length === 0) {
      const accounts = await this.#moreAccounts();
      if (accounts === undefined) return undefined;
      for (const some of accounts.length === 0 ? [] : await byShard(this.#client, accounts, String)) {
        this.#waiting.push(...slicesOf(some, this.#size).map((accounts) => ({ accounts })));
      }
    }
    return this.#waiting.shift();
  }

  async #moreAccounts(): Promise<readonly string[] | undefined> {
    const { rows } = await this.#client.query<{ account_id: string }>(
      'select account_id from accounts where account_id > $1 order by account_id limit $2',
      [this.#after, mostAtOnce],
    );
    this.#after = rows.at(-1)?.account_id ?? null;
    if (this.#after !== null) return rows.map(({ account_id }) => account_id);
    if (!this.#hasStrangers) return undefined;
    this.#hasStrangers = false;
    return findStrangers(this.#client);
  }
}

/** Accounts that do not exist, of which there are rows. Asks all nodes. */
async function findStrangers(client: ClientBase): Promise<string[]> {
  const found = new Set<string>();
  for (const table of [...tablesByLying.account, 'order_references']) {
    const { rows } = await client.query<{ account_id: string }>(
      `select distinct t.account_id from ${table} t left join accounts a on a.account_id = t.account_id where a.account_id is null`,
    );
    for (const { account_id } of rows) found.add(account_id);
  }
  return [...found].toSorted();
}
