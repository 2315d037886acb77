// F13: the network between a server and its database swallows packets, with commands, groups, key checks and reads in flight.
// Everybody is answered within 15 s, the server is back within 5 s of the network and ends in order, and nothing has two effects.

import { describe, expect, test } from 'vitest';
import type { Suanpan } from '../../src/operations/suanpan.ts';
import { openSuanpan } from '../../src/operations/suanpan.ts';
import { verifyLedger } from '../../src/verify/verify.ts';
import { basic } from '../http/open-app.ts';
import { freshDatabase } from '../setup/database.ts';
import { expectSound, tally } from './agree.ts';
import { Load } from './load.ts';
import { Network } from './network.ts';
import { prepareAccounts } from './prepare-accounts.ts';
import { type ServerProcess, startServer, until } from './server-process.ts';

const seed = Number(process.env.SUANPAN_SEED ?? Date.now() % 2 ** 31);
const accounts = ['acme', 'globex', 'initech'];
const longestAnswer = 15_000;
const longestReturn = 5_000;

console.log(`F13: SUANPAN_SEED=${seed}`);

interface Answered {
  readonly path: string;
  readonly status: number;
  readonly milliseconds: number;
  readonly json: { readonly [name: string]: unknown };
}

let serial = 0;
const event = () => ({ account: 'acme', id: `n${++serial}`, meter: basic, calls: 1, time: new Date().toISOString() });

/** A server behind a network of its own, and the ledger as seen from the other side. */
interface World {
  readonly network: Network;
  readonly suanpan: Suanpan;
  readonly server: ServerProcess;
  readonly key: string;
}

/** Each test waits for most of its time, and all at once: each has a world of its own. */
async function inWorld(work: (world: World) => Promise<void>): Promise<void> {
  const database = await freshDatabase();
  const network = new Network(database.connectionString);
  let server: ServerProcess | undefined;
  try {
    const suanpan = await openSuanpan(database);
    await network.open();
    server = await startServer({ DATABASE_URL: network.connectionString, SUANPAN_JOBS: '0' });
    const world = { network, suanpan, server, key: server.firstKey ?? '' };
    await prepareAccounts(server.url, world.key, accounts);
    await work(world);
  } finally {
    network.isSilent = false;
    server?.signal('SIGKILL');
    await server?.gone;
    network.close();
    await database.drop();
  }
}

