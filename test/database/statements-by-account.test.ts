// Every statement that the server sends, as PostgreSQL plans it: of tables that are spread by account each names the accounts that it is
// about, or reads all accounts and stands in a list here. Joins that do not go by account are found by the plan, whatever their text.

import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Period } from '../../src/core/calendar.ts';
import { archiveMonth, restoreMonth } from '../../src/operations/archive-events.ts';
import { createBackup } from '../../src/operations/back-up.ts';
import { tablesByLying } from '../../src/store/connection/spread.ts';
import { repairHeads } from '../../src/verify/repair.ts';
import { verifyLedger } from '../../src/verify/verify.ts';
import { readDocument } from '../http/document.ts';
import { type FuzzWorld, openFuzzWorld } from '../http/fuzz-world.ts';
import { spreadDatabase } from '../setup/citus/stand-in.ts';

const spread = new Set(tablesByLying.account);
const asked = new Set<string>();
/** The driver's own function, so that nothing is missed that any part sends. */
const prototype = pg.Client.prototype as unknown as { query: (...given: unknown[]) => unknown };
const real = prototype.query;

let world: FuzzWorld;
let planner: pg.Client;

beforeAll(async () => {
  prototype.query = function query(this: pg.Client, ...given: unknown[]): unknown {
    const [first] = given;
    asked.add(typeof first === 'string' ? first : ((first as { readonly text?: string }).text ?? ''));
    return real.apply(this, given);
  };
  world = await openFuzzWorld({ databaseOf: spreadDatabase });
  await askEverything();
  prototype.query = real;
  planner = new pg.Client({ connectionString: world.open.connectionString });
  await planner.connect();
  await planner.query('set enable_seqscan = off; set jit = off');
  // What is set apart for a while stands in tables of the session.
  const apart = [...asked].flatMap((text) => text.match(/create temporary table[^;]*/g) ?? []);
  for (const text of new Set(apart)) await planner.query(text.replace(/on commit drop/, ''));
}, 120_000);
afterAll(async () => {
  prototype.query = real;
  await planner?.end();
  await world?.open.close();
});

/** What can be read, over HTTP; what time does by itself; what is done on the server's machine. */
async function askEverything(): Promise<void> {
  const { open, ids } = world;
  const { operations } = await readDocument(open);
  for (const { method, path, parameters } of operations) {
    const noun = path.split('/')[2] ?? '';
    const [id = 'acme'] = ids[path] ?? ids[noun] ?? [];
    const url = path.replaceAll(/\{\w+\}/g, id);
    if (method === 'GET') {
      await open.call('GET', url);
      const query = new URLSearchParams(
        parameters.flatMap(({ in: where, name }): [string, string][] => {
          const value = { account: 'acme', month: '2025-12', limit: '2' }[name];
          return where === 'query' && value !== undefined ? [[name, value]] : [];
        }),
      );
      await open.call('GET', `${url}?${query}`);
    }
  }
  for (const job of ['book-due', 'close-months', 'alerts', 'deliver', 'export-lists', 'gifts', 'lapse-orders'])
    await open.call('POST', `/v1/jobs/${job}/run`);
  const folder = mkdtempSync(join(tmpdir(), 'archive-'));
  open.setClock('2026-02-12T09:00:00+08:00');
  await verifyLedger(open.suanpan);
  await archiveMonth(open.suanpan, { month: '2025-12' as Period, folder });
  await restoreMonth(open.suanpan, { month: '2025-12' as Period });
  await createBackup(open.suanpan.pool, join(folder, 'backup'), null);
  await repairHeads(open.suanpan);
  rmSync(folder, { recursive: true });
}

interface Plan {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string;
  readonly Alias?: string;
  readonly 'Parent Relationship'?: string;
  readonly 'Subplan Name'?: string;
  readonly Plans?: readonly Plan[];
  readonly [key: string]: unknown;
}

const conditions = [
  'Index Cond',
  'Filter',
  'Recheck Cond',
  'Join Filter',
  'Hash Cond',
  'Merge Cond',
  'One-Time Filter',
];
const told = (plan: Plan): string => conditions.map((name) => String(plan[name] ?? '')).join(' ');

interface Scan {
  readonly table: string;
  /** All that is said of it, by itself and by what it is joined with. */
  readonly said: string;
}

function scansOf(plan: Plan, above = ''): Scan[] {
  const said = `${above} ${told(plan)}`;
  const own = plan['Relation Name'];
  const below = (plan.Plans ?? []).flatMap((each) => scansOf(each, said));
  const children = (plan.Plans ?? []).map(told).join(' ');
  return own !== undefined && spread.has(own) && plan['Node Type'] !== 'ModifyTable'
    ? [{ table: own, said: `${said} ${children}` }, ...below]
    : below;
}

