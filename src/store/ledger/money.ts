// The balance's entries: append-only, refused by the database otherwise.

import type { ClientBase, Pool } from 'pg';
import type { EntryKind, MoneyEntry } from '../../account/commands.ts';
import { instantOf, moneyOf } from '../../core/units.ts';

interface Row {
  seq: bigint;
  kind: EntryKind;
  amount: bigint;
  balance: bigint;
  at_ms: bigint;
  reference: string;
}

/** Newest first, below ledger number `before`. */
export async function listEntries(
  client: ClientBase | Pool,
  account: string,
  before: number | null,
  limit: number,
): Promise<MoneyEntry[]> {
  const { rows } = await client.query<Row>(
    `select seq, kind, amount, balance, at_ms, reference from money_entries
     where account_id = $1 and ($2::bigint is null or seq < $2) order by seq desc limit $3`,
    [account, before, limit],
  );
  return rows.map((row) => ({
    seq: Number(row.seq),
    kind: row.kind,
    amount: moneyOf(row.amount),
    balance: moneyOf(row.balance),
    at: instantOf(Number(row.at_ms)),
    reference: row.reference,
  }));
}
