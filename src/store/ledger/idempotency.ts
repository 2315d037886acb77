// Idempotency-Key: the first answer is stored in the same transaction as its effect, and given again to whoever repeats the
// request. A second request with the same key waits for the first's commit. Kept for ever; an operator may delete old rows.

import type { ClientBase, Pool } from 'pg';
import { isRefusal, type Refusal, refuse } from '../../core/refusal.ts';
import { awaitWhatIsRead } from '../connection/standby.ts';
import { inTransaction } from '../connection/transaction.ts';

export interface Answer {
  readonly status: number;
  /** JSON text. */
  readonly body: string;
}

export interface OnceKey {
  /** Who the key belongs to: keys of two callers never meet. */
  readonly scope: string;
  /** Under which callers shared their keys until each API key had a scope of its own: a request begun then is still done once. */
  readonly formerScope: string;
  readonly key: string;
  /** Digest of the request: the same key with another one is refused. */
  readonly digest: string;
}

/** Runs a command once. A refusal changes nothing and is not stored: the same key may succeed later. */
export async function runOnce(
  pool: Pool,
  once: OnceKey,
  command: (tx: ClientBase) => Promise<Answer | Refusal>,
): Promise<{ readonly answer: Answer; readonly replayed: boolean } | Refusal> {
  return inTransaction(pool, async (tx) => {
    const claimed = await tx.query(
      `insert into idempotency_keys (scope, key, digest, status, body)
       select $1, $2, $3, 0, '' where not exists (select 1 from idempotency_keys where scope = $4 and key = $2)
       on conflict do nothing`,
      [once.scope, once.key, once.digest, once.formerScope],
    );
    if (claimed.rowCount !== 1) return stored(tx, once);
    const answer = await command(tx);
    if (isRefusal(answer)) return answer;
    await tx.query('update idempotency_keys set status = $3, body = $4 where scope = $1 and key = $2', [
      once.scope,
      once.key,
      answer.status,
      answer.body,
    ]);
    return { answer, replayed: false };
  });
}

async function stored(tx: ClientBase, once: OnceKey) {
  const { rows } = await tx.query<{ digest: string; status: number; body: string }>(
    'select digest, status, body from idempotency_keys where scope in ($1, $3) and key = $2 order by scope <> $1',
    [once.scope, once.key, once.formerScope],
  );
  const row = rows[0];
  if (row === undefined) return refuse('IDEMPOTENCY_IN_PROGRESS');
  if (row.digest !== once.digest) return refuse('IDEMPOTENCY_KEY_REUSED', { key: once.key });
  await awaitWhatIsRead(tx);
  return { answer: { status: row.status, body: row.body }, replayed: true };
}