async function ask(
  { server, key }: World,
  method: string,
  path: string,
  body?: object,
  headers: Record<string, string> = {},
): Promise<Answered> {
  const began = performance.now();
  const response = await fetch(`${server.url}${path}`, {
    method,
    headers: {
      authorization: `Bearer ${key}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(40_000),
  });
  const text = await response.text();
  const milliseconds = Math.round(performance.now() - began);
  const isJson = /json/.test(response.headers.get('content-type') ?? '');
  return { path, status: response.status, milliseconds, json: isJson ? JSON.parse(text) : {} };
}

/** Ten commands, groups, checks of keys that nobody has seen, and reads. */
const everyKind = (world: World): Promise<Answered>[] => [
  ...Array.from({ length: 10 }, () =>
    ask(world, 'POST', '/v1/accounts/acme/top-ups', { amount: '1.00' }, { 'idempotency-key': `n${++serial}` }),
  ),
  ...Array.from({ length: 5 }, () => ask(world, 'POST', '/v1/events', event())),
  ask(world, 'POST', '/v1/events', Array.from({ length: 2_000 }, event)),
  ...Array.from({ length: 4 }, (_, n) =>
    ask(world, 'GET', '/v1/me', undefined, { authorization: `Bearer sk_op_${n}${seed}` }),
  ),
  ...['/v1/accounts/acme', '/v1/events?account=acme', '/v1/bills/acme:2026-01/export?format=csv'].map((path) =>
    ask(world, 'GET', path),
  ),
  ask(world, 'POST', '/v1/bills/close', { month: '2020-01' }),
];

async function expectBack(world: World): Promise<number> {
  const took = await until(
    'an event is accepted',
    async () => (await ask(world, 'POST', '/v1/events', event())).status < 300,
    20_000,
  );
  expect((await ask(world, 'GET', '/readyz')).json).toEqual({ status: 'ok' });
  return Math.round(took);
}

describe.concurrent('the network is gone', () => {
  // Half a minute in `npm run test:faults`: beyond ten seconds of silence nothing new happens.
  test.each([5_000, process.env.FAULT_ROUNDS === undefined ? 15_000 : 30_000])(
    'silent for %i ms under load',
    { timeout: 120_000 },
    (length) =>
      inWorld(async (world) => {
        const { network, server, suanpan } = world;
        const load = new Load({
          seed: seed + length,
          accounts,
          urls: () => [server.url],
          key: () => world.key,
          workers: 10,
          timeout: 40_000,
          commands: true,
        });
        load.start();
        const answered = () => load.answers.filter(({ status }) => status < 300).length;
        await until('the server is busy', () => answered() > 100);
        network.isSilent = true;
        const began = performance.now();
        const before = everyKind(world);
        await until('the silence is known', async () => (await ask(world, 'GET', '/readyz')).status === 503, 10_000);
        expect((await ask(world, 'GET', '/livez')).status).toBe(200);
        const after = everyKind(world);
        await until('the silence is over', () => performance.now() - began > length, length + 1_000);
        network.isSilent = false;
        const took = await expectBack(world);
        const answers = await Promise.all([...before, ...after]);
        await load.stop();
        await load.settle();
        const slowest = Math.max(...[...answers, ...load.answers].map(({ milliseconds }) => Math.round(milliseconds)));
        const found = await tally(suanpan, load);
        console.log(`F13: ${JSON.stringify({ silence: length, took, slowest, ...found })}`);
        expect(slowest).toBeLessThan(longestAnswer);
        expect(took).toBeLessThan(longestReturn);
        for (const { status, path } of answers) expect([200, 201, 401, 404, 409, 503], path).toContain(status);
        // What only reads, and closing, waited for the silent database until their patience ended, long before the silence did.
        const waited = answers.slice(before.length - 4, before.length);
        expect(waited.map(({ path, status }) => `${status} ${path}`)).toEqual(
          ['accounts/acme', 'events?account=acme', 'bills/acme:2026-01/export?format=csv', 'bills/close'].map(
            (path) => `503 /v1/${path}`,
          ),
        );
        expect(load.surprises).toEqual([]);
        expect(found).toMatchObject({ lost: 0, doubled: 0, acknowledged: found.sent });
        await expectSound(suanpan);
      }),
  );

  test('silent for ever: the server tells it, and ends in order within 25 s', { timeout: 60_000 }, () =>
    inWorld(async (world) => {
      const { network, server } = world;
      network.isSilent = true;
      const pending = everyKind(world).map((asked) => asked.catch(() => undefined));
      const readiness = await ask(world, 'GET', '/readyz');
      expect(readiness).toMatchObject({ status: 503, json: { code: 'NOT_READY' } });
      expect(readiness.json.detail).toMatch(/silent for 2 s/);
      const began = performance.now();
      server.signal('SIGTERM');
      expect(await server.gone).toEqual({ code: 0, signal: null });
      expect(performance.now() - began).toBeLessThan(25_000);
      const answers = await Promise.all(pending);
      expect(
        answers.filter((answer) => answer !== undefined && answer.status < 300 && answer.path !== '/v1/me'),
      ).toEqual([]);
    }),
  );

  test('silent from the start: refused in words', { timeout: 60_000 }, () =>
    inWorld(async ({ network }) => {
      network.isSilent = true;
      await expect(startServer({ DATABASE_URL: network.connectionString })).rejects.toThrow(
        /ended with 1: The database does not answer: .*\n无法连接数据库/,
      );
    }),
  );

  test(
    'answers lost after the commit, for each kind of command: sent again, each has had one effect',
    {
      timeout: 60_000,
    },
    () =>
      inWorld(async (world) => {
        const { network, server, suanpan, key } = world;
        const once = (kind: string) => ({ 'idempotency-key': kind });
        // An account's commands take turns: one of each, and a few at once.
        await prepareAccounts(server.url, key, ['hooli', 'umbrella', 'stark']);
        const product = 'basic_authority';
        const facts = {
          account: 'stark',
          action: 'IdCardVerification',
          resultCode: '99',
          time: new Date().toISOString(),
        };
        const veteran = { id: 'veteran', book: 'faceid-legacy', opened: '2020-01-01' };
        expect((await ask(world, 'POST', '/v1/accounts', veteran)).status).toBe(201);
        expect(
          (await ask(world, 'POST', '/v1/events', { ...event(), account: 'umbrella', id: 'to-void' })).status,
        ).toBe(200);
        expect((await ask(world, 'POST', '/v1/events', { ...facts, id: 'to-review' })).json).toMatchObject({
          status: 'held',
        });
        const rounds: readonly (readonly [method: string, path: string, body: object])[][] = [
          [
            ['POST', '/v1/accounts', { id: 'newcomer', book: 'faceid-legacy' }],
            ['POST', '/v1/accounts/acme/top-ups', { amount: '13.00' }],
            ['POST', '/v1/packs', { account: 'globex', product, size: 1000, id: 'bought' }],
            ['POST', '/v1/gifts', { account: 'initech', product, calls: 11, id: 'given' }],
            ['POST', '/v1/events/to-void/void', { account: 'umbrella' }],
          ],
          [
            ['PATCH', '/v1/accounts/globex', { cap: 77 }],
            ['POST', '/v1/packs/pack-hooli/refund', { account: 'hooli' }],
            ['POST', '/v1/events/to-review/review', { account: 'stark', charge: false }],
            ['POST', '/v1/bills/close', { account: 'veteran', month: '2020-01' }],
            ['POST', '/v1/keys', { role: 'operator', name: 'made-once' }],
          ],
        ];
        for (const commands of rounds) {
          const sendAll = () =>
            Promise.all(
              commands.map(([method, path, body]) => ask(world, method, path, body, once(`${method} ${path}`))),
            );
          network.loseAnswersOf = /commit/;
          network.losses = commands.length;
          const sending = sendAll();
          await until('every answer is lost', () => network.losses === 0);
          // So many connections hang: the server is ready all the same, and says so.
          expect((await ask(world, 'GET', '/readyz')).json).toEqual({ status: 'ok' });
          const lost = await sending;
          const before = await effects(suanpan);
          expect(lost.map(({ path, status, json }) => [path, status, json.code])).toEqual(
            commands.map(([, path]) => [path, 503, 'OUTCOME_UNKNOWN']),
          );
          for (const { milliseconds } of lost) expect(milliseconds).toBeLessThan(longestAnswer);
          for (const { path, status } of await sendAll()) expect(status, path).toBeLessThan(300);
          expect(await effects(suanpan)).toEqual(before);
        }
        const [each] = await effects(suanpan);
        expect(each).toEqual({
          topUps: 1,
          bought: 1,
          given: 1,
          refunds: 1,
          voids: 1,
          reviews: 1,
          bills: 1,
          opened: 1,
          capped: 1,
          keys: 1,
        });
        // The naive implementation knows no reviews.
        expect(await verifyLedger(suanpan)).toMatchObject({ clean: true });
      }),
  );
});

/** How often each command has taken effect. */
async function effects(suanpan: Suanpan) {
  const { rows } = await suanpan.pool.query(
    `select (select count(*)::integer from money_entries where amount = 1300) as "topUps",
            (select count(*)::integer from packs where pack_id = 'bought') as bought,
            (select count(*)::integer from packs where pack_id = 'given') as given,
            (select count(*)::integer from pack_refunds) as refunds, (select count(*)::integer from voids) as voids,
            (select count(*)::integer from reviews) as reviews, (select count(*)::integer from bills) as bills,
            (select count(*)::integer from accounts where account_id = 'newcomer') as opened,
            (select count(*)::integer from account_changes where account_id = 'globex' and before is not null) as capped,
            (select count(*)::integer from api_keys where name = 'made-once') as keys`,
  );
  return rows;
}
