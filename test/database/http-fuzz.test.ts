// Whatever is sent to whichever operation, by whomever: no answer of 500, none that the document does not promise, and a ledger that
// still adds up. Requests are made from the document itself. SUANPAN_SEED=n makes the same ones again; FUZZ_SECONDS=n goes on for longer.

import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { verifyLedger } from '../../src/verify/verify.ts';
import { type ApiDocument, type Operation, readDocument } from '../http/document.ts';
import { nasty, nastyTexts, nearly, valuesOf } from '../http/from-schema.ts';
import { type FuzzWorld, openFuzzWorld } from '../http/fuzz-world.ts';
import type { Method } from '../http/open-app.ts';

const seed = Number(process.env.SUANPAN_SEED ?? Date.now() % 2 ** 31);
const seconds = Number(process.env.FUZZ_SECONDS ?? 38);

let world: FuzzWorld;
let api: ApiDocument;
const asked = {
  requests: 0,
  statuses: new Map<number, number>(),
  of: new Map<string, number>(),
  done: new Set<string>(),
};

beforeAll(async () => {
  world = await openFuzzWorld();
  api = await readDocument(world.open);
  console.log(`fuzz: SUANPAN_SEED=${seed}, ${api.operations.length} operations, ${seconds} s`);
}, 60_000);
afterAll(() => world.open.close());

