// People: invited by whoever may, set their own password by a link, changed, turned off. Nobody is deleted: the audit names them.

import { randomBytes, timingSafeEqual } from 'node:crypto';
import type { ClientBase } from 'pg';
import type { Words } from '../core/price-book.ts';
import { isRefusal, type Refusal, refuse, refuseMissing } from '../core/refusal.ts';
import { isRoleOf, type Role } from '../core/roles.ts';
import { type Instant, instantOf } from '../core/units.ts';
import { inTransaction } from '../store/connection/transaction.ts';
import {
  countOperators,
  countPasswordLinks,
  endPasswordLinks,
  findPersonByEmail,
  insertPasswordLink,
  insertPerson,
  lockAdmins,
  lockPasswordLink,
  lockPerson,
  lockPersonOfLink,
  type PasswordLinkRow,
  type PersonRow,
  setPassword,
  updatePerson,
  useLink,
} from '../store/ledger/people.ts';
import { endSessions } from '../store/ledger/sessions.ts';
import { local, repeatableSecret } from './api-keys.ts';
import { hashPassword, isFitPassword, isPassword } from './passwords.ts';
import { readAccount } from './read-account.ts';
import type { Suanpan } from './suanpan.ts';

const hour = 3_600_000;
/** How long a link is good. */
const lifeOf = { invitation: 7 * 24 * hour, reset: hour } as const;
/** Mails that a stranger can have sent to one person within a day. */
const mostResets = 5;

/** An address as it is kept and compared. */
export const emailOf = (text: string): string => text.normalize('NFKC').trim().toLowerCase();

export interface PersonOrder {
  readonly email: string;
  readonly name: string;
  readonly role: Role;
  /** Null: an operator. */
  readonly account: string | null;
  readonly language: keyof Words;
}

/** A link that was made. Where it goes by mail nobody else is shown its token: whoever asked for it is not who it is for. */
export interface MadeLink {
  readonly id: string;
  readonly mailed: boolean;
  readonly expiresAt: Instant;
}

/** The token of a link: nothing that is stored is enough to make it. */
export const linkToken = (pepper: string, id: string): string =>
  `pw_${id}_${repeatableSecret(pepper, ['password link', id])}`;

export async function makeLink(
  tx: ClientBase,
  person: PersonRow,
  purpose: PasswordLinkRow['purpose'],
  mails: boolean,
  now: Instant,
): Promise<MadeLink> {
  const id = randomBytes(12).toString('hex');
  const expiresAt = instantOf(now + lifeOf[purpose]);
  const link = { id, person: person.id, purpose, createdAt: now, expiresAt, usedAt: null, tries: 0 };
  await insertPasswordLink(tx, link, mails ? 'waiting' : null);
  return { id, mailed: mails, expiresAt };
}

const newPersonOf = (order: PersonOrder, by: string, now: Instant): PersonRow => ({
  ...order,
  ...{ id: `pe_${randomBytes(8).toString('hex')}`, password: null, createdAt: now, createdBy: by },
  ...{ disabledAt: null, disabledBy: null, signedInAt: null },
});

/** Refusals: NOT_FOUND (the account), INVALID_INPUT (a role of the other side), EMAIL_TAKEN. */
export async function invitePerson(
  tx: ClientBase,
  suanpan: Suanpan,
  { email, name, role, account, language }: PersonOrder,
  by: string,
  mails: boolean,
): Promise<{ readonly person: PersonRow; readonly link: MadeLink } | Refusal> {
  const now = suanpan.clock();
  if (account !== null) {
    const known = await readAccount(tx, suanpan, account, now);
    if (isRefusal(known)) return known;
  }
  if (!isRoleOf(role, account)) return refuse('ROLE_OF_OTHER_SIDE', { personRole: role });
  const person = newPersonOf({ email: emailOf(email), name, role, account, language }, by, now);
  if (!(await insertPerson(tx, person))) return refuse('EMAIL_TAKEN', { email: person.email }, '/email');
  return { person, link: await makeLink(tx, person, 'invitation', mails, now) };
}

/**
 * The first admin, while no operator has set a password: a new link at each start, for whoever reads what the server prints. Null:
 * somebody has one, or another server makes it.
 */
export async function inviteFirstAdmin(
  { pool, clock }: Suanpan,
  email: string,
): Promise<{ readonly email: string; readonly link: string } | null> {
  const made = await inTransaction(pool, async (tx) => {
    const { all, withPassword, first } = await countOperators(tx);
    if (withPassword > 0) return refuse('LINK_ENDED');
    const now = clock();
    const order = { email: emailOf(email), name: 'Admin', role: 'admin', account: null, language: 'zh' } as const;
    const fresh = newPersonOf(order, local, now);
    const person = all === 0 ? fresh : first === undefined ? undefined : await lockPerson(tx, first);
    if (person === undefined || (all === 0 && !(await insertPerson(tx, person)))) return refuse('LINK_ENDED');
    const link = await makeLink(tx, person, 'invitation', false, now);
    return { email: person.email, link: link.id };
  });
  return isRefusal(made) ? null : made;
}

/** Whoever may change people: all, or those of one account. */
export interface Changer {
  readonly account: string | null;
  /** The id of a key or a person. */
  readonly by: string;
}

/** For one that is seen: of an account by itself, of any by an operator. */
export const isSeenBy = (person: PersonRow, { account }: Pick<Changer, 'account'>): boolean =>
  account === null || person.account === account;

