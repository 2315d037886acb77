// Settings: what is empty, what is refused and with which words, and whose word is taken for an address.

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { ConfigurationError, readConfiguration, settings, shownSetting, takeFile } from '../../src/configuration.ts';

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

test('origins of pages are whole, and named one by one', () => {
  const origins = (text: string) => readConfiguration({ SUANPAN_CORS_ORIGINS: text }).corsOrigins;
  expect(origins('')).toEqual([]);
  expect(origins('https://www.example.com, http://127.0.0.1:3000')).toEqual([
    'https://www.example.com',
    'http://127.0.0.1:3000',
  ]);
  for (const wrong of [
    '*',
    'null',
    'www.example.com',
    'https://a.example/',
    'https://A.example',
    'https://a:443',
    'file:///x',
    'https://a, b',
  ]) {
    expect(() => origins(wrong), wrong).toThrow(ConfigurationError);
  }
});

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
  const refused = () => readConfiguration({ SUANPAN_LOGS: 'debug' });
  expect(refused).toThrow(
    /Unknown setting SUANPAN_LOGS\. Known: SUANPAN_CONFIG, [^\n]*SUANPAN_PROFILE\.\n没有设置项 SUANPAN_LOGS/,
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

describe('a file of settings', () => {
  const folder = mkdtempSync(join(tmpdir(), 'suanpan-settings-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'suanpan.json');
  const taken = (text: string, environment: NodeJS.ProcessEnv = { SUANPAN_CONFIG: file }) => {
    writeFileSync(file, text);
    return { names: takeFile(environment), environment };
  };

  test('gives what the environment does not; it need not be there', () => {
    const { names, environment } = taken('{"PORT": 8081, "SUANPAN_JOBS": false, "SUANPAN_HOST": "0.0.0.0"}', {
      SUANPAN_DATA: folder,
      SUANPAN_HOST: '127.0.0.1',
    });
    expect(names).toEqual(['PORT', 'SUANPAN_JOBS']);
    expect(readConfiguration(environment)).toMatchObject({ port: 8081, jobs: false, host: '127.0.0.1' });
    expect(takeFile({ SUANPAN_DATA: join(folder, 'none') })).toEqual([]);
    expect(() => takeFile({ SUANPAN_CONFIG: join(folder, 'none') })).toThrow(/no file of settings/);
  });

  test.each([
    ['{"SUANPAN_JOB": 1}', /unknown setting SUANPAN_JOB; did you mean SUANPAN_JOBS\?/],
    ['{"port": 1}', /unknown setting port; did you mean PORT\?/],
    ['{"PORT": [1]}', /PORT must be a text, a number/],
    ['[]', /no file of settings/],
    ['{', /no file of settings/],
  ])('%s is refused', (text, words) => {
    expect(() => taken(text)).toThrow(words);
  });

  test('secrets are not shown', () => {
    expect(shownSetting('SUANPAN_PEPPER', 'secret')).toBe('***');
    expect(shownSetting('DATABASE_URL', 'postgres://me:word@host/db')).toBe('postgres://me:***@host/db');
    expect(shownSetting('SUANPAN_SMTP_URL', 'smtps://me:word@host')).not.toContain('word');
    expect(shownSetting('DATABASE_URL', 'no url with a word')).toBe('***');
    expect(shownSetting('PORT', '8080')).toBe('8080');
  });

  test('the document lists every setting', () => {
    const listed = readFileSync('docs/operating/README.md', 'utf8');
    expect(Object.keys(settings).filter((name) => !listed.includes(`\`${name}\``))).toEqual([]);
  });
});
