// F1: kill -9 of the server at random moments under load. F10: SIGTERM under load. Nothing acknowledged is lost, nothing
// counts twice. FAULT_ROUNDS sets how many times the server is killed; SUANPAN_SEED what is sent.

import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { instantOf } from '../../src/core/units.ts';
import { openSuanpan } from '../../src/operations/suanpan.ts';
import { openDatabase } from '../../src/store/connection/connect.ts';
import { processStart } from '../../src/store/connection/server-lock.ts';
import { mulberry32 } from '../naive/random-scenario.ts';
import { expectSound, tally } from './agree.ts';
import { Load } from './load.ts';
import { prepareAccounts } from './prepare-accounts.ts';
import { type ServerProcess, startServer, until } from './server-process.ts';

const rounds = Number(process.env.FAULT_ROUNDS ?? 10);
const seed = Number(process.env.SUANPAN_SEED ?? Date.now() % 2 ** 31);
const accounts = ['acme', 'globex', 'initech', 'umbrella'];

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'suanpan-kill-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The ledger of a folder whose server is gone, with everything checked. */
async function examine(load: Load) {
  const database = await openDatabase({ dataFolder: folder });
  try {
    const suanpan = await openSuanpan(database, () => instantOf(Date.now()));
    await expectSound(suanpan);
    return await tally(suanpan, load);
  } finally {
    await database.close();
  }
}

describe('a server killed, stopped and started again on one folder', () => {
  let key = '';
  const load = new Load({ seed, accounts, urls: () => urls, key: () => key, workers: 8, commands: true });
  let urls: string[] = [];
  const serve = async (): Promise<ServerProcess> => {
    const server = await startServer({ SUANPAN_DATA: folder });
    key = server.firstKey ?? key;
    urls = [server.url];
    return server;
  };

  test(`F1: kill -9 in ${rounds} rounds`, { timeout: 60_000 + rounds * 12_000 }, async () => {
    console.log(`F1: SUANPAN_SEED=${seed}, ${rounds} rounds`);
    const random = mulberry32(seed);
    let server = await serve();
    await prepareAccounts(server.url, key, accounts);
    let slowest = 0;
    for (let round = 0; round < rounds; round += 1) {
      load.start();
      const [answers, wait] = [load.answers.length, random() * 600];
      await until('the server answers', () => load.answers.length > answers);
      await new Promise((resolve) => setTimeout(resolve, wait));
      server.signal('SIGKILL');
      await server.gone;
      urls = [];
      await load.stop();
      server = await serve();
      slowest = Math.max(slowest, server.startedIn);
      await load.settle();
    }
    expect(slowest, 'I20: ready within 10 s').toBeLessThan(10_000);
    server.signal('SIGTERM');
    expect(await server.gone).toEqual({ code: 0, signal: null });
    const found = await examine(load);
    console.log(`F1: ${JSON.stringify({ rounds, ...found, slowestStart: Math.round(slowest) })}`);
    expect(load.surprises).toEqual([]);
    expect(found).toMatchObject({ lost: 0, doubled: 0, acknowledged: found.sent });
    expect(found.unknown).toBeGreaterThan(0);
  });

  test('F10: SIGTERM under load, with a client that never ends its request', { timeout: 90_000 }, async () => {
    const server = await serve();
    const postgres = Number(readFileSync(join(folder, 'postgres/postmaster.pid'), 'utf8').split('\n')[0]);
    const dripping = connect(Number(new URL(server.url).port), '127.0.0.1');
    dripping.on('error', () => undefined);
    dripping.write(
      'POST /v1/events HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 900\r\n\r\n{',
    );
    const answers = load.answers.length;
    load.start();
    await until('the server answers', () => load.answers.length > answers + 200);
    const began = performance.now();
    server.signal('SIGTERM');
    const end = await server.gone;
    const took = performance.now() - began;
    urls = [];
    await load.stop();
    dripping.destroy();
    expect(end, server.words()).toEqual({ code: 0, signal: null });
    expect(took).toBeLessThan(25_000);
    expect(processStart(postgres), 'PostgreSQL ended with it').toBeUndefined();
    const again = await serve();
    await load.settle();
    again.signal('SIGINT');
    expect(await again.gone).toEqual({ code: 0, signal: null });
    const found = await examine(load);
    console.log(`F10: SUANPAN_SEED=${seed} ${JSON.stringify({ ...found, milliseconds: Math.round(took) })}`);
    expect(load.surprises).toEqual([]);
    expect(found).toMatchObject({ lost: 0, doubled: 0, acknowledged: found.sent });
  });
});
