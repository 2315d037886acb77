// Orders of accounts, and how they ended. Written by group.ts.

import type { ClientBase, Pool } from 'pg';
import {
  type EndedOrder,
  type Order,
  type OrderEnding,
  type OrderState,
  type Payment,
  readGoods,
} from '../../account/orders.ts';
import { readJson } from '../../core/json.ts';
import { type Instant, instantOf, moneyOf } from '../../core/units.ts';
import { type ListPage, sqlOf } from './list-order.ts';

/** An order as the ledger has it; `ended` null: it is open, or nobody has noticed yet that its time is over. */
export interface StoredOrder {
  readonly account: string;
  readonly order: Order;
  readonly by: string;
  readonly ended: (EndedOrder & { readonly by: string }) | null;
}

interface Row {
  account_id: string;
  order_no: number;
  at_ms: bigint;
  pay: Payment;
  amount: bigint;
  lapses_ms: bigint | null;
  goods: string;
  done_by: string;
  how: OrderEnding | null;
  end_seq: bigint;
  end_ms: bigint;
  received: bigint | null;
  reference: string | null;
  ended_by: string;
}

const columns = `o.account_id, o.order_no, o.at_ms, o.pay, o.amount, o.lapses_ms, o.goods, o.done_by,
  e.how, e.seq as end_seq, e.at_ms as end_ms, e.received, e.reference, e.done_by as ended_by`;
const from = 'orders o left join order_ends e on e.account_id = o.account_id and e.order_no = o.order_no';

const at = (ms: bigint): Instant => instantOf(Number(ms));

const read = (row: Row): StoredOrder => ({
  account: row.account_id,
  order: {
    ...readGoods(readJson(row.goods)),
    no: row.order_no,
    pay: row.pay,
    amount: moneyOf(row.amount),
    at: at(row.at_ms),
    lapsesAt: row.lapses_ms === null ? null : at(row.lapses_ms),
  },
  by: row.done_by,
  ended: row.how === null ? null : { ...endOf(row), how: row.how, by: row.ended_by },
});

const endOf = (row: Row) => ({
  no: row.order_no,
  seq: Number(row.end_seq),
  at: at(row.end_ms),
  receipt:
    row.received === null || row.reference === null
      ? null
      : { received: moneyOf(row.received), reference: row.reference },
});

export async function findOrder(
  client: ClientBase | Pool,
  account: string,
  no: number,
): Promise<StoredOrder | undefined> {
  const { rows } = await client.query<Row>(
    `select ${columns} from ${from} where o.account_id = $1 and o.order_no = $2`,
    [account, no],
  );
  return rows[0] === undefined ? undefined : read(rows[0]);
}

/** The number of an account's next order. Its head is locked. */
export async function nextOrderNo(tx: ClientBase, account: string): Promise<number> {
  const { rows } = await tx.query<{ next: number }>(
    'select coalesce(max(order_no), 0) + 1 as next from orders where account_id = $1',
    [account],
  );
  return rows[0]?.next ?? 1;
}

/** Free for any meaning; the second key is the reference. */
const referenceLock = 7_280_019;

/** The order that a reference has paid. Whoever asks has the reference to itself until the transaction ends. */
export async function takeReference(
  tx: ClientBase,
  reference: string,
): Promise<{ readonly account: string; readonly no: number } | undefined> {
  await tx.query('select pg_advisory_xact_lock($1, hashtext($2))', [referenceLock, reference]);
  const { rows } = await tx.query<{ account_id: string; order_no: number }>(
    'select account_id, order_no from order_references where reference = $1',
    [reference],
  );
  return rows[0] === undefined ? undefined : { account: rows[0].account_id, no: rows[0].order_no };
}

export interface OrderFilter {
  /** Null: of all accounts. */
  readonly account: string | null;
  readonly state?: OrderState | undefined;
}

/** Where a list goes on: after this one. */
export type OrderPlace = readonly [at: number, account: string, no: number];

/** An open order whose time is over has lapsed. */
export async function listOrders(
  client: ClientBase | Pool,
  { account, state }: OrderFilter,
  { after, limit, order }: ListPage<OrderPlace>,
  now: Instant,
): Promise<StoredOrder[]> {
  const { way, beyond } = sqlOf[order];
  const { rows } = await client.query<Row>(
    `select ${columns} from ${from}
     where ($1::text is null or o.account_id = $1)
       and ($2::text is null or $2 = coalesce(e.how, case when o.lapses_ms <= $3 then 'lapsed' else 'pending' end))
       and ($4::bigint is null or (o.at_ms, o.account_id, o.order_no) ${beyond} ($4, $5, $6))
     order by o.at_ms ${way}, o.account_id ${way}, o.order_no ${way} limit $7`,
    [account, state ?? null, now, ...(after ?? [null, null, null]), limit],
  );
  return rows.map(read);
}

/** Open orders whose time is over, by account. */
export async function lapsedOrders(
  client: ClientBase | Pool,
  now: Instant,
  limit: number,
): Promise<{ readonly account: string; readonly no: number }[]> {
  const { rows } = await client.query<{ account_id: string; order_no: number }>(
    `select o.account_id, o.order_no from orders o
     where o.lapses_ms <= $1
       and not exists (select 1 from order_ends e where e.account_id = o.account_id and e.order_no = o.order_no)
     order by o.account_id, o.order_no limit $2`,
    [now, limit],
  );
  return rows.map((row) => ({ account: row.account_id, no: row.order_no }));
}
