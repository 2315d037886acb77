// People: invited, signed in, changed, turned off; and that a session is worth nothing to other sites, after its end, or to others.

import { afterAll, beforeAll, expect, test } from 'vitest';
import { basic, type Json, type OpenApp, openAccountWith, openApp, type Reply } from '../http/open-app.ts';
import { type Browser, browserOf, invite, password } from '../http/people.ts';

const day = '2026-01-12T09:00:00+08:00';
let open: OpenApp;
beforeAll(async () => {
  open = await openApp(day);
  for (const id of ['acme', 'globex']) await openAccountWith(open, id, '1000.00');
});
afterAll(() => open?.close());

const refusal = ({ status, json }: Reply) => ({ status, code: json.code });
const setPassword = (link: Json, text = password) =>
  open.call('POST', '/v1/passwords', { token: String(link.url).split('#')[1], password: text }, { authorization: '' });

test('a person is invited, sets a password by the link once, signs in and out', async () => {
  const { json: made, status } = await open.call('POST', '/v1/people', {
    ...{ email: ' Li@Example.COM'.trim(), name: 'Li', role: 'owner', account: 'acme' },
  });
  expect(status).toBe(201);
  expect(made).toMatchObject({ email: 'li@example.com', state: 'invited', account: 'acme', role: 'owner' });
  const link = made.link as Json;
  expect(link.url).toMatch(/^http:\/\/127\.0\.0\.1:8080\/password#pw_[0-9a-f]{24}_/);
  const browser = browserOf(open);
  expect(refusal(await browser.signIn('li@example.com', 'whatever it may be'))).toEqual({
    status: 401,
    code: 'WRONG_PASSWORD',
  });
  expect(refusal(await setPassword(link, 'short'))).toEqual({ status: 422, code: 'WEAK_PASSWORD' });
  expect((await setPassword(link)).json).toEqual({ email: 'li@example.com' });
  expect(refusal(await setPassword(link))).toEqual({ status: 410, code: 'LINK_ENDED' });

  const signedIn = await browser.signIn('LI@example.com', password);
  expect(signedIn.status).toBe(201);
  expect(signedIn.headers['set-cookie']).toMatch(/^__Host-suanpan=ss_.*; Path=\/; Secure; HttpOnly; SameSite=Lax$/);
  expect(signedIn.json.person).toMatchObject({ email: 'li@example.com', duties: ['read', 'buy', 'keys', 'people'] });
  expect(signedIn.text).not.toContain('ss_');
  expect((await browser.call('GET', '/v1/me')).json).toMatchObject({ role: 'account', account: 'acme', key: null });
  expect((await browser.call('GET', '/v1/accounts/acme')).status).toBe(200);
  expect((await browser.call('GET', '/v1/accounts/globex')).status).toBe(404);
  const { sessions } = (await browser.call('GET', '/v1/sessions')).json as { sessions: Json[] };
  expect(sessions).toMatchObject([{ way: 'password', current: true }]);
  const out = await browser.call('DELETE', '/v1/sessions/current');
  expect(out.headers['set-cookie']).toMatch(/^__Host-suanpan=; Max-Age=0/);
  expect(refusal(await browser.call('GET', '/v1/me'))).toEqual({ status: 401, code: 'UNAUTHENTICATED' });
});

test('no stored row is enough to sign in or to set a password, and the audit holds neither', async () => {
  const { link, browser } = await invite(open, { email: 'kept@example.com', role: 'finance' });
  const { rows } = await open.suanpan.pool.query(
    `select (select json_agg(s) from sessions s)::text || (select json_agg(l) from password_links l)::text
       || (select json_agg(p) from people p)::text || (select json_agg(a) from audit a)::text
       || coalesce((select json_agg(i) from idempotency_keys i)::text, '') as all`,
  );
  const [{ all }] = rows as [{ all: string }];
  expect(all).not.toContain(password);
  expect(all).not.toContain(String(link.url).slice(-32));
  expect(all).not.toContain(browser.token().slice(-32));
});

test('guessing is told off for whoever guesses, and the person still gets in from elsewhere', async () => {
  await invite(open, { email: 'victim@example.com', role: 'support' });
  const thief = browserOf(open, '203.0.113.7');
  for (let tries = 0; tries < 5; tries += 1) {
    expect((await thief.signIn('victim@example.com', `guess number ${tries}`)).status).toBe(401);
  }
  const told = await thief.signIn('victim@example.com', password);
  expect(refusal(told)).toEqual({ status: 429, code: 'TOO_MANY_REQUESTS' });
  expect(Number(told.headers['retry-after'])).toBeGreaterThan(60);
  expect((await browserOf(open, '203.0.113.8').signIn('victim@example.com', password)).status).toBe(201);
  // At once they are no more than one after the other.
  const crowd = browserOf(open, '203.0.113.9');
  const all = await Promise.all(
    Array.from({ length: 12 }, (_, n) => crowd.signIn('victim@example.com', `together ${n}`)),
  );
  expect(all.filter(({ status }) => status === 401).length).toBe(5);
  // Nor does it matter whether there is such a person.
  const other = browserOf(open, '203.0.113.10');
  for (let tries = 0; tries < 5; tries += 1) {
    expect(refusal(await other.signIn('nobody@example.com', 'guess'))).toEqual({ status: 401, code: 'WRONG_PASSWORD' });
  }
  expect((await other.signIn('nobody@example.com', 'guess')).status).toBe(429);
});

test('a right password costs no tries', async () => {
  await invite(open, { email: 'often@example.com', role: 'read-only' });
  const browser = browserOf(open, '203.0.113.20');
  for (let times = 0; times < 7; times += 1)
    expect((await browser.signIn('often@example.com', password)).status).toBe(201);
});

test('what changes something by a cookie must come from our own page', async () => {
  const { browser } = await invite(open, { email: 'admin2@example.com', role: 'admin' });
  const account = (id: string) => ({ id, book: 'faceid-legacy', opened: '2026-01-01' });
  const post = (headers: Record<string, string>, id = 'x') => browser.raw('POST', '/v1/accounts', account(id), headers);
  const foreign = { status: 403, code: 'FOREIGN_ORIGIN' };
  expect(refusal(await post({}))).toEqual(foreign);
  expect(refusal(await post({ origin: 'https://evil.example' }))).toEqual(foreign);
  expect(refusal(await post({ origin: 'null' }))).toEqual(foreign);
  expect(refusal(await post({ origin: 'http://localhost', 'sec-fetch-site': 'cross-site' }))).toEqual(foreign);
  expect(refusal(await post({ origin: 'http://localhost:81', 'sec-fetch-site': 'same-site' }))).toEqual(foreign);
  expect((await open.call('GET', '/v1/accounts/x')).status).toBe(404);
  expect((await post({ origin: 'http://localhost:80' }, 'by-origin')).status).toBe(201);
  expect((await post({ 'sec-fetch-site': 'same-origin' }, 'by-site')).status).toBe(201);
  // Nobody is signed in by another site's page either.
  const credentials = { email: 'admin2@example.com', password };
  const headers = { authorization: '', 'sec-fetch-site': 'cross-site' };
  expect(refusal(await open.call('POST', '/v1/sessions', credentials, headers))).toEqual(foreign);
});

test('a session ends after twelve idle hours, after a week, with a new password, and when its person is turned off', async () => {
  const { browser, id } = await invite(open, { email: 'ends@example.com', role: 'finance' });
  const alive = async () => (await browser.call('GET', '/v1/me')).status;
  // What the server remembers of a person it forgets when they are changed.
  const later = (time: string) => {
    open.setClock(time);
    return open.call('PATCH', `/v1/people/${id}`, {});
  };
  expect(await alive()).toBe(200);
  await later('2026-01-12T20:59:00+08:00');
  expect(await alive()).toBe(200);
  for (const each of ['2026-01-13T08:00', '2026-01-13T19:00', '2026-01-14T06:00']) {
    await later(`${each}:00+08:00`);
    expect(await alive()).toBe(200);
    // Noted behind the answer.
    await expect.poll(async () => (await used(id)) === each).toBe(true);
  }
  await later('2026-01-14T18:00:01+08:00');
  expect(await alive()).toBe(401);
  open.setClock(day);

  const [here, there] = [browserOf(open), browserOf(open)];
  for (const each of [here, there]) expect((await each.signIn('ends@example.com', password)).status).toBe(201);
  const change = (current: string) =>
    here.call('POST', '/v1/me/password', { current, password: 'another password, longer' });
  expect(refusal(await change('not it at all'))).toEqual({ status: 401, code: 'WRONG_PASSWORD' });
  expect((await change(password)).status).toBe(200);
  expect((await here.call('GET', '/v1/me')).status).toBe(200);
  expect((await there.call('GET', '/v1/me')).status).toBe(401);
  await open.call('PATCH', `/v1/people/${id}`, { active: false });
  expect((await here.call('GET', '/v1/me')).status).toBe(401);
  expect(refusal(await here.signIn('ends@example.com', 'another password, longer'))).toEqual({
    status: 401,
    code: 'WRONG_PASSWORD',
  });
  await open.call('PATCH', `/v1/people/${id}`, { active: true });
  expect((await here.signIn('ends@example.com', 'another password, longer')).status).toBe(201);
});

const used = async (person: string): Promise<string> => {
  const { rows } = await open.suanpan.pool.query<{ at: string }>(
    `select to_char(to_timestamp(max(used_ms) / 1000) at time zone 'Asia/Shanghai', 'YYYY-MM-DD"T"HH24:MI') as at
     from sessions where person = $1`,
    [person],
  );
  return rows[0]?.at ?? '';
};

test('a role that changes counts at once', async () => {
  const { browser, id } = await invite(open, { email: 'role@example.com', role: 'finance' });
  const topUp = () =>
    browser.call('POST', '/v1/accounts/acme/top-ups', { amount: '1.00' }, { 'idempotency-key': `t${Math.random()}` });
  expect((await topUp()).status).toBe(201);
  await open.call('PATCH', `/v1/people/${id}`, { role: 'support' });
  const refused = await topUp();
  expect(refusal(refused)).toEqual({ status: 403, code: 'DUTY_REQUIRED' });
  expect(refused.json.detail).toContain('support');
});

test('an owner has a hand in the people of the own account alone, and nobody changes their own role', async () => {
  const { browser: owner, id } = await invite(open, { email: 'owner@acme.example', role: 'owner', account: 'acme' });
  const { id: other } = await invite(open, { email: 'owner@globex.example', role: 'owner', account: 'globex' });
  const { id: operator } = await invite(open, { email: 'op@example.com', role: 'support' });
  const asked = { email: 'new@acme.example', name: 'New', role: 'member' };
  expect((await owner.call('POST', '/v1/people', asked)).json).toMatchObject({ account: 'acme', role: 'member' });
  expect((await owner.call('POST', '/v1/people', { ...asked, account: 'globex' })).status).toBe(404);
  expect(refusal(await owner.call('POST', '/v1/people', { ...asked, email: 'b@acme.example', role: 'admin' }))).toEqual(
    {
      status: 422,
      code: 'ROLE_OF_OTHER_SIDE',
    },
  );
  for (const stranger of [other, operator, 'none']) {
    expect((await owner.call('GET', `/v1/people/${stranger}`)).status).toBe(404);
    expect((await owner.call('PATCH', `/v1/people/${stranger}`, { active: false })).status).toBe(404);
    expect((await owner.call('POST', `/v1/people/${stranger}/link`, {})).status).toBe(404);
  }
  const { people } = (await owner.call('GET', '/v1/people')).json as { people: Json[] };
  expect(people.every(({ account }) => account === 'acme')).toBe(true);
  expect(refusal(await owner.call('PATCH', `/v1/people/${id}`, { role: 'member' }))).toEqual({
    status: 409,
    code: 'NOT_ONESELF',
  });
  expect(refusal(await open.call('PATCH', `/v1/people/${id}`, { role: 'finance' }))).toEqual({
    status: 422,
    code: 'ROLE_OF_OTHER_SIDE',
  });
  expect(
    refusal(await open.call('POST', '/v1/people', { ...asked, email: 'NEW@acme.example', account: 'acme' })),
  ).toEqual({
    status: 409,
    code: 'EMAIL_TAKEN',
  });
  // No key of the account may.
  expect((await open.call('GET', '/v1/people', undefined, await open.keyOf('acme'))).status).toBe(403);
  // A key signs nobody in.
  expect(refusal(await open.call('GET', '/v1/sessions'))).toEqual({ status: 403, code: 'PERSON_REQUIRED' });
});

test('an owner makes, lists, rotates and revokes the keys of the own account, and sees no other', async () => {
  const { browser: owner } = await invite(open, { email: 'keys@acme.example', role: 'owner', account: 'acme' });
  const { browser: member } = await invite(open, { email: 'member@acme.example', role: 'member', account: 'acme' });
  const { json: foreign } = await open.call('POST', '/v1/accounts/globex/keys', { name: 'theirs' });
  const { json: operators } = await open.call('POST', '/v1/keys', { role: 'operator', name: 'ours' });
  const { json: made, status } = await owner.call('POST', '/v1/accounts/acme/keys', {
    name: 'mine',
    scopes: ['meter'],
  });
  expect(status).toBe(201);
  expect(made.key).toMatch(/^sk_ac_/);
  expect((await member.call('POST', '/v1/accounts/acme/keys', { name: 'x' })).json.code).toBe('DUTY_REQUIRED');
  expect((await owner.call('POST', '/v1/accounts/globex/keys', { name: 'x' })).status).toBe(404);
  expect((await owner.call('POST', '/v1/keys', { role: 'operator' })).json.code).toBe('DUTY_REQUIRED');
  const { keys } = (await owner.call('GET', '/v1/keys?limit=200')).json as { keys: Json[] };
  expect(keys.length).toBeGreaterThan(0);
  expect(keys.every(({ account }) => account === 'acme')).toBe(true);
  const { json: rotated } = await owner.call('POST', `/v1/keys/${made.id}/rotate`, { overlapHours: 0 });
  expect(rotated).toMatchObject({ account: 'acme', scopes: ['meter'] });
  for (const { id } of [foreign, operators]) {
    expect((await owner.call('POST', `/v1/keys/${id}/rotate`, {})).status).toBe(404);
    expect((await owner.call('DELETE', `/v1/keys/${id}`)).status).toBe(404);
  }
  expect((await owner.call('DELETE', `/v1/keys/${rotated.id}`)).status).toBe(200);
  const gone = await open.call('GET', '/v1/me', undefined, { authorization: `Bearer ${rotated.key}` });
  expect(gone.status).toBe(401);
});

test.each(['/sign-in', '/password', '/', '/accounts/acme/packs'])(
  '%s is a page of ours, with no script but its files, and in no frame',
  async (url) => {
    for (const language of ['zh', 'en']) {
      const { status, text, headers } = await open.call('GET', `${url}?lang=${language}`, undefined, {
        authorization: '',
      });
      expect(status).toBe(200);
      expect(text).toContain(`<html lang="${language}"`);
      expect(text).not.toMatch(/<script>|onclick|%NONCE%/);
      const policy = headers['content-security-policy'];
      for (const part of ["default-src 'none'", "script-src 'self' 'nonce-"]) expect(policy).toContain(part);
      expect(policy).toContain("frame-ancestors 'none'");
      expect(policy).not.toContain('unsafe-inline');
      expect(headers['cache-control']).toBe('no-store');
    }
  },
);

test('the last admin stays, whoever asks at the same time', async () => {
  const { people } = (await open.call('GET', '/v1/people?limit=200')).json as { people: Json[] };
  const admins = people.filter(({ role }) => role === 'admin');
  expect(admins.length).toBe(1);
  const { id: second } = await invite(open, { email: 'second@example.com', role: 'admin' });
  const off = (id: unknown) => open.call('PATCH', `/v1/people/${id}`, { active: false });
  const answers = await Promise.all([off(admins[0]?.id), off(second)]);
  expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 409]);
  expect(answers.find(({ status }) => status === 409)?.json.code).toBe('LAST_ADMIN');
});

