// Deliveries: one alert to one receiver, tried until it is there or given up.

import type { ClientBase, Pool } from 'pg';
import type { Alert, AlertKind } from '../../account/alerts.ts';
import { type Instant, instantOf } from '../../core/units.ts';
import { namedAgain } from '../connection/engine.ts';
import { engineOf } from '../connection/hosts.ts';
import { type AlertCells, alertIn, type StoredAlert } from './alerts.ts';
import type { WebhookRow } from './webhooks.ts';

/** Who gets it: a webhook, or an address of mail in a language. */
export type Receiver = { readonly webhook: string } | { readonly address: string; readonly language: 'zh' | 'en' };

/** `alert` null: a trial of the receiver. */
export interface NewDelivery {
  readonly id: string;
  readonly receiver: Receiver;
  readonly alert: Pick<Alert, 'account' | 'no'> | null;
  readonly madeAt: Instant;
}

export type DeliveryState = 'waiting' | 'delivered' | 'dead';

export interface ListedDelivery {
  readonly id: string;
  readonly receiver: Receiver;
  readonly account: string | null;
  readonly alert: number | null;
  readonly kind: AlertKind | null;
  readonly madeAt: Instant;
  readonly state: DeliveryState;
  readonly tries: number;
  readonly nextAt: Instant;
  readonly endedAt: Instant | null;
  readonly problem: string | null;
}

/** A delivery whose time has come, with what it takes. `hook` null: by mail. */
export interface DueDelivery {
  readonly id: string;
  readonly receiver: Receiver;
  readonly hook: Pick<WebhookRow, 'id' | 'url' | 'secrets'> | null;
  readonly alert: StoredAlert | null;
  readonly madeAt: Instant;
  readonly tries: number;
}

export async function insertDeliveries(tx: ClientBase, deliveries: readonly NewDelivery[]): Promise<void> {
  if (deliveries.length === 0) return;
  await tx.query(
    `insert into deliveries (id, webhook_id, address, language, account_id, alert_no, made_ms, next_ms)
     select id, webhook, address, language, account, no, at, at
     from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::bigint[], $7::bigint[])
       with ordinality as u(id, webhook, address, language, account, no, at, turn)
     order by turn`,
    [
      deliveries.map(({ id }) => id),
      deliveries.map(({ receiver }) => ('webhook' in receiver ? receiver.webhook : null)),
      deliveries.map(({ receiver }) => ('address' in receiver ? receiver.address : null)),
      deliveries.map(({ receiver }) => ('address' in receiver ? receiver.language : null)),
      deliveries.map(({ alert }) => alert?.account ?? null),
      deliveries.map(({ alert }) => alert?.no ?? null),
      deliveries.map(({ madeAt }) => madeAt),
    ],
  );
}

interface Row {
  id: string;
  webhook_id: string | null;
  address: string | null;
  language: 'zh' | 'en' | null;
  account_id: string | null;
  alert_no: bigint | null;
  made_ms: bigint;
  state: DeliveryState;
  tries: number;
  next_ms: bigint;
  ended_ms: bigint | null;
  problem: string | null;
}

interface DueRow extends Row {
  url: string | null;
  secrets: string | null;
  time_zone: string | null;
  book_id: string | null;
}

/** Who gets a delivery, as one text. */
export const receiverOf = ({ receiver }: Pick<DueDelivery, 'receiver'>): string =>
  'webhook' in receiver ? receiver.webhook : receiver.address;

/**
 * Deliveries that are due, the oldest first and of each receiver the first few: one that has thousands waiting keeps no other from its
 * own. `busy`: receivers that something is under way to.
 */
export async function takeDue(
  client: ClientBase | Pool,
  now: Instant,
  busy: readonly string[],
  limit: { readonly ofOne: number; readonly all: number },
): Promise<DueDelivery[]> {
  const { rows } = await client.query<DueRow>(
    `select d.*, w.url, w.secrets, c.time_zone, c.book_id
     from (select *, row_number() over (partition by coalesce(webhook_id, address) order by next_ms, place) as turn
           from deliveries where state = 'waiting' and next_ms <= $1 and coalesce(webhook_id, address) <> all($2::text[])) d
       left join webhooks w on w.id = d.webhook_id
       left join accounts c on c.account_id = d.account_id
     where d.turn <= $3 and w.ended is null
     order by d.next_ms, d.place limit $4`,
    [now, busy, limit.ofOne, limit.all],
  );
  const told = await alertsOf(client, rows);
  return rows.map((row) => due(row, told.get(keyOf(row))));
}

const keyOf = ({ account_id, alert_no }: Pick<Row, 'account_id' | 'alert_no'>): string => `${account_id} ${alert_no}`;

/** What the deliveries tell of. Asked for by itself: alerts lie with their accounts, which may be on other nodes than deliveries. */
async function alertsOf(client: ClientBase | Pool, rows: readonly Row[]): Promise<ReadonlyMap<string, AlertCells>> {
  const ofAlerts = rows.filter(({ alert_no }) => alert_no !== null);
  if (ofAlerts.length === 0) return new Map();
  const { rows: found } = await client.query<AlertCells>(
    `select account_id, no, kind, at_ms, details from alerts
     where (account_id, no) in (select unnest($1::text[]), unnest($2::bigint[]))${namedAgain(engineOf(client), 'account_id', '$1')}`,
    [ofAlerts.map(({ account_id }) => account_id), ofAlerts.map(({ alert_no }) => alert_no)],
  );
  return new Map(found.map((alert) => [keyOf({ account_id: alert.account_id, alert_no: alert.no }), alert]));
}

const receiverIn = ({ webhook_id: webhook, address, language }: Row): Receiver =>
  webhook === null ? { address: address ?? '', language: language ?? 'zh' } : { webhook };

