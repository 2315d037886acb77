// F16: a damaged head stops its own account alone, and is rebuilt from the ledger; the facts stay as they are.

import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Head } from '../../src/account/head.ts';
import { callsOf } from '../../src/core/units.ts';
import { giveGifts } from '../../src/operations/packs.ts';
import { readAccount } from '../../src/operations/read-account.ts';
import type { Suanpan } from '../../src/operations/suanpan.ts';
import { inTransaction } from '../../src/store/connection/transaction.ts';
import { readHeadOf } from '../../src/store/ledger/heads.ts';
import { repairHeads } from '../../src/verify/repair.ts';
import { verifyLedger } from '../../src/verify/verify.ts';
import { type FreshDatabase, freshDatabase } from '../setup/database.ts';
import { randomLedger } from './random-ledger.ts';

const seed = Number(process.env.SUANPAN_SEED ?? Date.now() % 2 ** 31);
const all = ['acme', 'globex', 'initech'];

let database: FreshDatabase;
let suanpan: Suanpan;
let logged: string[] = [];
beforeAll(async () => {
  console.log(`heads: SUANPAN_SEED=${seed}`);
  database = await freshDatabase();
  ({ suanpan } = await randomLedger(database, seed, 300, (line) => logged.push(line)));
  const now = suanpan.clock();
  const gift = { account: 'acme', id: 'kept', product: 'basic_authority', calls: callsOf(50), months: null };
  await inTransaction(suanpan.pool, (tx) => giveGifts(tx, suanpan, gift, now));
  const call = { meter: 'liveness.basic.authority', calls: callsOf(2), department: null, milliseconds: 86_400_000 };
  await suanpan.ledger.authorize('acme', call);
}, 60_000);
afterAll(() => database.drop());

const findings = async () =>
  (await verifyLedger(suanpan)).verdicts.flatMap(({ first }) => (first === null ? [] : [first]));

/** Everything but heads, as one text. */
async function facts(): Promise<string> {
  const tables = ['events', 'event_draws', 'voids', 'reviews', 'holds', 'hold_ends', 'packs', 'pack_refunds'];
  tables.push('forfeits', 'money_entries', 'usage_days', 'corrections', 'bills', 'accounts', 'account_changes');
  const parts = tables.map(
    (table) => `select md5(coalesce(string_agg(t::text, '|' order by t::text), '')) as d from ${table} t`,
  );
  const { rows } = await suanpan.pool.query<{ d: string }>(parts.join(' union all '));
  return rows.map(({ d }) => d).join();
}

const record = async (account: string, id: string) => {
  const meter =
    suanpan.books
      .find((await readHeadOf(suanpan.pool, 'globex'))?.head.book ?? '')
      ?.meters.keys()
      .next().value ?? '';
  const own = account === 'globex' ? meter : 'liveness.basic.authority';
  const event = { id, meter: own, calls: callsOf(1), at: suanpan.clock(), department: null, facts: null };
  const [result] = await suanpan.ledger.record(account, [event]);
  return result?.status === 'rejected' ? result.refusal?.refused : result?.status;
};

/** A head without what makes no difference: counters that count nothing, and its time. */
const told = (head: Head | undefined) => ({
  ...head,
  time: 0,
  usage: new Map([...(head?.usage ?? [])].filter(([, calls]) => calls !== 0n)),
  postpaidCalls: new Map([...(head?.postpaidCalls ?? [])].filter(([, calls]) => calls !== 0n)),
});

const state = (change: string) => `update account_heads set state = (${change})::text where account_id = 'acme'`;
const fixed = (change: string) => `update account_heads set fixed = (${change})::text where account_id = 'acme'`;

const damages: readonly {
  readonly name: string;
  readonly sql: string;
  readonly unreadable?: true;
  readonly fields?: readonly string[];
}[] = [
  { name: 'a state cut short', sql: state(`left(state, length(state) / 2)`), unreadable: true },
  { name: 'a state of nothing', sql: state(`''`), unreadable: true },
  { name: 'fixed facts cut short', sql: fixed(`left(fixed, length(fixed) - 40)`), unreadable: true },
  { name: 'fixed facts of another form', sql: fixed(`'{"zone":"Asia/Shanghai"}'`), unreadable: true },
  {
    name: 'a pack that the fixed facts do not know',
    sql: state(`jsonb_set(state::jsonb, '{packs}', '[[9999, 5, 0]]')`),
    unreadable: true,
  },
  { name: 'counters lost', sql: state(`jsonb_set(jsonb_set(state::jsonb, '{usage}', '{}'), '{months}', '{}')`) },
  {
    name: 'a pack that is left more',
    sql: state(`jsonb_set(state::jsonb, '{packs,0,1}', to_jsonb((state::jsonb #>> '{packs,0,1}')::bigint + 3))`),
    fields: ['units'],
  },
  { name: 'packs lost', sql: state(`jsonb_set(state::jsonb, '{packs}', '[]')`) },
  { name: 'holds lost', sql: state(`jsonb_set(state::jsonb, '{holds}', '[]')`) },
  { name: 'a wrong number', sql: state(`jsonb_set(state::jsonb, '{seq}', '3')`), fields: ['seq'] },
  { name: 'a wrong balance', sql: fixed(`jsonb_set(fixed::jsonb, '{balance}', '12345678')`), fields: ['balance'] },
  { name: 'final months forgotten', sql: fixed(`jsonb_set(fixed::jsonb, '{finals}', '""')`), fields: ['finals'] },
  { name: 'bills miscounted', sql: fixed(`jsonb_set(fixed::jsonb, '{billCount}', '77')`), fields: ['billCount'] },
  { name: 'packs miscounted', sql: fixed(`jsonb_set(fixed::jsonb, '{packCount}', '77')`), fields: ['packCount'] },
  {
    name: 'settings that nobody made',
    sql: fixed(`jsonb_set(fixed::jsonb, '{suspended}', 'true')`),
    fields: ['suspended'],
  },
  {
    name: 'a time in the next century',
    sql: state(`jsonb_set(state::jsonb, '{time}', '4102444800000')`),
    fields: ['time'],
  },
];

