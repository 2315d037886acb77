// Packs: facts inserted once, their ends in rows of their own. What is left of a live pack stands on the account's head.

import type { ClientBase, Pool } from 'pg';
import type { PackFacts } from '../../core/pack.ts';
import { type Calls, callsOf, type Instant, instantOf, moneyOf } from '../../core/units.ts';
import { int2Array, int4Array, int8Array, textArray } from './arrays.ts';

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

/** Inserts packs of one account in one statement; rejects with SQLSTATE 23505 when an id is taken. */
export async function insertPacks(
  client: ClientBase,
  account: string,
  packs: readonly { readonly seq: number; readonly pack: PackFacts }[],
): Promise<void> {
  await client.query(
    `insert into packs (account_id, pack_no, pack_id, seq, product, gift, calls, price, bought_ms, effective_ms, expires_ms)
     select $1, no, id, seq, product, gift <> 0, calls, price, bought, effective, expires
     from unnest($2::integer[], $3::text[], $4::bigint[], $5::text[], $6::smallint[], $7::bigint[], $8::bigint[], $9::bigint[],
                 $10::bigint[], $11::bigint[]) as u(no, id, seq, product, gift, calls, price, bought, effective, expires)`,
    [
      account,
      int4Array(packs.map(({ pack }) => pack.no)),
      textArray(packs.map(({ pack }) => pack.id)),
      int8Array(packs.map(({ seq }) => seq)),
      textArray(packs.map(({ pack }) => pack.product)),
      int2Array(packs.map(({ pack }) => (pack.gift ? 1 : 0))),
      int8Array(packs.map(({ pack }) => pack.calls)),
      int8Array(packs.map(({ pack }) => pack.price)),
      int8Array(packs.map(({ pack }) => pack.boughtAt)),
      int8Array(packs.map(({ pack }) => pack.effectiveAt)),
      int8Array(packs.map(({ pack }) => pack.expiresAt)),
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

export interface NewForfeit {
  readonly account: string;
  readonly seq: number;
  readonly packNo: number;
  readonly units: Calls;
  readonly bookedAt: Instant;
}

/** Inserts forfeits of any accounts in one statement. */
export async function insertForfeits(client: ClientBase, forfeits: readonly NewForfeit[]): Promise<void> {
  if (forfeits.length === 0) return;
  await client.query(
    `insert into forfeits (account_id, seq, pack_no, units, booked_ms)
     select * from unnest($1::text[], $2::bigint[], $3::integer[], $4::bigint[], $5::bigint[])`,
    [
      textArray(forfeits.map(({ account }) => account)),
      int8Array(forfeits.map(({ seq }) => seq)),
      int4Array(forfeits.map(({ packNo }) => packNo)),
      int8Array(forfeits.map(({ units }) => units)),
      int8Array(forfeits.map(({ bookedAt }) => bookedAt)),
    ],
  );
}

/** Packs of these ids, in order of delivery. */
export async function findPacks(
  client: ClientBase | Pool,
  account: string,
  ids: readonly string[],
): Promise<PackRow[]> {
  const { rows } = await client.query<Row>(
    `${select} where p.account_id = $1 and p.pack_id = any($2::text[]) order by p.pack_no`,
    [account, textArray(ids)],
  );
  return rows.map(read);
}

/** Which of these ids name packs of the account already. */
export async function takenPackIds(client: ClientBase, account: string, ids: readonly string[]): Promise<string[]> {
  const { rows } = await client.query<{ pack_id: string }>(
    'select pack_id from packs where account_id = $1 and pack_id = any($2::text[])',
    [account, ids],
  );
  return rows.map((row) => row.pack_id);
}

/** Whether an account has had more than `most` packs. Costs no more than counting so many. */
export async function hasMorePacks(client: ClientBase | Pool, account: string, most: number): Promise<boolean> {
  const { rowCount } = await client.query({
    name: 'has-more-packs',
    text: 'select 1 from packs where account_id = $1 offset $2 limit 1',
    values: [account, most],
  });
  return rowCount === 1;
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

/** Packs of one account with a number above `after`, in order of delivery. */
export async function listPackPage(
  client: ClientBase | Pool,
  page: { readonly account: string; readonly after: number; readonly limit: number },
): Promise<PackRow[]> {
  const { rows } = await client.query<Row>({
    name: 'list-pack-page',
    text: `${select} where p.account_id = $1 and p.pack_no > $2 order by p.pack_no limit $3`,
    values: [page.account, page.after, page.limit],
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
