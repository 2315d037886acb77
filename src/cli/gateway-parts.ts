// What a gateway needs, from its options and the environment.

import { readFileSync } from 'node:fs';
import type { GatewayParts } from '../gateway/flow.ts';
import { gatewayWords } from '../words/gateway.ts';
import type { Output } from './output.ts';

export interface GatewayOptions {
  readonly upstream: string;
  readonly map?: string;
  readonly credentials?: string;
}

interface Operator {
  readonly secretId: string;
  readonly secretKey: string;
}

/** Undefined when the command has been ended. */
export async function gatewayParts(
  { upstream, map: file, credentials: secrets }: GatewayOptions,
  output: Output,
): Promise<GatewayParts | undefined> {
  const { SUANPAN_URL: url = 'http://127.0.0.1:8080', SUANPAN_API_KEY: key } = process.env;
  const misused = (words: Parameters<Output['misused']>[0]): undefined => void output.misused(words);
  if (key === undefined || key === '') return misused(gatewayWords.noKey);
  const { LedgerClient } = await import('../gateway/ledger.ts');
  const { readMap } = await import('../gateway/map.ts');
  const { openUpstream } = await import('../gateway/upstream.ts');
  const read = <T>(what: string, from: () => T): T | undefined => {
    try {
      return from();
    } catch {
      return misused(gatewayWords.unreadable(what));
    }
  };
  const map = read(file ?? 'faceid.json', () => readMap(file));
  const operator = read(secrets ?? 'TENCENTCLOUD_SECRET_ID', () => operatorOf(secrets));
  const target = read(upstream, () => webAddress(upstream));
  const ledger = read(url, () => new LedgerClient({ url: webAddress(url).href, key }));
  if (map === undefined || operator === undefined || target === undefined || ledger === undefined) return undefined;
  if (operator === null) return misused(gatewayWords.noCredentials);
  return {
    map,
    ledger,
    upstream: openUpstream({ url: target, service: map.service, ...operator, patience: 50_000 }),
    clock: Date.now,
  };
}

/** Throws where it is none. */
function webAddress(text: string): URL {
  const url = new URL(text);
  if (!/^https?:$/.test(url.protocol)) throw new Error('not http');
  return url;
}

/** Null: nowhere given. Throws where the file is not what it should be. */
function operatorOf(file: string | undefined): Operator | null {
  const { TENCENTCLOUD_SECRET_ID, TENCENTCLOUD_SECRET_KEY } = process.env;
  const found: Partial<Operator> =
    file === undefined
      ? { secretId: TENCENTCLOUD_SECRET_ID ?? '', secretKey: TENCENTCLOUD_SECRET_KEY ?? '' }
      : JSON.parse(readFileSync(file, 'utf8'));
  const { secretId, secretKey } = found;
  if (secretId && secretKey) return { secretId, secretKey };
  if (file === undefined) return null;
  throw new Error('no credentials in it');
}
