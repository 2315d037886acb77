// Held calls in bulk: found by code, decided together, each with a receipt that says who decided.

import { afterAll, beforeAll, expect, test } from 'vitest';
import { expectSound } from '../faults/agree.ts';
import { type Json, type OpenApp, openAccountWith, openApp } from '../http/open-app.ts';

const time = '2026-01-12T10:00:00+08:00';
const accounts = ['acme', 'globex'];
let open: OpenApp;
let acme: { readonly authorization: string };

const sent = async (reply: Promise<{ readonly status: number; readonly json: Json; readonly text: string }>) => {
  const { status, json, text } = await reply;
  expect(status, text).toBeLessThan(300);
  return json;
};
const call = (account: string, id: string, resultCode: string) => ({
  account,
  id,
  time,
  action: 'IdCardVerification',
  resultCode,
});

beforeAll(async () => {
  open = await openApp(time);
  for (const id of accounts) await openAccountWith(open, id, '1000.00');
  acme = await open.keyOf('acme');
  const events = accounts.flatMap((account) =>
    Array.from({ length: 750 }, (_, index) => call(account, `c-${index}`, index % 3 === 0 ? '98' : '99')),
  );
  await sent(open.call('POST', '/v1/events', events));
});
afterAll(() => open.close());

test('how many wait for what', async () => {
  const { codes } = await sent(open.call('GET', '/v1/reviews/codes'));
  const row = { action: 'IdCardVerification', reason: 'EVENT_HELD', accounts: 2, oldest: '2026-01-12T02:00:00+00:00' };
  expect(codes).toMatchObject([
    { ...row, resultCode: '99', events: 1_000, calls: 1_000, oldest: expect.any(String) },
    { ...row, resultCode: '98', events: 500, calls: 500, oldest: expect.any(String) },
  ]);
  const own = await sent(open.call('GET', '/v1/reviews/codes', undefined, acme));
  expect(own.codes).toMatchObject([
    { accounts: 1, events: 500 },
    { accounts: 1, events: 250 },
  ]);
});

test('page by page, each once, an account its own only', async () => {
  const seen = new Set<string>();
  let next: unknown = '';
  for (let pages = 0; next !== null; pages += 1) {
    expect(pages).toBeLessThan(20);
    const cursor = next === '' ? '' : `&cursor=${next}`;
    const page = await sent(open.call('GET', `/v1/reviews?limit=200&resultCode=98${cursor}`));
    for (const { account, event, facts } of page.held as Json[]) {
      expect(facts).toMatchObject({ resultCode: '98' });
      seen.add(`${account} ${event}`);
    }
    next = page.next;
  }
  expect(seen.size).toBe(500);
  const own = await sent(open.call('GET', '/v1/reviews?limit=200', undefined, acme));
  expect(new Set((own.held as Json[]).map(({ account }) => account))).toEqual(new Set(['acme']));
  expect((await open.call('GET', '/v1/reviews?account=globex', undefined, acme)).status).toBe(404);
});

test('only operators decide', async () => {
  expect((await open.call('POST', '/v1/reviews', { charge: true }, acme)).status).toBe(403);
  expect((await open.call('POST', '/v1/reviews', { charge: true, account: 'nobody' })).json).toMatchObject({
    code: 'NOT_FOUND',
  });
});

test('a decision for a code: a thousand at once, the rest when it is sent again, nothing twice', async () => {
  const decision = { action: 'IdCardVerification', resultCode: '99', charge: true };
  expect(await sent(open.call('POST', '/v1/reviews', decision))).toEqual({ decided: 1_000, refused: [], more: true });
  expect(await sent(open.call('POST', '/v1/reviews', decision))).toEqual({ decided: 0, refused: [], more: false });
  const receipt = await sent(open.call('GET', '/v1/events/c-1/receipt?account=acme'));
  expect(receipt).toMatchObject({ outcome: 'charged', postpaid: 1, reviewedBy: expect.any(String) });
});

test('the others are let go, for one account, then for all; nothing waits then', async () => {
  const decide = (more: Json) => sent(open.call('POST', '/v1/reviews', { charge: false, ...more }));
  expect(await decide({ account: 'acme' })).toEqual({ decided: 250, refused: [], more: false });
  expect(await decide({ reason: 'LATE_INTO_FINAL' })).toMatchObject({ decided: 0 });
  expect(await decide({ reason: 'EVENT_HELD' })).toMatchObject({ decided: 250 });
  expect(await sent(open.call('GET', '/v1/reviews/codes'))).toEqual({ codes: [] });
  expect(await sent(open.call('GET', '/v1/reviews'))).toEqual({ held: [], next: null });
});

test('two people decide at once: each call once', async () => {
  await sent(
    open.call(
      'POST',
      '/v1/events',
      Array.from({ length: 200 }, (_, index) => call('acme', `r-${index}`, '97')),
    ),
  );
  const both = await Promise.all([true, true].map((charge) => sent(open.call('POST', '/v1/reviews', { charge }))));
  expect(both.reduce((sum, { decided }) => sum + Number(decided), 0)).toBe(200);
  await expectSound(open.suanpan);
});