function due(row: DueRow, told: AlertCells | undefined): DueDelivery {
  const { webhook_id: webhook, url, secrets } = row;
  return {
    id: row.id,
    receiver: receiverIn(row),
    hook: webhook === null || url === null || secrets === null ? null : { id: webhook, url, secrets },
    alert: told === undefined ? null : alertIn({ ...told, time_zone: row.time_zone, book_id: row.book_id }),
    madeAt: instantOf(Number(row.made_ms)),
    tries: row.tries,
  };
}

/** What came of a try. `next` null: none follows. */
export async function endTry(
  client: ClientBase | Pool,
  id: string,
  { state, next, problem }: Pick<ListedDelivery, 'state' | 'problem'> & { readonly next: Instant | null },
  at: Instant,
): Promise<void> {
  await client.query(
    `update deliveries set state = $2, tries = tries + 1, next_ms = coalesce($3, next_ms), problem = $4,
       ended_ms = case when $3::bigint is null then $5::bigint end
     where id = $1 and state = 'waiting'`,
    [id, state, next, problem, at],
  );
}

/** What waits for a receiver that wants nothing more is given up, visibly. */
export async function giveUp(client: ClientBase | Pool, webhook: string, problem: string, at: Instant): Promise<void> {
  await client.query(
    `update deliveries set state = 'dead', problem = $2, ended_ms = $3 where webhook_id = $1 and state = 'waiting'`,
    [webhook, problem, at],
  );
}

/** The same for what was handed over while its receiver said so. */
export async function giveUpGone(client: ClientBase | Pool, at: Instant): Promise<void> {
  await client.query(
    `update deliveries d set state = 'dead', problem = 'gone', ended_ms = $1 from webhooks w
     where d.state = 'waiting' and w.id = d.webhook_id and w.ended = 'gone'`,
    [at],
  );
}

export interface DeliveryFilter {
  readonly webhook?: string;
  /** Null: of all accounts. */
  readonly account: string | null;
  readonly state?: DeliveryState | undefined;
  /** What goes to webhooks of all accounts is the operator's business. */
  readonly ownOnly?: boolean;
}

/** The newest first. */
export async function listDeliveries(
  client: ClientBase | Pool,
  { webhook, account, state, ownOnly = false }: DeliveryFilter,
  before: readonly [madeAt: number, id: string] | null,
  limit: number,
): Promise<ListedDelivery[]> {
  const { rows } = await client.query<Row>(
    `select d.* from deliveries d left join webhooks w on w.id = d.webhook_id
     where ($1::text is null or d.webhook_id = $1) and ($2::text is null or d.account_id = $2)
       and ($3::text is null or d.state = $3) and (not $4 or w.id is null or w.account_id is not null)
       and ($5::bigint is null or (d.made_ms, d.id) < ($5, $6))
     order by d.made_ms desc, d.id desc limit $7`,
    [webhook ?? null, account, state ?? null, ownOnly, ...(before ?? [null, null]), limit],
  );
  const told = await alertsOf(client, rows);
  return rows.map((row) => ({
    id: row.id,
    receiver: receiverIn(row),
    account: row.account_id,
    alert: row.alert_no === null ? null : Number(row.alert_no),
    kind: told.get(keyOf(row))?.kind ?? null,
    madeAt: instantOf(Number(row.made_ms)),
    state: row.state,
    tries: row.tries,
    nextAt: instantOf(Number(row.next_ms)),
    endedAt: row.ended_ms === null ? null : instantOf(Number(row.ended_ms)),
    problem: row.problem,
  }));
}

/** One delivery, or all that were given up and made since a moment: they begin anew under their own ids. The number of them. */
export async function replayDeliveries(
  tx: ClientBase,
  webhook: string,
  which: { readonly delivery: string } | { readonly since: Instant },
  now: Instant,
): Promise<number> {
  const condition = 'delivery' in which ? 'id = $3' : `state = 'dead' and made_ms >= $3`;
  const { rowCount } = await tx.query(
    `update deliveries set state = 'waiting', tries = 0, next_ms = $2, ended_ms = null where webhook_id = $1 and ${condition}`,
    [webhook, now, 'delivery' in which ? which.delivery : which.since],
  );
  return rowCount ?? 0;
}

/** Who a delivery is for; undefined: there is none. `account` null: the operator's, of all accounts. */
export async function findDelivery(
  client: ClientBase | Pool,
  id: string,
): Promise<{ readonly account: string | null; readonly webhook: string | null; readonly ended: boolean } | undefined> {
  const { rows } = await client.query<{ account: string | null; webhook_id: string | null; ended: string | null }>(
    `select case when w.id is null then d.account_id else w.account_id end as account, d.webhook_id, w.ended
     from deliveries d left join webhooks w on w.id = d.webhook_id where d.id = $1`,
    [id],
  );
  const [row] = rows;
  return row === undefined ? undefined : { account: row.account, webhook: row.webhook_id, ended: row.ended !== null };
}

/** A delivery begins anew under its own id, by webhook or by mail. */
export async function sendAgain(tx: ClientBase, id: string, now: Instant): Promise<void> {
  await tx.query(`update deliveries set state = 'waiting', tries = 0, next_ms = $2, ended_ms = null where id = $1`, [
    id,
    now,
  ]);
}

export async function countWaitingDeliveries(client: ClientBase | Pool): Promise<number> {
  const { rows } = await client.query<{ count: bigint }>(
    `select count(*) as count from deliveries where state = 'waiting'`,
  );
  return Number(rows[0]?.count ?? 0);
}

/** Those that arrived before a moment. */
export async function forgetDelivered(client: ClientBase | Pool, before: Instant): Promise<void> {
  await client.query(`delete from deliveries where state = 'delivered' and ended_ms < $1`, [before]);
}
