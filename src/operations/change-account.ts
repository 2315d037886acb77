import type { ClientBase } from 'pg';
import type { Head } from '../account/head.ts';
import { isRefusal, type Refusal } from '../core/refusal.ts';
import type { Calls, Instant } from '../core/units.ts';
import { insertAccountChange } from '../store/ledger/accounts.ts';
import { lockAccount, type Parts, saveAccount } from './change.ts';

export interface AccountSettings {
  readonly account: string;
  readonly postpaid?: boolean;
  /** Most postpaid calls a period; null: no limit. */
  readonly cap?: Calls | null;
  readonly suspended?: boolean;
  /** Who changes it. */
  readonly by: string;
}

export const settingsOf = ({ postpaid, cap, suspended }: Head) => ({ postpaid, cap, suspended });

/** Changes what authorisation goes by; what changes nothing is not kept as a change. Refusal: NOT_FOUND. */
export async function changeAccount(
  tx: ClientBase,
  parts: Parts,
  settings: AccountSettings,
  clock: Instant,
): Promise<{ readonly id: string } | Refusal> {
  const change = await lockAccount(tx, parts, settings.account, clock);
  if (isRefusal(change)) return change;
  const { head, now } = change;
  const before = settingsOf(head);
  head.postpaid = settings.postpaid ?? head.postpaid;
  head.cap = settings.cap === undefined ? head.cap : settings.cap;
  head.suspended = settings.suspended ?? head.suspended;
  const after = settingsOf(head);
  const isChange = Object.entries(after).some(([name, value]) => value !== before[name as keyof typeof before]);
  if (isChange) await insertAccountChange(tx, head.account, { at: now, by: settings.by, before, after });
  await saveAccount(tx, parts, change);
  return { id: head.account };
}
