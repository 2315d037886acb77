// People who sign in, their sessions and passwords.

import { z } from 'zod';
import { askedText, because, safeText } from '../../book/names.ts';
import { duties, roles } from '../../core/roles.ts';
import { httpWords } from '../../words/http.ts';
import { type Answered, accountId, next } from './scalars.ts';

const role = z.enum(roles);
const language = z.enum(['zh', 'en']);
const email = safeText(254)
  .refine((text) => /^[^\s@<>"]+@[^\s@<>"]+\.[^\s@<>".]+$/.test(text), because(httpWords.mustBeAMailAddress))
  .meta({ id: 'Email', examples: ['li@example.com'] });
/** What is typed to sign in: whatever it is, it is compared and not judged. */
const typed = z.string().min(1).max(1_000);
/** An address that is asked for need not be one. */
const typedEmail = askedText(254);

export const newPerson = z
  .strictObject({
    email,
    name: safeText(100),
    role,
    account: accountId.optional().meta({ description: 'Whose person it is; an operator if not given' }),
    language: language.optional().meta({ description: 'The language of mails; zh if not given' }),
  })
  .meta({ id: 'NewPerson', examples: [{ email: 'li@example.com', name: 'Li', role: 'owner', account: 'acme' }] });

export const personChange = z
  .strictObject({
    name: safeText(100).optional(),
    role: role.optional(),
    language: language.optional(),
    active: z.boolean().optional().meta({ description: 'false: signed out everywhere, and cannot sign in' }),
  })
  .meta({ id: 'PersonChange', examples: [{ role: 'finance' }, { active: false }] });

export const person = z
  .object({
    id: z.string(),
    email: z.string(),
    name: z.string(),
    role,
    account: z.string().nullable().meta({ description: 'Null: an operator' }),
    language,
    state: z.enum(['invited', 'active', 'off']),
    createdAt: z.string(),
    createdBy: z.string(),
    lastSignInAt: z.string().nullable(),
  })
  .meta({ id: 'Person' });

export const personPage = z.object({ people: z.array(person), next }).meta({ id: 'PersonPage' });

const link = z
  .object({
    url: z.string().nullable().meta({ description: 'Where the password is set, once; null: it went by mail' }),
    expiresAt: z.string(),
  })
  .meta({ id: 'PasswordLink' });

export const invitedPerson = z.object({ ...person.shape, link }).meta({ id: 'InvitedPerson' });

export const signIn = z
  .strictObject({ email: typedEmail, password: typed })
  .meta({ id: 'SignIn', examples: [{ email: 'li@example.com', password: 'correct horse battery' }] });

const self = z
  .object({
    id: z.string(),
    email: z.string(),
    name: z.string(),
    role,
    account: z.string().nullable(),
    language,
    duties: z.array(z.enum(duties)),
  })
  .meta({ id: 'Self' });

const sessionFields = {
  id: z.string(),
  way: z.enum(['password', 'oidc']),
  createdAt: z.string(),
  lastUsedAt: z.string().meta({ description: 'To about a minute' }),
  expiresAt: z.string().meta({ description: 'At the latest; earlier after twelve hours without a request' }),
  address: z.string(),
  agent: z.string(),
};

/** What a browser is answered that signs in; the token goes as a cookie. */
export const openedSession = z.object({ ...sessionFields, person: self }).meta({ id: 'OpenedSession' });

export const sessionList = z
  .object({ sessions: z.array(z.object({ ...sessionFields, current: z.boolean() }).meta({ id: 'Session' })) })
  .meta({ id: 'SessionList' });

export const endedSession = z.object({ id: z.string(), ended: z.literal(true) }).meta({ id: 'EndedSession' });

export const resetRequest = z
  .strictObject({ email: typedEmail })
  .meta({ id: 'PasswordResetRequest', examples: [{ email: 'li@example.com' }] });

/** The same whether or not there is such a person. */
export const resetAsked = z.object({ asked: z.literal(true) }).meta({ id: 'PasswordResetAsked' });

export const newPassword = z
  .strictObject({ token: typed, password: typed })
  .meta({ id: 'NewPassword', examples: [{ token: 'pw_…', password: 'correct horse battery' }] });

export const passwordSet = z.object({ email: z.string() }).meta({ id: 'PasswordSet' });

export const passwordChange = z
  .strictObject({ current: typed, password: typed })
  .meta({ id: 'PasswordChange', examples: [{ current: 'correct horse battery', password: 'staple battery horse' }] });

export const selfChange = z
  .strictObject({ name: safeText(100).optional(), language: language.optional() })
  .meta({ id: 'SelfChange', examples: [{ language: 'en' }] });

export const selfAnswer = self;

export type PersonAnswer = Answered<typeof person>;
export type PersonPage = Answered<typeof personPage>;
export type InvitedPerson = Answered<typeof invitedPerson>;
