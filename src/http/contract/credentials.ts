// What an account's SDKs sign with at the gateway.

import { z } from 'zod';
import { safeText } from '../../book/names.ts';
import { credentialScopes } from '../../core/scopes.ts';
import { type Answered, accountId } from './scalars.ts';

const secretId = z
  .string()
  .regex(/^AKID[0-9a-f]{32}$/)
  .meta({ description: 'What an SDK calls the SecretId' });

const scopeNames = z.enum(credentialScopes);
const actionName = z.string().regex(/^[A-Za-z][A-Za-z0-9]{0,99}$/);

export const newCredential = z
  .strictObject({
    name: safeText(100).optional(),
    scopes: z.array(scopeNames).min(1).max(credentialScopes.length).optional().meta({
      description: '`meter` makes calls that are charged, `read` fetches what came of them; both if not given',
    }),
    actions: z.array(actionName).min(1).max(100).optional().meta({
      description: 'The actions that it may call, as the provider names them; all that its scopes allow if not given',
    }),
  })
  .meta({
    id: 'NewCredential',
    examples: [{ name: 'loan app' }, { name: 'help desk', scopes: ['read'], actions: ['GetDetectInfoEnhanced'] }],
  });

const credentialFields = {
  secretId: z.string(),
  account: z.string(),
  name: z.string(),
  scopes: z.array(scopeNames),
  actions: z.array(z.string()).nullable().meta({ description: 'Null: all that its scopes allow' }),
  generation: z.int().meta({ description: 'Raised by each rotation' }),
  formerUntil: z.string().nullable().meta({ description: 'Until when the SecretKey before this one is good too' }),
};

/** `secretKey` is shown here alone. */
export const madeCredential = z.object({ ...credentialFields, secretKey: z.string() }).meta({ id: 'MadeCredential' });

export const credentialList = z
  .object({
    account: accountId,
    credentials: z.array(z.object({ ...credentialFields, createdAt: z.string(), createdBy: z.string() })),
    actions: z.array(z.string()).meta({ description: 'Those that a credential may be made for' }),
  })
  .meta({ id: 'CredentialList' });

export const credentialRotation = z
  .strictObject({
    secretId,
    overlapHours: z.int().min(0).max(720).optional().meta({ description: 'How long both are good; 24 if not given' }),
  })
  .meta({ id: 'CredentialRotation', examples: [{ secretId: `AKID${'0'.repeat(32)}`, overlapHours: 24 }] });

export const credentialQuery = z.strictObject({ secretId });

export const revokedCredential = z
  .object({ secretId: z.string(), account: z.string(), revoked: z.literal(true) })
  .meta({ id: 'RevokedCredential' });

export const signingKeysFor = z
  .strictObject({
    secretId: safeText(100),
    date: z.string().regex(/^\d{4}-\d{2}-\d{2}$/),
    service: z.string().regex(/^[A-Za-z0-9._-]{1,100}$/),
  })
  .meta({
    id: 'SigningKeysFor',
    examples: [{ secretId: `AKID${'0'.repeat(32)}`, date: '2026-01-06', service: 'faceid' }],
  });

export const signingKeys = z
  .object({
    account: z.string(),
    scopes: z.array(scopeNames),
    actions: z.array(z.string()).nullable(),
    keys: z.array(z.string()).meta({ description: 'In hexadecimal; the newest first' }),
  })
  .meta({ id: 'SigningKeys' });

export type MadeCredential = Answered<typeof madeCredential>;
export type CredentialList = Answered<typeof credentialList>;
