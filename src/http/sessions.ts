// Signing in and out, and one's own password.

import type { FastifyRequest } from 'fastify';
import { formatInstant } from '../core/calendar.ts';
import { isRefusal, type Refusal, refuse, refuseMissing } from '../core/refusal.ts';
import { duties, hasDuty } from '../core/roles.ts';
import { isPassword } from '../operations/passwords.ts';
import { acceptLink, askForReset, changePassword, emailOf } from '../operations/people.ts';
import { openSession, sessionLife } from '../operations/sessions.ts';
import { inTransaction } from '../store/connection/transaction.ts';
import { keepAct } from '../store/ledger/audit.ts';
import { findPerson, findPersonByEmail, lockPerson, type PersonRow, updatePerson } from '../store/ledger/people.ts';
import { endSession, liveSessions, type SessionRow } from '../store/ledger/sessions.ts';
import { actOf, type Doing } from './act-of.ts';
import type { Caller } from './caller.ts';
import { networkOf } from './caller-share.ts';
import * as contract from './contract/contract.ts';
import { isOfOtherSite, noSessionCookie, sessionCookie } from './cookie.ts';
import type { PeopleOptions } from './people.ts';
import { command, type RouteParts, route } from './route.ts';
import { Turns } from './turns.ts';
import { type Counted, WrongTries } from './wrong-tries.ts';

/**
 * Wrong passwords within a quarter of an hour: of one person from one network, of one network, and of one person from everywhere. The
 * last is large, so that a stranger cannot shut somebody out by guessing.
 */
const [mostOfBoth, mostOfNetwork, mostOfPerson] = [5, 30, 100];
const window = 15 * 60_000;

/** A password takes a core for some hundredths of a second: few are compared at once, whoever asks. */
const passwordTurns = { mostOfOne: 2, most: 2, mostWaiting: 20, patience: 8_000 };

interface SignInParts extends RouteParts {
  readonly wrong: WrongTries;
  readonly passwords: Turns;
}

export function registerSessions(parts: RouteParts, options: PeopleOptions): void {
  const own = { ...parts, wrong: new WrongTries(window), passwords: new Turns(passwordTurns) };
  registerSignIn(own, options);
  registerOwnSessions(parts);
  registerLinks(own, options);
  registerSelf(own);
}

const countedFor = (email: string, { ip }: FastifyRequest): readonly Counted[] => {
  const network = networkOf(ip);
  return [
    { of: `${email} ${network}`, most: mostOfBoth },
    { of: network, most: mostOfNetwork },
    { of: email, most: mostOfPerson },
  ];
};

/** In turn; a wrong try is counted before it is compared, so that many at once are no more tries than one after the other. */
async function compared(
  { wrong, passwords }: SignInParts,
  counted: readonly Counted[],
  request: FastifyRequest,
  compare: () => Promise<boolean>,
): Promise<Refusal | undefined> {
  const full = wrong.refusal(counted);
  if (full !== undefined) return full;
  const takeBack = wrong.count(counted);
  const end = await passwords.take(networkOf(request.ip));
  if (isRefusal(end)) {
    takeBack();
    return end;
  }
  try {
    if (!(await compare())) return refuse('WRONG_PASSWORD');
    takeBack();
    return undefined;
  } finally {
    end();
  }
}

const selfOf = ({ id, email, name, role, account, language }: PersonRow) => ({
  ...{ id, email, name, role, account, language },
  duties: duties.filter((duty) => hasDuty(role, duty)),
});

const shown = ({ prefix, way, createdAt, usedAt, expiresAt, address, agent }: SessionRow) => ({
  ...{ id: prefix, way, createdAt: formatInstant('UTC', createdAt), lastUsedAt: formatInstant('UTC', usedAt) },
  ...{ expiresAt: formatInstant('UTC', expiresAt), address, agent },
});

/** Whose act it is that nobody was signed in for when it began. */
const as = ({ id, role, account }: PersonRow, doing: Doing): Doing => {
  const caller: Caller = { account, prefix: id, rootKey: null, scopes: [], book: null, person: { role, session: '' } };
  return { ...doing, caller };
};

