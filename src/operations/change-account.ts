import type { ClientBase } from 'pg';
import { isRefusal, type Refusal } from '../core/refusal.ts';
import type { Calls, Instant } from '../core/units.ts';
import { lockAccount, type Parts, saveAccount } from './change.ts';

export interface AccountSettings {
  readonly account: string;
  readonly postpaid?: boolean;
  /** Most postpaid calls a period; null: no limit. */
  readonly cap?: Calls | null;
  readonly suspended?: boolean;
}

/** Changes what authorisation goes by. Refusal: NOT_FOUND. */
export async function changeAccount(
  tx: ClientBase,
  parts: Parts,
  settings: AccountSettings,
  clock: Instant,
): Promise<{ readonly id: string } | Refusal> {
  const change = await lockAccount(tx, parts, settings.account, clock);
  if (isRefusal(change)) return change;
  const { head } = change;
  head.postpaid = settings.postpaid ?? head.postpaid;
  head.cap = settings.cap === undefined ? head.cap : settings.cap;
  head.suspended = settings.suspended ?? head.suspended;
  await saveAccount(tx, parts, change);
  return { id: head.account };
}