export interface PersonWish {
  readonly name?: string | undefined;
  readonly role?: Role | undefined;
  readonly language?: keyof Words | undefined;
  readonly active?: boolean | undefined;
}

/** Refusals: NOT_FOUND, NOT_ONESELF, ROLE_OF_OTHER_SIDE, LAST_ADMIN. A person who is turned off is signed out everywhere. */
export async function changePerson(
  tx: ClientBase,
  id: string,
  wish: PersonWish,
  changer: Changer,
  now: Instant,
): Promise<{ readonly before: PersonRow; readonly after: PersonRow } | Refusal> {
  // In one order, whoever is changed: two that wait for one another would both be refused.
  const admins = await lockAdmins(tx);
  const before = await lockPerson(tx, id);
  if (before === undefined || !isSeenBy(before, changer)) return refuseMissing('person', id);
  const { name = before.name, role = before.role, language = before.language } = wish;
  const active = wish.active ?? before.disabledAt === null;
  const loses = role !== before.role || (!active && before.disabledAt === null);
  if (loses && before.id === changer.by) return refuse('NOT_ONESELF');
  if (!isRoleOf(role, before.account)) return refuse('ROLE_OF_OTHER_SIDE', { personRole: role }, '/role');
  if (loses && admins.includes(id) && admins.length === 1) return refuse('LAST_ADMIN');
  // Nothing below may refuse.
  const disabledAt = active ? null : (before.disabledAt ?? now);
  const disabledBy = active ? null : (before.disabledBy ?? changer.by);
  const change = { name, role, language, disabledAt, disabledBy };
  await updatePerson(tx, id, change);
  if (!active) {
    await endSessions(tx, id, null, now);
    await endPasswordLinks(tx, id, now);
  }
  return { before, after: { ...before, ...change } };
}

/** A new link for somebody who lost theirs, or their password. Refusal: NOT_FOUND. */
export async function renewLink(
  tx: ClientBase,
  id: string,
  changer: Changer,
  mails: boolean,
  now: Instant,
): Promise<{ readonly person: PersonRow; readonly link: MadeLink } | Refusal> {
  const person = await lockPerson(tx, id);
  if (person === undefined || !isSeenBy(person, changer) || person.disabledAt !== null)
    return refuseMissing('person', id);
  const purpose = person.password === null ? 'invitation' : 'reset';
  return { person, link: await makeLink(tx, person, purpose, mails, now) };
}

/** Whoever forgot a password gets a link by mail. Says nothing of whether there is such a person. */
export async function askForReset(tx: ClientBase, email: string, mails: boolean, now: Instant): Promise<void> {
  const found = await findPersonByEmail(tx, emailOf(email));
  if (found === undefined || found.disabledAt !== null || !mails) return;
  const person = await lockPerson(tx, found.id);
  if (person === undefined) return;
  if ((await countPasswordLinks(tx, person.id, instantOf(now - 24 * hour))) >= mostResets) return;
  await makeLink(tx, person, person.password === null ? 'invitation' : 'reset', mails, now);
}

const tokenPattern = /^pw_([0-9a-f]{24})_[A-Za-z0-9_-]{32}$/;

/** Sets a password by a link, once, and ends every session. Refusals: LINK_ENDED, WEAK_PASSWORD. */
export async function acceptLink(
  tx: ClientBase,
  { token, password }: { readonly token: string; readonly password: string },
  pepper: string,
  now: Instant,
): Promise<PersonRow | Refusal> {
  const [, id = ''] = tokenPattern.exec(token) ?? [];
  if (!isSame(token, linkToken(pepper, id))) return refuse('LINK_ENDED');
  // The person first, as where links are made: two that wait for one another would both be refused.
  const person = await lockPersonOfLink(tx, id);
  if (person === undefined || person.disabledAt !== null) return refuse('LINK_ENDED');
  const link = await lockPasswordLink(tx, id);
  if (link === undefined || link.usedAt !== null || link.expiresAt <= now) return refuse('LINK_ENDED');
  if (!isFitPassword(password, person.email)) return refuse('WEAK_PASSWORD', {}, '/password');
  // Nothing below may refuse.
  await setPassword(tx, person.id, await hashPassword(password));
  await useLink(tx, id, now);
  await endSessions(tx, person.id, null, now);
  return person;
}

function isSame(given: string, expected: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(expected)];
  return a.length === b.length && timingSafeEqual(a, b);
}

/** Sets one's own password; other sessions end. Refusals: WRONG_PASSWORD, WEAK_PASSWORD. */
export async function changePassword(
  tx: ClientBase,
  { person: id, session, current, password }: PasswordChange,
  now: Instant,
): Promise<PersonRow | Refusal> {
  const person = await lockPerson(tx, id);
  if (person === undefined || !(await isPassword(person.password, current)))
    return refuse('WRONG_PASSWORD', {}, '/current');
  if (!isFitPassword(password, person.email)) return refuse('WEAK_PASSWORD', {}, '/password');
  await setPassword(tx, id, await hashPassword(password));
  await endPasswordLinks(tx, id, now);
  await endSessions(tx, id, session, now);
  return person;
}

export interface PasswordChange {
  readonly person: string;
  /** The one that goes on. */
  readonly session: string | null;
  readonly current: string;
  readonly password: string;
}
