// Packs: facts inserted once, their ends in rows of their own. What is left of a live pack stands on the account's head.

import type { ClientBase, Pool } from 'pg';
import type { PackFacts } from '../core/pack.ts';
import { type Calls, callsOf, type Instant, instantOf, moneyOf } from '../core/units.ts';

/** A pack with the ends that the ledger has of it. */
export interface PackRow {
  readonly account: string;
  readonly facts: PackFacts;
  readonly seq: number;
  readonly forfeited: Calls;
  readonly refundedAt: Instant | null;
  readonly refundedSeq: number | null;
}

interface Row {
  account_id: string;
  pack_no: number;
  pack_id: string;
  seq: bigint;
  product: string;
  gift: boolean;
  calls: bigint;
  price: bigint;
  bought_ms: bigint;
  effective_ms: bigint;
  expires_ms: bigint;
  forfeited: string | null;
  refunded_ms: bigint | null;
  refund_seq: bigint | null;
}

const select = `
  select p.*, r.at_ms as refunded_ms, r.seq as refund_seq,
    (select sum(f.units)::text from forfeits f where f.account_id = p.account_id and f.pack_no = p.pack_no) as forfeited
  from packs p left join pack_refunds r on r.account_id = p.account_id and r.pack_no = p.pack_no`;

const read = (row: Row): PackRow => ({
  account: row.account_id,
  facts: {
    no: row.pack_no,
    id: row.pack_id,
    product: row.product,
    gift: row.gift,
    calls: callsOf(row.calls),
    price: moneyOf(row.price),
    boughtAt: instantOf(Number(row.bought_ms)),
    effectiveAt: instantOf(Number(row.effective_ms)),
    expiresAt: instantOf(Number(row.expires_ms)),
  },
  seq: Number(row.seq),
  forfeited: callsOf(BigInt(row.forfeited ?? 0)),
  refundedAt: row.refunded_ms === null ? null : instantOf(Number(row.refunded_ms)),
  refundedSeq: row.refund_seq === null ? null : Number(row.refund_seq),
});

/** Inserts packs of one account; rejects with SQLSTATE 23505 when an id is taken. */
export async function insertPack(client: ClientBase, account: string, seq: number, pack: PackFacts): Promise<void> {
  await client.query(
    `insert into packs (account_id, pack_no, pack_id, seq, product, gift, calls, price, bought_ms, effective_ms, expires_ms)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
    [
      account,
      pack.no,
      pack.id,
      seq,
      pack.product,
      pack.gift,
      pack.calls,
      pack.price,
      pack.boughtAt,
      pack.effectiveAt,
      pack.expiresAt,
    ],
  );
}

export async function insertRefund(
  client: ClientBase,
  account: string,
  refund: { readonly packNo: number; readonly seq: number; readonly at: Instant },
): Promise<void> {
  await client.query('insert into pack_refunds (account_id, pack_no, seq, at_ms) values ($1, $2, $3, $4)', [
    account,
    refund.packNo,
    refund.seq,
    refund.at,
  ]);
}

export async function insertForfeit(
  client: ClientBase,
  account: string,
  forfeit: { readonly seq: number; readonly packNo: number; readonly units: Calls; readonly bookedAt: Instant },
): Promise<void> {
  await client.query('insert into forfeits (account_id, seq, pack_no, units, booked_ms) values ($1, $2, $3, $4, $5)', [
    account,
    forfeit.seq,
    forfeit.packNo,
    forfeit.units,
    forfeit.bookedAt,
  ]);
}

export async function findPack(client: ClientBase | Pool, account: string, id: string): Promise<PackRow | undefined> {
  const { rows } = await client.query<Row>(`${select} where p.account_id = $1 and p.pack_id = $2`, [account, id]);
  return rows[0] === undefined ? undefined : read(rows[0]);
}

/** Which of these ids name packs of the account already. */
export async function takenPackIds(client: ClientBase, account: string, ids: readonly string[]): Promise<string[]> {
  const { rows } = await client.query<{ pack_id: string }>(
    'select pack_id from packs where account_id = $1 and pack_id = any($2::text[])',
    [account, ids],
  );
  return rows.map((row) => row.pack_id);
}

/** All packs of these accounts, in order of account and delivery. */
export async function listPackRows(client: ClientBase | Pool, accounts: readonly string[]): Promise<PackRow[]> {
  const { rows } = await client.query<Row>(
    `${select} where p.account_id = any($1::text[]) order by p.account_id, p.pack_no`,
    [accounts],
  );
  return rows.map(read);
}

/** All packs of one account, in order of delivery; by equality, so that its plan is kept. */
export async function listPacksOf(client: ClientBase | Pool, account: string): Promise<PackRow[]> {
  const { rows } = await client.query<Row>({
    name: 'list-packs-of',
    text: `${select} where p.account_id = $1 order by p.pack_no`,
    values: [account],
  });
  return rows.map(read);
}

export interface ForfeitRow {
  readonly account: string;
  readonly bookedAt: Instant;
  readonly pack: number;
  readonly units: Calls;
}

/** Forfeits booked in an interval, start included, end not, in ledger order. */
export async function listForfeits(
  client: ClientBase | Pool,
  accounts: readonly string[],
  from: Instant,
  to: Instant,
): Promise<ForfeitRow[]> {
  const { rows } = await client.query<{ account_id: string; pack_no: number; units: bigint; booked_ms: bigint }>(
    `select account_id, pack_no, units, booked_ms from forfeits
     where account_id = any($1::text[]) and booked_ms >= $2 and booked_ms < $3 order by account_id, seq`,
    [accounts, from, to],
  );
  return rows.map((row) => ({
    account: row.account_id,
    bookedAt: instantOf(Number(row.booked_ms)),
    pack: row.pack_no,
    units: callsOf(row.units),
  }));
}

/** Whether an event or a review ever drew from a pack, also when it was voided since. Costly: for packs that left their head. */
export async function wasDrawn(client: ClientBase, { account, facts }: PackRow): Promise<boolean> {
  const { rows } = await client.query<{ drawn: boolean }>(
    `select exists (select 1 from events where account_id = $1 and pack_no = $2 and at_ms >= $3 and at_ms < $4)
         or exists (select 1 from reviews where account_id = $1 and pack_no = $2)
         or exists (select 1 from event_draws where account_id = $1 and pack_no = $2) as drawn`,
    [account, facts.no, facts.effectiveAt, facts.expiresAt],
  );
  return rows[0]?.drawn ?? false;
}
