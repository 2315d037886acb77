// Acts that wait for a second person.

import type { ClientBase, Pool } from 'pg';
import { type Instant, instantOf, type Money, moneyOf } from '../../core/units.ts';
import { type ListPage, sqlOf } from './list-order.ts';

export type ApprovedAct = 'credit' | 'refund' | 'top-up' | 'confirm';

export interface ApprovalRow {
  readonly id: string;
  readonly account: string;
  readonly act: ApprovedAct;
  /** What it takes to do it, as JSON. */
  readonly asked: string;
  readonly amount: Money;
  readonly askedBy: string;
  readonly askedAt: Instant;
  readonly expiresAt: Instant;
  /** Null: it waits, or has lapsed. */
  readonly decision: 'approved' | 'rejected' | null;
  readonly decidedBy: string | null;
  readonly decidedAt: Instant | null;
}

interface Row {
  id: string;
  account_id: string;
  act: ApprovedAct;
  asked: string;
  amount: bigint;
  asked_by: string;
  asked_ms: bigint;
  expires_ms: bigint;
  decision: 'approved' | 'rejected' | null;
  decided_by: string | null;
  decided_ms: bigint | null;
}

const read = (row: Row): ApprovalRow => ({
  id: row.id,
  account: row.account_id,
  act: row.act,
  asked: row.asked,
  amount: moneyOf(row.amount),
  askedBy: row.asked_by,
  askedAt: instantOf(Number(row.asked_ms)),
  expiresAt: instantOf(Number(row.expires_ms)),
  decision: row.decision,
  decidedBy: row.decided_by,
  decidedAt: row.decided_ms === null ? null : instantOf(Number(row.decided_ms)),
});

export async function insertApproval(tx: ClientBase, row: ApprovalRow): Promise<void> {
  await tx.query(
    `insert into approvals (id, account_id, act, asked, amount, asked_by, asked_ms, expires_ms)
     values ($1, $2, $3, $4, $5, $6, $7, $8)`,
    [row.id, row.account, row.act, row.asked, row.amount, row.askedBy, row.askedAt, row.expiresAt],
  );
}

export async function lockApproval(tx: ClientBase, id: string): Promise<ApprovalRow | undefined> {
  const { rows } = await tx.query<Row>('select * from approvals where id = $1 for update', [id]);
  return rows[0] === undefined ? undefined : read(rows[0]);
}

export async function decideApproval(
  tx: ClientBase,
  id: string,
  { decision, by, at }: { readonly decision: 'approved' | 'rejected'; readonly by: string; readonly at: Instant },
): Promise<void> {
  await tx.query('update approvals set decision = $2, decided_by = $3, decided_ms = $4 where id = $1', [
    id,
    decision,
    by,
    at,
  ]);
}

export type ApprovalPlace = readonly [askedAt: number, id: string];

/** `waiting`: those that can still be decided at that moment. */
export async function listApprovals(
  client: ClientBase | Pool,
  { account, waiting }: { readonly account: string | null; readonly waiting: Instant | null },
  { after, limit, order }: ListPage<ApprovalPlace>,
): Promise<ApprovalRow[]> {
  const { way, beyond } = sqlOf[order];
  const { rows } = await client.query<Row>(
    `select * from approvals
     where ($1::text is null or account_id = $1) and ($2::bigint is null or (decision is null and expires_ms > $2))
       and ($3::bigint is null or (asked_ms, id) ${beyond} ($3, $4))
     order by asked_ms ${way}, id ${way} limit $5`,
    [account, waiting, ...(after ?? [null, null]), limit],
  );
  return rows.map(read);
}
