// Webhooks: made, changed, tried; and alerts handed over to whoever wants to hear of them.

import { randomBytes } from 'node:crypto';
import type { ClientBase } from 'pg';
import type { AlertSettings } from '../account/alert-settings.ts';
import type { AlertKind } from '../account/alerts.ts';
import { isRefusal, type Refusal, refuse, refuseMissing } from '../core/refusal.ts';
import { type Instant, instantOf } from '../core/units.ts';
import { inTransaction } from '../store/connection/transaction.ts';
import { readAlertSettings } from '../store/ledger/alert-settings.ts';
import { markHanded, takeUnhanded } from '../store/ledger/alerts.ts';
import { insertDeliveries, replayDeliveries } from '../store/ledger/deliveries.ts';
import {
  countWebhooks,
  deleteWebhook,
  findWebhook,
  insertWebhook,
  updateWebhook,
  type WebhookRow,
  webhooksFor,
} from '../store/ledger/webhooks.ts';
import { readAccount } from './read-account.ts';
import { seal, unseal } from './sealed.ts';
import type { Suanpan } from './suanpan.ts';

/** Of one account, or of the operator. */
export const mostWebhooks = 20;
/** How long a secret that was rotated still signs, beside the new one. */
export const overlapHours = 24;

/** A secret, and until when it signs; null: until it is rotated. */
export interface Secret {
  readonly secret: string;
  readonly until: Instant | null;
}

export interface WebhookOrder {
  /** Null: alerts of all accounts. */
  readonly account: string | null;
  readonly url: string;
  readonly kinds: readonly AlertKind[] | null;
}

/** Ids that sort by the time of making would tell others how many there are: these are random. */
export const newId = (prefix: 'wh' | 'msg'): string => `${prefix}_${randomBytes(12).toString('hex')}`;

/** Undefined: sealed with another pepper. Those that sign now, the newest first. */
export function secretsOf(pepper: string, sealed: string, now: Instant): readonly string[] | undefined {
  const text = unseal(pepper, sealed);
  if (text === undefined) return undefined;
  const secrets = JSON.parse(text) as readonly Secret[];
  return secrets.filter(({ until }) => until === null || until > now).map(({ secret }) => secret);
}

/** Refusals: NOT_FOUND, TOO_MANY_WEBHOOKS. */
export async function addWebhook(
  tx: ClientBase,
  suanpan: Suanpan,
  { account, url, kinds }: WebhookOrder,
  by: string,
  secretOf: (id: string) => string,
  pepper: string,
): Promise<WebhookRow | Refusal> {
  const now = suanpan.clock();
  if (account !== null) {
    const known = await readAccount(tx, suanpan, account, now);
    if (isRefusal(known)) return known;
  }
  if ((await countWebhooks(tx, account)) >= mostWebhooks) {
    return refuse('TOO_MANY_WEBHOOKS', { most: String(mostWebhooks) });
  }
  const id = newId('wh');
  const secrets = seal(pepper, JSON.stringify([{ secret: secretOf(id), until: null }]));
  const row: WebhookRow = {
    ...{ id, account, url, kinds, secrets, createdAt: now, createdBy: by },
    ...{ ended: null, succeededAt: null, failures: 0, problem: null },
  };
  await insertWebhook(tx, row);
  return row;
}

/** The webhook, locked, if the caller may see it: those of others are answered like those that are not there. */
export async function ownWebhook(tx: ClientBase, id: string, account: string | null): Promise<WebhookRow | Refusal> {
  const row = await findWebhook(tx, id, true);
  return row === undefined || (account !== null && row.account !== account) ? refuseMissing('webhook', id) : row;
}

export interface WebhookChange {
  readonly url?: string | undefined;
  readonly kinds?: readonly AlertKind[] | null | undefined;
  readonly active?: boolean | undefined;
}

/** One that ended is on again only when that is said. */
export async function changeWebhook(tx: ClientBase, row: WebhookRow, change: WebhookChange): Promise<WebhookRow> {
  const { url = row.url, kinds = row.kinds, active } = change;
  const ended = active === undefined ? row.ended : active ? null : 'off';
  const changed = { ...row, url, kinds, ended } as const;
  await updateWebhook(tx, changed);
  return changed;
}

/** A new secret; the former ones sign beside it for a while. With another pepper than before none of them can be read any more. */
export async function rotateSecret(
  tx: ClientBase,
  row: WebhookRow,
  secret: string,
  pepper: string,
  now: Instant,
): Promise<{ readonly formerUntil: Instant }> {
  const until = instantOf(now + overlapHours * 3_600_000);
  const former = JSON.parse(unseal(pepper, row.secrets) ?? '[]') as readonly Secret[];
  const lasting = former
    .filter((each) => each.until === null || each.until > now)
    .map((each) => ({ ...each, until: each.until ?? until }));
  const secrets = seal(pepper, JSON.stringify([{ secret, until: null }, ...lasting]));
  await updateWebhook(tx, { ...row, secrets });
  return { formerUntil: until };
}

export const removeWebhook = (tx: ClientBase, row: WebhookRow): Promise<void> => deleteWebhook(tx, row.id);

/** A delivery that says nothing but that it has arrived. Refusal: WEBHOOK_ENDED. */
export async function tryWebhook(tx: ClientBase, row: WebhookRow, now: Instant): Promise<string | Refusal> {
  if (row.ended !== null) return refuse('WEBHOOK_ENDED', { webhook: row.id });
  const id = newId('msg');
  await insertDeliveries(tx, [{ id, receiver: { webhook: row.id }, alert: null, madeAt: now }]);
  return id;
}

/** Sends again. Refusals: WEBHOOK_ENDED, NOT_FOUND of a delivery that is named. */
export async function replay(
  tx: ClientBase,
  row: WebhookRow,
  which: { readonly delivery: string } | { readonly since: Instant },
  now: Instant,
): Promise<number | Refusal> {
  if (row.ended !== null) return refuse('WEBHOOK_ENDED', { webhook: row.id });
  const replayed = await replayDeliveries(tx, row.id, which, now);
  return replayed === 0 && 'delivery' in which ? refuseMissing('delivery', which.delivery) : replayed;
}

const mostHanded = 500;

/**
 * Makes deliveries of the alerts that nobody has taken yet; the number of alerts. One server at a time does; others get none. `mail`:
 * whether this server writes to people.
 */
export async function handOver({ pool, clock }: Pick<Suanpan, 'pool' | 'clock'>, mail: boolean): Promise<number> {
  const handed = await inTransaction(pool, async (tx) => {
    const alerts = await takeUnhanded(tx, mostHanded);
    if (alerts.length === 0) return 0;
    const now = clock();
    const accounts = [...new Set(alerts.map(({ account }) => account))];
    const hooks = await webhooksFor(tx, accounts);
    const settings = mail ? await readAlertSettings(tx, accounts) : new Map<string, AlertSettings>();
    const letters = alerts.flatMap((alert) =>
      (settings.get(alert.account)?.mail ?? []).map((receiver) => ({ id: newId('msg'), receiver, alert, madeAt: now })),
    );
    const posts = alerts.flatMap((alert) =>
      hooks
        .filter(
          ({ account, kinds }) => (account ?? alert.account) === alert.account && (kinds?.includes(alert.kind) ?? true),
        )
        .map(({ id }) => ({ id: newId('msg'), receiver: { webhook: id }, alert, madeAt: now })),
    );
    await insertDeliveries(tx, [...posts, ...letters]);
    await markHanded(tx, alerts, now);
    return alerts.length;
  });
  return isRefusal(handed) ? 0 : handed;
}
