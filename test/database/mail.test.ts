// Alerts are written to people by a real mail server: in their language, once, tried again, given up visibly.

import { afterAll, beforeAll, expect, test } from 'vitest';
import { deliver } from '../../src/deliveries/deliver.ts';
import { sendLinks } from '../../src/deliveries/links.ts';
import { letterOf } from '../../src/deliveries/mail.ts';
import { buildHttp } from '../../src/http/app.ts';
import { Mailbox } from '../http/mailbox.ts';
import { basic, type Json, type OpenApp, openAccountWith, openApp, sending } from '../http/open-app.ts';

const mailbox = new Mailbox();
const { got, refusals } = mailbox;
let open: OpenApp;
let mail = { url: '', from: 'Suanpan <billing@example.com>' };

beforeAll(async () => {
  open = await openApp('2026-01-12T10:00:00+08:00');
  await openAccountWith(open, 'acme', '10000.00');
  mail = { ...mail, url: await mailbox.open() };
});
afterAll(async () => {
  await mailbox.close();
  await open?.close();
});

const sent = async (reply: Promise<{ readonly status: number; readonly json: Json; readonly text: string }>) => {
  const { status, json, text } = await reply;
  expect(status, text).toBeLessThan(300);
  return json;
};
const recipients = (...mails: Json[]) => sent(open.call('PATCH', '/v1/accounts/acme/alert-settings', { mail: mails }));
const run = (route: typeof mail | null = mail) =>
  deliver(open.suanpan, { ...sending, mail: route }, new AbortController().signal);
const alerts = () => sent(open.call('POST', '/v1/jobs/alerts/run', {}));
const listed = async (state: string) =>
  (await sent(open.call('GET', `/v1/deliveries?state=${state}`))).deliveries as Json[];

test('a pack used up is written to each in his own language, as text and HTML, once', async () => {
  await recipients({ address: 'finance@example.com', language: 'zh' }, { address: 'ops@example.com', language: 'en' });
  await sent(open.once('POST', '/v1/packs', { account: 'acme', product: 'basic_authority', size: 1_000, id: 'p' }));
  await sent(
    open.call('POST', '/v1/events', {
      account: 'acme',
      id: 'e',
      meter: basic,
      calls: 1_000,
      time: '2026-01-12T10:00:00+08:00',
    }),
  );
  await alerts();
  expect(await run()).toMatchObject({ done: 2, failed: 0, waiting: 0 });
  expect(await run()).toMatchObject({ done: 0 });
  const [alert] = (await sent(open.call('GET', '/v1/alerts?account=acme&kind=pack-exhausted'))).alerts as {
    subject: { zh: string; en: string };
    lines: { zh: string; en: string }[];
  }[];
  for (const [to, language] of [
    ['finance@example.com', 'zh'],
    ['ops@example.com', 'en'],
  ] as const) {
    const [letter, ...more] = got.filter((each) => each.to === to);
    expect(more).toEqual([]);
    expect(letter?.subject).toBe(alert?.subject[language]);
    expect(letter?.from).toContain('billing@example.com');
    for (const line of alert?.lines ?? []) {
      expect(letter?.text).toContain(line[language]);
      expect(letter?.html).toContain(line[language]);
    }
  }
  expect((await listed('delivered')).map(({ id }) => `<${id}@suanpan>`).toSorted()).toEqual(
    got.map(({ id }) => id).toSorted(),
  );
});

test('who is refused for good is given up at once, visibly; who is put off, or cannot be reached, is tried again', async () => {
  refusals.nobody = 550;
  refusals.full = 452;
  await recipients({ address: 'nobody@example.com', language: 'en' }, { address: 'full@example.com', language: 'en' });
  await sent(open.once('POST', '/v1/packs', { account: 'acme', product: 'basic_selfie', size: 1_000, id: 'q' }));
  await sent(open.once('POST', '/v1/packs/q/refund', { account: 'acme' }));
  await alerts();
  expect(await run()).toMatchObject({ done: 0, failed: 2, waiting: 1 });
  expect(await listed('dead')).toMatchObject([{ mail: 'nobody@example.com', problem: 'smtp 550', tries: 1 }]);
  expect(await listed('waiting')).toMatchObject([{ mail: 'full@example.com', problem: 'smtp 452', tries: 1 }]);
  const before = got.length;
  open.setClock('2026-01-12T10:10:00+08:00');
  expect(await run({ ...mail, url: 'smtp://127.0.0.1:9' })).toMatchObject({ failed: 1, waiting: 1 });
  refusals.full = undefined;
  open.setClock('2026-01-12T10:30:00+08:00');
  expect(await run()).toMatchObject({ done: 1, waiting: 0 });
  expect(got.slice(before)).toMatchObject([{ to: 'full@example.com' }]);
});

