// The demonstration's bills, from the real server over HTTP, are those of the naive implementation.

import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { demoMonth, demoStories } from '../../src/demo/month.ts';
import { call, type DemoServer, setClock, tell } from '../../src/demo/tell.ts';
import { type Running, start } from '../../src/main.ts';
import type { BookJson } from '../naive/json.ts';
import { naiveSimulate } from '../naive/naive.ts';

const seed = Number(process.env.SUANPAN_SEED ?? 20_260_301);
const folder = mkdtempSync(join(tmpdir(), 'suanpan-demo-test-'));
let running: Running;

beforeAll(async () => {
  const configuration = {
    port: 0,
    host: '127.0.0.1',
    dataFolder: folder,
    databaseUrl: undefined,
    sandbox: true,
    jobs: false,
  };
  running = await start(
    {
      ...configuration,
      lanes: 2,
      mostWaiting: 50_000,
      metrics: 'key' as const,
      hotConnections: true,
      orderDays: 14,
      paymentSecret: undefined,
      webhooksAnywhere: false,
      mail: null,
      publicUrl: undefined,
      oidc: null,
      secondPersonAbove: null,
      logLevel: 'warn',
      telemetry: null,
      adminEmail: 'admin@suanpan.local',
      cachedHeads: 1_000,
      trustedProxies: [],
      corsOrigins: [],
    },
    {},
    () => undefined,
  );
}, 60_000);

afterAll(async () => {
  await running?.stop();
  rmSync(folder, { recursive: true, force: true });
}, 60_000);

test('the naive implementation confirms the bills of the demonstration', { timeout: 120_000 }, async () => {
  console.log(`demonstration: SUANPAN_SEED=${seed}`);
  const server: DemoServer = { url: running.url, key: running.firstKey ?? '' };
  const stories = demoStories(seed, 0.02);
  await tell(server, stories, () => undefined);
  await setClock(server, Date.parse('2026-04-03T00:00:00+08:00'));
  await call(server, 'POST', '/v1/bills/close', { month: demoMonth });
  const book = JSON.parse(
    readFileSync(new URL('../../catalog/faceid-legacy.json', import.meta.url), 'utf8'),
  ) as BookJson;
  for (const { id, steps } of stories) {
    const naive = naiveSimulate({ book, account: { id }, steps: steps.map((step) => ({ ...step })) } as never);
    const { json } = await call(server, 'GET', `/v1/bills/${id}:${demoMonth}`);
    const bill = json as { state: string; prepaid: string; postpaid: string | null; total: string | null };
    const expected = naive.bills[0];
    if (id === 'cedar-pay') {
      expect(expected, 'the unpriced tier keeps the month open').toBeUndefined();
      expect(bill).toMatchObject({ state: 'draft', total: null });
    } else expect(bill, id).toMatchObject({ state: 'final', ...pick(expected) });
  }
});

const pick = (bill: unknown) => {
  const { prepaid, postpaid, adjustments, total } = bill as Record<string, string>;
  return { prepaid, postpaid, adjustments, total };
};