interface Request {
  readonly method: Method;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** Bodies that are no JSON, or hardly. */
const rawBodies = [
  '',
  ' ',
  '{',
  '}',
  '{"a":1,"a":2}',
  '{"__proto__":{"a":1}}',
  '{"calls":1e999}',
  '{"calls":-0}',
  '{"id":"\\ud800"}',
  '{"id":"\u0000"}',
  '\ufeff{}',
  '1e999',
  'NaN',
  '[1,]',
  '"'.repeat(1_000),
  '['.repeat(50_000),
  '{"a":'.repeat(10_000),
  `[${'{},'.repeat(2_000)}{}]`,
  'a\nb\n{}\n',
  '\n'.repeat(1_000),
  'x'.repeat(70_000),
  'book=faceid-legacy&use=1',
];

const headerTexts = [
  '',
  ' ',
  'a',
  '\u00ff',
  'a'.repeat(300),
  '*/*',
  'application/x-ndjson',
  'zh;q=',
  ',,,',
  '__proto__',
  '-1',
];

/** Mostly sound headers: one that is refused at the door tests nothing behind it. */
const headersOf = (operation: Operation): fc.Arbitrary<Record<string, string>> => {
  const media = Object.keys(operation.bodies);
  const odd = fc.constantFrom(...headerTexts);
  const rarely = (sound: fc.Arbitrary<string>) =>
    fc.oneof({ weight: 9, arbitrary: sound }, { weight: 1, arbitrary: odd });
  // What one does for oneself takes somebody who has signed in.
  if (/^\/v1\/(?:me|sessions)/.test(operation.path) && !operation.isPublic) {
    const own = {
      authorization: fc.constant(''),
      cookie: fc.constant(world.cookie),
      'sec-fetch-site': rarely(fc.constant('same-origin')),
    };
    const type = rarely(fc.constant('application/json'));
    return media.length === 0 ? fc.record(own) : fc.record({ ...own, 'content-type': type });
  }
  return fc.record(
    {
      authorization: fc.oneof(
        { weight: 6, arbitrary: fc.constant(world.callers[0] ?? '') },
        { weight: 4, arbitrary: fc.constant(world.callers[1] ?? '') },
        { weight: 1, arbitrary: fc.constantFrom(...world.callers.slice(2), ...headerTexts) },
      ),
      'idempotency-key': rarely(fc.oneof(fc.uuid(), fc.constantFrom('k1', 'k2'))),
      'content-type': rarely(fc.constantFrom('application/json', ...media, ...media)),
      'content-encoding': rarely(fc.constant('identity')),
      'accept-language': rarely(fc.constantFrom('zh', 'en')),
      accept: rarely(fc.constantFrom('application/json', 'application/x-ndjson', 'text/csv')),
      'x-request-id': rarely(fc.constant('r1')),
    },
    { requiredKeys: ['authorization', ...(media.length === 0 ? [] : ['content-type' as const])] },
  );
};

function bodyOf(operation: Operation): fc.Arbitrary<string | undefined> {
  const [schema] = Object.values(operation.bodies);
  if (schema === undefined) return fc.constant(undefined);
  const samples = world.samples[operation.path] ?? [];
  const values = fc.oneof(
    ...Object.values(operation.bodies).map((each) => valuesOf({ definitions: api.schemas, pools: world.pools }, each)),
    ...(samples.length === 0 ? [] : [fc.constantFrom(...samples)]),
  );
  const written = (arbitrary: fc.Arbitrary<unknown>) => arbitrary.map((value) => JSON.stringify(value));
  return fc.oneof(
    { weight: 6, arbitrary: written(values) },
    { weight: 4, arbitrary: written(nearly(values)) },
    { weight: 1, arbitrary: written(nearly(nearly(values))) },
    { weight: 1, arbitrary: written(nasty) },
    { weight: 1, arbitrary: fc.constantFrom(...rawBodies) },
    { weight: 1, arbitrary: fc.array(written(values), { maxLength: 3 }).map((lines) => lines.join('\n')) },
  );
}

/** What can stand in a path without ending up at another address. */
const pathTexts = nastyTexts.filter((text) => text.isWellFormed() && !/^\.*$/.test(text)).map(encodeURIComponent);
const brokenEscapes = ['%', '%zz', '%ff', '%ED%A0%80', '%00'];

function urlOf({ path, parameters }: Operation): fc.Arbitrary<string> {
  const noun = path.split('/')[2] ?? '';
  const ids = fc.oneof(
    {
      weight: 9,
      arbitrary: fc.constantFrom(...(world.ids[path] ?? world.ids[noun] ?? ['none'])).map(encodeURIComponent),
    },
    { weight: 2, arbitrary: fc.constantFrom(...pathTexts, ...brokenEscapes) },
  );
  const inQuery = parameters.filter((each) => each.in === 'query');
  const schemas = { definitions: api.schemas, pools: world.pools };
  const fields = inQuery.map(({ name, schema }) =>
    fc.tuple(
      fc.constant(name),
      fc.oneof({ weight: 5, arbitrary: valuesOf(schemas, schema, name) }, { weight: 1, arbitrary: nasty }),
    ),
  );
  const unknown = fc.tuple(fc.constantFrom('more', 'account', '__proto__', 'a[b]', ''), nasty);
  const query = fc.tuple(
    fc.subarray(fields).chain((some) => fc.tuple(...some)),
    fc.oneof({ weight: 9, arbitrary: fc.constant([]) }, { weight: 1, arbitrary: fc.array(unknown, { maxLength: 2 }) }),
  );
  return fc.tuple(ids, query).map(([id, [known, others]]) => {
    const pairs = [...known, ...others].map(([name, value]) => `${encodeURIComponent(name)}=${inUrl(value)}`);
    return `${path.replace(/\{\w+\}/g, () => id)}${pairs.length === 0 ? '' : `?${pairs.join('&')}`}`;
  });
}

const inUrl = (value: unknown): string =>
  encodeURIComponent((typeof value === 'string' ? value : (JSON.stringify(value) ?? '')).toWellFormed());

function requestsTo(operation: Operation): fc.Arbitrary<Request> {
  const methods = operation.method === 'GET' ? (['GET', 'GET', 'GET', 'HEAD'] as const) : [operation.method];
  const parts = { url: urlOf(operation), headers: headersOf(operation), body: bodyOf(operation) };
  return fc
    .record({ method: fc.constantFrom(...methods), ...parts })
    .map(({ body, ...request }) => (body === undefined ? request : { ...request, body }));
}

async function faultOf(operation: Operation, { method, url, headers, body }: Request): Promise<string | undefined> {
  const reply = await world.open.call(method, url, body, { ...headers });
  asked.requests += 1;
  asked.statuses.set(reply.status, (asked.statuses.get(reply.status) ?? 0) + 1);
  const name = `${operation.method} ${operation.path}`;
  asked.of.set(name, (asked.of.get(name) ?? 0) + 1);
  if (reply.status < 300) asked.done.add(name);
  return api.fault(operation, reply);
}

/** What is wrong with an operation, and the smallest request that shows it. */
async function faultsOf(operation: Operation): Promise<string[]> {
  await world.settle();
  const property = fc.asyncProperty(requestsTo(operation), async (request) => {
    const fault = await faultOf(operation, request);
    if (fault !== undefined) throw new Error(fault);
  });
  // A few in any case, however slow the operation is; then as many as its share of the time allows.
  const few = await fc.check(property, { seed, numRuns: 25 });
  const found = few.failed
    ? few
    : await fc.check(property, {
        seed: seed + 1,
        numRuns: 100_000,
        interruptAfterTimeLimit: (seconds * 1_000) / api.operations.length,
        markInterruptAsFailure: false,
      });
  // Without an example there was no time for a single request.
  if (!found.failed || found.counterexample === null) return [];
  const told = JSON.stringify(found.counterexample).slice(0, 1_500);
  return [`${operation.method} ${operation.path}: ${String(found.errorInstance).slice(0, 900)}\n  ${told}`];
}

const isClock = ({ path }: Operation): boolean => path === '/v1/clock';

test('every operation answers as the document says, whatever is sent', {
  timeout: (seconds + 90) * 1_000,
}, async () => {
  const faults: string[] = [];
  for (const operation of api.operations) if (!isClock(operation)) faults.push(...(await faultsOf(operation)));
  const { verdicts } = await verifyLedger(world.open.suanpan);
  // The clock comes last: it takes the world to other years.
  for (const operation of api.operations) if (isClock(operation)) faults.push(...(await faultsOf(operation)));
  console.log(
    `fuzz: ${asked.requests} requests, ${JSON.stringify(Object.fromEntries([...asked.statuses].toSorted()))}`,
  );
  expect(faults.join('\n\n')).toBe('');
  expect(verdicts.filter(({ broken }) => broken > 0)).toEqual([]);
  // Behind the guards, too: what was asked often was done at least once, but for freezing, which is always refused.
  const often = [...asked.of].filter(([, times]) => times >= 300).map(([name]) => name);
  // Nor approvals: they take another operator who has signed in. Nor one's own password: five wrong ones end the tries.
  const undoable = /\/freeze$|approvals|me\/password$/;
  const never = often.filter((name) => !asked.done.has(name) && !undoable.test(name));
  // What an earlier request has taken away for good, such as the one credential that can be rotated, cannot be done after it.
  expect(never.length, never.join(', ')).toBeLessThan(4);
  const met = [...asked.statuses.keys()];
  expect(met).toEqual(expect.arrayContaining([200, 201, 401, 403, 404, 409, 415, 422]));
});

test('a method that the document does not give an address is 405, and Allow says which it does', async () => {
  const others = ['GET', 'POST', 'PATCH', 'DELETE', 'PUT'] as const;
  const byPath = Map.groupBy(api.operations, ({ path }) => path);
  // GET /v1/bills/close is a bill by the name of "close", GET /v1/packs/preview a pack of that name.
  for (const path of ['/v1/bills/close', '/v1/packs/preview']) byPath.delete(path);
  for (const [path, operations] of byPath) {
    const methods = new Set<string>(operations.map(({ method }) => method));
    const allow = [...methods, ...(methods.has('GET') ? ['HEAD'] : []), 'OPTIONS'].toSorted().join(', ');
    for (const method of others.filter((each) => !methods.has(each))) {
      const { status, json, headers } = await world.open.call(method as Method, path.replace(/\{\w+\}/g, 'x'));
      const told = { method, path, status, code: json.code, allow: headers.allow };
      expect(told).toEqual({ method, path, status: 405, code: 'METHOD_NOT_ALLOWED', allow });
    }
  }
});
