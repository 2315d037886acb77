// F12: random lives told to the real server and to the naive implementation, with the server lost and started anew in the
// middle of a step now and then: the same answer to every step, the same receipts, packs, bills and balance at the end.
// SUANPAN_SEED replays from a seed, FAULT_LIVES sets how many lives.

import { readdirSync, readFileSync } from 'node:fs';
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { buildHttp } from '../../src/http/app.ts';
import { openSuanpan } from '../../src/operations/suanpan.ts';
import { verifyLedger } from '../../src/verify/verify.ts';
import { instant, type Json, type Method, type OpenApp, openApp } from '../http/open-app.ts';
import type { BookJson, ScenarioJson, StepJson } from '../naive/json.ts';
import { naiveSimulate } from '../naive/naive.ts';
import { mulberry32, randomScenario } from '../naive/random-scenario.ts';
import { expectAsNaive } from './agree.ts';

const seed = Number(process.env.SUANPAN_SEED ?? Math.floor(Date.now() / 1000));
const lives = Number(process.env.FAULT_LIVES ?? 40);
const catalog = new URL('../../catalog/', import.meta.url);
const books = readdirSync(catalog)
  .filter((file) => file.startsWith('faceid-'))
  .map((file) => JSON.parse(readFileSync(new URL(file, catalog), 'utf8')) as BookJson);

let open: OpenApp;
let now = '2024-01-01T00:00:00Z';
beforeAll(async () => {
  open = await openApp(now);
});
afterAll(() => open.close());

interface Server {
  readonly app: FastifyInstance;
  end(): Promise<void>;
}

/** A server with an empty memory on the same database. */
async function freshServer(): Promise<Server> {
  // The pools stay: what is lost with a process is its heads, its recent ids and what it had under way.
  const { pool, keyPool, watch } = open.suanpan;
  const suanpan = await openSuanpan({ pool, ledgerPool: pool, keyPool, watch }, () => instant(now));
  const app = await buildHttp(suanpan, { pepper: 'pepper for tests' });
  const end = async () => {
    await suanpan.ledger.drain();
    await app.close();
  };
  return { app, end };
}

type Call = readonly [Method, string, Json];

/** A step as a call. Its key makes it the same command, however often it is sent. */
function callOf(account: string, step: StepJson): Call {
  const { id, product, size, calls, months, meter, amount, month, startsOn, scope, department } = step;
  switch (step.do) {
    case 'gift':
      return ['POST', '/v1/gifts', { account, id, product, calls, scope, ...(months === undefined ? {} : { months }) }];
    case 'buy':
      return ['POST', '/v1/packs', { account, id, product, size, startsOn, scope }];
    case 'refund':
      return ['POST', `/v1/packs/${id}/refund`, { account }];
    case 'freeze':
      return ['POST', `/v1/packs/${id}/freeze`, { account }];
    case 'use':
      return ['POST', '/v1/events', { account, id, meter, calls, time: step.time ?? step.at, department }];
    case 'void':
      return ['POST', `/v1/events/${id}/void`, { account }];
    case 'topup':
      return ['POST', `/v1/accounts/${account}/top-ups`, { amount }];
    case 'close':
      return ['POST', '/v1/bills/close', { account, month }];
    case 'price': {
      const { from, tariffs, packs } = step;
      const terms = { ...(tariffs === undefined ? {} : { tariffs }), ...(packs === undefined ? {} : { packs }) };
      return ['POST', `/v1/accounts/${account}/contracts`, { from, ...terms }];
    }
    default:
      throw new Error(`no step ${step.do}`);
  }
}

class Life {
  readonly #account: string;
  readonly #random: () => number;
  #server: Server;
  crashes = 0;
  refused = 0;

  constructor(account: string, random: () => number, server: Server) {
    this.#account = account;
    this.#random = random;
    this.#server = server;
  }

  get server(): Server {
    return this.#server;
  }

  async tell({ app }: Server, [method, url, body]: Call, key: string): Promise<string | null> {
    const response = await app.inject({
      method,
      url,
      headers: { authorization: `Bearer ${open.operator}`, 'content-type': 'application/json', 'idempotency-key': key },
      payload: JSON.stringify(body),
    });
    if (response.statusCode < 300) return null;
    return (JSON.parse(response.payload) as { code: string }).code;
  }

  /** Takes a step; sometimes the server is lost while it is under way, and the step is sent again to a new one. */
  async step(step: StepJson, index: number): Promise<string | null> {
    now = step.at;
    const call = callOf(this.#account, step);
    const key = `${this.#account}-${index}`;
    if (this.#random() >= 0.03) return this.tell(this.#server, call, key);
    this.crashes += 1;
    const lost = this.#server;
    this.#server = await freshServer();
    const unheard = this.tell(lost, call, key);
    const heard = await this.tell(this.#server, call, key);
    await unheard;
    await lost.end();
    return heard;
  }
}

async function live(scenario: ScenarioJson, account: string, random: () => number, server: Server): Promise<Life> {
  now = scenario.steps[0]?.at ?? now;
  const life = new Life(account, random, server);
  const own = { ...scenario.book, id: `book-${account}` };
  const must = async (call: Call) => {
    const refused = await life.tell(server, call, `${account} ${call[1]}`);
    if (refused !== null) throw new Error(`${call[1]}: ${refused}`);
  };
  await must(['POST', '/v1/price-books', own as unknown as Json]);
  const { timeZone, balance = '0' } = scenario.account;
  // An account that says nothing of its opening was there before its first step.
  const { opened = '2000-01-01' } = scenario.account;
  const zone = timeZone === undefined ? {} : { timeZone };
  await must(['POST', '/v1/accounts', { id: account, book: own.id, opened, ...zone }]);
  await must(['POST', `/v1/accounts/${account}/top-ups`, { amount: balance }]);
  const naive = naiveSimulate(scenario);
  for (const [index, step] of scenario.steps.entries()) {
    const code = await life.step(step, index);
    const { code: expected = null } = naive.results[index] ?? {};
    if (code !== null) life.refused += 1;
    expect(code, `SUANPAN_SEED=${account.slice(1)} step ${index} ${JSON.stringify(step)}`).toBe(expected);
  }
  await expectAsNaive({ ...open.suanpan, clock: () => instant(now) }, account, naive);
  return life;
}

test(`F12: ${lives} random lives from SUANPAN_SEED=${seed}`, { timeout: 30_000 + lives * 4_000 }, async () => {
  console.log(`F12: ${lives} lives from SUANPAN_SEED=${seed}`);
  const totals = { lives, steps: 0, refused: 0, crashes: 0 };
  let server = await freshServer();
  for (let own = seed; own < seed + lives; own += 1) {
    const random = mulberry32(own);
    const scenario = randomScenario(random, books);
    const life = await live(scenario, `s${own}`, random, server);
    server = life.server;
    totals.steps += scenario.steps.length;
    totals.crashes += life.crashes;
    totals.refused += life.refused;
  }
  await server.end();
  console.log(`F12: ${JSON.stringify(totals)}`);
  expect(totals.crashes).toBeGreaterThan(0);
  await open.suanpan.books.refresh();
  const report = await verifyLedger(open.suanpan);
  expect(report.verdicts.flatMap(({ first }) => (first === null ? [] : [first]))).toEqual([]);
});