function registerSignIn(parts: SignInParts, { pepper }: PeopleOptions): void {
  const { suanpan } = parts;
  const { pool, clock } = suanpan;
  const spec = {
    method: 'POST',
    url: '/v1/sessions',
    access: 'public',
    answer: contract.openedSession,
    refuses: ['WRONG_PASSWORD', 'TOO_MANY_REQUESTS', 'FOREIGN_ORIGIN'],
    summary: 'Sign in with e-mail address and password; the session is a cookie',
    body: contract.signIn,
    audited: true,
    statuses: [201],
  } as const;
  route(parts, spec, async (input) => {
    const { body, request, reply } = input;
    // Nobody is signed in as somebody else by another site's page.
    if (isOfOtherSite(request)) return refuse('FOREIGN_ORIGIN');
    const email = emailOf(body.email);
    let found: PersonRow | undefined;
    const refused = await compared(parts, countedFor(email, request), request, async () => {
      found = await findPersonByEmail(pool, email);
      return isPassword(found?.disabledAt === null ? found.password : null, body.password);
    });
    if (refused !== undefined || found === undefined) return refused;
    const { id, password } = found;
    const opened = await inTransaction(pool, async (tx) => {
      const person = await lockPerson(tx, id);
      // Changed, or turned off, since it was compared.
      if (person === undefined || person.disabledAt !== null || person.password !== password)
        return refuse('WRONG_PASSWORD');
      const agent = String(request.headers['user-agent'] ?? '');
      const made = await openSession(tx, { person: id, way: 'password', address: request.ip, agent }, pepper, clock());
      const kept = { chain: person.account ?? '', before: undefined, after: { session: made.session.prefix } };
      await keepAct(tx, actOf(clock(), spec, as(person, input), kept));
      return { ...made, person };
    });
    if (isRefusal(opened)) return opened;
    reply.header('set-cookie', sessionCookie(opened.token, sessionLife.most));
    return { body: { ...shown(opened.session), person: selfOf(opened.person) } };
  });
}

function registerOwnSessions(parts: RouteParts): void {
  const { suanpan, keys } = parts;
  const { pool, clock } = suanpan;
  route(
    parts,
    {
      method: 'GET',
      url: '/v1/sessions',
      answer: contract.sessionList,
      access: { scope: 'any', of: 'self' },
      summary: 'Where one is signed in, the latest first',
    },
    async ({ caller: { prefix, person } }) => {
      const rows = await liveSessions(pool, prefix, clock());
      const sessions = rows.map((row) => ({ ...shown(row), current: row.prefix === person?.session }));
      return { body: { sessions } };
    },
  );
  command(
    parts,
    {
      method: 'DELETE',
      url: '/v1/sessions/:id',
      answer: contract.endedSession,
      access: { scope: 'any', of: 'self' },
      refuses: ['NOT_FOUND'],
      summary: 'Sign out: the session of this request (current), or another of one’s own',
    },
    async (tx, { caller: { prefix, account, person }, params, reply, afterwards }) => {
      const asked = params.id ?? '';
      const id = asked === 'current' ? (person?.session ?? '') : asked;
      if (!(await endSession(tx, { person: prefix, prefix: id }, clock()))) return refuseMissing('session', asked);
      afterwards(() => keys.forget(prefix));
      if (id === person?.session) reply.header('set-cookie', noSessionCookie);
      return { body: { id, ended: true as const }, ...(account === null ? {} : { account }) };
    },
  );
}

