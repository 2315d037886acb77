// People of tests: invited by the operator's key, with a browser that has signed in.

import type { Json, Method, OpenApp, Reply } from './open-app.ts';

export const password = 'correct horse battery';

/** What a browser does: it keeps the cookie, and says whose page sent a request. */
export interface Browser {
  signIn(email: string, password: string): Promise<Reply>;
  /** As our own page sends it. */
  call(method: Method, url: string, body?: unknown, headers?: Record<string, string>): Promise<Reply>;
  /** With the cookie, and no word of where it comes from. */
  raw(method: Method, url: string, body?: unknown, headers?: Record<string, string>): Promise<Reply>;
  token(): string;
}

export function browserOf(open: OpenApp, address = '127.0.0.1'): Browser {
  let cookie = '';
  const raw: Browser['raw'] = async (method, url, body, headers = {}) => {
    const isJson = body !== undefined;
    const response = await open.app.inject({
      ...{ method, url, remoteAddress: address },
      headers: {
        ...(cookie === '' ? {} : { cookie }),
        ...(isJson ? { 'content-type': 'application/json' } : {}),
        ...headers,
      },
      ...(isJson ? { payload: JSON.stringify(body) } : {}),
    });
    const said = response.headers['set-cookie'];
    const set = typeof said === 'string' ? /^([^;]*);/.exec(said)?.[1] : undefined;
    if (set !== undefined) cookie = set;
    const text = response.payload;
    return {
      ...{ status: response.statusCode, text, headers: response.headers as Reply['headers'] },
      json: /json/.test(String(response.headers['content-type'])) ? (JSON.parse(text) as Json) : {},
    };
  };
  const call: Browser['call'] = (method, url, body, headers = {}) =>
    raw(method, url, body, { 'sec-fetch-site': 'same-origin', ...headers });
  return {
    ...{ raw, call },
    signIn: (email, text) => call('POST', '/v1/sessions', { email, password: text }),
    token: () => cookie.split('=')[1] ?? '',
  };
}

interface Invited {
  readonly id: string;
  readonly link: Json;
  readonly browser: Browser;
}

export async function invite(
  open: OpenApp,
  who: { readonly email: string; readonly role: string; readonly account?: string },
): Promise<Invited> {
  const { json } = await open.call('POST', '/v1/people', { name: who.email, ...who });
  const link = json.link as Json;
  await open.call('POST', '/v1/passwords', { token: String(link.url).split('#')[1], password }, { authorization: '' });
  const browser = browserOf(open);
  const { status, text } = await browser.signIn(who.email, password);
  if (status !== 201) throw new Error(text);
  return { id: String(json.id), link, browser };
}
