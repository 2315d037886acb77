// Sign-in by a real identity provider: who it vouches for and is known here gets in, and nobody else.

import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { Provider } from 'oidc-provider';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readConfiguration } from '../../src/configuration.ts';
import { buildHttp } from '../../src/http/app.ts';
import { type Json, type OpenApp, openApp } from '../http/open-app.ts';
import { invite } from '../http/people.ts';

const publicUrl = 'https://pay.example';
const client = { clientId: 'suanpan', clientSecret: 'a secret of the client' };
let open: OpenApp;
let app: FastifyInstance;
let server: Server;
let issuer = '';
/** What the provider says of whoever signs in there. */
let claims: { email?: string; email_verified?: boolean } = {};

/** Everybody who comes is signed in at once, and agrees. */
function providerAt(url: string): Provider {
  const provider = new Provider(url, {
    clients: [
      {
        client_id: client.clientId,
        client_secret: client.clientSecret,
        redirect_uris: [`${publicUrl}/sign-in/oidc/callback`],
      },
    ],
    claims: { openid: ['sub'], email: ['email', 'email_verified'] },
    features: { devInteractions: { enabled: false } },
    interactions: { url: (_context, { uid }) => `/interaction/${uid}` },
    findAccount: async (_context, id) => ({ accountId: id, claims: async () => ({ sub: id, ...claims }) }),
    cookies: { keys: ['keys of the test'] },
  });
  provider.use(async (context, next) => {
    if (!context.path.startsWith('/interaction/')) return next();
    const { prompt, params, session } = await provider.interactionDetails(context.req, context.res);
    const accountId = session?.accountId ?? 'someone';
    if (prompt.name === 'login') {
      const to = await provider.interactionResult(context.req, context.res, { login: { accountId } });
      return context.redirect(to);
    }
    const grant = new provider.Grant({ accountId, clientId: String(params.client_id) });
    grant.addOIDCScope('openid email');
    const to = await provider.interactionResult(context.req, context.res, { consent: { grantId: await grant.save() } });
    return context.redirect(to);
  });
  return provider;
}