function registerLinks(parts: SignInParts, options: PeopleOptions): void {
  const { suanpan, keys, passwords } = parts;
  const { pool, clock } = suanpan;
  route(
    parts,
    {
      method: 'POST',
      url: '/v1/password-resets',
      access: 'public',
      answer: contract.resetAsked,
      refuses: ['FOREIGN_ORIGIN'],
      summary:
        'A link by mail for whoever forgot a password. The answer is the same whether or not there is such a person',
      body: contract.resetRequest,
    },
    async ({ body, request }) => {
      if (isOfOtherSite(request)) return refuse('FOREIGN_ORIGIN');
      // Nobody waits for it: how long it takes would tell whether there is such a person.
      inTransaction(pool, async (tx) => {
        await askForReset(tx, body.email, options.mails, clock());
        return true;
      }).catch((error: unknown) => request.log.error(error));
      return { body: { asked: true as const } };
    },
  );
  const spec = {
    method: 'POST',
    url: '/v1/passwords',
    access: 'public',
    answer: contract.passwordSet,
    refuses: ['LINK_ENDED', 'WEAK_PASSWORD', 'FOREIGN_ORIGIN'],
    summary: 'Set a password by the token of a link, once. Every session of the person ends',
    body: contract.newPassword,
    audited: true,
  } as const;
  route(parts, spec, async (input) => {
    const { body, request } = input;
    if (isOfOtherSite(request)) return refuse('FOREIGN_ORIGIN');
    const end = await passwords.take(networkOf(request.ip));
    if (isRefusal(end)) return end;
    try {
      const person = await inTransaction(pool, async (tx) => {
        const accepted = await acceptLink(tx, body, options.pepper, clock());
        if (isRefusal(accepted)) return accepted;
        const kept = { chain: accepted.account ?? '', before: undefined, after: undefined };
        await keepAct(tx, actOf(clock(), spec, as(accepted, input), kept));
        return accepted;
      });
      if (isRefusal(person)) return person;
      keys.forget(person.id);
      return { body: { email: person.email } };
    } finally {
      end();
    }
  });
}

function registerSelf(parts: SignInParts): void {
  const { suanpan, keys } = parts;
  const { pool, clock } = suanpan;
  const self = { scope: 'any', of: 'self' } as const;
  const spec = {
    method: 'POST',
    url: '/v1/me/password',
    answer: contract.passwordSet,
    access: self,
    refuses: ['WRONG_PASSWORD', 'WEAK_PASSWORD'],
    summary: 'Change one’s own password; one’s other sessions end',
    body: contract.passwordChange,
    audited: true,
  } as const;
  route(parts, spec, async (input) => {
    const { caller, body, request } = input;
    let set: PersonRow | Refusal | undefined;
    const counted = countedFor(caller.prefix, request);
    const refused = await compared(parts, counted, request, async () => {
      set = await inTransaction(pool, async (tx) => {
        const change = { person: caller.prefix, session: caller.person?.session ?? null, ...body };
        const person = await changePassword(tx, change, clock());
        if (isRefusal(person)) return person;
        const kept = { chain: person.account ?? '', before: undefined, after: undefined };
        await keepAct(tx, actOf(clock(), spec, input, kept));
        return person;
      });
      return !isRefusal(set) || set.refused !== 'WRONG_PASSWORD';
    });
    if (set === undefined || isRefusal(set)) return set ?? refused;
    keys.forget(caller.prefix);
    return { body: { email: set.email } };
  });
  command(
    parts,
    {
      method: 'PATCH',
      url: '/v1/me',
      answer: contract.selfAnswer,
      access: self,
      summary: 'Change one’s own name or language',
      body: contract.selfChange,
    },
    async (tx, { caller, body, was }) => {
      const before = await lockPerson(tx, caller.prefix);
      if (before === undefined) return refuseMissing('person', caller.prefix);
      was(selfOf(before));
      const after = { ...before, name: body.name ?? before.name, language: body.language ?? before.language };
      await updatePerson(tx, before.id, after);
      return { body: selfOf(after), ...(before.account === null ? {} : { account: before.account }) };
    },
  );
}

/** Who has signed in, as /v1/me shows it; null: a key. */
export async function signedIn({ suanpan }: RouteParts, { person, prefix }: Caller) {
  const row = person === null ? undefined : await findPerson(suanpan.pool, prefix);
  return row === undefined ? null : selfOf(row);
}
