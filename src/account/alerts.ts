// What an account is told: made of what happened to it (news) and of what time brings. Source: docs/decisions/0025.

import { formatInstant } from '../core/calendar.ts';
import type { Instant } from '../core/units.ts';

/** What time brings; the rest is what happened. A held event is told of with all that wait. */
export const alertKinds = [
  'pack-low',
  'pack-exhausted',
  'pack-expires',
  'pack-forfeited',
  'pack-refunded',
  'cap-near',
  'cap-reached',
  'unpriced-near',
  'unpriced-reached',
  'arrears-begun',
  'service-stopped',
  'arrears-ended',
  'service-restored',
  'bill-final',
  'order-made',
  'order-delivered',
  'order-cancelled',
  'order-lapsed',
  'standing-order-refused',
  'events-held',
  'account-silent',
  'account-back',
] as const;
export type AlertKind = (typeof alertKinds)[number];

/** As the wire writes them: calls as whole numbers, money as decimal strings, moments as RFC 3339, packs by their ids. */
export type AlertDetails = Readonly<Record<string, string | number | bigint>>;

export interface NewAlert {
  readonly account: string;
  readonly kind: AlertKind;
  /** When it happened, not when it was noticed. */
  readonly at: Instant;
  readonly details: AlertDetails;
  /** What makes it one of a kind in its account: the same again is no new alert. */
  readonly once: string;
}

export interface Alert extends Omit<NewAlert, 'once'> {
  /** 1, 2, 3 … of the account. */
  readonly no: number;
}

export const alertId = (account: string, no: number): string => `${account}:${no}`;

/** An alert as it is listed and delivered. */
export const alertDocument = ({ account, no, kind, at, details }: Alert, timeZone: string) => ({
  id: alertId(account, no),
  account,
  kind,
  at: formatInstant(timeZone, at),
  details,
});

/** Held events that wait for a person. */
export const heldDetails = (
  { count, oldest }: { readonly count: number; readonly oldest: Instant },
  timeZone: string,
): AlertDetails => ({ count, oldest: formatInstant(timeZone, oldest) });
