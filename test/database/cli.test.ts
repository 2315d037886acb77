// The command line against a real server and a real database: every noun once, exit codes, and imports that are cut short.

import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { basic, type OpenApp, openApp } from '../http/open-app.ts';

const program = new URL('../../src/cli/main.ts', import.meta.url).pathname;
const now = new Date();
const time = (ago = 0): string => new Date(now.getTime() - 3_600_000 - ago).toISOString();

interface Ended {
  readonly code: number;
  readonly out: string;
  readonly err: string;
  // biome-ignore lint/suspicious/noExplicitAny: answers of many shapes
  readonly json: any;
}

let open: OpenApp;
let url: string;
let folder: string;
let environment: Record<string, string>;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'suanpan-cli-'));
  open = await openApp(now.toISOString());
  url = await open.app.listen({ port: 0, host: '127.0.0.1' });
  environment = { SUANPAN_URL: url, SUANPAN_API_KEY: open.operator, HOME: folder };
});
afterAll(async () => {
  await open.close();
  rmSync(folder, { recursive: true, force: true });
});

const shell = (more: Record<string, string>) => ({ PATH: process.env.PATH ?? '', LANG: 'C', ...more });

function run(args: readonly string[], more: Record<string, string> = environment, input: Buffer | string = '') {
  return new Promise<Ended>((resolve) => {
    const child = execFile(process.execPath, [program, ...args], { env: shell(more) }, (error, out, err) => {
      const json = args.includes('--json') && out !== '' ? JSON.parse(out) : undefined;
      resolve({ code: error === null ? 0 : Number(error.code), out, err, json });
    });
    child.stdin?.on('error', () => {});
    child.stdin?.end(input);
  });
}

const file = (name: string, content: string | Buffer): string => {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
};

const event = (id: string, account: string, more: object = {}): string =>
  `${JSON.stringify({ id, account, meter: basic, time: time(), ...more })}\n`;

const events = (prefix: string, count: number, accounts: readonly string[]): string =>
  Array.from({ length: count }, (_, at) => event(`${prefix}${at}`, accounts[at % accounts.length] ?? '')).join('');

async function usageOf(account: string): Promise<number> {
  const { rows } = await open.suanpan.pool.query<{ calls: string }>(
    'select coalesce(sum(calls), 0)::text as calls from events where account_id = $1',
    [account],
  );
  return Number(rows[0]?.calls);
}

const direct = () => ({ DATABASE_URL: open.connectionString, HOME: folder });

describe('what a newcomer gets wrong', () => {
  const mistakes: readonly (readonly [readonly string[], number, string])[] = [
    [['forecast'], 2, 'name the account after the command'],
    [['bill', 'draft', 'november', '--account', 'acme'], 2, 'a month is written 2026-01'],
    [['bill', 'draft', '2026-13', '--account', 'acme'], 2, 'a month is written 2026-01'],
    [['bill', 'export', 'acme'], 3, 'no bill acme: a bill is ACCOUNT:MONTH'],
    [['account', 'show', 'nobody'], 3, 'There is no account nobody.'],
    [['account', 'list', '--lang', 'de'], 2, "no language 'de'"],
  ];
  test.each(mistakes)('%j says what to write instead', async (args, code, words) => {
    expect(await run(args)).toMatchObject({ code, err: expect.stringContaining(words) });
  });

  test('a wrong key is named by where it stands', async () => {
    const wrong = await run(['account', 'list'], { ...environment, SUANPAN_API_KEY: 'sk_op_wrong' });
    expect(wrong).toMatchObject({ code: 5, err: expect.stringContaining('the API key in SUANPAN_API_KEY') });
  });
});