test('an act by a person is kept under the person', async () => {
  const { browser, id } = await invite(open, { email: 'acts@example.com', role: 'finance' });
  await browser.call(
    'POST',
    '/v1/gifts',
    { account: 'globex', product: 'basic_authority', calls: 1, id: 'g' },
    { 'idempotency-key': 'g' },
  );
  const { acts } = (await open.call('GET', '/v1/audit?account=globex')).json as { acts: Json[] };
  expect(acts.some(({ by, operation }) => by === id && operation === 'POST /v1/gifts')).toBe(true);
});

test('a stale cookie keeps nobody from what anyone may see, and a key beside it counts', async () => {
  const stale: Browser = browserOf(open);
  const headers = { cookie: `__Host-suanpan=ss_${'0'.repeat(16)}_${'a'.repeat(32)}` };
  const quote = { book: 'faceid-legacy', use: [{ of: basic, calls: 5 }] };
  expect((await stale.raw('POST', '/v1/quotes', quote, headers)).status).toBe(200);
  expect((await open.call('GET', '/v1/me', undefined, headers)).json).toMatchObject({ role: 'operator', person: null });
});

test('a link that was made before is good no longer once the password is changed, or its person turned off', async () => {
  const { id, browser } = await invite(open, { email: 'vic@acme.example', role: 'member', account: 'acme' });
  const tokenOf = ({ json }: { readonly json: Json }) => String((json.link as { url: string }).url).split('#')[1];
  const use = (token: string | undefined) =>
    open.call('POST', '/v1/passwords', { token, password: 'whoever found the link' }, { authorization: '' });
  const reset = tokenOf(await open.call('POST', `/v1/people/${id}/link`));
  const change = { current: password, password: 'my new long secret' };
  expect((await browser.call('POST', '/v1/me/password', change)).status).toBe(200);
  expect((await use(reset)).json.code).toBe('LINK_ENDED');
  const invited = await open.call('POST', '/v1/people', { email: 'leak@acme.example', name: 'x', role: 'finance' });
  for (const active of [false, true]) await open.call('PATCH', `/v1/people/${invited.json.id}`, { active });
  expect((await use(tokenOf(invited))).json.code).toBe('LINK_ENDED');
});
