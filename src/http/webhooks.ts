// Webhooks: where alerts go, what was sent, and sent again.

import { z } from 'zod';
import { alertId } from '../account/alerts.ts';
import { formatInstant } from '../core/calendar.ts';
import { parseInstant } from '../core/instant.ts';
import { isRefusal, type Refusal, refuse, refuseMissing } from '../core/refusal.ts';
import { type Instant, instantOf } from '../core/units.ts';
import { maySendTo } from '../deliveries/addresses.ts';
import { repeatableSecret } from '../operations/api-keys.ts';
import { deliveriesCursor, webhooksCursor } from '../operations/cursors.ts';
import {
  addWebhook,
  changeWebhook,
  ownWebhook,
  removeWebhook,
  replay,
  rotateSecret,
  tryWebhook,
} from '../operations/webhooks.ts';
import { findDelivery, type ListedDelivery, listDeliveries, sendAgain } from '../store/ledger/deliveries.ts';
import { findWebhook, listWebhooks, type WebhookRow } from '../store/ledger/webhooks.ts';
import { httpWords } from '../words/http.ts';
import { invalid } from '../words/invalid.ts';
import type { Caller } from './caller.ts';
import * as contract from './contract/contract.ts';
import { secretBasis } from './key-check.ts';
import { pageOf } from './paging.ts';
import { type CommandInput, command, type RouteParts, route } from './route.ts';

export interface WebhookOptions {
  readonly pepper: string;
  /** They may lead into one's own network, and go without TLS. */
  readonly anywhere: boolean;
}

export function registerWebhooks(parts: RouteParts, options: WebhookOptions): void {
  registerMaking(parts, options);
  registerList(parts);
  registerOne(parts, options);
  registerSecret(parts, options);
  registerSent(parts);
  registerSending(parts);
}

/** A key that may buy for an account may also say where its alerts go. */
const may = { scope: 'buy', of: 'webhook' } as const;

const written = (at: Instant | null): string | null => (at === null ? null : formatInstant('UTC', at));

const shown = (row: WebhookRow) => ({
  id: row.id,
  account: row.account,
  url: row.url,
  kinds: row.kinds,
  state: row.ended ?? ('active' as const),
  createdAt: formatInstant('UTC', row.createdAt),
  createdBy: row.createdBy,
  lastSuccessAt: written(row.succeededAt),
  failuresInARow: row.failures,
  lastProblem: row.problem,
});

/** Whose act it is. */
const accountOf = ({ account }: WebhookRow) => (account === null ? {} : { account });

type Asked = CommandInput<unknown, unknown, unknown>;

/**
 * A secret is shown by the answer that made it and by its repeats, though no answer that holds it is stored: it is made of the pepper,
 * the caller's own key and the Idempotency-Key, as those of keys are. See docs/decisions/0014.
 */
const secretFor = (pepper: string, { request, caller, once }: Asked, id: string): string => {
  const secret = repeatableSecret(pepper, ['webhook', secretBasis(request, caller), once, id]);
  return `whsec_${Buffer.from(secret, 'base64url').toString('base64')}`;
};
const withSecret =
  (pepper: string) =>
  (input: Asked, body: string): string => {
    const made = JSON.parse(body) as { readonly id: string };
    return JSON.stringify({ ...made, secret: secretFor(pepper, input, made.id) });
  };

/** Refuses at once what would be refused at every try; a name is looked up when something is sent. */
const refuseUrl = (url: string | undefined, { anywhere }: WebhookOptions): Refusal | undefined =>
  url === undefined || anywhere || maySendTo(new URL(url)) ? undefined : invalid('/url', httpWords.mustBeAnHttpsUrl);

function registerMaking(parts: RouteParts, options: WebhookOptions): void {
  const { suanpan } = parts;
  const { pepper } = options;
  command(
    parts,
    {
      method: 'POST',
      url: '/v1/webhooks',
      links: { 'GET /v1/webhooks/:id': { id: '$response.body#/id' } },
      answer: contract.madeWebhook,
      access: { scope: 'buy', of: 'body or all' },
      refuses: ['TOO_MANY_WEBHOOKS', 'NOT_FOUND'],
      summary: 'Send alerts to a URL: those of one account, or (an operator’s) of all. Its secret is shown only here',
      body: contract.newWebhook,
      once: 'optional',
      statuses: [201],
    },
    async (tx, input) => {
      const { url, kinds = null } = input.body;
      const refused = refuseUrl(url, options);
      if (refused !== undefined) return refused;
      const order = { account: input.account, url, kinds };
      const secretOf = (id: string) => secretFor(pepper, input, id);
      const row = await addWebhook(tx, suanpan, order, input.caller.prefix, secretOf, pepper);
      // The secret is in no answer that is stored: `withSecret` puts it in.
      return isRefusal(row) ? row : { body: { ...shown(row), secret: '' } };
    },
    withSecret(pepper),
  );
}

