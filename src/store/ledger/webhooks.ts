// Webhooks: where alerts go.

import type { ClientBase, Pool } from 'pg';
import type { AlertKind } from '../../account/alerts.ts';
import { type Instant, instantOf } from '../../core/units.ts';

/** `account` null: alerts of all accounts; `kinds` null: of every kind. `secrets`: sealed. `ended`: why nothing is sent to it. */
export interface WebhookRow {
  readonly id: string;
  readonly account: string | null;
  readonly url: string;
  readonly kinds: readonly AlertKind[] | null;
  readonly secrets: string;
  readonly createdAt: Instant;
  readonly createdBy: string;
  readonly ended: 'gone' | 'off' | null;
  readonly succeededAt: Instant | null;
  /** Tries that failed since the last that did not. */
  readonly failures: number;
  readonly problem: string | null;
}

interface Row {
  id: string;
  account_id: string | null;
  url: string;
  kinds: AlertKind[] | null;
  secrets: string;
  created_ms: bigint;
  created_by: string;
  ended: WebhookRow['ended'];
  succeeded_ms: bigint | null;
  failures: number;
  problem: string | null;
}

const read = (row: Row): WebhookRow => ({
  id: row.id,
  account: row.account_id,
  url: row.url,
  kinds: row.kinds,
  secrets: row.secrets,
  createdAt: instantOf(Number(row.created_ms)),
  createdBy: row.created_by,
  ended: row.ended,
  succeededAt: row.succeeded_ms === null ? null : instantOf(Number(row.succeeded_ms)),
  failures: row.failures,
  problem: row.problem,
});

export async function insertWebhook(client: ClientBase, row: WebhookRow): Promise<void> {
  await client.query(
    `insert into webhooks (id, account_id, url, kinds, secrets, created_ms, created_by) values ($1, $2, $3, $4, $5, $6, $7)`,
    [row.id, row.account, row.url, row.kinds, row.secrets, row.createdAt, row.createdBy],
  );
}

export async function findWebhook(
  client: ClientBase | Pool,
  id: string,
  lock = false,
): Promise<WebhookRow | undefined> {
  const { rows } = await client.query<Row>(`select * from webhooks where id = $1${lock ? ' for update' : ''}`, [id]);
  return rows[0] === undefined ? undefined : read(rows[0]);
}

/** Those of one account, or of all and of operators, by id. */
export async function listWebhooks(
  client: ClientBase | Pool,
  account: string | null,
  after: string,
  limit: number,
): Promise<WebhookRow[]> {
  const { rows } = await client.query<Row>(
    'select * from webhooks where ($1::text is null or account_id = $1) and id > $2 order by id limit $3',
    [account, after, limit],
  );
  return rows.map(read);
}

export async function countWebhooks(client: ClientBase, account: string | null): Promise<number> {
  const { rows } = await client.query<{ count: bigint }>(
    'select count(*) as count from webhooks where account_id is not distinct from $1',
    [account],
  );
  return Number(rows[0]?.count ?? 0);
}

export async function updateWebhook(
  client: ClientBase,
  { id, url, kinds, secrets, ended }: Pick<WebhookRow, 'id' | 'url' | 'kinds' | 'secrets' | 'ended'>,
): Promise<void> {
  await client.query('update webhooks set url = $2, kinds = $3, secrets = $4, ended = $5 where id = $1', [
    id,
    url,
    kinds,
    secrets,
    ended,
  ]);
}

/** With its deliveries. */
export async function deleteWebhook(client: ClientBase, id: string): Promise<void> {
  await client.query('delete from webhooks where id = $1', [id]);
}

/** Those that want to hear of these accounts, which are on. */
export async function webhooksFor(client: ClientBase, accounts: readonly string[]): Promise<WebhookRow[]> {
  const { rows } = await client.query<Row>(
    'select * from webhooks where ended is null and (account_id is null or account_id = any($1)) order by id',
    [accounts],
  );
  return rows.map(read);
}

/** What came of a try: a success begins anew, a 410 ends it. */
export async function recordTry(
  client: ClientBase | Pool,
  id: string,
  outcome: { readonly problem: string | null; readonly gone: boolean },
  at: Instant,
): Promise<void> {
  await client.query(
    `update webhooks set succeeded_ms = case when $2::text is null then $3 else succeeded_ms end,
       failures = case when $2::text is null then 0 else failures + 1 end, problem = $2,
       ended = case when $4 then coalesce(ended, 'gone') else ended end
     where id = $1`,
    [id, outcome.problem, at, outcome.gone],
  );
}