describe('commands against a server', () => {
  test('an account, money, packs, usage, a receipt, a bill', async () => {
    const created = await run(['account', 'create', 'acme', '--book', 'faceid-legacy', '--json']);
    expect(created).toMatchObject({ code: 0, json: { id: 'acme', balance: '0.00' } });
    const again = await run(['account', 'create', 'acme', '--book', 'faceid-legacy']);
    expect(again).toMatchObject({ code: 0, err: expect.stringContaining('exists already') });
    const other = await run(['account', 'create', 'acme', '--book', 'faceid-legacy', '--cap', '5']);
    expect(other).toMatchObject({ code: 4, out: '', err: expect.stringContaining('cap –, not 5') });
    const key = ['--account', 'acme', '--idempotency-key', 'once', '--json'];
    const paid = await run(['balance', 'topup', '10000.00', ...key]);
    expect(paid).toMatchObject({ code: 0, json: { amount: '10000.00', balance: '10000.00' } });
    expect((await run(['balance', 'topup', '10000.00', ...key])).json).toEqual(paid.json);
    const bought = await run(['pack', 'buy', 'basic_authority:10000', '--account', 'acme', '--id', 'p1', '--json']);
    expect(bought).toMatchObject({ code: 0, json: { packs: [{ id: 'p1', price: '8000.00' }] } });
    const given = await run(['pack', 'gift', 'basic_authority:50', '--account', 'acme', '--id', 'g1', '--json']);
    expect(given).toMatchObject({ code: 0, json: { packs: [{ id: 'g1', gift: true }] } });
    const sent = await run([
      'usage',
      'send',
      '--account',
      'acme',
      '--meter',
      basic,
      '--calls',
      '60',
      '--id',
      'e1',
      '--json',
    ]);
    expect(sent).toMatchObject({
      code: 0,
      json: { status: 'accepted', receipt: { draws: [{ pack: 'g1' }, { pack: 'p1' }] } },
    });
    expect(await run(['pack', 'refund', 'p1', '--account', 'acme'])).toMatchObject({ code: 4 });
    expect((await run(['pack', 'freeze', 'p1', '--account', 'acme'])).err).toContain('NOT_FREEZABLE');
    const receipt = await run(['receipt', 'e1', '--account', 'acme']);
    expect(receipt).toMatchObject({ code: 0, err: '' });
    expect(receipt.out).toContain('g1: 50');
    expect((await run(['--lang', 'zh', 'receipt', 'e1', '--account', 'acme'])).out).toContain('抵扣');
    expect(await run(['receipt', 'none', '--account', 'acme'])).toMatchObject({ code: 3, out: '' });
    const month = new Date(now.getTime() + 8 * 3_600_000).toISOString().slice(0, 7);
    const summary = await run(['usage', 'summary', '--account', 'acme', '--json']);
    expect(
      summary.json.lines.toSorted((a: { payer: string }, b: { payer: string }) => (a.payer < b.payer ? -1 : 1)),
    ).toMatchObject([
      { payer: 'g1', calls: 50 },
      { payer: 'p1', calls: 10 },
    ]);
    expect((await run(['bill', 'draft', month, '--account', 'acme', '--json'])).json).toMatchObject({
      prepaid: '8000.00',
    });
    expect((await run(['bill', 'draft', month, '--account', 'acme'])).out).toContain('8,000.00');
    expect(await run(['bill', 'close', month, '--account', 'acme'])).toMatchObject({ code: 4 });
    expect((await run(['bill', 'export', `acme:${month}`])).out).toContain('8000.00');
    expect(await run(['usage', 'void', 'e1', '--account', 'acme'])).toMatchObject({ code: 0 });
    expect((await run(['usage', 'list', '--account', 'acme', '--json'])).json.events).toHaveLength(1);
    expect((await run(['account', 'set', 'acme', '--postpaid', 'off', '--json'])).json).toMatchObject({
      postpaid: false,
    });
    for (const verb of [
      ['account', 'list'],
      ['account', 'show', 'acme'],
      ['pack', 'list', '--account', 'acme'],
      ['bill', 'list'],
      ['key', 'list'],
      ['balance', 'show', '--account', 'acme'],
      ['usage', 'list', '--account', 'acme'],
    ]) {
      expect(await run(verb), verb.join(' ')).toMatchObject({ code: 0, err: '' });
    }
  }, 120_000);

  test('a bill names the tariff of each line, where prices and calls are the same too; so does its export', async () => {
    await run(['account', 'create', 'alike', '--book', 'faceid-legacy']);
    const { json: made } = await run(['key', 'create', '--account', 'alike', '--json']);
    const own = { ...environment, SUANPAN_API_KEY: made.key as string };
    const at = time();
    for (const meter of [basic, 'photo.authority', 'phone_status', 'bank_card', 'liveness.wechat.authority']) {
      const sent = ['usage', 'send', '--account', 'alike', '--meter', meter, '--calls', '10', '--time', at];
      expect(await run([...sent, '--id', meter])).toMatchObject({ code: 0 });
    }
    const month = new Date(Date.parse(at) + 8 * 3_600_000).toISOString().slice(0, 7);
    const english = await run(['bill', 'draft', month], own);
    expect(english).toMatchObject({ code: 0, err: '' });
    expect(english.out).toMatch(/│ Liveness verification +│ +20 │ +1\.00 │ +20\.00 │/);
    expect(english.out).toMatch(/│ Photo verification +│ +10 │ +1\.00 │ +10\.00 │/);
    expect(english.out).toMatch(/│ Bank card verification +│ +10 │ +0\.40 │ +4\.00 │/);
    expect(english.out).toMatch(/│ Phone number status and time in network +│ +10 │ +0\.40 │ +4\.00 │/);
    expect(english.out).toContain('  Photo verification: 10 × ¥1.00 = ¥10.00 (volume');
    expect(english.out).toContain('prepaid 0.00, postpaid 38.00, adjustments 0.00, total 38.00');
    const chinese = await run(['--lang', 'zh', 'bill', 'show', `alike:${month}`]);
    expect(chinese.out).toContain('  照片人脸核身：10 × ¥1.00 = ¥10.00（阶梯到达');
    expect(chinese.out).toContain('预付 0.00，后付 38.00，调整 0.00，合计 38.00');
    const rows = (await run(['bill', 'export', `alike:${month}`])).out.split('\n').map((row) => row.split(','));
    const tariffs = rows
      .filter(([kind, , tariff]) => kind === 'postpaid' && tariff !== '')
      .map(([, , tariff]) => tariff);
    expect(new Set(tariffs)).toEqual(
      new Set(['liveness_verification', 'photo_verification', 'phone_status', 'bank_card']),
    );
  }, 120_000);

  test('a forecast shows equal packs in one row, with their number', async () => {
    await run(['account', 'create', 'stock', '--book', 'faceid-legacy']);
    await run(['balance', 'topup', '10000.00', '--account', 'stock']);
    await run(['pack', 'buy', 'basic_authority:1000x3', '--account', 'stock', '--id', 'p']);
    expect((await run(['forecast', 'stock'])).out).toMatch(/│ 3 × p … +│ basic_authority +│ +1,000 │/);
    const { packs } = (await run(['forecast', 'stock', '--json'])).json;
    expect(packs).toMatchObject([{ pack: 'p', count: 3, others: ['p-2', 'p-3'], remaining: 1_000 }]);
  }, 60_000);

  test('counts of an answer are of all its pages', async () => {
    for (let at = 0; at <= 200; at += 1)
      await open.call('POST', '/v1/accounts', { id: `many-${at}`, book: 'faceid-legacy' });
    const month = new Date(now.getTime() + 8 * 3_600_000).toISOString().slice(0, 7);
    const { json } = await run(['bill', 'ready', month, '--json']);
    const { rows } = await open.suanpan.pool.query('select count(*)::integer as accounts from accounts');
    expect(rows[0].accounts).toBeGreaterThan(200);
    expect(json).toMatchObject({ looked: rows[0].accounts, ready: 0, next: null });
    expect(json.blocked).toHaveLength(rows[0].accounts);
  }, 60_000);

  test('an account key means its own account; a revoked key means nothing', async () => {
    await run(['account', 'create', 'own', '--book', 'faceid-legacy']);
    const { json: made } = await run(['key', 'create', '--account', 'own', '--json']);
    const own = { ...environment, SUANPAN_API_KEY: made.key as string };
    expect((await run(['account', 'show', '--json'], own)).json).toMatchObject({ id: 'own' });
    expect(await run(['account', 'show', 'acme'], own)).toMatchObject({ code: 3 });
    expect(await run(['account', 'list'], own)).toMatchObject({ code: 5 });
    expect(await run(['key', 'revoke', made.id])).toMatchObject({ code: 0 });
    expect(await run(['account', 'show'], own)).toMatchObject({ code: 5 });
    expect(await run(['balance', 'show'])).toMatchObject({ code: 2 });
  }, 60_000);

  test('what goes wrong before the server is asked, and when it is not there', async () => {
    const noKey = await run(['account', 'list'], { SUANPAN_URL: url, HOME: folder });
    expect(noKey).toMatchObject({ code: 5, out: '' });
    expect(noKey.err).toContain('SUANPAN_API_KEY');
    expect(await run(['balance', 'topup', '1e3', '--account', 'acme'])).toMatchObject({ code: 2 });
    expect(await run(['pack', 'buy', 'basic_authority'])).toMatchObject({ code: 2 });
    const gone = await run(['account', 'list'], { ...environment, SUANPAN_URL: 'http://127.0.0.1:9' });
    expect(gone).toMatchObject({ code: 6, out: '' });
    const profile = file('profile.json', JSON.stringify({ url, apiKey: open.operator }));
    expect(await run(['account', 'list'], { SUANPAN_PROFILE: profile })).toMatchObject({ code: 0 });
    expect(await run(['account', 'list'], { SUANPAN_PROFILE: file('bad.json', '{') })).toMatchObject({ code: 2 });
  }, 60_000);
});

