// Configuration from the environment. Unknown SUANPAN_ names are refused: a typo must not silently mean the default.

import { randomBytes } from 'node:crypto';
import { existsSync, linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { join, resolve } from 'node:path';
import type { MetricsReaders } from './http/metrics.ts';

export interface Configuration {
  readonly port: number;
  readonly host: string;
  readonly dataFolder: string;
  readonly databaseUrl: string | undefined;
  /** Lets POST /v1/clock set the time; for integrators' tests only. */
  readonly sandbox: boolean;
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

const known = new Set([
  'SUANPAN_DATA',
  'SUANPAN_HOST',
  'SUANPAN_SANDBOX',
  'SUANPAN_PEPPER',
  'SUANPAN_LANES',
  'SUANPAN_MOST_WAITING',
  'SUANPAN_CACHED_HEADS',
  'SUANPAN_TRUSTED_PROXIES',
  'SUANPAN_METRICS',
  'SUANPAN_LOG',
  'SUANPAN_URL',
  'SUANPAN_API_KEY',
  'SUANPAN_PROFILE',
  'SUANPAN_SEED',
  'SUANPAN_SCENARIOS',
]);

export class ConfigurationError extends Error {}

export function readConfiguration(environment: NodeJS.ProcessEnv): Configuration {
  for (const name of Object.keys(environment)) {
    if (name.startsWith('SUANPAN_') && !known.has(name)) {
      throw new ConfigurationError(`Unknown setting ${name}. Known: ${[...known].join(', ')}.`);
    }
  }
  const whole = (name: string, fallback: number, least: number, most: number): number => {
    const text = environment[name];
    if (text === undefined || text === '') return fallback;
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= least && value <= most) return value;
    throw new ConfigurationError(`${name} must be a whole number from ${least} to ${most}, not "${text}".`);
  };
  return {
    port: whole('PORT', 8080, 0, 65_535),
    host: environment.SUANPAN_HOST ?? '127.0.0.1',
    dataFolder: resolve(environment.SUANPAN_DATA ?? 'data'),
    databaseUrl: environment.DATABASE_URL || undefined,
    sandbox: environment.SUANPAN_SANDBOX === '1',
    lanes: whole('SUANPAN_LANES', 2, 1, 32),
    mostWaiting: whole('SUANPAN_MOST_WAITING', 50_000, 1, 10_000_000),
    metrics: readersOf(environment.SUANPAN_METRICS || 'key'),
    cachedHeads: whole('SUANPAN_CACHED_HEADS', 50_000, 1, 10_000_000),
    trustedProxies: readProxies(environment.SUANPAN_TRUSTED_PROXIES),
  };
}

function readProxies(text = ''): readonly string[] {
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
    throw new ConfigurationError(
      `SUANPAN_TRUSTED_PROXIES must be addresses or networks such as 10.0.0.5, 10.1.0.0/16 or fd00::/8, with commas between them; not "${proxy}".`,
    );
  }
  return proxies;
}

const pepperFile = (dataFolder: string): string => join(dataFolder, 'pepper');

/** The same for whoever only looks: undefined where none has been made yet. */
export function findPepper(environment: NodeJS.ProcessEnv, dataFolder: string): string | undefined {
  const isMade = environment.SUANPAN_PEPPER || existsSync(pepperFile(dataFolder));
  return isMade ? readPepper(environment, dataFolder) : undefined;
}

/** Why a server does not start, and no key is made, with another pepper than the database's keys were made with. */
export const otherPepper = (dataFolder: string) => ({
  zh: `数据库中的 API 密钥是用另一个 pepper 生成的，用现在的 pepper 一个也不会有效。请把 SUANPAN_PEPPER 设为首个服务所用的值，或放回它的文件 ${pepperFile(dataFolder)}。若已丢失：suanpan key create --local --new-pepper 会作废全部密钥并新建一个`,
  en: `The database's API keys were made with another pepper than this one, and none of them would be valid. Set SUANPAN_PEPPER to what the first server had, or put its file back as ${pepperFile(dataFolder)}. If it is lost: suanpan key create --local --new-pepper revokes every key and makes a new one`,
});

const metricsReaders: Readonly<Record<MetricsReaders, true>> = { key: true, loopback: true, open: true };

function readersOf(text: string): MetricsReaders {
  if (Object.hasOwn(metricsReaders, text)) return text as MetricsReaders;
  throw new ConfigurationError(
    `SUANPAN_METRICS must be one of ${Object.keys(metricsReaders).join(', ')}, not "${text}".`,
  );
}

/** The secret that key hashes depend on: from the environment, or made once and kept beside the data, readable by us alone. */
export function readPepper(environment: NodeJS.ProcessEnv, dataFolder: string): string {
  if (environment.SUANPAN_PEPPER) return environment.SUANPAN_PEPPER;
  const file = pepperFile(dataFolder);
  mkdirSync(dataFolder, { recursive: true, mode: 0o700 });
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
