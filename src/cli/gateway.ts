// suanpan gateway: a process of its own, beside the ledger's server.

import { readFileSync } from 'node:fs';
import type { Command } from 'commander';
import { gatewayWords } from '../words/gateway.ts';
import type { Output } from './output.ts';
import { examplesOf } from './show.ts';

const examples = `suanpan gateway
suanpan gateway --port 8090 --host 0.0.0.0 --map rules.json
suanpan gateway --credentials operator.json --upstream https://faceid.tencentcloudapi.com
`;

interface Options {
  readonly port: string;
  readonly host: string;
  readonly upstream: string;
  readonly map?: string;
  readonly credentials?: string;
}

interface Operator {
  readonly secretId: string;
  readonly secretKey: string;
}

export function registerGateway(program: Command, output: Output): void {
  const { say } = output;
  program
    .command('gateway')
    .description(say(gatewayWords.command))
    .addHelpText('before', examplesOf(output, examples))
    .option('--port <N>', say(gatewayWords.port), '8090')
    .option('--host <ADDRESS>', say(gatewayWords.host), '127.0.0.1')
    .option('--upstream <URL>', say(gatewayWords.upstream), 'https://faceid.tencentcloudapi.com')
    .option('--map <FILE>', say(gatewayWords.map))
    .option('--credentials <FILE>', say(gatewayWords.credentials))
    .action((options: Options) => run(options, output));
}

async function run({ port, host, upstream, map: file, credentials: secrets }: Options, output: Output): Promise<void> {
  const { SUANPAN_URL: url = 'http://127.0.0.1:8080', SUANPAN_API_KEY: key } = process.env;
  if (key === undefined || key === '') return output.misused(gatewayWords.noKey);
  if (!/^\d{1,5}$/.test(port) || Number(port) > 65_535) return output.misused(gatewayWords.noPort(port));
  const { startGateway } = await import('../gateway/gateway.ts');
  const { LedgerClient } = await import('../gateway/ledger.ts');
  const { readMap } = await import('../gateway/map.ts');
  const { openUpstream } = await import('../gateway/upstream.ts');
  const read = <T>(what: string, from: () => T): T | undefined => {
    try {
      return from();
    } catch {
      output.misused(gatewayWords.unreadable(what));
      return undefined;
    }
  };
  const map = read(file ?? 'faceid.json', () => readMap(file));
  const operator = read(secrets ?? 'TENCENTCLOUD_SECRET_ID', () => operatorOf(secrets));
  const target = read(upstream, () => webAddress(upstream));
  const ledger = read(url, () => new LedgerClient({ url: webAddress(url).href, key }));
  if (map === undefined || operator === undefined || target === undefined || ledger === undefined) return;
  if (operator === null) return output.misused(gatewayWords.noCredentials);
  const gateway = await startGateway(
    {
      map,
      ledger,
      upstream: openUpstream({ url: target, service: map.service, ...operator, patience: 50_000 }),
      clock: Date.now,
    },
    { port: Number(port), host },
  );
  output.print(output.say(gatewayWords.ready(gateway.url, target.origin)));
  await new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
  });
  await gateway.stop();
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
