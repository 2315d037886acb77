// Who is calling, once the door has asked for the key.

import type { Scope } from '../core/scopes.ts';

/** `account` null: an operator. */
export interface Caller {
  readonly account: string | null;
  readonly prefix: string;
  readonly scopes: readonly Scope[];
  /** The price book of the account. */
  readonly book: string | null;
}

/** Whoever calls without a key. */
export const nobody: Caller = { account: null, prefix: '', scopes: [], book: null };

export const isStranger = (caller: Caller): boolean => caller.account === null && caller.prefix === '';
