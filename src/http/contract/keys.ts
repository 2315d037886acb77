// API keys.

import { z } from 'zod';
import { because, safeText } from '../../book/names.ts';
import { mostScopes, type Scope, scopes } from '../../core/scopes.ts';
import { httpWords } from '../../words/http.ts';
import { selfAnswer } from './people.ts';
import { type Answered, accountId, next, time } from './scalars.ts';

const scopeList = z
  .array(z.enum(scopes))
  .min(1)
  .max(scopes.length)
  .meta({ description: 'What the key may do; all that its role may if not given' });

const mayHold = (account: string | null, asked: readonly Scope[] | undefined): boolean =>
  asked === undefined || asked.every((scope) => mostScopes(account).includes(scope));

const beyondRole = (role: string, account: string | null) => {
  const most = mostScopes(account).join(', ');
  return because(httpWords.scopesOfRole(role, most));
};

const expiry = time.meta({ description: 'Until when it is good; until it is revoked if not given' });

/** A key's role is named: what an empty body means must not be the mightiest key of all. */
export const newKey = z
  .strictObject({
    role: z.enum(['operator', 'account']),
    account: accountId.optional(),
    name: safeText(100).optional(),
    scopes: scopeList.optional(),
    expires: expiry.optional(),
  })
  .refine(({ role, account }) => (role === 'account') === (account !== undefined), {
    ...because(httpWords.goesWithRoleAccount),
    path: ['account'],
  })
  .refine((given) => given.role !== 'operator' || mayHold(null, given.scopes), {
    ...beyondRole('operator', null),
    path: ['scopes'],
  })
  .refine((given) => given.role !== 'account' || mayHold('', given.scopes), {
    ...beyondRole('account', ''),
    path: ['scopes'],
  })
  .meta({ id: 'NewKey', examples: [{ role: 'account', account: 'acme', scopes: ['read', 'meter'] }] });

export const newAccountKey = z
  .strictObject({ name: safeText(100).optional(), scopes: scopeList.optional(), expires: expiry.optional() })
  .refine((given) => mayHold('', given.scopes), { ...beyondRole('account', ''), path: ['scopes'] })
  .meta({ id: 'NewAccountKey', examples: [{ name: 'billing page', scopes: ['read'] }] });

const keyFields = {
  id: z.string(),
  role: z.enum(['operator', 'account']),
  account: z.string().nullable(),
  name: z.string(),
  scopes: z.array(z.enum(scopes)),
};

/** A key that was made; `key` is the secret, shown here alone. */
export const madeKey = z
  .object({ ...keyFields, expiresAt: z.string().nullable(), key: z.string() })
  .meta({ id: 'MadeKey' });

export const keyPage = z
  .object({
    keys: z.array(
      z
        .object({
          ...keyFields,
          createdAt: z.string().nullable(),
          createdBy: z.string().nullable(),
          revokedAt: z.string().nullable(),
          revokedBy: z.string().nullable(),
          expiresAt: z.string().nullable().meta({ description: 'Null: until it is revoked' }),
          lastUsedAt: z.string().nullable().meta({ description: 'To about a minute' }),
        })
        .meta({ id: 'Key' }),
    ),
    next,
  })
  .meta({ id: 'KeyPage' });

export const keyRotation = z
  .strictObject({
    overlapHours: z.int().min(0).max(720).optional().meta({ description: 'How long both are good; 24 if not given' }),
  })
  .meta({ id: 'KeyRotation', examples: [{ overlapHours: 24 }] });

export const rotatedKey = z
  .object({ ...keyFields, key: z.string(), formerUntil: z.string() })
  .meta({ id: 'RotatedKey' });

export const newPortalToken = z
  .strictObject({
    account: accountId.optional(),
    minutes: z.int().min(1).max(1_440).optional().meta({ description: 'How long it is good; 60 if not given' }),
  })
  .meta({ id: 'NewPortalToken', examples: [{ account: 'acme', minutes: 15 }] });

export const portalToken = z
  .object({ id: z.string(), account: z.string(), expiresAt: z.string(), key: z.string() })
  .meta({ id: 'PortalToken' });

export const revokedKey = z.object({ id: z.string(), revoked: z.literal(true) }).meta({ id: 'RevokedKey' });

export const me = z
  .object({
    role: z.enum(['operator', 'account']),
    account: z.string().nullable(),
    key: z.string().nullable().meta({ description: 'Null: a person has signed in' }),
    scopes: z.array(z.enum(scopes)),
    person: selfAnswer.nullable().meta({ description: 'Null: a key' }),
  })
  .meta({ id: 'Me' });

export type MadeKey = Answered<typeof madeKey>;
export type RotatedKey = Answered<typeof rotatedKey>;
export type PortalToken = Answered<typeof portalToken>;
export type KeyPage = Answered<typeof keyPage>;
