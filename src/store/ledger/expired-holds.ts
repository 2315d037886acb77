// Accounts with holds whose time has run out and that nobody has ended.

import type { Pool } from 'pg';
import type { Instant } from '../../core/units.ts';

/** In order of account, those after one: of holds that ran out after `from`, up to and with `to`. */
export async function accountsWithExpiredHolds(
  pool: Pool,
  { from, to }: { readonly from: Instant; readonly to: Instant },
  after: string,
  limit: number,
): Promise<string[]> {
  const { rows } = await pool.query<{ account_id: string }>(
    `select distinct h.account_id from holds h
     where h.expires_ms > $1 and h.expires_ms <= $2 and h.account_id > $3
       and not exists (select from hold_ends x where x.account_id = h.account_id and x.hold_seq = h.seq)
     order by h.account_id limit $4`,
    [from, to, after, limit],
  );
  return rows.map(({ account_id }) => account_id);
}
