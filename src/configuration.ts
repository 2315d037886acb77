// Configuration from the environment. Unknown SUANPAN_ names are refused: a typo must not silently mean the default.

import { randomBytes } from 'node:crypto';
import { existsSync, linkSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { dirname, join, resolve } from 'node:path';
import { usualOrderDays } from './account/orders.ts';
import { noCurrency } from './core/currency.ts';
import { nearestOf } from './core/nearest.ts';
import type { Words } from './core/price-book.ts';
import { type Money, noMoney, parseMoney } from './core/units.ts';
import type { MetricsReaders } from './http/metrics.ts';
import type { OidcSettings } from './http/oidc.ts';
import { type LogLevel, logLevels } from './http/request-log.ts';
import { makeFolders } from './store/connection/folders.ts';
import type { TelemetrySettings } from './telemetry.ts';
import { backupWords } from './words/backup.ts';
import { serverWords } from './words/server.ts';
import { words } from './words/words.ts';

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
  /** Acts on money above it wait for a second person; null: none does. */
  readonly secondPersonAbove: Money | null;
  /** What a payment system signs with that confirms orders. */
  readonly paymentSecret: string | undefined;
  /** Webhooks may lead into one's own network, and go without TLS. */
  readonly webhooksAnywhere: boolean;
  /** Through which server people are written to; null: nobody is. */
  readonly mail: { readonly url: string; readonly from: string } | null;
  /** How much the server logs. */
  readonly logLevel: LogLevel;
  /** Where spans go; null: nowhere. */
  readonly telemetry: TelemetrySettings | null;
  /** Where people's browsers find the server: what links in mails begin with. */
  readonly publicUrl: string | undefined;
  /** The identity provider that people may sign in by; null: by password alone. */
  readonly oidc: OidcSettings | null;
  /** Who the first admin is. */
  readonly adminEmail: string;
  /** Groups of the ledger under way at once. */
  readonly lanes: number;
  /** Events that may wait before callers are refused with 503. */
  readonly mostWaiting: number;
  readonly cachedHeads: number;
  /** Addresses and networks whose word is taken for the address they pass a request on for. */
  readonly trustedProxies: readonly string[];
  /** Origins whose pages may ask by a key. */
  readonly corsOrigins: readonly string[];
  /** Who may read /metrics. */
  readonly metrics: MetricsReaders;
  /** Whether events may come by connections without a framework. */
  readonly hotConnections: boolean;
}

/** Of our own tests; the programs that they start are handed them too. */
const ofTests = ['SUANPAN_SEED', 'SUANPAN_SCENARIOS'];

const [usualPort, usualHost] = [8080, '127.0.0.1'];
/** Where a server listens, and the command line looks for it, unless told otherwise. */
export const usualServer = `http://${usualHost}:${usualPort}`;

interface Setting {
  /** What holds where it is not given; none: nothing does. */
  readonly usual?: string;
  /** What of it is a secret: all, or the password in a URL. */
  readonly hidden?: 'all' | 'password';
}

/** Every setting there is. */
export const settings: Readonly<Record<string, Setting>> = {
  PORT: { usual: String(usualPort) },
  DATABASE_URL: { hidden: 'password' },
  SUANPAN_CONFIG: {},
  SUANPAN_DATA: { usual: 'data' },
  SUANPAN_HOST: { usual: usualHost },
  SUANPAN_SANDBOX: { usual: '0' },
  SUANPAN_JOBS: { usual: '1' },
  SUANPAN_ORDER_DAYS: { usual: String(usualOrderDays) },
  SUANPAN_SECOND_PERSON: { usual: '10000.00' },
  SUANPAN_PAYMENT_SECRET: { hidden: 'all' },
  SUANPAN_PEPPER: { hidden: 'all' },
  SUANPAN_LANES: { usual: '2' },
  SUANPAN_MOST_WAITING: { usual: '50000' },
  SUANPAN_CACHED_HEADS: { usual: '50000' },
  SUANPAN_TRUSTED_PROXIES: { usual: '' },
  SUANPAN_CORS_ORIGINS: { usual: '' },
  SUANPAN_METRICS: { usual: 'key' },
  SUANPAN_HOT_CONNECTIONS: { usual: '1' },
  SUANPAN_WEBHOOK_PRIVATE: { usual: '0' },
  SUANPAN_SMTP_URL: { hidden: 'password' },
  SUANPAN_MAIL_FROM: {},
  SUANPAN_LOG: { usual: 'warn' },
  SUANPAN_PUBLIC_URL: {},
  SUANPAN_OIDC_ISSUER: {},
  SUANPAN_OIDC_CLIENT_ID: {},
  SUANPAN_OIDC_CLIENT_SECRET: { hidden: 'all' },
  SUANPAN_ADMIN_EMAIL: { usual: 'admin@suanpan.local' },
  SUANPAN_URL: { usual: usualServer },
  SUANPAN_API_KEY: { hidden: 'all' },
  SUANPAN_PROFILE: {},
};
const known = Object.keys(settings).filter((name) => name.startsWith('SUANPAN_'));