function registerList(parts: RouteParts): void {
  const { pool } = parts.suanpan;
  route(
    parts,
    {
      method: 'GET',
      url: '/v1/webhooks',
      answer: contract.webhookPage,
      access: { scope: 'read', of: 'query or all' },
      summary: 'Webhooks, without their secrets, and how they fare',
      query: z.strictObject({ account: contract.accountId.optional(), ...pageOf(webhooksCursor) }),
    },
    async ({ account, query }) => {
      const { cursor: [after] = [''], limit = 50 } = query;
      const rows = await listWebhooks(pool, account, after, limit);
      return { body: { webhooks: rows.map(shown), next: webhooksCursor.after(rows, limit, ({ id }) => [id]) } };
    },
  );
}

/** For reading: the webhook, if the caller may see it. */
async function seen({ suanpan: { pool } }: RouteParts, caller: Caller, id: string): Promise<WebhookRow | Refusal> {
  const row = await findWebhook(pool, id);
  return row === undefined || (caller.account !== null && row.account !== caller.account)
    ? refuseMissing('webhook', id)
    : row;
}

function registerOne(parts: RouteParts, options: WebhookOptions): void {
  route(
    parts,
    {
      method: 'GET',
      url: '/v1/webhooks/:id',
      answer: contract.webhook,
      access: { scope: 'read', of: 'webhook' },
      summary: 'One webhook, and how it fares',
    },
    async ({ caller, params }) => {
      const row = await seen(parts, caller, params.id ?? '');
      return isRefusal(row) ? row : { body: shown(row) };
    },
  );
  command(
    parts,
    {
      method: 'PATCH',
      url: '/v1/webhooks/:id',
      answer: contract.webhook,
      access: may,
      summary: 'Change where it leads or what it hears of, turn it off or on again',
      body: contract.webhookChange,
    },
    async (tx, { caller, params, body, was }) => {
      const refused = refuseUrl(body.url, options);
      if (refused !== undefined) return refused;
      const row = await ownWebhook(tx, params.id ?? '', caller.account);
      if (isRefusal(row)) return row;
      was(shown(row));
      return { body: shown(await changeWebhook(tx, row, body)), ...accountOf(row) };
    },
  );
  command(
    parts,
    {
      method: 'DELETE',
      url: '/v1/webhooks/:id',
      answer: contract.removedWebhook,
      access: may,
      summary: 'Remove a webhook and what still waits for it',
    },
    async (tx, { caller, params, was }) => {
      const row = await ownWebhook(tx, params.id ?? '', caller.account);
      if (isRefusal(row)) return row;
      was(shown(row));
      await removeWebhook(tx, row);
      return { body: { id: row.id, removed: true as const }, ...accountOf(row) };
    },
  );
}

function registerSecret(parts: RouteParts, { pepper }: WebhookOptions): void {
  const { clock } = parts.suanpan;
  command(
    parts,
    {
      method: 'POST',
      url: '/v1/webhooks/:id/rotate',
      answer: contract.rotatedWebhook,
      access: may,
      summary: 'A new secret, shown only here; the former one signs beside it for a day',
      once: 'optional',
    },
    async (tx, input) => {
      const row = await ownWebhook(tx, input.params.id ?? '', input.caller.account);
      if (isRefusal(row)) return row;
      const { formerUntil } = await rotateSecret(tx, row, secretFor(pepper, input, row.id), pepper, clock());
      const body = { id: row.id, secret: '', formerUntil: formatInstant('UTC', formerUntil) };
      return { body, ...accountOf(row) };
    },
    withSecret(pepper),
  );
}

const shownDelivery = (row: ListedDelivery) => ({
  id: row.id,
  webhook: 'webhook' in row.receiver ? row.receiver.webhook : null,
  mail: 'address' in row.receiver ? row.receiver.address : null,
  account: row.account,
  alert: row.account === null || row.alert === null ? null : alertId(row.account, row.alert),
  kind: row.kind,
  state: row.state,
  tries: row.tries,
  madeAt: formatInstant('UTC', row.madeAt),
  nextAt: row.state === 'waiting' ? formatInstant('UTC', row.nextAt) : null,
  endedAt: written(row.endedAt),
  problem: row.problem,
});

