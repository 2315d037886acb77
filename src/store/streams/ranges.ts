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

const ofRange: Within = {
  of: (column) => `${column} > $1 and ($2::text is null or ${column} <= $2)`,
  again: () => '',
};
const ofNamed: Within = {
  of: (column) => `${column} = any($1::text[]) and $2::text is null`,
  again: (column) => ` and ${column} = any($1::text[])`,
};

export const within = (range: AccountRange): Within => ('accounts' in range ? ofNamed : ofRange);

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

/**
 * All accounts, and all that rows are of, in ranges of `size` at most. Each range is to be asked for in the snapshot that it is read in.
 */
export const rangesOf = (client: ClientBase, size: number): AsyncGenerator<AccountRange, undefined> =>
  engineOf(client) === 'citus' ? byShards(client, size) : inOrder(client, size);

async function* inOrder(client: ClientBase, size: number): AsyncGenerator<AccountRange, undefined> {
  for (let after = ''; ; ) {
    const { rows } = await client.query<{ account_id: string }>(
      'select account_id from accounts where account_id > $1 order by account_id offset $2 limit 1',
      [after, size - 1],
    );
    const through = rows[0]?.account_id ?? null;
    yield { after, through };
    if (through === null) return;
    after = through;
  }
}

async function* byShards(client: ClientBase, size: number): AsyncGenerator<NamedAccounts, undefined> {
  for (let after = ''; ; ) {
    const { rows } = await client.query<{ account_id: string }>(
      'select account_id from accounts where account_id > $1 order by account_id limit $2',
      [after, mostAtOnce],
    );
    const accounts = rows.map(({ account_id }) => account_id);
    const last = accounts.at(-1);
    yield* named(client, last === undefined ? await findStrangers(client) : accounts, size);
    if (last === undefined) return;
    after = last;
  }
}

async function* named(client: ClientBase, accounts: readonly string[], size: number): AsyncGenerator<NamedAccounts> {
  if (accounts.length === 0) return;
  for (const some of await byShard(client, accounts, String))
    for (const slice of slicesOf(some, size)) yield { accounts: slice };
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