/** What is wrong with a setting, and what to write; English first, then Chinese, a line each. */
export class ConfigurationError extends Error {
  readonly words: Words;

  constructor({ zh, en }: Words) {
    super(`${en}\n${zh}`);
    this.name = 'ConfigurationError';
    this.words = words(zh, en);
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
  const text = (name: string): string => given(environment, name) ?? settings[name]?.usual ?? '';
  const whole = (name: string, least: number, most: number): number => {
    const found = text(name);
    const value = Number(found);
    if (/^\d+$/.test(found) && value >= least && value <= most) return value;
    throw new ConfigurationError(serverWords.mustBeAWholeNumberFrom(name, least, most, found));
  };
  const oneOf = <Choice extends string>(name: string, choices: readonly Choice[]): Choice => {
    const found = text(name);
    const choice = choices.find((each) => each === found);
    if (choice !== undefined) return choice;
    const list = choices.join(', ');
    throw new ConfigurationError(serverWords.mustBeOneOf(name, list, found));
  };
  return {
    port: whole('PORT', 0, 65_535),
    host: text('SUANPAN_HOST'),
    dataFolder: resolve(text('SUANPAN_DATA')),
    databaseUrl: given(environment, 'DATABASE_URL'),
    sandbox: oneOf('SUANPAN_SANDBOX', ['0', '1']) === '1',
    jobs: oneOf('SUANPAN_JOBS', ['0', '1']) === '1',
    secondPersonAbove: readLimit(text('SUANPAN_SECOND_PERSON')),
    paymentSecret: readPaymentSecret(given(environment, 'SUANPAN_PAYMENT_SECRET')),
    orderDays: whole('SUANPAN_ORDER_DAYS', 1, 365),
    webhooksAnywhere: oneOf('SUANPAN_WEBHOOK_PRIVATE', ['0', '1']) === '1',
    mail: readMail(given(environment, 'SUANPAN_SMTP_URL'), given(environment, 'SUANPAN_MAIL_FROM')),
    logLevel: oneOf('SUANPAN_LOG', logLevels),
    telemetry: readTelemetry(environment),
    publicUrl: readPublicUrl(given(environment, 'SUANPAN_PUBLIC_URL')),
    oidc: readOidc((name) => given(environment, name)),
    adminEmail: readAdmin(text('SUANPAN_ADMIN_EMAIL')),
    lanes: whole('SUANPAN_LANES', 1, 32),
    mostWaiting: whole('SUANPAN_MOST_WAITING', 1, 10_000_000),
    metrics: oneOf('SUANPAN_METRICS', metricsReaders),
    hotConnections: oneOf('SUANPAN_HOT_CONNECTIONS', ['0', '1']) === '1',
    cachedHeads: whole('SUANPAN_CACHED_HEADS', 1, 10_000_000),
    trustedProxies: readProxies(text('SUANPAN_TRUSTED_PROXIES')),
    corsOrigins: readOrigins(text('SUANPAN_CORS_ORIGINS')),
  };
}

/** Where settings lie that the environment does not give: the file that is named, or this one in the data folder, if it is there. */
export const settingsFile = 'suanpan.json';

/**
 * Takes what the environment does not give from the file of settings: JSON, with the names of the environment. The names that were taken.
 * Throws `ConfigurationError`.
 */
export function takeFile(environment: NodeJS.ProcessEnv): readonly string[] {
  const named = given(environment, 'SUANPAN_CONFIG');
  const file = resolve(named ?? join(given(environment, 'SUANPAN_DATA') ?? 'data', settingsFile));
  if (named === undefined && !existsSync(file)) return [];
  const taken: string[] = [];
  for (const [name, value] of Object.entries(readSettings(file))) {
    if (!(name in settings) || name === 'SUANPAN_CONFIG') {
      throw new ConfigurationError(serverWords.unknownInFile(file, name, nearestOf(name, Object.keys(settings))));
    }
    if (!['string', 'number', 'boolean'].includes(typeof value)) {
      throw new ConfigurationError(serverWords.mustBeATextInFile(file, name));
    }
    if (given(environment, name) !== undefined) continue;
    environment[name] = typeof value === 'boolean' ? String(Number(value)) : String(value);
    taken.push(name);
  }
  return taken;
}

function readSettings(file: string): object {
  let found: unknown;
  try {
    found = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new ConfigurationError(serverWords.fileCannotBeRead(file, (error as Error).message));
  }
  if (typeof found === 'object' && found !== null && !Array.isArray(found)) return found;
  throw new ConfigurationError(serverWords.fileCannotBeRead(file, '{ "PORT": 8080, … }'));
}

/** What a setting's value may be shown as. */
export function shownSetting(name: string, value: string): string {
  const { hidden } = settings[name] ?? {};
  if (hidden === undefined || value === '') return value;
  if (hidden === 'all') return '***';
  const url = URL.parse(value);
  if (url === null) return '***';
  if (url.password !== '') url.password = '***';
  return url.href;
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

/** The settings of OpenTelemetry, by its own names; null: no collector is named. */
function readTelemetry(environment: NodeJS.ProcessEnv): TelemetrySettings | null {
  const told = (name: string): string => given(environment, `OTEL_${name}`) ?? '';
  const base = told('EXPORTER_OTLP_ENDPOINT');
  const exact = told('EXPORTER_OTLP_TRACES_ENDPOINT');
  if ((base === '' && exact === '') || told('SDK_DISABLED').toLowerCase() === 'true') return null;
  const url = exact === '' ? `${base.replace(/\/$/, '')}/v1/traces` : exact;
  if (!/^https?:$/.test(URL.parse(url)?.protocol ?? '')) throw new ConfigurationError(serverWords.collectorUrl(url));
  const pairs = (told('EXPORTER_OTLP_TRACES_HEADERS') || told('EXPORTER_OTLP_HEADERS')).split(',').filter(Boolean);
  const headers = pairs.map((pair) => {
    const [name = '', ...value] = pair.split('=');
    return [name.trim(), decodeURIComponent(value.join('=').trim())];
  });
  const [sampler, samplerArgument] = [told('TRACES_SAMPLER') || 'parentbased_always_on', told('TRACES_SAMPLER_ARG')];
  return { url, headers: Object.fromEntries(headers), sampler, samplerArgument };
}

/** Undefined: what it listens at. */
function readPublicUrl(text: string | undefined): string | undefined {
  const url = URL.parse(text ?? '');
  if (text === undefined) return undefined;
  const isOne = url !== null && /^https?:$/.test(url.protocol) && url.search === '' && url.hash === '';
  if (isOne && url.username === '' && url.password === '') return text.replace(/\/$/, '');
  throw new ConfigurationError(serverWords.publicUrl(text));
}

/** All of them, or none; and where browsers find the server, since the provider leads them back there. */
function readOidc(setting: (name: string) => string | undefined): OidcSettings | null {
  const [issuer, clientId, clientSecret] = ['ISSUER', 'CLIENT_ID', 'CLIENT_SECRET'].map((name) =>
    setting(`SUANPAN_OIDC_${name}`),
  );
  if (issuer === undefined && clientId === undefined && clientSecret === undefined) return null;
  const url = URL.parse(issuer ?? '');
  const isHere = /^(?:localhost|127\.0\.0\.1|\[::1\])$/.test(url?.hostname ?? '');
  const isSafe = url !== null && (url.protocol === 'https:' || (url.protocol === 'http:' && isHere));
  if (!isSafe || issuer === undefined || clientId === undefined || clientSecret === undefined) {
    throw new ConfigurationError(serverWords.oidc);
  }
  if (setting('SUANPAN_PUBLIC_URL') === undefined) throw new ConfigurationError(serverWords.oidc);
  return { issuer, clientId, clientSecret };
}

function readAdmin(text: string): string {
  if (/^[^\s@<>"]+@[^\s@<>"]+\.[^\s@<>".]+$/.test(text)) return text;
  throw new ConfigurationError(serverWords.adminEmail(text));
}

function readLimit(text: string): Money | null {
  if (text === 'off') return null;
  const limit = parseMoney(text, noCurrency);
  if (limit !== undefined && limit >= noMoney) return limit;
  throw new ConfigurationError(serverWords.secondPerson(text));
}

/** Shorter than 24 bytes could be guessed. What is wrong is not shown: it may be the secret but for a sign. */
function readPaymentSecret(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  const [, encoded = ''] = /^whsec_([A-Za-z0-9+/]+={0,2})$/.exec(text) ?? [];
  const length = Buffer.from(encoded, 'base64').length;
  if (length >= 24 && length <= 64 && encoded.length % 4 === 0) return text;
  throw new ConfigurationError(serverWords.paymentSecret);
}

const listed = (text: string): readonly string[] =>
  text
    .split(',')
    .map((part) => part.trim())
    .filter(Boolean);

/** As browsers write them: a trailing slash or a large letter would never match. */
function readOrigins(text: string): readonly string[] {
  const origins = listed(text);
  const wrong = origins.find((each) => !/^https?:/.test(each) || URL.parse(each)?.origin !== each);
  if (wrong !== undefined) throw new ConfigurationError(serverWords.corsOrigin(wrong));
  return origins;
}

function readProxies(text: string): readonly string[] {
  const proxies = listed(text);
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
