// Where accounts lie, on an engine that spreads them.

import type { ClientBase, Pool } from 'pg';
import { engineOf } from './hosts.ts';

/** What is written together: accounts of one shard. `node`: the one that it was on when it was asked for; a shard may move. */
export interface Place {
  readonly shard: string;
  readonly node: string;
}

/** Of accounts that need not exist. Throws where the heads are not spread. */
export async function findPlaces(
  client: ClientBase | Pool,
  accounts: readonly string[],
): Promise<ReadonlyMap<string, Place>> {
  const { rows } = await client.query<{ account: string } & Place>(
    `select a.account, a.shard::text, p.groupid::text as node
     from (select account, get_shard_id_for_distribution_column('account_heads', account) as shard
           from unnest($1::text[]) as u(account)) a
     join pg_dist_placement p on p.shardid = a.shard`,
    [accounts],
  );
  return new Map(rows.map(({ account, shard, node }) => [account, { shard, node }]));
}

/** Whether heads of accounts lie on several nodes: the extension may be there without that. */
export async function areSpread(client: ClientBase | Pool): Promise<boolean> {
  const { rows } = await client.query<{ spread: boolean }>(
    `select exists (select from pg_dist_partition
       where logicalrelid = to_regclass('account_heads') and partmethod = 'h') as spread`,
  );
  return rows[0]?.spread === true;
}

/** What is worked on together: on an engine that spreads accounts what is of those of one shard, elsewhere all. */
export async function byShard<Item>(
  client: ClientBase | Pool,
  items: readonly Item[],
  accountOf: (item: Item) => string,
): Promise<readonly (readonly Item[])[]> {
  if (engineOf(client) !== 'citus') return [items];
  const places = await findPlaces(client, [...new Set(items.map(accountOf))]);
  return [...Map.groupBy(items, (item) => places.get(accountOf(item))?.shard).values()];
}
