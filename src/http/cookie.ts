// The cookie that carries a session, and whether a request that carries it came from our own pages.

import type { IncomingHttpHeaders } from 'node:http';
import type { FastifyRequest } from 'fastify';

/** The prefix has browsers take it over TLS alone (or from this machine), for this host and every path of it. */
const name = '__Host-suanpan';
const pattern = new RegExp(`(?:^|; ?)${name}=([A-Za-z0-9_]{1,100}[A-Za-z0-9_-]{0,100})(?:;|$)`);

/** The token of the session; undefined: none is sent. */
export const sessionTokenOf = (cookie: string | undefined): string | undefined =>
  cookie === undefined ? undefined : pattern.exec(cookie)?.[1];

const attributes = 'Path=/; Secure; HttpOnly; SameSite=Lax';

/** Set-Cookie for a session that lasts so many milliseconds. */
export const sessionCookie = (token: string, milliseconds: number): string =>
  `${name}=${token}; Max-Age=${Math.floor(milliseconds / 1000)}; ${attributes}`;

/** Set-Cookie that takes it away. */
export const noSessionCookie = `${name}=; Max-Age=0; ${attributes}`;

const pendingName = '__Host-suanpan-oidc';
const pendingPattern = new RegExp(`(?:^|; ?)${pendingName}=([A-Za-z0-9+/=%]{1,2000})(?:;|$)`);

/** Set-Cookie for a sign-in that is under way at the identity provider. */
export const pendingCookie = (sealed: string, milliseconds: number): string =>
  `${pendingName}=${encodeURIComponent(sealed)}; Max-Age=${Math.floor(milliseconds / 1000)}; ${attributes}`;
export const noPendingCookie = `${pendingName}=; Max-Age=0; ${attributes}`;

export function pendingOf(cookie: string | undefined): string | undefined {
  const sealed = cookie === undefined ? undefined : pendingPattern.exec(cookie)?.[1];
  return sealed === undefined ? undefined : decodeURIComponent(sealed);
}

/** Whether the browser says that another site's page sent it. */
export const isOfOtherSite = ({ headers, host }: FastifyRequest): boolean => {
  const site = headers['sec-fetch-site'];
  if (site !== undefined) return site !== 'same-origin' && site !== 'none';
  return headers.origin !== undefined && !isOwn(headers, host);
};

/** Whether the browser says that our own page sent it: what changes something by a cookie needs that word. */
export const isOfOwnPage = ({ headers, host }: FastifyRequest): boolean =>
  headers['sec-fetch-site'] === undefined ? isOwn(headers, host) : headers['sec-fetch-site'] === 'same-origin';

/** A port that goes without saying may be said. */
function isOwn({ origin }: IncomingHttpHeaders, host: string): boolean {
  const from = URL.parse(origin ?? '');
  return from !== null && from.host === URL.parse(`${from.protocol}//${host}`)?.host;
}
