// F5: three servers on one database, the same accounts hot in each; one is stopped for seconds and resumed with stale memory,
// one is killed. Nothing is sold twice, nothing is refused that could be served, totals hold.

import { afterAll, beforeAll, expect, test } from 'vitest';
import { instantOf } from '../../src/core/units.ts';
import type { Suanpan } from '../../src/operations/suanpan.ts';
import { openSuanpan } from '../../src/operations/suanpan.ts';
import { mulberry32 } from '../naive/random-scenario.ts';
import { type FreshDatabase, freshDatabase } from '../setup/database.ts';
import { expectSound, tally } from './agree.ts';
import { Load } from './load.ts';
import { prepareAccounts } from './prepare-accounts.ts';
import { type ServerProcess, startServer, until } from './server-process.ts';

const seed = Number(process.env.SUANPAN_SEED ?? Date.now() % 2 ** 31);
const stopped = 4_000;

let database: FreshDatabase;
let suanpan: Suanpan;
let servers: ServerProcess[] = [];
let key = '';

beforeAll(async () => {
  database = await freshDatabase();
  suanpan = await openSuanpan(database, () => instantOf(Date.now()));
  servers = [await startServer({ DATABASE_URL: database.connectionString })];
  key = servers[0]?.firstKey ?? '';
  const more = [1, 2].map(() => startServer({ DATABASE_URL: database.connectionString, SUANPAN_DATA: '/nonexistent' }));
  servers.push(...(await Promise.all(more)));
}, 60_000);
afterAll(async () => {
  for (const server of servers) server.signal('SIGKILL');
  await Promise.all(servers.map((server) => server.gone));
  await database.drop();
});

const send = async (url: string, path: string, body: object, headers: Record<string, string> = {}) => {
  const response = await fetch(`${url}${path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(2_500),
  });
  return { status: response.status, json: (await response.json()) as { code?: string; status?: string } };
};

const meter = 'liveness.basic.authority';
const packSize = 1_000;

/** Draws the account's only pack to its last call, one hold after another, through whatever server answers. */
class Buyer {
  captured = 0;
  refusedBy = '';
  readonly #name: string;
  readonly #urls: () => readonly string[];
  readonly #random: () => number;

  constructor(name: string, urls: () => readonly string[], random: () => number) {
    this.#name = name;
    this.#urls = urls;
    this.#random = random;
  }

  async run(): Promise<void> {
    for (let serial = 0; ; serial += 1) {
      const id = `${this.#name}-${serial}`;
      const held = await this.#surely('/v1/authorizations', { account: 'last-calls', id, meter, seconds: 86_400 });
      if (held.status === 402) {
        this.refusedBy = held.json.code ?? '';
        return;
      }
      const captured = await this.#surely(`/v1/authorizations/${id}/capture`, { account: 'last-calls' });
      if (captured.status !== 200) throw new Error(`capture ${id}: ${JSON.stringify(captured)}`);
      this.captured += 1;
    }
  }

  /** The same request with the same id, until some server answers. */
  async #surely(path: string, body: object): ReturnType<typeof send> {
    for (;;) {
      const urls = this.#urls();
      try {
        const answered = await send(urls[Math.floor(this.#random() * urls.length)] ?? '', path, body);
        if (answered.status !== 503) return answered;
      } catch {
        // No answer: the fate is unknown, the id stays.
      }
    }
  }
}

test(`F5: one server stopped for ${stopped} ms, one killed`, { timeout: 120_000 }, async () => {
  console.log(`F5: SUANPAN_SEED=${seed}`);
  const random = mulberry32(seed);
  const accounts = ['acme', 'globex', 'initech'];
  const [first, second, third] = servers as [ServerProcess, ServerProcess, ServerProcess];
  await prepareAccounts(first.url, key, accounts);
  await send(first.url, '/v1/accounts', { id: 'last-calls', book: 'faceid-legacy', postpaid: false });
  await send(first.url, '/v1/accounts/last-calls/top-ups', { amount: '930.00' }, { 'idempotency-key': 'money' });
  const order = { account: 'last-calls', product: 'basic_authority', size: packSize, id: 'last-pack' };
  expect((await send(first.url, '/v1/packs', order, { 'idempotency-key': 'pack' })).status).toBe(201);

  let urls = servers.map(({ url }) => url);
  const load = new Load({
    seed,
    accounts,
    urls: () => urls,
    key: () => key,
    workers: 6,
    timeout: 2_500,
    commands: true,
  });
  const buyers = Array.from({ length: 6 }, (_, n) => new Buyer(`b${n}`, () => urls, random));
  const buying = Promise.all(buyers.map((buyer) => buyer.run()));
  load.start();
  await until('all servers are busy', () => load.answers.length > 300);

  second.signal('SIGSTOP');
  // A balancer that sees it does not answer sends elsewhere.
  urls = [first.url, third.url];
  const [duringFrom, pausedAt] = [load.answers.length, performance.now()];
  const others = () => load.answers.length - duringFrom;
  await until(
    'the others answer, until the time to resume',
    () => performance.now() - pausedAt > stopped && others() > 100,
  );
  const during = load.answers.slice(duringFrom);
  second.signal('SIGCONT');
  urls = servers.map(({ url }) => url);
  await until('the resumed one is busy again', () => load.answers.length > duringFrom + during.length + 300);

  third.signal('SIGKILL');
  await third.gone;
  urls = [first.url, second.url];
  await until('the others go on', () => load.answers.length > duringFrom + during.length + 700);
  await load.stop();
  await load.settle();
  await buying;

  const captured = buyers.reduce((sum, buyer) => sum + buyer.captured, 0);
  const { rows } = await suanpan.pool.query<{ events: bigint; ended: bigint; held: bigint }>(
    `select (select count(*) from events where account_id = 'last-calls') as events,
            (select count(*) from hold_ends where account_id = 'last-calls') as ended,
            (select count(*) from holds where account_id = 'last-calls') as held`,
  );
  const found = await tally(suanpan, load);
  const slowest = Math.round(Math.max(0, ...during.map(({ milliseconds }) => milliseconds)));
  const conflicts = await Promise.all(
    [first, second].map(
      async ({ url }) =>
        /suanpan_conflicts_total (\d+)/.exec(
          await (await fetch(`${url}/metrics`, { headers: { authorization: `Bearer ${key}` } })).text(),
        )?.[1],
    ),
  );
  console.log(`F5: ${JSON.stringify({ ...found, captured, answeredWhileStopped: during.length, slowest, conflicts })}`);
  expect(load.surprises).toEqual([]);
  expect(found).toMatchObject({ lost: 0, doubled: 0, acknowledged: found.sent });
  expect(captured).toBe(packSize);
  expect(buyers.map(({ refusedBy }) => refusedBy)).toEqual(buyers.map(() => 'POSTPAID_OFF'));
  expect(rows).toEqual([{ events: BigInt(packSize), ended: BigInt(packSize), held: BigInt(packSize) }]);
  expect(conflicts.reduce((sum, each) => sum + Number(each), 0)).toBeGreaterThan(0);
  await expectSound(suanpan);
});
