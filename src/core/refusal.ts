// Every reason to say no, once. A refusal is a value; a bug is an exception. Texts and HTTP status stand in words/refusals.ts.

import { decimalsOf } from './currency.ts';
import type { Words } from './price-book.ts';
import { formatMoney, mostMoney } from './units.ts';

export const refusalCodes = [
  'MALFORMED_REQUEST',
  'REQUEST_TIMEOUT',
  'HEADERS_TOO_LARGE',
  'UNSUPPORTED_MEDIA_TYPE',
  'METHOD_NOT_ALLOWED',
  'PACK_IN_USE',
  'REFUND_WINDOW_CLOSED',
  'NEVER_REFUNDABLE',
  'NOTHING_TO_REFUND',
  'GIFT_NOT_REFUNDABLE',
  'ALREADY_REFUNDED',
  'PACK_EXPIRED',
  'NOT_FREEZABLE',
  'EVENT_CONFLICT',
  'EVENT_TOO_OLD',
  'EVENT_IN_FUTURE',
  'EVENT_HELD',
  'LATE_INTO_FINAL',
  'PROVIDER_DISAGREES',
  'ALREADY_VOIDED',
  'ALREADY_REVIEWED',
  'NOT_HELD_FOR_REVIEW',
  'SIZE_NOT_SOLD',
  'START_NOT_FREE',
  'UNKNOWN_METER',
  'UNKNOWN_TARIFF',
  'UNKNOWN_TIER',
  'PRICES_STAND',
  'TOO_LATE',
  'TOO_MANY_CONTRACTS',
  'UNKNOWN_PRODUCT',
  'UNKNOWN_BOOK',
  'AMBIGUOUS_METER',
  'DAYS_NEEDED',
  'COUNTED_BY_DAY',
  'PRICED_BY_PLACE',
  'PRICED_BY_METER',
  'UNKNOWN_ACTION',
  'INVALID_QUANTITY',
  'INVALID_TIME',
  'INVALID_AMOUNT',
  'INVALID_INPUT',
  'INVALID_BOOK',
  'BOOK_IN_USE',
  'BOOK_DIFFERS',
  'INSUFFICIENT_BALANCE',
  'ORDER_ENDED',
  'PAYMENT_SHORT',
  'REFERENCE_USED',
  'TOO_MANY_STANDING_ORDERS',
  'STANDING_ORDER_LIMIT',
  'NO_ADVICE',
  'QUOTE_REQUIRED',
  'PERIOD_OPEN',
  'BEFORE_OPENING',
  'NOT_FOUND',
  'ARCHIVED',
  'ACCOUNT_EXISTS',
  'ID_TAKEN',
  'ARREARS',
  'POSTPAID_OFF',
  'CAP_REACHED',
  'TOO_MANY_CAPS',
  'TOO_MANY_CREDENTIALS',
  'NO_SUCH_ACTION',
  'GATE_CLOSED',
  'TOKEN_OF_ANOTHER',
  'SWEEP_MOVED',
  'TOO_MANY_EXPORTS',
  'EXPORT_NOT_DONE',
  'NO_TARIFF',
  'SUSPENDED',
  'HOLD_ENDED',
  'HOLD_OF_OPERATOR',
  'OTHER_METER',
  'HOLD_OPEN',
  'TOO_MANY_HOLDS',
  'IDEMPOTENCY_KEY_REQUIRED',
  'IDEMPOTENCY_KEY_REUSED',
  'IDEMPOTENCY_IN_PROGRESS',
  'UNAUTHENTICATED',
  'KEY_EXPIRED',
  'FORBIDDEN',
  'DUTY_REQUIRED',
  'FOREIGN_ORIGIN',
  'PERSON_REQUIRED',
  'WRONG_PASSWORD',
  'WEAK_PASSWORD',
  'LINK_ENDED',
  'EMAIL_TAKEN',
  'ROLE_OF_OTHER_SIDE',
  'NOT_ONESELF',
  'LAST_ADMIN',
  'APPROVAL_ENDED',
  'SECOND_PERSON',
  'TOO_LARGE',
  'TOO_MUCH_WORK',
  'TOO_MANY_REQUESTS',
  'OVERLOADED',
  'OUTCOME_UNKNOWN',
  'JOB_RUNNING',
  'BACKUP_REFUSED',
  'WEBHOOK_ENDED',
  'TOO_MANY_WEBHOOKS',
  'NOT_READY',
  'STOPPING',
  'INTERNAL_ERROR',
] as const;

export type RefusalCode = (typeof refusalCodes)[number];

/** A fact as figures, ids and codes; or as words, where it comes from a room that speaks to people. */
export type Fact = string | Words;

/** `facts` fill the placeholders of the text, `pointer` names the field (RFC 6901) when one is to blame. */
export interface Refusal {
  readonly refused: RefusalCode;
  readonly facts: Readonly<Record<string, Fact>>;
  readonly pointer?: string;
}

export function refuse(code: RefusalCode, facts: Refusal['facts'] = {}, pointer?: string): Refusal {
  return pointer === undefined ? { refused: code, facts } : { refused: code, facts, pointer };
}

export type Missing =
  | 'account'
  | 'event'
  | 'pack'
  | 'hold'
  | 'bill'
  | 'order'
  | 'standing order'
  | 'key'
  | 'job'
  | 'price book'
  | 'webhook'
  | 'delivery'
  | 'version'
  | 'approval'
  | 'cap'
  | 'person'
  | 'session'
  | 'export'
  | 'sweep';

/** What kind of thing is not there, and what else helps. For who may not see it the words are the same as where there is none. */
export const refuseMissing = (
  what: Missing,
  id: string,
  more: { readonly hint?: Fact } = {},
  pointer?: string,
): Refusal => refuse('NOT_FOUND', { what, id, ...more }, pointer);

/** What an amount may be, where its currency has other than two decimals: facts of INVALID_AMOUNT. */
export const amountLimits = (currency: string): Refusal['facts'] =>
  decimalsOf(currency) === 2
    ? {}
    : { currency, decimals: String(decimalsOf(currency)), most: formatMoney(mostMoney, currency) };

/** An amount with more decimals than its currency has, or that is none at all. */
export const refuseDecimals = (amount: string, currency: string, pointer: string): Refusal =>
  refuse('INVALID_AMOUNT', { payment: 'positive', amount, ...amountLimits(currency) }, pointer);

/** A refusal that time mends: the whole seconds until asking again is worth it stand in its text and in Retry-After. */
export const refuseFor = (
  code: 'OVERLOADED' | 'TOO_MANY_REQUESTS',
  milliseconds: number,
  facts: Refusal['facts'] = {},
): Refusal => refuse(code, { ...facts, retryAfter: String(Math.max(1, Math.ceil(milliseconds / 1000))) });

/** All of them, or the first that was refused. */
export function allOrRefusal<T>(values: readonly (T | Refusal)[]): T[] | Refusal {
  const granted: T[] = [];
  for (const value of values) {
    if (isRefusal(value)) return value;
    granted.push(value);
  }
  return granted;
}

/** The server did nothing and says so: the same request may be sent again as it is. */
export const didNothing = (code: string | undefined): boolean => code === 'OVERLOADED' || code === 'STOPPING';

export const isRefusal = (value: unknown): value is Refusal =>
  typeof value === 'object' && value !== null && 'refused' in value;
