// Contract prices of accounts. Written by group.ts.

import type { ClientBase, Pool } from 'pg';
import type { Period } from '../../core/calendar.ts';
import { readContract } from '../../core/contract.ts';
import { readJson } from '../../core/json.ts';
import type { Contract } from '../../core/price-book.ts';
import { type Instant, instantOf } from '../../core/units.ts';

/** A contract as it was agreed on: by whom, and when. */
export interface StoredContract {
  readonly account: string;
  readonly seq: number;
  readonly contract: Contract;
  readonly at: Instant;
  readonly by: string;
}

/** All contracts of some accounts, each account's in order of number. */
export async function readContracts(client: ClientBase | Pool, accounts: readonly string[]): Promise<StoredContract[]> {
  const { rows } = await client.query<{
    account_id: string;
    contract_no: number;
    seq: bigint;
    from_period: Period;
    at_ms: bigint;
    done_by: string;
    terms: string;
  }>({
    name: 'read-contracts',
    text: `select account_id, contract_no, seq, from_period, at_ms, done_by, terms from contracts
           where account_id = any($1::text[]) order by account_id, contract_no`,
    values: [accounts],
  });
  return rows.map((row) => ({
    account: row.account_id,
    seq: Number(row.seq),
    contract: readContract(row.contract_no, row.from_period, readJson(row.terms)),
    at: instantOf(Number(row.at_ms)),
    by: row.done_by,
  }));
}
