// The load generator, outside the process under test: wrk where it is installed, else autocannon. The same one, with the same
// requests, for a key and its counterpart.

import { execFile, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startChild } from './child.ts';
import type { Endings } from './endings.ts';
import type { Load } from './event-stream.ts';

export interface HttpLoad extends Load {
  /** One or more servers; the connections are spread over them evenly. */
  readonly urls: readonly string[];
  readonly key: string;
  readonly connections: number;
  readonly seconds: number;
  /** Each server gets accounts of its own. */
  readonly routed?: boolean;
}

export interface LoadResult {
  readonly requests: number;
  readonly seconds: number;
  /** Milliseconds. */
  readonly p50: number;
  readonly p99: number;
  readonly most: number;
  /** Of the requests sent, duplicates not counted. */
  readonly events: number;
  readonly calls: number;
  readonly repeats: number;
  readonly failures: number;
  /** Bodies of the last requests: what may have been under way when time was up is among them. */
  readonly tail: readonly string[];
}

export interface Generator {
  readonly name: string;
  run(load: HttpLoad): Promise<LoadResult>;
}

export function chooseGenerator(endings: Endings, folder: string, wanted: 'wrk' | 'autocannon' | undefined): Generator {
  const found = spawnSync('wrk', ['-v'], { encoding: 'utf8' });
  const version = /^wrk (\S+)/.exec(found.stdout ?? '')?.[1];
  if (wanted !== 'autocannon' && version !== undefined) {
    return { name: `wrk ${version}`, run: (load) => runWrk(endings, folder, load) };
  }
  if (wanted === 'wrk') throw new Error('wrk is not installed (Debian: apt-get install wrk)');
  return { name: 'autocannon, in its own process', run: (load) => runAutocannon(endings, load) };
}

const script = fileURLToPath(new URL('requests.lua', import.meta.url));
let runs = 0;

async function runWrk(endings: Endings, folder: string, load: HttpLoad): Promise<LoadResult> {
  runs += 1;
  const out = join(folder, `wrk-${runs}.out`);
  const [url = ''] = load.urls;
  const words = {
    prefix: load.prefix,
    accounts: load.accounts,
    batch: load.batch,
    duplicates: load.duplicates,
    ids: load.ids,
    key: load.key,
    routed: load.routed === true ? 1 : 0,
    verb: load.verb ?? 'record',
    holds: load.holds ?? '',
  };
  const args = [
    ...['-t', String(load.urls.length), '-c', String(load.connections), '-d', `${Math.ceil(load.seconds)}s`],
    ...['--timeout', '10s', '-s', script, url, '--'],
    ...Object.entries(words).map(([name, value]) => `${name}=${value}`),
  ];
  const addresses = load.urls.map((each) => new URL(each).host).join(',');
  await execute(endings, 'wrk', args, { BENCH_OUT: out, BENCH_ADDRESSES: addresses });
  const [summary = '', ...tail] = readFileSync(out, 'utf8').trimEnd().split('\n');
  return { ...(JSON.parse(summary) as Omit<LoadResult, 'tail'>), tail };
}

function execute(endings: Endings, program: string, args: string[], environment: NodeJS.ProcessEnv): Promise<void> {
  return new Promise((resolve, reject) => {
    const options = { env: { ...process.env, ...environment }, maxBuffer: 1 << 24 };
    const child = execFile(program, args, options, (error, stdout, stderr) => {
      void forget();
      if (error === null) resolve();
      else reject(new Error(`${program} failed: ${error.message}\n${stdout}${stderr}`));
    });
    const forget = endings.add(() => {
      if (child.exitCode === null) child.kill('SIGKILL');
    });
  });
}

async function runAutocannon(endings: Endings, load: HttpLoad): Promise<LoadResult> {
  const child = startChild(endings, 'autocannon');
  try {
    return await child.ask<LoadResult>(load);
  } finally {
    await child.end();
  }
}
