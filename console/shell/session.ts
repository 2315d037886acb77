// Who is looking: a person who has signed in, or nobody.

import { type QueryClient, useQuery } from '@tanstack/react-query';
import type { Duty } from '../../src/core/roles.ts';
import { type Answer, ask, Problem } from '../server/ask.ts';
import { currentLanguage } from './language.ts';
import { isSite } from './place.ts';
import { keepPortalToken, portalToken } from './portal.ts';

export type Me = NonNullable<Answer<'me'>['person']>;

export const meKey = ['me'] as const;

/** The server says in the page whether a session came with the request for it: a page for visitors asks nothing. */
const mark = 'data-session';

/** Whoever came by a portal token: nobody in particular, who may look at one account. */
export async function readVisitor(): Promise<Me> {
  const { account, key } = await ask<Answer<'me'>>('GET', '/v1/me');
  // Of an operator's key a browser must not make a page.
  if (account === null) throw new Error('no portal token');
  const id = key ?? '';
  return { id, email: '', name: id, role: 'read-only', account, language: currentLanguage(), duties: ['read'] };
}

async function readMe(): Promise<Me | null> {
  if (portalToken() !== null) {
    try {
      return await readVisitor();
    } catch (error) {
      if (!(error instanceof Problem) || error.document.status !== 401) throw error;
      // Its time is up.
      keepPortalToken(null);
    }
  }
  if (!document.documentElement.hasAttribute(mark) && !import.meta.env.DEV) return null;
  try {
    const { person } = await ask<Answer<'me'>>('GET', '/v1/me');
    return person;
  } catch (error) {
    if (error instanceof Problem && error.document.status === 401) return null;
    throw error;
  }
}

/** Another person sees nothing of what the last one saw. */
export function keepSignedIn(client: QueryClient, person: Me | null): void {
  client.clear();
  document.documentElement.toggleAttribute(mark, person !== null);
  client.setQueryData(meKey, person);
}

/** undefined: not known yet; null: nobody is signed in. */
export function useMe(): Me | null | undefined {
  const { data, isError } = useQuery({ queryKey: meKey, queryFn: readMe, enabled: !isSite, staleTime: 60_000 });
  return isSite || isError ? null : data;
}

export const may = (me: Me | null | undefined, duty: Duty | undefined): boolean =>
  duty === undefined || (me?.duties.includes(duty) ?? false);

/** Where somebody's day begins. */
export function startOf(me: Me | null): string {
  if (me === null) return isSite ? '/calculator' : '/sign-in';
  return me.account === null ? '/home' : `/accounts/${encodeURIComponent(me.account)}/overview`;
}
