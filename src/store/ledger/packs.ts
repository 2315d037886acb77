// Packs: facts inserted once, their ends in rows of their own. What is left of a live pack stands on the account's head.

import type { ClientBase, Pool } from 'pg';
import type { PackFacts } from '../../core/pack.ts';
import { type Calls, callsOf, type Instant, instantOf, type Money, moneyOf } from '../../core/units.ts';
import { namedAgain } from '../connection/engine.ts';
import { engineOf } from '../connection/hosts.ts';
import { textArray } from './arrays.ts';

/** A pack with the ends that the ledger has of it. */
export interface PackRow {
  readonly account: string;
  readonly facts: PackFacts;
  readonly seq: number;
  readonly forfeited: Calls;
  readonly refundedAt: Instant | null;
  readonly refundedSeq: number | null;
  /** What was paid back. */
  readonly refundedAmount: Money | null;
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
  department: string | null;
  forfeited: string | null;
  refunded_ms: bigint | null;
  refund_seq: bigint | null;
  refund_amount: bigint | null;
}

const select = `
  select p.*, r.at_ms as refunded_ms, r.seq as refund_seq,
    (select e.amount from money_entries e where e.account_id = r.account_id and e.seq = r.seq) as refund_amount,
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
    ...(row.department === null ? {} : { department: row.department }),
  },
  seq: Number(row.seq),
  forfeited: callsOf(BigInt(row.forfeited ?? 0)),
  refundedAt: row.refunded_ms === null ? null : instantOf(Number(row.refunded_ms)),
  refundedSeq: row.refund_seq === null ? null : Number(row.refund_seq),
  refundedAmount: row.refund_amount === null ? null : moneyOf(row.refund_amount),
});

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

/** Packs by account and number. */
export async function findPacksByNo(
  client: ClientBase | Pool,
  keys: readonly { readonly account: string; readonly no: number }[],
): Promise<PackRow[]> {
  const { rows } = await client.query<Row>(
    `${select} where (p.account_id, p.pack_no) in (select unnest($1::text[]), unnest($2::integer[]))${namedAgain(engineOf(client), 'p.account_id', '$1')}`,
    [keys.map(({ account }) => account), keys.map(({ no }) => no)],
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

/** How many packs of an account there are at an instant: paid back, not yet in effect, within their life, past it. */
export async function countPacks(client: ClientBase | Pool, account: string, now: Instant) {
  const { rows } = await client.query<{ refunded: string; pending: string; alive: string; expired: string }>({
    name: 'count-packs',
    text: `select count(r.seq)::text as refunded,
             count(*) filter (where r.seq is null and effective_ms > $2)::text as pending,
             count(*) filter (where r.seq is null and effective_ms <= $2 and expires_ms > $2)::text as alive,
             count(*) filter (where r.seq is null and effective_ms <= $2 and expires_ms <= $2)::text as expired
           from packs p left join pack_refunds r using (account_id, pack_no) where account_id = $1`,
    values: [account, now],
  });
  const [row] = rows;
  const count = (text: string | undefined): number => Number(text ?? 0);
  return {
    refunded: count(row?.refunded),
    pending: count(row?.pending),
    alive: count(row?.alive),
    expired: count(row?.expired),
  };
}

/** A forfeit as bills read it. */
export interface BookedForfeit {
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
): Promise<BookedForfeit[]> {
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
