// Delivers what is due. Each receiver has its own line, in order of time: one that is slow or down keeps nobody else waiting.

import { setTimeout as wait } from 'node:timers/promises';
import { formatInstant } from '../core/calendar.ts';
import { writeJson } from '../core/json.ts';
import { instantOf } from '../core/units.ts';
import { shownAlert } from '../operations/alerts/list.ts';
import type { Suanpan } from '../operations/suanpan.ts';
import { handOver, secretsOf } from '../operations/webhooks.ts';
import { inTransaction } from '../store/connection/transaction.ts';
import {
  countWaitingDeliveries,
  type DueDelivery,
  endTry,
  forgetDelivered,
  giveUp,
  giveUpGone,
  receiverOf,
  takeDue,
} from '../store/ledger/deliveries.ts';
import type { JobResult } from '../store/ledger/jobs.ts';
import { recordTry } from '../store/ledger/webhooks.ts';
import { nextTry } from './back-off.ts';
import { type MailRoute, post } from './mail.ts';
import { type Limits, send, type Tried } from './post.ts';

export interface Sending extends Limits {
  readonly pepper: string;
  /** Null: nobody is written to. */
  readonly mail: MailRoute | null;
  /** Where people's browsers find the server. */
  readonly publicUrl: string;
}

/** Milliseconds that a receiver has, unless a test is in a hurry. */
export const usualPatience = 10_000;

/** How many receivers are sent to at once, and how much of one is taken at a time. */
const most = { receivers: 32, ofOne: 20, all: 200 };
/** A run looks for more while something is under way, but not for ever: what is late waits for the next run. */
const longestRun = 20_000;
/** How often is looked meanwhile, milliseconds. */
const lookEvery = 250;
/** What has arrived is kept for so long. */
const keptFor = 90 * 86_400_000;

/** What a delivery says. The same text at every try: an alert never changes. */
export function bodyOf(
  { alert, madeAt, hook }: Pick<DueDelivery, 'alert' | 'madeAt' | 'hook'>,
  books: Suanpan['books'],
): string {
  if (alert === null) {
    return writeJson({ type: 'test', timestamp: formatInstant('UTC', madeAt), data: { webhook: hook?.id ?? null } });
  }
  const document = shownAlert(alert, books);
  return writeJson({ type: alert.kind, timestamp: document.at, data: document });
}

/** Hands over new alerts and sends what is due, until nothing is. */
export async function deliver(suanpan: Suanpan, sending: Sending, stop: AbortSignal): Promise<JobResult> {
  const { pool, clock } = suanpan;
  const total = { done: 0, failed: 0 };
  const busy = new Map<string, Promise<void>>();
  const began = performance.now();
  await giveUpGone(pool, clock());
  while (!stop.aborted && performance.now() - began < longestRun) {
    while ((await handOver(suanpan, sending.mail !== null)) > 0);
    const due = busy.size >= most.receivers ? [] : await takeDue(pool, clock(), [...busy.keys()], most);
    const lines = [...Map.groupBy(due, receiverOf)].slice(0, most.receivers - busy.size);
    for (const [receiver, line] of lines) {
      const sent = sendLine(suanpan, sending, line, stop, (arrived) => {
        total[arrived ? 'done' : 'failed'] += 1;
      }).finally(() => busy.delete(receiver));
      busy.set(receiver, sent);
    }
    if (busy.size === 0) break;
    await Promise.race([...busy.values(), wait(lookEvery)]);
  }
  await Promise.all(busy.values());
  await forgetDelivered(pool, instantOf(clock() - keptFor));
  return { ...total, waiting: await countWaitingDeliveries(pool) };
}

/** One after the other. After a failure the rest of the line waits for another look: a dead receiver costs one wait a look. */
async function sendLine(
  suanpan: Suanpan,
  sending: Sending,
  line: readonly DueDelivery[],
  stop: AbortSignal,
  count: (arrived: boolean) => void,
): Promise<void> {
  for (const delivery of line) {
    if (stop.aborted) return;
    const tried = await tryOne(suanpan, sending, delivery, stop);
    if (tried === undefined) return;
    count(tried.problem === null);
    if (tried.problem !== null) return;
  }
}

/** Undefined: the server stops, and nobody knows whether it has arrived. It is sent again under the same id. */
async function tryOne(
  { pool, clock, books }: Suanpan,
  sending: Sending,
  delivery: DueDelivery,
  stop: AbortSignal,
): Promise<Tried | undefined> {
  const { id, hook, tries } = delivery;
  const tried = await attempt(books, sending, delivery, clock(), stop);
  if (tried.problem !== null && stop.aborted) return undefined;
  const now = clock();
  const next = tried.problem === null || tried.gone ? null : nextTry(tries + 1, now, Math.random());
  const state = tried.problem === null ? 'delivered' : next === null ? 'dead' : 'waiting';
  // Together: a receiver that wants nothing more must not leave something waiting that is never sent.
  await inTransaction(pool, async (tx) => {
    await endTry(tx, id, { state, next, problem: tried.problem }, now);
    if (hook === null) return tried;
    await recordTry(tx, hook.id, tried, now);
    if (tried.gone) await giveUp(tx, hook.id, tried.problem ?? 'gone', now);
    return tried;
  });
  return tried;
}

async function attempt(
  books: Suanpan['books'],
  sending: Sending,
  delivery: DueDelivery,
  now: number,
  stop: AbortSignal,
): Promise<Tried> {
  const { id, hook, receiver, alert } = delivery;
  if (hook === null) {
    if (sending.mail === null || alert === null || 'webhook' in receiver) return { problem: 'no-mail', gone: false };
    const letter = { id, to: receiver.address, language: receiver.language, says: shownAlert(alert, books) };
    return post(letter, sending.mail, sending);
  }
  const secrets = secretsOf(sending.pepper, hook.secrets, instantOf(now));
  if (secrets === undefined) return { problem: 'secret', gone: false };
  return send({ url: hook.url, id, body: bodyOf(delivery, books), secrets }, sending, stop);
}
