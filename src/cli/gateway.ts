// suanpan gateway: a process of its own, beside the ledger's server.

import type { Command } from 'commander';
import { gatewayWords } from '../words/gateway.ts';
import { type GatewayOptions, gatewayParts } from './gateway-parts.ts';
import { registerSweep, tellEnd } from './gateway-sweep.ts';
import type { Output } from './output.ts';
import { examplesOf } from './show.ts';

const examples = `suanpan gateway
suanpan gateway --port 8090 --host 0.0.0.0 --map rules.json
suanpan gateway --credentials operator.json --upstream https://faceid.tencentcloudapi.com
suanpan gateway sweep --day 2026-01-06
`;

/** So long callers are told to leave before the door is shut, in milliseconds. */
const grace = 1_000;

interface Options extends GatewayOptions {
  readonly port: string;
  readonly host: string;
  readonly sweeps: boolean;
}

export function registerGateway(program: Command, output: Output): void {
  const { say } = output;
  const gateway = program
    .command('gateway')
    .description(say(gatewayWords.command))
    .addHelpText('before', examplesOf(output, examples))
    .option('--port <N>', say(gatewayWords.port), '8090')
    .option('--host <ADDRESS>', say(gatewayWords.host), '127.0.0.1')
    .option('--upstream <URL>', say(gatewayWords.upstream), 'https://faceid.tencentcloudapi.com')
    .option('--map <FILE>', say(gatewayWords.map))
    .option('--credentials <FILE>', say(gatewayWords.credentials))
    .option('--no-sweeps', say(gatewayWords.noSweeps))
    .action((options: Options) => run(options, output));
  registerSweep(gateway, output);
}

async function run({ port, host, sweeps, ...options }: Options, output: Output): Promise<void> {
  if (!/^\d{1,5}$/.test(port) || Number(port) > 65_535) return output.misused(gatewayWords.noPort(port));
  const parts = await gatewayParts(options, output);
  if (parts === undefined) return;
  const { startGateway } = await import('../gateway/gateway.ts');
  const { Sweeper } = await import('../gateway/sweeper.ts');
  const sweeper = new Sweeper(parts, (end) => tellEnd(end, output));
  const gateway = await startGateway(parts, { port: Number(port), host, more: () => sweeper.text });
  if (sweeps) sweeper.start();
  output.print(output.say(gatewayWords.ready(gateway.url, parts.upstream.url.origin)));
  await new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
  });
  await Promise.all([gateway.stop(grace), sweeper.stop()]);
}
