// Settings: what is empty, what is refused and with which words, and whose word is taken for an address.

import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { ConfigurationError, readConfiguration } from '../../src/configuration.ts';

const proxies = (text: string) => readConfiguration({ SUANPAN_TRUSTED_PROXIES: text }).trustedProxies;

test('trusted proxies are addresses and networks', () => {
  expect(readConfiguration({}).trustedProxies).toEqual([]);
  expect(proxies('')).toEqual([]);
  expect(proxies('10.0.0.5')).toEqual(['10.0.0.5']);
  expect(proxies(' 10.1.0.0/16, fd00::/8 ,::1')).toEqual(['10.1.0.0/16', 'fd00::/8', '::1']);
});

test.each(['proxy', '10.0.0', '10.0.0.5/33', '10.0.0.5/0', '::1/129', '10.0.0.5/8/8', '10.0.0.5/', '*', 'true'])(
  '%s is none: everybody might claim to be anybody',
  (text) => {
    expect(() => proxies(text)).toThrow(ConfigurationError);
    expect(() => proxies(text)).toThrow('SUANPAN_TRUSTED_PROXIES');
  },
);

test('an empty setting means its default, whichever it is', () => {
  const names = [
    'PORT',
    'DATABASE_URL',
    ...['HOST', 'DATA', 'SANDBOX', 'LANES', 'METRICS'].map((each) => `SUANPAN_${each}`),
  ];
  const empty = readConfiguration(Object.fromEntries(names.map((name) => [name, ''])));
  expect(empty).toEqual(readConfiguration({}));
  expect(empty).toMatchObject({ host: '127.0.0.1', port: 8080, dataFolder: resolve('data'), sandbox: false });
});

test.each(['yes', 'true', 'on', '01', ' '])('SUANPAN_SANDBOX=%s is neither on nor off', (text) => {
  expect(() => readConfiguration({ SUANPAN_SANDBOX: text })).toThrow(/one of 0, 1, not.*\n.*只能是 0, 1 之一/);
});

test('a setting that nothing reads is refused, and the list of those there are is for people', () => {
  const refused = () => readConfiguration({ SUANPAN_LOG: 'debug' });
  expect(refused).toThrow(
    /Unknown setting SUANPAN_LOG\. Known: SUANPAN_DATA, [^\n]*SUANPAN_PROFILE\.\n没有设置项 SUANPAN_LOG/,
  );
  expect(refused).not.toThrow(/SEED|SCENARIOS/);
  expect(readConfiguration({ SUANPAN_SEED: '1', SUANPAN_SCENARIOS: '2' })).toEqual(readConfiguration({}));
});

test('mail takes a server and a sender, or neither', () => {
  const [url, from] = ['smtps://user:password@smtp.example.com', 'Suanpan <billing@example.com>'];
  expect(readConfiguration({}).mail).toBe(null);
  expect(readConfiguration({ SUANPAN_SMTP_URL: url, SUANPAN_MAIL_FROM: from }).mail).toEqual({ url, from });
  for (const wrong of [undefined, 'smtp.example.com', 'https://smtp.example.com']) {
    const given = { SUANPAN_MAIL_FROM: from, ...(wrong === undefined ? {} : { SUANPAN_SMTP_URL: wrong }) };
    expect(() => readConfiguration(given)).toThrow(/SUANPAN_SMTP_URL must be/);
  }
  for (const wrong of [undefined, 'Suanpan', 'a @ b']) {
    const given = { SUANPAN_SMTP_URL: url, ...(wrong === undefined ? {} : { SUANPAN_MAIL_FROM: wrong }) };
    expect(() => readConfiguration(given)).toThrow(/SUANPAN_MAIL_FROM must say/);
  }
});

test('a payment secret is long enough, and one that is refused is not shown', () => {
  const secret = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
  expect(readConfiguration({ SUANPAN_PAYMENT_SECRET: secret }).paymentSecret).toBe(secret);
  expect(readConfiguration({}).paymentSecret).toBeUndefined();
  for (const wrong of [secret.slice(6), `whsec_${Buffer.alloc(8, 7).toString('base64')}`, `${secret}!`]) {
    expect(() => readConfiguration({ SUANPAN_PAYMENT_SECRET: wrong })).toThrow(/^(?!.*BwcH).*whsec_/s);
  }
});
