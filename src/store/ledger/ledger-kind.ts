// What a ledger is: real, or a sandbox's.

import type { Pool } from 'pg';

/**
 * Says what kind of server starts on it, as long as there are no accounts; gives what the ledger then is. Once it has accounts it stays
 * what it was.
 */
export async function settleKind(pool: Pool, sandbox: boolean): Promise<{ readonly sandbox: boolean }> {
  await pool.query(
    `insert into ledger_kind (sandbox) values ($1)
     on conflict (one) do update set sandbox = excluded.sandbox where not exists (select 1 from accounts)`,
    [sandbox],
  );
  const { rows } = await pool.query<{ sandbox: boolean }>('select sandbox from ledger_kind');
  return { sandbox: rows[0]?.sandbox ?? false };
}
