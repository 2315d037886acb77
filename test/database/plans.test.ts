// POST /v1/plans: the same plan as the command line's, computed beside the calls.

import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { instantOf } from '../../src/core/units.ts';
import { buildHttp } from '../../src/http/app.ts';
import { openSuanpan } from '../../src/operations/suanpan.ts';
import { type FreshDatabase, freshDatabase } from '../setup/database.ts';

let database: FreshDatabase;
let app: FastifyInstance;

beforeAll(async () => {
  database = await freshDatabase();
  const suanpan = await openSuanpan(database, () => instantOf(Date.parse('2026-01-05T10:00:00+08:00')));
  app = await buildHttp(suanpan, { pepper: 'x' });
}, 60_000);

afterAll(async () => {
  await app.close();
  await database.drop();
});

const plan = async (body: object) => {
  const response = await app.inject({ method: 'POST', url: '/v1/plans', payload: { book: 'faceid-legacy', ...body } });
  return { status: response.statusCode, json: response.json() };
};

test('300,000 basic authority calls in one month', async () => {
  const { status, json } = await plan({ use: [{ of: 'liveness.basic.authority', calls: 300_000 }] });
  expect(status).toBe(200);
  expect(json.best).toMatchObject({ total: '208000.00' });
  expect(json.alternatives.find(({ label }: { label: string }) => label === 'packs only')).toMatchObject({
    total: '215000.00',
  });
});

test('a profile over months', async () => {
  const profile = [1, 2, 3].map((month) => ({ month: `2026-0${month}`, meter: 'eid', calls: 900 }));
  const { status, json } = await plan({ profile });
  expect(status).toBe(200);
  expect(json.best.proof).toBeDefined();
});

test.each([
  ['an unknown meter', { use: [{ of: 'nothing', calls: 1 }] }, '/use/0/of'],
  ['a fraction', { use: [{ of: 'eid', calls: 1.5 }] }, '/use/0/calls'],
  ['a negative number', { use: [{ of: 'eid', calls: -1 }] }, '/use/0/calls'],
  ['an empty profile', { profile: [] }, '/profile'],
  [
    'months out of order',
    {
      profile: [
        { month: '2026-02', meter: 'eid', calls: 1 },
        { month: '2026-01', meter: 'eid', calls: 1 },
      ],
    },
    '/profile/1/month',
  ],
])('%s is refused with a pointer', async (_, body, pointer) => {
  const { status, json } = await plan(body);
  expect(status).toBeGreaterThanOrEqual(400);
  expect(status).toBeLessThan(500);
  expect(json.errors[0].pointer).toBe(pointer);
});