function registerSent(parts: RouteParts): void {
  const { pool } = parts.suanpan;
  route(
    parts,
    {
      method: 'GET',
      url: '/v1/webhooks/:id/deliveries',
      answer: contract.deliveryPage,
      access: { scope: 'read', of: 'webhook' },
      summary: 'What was sent to it, the newest first; delivered ones are kept for 90 days',
      query: z.strictObject(pageOf(deliveriesCursor)),
    },
    async ({ caller, params, query }) => {
      const { cursor = null, limit = 50 } = query;
      const row = await seen(parts, caller, params.id ?? '');
      if (isRefusal(row)) return row;
      const rows = await listDeliveries(pool, { webhook: row.id, account: null }, cursor, limit);
      const next = deliveriesCursor.after(rows, limit, ({ madeAt, id }) => [madeAt, id]);
      return { body: { webhook: row.id, deliveries: rows.map(shownDelivery), next } };
    },
  );
  route(
    parts,
    {
      method: 'GET',
      url: '/v1/deliveries',
      answer: contract.sentPage,
      access: { scope: 'read', of: 'query or all' },
      summary: 'What was sent by webhook and mail, the newest first; dead is what was given up',
      query: z.strictObject({
        account: contract.accountId.optional(),
        state: contract.deliveryState.optional(),
        ...pageOf(deliveriesCursor),
      }),
    },
    async ({ account, caller, query: { cursor = null, limit = 50, state } }) => {
      const filter = { account, state, ownOnly: caller.account !== null };
      const rows = await listDeliveries(pool, filter, cursor, limit);
      const next = deliveriesCursor.after(rows, limit, ({ madeAt, id }) => [madeAt, id]);
      return { body: { deliveries: rows.map(shownDelivery), next } };
    },
  );
}

function registerSending(parts: RouteParts): void {
  const { clock } = parts.suanpan;
  command(
    parts,
    {
      method: 'POST',
      url: '/v1/deliveries/:id/replay',
      answer: contract.replayed,
      access: { scope: 'buy', of: 'delivery' },
      refuses: ['WEBHOOK_ENDED'],
      summary: 'Send one delivery again, by webhook or by mail, under its own id',
    },
    async (tx, { caller, params }) => {
      const id = params.id ?? '';
      const found = await findDelivery(tx, id);
      const isOwn = found !== undefined && (caller.account === null || found.account === caller.account);
      if (!isOwn) return refuseMissing('delivery', id);
      if (found.ended) return refuse('WEBHOOK_ENDED', { webhook: found.webhook ?? '' });
      await sendAgain(tx, id, clock());
      return { body: { replayed: 1 }, ...(found.account === null ? {} : { account: found.account }) };
    },
  );
  command(
    parts,
    {
      method: 'POST',
      url: '/v1/webhooks/:id/test',
      answer: contract.triedWebhook,
      access: may,
      refuses: ['WEBHOOK_ENDED'],
      summary: 'Send a test: it is delivered like an alert',
    },
    async (tx, { caller, params }) => {
      const row = await ownWebhook(tx, params.id ?? '', caller.account);
      if (isRefusal(row)) return row;
      const sent = await tryWebhook(tx, row, clock());
      return typeof sent === 'string' ? { body: { delivery: sent }, ...accountOf(row) } : sent;
    },
  );
  command(
    parts,
    {
      method: 'POST',
      url: '/v1/webhooks/:id/replay',
      answer: contract.replayed,
      access: may,
      refuses: ['WEBHOOK_ENDED'],
      summary: 'Send again: one delivery, or all that were given up and made since a moment; under their own ids',
      body: contract.replayOrder,
    },
    async (tx, { caller, params, body: { delivery, since = '' } }) => {
      const row = await ownWebhook(tx, params.id ?? '', caller.account);
      if (isRefusal(row)) return row;
      const which = delivery === undefined ? { since: parseInstant(since) ?? instantOf(0) } : { delivery };
      const sent = await replay(tx, row, which, clock());
      return isRefusal(sent) ? sent : { body: { replayed: sent }, ...accountOf(row) };
    },
  );
}