/** By a parameter, an array of them, or a constant. */
const isBound = ({ said }: Scan): boolean => /account_id\)?(?:::text)? = (?:ANY )?\(?(?:\$\d+|')/.test(said);
const isJoined = ({ said }: Scan): boolean => /account_id\)? = \(?(?:\w+\.)?account_id/.test(said);

type Reach = 'one' | 'all' | 'unjoined' | 'none';

function reachOf(plan: Plan): Reach {
  const scans = scansOf(plan);
  if (scans.length === 0) return 'none';
  const bound = scans.filter(isBound);
  const loose = scans.filter((scan) => !isBound(scan) && !isJoined(scan));
  if (loose.length === 0 && bound.length > 0) return 'one';
  return loose.length > 0 && scans.length > 1 ? 'unjoined' : 'all';
}

const short = (text: string): string => text.replaceAll(/\s+/g, ' ').trim().slice(0, 110);

const folder = new URL('../../src/store/migrations/', import.meta.url);
/** They, and what raises all versions after them, run while nobody else does. */
const migrations = [
  ...readdirSync(folder).map((name) => readFileSync(new URL(name, folder), 'utf8')),
  'update account_heads set version = version + 1',
].join('\n');

/** Whether rows of spread tables are looked up for each row of others, which Citus refuses unless one node has all of it. */
function asksForEach(plan: Plan): boolean {
  const apart = (each: Plan): Plan[] =>
    (each.Plans ?? []).flatMap((below) => (below['Parent Relationship'] === 'SubPlan' ? [below] : apart(below)));
  const without = (each: Plan): Plan => ({
    ...each,
    Plans: (each.Plans ?? []).filter((below) => below['Parent Relationship'] !== 'SubPlan').map(without),
  });
  return apart(plan).some((below) => scansOf(below).length > 0) && scansOf(without(plan)).length === 0;
}

async function explained(statement: string): Promise<Plan | undefined> {
  const { rows } = await planner.query<{ 'QUERY PLAN': [{ Plan: Plan }] }>(
    `explain (generic_plan, format json) ${statement}`,
  );
  return rows[0]?.['QUERY PLAN'][0].Plan;
}

const plans = async (): Promise<Map<string, Reach>> =>
  new Map([...(await plansOf())].map(([text, plan]) => [text, reachOf(plan)]));

async function plansOf(): Promise<Map<string, Plan>> {
  const found = new Map<string, Plan>();
  for (const text of [...asked].flatMap((each) => each.split(';'))) {
    if (migrations.includes(text.trim())) continue;
    if (!/^\s*(?:with|select|insert|update|delete|declare)\b|^copy \(/i.test(text)) continue;
    const statement = text.replace(/^declare .*? cursor for /s, '').replace(/^copy \((.*)\) to stdout$/s, '$1');
    if (![...spread].some((table) => new RegExp(`\\b${table}\\b`).test(statement))) continue;
    const plan = await explained(statement);
    if (plan !== undefined) found.set(statement, plan);
  }
  return found;
}

/** Asked of all nodes, so that none of them may be away: lists of all accounts, jobs' work, closing's list. By their beginnings. */
const ofAll = [
  'select (select count(*)::integer from account_heads spread join accounts a',
  'select a.account_id from account_heads spread join accounts a',
  'select a.account_id, a.no, a.kind, a.at_ms, a.details, c.time_zone, c.book_id from alerts a',
  'select account_id from bills where period = $1',
  'select account_id, seq, place, kind, at_ms, details from outbox where delivered_ms is null',
  'select count(*)::text as accounts, sum((regexp_match(state',
  'select distinct a.book_id as book, a.time_zone as zone from account_heads spread join accounts a',
  'select o.account_id, o.order_no from orders o where o.lapses_ms <= $1',
  'with old as ( select account_id, seq, place from outbox where delivered_ms < $1',
];

/** Whether there are rows of accounts that do not exist. */
const ofStrangers = /^select distinct t\.account_id from \w+ t left join accounts a/;

const isOfAll = (text: string): boolean =>
  ofStrangers.test(text) || ofAll.some((beginning) => short(text).startsWith(beginning.slice(0, 110)));

test('each names its accounts, or is known to read them all', async () => {
  const found = await plans();
  const reaching = (reach: Reach) => [...found].flatMap(([text, each]) => (each === reach ? [text] : []));
  expect(reaching('one').length).toBeGreaterThan(40);
  expect([...reaching('all'), ...reaching('unjoined')].filter((text) => !isOfAll(text)).map(short)).toEqual([]);
  const gone = ofAll.filter(
    (beginning) => ![...found.keys()].some((text) => short(text).startsWith(beginning.slice(0, 110))),
  );
  expect(gone, 'no longer asked').toEqual([]);
});

test('rows are locked of one account, or where all of it lies on one node', () => {
  const locking = [...asked].filter((text) => /\bfor (?:update|share|no key update|key share)\b/i.test(text));
  const several = locking.filter(
    (text) =>
      [...spread].some((table) => new RegExp(`\\bfrom ${table}\\b`).test(text)) && !/account_id = \$\d/.test(text),
  );
  expect(several).toEqual([]);
});

test('no question is asked for each row of what lies on every node', async () => {
  const found = [...(await plansOf()).entries()].filter(([, plan]) => asksForEach(plan) && reachOf(plan) !== 'one');
  expect(found.map(([text]) => short(text))).toEqual([]);
});

test('what is not so is found', async () => {
  const planOf = async (text: string) => (await explained(text)) ?? expect.fail(text);
  const byNumber = 'select 1 from events e join voids v on v.event_id = e.event_id where e.account_id = $1';
  expect(reachOf(await planOf(byNumber))).toBe('unjoined');
  expect(
    reachOf(await planOf('select 1 from events e join voids v using (account_id, event_id) where e.account_id = $1')),
  ).toBe('one');
  expect(reachOf(await planOf('select max(at_ms) from events'))).toBe('all');
  const forEach = 'select (select max(at_ms) from events e where e.account_id = a.account_id) from accounts a';
  expect(asksForEach(await planOf(forEach))).toBe(true);
});
