// Sign-in by an identity provider of the operator's own (OpenID Connect, authorization code with PKCE). It proves an e-mail address; who that
// is, and what they may do, stands here: nobody is made a person by signing in.

import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Configuration } from 'openid-client';
import { isRefusal, refuse } from '../core/refusal.ts';
import { emailOf } from '../operations/people.ts';
import { seal, unseal } from '../operations/sealed.ts';
import { openSession, sessionLife } from '../operations/sessions.ts';
import type { Suanpan } from '../operations/suanpan.ts';
import { inTransaction } from '../store/connection/transaction.ts';
import { keepAct } from '../store/ledger/audit.ts';
import { findPersonByEmail, lockPerson } from '../store/ledger/people.ts';
import { actOf } from './act-of.ts';
import { noPendingCookie, pendingCookie, pendingOf, sessionCookie } from './cookie.ts';
import type { PeopleOptions } from './people.ts';

export interface OidcSettings {
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
}

const callback = '/sign-in/oidc/callback';
/** How long somebody may take at the provider. */
const patience = 10 * 60_000;
/** A provider that cannot be reached is not asked again by everybody. */
const restAfterFailure = 10_000;

/** What is remembered of a sign-in that is under way: in the browser, sealed. */
interface Pending {
  readonly state: string;
  readonly nonce: string;
  readonly verifier: string;
  readonly until: number;
}

/** The provider's own description, read when it is needed first. */
class Provider {
  readonly #settings: OidcSettings;
  #found: Promise<Configuration> | undefined;

  constructor(settings: OidcSettings) {
    this.#settings = settings;
  }

  configuration(): Promise<Configuration> {
    this.#found ??= this.#discover();
    this.#found.catch(() => setTimeout(() => (this.#found = undefined), restAfterFailure).unref());
    return this.#found;
  }

  async #discover(): Promise<Configuration> {
    const { allowInsecureRequests, discovery } = await import('openid-client');
    const { issuer, clientId, clientSecret } = this.#settings;
    const url = new URL(issuer);
    // The settings let http through for this machine alone.
    const options = url.protocol === 'http:' ? { execute: [allowInsecureRequests], timeout: 10 } : { timeout: 10 };
    return discovery(url, clientId, clientSecret, undefined, options);
  }
}

export function registerOidc(
  app: FastifyInstance,
  suanpan: Suanpan,
  settings: OidcSettings,
  options: PeopleOptions,
): void {
  const provider = new Provider(settings);
  const redirect = `${options.publicUrl.replace(/\/$/, '')}${callback}`;
  app.get('/sign-in/oidc', async (request, reply) => {
    try {
      const client = await import('openid-client');
      const configuration = await provider.configuration();
      const verifier = client.randomPKCECodeVerifier();
      const pending: Pending = {
        ...{ state: client.randomState(), nonce: client.randomNonce(), verifier, until: Date.now() + patience },
      };
      const to = client.buildAuthorizationUrl(configuration, {
        ...{ redirect_uri: redirect, scope: 'openid email', state: pending.state, nonce: pending.nonce },
        ...{ code_challenge: await client.calculatePKCECodeChallenge(verifier), code_challenge_method: 'S256' },
      });
      reply.header('set-cookie', pendingCookie(seal(options.pepper, JSON.stringify(pending)), patience));
      return noStore(reply).redirect(to.href);
    } catch (error) {
      return refused(request, reply, error);
    }
  });
  app.get(callback, async (request, reply) => {
    try {
      const pending = readPending(options.pepper, request);
      if (pending === undefined) return refused(request, reply, new Error('no sign-in is under way'));
      const email = await provenEmail(
        provider,
        new URL(`${redirect}${new URL(request.url, redirect).search}`),
        pending,
      );
      const token = await signIn(suanpan, request, email, options.pepper);
      if (token === undefined) return refused(request, reply, new Error(`no person with the address ${email}`));
      reply.header('set-cookie', [sessionCookie(token, sessionLife.most), noPendingCookie]);
      return noStore(reply).redirect('/sign-in');
    } catch (error) {
      return refused(request, reply, error);
    }
  });
}

const noStore = (reply: FastifyReply): FastifyReply => reply.header('cache-control', 'no-store');

/** Why stands in the log; a browser is told that it did not work, and nothing of who there is. */
function refused(request: FastifyRequest, reply: FastifyReply, error: unknown): FastifyReply {
  request.log.warn({ err: error, reqId: request.id }, 'sign-in by the identity provider refused');
  return noStore(reply).header('set-cookie', noPendingCookie).redirect('/sign-in?refused=1');
}

function readPending(pepper: string, { headers }: FastifyRequest): Pending | undefined {
  const sealed = pendingOf(headers.cookie);
  const text = sealed === undefined ? undefined : unseal(pepper, sealed);
  if (text === undefined) return undefined;
  const pending = JSON.parse(text) as Pending;
  return pending.until > Date.now() ? pending : undefined;
}

/** The address that the provider vouches for. Throws for anything else. */
async function provenEmail(provider: Provider, url: URL, { state, nonce, verifier }: Pending): Promise<string> {
  const client = await import('openid-client');
  const configuration = await provider.configuration();
  const checks = { expectedState: state, expectedNonce: nonce, pkceCodeVerifier: verifier, idTokenExpected: true };
  const tokens = await client.authorizationCodeGrant(configuration, url, checks);
  const claims = tokens.claims();
  if (claims === undefined) throw new Error('no id token');
  const told =
    claims.email === undefined && configuration.serverMetadata().userinfo_endpoint !== undefined
      ? await client.fetchUserInfo(configuration, tokens.access_token, claims.sub)
      : claims;
  if (typeof told.email !== 'string' || told.email_verified !== true) throw new Error('no verified e-mail address');
  return emailOf(told.email);
}

/** Undefined: nobody active has that address. */
async function signIn(
  { pool, clock }: Suanpan,
  request: FastifyRequest,
  email: string,
  pepper: string,
): Promise<string | undefined> {
  const found = await findPersonByEmail(pool, email);
  if (found === undefined) return undefined;
  const opened = await inTransaction(pool, async (tx) => {
    const person = await lockPerson(tx, found.id);
    if (person === undefined || person.disabledAt !== null) return refuse('WRONG_PASSWORD');
    const agent = String(request.headers['user-agent'] ?? '');
    const made = await openSession(tx, { person: person.id, way: 'oidc', address: request.ip, agent }, pepper, clock());
    const { id, role, account } = person;
    const caller = { account, prefix: id, rootKey: null, scopes: [], book: null, person: { role, session: '' } };
    const doing = { caller, params: {}, query: {}, body: undefined, request };
    const kept = { chain: account ?? '', before: undefined, after: { session: made.session.prefix } };
    await keepAct(tx, actOf(clock(), { method: 'GET', url: callback }, doing, kept));
    return made;
  });
  return isRefusal(opened) ? undefined : opened.token;
}
