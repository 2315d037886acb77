// Who is calling, once the door has asked for the key or the session.

import { type Duty, hasDuty, type Role } from '../core/roles.ts';
import type { Scope } from '../core/scopes.ts';

/** `account` null: an operator. */
export interface Caller {
  readonly account: string | null;
  /** The id of the key, or of the person. */
  readonly prefix: string;
  /** The first of the keys that were rotated into it; null: no key. */
  readonly rootKey: string | null;
  /** What a key was made for; a person has duties in their place. */
  readonly scopes: readonly Scope[];
  /** Null: a key. `session` is the one that the request came with. */
  readonly person: { readonly role: Role; readonly session: string } | null;
  /** The price book of the account. */
  readonly book: string | null;
}

/** Whoever calls without a key. */
export const nobody: Caller = { account: null, prefix: '', rootKey: null, scopes: [], book: null, person: null };

export const isStranger = (caller: Caller): boolean => caller.account === null && caller.prefix === '';

/** Whether whoever calls may look: a person by role, a key by its scopes. */
export const mayRead = ({ person, scopes }: Caller): boolean =>
  person === null ? scopes.includes('read') : mayDo(person.role, 'read');

export const mayDo = (role: Role, duty: Duty | 'any'): boolean => duty === 'any' || hasDuty(role, duty);
