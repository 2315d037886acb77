// Held events in bulk: what waits, by code, and a decision for all that wait for the same.

import type { Pool } from 'pg';
import { formatInstant } from '../core/calendar.ts';
import { nameOf } from '../core/event-name.ts';
import { isRefusal, type Refusal } from '../core/refusal.ts';
import { storedReceipt } from '../ledger/receipt.ts';
import { inTransaction } from '../store/connection/transaction.ts';
import { type EventKey, findEvents } from '../store/ledger/events.ts';
import { countHeld, type HeldFilter, listHeldKeys } from '../store/ledger/held.ts';
import { change } from './change.ts';
import { heldCursor } from './cursors.ts';
import { decideHeld } from './events.ts';
import { readHead, refuseMissingAccount } from './read-account.ts';
import type { Suanpan } from './suanpan.ts';

/** Held events in order of account and ledger number. */
export async function listHeld(
  { pool, meters, books }: Pick<Suanpan, 'pool' | 'meters' | 'books'>,
  page: HeldFilter & { readonly after: readonly [account: string, seq: number]; readonly limit: number },
) {
  const keys = await listHeldKeys(pool, page, page.after, page.limit);
  const found = await findEvents(pool, keys, meters);
  const byKey = new Map(found.map((event) => [`${event.seq} ${event.account}`, event]));
  const zones = new Map<string, string>();
  for (const account of new Set(keys.map((key) => key.account))) {
    const reading = await readHead(pool, { books, meters }, account);
    if (!isRefusal(reading)) zones.set(account, reading.head.timeZone);
  }
  const held = keys.flatMap(({ account, seq }) => {
    const event = byKey.get(`${seq} ${account}`);
    if (event === undefined) return [];
    const receipt = storedReceipt(event, zones.get(account) ?? 'UTC');
    return [{ ...receipt, ...(event.facts === null ? {} : { facts: event.facts }) }];
  });
  return { held, next: heldCursor.after(keys, page.limit, ({ account, seq }) => [account, seq]) };
}

/** How many events wait for what, the most first. */
export async function countHeldByCode(pool: Pool, filter: HeldFilter) {
  const groups = await countHeld(pool, filter);
  return { codes: groups.map(({ oldest, ...group }) => ({ ...group, oldest: formatInstant('UTC', oldest) })) };
}

export interface BulkDecision extends HeldFilter {
  readonly charge: boolean;
  readonly by: string;
}

/** The most events that one request decides: it is sent again until none is left. */
const mostAtOnce = 1_000;

interface NotDecided {
  readonly account: string;
  readonly event: string;
  readonly refusal: Refusal;
}

/**
 * Decides held events that the filter fits, each account's in a transaction of its own; what has been decided meanwhile is passed over, so
 * that sending it again goes on where it broke off. What cannot be decided so is named. Refusal: NOT_FOUND of the account.
 */
export async function decideAllHeld(suanpan: Suanpan, { charge, by, ...filter }: BulkDecision) {
  const unknown = filter.account === null ? undefined : await refuseMissingAccount(suanpan, filter.account);
  if (unknown !== undefined) return unknown;
  const keys = await listHeldKeys(suanpan.pool, filter, ['', 0], mostAtOnce);
  const notDecided: NotDecided[] = [];
  let decided = 0;
  for (const [account, own] of Map.groupBy(keys, (key) => key.account)) {
    const outcome = await decideOwn(suanpan, account, own, { charge, by });
    suanpan.ledger.forget(account);
    if (isRefusal(outcome)) return outcome;
    decided += outcome.decided;
    notDecided.push(...outcome.notDecided);
  }
  return { decided, notDecided, more: keys.length === mostAtOnce };
}

const decideOwn = (
  suanpan: Suanpan,
  account: string,
  keys: readonly EventKey[],
  decision: { readonly charge: boolean; readonly by: string },
) =>
  inTransaction(suanpan.pool, (tx) =>
    change(tx, suanpan, account, suanpan.clock(), async (opened) => {
      const notDecided: NotDecided[] = [];
      let decided = 0;
      for (const event of (await findEvents(tx, keys, suanpan.meters)).toSorted((a, b) => a.seq - b.seq)) {
        if (event.reviewedAt !== null || event.voidedAt !== null) continue;
        const refusal = decideHeld(opened, event, decision);
        if (refusal === undefined) decided += 1;
        else notDecided.push({ account, event: nameOf(event.id).id, refusal });
      }
      return { decided, notDecided };
    }),
  );
