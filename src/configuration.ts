// Configuration from the environment. Unknown SUANPAN_ names are refused: a typo must not silently mean the default.

import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
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
  };
}

const metricsReaders: Readonly<Record<MetricsReaders, true>> = { key: true, loopback: true, open: true };

function readersOf(text: string): MetricsReaders {
  if (Object.hasOwn(metricsReaders, text)) return text as MetricsReaders;
  throw new ConfigurationError(
    `SUANPAN_METRICS must be one of ${Object.keys(metricsReaders).join(', ')}, not "${text}".`,
  );
}

/** The secret that key hashes depend on: from the environment, or made once and kept beside the data, readable by us alone. */
export function readPepper(environment: NodeJS.ProcessEnv, dataFolder: string): string {
  const given = environment.SUANPAN_PEPPER;
  if (given !== undefined && given !== '') return given;
  const file = join(dataFolder, 'pepper');
  mkdirSync(dataFolder, { recursive: true });
  try {
    writeFileSync(file, randomBytes(32).toString('hex'), { mode: 0o600, flag: 'wx' });
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  }
  return readFileSync(file, 'utf8').trim();
}
