// Standing orders of accounts, and what they have bought.

import type { ClientBase, Pool } from 'pg';
import type { StandingOrder } from '../../account/standing-orders.ts';
import { readJson, writeJson } from '../../core/json.ts';
import { callsOf, type Instant, type Money, moneyOf, noMoney, readStoredMoney, storedMoney } from '../../core/units.ts';

type Kept = Omit<StandingOrder, 'below' | 'buy' | 'mostMoney'> & {
  readonly below: { readonly calls: number } | { readonly percent: number } | null;
  readonly buy: { readonly product: string; readonly size: number | 'advised'; readonly count: number };
  readonly mostMoney: string;
};

function read(text: string): StandingOrder {
  const { below, buy, mostMoney, ...rest } = readJson(text) as Kept;
  return {
    ...rest,
    below: below !== null && 'calls' in below ? { calls: callsOf(below.calls) } : below,
    buy: { ...buy, size: buy.size === 'advised' ? 'advised' : callsOf(buy.size) },
    mostMoney: readStoredMoney(mostMoney) ?? noMoney,
  };
}

/** An account's, by name. */
export async function readStandingOrders(client: ClientBase | Pool, account: string): Promise<StandingOrder[]> {
  const { rows } = await client.query<{ standing_order: string }>(
    'select standing_order from standing_orders where account_id = $1 order by name',
    [account],
  );
  return rows.map((row) => read(row.standing_order));
}

/** Accounts after one that have some. */
export async function accountsWithStandingOrders(pool: Pool, after: string, limit: number): Promise<string[]> {
  const { rows } = await pool.query<{ account_id: string }>(
    'select distinct account_id from standing_orders where account_id > $1 order by account_id limit $2',
    [after, limit],
  );
  return rows.map((row) => row.account_id);
}

export async function putStandingOrder(
  tx: ClientBase,
  account: string,
  order: StandingOrder,
  by: string,
): Promise<void> {
  const text = writeJson({ ...order, mostMoney: storedMoney(order.mostMoney) });
  await tx.query(
    `insert into standing_orders (account_id, name, standing_order, done_by) values ($1, $2, $3, $4)
     on conflict (account_id, name) do update set standing_order = $3, done_by = $4`,
    [account, order.name, text, by],
  );
}

/** Whether there was one. */
export async function deleteStandingOrder(tx: ClientBase, account: string, name: string): Promise<boolean> {
  const { rowCount } = await tx.query('delete from standing_orders where account_id = $1 and name = $2', [
    account,
    name,
  ]);
  return rowCount === 1;
}

/** The number of the latest pack of some products; 0: there was none. */
export async function lastPackNo(
  client: ClientBase | Pool,
  account: string,
  products: readonly string[],
): Promise<number> {
  const { rows } = await client.query<{ last: number }>(
    'select coalesce(max(pack_no), 0) as last from packs where account_id = $1 and product = any($2::text[])',
    [account, products],
  );
  return rows[0]?.last ?? 0;
}

export interface Bought {
  readonly count: number;
  readonly amount: Money;
}

/** What a standing order has bought since a moment. */
export async function boughtSince(tx: ClientBase, account: string, name: string, since: Instant): Promise<Bought> {
  const { rows } = await tx.query<{ count: number; amount: string }>(
    `select count(*)::integer as count, coalesce(sum(amount), 0)::text as amount from standing_purchases
     where account_id = $1 and name = $2 and order_no is not null and at_ms >= $3`,
    [account, name, since],
  );
  return { count: rows[0]?.count ?? 0, amount: moneyOf(BigInt(rows[0]?.amount ?? 0)) };
}

export async function isBoughtFor(
  client: ClientBase | Pool,
  account: string,
  name: string,
  cause: string,
): Promise<boolean> {
  const { rows } = await client.query(
    'select 1 from standing_purchases where account_id = $1 and name = $2 and cause = $3 and order_no is not null',
    [account, name, cause],
  );
  return rows.length > 0;
}

/** Whether it could not be bought since a moment. */
export async function wasRefusedSince(
  client: ClientBase | Pool,
  account: string,
  name: string,
  cause: string,
  since: Instant,
): Promise<boolean> {
  const { rows } = await client.query(
    `select 1 from standing_purchases
     where account_id = $1 and name = $2 and cause = $3 and order_no is null and at_ms > $4`,
    [account, name, cause, since],
  );
  return rows.length > 0;
}

/** Keeps what came of a cause, in the transaction of the purchase. */
export async function keepPurchase(
  tx: ClientBase,
  row: { account: string; name: string; cause: string; at: Instant; no: number | null; amount: Money },
): Promise<void> {
  await tx.query(
    `insert into standing_purchases as p (account_id, name, cause, at_ms, order_no, amount) values ($1, $2, $3, $4, $5, $6)
     on conflict (account_id, name, cause) do update set at_ms = $4, order_no = $5, amount = $6 where p.order_no is null`,
    [row.account, row.name, row.cause, row.at, row.no, row.amount],
  );
}
