// People: who may sign in, invited and changed by whoever has that duty: operators for all, an account's owner for that account.

import { z } from 'zod';
import { formatInstant } from '../core/calendar.ts';
import { isRefusal, refuseMissing } from '../core/refusal.ts';
import type { Instant } from '../core/units.ts';
import { linkUrl } from '../deliveries/links.ts';
import { peopleCursor } from '../operations/cursors.ts';
import { changePerson, invitePerson, isSeenBy, linkToken, type MadeLink, renewLink } from '../operations/people.ts';
import { findPerson, listPeople, type PersonRow } from '../store/ledger/people.ts';
import * as contract from './contract/contract.ts';
import { pageOf } from './paging.ts';
import { command, type RouteParts, route } from './route.ts';

export interface PeopleOptions {
  readonly pepper: string;
  /** Whether people are written to. */
  readonly mails: boolean;
  /** Where the server is found by people's browsers. */
  readonly publicUrl: string;
}

const written = (at: Instant | null): string | null => (at === null ? null : formatInstant('UTC', at));

const shown = (row: PersonRow) => ({
  id: row.id,
  email: row.email,
  name: row.name,
  role: row.role,
  account: row.account,
  language: row.language,
  state:
    row.disabledAt !== null ? ('off' as const) : row.password === null ? ('invited' as const) : ('active' as const),
  createdAt: formatInstant('UTC', row.createdAt),
  createdBy: row.createdBy,
  lastSignInAt: written(row.signedInAt),
});

/** The token is in no answer that is stored: `withLink` puts it in. */
const shownLink = ({ id, mailed, expiresAt }: MadeLink) => ({
  link: { url: mailed ? null : id, expiresAt: formatInstant('UTC', expiresAt) },
});

const withLink =
  ({ pepper, publicUrl }: PeopleOptions) =>
  (_: unknown, body: string): string => {
    const { link, ...person } = JSON.parse(body) as contract.InvitedPerson;
    const url = link.url === null ? null : linkUrl(publicUrl, linkToken(pepper, link.url));
    return JSON.stringify({ ...person, link: { ...link, url } });
  };

const ofAccount = ({ account }: PersonRow) => (account === null ? {} : { account });
const managing = { scope: 'manage', duty: 'people', owners: true } as const;

export function registerPeople(parts: RouteParts, options: PeopleOptions): void {
  registerInviting(parts, options);
  registerReading(parts);
  registerChanging(parts);
}

function registerInviting(parts: RouteParts, options: PeopleOptions): void {
  const { suanpan } = parts;
  command(
    parts,
    {
      method: 'POST',
      url: '/v1/people',
      links: { 'GET /v1/people/:id': { id: '$response.body#/id' } },
      answer: contract.invitedPerson,
      access: { ...managing, of: 'body or all' },
      refuses: ['EMAIL_TAKEN', 'ROLE_OF_OTHER_SIDE', 'NOT_FOUND'],
      summary:
        'Invite an operator or a person of an account. They set their own password by a link, sent by mail if mail is set up',
      body: contract.newPerson,
      once: 'optional',
      statuses: [201],
    },
    async (tx, { account, body, caller }) => {
      const { email, name, role, language = 'zh' } = body;
      const made = await invitePerson(
        tx,
        suanpan,
        { email, name, role, account, language },
        caller.prefix,
        options.mails,
      );
      return isRefusal(made) ? made : { body: { ...shown(made.person), ...shownLink(made.link) } };
    },
    withLink(options),
  );
  command(
    parts,
    {
      method: 'POST',
      url: '/v1/people/:id/link',
      answer: contract.invitedPerson,
      access: { ...managing, of: 'person' },
      summary: 'A new link for somebody who lost theirs, or their password; the former is good no longer',
      statuses: [201],
    },
    async (tx, { caller, params }) => {
      const changer = { account: caller.account, by: caller.prefix };
      const made = await renewLink(tx, params.id ?? '', changer, options.mails, suanpan.clock());
      if (isRefusal(made)) return made;
      return { body: { ...shown(made.person), ...shownLink(made.link) }, ...ofAccount(made.person) };
    },
    withLink(options),
  );
}

function registerReading(parts: RouteParts): void {
  const { pool } = parts.suanpan;
  route(
    parts,
    {
      method: 'GET',
      url: '/v1/people',
      answer: contract.personPage,
      access: { ...managing, of: 'query or all' },
      summary: 'People: operators and those of accounts, or those of one account',
      query: z.strictObject({ account: contract.accountId.optional(), ...pageOf(peopleCursor) }),
    },
    async ({ account, query }) => {
      const { cursor: [after] = [''], limit = 50 } = query;
      const rows = await listPeople(pool, account, after, limit);
      return { body: { people: rows.map(shown), next: peopleCursor.after(rows, limit, ({ id }) => [id]) } };
    },
  );
  route(
    parts,
    {
      method: 'GET',
      url: '/v1/people/:id',
      answer: contract.person,
      access: { ...managing, of: 'person' },
      summary: 'One person',
    },
    async ({ caller, params }) => {
      const id = params.id ?? '';
      const row = await findPerson(pool, id);
      return row === undefined || !isSeenBy(row, caller) ? refuseMissing('person', id) : { body: shown(row) };
    },
  );
}

function registerChanging(parts: RouteParts): void {
  const { suanpan, keys } = parts;
  command(
    parts,
    {
      method: 'PATCH',
      url: '/v1/people/:id',
      answer: contract.person,
      access: { ...managing, of: 'person' },
      refuses: ['NOT_ONESELF', 'LAST_ADMIN', 'ROLE_OF_OTHER_SIDE'],
      summary: 'Change a person’s name, role or language; turn them off, which signs them out, or on again',
      body: contract.personChange,
    },
    async (tx, { caller, params, body, was, afterwards }) => {
      const id = params.id ?? '';
      const changer = { account: caller.account, by: caller.prefix };
      const changed = await changePerson(tx, id, body, changer, suanpan.clock());
      if (isRefusal(changed)) return changed;
      was(shown(changed.before));
      afterwards(() => keys.forget(id));
      return { body: shown(changed.after), ...ofAccount(changed.after) };
    },
  );
}