describe('a damaged head', () => {
  test('of a sound ledger there is none', async () => {
    expect(await findings()).toEqual([]);
    expect(await repairHeads(suanpan)).toEqual({ accounts: 3, repaired: [], refused: [] });
  });

  test.each(damages)(
    '$name: rebuilt, and the account goes on',
    { timeout: 60_000 },
    async ({ name, sql, unreadable, fields }) => {
      for (const account of all) expect(await record(account, `before ${name}`)).toBe('accepted');
      const before = await facts();
      const whole = await readHeadOf(suanpan.pool, 'acme');
      await suanpan.pool.query(sql);
      suanpan.ledger.forget('acme');
      logged = [];
      if (unreadable === true) {
        const answers = await Promise.all(all.map((account) => record(account, `while ${name}`)));
        expect(answers).toEqual(['INTERNAL_ERROR', 'accepted', 'accepted']);
        expect(logged).toEqual([expect.stringMatching(/acme: .*suanpan verify --repair-heads/)]);
        await expect(readAccount(suanpan.pool, suanpan, 'acme', suanpan.clock())).rejects.toThrow(
          /suanpan verify --repair-heads/,
        );
        expect((await findings()).map(({ account }) => account)).toContain('acme');
      }
      const damaged = unreadable === true ? await facts() : before;
      const { accounts, repaired, refused } = await repairHeads(suanpan);
      expect({ accounts, refused }).toEqual({ accounts: 3, refused: [] });
      if (repaired.length === 0) {
        // This life had nothing there to lose.
        expect(['packs lost', 'holds lost', 'counters lost', 'final months forgotten']).toContain(name);
      } else {
        expect(repaired.map(({ account, assumed }) => ({ account, assumed }))).toEqual([
          { account: 'acme', assumed: [] },
        ]);
        const rebuilt = await readHeadOf(suanpan.pool, 'acme');
        expect(told(rebuilt?.head)).toEqual(told(whole?.head));
        expect(rebuilt?.version).toBeGreaterThan((whole?.version ?? 0n) + 1_000n);
      }
      if (fields !== undefined && repaired.length > 0)
        expect(repaired[0]?.changes.map(({ field }) => field)).toEqual(fields);
      expect(await facts()).toBe(damaged);
      expect(await findings()).toEqual([]);
      expect(await record('acme', `after ${name}`)).toBe('accepted');
      expect(await repairHeads(suanpan)).toEqual({ accounts: 3, repaired: [], refused: [] });
    },
  );

  test('on the command line: says what changed, and checks the whole ledger then', { timeout: 60_000 }, async () => {
    const run = (...words: string[]) => {
      const environment = { PATH: process.env.PATH, DATABASE_URL: database.connectionString, LANG: 'en' };
      const program = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));
      return spawnSync(process.execPath, [program, 'verify', ...words], { env: environment, encoding: 'utf8' });
    };
    await suanpan.pool.query(fixed(`jsonb_set(fixed::jsonb, '{balance}', '12345678')`));
    const found = run();
    expect(found.status).toBe(1);
    expect(found.stdout).toMatch(/heads can be rebuilt from the ledger: suanpan verify --repair-heads/);
    const repaired = run('--repair-heads');
    expect(repaired.stdout).toMatch(
      /rebuilt the head of acme:\n {2}balance: 12345678 → -?\d+\n3 accounts, 1 heads rebuilt\n/,
    );
    expect(repaired.stdout).toMatch(/verify: clean/);
    expect(repaired.status).toBe(0);
  });

  test('a head that is missing is made again', async () => {
    const whole = await readHeadOf(suanpan.pool, 'initech');
    await suanpan.pool.query(`delete from account_heads where account_id = 'initech'`);
    suanpan.ledger.forget('initech');
    const { repaired, refused } = await repairHeads(suanpan);
    expect(refused).toEqual([]);
    expect(repaired).toMatchObject([{ account: 'initech', assumed: [] }]);
    expect(told((await readHeadOf(suanpan.pool, 'initech'))?.head)).toEqual(told(whole?.head));
  });

  test('where the rows themselves disagree nothing is written', async () => {
    await suanpan.pool.query(`update events set pack_no = null, postpaid = calls, draw_count = 0
      where (account_id, seq) in (select account_id, seq from events where account_id = 'acme' and draw_count = 1 and outcome = 0 limit 1)`);
    await suanpan.pool.query(state(`''`));
    const { repaired, refused } = await repairHeads(suanpan);
    expect(repaired).toEqual([]);
    expect(refused).toEqual([{ account: 'acme', why: expect.stringMatching(/^events, event_id /) }]);
  });
});