test('a mail that was given up is sent again under its own id, by whoever it is about', async () => {
  const [dead] = await listed('dead');
  refusals.nobody = undefined;
  await openAccountWith(open, 'globex', '0.00');
  const replay = async (headers = {}) => open.call('POST', `/v1/deliveries/${dead?.id}/replay`, undefined, headers);
  expect((await replay(await open.keyOf('globex'))).status).toBe(404);
  expect((await replay(await open.keyOf('acme'))).json).toEqual({ replayed: 1 });
  expect(await run()).toMatchObject({ done: 1, waiting: 0 });
  expect(got.at(-1)).toMatchObject({ to: 'nobody@example.com', id: `<${dead?.id}@suanpan>` });
  expect((await open.call('POST', '/v1/deliveries/none/replay')).status).toBe(404);
});

test('a link to set a password goes by mail, in the person’s language, and is tried again', async () => {
  const app = await buildHttp(open.suanpan, {
    pepper: 'pepper for tests',
    mails: true,
    publicUrl: 'https://pay.example/',
  });
  const ask = async (method: 'POST', url: string, payload: Json) => {
    const headers = { authorization: `Bearer ${open.operator}` };
    return JSON.parse((await app.inject({ method, url, headers, payload })).payload) as Json;
  };
  const send = (route: typeof mail | null = mail) =>
    sendLinks(
      open.suanpan,
      { ...sending, mail: route, publicUrl: 'https://pay.example/' },
      new AbortController().signal,
    );
  const made = await ask('POST', '/v1/people', {
    email: 'li@example.com',
    name: 'Li <b>',
    role: 'finance',
    language: 'en',
  });
  // Whoever invites is not shown it.
  expect(made.link).toMatchObject({ url: null });
  expect(await send({ ...mail, url: 'smtp://127.0.0.1:9' })).toMatchObject({ done: 0, failed: 1, waiting: 1 });
  open.setClock('2026-01-12T10:40:00+08:00');
  expect(await send()).toMatchObject({ done: 1, waiting: 0 });
  expect(await send()).toMatchObject({ done: 0 });
  const letter = got.at(-1);
  expect(letter).toMatchObject({ to: 'li@example.com', subject: 'Suanpan: set your password' });
  expect(letter?.html).not.toContain('<b>');
  const token = /https:\/\/pay\.example\/password#(\S+)/.exec(letter?.text ?? '')?.[1];
  const password = 'correct horse battery';
  expect(await ask('POST', '/v1/passwords', { token, password })).toEqual({ email: 'li@example.com' });
  // A stranger who asks for another is answered alike, whoever it is for.
  for (const email of ['li@example.com', 'nobody-at-all@example.com']) {
    expect(await ask('POST', '/v1/password-resets', { email })).toEqual({ asked: true });
  }
  const before = got.length;
  await expect.poll(async () => (await send()).done + got.length - before).toBeGreaterThan(0);
  expect(got.slice(before)).toMatchObject([{ to: 'li@example.com', subject: 'Suanpan: reset your password' }]);
  await app.close();
});

test('an account sees what was sent of it, and not to whom the operator listens', async () => {
  const key = await open.keyOf('acme');
  await sent(open.call('POST', '/v1/webhooks', { url: 'http://127.0.0.1:9/' }));
  await sent(open.once('POST', '/v1/packs', { account: 'acme', product: 'basic_selfie', size: 1_000, id: 'r' }));
  await sent(open.once('POST', '/v1/packs/r/refund', { account: 'acme' }));
  await alerts();
  await run(null);
  const own = (await sent(open.call('GET', '/v1/deliveries', undefined, key))).deliveries as Json[];
  expect(own.length).toBe(4);
  expect(own.every(({ webhook }) => webhook === null)).toBe(true);
  expect((await listed('waiting')).length).toBe(1);
});

test('what an account is called cannot become markup', () => {
  const text = '<script>"><img src=x onerror=alert(1)>';
  const said = { zh: text, en: text };
  const alert = { subject: said, lines: [said] };
  const { html } = letterOf({ language: 'en', says: alert });
  expect(html).not.toMatch(/<script>|<img/);
});
