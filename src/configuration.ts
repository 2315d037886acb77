// Configuration from the environment. Unknown SUANPAN_ names are refused: a typo must not silently mean the default.

import { randomBytes } from 'node:crypto';
import { existsSync, linkSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { dirname, join, resolve } from 'node:path';
import { usualOrderDays } from './account/orders.ts';
import type { Words } from './core/price-book.ts';
import type { MetricsReaders } from './http/metrics.ts';
import { makeFolders } from './store/connection/folders.ts';
import { backupWords } from './words/backup.ts';
import { serverWords } from './words/server.ts';

export interface Configuration {
  readonly port: number;
  readonly host: string;
  readonly dataFolder: string;
  readonly databaseUrl: string | undefined;
  /** Lets POST /v1/clock set the time; for integrators' tests only. */
  readonly sandbox: boolean;
  /** Months are closed, and what is due is booked, by themselves: so unless told otherwise. */
  readonly jobs: boolean;
  /** Whole days that the transfer for an order may take. */
  readonly orderDays: number;
  /** What a payment system signs with that confirms orders. */
  readonly paymentSecret: string | undefined;
  /** Webhooks may lead into one's own network, and go without TLS. */
  readonly webhooksAnywhere: boolean;
  /** Through which server people are written to; null: nobody is. */
  readonly mail: { readonly url: string; readonly from: string } | null;
  /** Groups of the ledger under way at once. */
  readonly lanes: number;
  /** Events that may wait before callers are refused with 503. */
  readonly mostWaiting: number;
  readonly cachedHeads: number;
  /** Addresses and networks whose word is taken for the address they pass a request on for. */
  readonly trustedProxies: readonly string[];
  /** Who may read /metrics. */
  readonly metrics: MetricsReaders;
}

const known = [
  'SUANPAN_DATA',
  'SUANPAN_HOST',
  'SUANPAN_SANDBOX',
  'SUANPAN_JOBS',
  'SUANPAN_ORDER_DAYS',
  'SUANPAN_PAYMENT_SECRET',
  'SUANPAN_PEPPER',
  'SUANPAN_LANES',
  'SUANPAN_MOST_WAITING',
  'SUANPAN_CACHED_HEADS',
  'SUANPAN_TRUSTED_PROXIES',
  'SUANPAN_METRICS',
  'SUANPAN_WEBHOOK_PRIVATE',
  'SUANPAN_SMTP_URL',
  'SUANPAN_MAIL_FROM',
  'SUANPAN_URL',
  'SUANPAN_API_KEY',
  'SUANPAN_PROFILE',
];
/** Of our own tests; the programs that they start are handed them too. */
const ofTests = ['SUANPAN_SEED', 'SUANPAN_SCENARIOS'];

const [usualPort, usualHost] = [8080, '127.0.0.1'];
/** Where a server listens, and the command line looks for it, unless told otherwise. */
export const usualServer = `http://${usualHost}:${usualPort}`;

/** What is wrong with a setting, and what to write; English first, then Chinese, a line each. */
export class ConfigurationError extends Error {
  constructor({ zh, en }: Words) {
    super(`${en}\n${zh}`);
    this.name = 'ConfigurationError';
  }
}

/** A setting that is empty is not set: `SUANPAN_HOST=` must not mean every address there is. */
const given = (environment: NodeJS.ProcessEnv, name: string): string | undefined => environment[name] || undefined;

const metricsReaders = Object.keys({ key: true, loopback: true, open: true } satisfies Record<
  MetricsReaders,
  true
>) as MetricsReaders[];

export function readConfiguration(environment: NodeJS.ProcessEnv): Configuration {
  for (const name of Object.keys(environment)) {
    if (!name.startsWith('SUANPAN_') || known.includes(name) || ofTests.includes(name)) continue;
    const list = known.join(', ');
    throw new ConfigurationError(serverWords.unknownSetting(name, list));
  }
  const text = (name: string, fallback: string): string => given(environment, name) ?? fallback;
  const whole = (name: string, fallback: number, least: number, most: number): number => {
    const found = text(name, String(fallback));
    const value = Number(found);
    if (/^\d+$/.test(found) && value >= least && value <= most) return value;
    throw new ConfigurationError(serverWords.mustBeAWholeNumberFrom(name, least, most, found));
  };
  const oneOf = <Choice extends string>(name: string, fallback: Choice, choices: readonly Choice[]): Choice => {
    const found = text(name, fallback);
    const choice = choices.find((each) => each === found);
    if (choice !== undefined) return choice;
    const list = choices.join(', ');
    throw new ConfigurationError(serverWords.mustBeOneOf(name, list, found));
  };
  return {
    port: whole('PORT', usualPort, 0, 65_535),
    host: text('SUANPAN_HOST', usualHost),
    dataFolder: resolve(text('SUANPAN_DATA', 'data')),
    databaseUrl: given(environment, 'DATABASE_URL'),
    sandbox: oneOf('SUANPAN_SANDBOX', '0', ['0', '1']) === '1',
    jobs: oneOf('SUANPAN_JOBS', '1', ['0', '1']) === '1',
    paymentSecret: readPaymentSecret(given(environment, 'SUANPAN_PAYMENT_SECRET')),
    orderDays: whole('SUANPAN_ORDER_DAYS', usualOrderDays, 1, 365),
    webhooksAnywhere: oneOf('SUANPAN_WEBHOOK_PRIVATE', '0', ['0', '1']) === '1',
    mail: readMail(given(environment, 'SUANPAN_SMTP_URL'), given(environment, 'SUANPAN_MAIL_FROM')),
    lanes: whole('SUANPAN_LANES', 2, 1, 32),
    mostWaiting: whole('SUANPAN_MOST_WAITING', 50_000, 1, 10_000_000),
    metrics: oneOf('SUANPAN_METRICS', 'key', metricsReaders),
    cachedHeads: whole('SUANPAN_CACHED_HEADS', 50_000, 1, 10_000_000),
    trustedProxies: readProxies(text('SUANPAN_TRUSTED_PROXIES', '')),
  };
}

/** The one is of no use without the other. */
function readMail(url: string | undefined, from: string | undefined): Configuration['mail'] {
  if (url === undefined && from === undefined) return null;
  const isServer = /^smtps?:$/.test(URL.parse(url ?? '')?.protocol ?? '');
  if (!isServer || url === undefined) throw new ConfigurationError(serverWords.suanpanSmtpUrl);
  if (from === undefined || !/[^\s@<>]+@[^\s@<>]+>?$/.test(from))
    throw new ConfigurationError(serverWords.suanpanMailFrom);
  return { url, from };
}

/** Shorter than 24 bytes could be guessed. What is wrong is not shown: it may be the secret but for a sign. */
function readPaymentSecret(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  const [, encoded = ''] = /^whsec_([A-Za-z0-9+/]+={0,2})$/.exec(text) ?? [];
  const length = Buffer.from(encoded, 'base64').length;
  if (length >= 24 && length <= 64 && encoded.length % 4 === 0) return text;
  throw new ConfigurationError(serverWords.paymentSecret);
}

function readProxies(text: string): readonly string[] {
  const proxies = text
    .split(',')
    .map((part) => part.trim())
    .filter(Boolean);
  for (const proxy of proxies) {
    const [address = '', length, ...rest] = proxy.split('/');
    const most = isIP(address) === 4 ? 32 : isIP(address) === 6 ? 128 : -1;
    const isNetwork =
      length === undefined || (/^\d{1,3}$/.test(length) && Number(length) >= 1 && Number(length) <= most);
    if (most > 0 && isNetwork && rest.length === 0) continue;
    throw new ConfigurationError(serverWords.suanpanTrustedProxiesMustBeAddresses(proxy));
  }
  return proxies;
}

const pepperFile = (dataFolder: string): string => join(dataFolder, 'pepper');

/** The same for whoever only looks: undefined where none has been made yet. */
export function findPepper(environment: NodeJS.ProcessEnv, dataFolder: string): string | undefined {
  const isMade = given(environment, 'SUANPAN_PEPPER') !== undefined || existsSync(pepperFile(dataFolder));
  return isMade ? readPepper(environment, dataFolder) : undefined;
}

/** The secret as a backup keeps it: null where the environment gives it, or none has been made yet. */
export const keptPepperOf = (environment: NodeJS.ProcessEnv, dataFolder: string): string | null =>
  given(environment, 'SUANPAN_PEPPER') !== undefined ? null : (findPepper(environment, dataFolder) ?? null);

/** Puts a backup's secret where the server looks for it; words, where another one is there. */
export function restorePepper(dataFolder: string, from: string | null): Words | undefined {
  if (from === null) return undefined;
  const [file, secret] = [pepperFile(dataFolder), readFileSync(from, 'utf8').trim()];
  makeFolders(dirname(file), 0o700);
  if (!existsSync(file)) writeFileSync(file, secret, { mode: 0o600, flag: 'wx', flush: true });
  return readFileSync(file, 'utf8').trim() === secret ? undefined : backupWords.otherPepper(file);
}

/** Why a server does not start, and no key is made, with another pepper than the database's keys were made with. */
export const otherPepper = (dataFolder: string) => serverWords.databasesApiKeysWereMadeWith(pepperFile(dataFolder));

/** The secret that key hashes depend on: from the environment, or made once and kept beside the data, readable by us alone. */
export function readPepper(environment: NodeJS.ProcessEnv, dataFolder: string): string {
  const told = given(environment, 'SUANPAN_PEPPER');
  if (told !== undefined) return told;
  const file = pepperFile(dataFolder);
  try {
    return keptPepper(file);
  } catch (error) {
    const reason = (error as Error).message;
    throw new ConfigurationError(serverWords.secretOfTheApiKeysCannot(file, reason));
  }
}

function keptPepper(file: string): string {
  makeFolders(dirname(file), 0o700);
  if (existsSync(file)) return readFileSync(file, 'utf8').trim();
  // In its place only when it is whole and on disk: a full disk, or a kill, would leave one that is empty.
  const draft = `${file}.${process.pid}`;
  try {
    writeFileSync(draft, randomBytes(32).toString('hex'), { mode: 0o600, flush: true });
    linkSync(draft, file);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  } finally {
    rmSync(draft, { force: true });
  }
  return readFileSync(file, 'utf8').trim();
}