beforeAll(async () => {
  open = await openApp('2026-01-12T09:00:00+08:00');
  let handle: ReturnType<Provider['callback']> | undefined;
  server = createServer((request, response) => void handle?.(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  handle = providerAt(issuer).callback();
  app = await buildHttp(open.suanpan, { pepper: 'pepper for tests', publicUrl, oidc: { issuer, ...client } });
});
afterAll(async () => {
  await app?.close();
  server.closeAllConnections();
  server.close();
  await open?.close();
});

const cookiesOf = (header: unknown): string[] =>
  ([header].flat() as (string | undefined)[]).flatMap((text) => (text === undefined ? [] : [text.split(';')[0] ?? '']));

/** From our page to the provider and back, as a browser goes; what our own server says at the end. */
async function goAround(tamper: (url: URL) => void = () => {}) {
  const begun = await app.inject({ method: 'GET', url: '/sign-in/oidc' });
  const pending = cookiesOf(begun.headers['set-cookie']).join('; ');
  let url = String(begun.headers.location);
  const jar = new Map<string, string>();
  for (let hops = 0; url.startsWith(issuer) && hops < 12; hops += 1) {
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
    const response = await fetch(url, { redirect: 'manual', headers: { cookie } });
    for (const each of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(each) ?? [];
      jar.set(name, value);
    }
    url = new URL(response.headers.get('location') ?? '', url).href;
  }
  const back = new URL(url);
  tamper(back);
  const headers = { cookie: pending };
  return { back, pending, answer: await app.inject({ method: 'GET', url: `${back.pathname}${back.search}`, headers }) };
}

test('a person whose address the provider vouches for is signed in', async () => {
  const { id } = await invite(open, { email: 'li@example.com', role: 'finance' });
  claims = { email: 'Li@Example.com', email_verified: true };
  const { answer, back, pending } = await goAround();
  expect(answer.headers.location).toBe('/sign-in');
  const cookies = cookiesOf(answer.headers['set-cookie']);
  const [session] = cookies.filter((text) => text.startsWith('__Host-suanpan=ss_'));
  const me = await app.inject({ method: 'GET', url: '/v1/me', headers: { cookie: String(session) } });
  expect((JSON.parse(me.payload) as Json).person).toMatchObject({ id, email: 'li@example.com' });
  const sessions = await app.inject({ method: 'GET', url: '/v1/sessions', headers: { cookie: String(session) } });
  const all = (JSON.parse(sessions.payload) as { sessions: Json[] }).sessions;
  expect(all.find(({ current }) => current === true)).toMatchObject({ way: 'oidc' });
  // The same way back a second time, and without the cookie that it began with.
  const again = await app.inject({
    method: 'GET',
    url: `${back.pathname}${back.search}`,
    headers: { cookie: pending },
  });
  expect(again.headers.location).toBe('/sign-in?refused=1');
  const without = await app.inject({ method: 'GET', url: `${back.pathname}${back.search}` });
  expect(without.headers.location).toBe('/sign-in?refused=1');
});

test.each([
  ['nobody has that address', { email: 'nobody@example.com', email_verified: true }],
  ['the address is not verified', { email: 'li@example.com', email_verified: false }],
  ['there is no address', {}],
])('%s: nobody is signed in, and nobody is made', async (_why, said) => {
  claims = said;
  const { answer } = await goAround();
  expect(answer.headers.location).toBe('/sign-in?refused=1');
  expect(cookiesOf(answer.headers['set-cookie']).some((text) => text.includes('ss_'))).toBe(false);
  const { json } = await open.call('GET', '/v1/people');
  expect((json.people as Json[]).map(({ email }) => email)).toEqual(['li@example.com']);
});

test('another state, or another code, is refused; so is who is turned off here', async () => {
  claims = { email: 'li@example.com', email_verified: true };
  for (const name of ['state', 'code']) {
    const { answer } = await goAround((url) => url.searchParams.set(name, 'another'));
    expect(answer.headers.location).toBe('/sign-in?refused=1');
  }
  const { json } = await open.call('GET', '/v1/people');
  const [li] = json.people as Json[];
  await open.call('PATCH', `/v1/people/${li?.id}`, { active: false });
  expect((await goAround()).answer.headers.location).toBe('/sign-in?refused=1');
});

test('a provider that cannot be reached costs a sign-in, and no more', async () => {
  const other = await buildHttp(open.suanpan, {
    ...{ pepper: 'pepper for tests', publicUrl },
    oidc: { issuer: 'http://127.0.0.1:9', ...client },
  });
  const { statusCode, headers } = await other.inject({ method: 'GET', url: '/sign-in/oidc' });
  expect([statusCode, headers.location]).toEqual([302, '/sign-in?refused=1']);
  expect((await other.inject({ method: 'GET', url: '/sign-in' })).payload).toContain('data-oidc');
  await other.close();
});

test('the settings go together, and the provider is asked over TLS', () => {
  const all = {
    SUANPAN_OIDC_ISSUER: 'https://id.example',
    SUANPAN_OIDC_CLIENT_ID: 'a',
    SUANPAN_OIDC_CLIENT_SECRET: 'b',
    SUANPAN_PUBLIC_URL: publicUrl,
  };
  expect(readConfiguration(all).oidc).toMatchObject({ issuer: 'https://id.example' });
  expect(readConfiguration({}).oidc).toBe(null);
  for (const name of Object.keys(all)) {
    expect(() => readConfiguration({ ...all, [name]: undefined })).toThrow(/SUANPAN_OIDC_ISSUER/);
  }
  expect(() => readConfiguration({ ...all, SUANPAN_OIDC_ISSUER: 'http://id.example' })).toThrow(/https/);
});