describe('usage import', () => {
  const bad = (account: string) =>
    `${event('x1', account)}${event('x1', account)}${event('x1', account, { calls: 2 })}{"id":\n${event('x2', account, { meter: 'no.such' })}${event('x3', 'nobody')}${JSON.stringify({ id: 'x4', account, action: 'LivenessCompare', time: time() })}\n`;

  test.each(['through the server', 'straight'])(
    '%s: counts, rejects with reasons, exit codes',
    async (way) => {
      const more = way === 'straight' ? direct() : environment;
      const account = way === 'straight' ? 'direct1' : 'server1';
      await run(['account', 'create', account, '--book', 'faceid-legacy']);
      const path = file(`${account}.ndjson`, bad(account));
      const args = ['usage', 'import', path, '--json', ...(way === 'straight' ? ['--direct'] : [])];
      const first = await run(args, more);
      expect(first).toMatchObject({
        code: 1,
        json: { read: 7, accepted: 1, duplicate: 1, conflict: 1, rejected: 4, held: 0 },
      });
      const rejects = readFileSync(`${path}.rejected.ndjson`, 'utf8')
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line));
      expect(rejects.map(({ line, code }) => [line, code]).toSorted(([a], [b]) => a - b)).toEqual([
        [3, 'EVENT_CONFLICT'],
        [4, 'NOT_JSON'],
        [5, 'UNKNOWN_METER'],
        [6, 'NOT_FOUND'],
        [7, 'MISSING'],
      ]);
      expect(rejects.find(({ line }) => line === 4)).toMatchObject({ content: '{"id":', status: 'rejected' });
      for (const { reason } of rejects) expect([reason.zh, reason.en].every((words) => words.length > 0)).toBe(true);
      expect((await run(args, more)).json).toMatchObject({ accepted: 0, duplicate: 2, conflict: 1 });
      expect(await usageOf(account)).toBe(1);
    },
    60_000,
  );

  test('CloudEvents in an array: the same events through the server, straight, and over HTTP', async () => {
    await run(['account', 'create', 'clouds', '--book', 'faceid-legacy']);
    const cloud = (id: string) => ({
      ...{ specversion: '1.0', id, source: '/gateway/1', type: 'call', subject: 'clouds', time: time() },
      data: { meter: basic, calls: 2 },
    });
    const events = [cloud('c1'), cloud('c2')];
    const path = file('clouds.json', JSON.stringify(events, null, 2));
    expect((await run(['usage', 'import', path, '--json'])).json).toMatchObject({ accepted: 2, rejected: 0 });
    const straight = await run(['usage', 'import', path, '--json', '--direct'], direct());
    expect(straight.json).toMatchObject({ accepted: 0, duplicate: 2, conflict: 0, rejected: 0 });
    const sent = await fetch(new URL('/v1/events', url), {
      method: 'POST',
      headers: { authorization: `Bearer ${open.operator}`, 'content-type': 'application/x-ndjson' },
      body: events.map((each) => JSON.stringify(each)).join('\n'),
    });
    const { results } = (await sent.json()) as { results: { status: string }[] };
    expect(results.map(({ status }) => status)).toEqual(['duplicate', 'duplicate']);
    expect(await usageOf('clouds')).toBe(4);
  }, 60_000);

  test('CSV, gzip, standard input, --account; no rejects file without rejects', async () => {
    for (const account of ['csv', 'gz', 'in']) await run(['account', 'create', account, '--book', 'faceid-legacy']);
    const rows = Array.from({ length: 3_000 }, (_, at) => `c${at},${basic},2,${time(at)}`).join('\n');
    const csv = `id,meter,calls,time\n${rows}\n`;
    const path = file('plain.csv', csv);
    expect(await run(['usage', 'import', path, '--account', 'csv'])).toMatchObject({ code: 0 });
    expect(existsSync(`${path}.rejected.ndjson`)).toBe(false);
    const zipped = file('zipped.csv.gz', gzipSync(csv));
    expect(await run(['usage', 'import', zipped, '--account', 'gz', '--direct'], direct())).toMatchObject({ code: 0 });
    const piped = await run(['usage', 'import', '-', '--account', 'in', '--json'], environment, gzipSync(csv));
    expect(piped).toMatchObject({ code: 0, json: { read: 3_000, accepted: 3_000 } });
    expect(await Promise.all(['csv', 'gz', 'in'].map(usageOf))).toEqual([6_000, 6_000, 6_000]);
    expect(await run(['usage', 'import', join(folder, 'none.csv')])).toMatchObject({ code: 3 });
    const dry = await run(['usage', 'import', file('dry.csv', `${csv}bad\n`), '--dry-run', '--json'], { HOME: folder });
    expect(dry).toMatchObject({ code: 1, json: { read: 3_001, accepted: 3_000, rejected: 1, dryRun: true } });
  }, 60_000);

  test('a server that is not there: exit code 6, nothing lost; a wrong key: 5', async () => {
    const path = file('gone.ndjson', events('n', 10, ['acme']));
    const gone = await run(['usage', 'import', path, '--json'], { ...environment, SUANPAN_URL: await closedPort() });
    expect(gone).toMatchObject({ code: 6, json: { read: 10, accepted: 0, complete: false } });
    expect(gone.err).toContain('again');
    const wrong = await run(['usage', 'import', path, '--json'], { ...environment, SUANPAN_API_KEY: 'sk_op_no' });
    expect(wrong).toMatchObject({ code: 5, json: { accepted: 0 } });
  }, 30_000);

  test.each(['through the server', 'straight'])(
    'a gzip that breaks in the middle, %s: what it is, exit code 2; the whole file goes on from there',
    async (way) => {
      const account = way === 'straight' ? 'torn-direct' : 'torn-server';
      await run(['account', 'create', account, '--book', 'faceid-legacy']);
      const count = 20_000;
      const whole = gzipSync(events('torn', count, [account]));
      const path = file(`${account}.ndjson.gz`, whole.subarray(0, whole.length / 2));
      const args = ['usage', 'import', path, '--json', ...(way === 'straight' ? ['--direct'] : [])];
      const more = way === 'straight' ? direct() : environment;
      const torn = await run(args, more);
      expect(torn).toMatchObject({ code: 2, json: { rejected: 0, complete: false } });
      expect(torn.err).toContain('the gzip stream is broken or cut short');
      const taken = await usageOf(account);
      expect(taken).toBeGreaterThan(0);
      expect(taken).toBeLessThan(count);
      file(`${account}.ndjson.gz`, whole);
      expect(await run(args, more)).toMatchObject({
        code: 0,
        json: { duplicate: taken, accepted: count - taken, complete: true },
      });
    },
    60_000,
  );

  test.each([
    ['killed', 'SIGKILL', 'straight'],
    ['stopped', 'SIGINT', 'straight'],
    ['killed', 'SIGKILL', 'server'],
    ['stopped', 'SIGINT', 'server'],
  ] as const)(
    '%s by %s in the middle, %s; run again: every event once',
    async (_, signal, way) => {
      const prefix = `${signal.toLowerCase()}-${way}`;
      const accounts = Array.from({ length: 5 }, (_, at) => `${prefix}-${at}`);
      for (const account of accounts) await open.call('POST', '/v1/accounts', { id: account, book: 'faceid-legacy' });
      const count = 60_000;
      const path = file(`${prefix}.ndjson`, events('k', count, accounts));
      const args = ['usage', 'import', path, '--json', ...(way === 'straight' ? ['--direct'] : [])];
      const more = way === 'straight' ? direct() : environment;
      const child = start(args, more);
      const ended = codeOf(child);
      while ((await usageOf(`${prefix}-0`)) === 0 && child.exitCode === null)
        await new Promise((done) => setTimeout(done, 10));
      child.kill(signal);
      const code = await ended;
      if (signal === 'SIGINT') expect([0, 130]).toContain(code);
      const before = (await Promise.all(accounts.map(usageOf))).reduce((sum, calls) => sum + calls, 0);
      const again = await run(args, more);
      expect(again, again.err).toMatchObject({ code: 0, json: { read: count, complete: true } });
      expect(again.json.accepted + again.json.duplicate).toBe(count);
      // A killed one may have had a group under way whose commit came after the count.
      if (signal === 'SIGINT') expect(again.json.duplicate).toBe(before);
      expect(await Promise.all(accounts.map(usageOf))).toEqual(accounts.map(() => count / accounts.length));
    },
    120_000,
  );
});

/** The address of a server that has just closed. */
async function closedPort(): Promise<string> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  await new Promise((done) => server.close(done));
  return `http://127.0.0.1:${port}`;
}

const start = (args: readonly string[], more: Record<string, string>): ChildProcess =>
  spawn(process.execPath, [program, ...args], { env: shell(more), stdio: 'ignore' });

const codeOf = (child: ChildProcess): Promise<number | null> =>
  new Promise((resolve) => {
    child.on('exit', (code) => resolve(code));
  });
