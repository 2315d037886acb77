// `npm run demo`: a month of real calls through the real server, closed, billed, verified. Everything in a temporary folder.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { start } from '../main.ts';
import { verifyLedger } from '../verify/verify.ts';
import { demoMonth, demoStories } from './month.ts';
import { printBill, printReceipt, printVerdict } from './print.ts';
import { call, type DemoServer, setClock, tell } from './tell.ts';

export interface DemoOptions {
  readonly seed: number;
  /** 1 is the full month of about 215,000 events. */
  readonly scale: number;
  readonly language: 'zh' | 'en';
  readonly print: (line: string) => void;
  readonly progress: (line: string) => void;
}

/** Runs the demonstration. True when every bill is as it should be and `verify` is clean. */
export async function runDemo(options: DemoOptions): Promise<boolean> {
  const folder = mkdtempSync(join(tmpdir(), 'suanpan-demo-'));
  const configuration = {
    port: 0,
    host: '127.0.0.1',
    dataFolder: folder,
    databaseUrl: undefined,
    sandbox: true,
    jobs: false,
    orderDays: 14,
    paymentSecret: undefined,
    lanes: 2,
    mostWaiting: 50_000,
    metrics: 'key' as const,
    hotConnections: true,
    webhooksAnywhere: false,
    mail: null,
    publicUrl: undefined,
    oidc: null,
    secondPersonAbove: null,
    logLevel: 'warn' as const,
    telemetry: null,
    adminEmail: 'admin@suanpan.local',
    cachedHeads: 50_000,
    trustedProxies: [],
    corsOrigins: [],
  };
  try {
    const running = await start(configuration, {}, options.progress);
    try {
      const server = { url: running.url, key: running.firstKey ?? '' };
      const billed = await liveThroughMonth(server, options);
      options.print('');
      const report = await verifyLedger(running.suanpan);
      for (const line of printVerdict(report, options.language)) options.print(line);
      return billed && report.clean;
    } finally {
      await running.stop();
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function liveThroughMonth(server: DemoServer, options: DemoOptions): Promise<boolean> {
  const { seed, scale, language, print, progress } = options;
  const stories = demoStories(seed, scale);
  print(`seed ${seed}, ${stories.length} accounts, ${demoMonth}`);
  const started = performance.now();
  const totals = await tell(server, stories, (done, of) => progress(`sent ${done} of ${of} steps`));
  const seconds = (performance.now() - started) / 1_000;
  print(
    `${totals.accepted} events accepted (${totals.calls} calls), ${totals.duplicates} duplicates recognised, in ${seconds.toFixed(1)} s over HTTP`,
  );
  await setClock(server, Date.parse('2026-04-03T00:00:00+08:00'));
  const { json } = await call(server, 'POST', '/v1/bills/close', { month: demoMonth }, { 'accept-language': language });
  const { closed, refused } = json as { closed: number; refused: { account: string; code: string; detail: string }[] };
  print(`closed ${demoMonth}: ${closed} bills final`);
  for (const { account, code, detail } of refused) print(`  not final: ${account} ${code} ${detail}`);
  for (const { id, name } of stories) {
    const bill = await call(server, 'GET', `/v1/bills/${id}:${demoMonth}`);
    for (const line of printBill(name, bill.json, language)) print(line);
  }
  await showReceipt(server, stories[0]?.id ?? '', options);
  return closed === stories.length - 1 && refused.length === 1;
}

/** The receipt of the event at which the first account's packs ran dry: its first postpaid call. */
async function showReceipt(server: DemoServer, account: string, { print, language }: DemoOptions): Promise<void> {
  for (let cursor = ''; ; ) {
    const { json } = await call(server, 'GET', `/v1/events?account=${account}&limit=200${cursor}`);
    const { events, next } = json as {
      events: { event: string; postpaid: number; meter: string }[];
      next: string | null;
    };
    const found = events.find(({ postpaid, meter }) => postpaid > 0 && meter === 'liveness.basic.authority');
    if (found !== undefined) {
      const receipt = await call(
        server,
        'GET',
        `/v1/events/${encodeURIComponent(found.event)}/receipt?account=${account}`,
      );
      for (const line of printReceipt(receipt.json, language)) print(line);
      return;
    }
    if (next === null) return;
    cursor = `&cursor=${next}`;
  }
}
