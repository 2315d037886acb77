// Closing a month for all accounts, told line by line: over HTTP and by the command line. A locked head keeps a closing from ending.

import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { basic, type Json, type OpenApp, openAccountWith, openApp } from '../http/open-app.ts';

const program = new URL('../../src/cli/main.ts', import.meta.url).pathname;
const ids = ['one', 'three', 'two', 'unpriced'];
let open: OpenApp;
let url: string;

beforeAll(async () => {
  open = await openApp('2026-01-20T10:00:00+08:00');
  url = await open.app.listen({ port: 0, host: '127.0.0.1' });
  for (const id of ids) await openAccountWith(open, id, '0.00');
  for (const [account, calls] of [
    ['one', 1_000],
    ['unpriced', 200_000],
  ]) {
    await open.call('POST', '/v1/events', { account, id: 'e', calls, meter: basic, time: '2026-01-20T09:00:00+08:00' });
  }
  open.setClock('2027-01-03T00:00:00+08:00');
});
afterAll(() => open.close());

const close = (month: string, headers: Record<string, string> = {}, signal?: AbortSignal) =>
  fetch(`${url}/v1/bills/close`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${open.operator}`,
      'content-type': 'application/json',
      accept: 'application/x-ndjson',
      ...headers,
    },
    body: JSON.stringify({ month }),
    ...(signal === undefined ? {} : { signal }),
  });

/** The lines of an answer one by one. */
async function* linesOf(response: Response): AsyncGenerator<Json> {
  let rest = '';
  for await (const piece of (response.body ?? new ReadableStream()).pipeThrough(new TextDecoderStream())) {
    const lines = (rest + piece).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) yield JSON.parse(line);
  }
  expect(rest).toBe('');
}

async function restOf(lines: AsyncGenerator<Json>): Promise<Json[]> {
  const rest: Json[] = [];
  for await (const line of lines) rest.push(line);
  return rest;
}

/** Keeps an account's head locked while `work` goes on. */
async function whileLocked(account: string, work: () => Promise<void>): Promise<void> {
  const holder = await open.suanpan.pool.connect();
  try {
    await holder.query('begin');
    await holder.query('select 1 from account_heads where account_id = $1 for update', [account]);
    await work();
  } finally {
    await holder.query('rollback');
    holder.release();
  }
}

/** Ends the connection that waits for a lock. */
async function endWaiting(): Promise<void> {
  const { pool } = open.suanpan;
  const end = `select pg_terminate_backend(pid) from pg_stat_activity
    where datname = current_database() and wait_event_type = 'Lock'`;
  await expect.poll(async () => (await pool.query(end)).rowCount, { timeout: 10_000 }).toBe(1);
}

const finals = async (month: string): Promise<number> =>
  (await open.suanpan.pool.query('select 1 from bills where period = $1', [month])).rowCount ?? 0;

const refused = [{ account: 'unpriced', code: 'QUOTE_REQUIRED', detail: expect.stringContaining('contract price') }];

test('progress comes while the month is being closed, at last the answer of plain JSON', async () => {
  let lines: AsyncGenerator<Json> | undefined;
  await whileLocked('two', async () => {
    const response = await close('2026-01', { 'idempotency-key': 'january' });
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('application/x-ndjson; charset=utf-8');
    lines = linesOf(response);
    expect((await lines.next()).value).toEqual({ done: 0, of: 4 });
    expect(await finals('2026-01')).toBe(0);
  });
  if (lines === undefined) throw new Error('no lines');
  expect(await restOf(lines)).toEqual([
    { done: 4, of: 4 },
    { month: '2026-01', closed: 3, alreadyFinal: 0, refused },
  ]);
  expect(await finals('2026-01')).toBe(3);

  const again = await restOf(linesOf(await close('2026-01', { 'idempotency-key': 'january' })));
  const { json, headers } = await open.call('POST', '/v1/bills/close', { month: '2026-01' });
  expect(headers['content-type']).toBe('application/json; charset=utf-8');
  expect(json).toEqual({ month: '2026-01', closed: 0, alreadyFinal: 3, refused });
  expect(again).toEqual([{ done: 0, of: 1 }, { done: 1, of: 1 }, json]);
});

test('a failure before the first line has its status; one after it is the last line, and the next closing goes on', async () => {
  const wrong = await close('2026-13');
  expect(wrong.status).toBe(422);
  expect(await wrong.json()).toMatchObject({ code: 'INVALID_INPUT' });
  await open.suanpan.pool.query('alter table bills rename to bills_away');
  const broken = await close('2026-02');
  await open.suanpan.pool.query('alter table bills_away rename to bills');
  expect(broken.status).toBe(500);
  expect(await broken.json()).toMatchObject({ code: 'INTERNAL_ERROR' });

  await whileLocked('two', async () => {
    const response = await close('2026-02', { 'accept-language': 'zh' });
    await endWaiting();
    expect(await restOf(linesOf(response))).toEqual([
      { done: 0, of: 4 },
      expect.objectContaining({ code: 'OUTCOME_UNKNOWN', status: 503, title: expect.stringMatching(/[一-鿿]/) }),
    ]);
  });
  expect(await finals('2026-02')).toBe(0);
  expect((await restOf(linesOf(await close('2026-02')))).at(-1)).toMatchObject({ closed: 4 });
});

test('a client that leaves does not stop the closing', async () => {
  const leaving = new AbortController();
  await whileLocked('two', async () => {
    const lines = linesOf(await close('2026-03', {}, leaving.signal));
    await lines.next();
    leaving.abort();
    await expect(lines.next()).rejects.toThrow('aborted');
  });
  await expect.poll(() => finals('2026-03'), { timeout: 10_000 }).toBe(4);
});

/** The command line; `terminal` makes it take its standard error for one. */
async function run(args: readonly string[], terminal = false) {
  const flags = terminal ? ['--import', 'data:text/javascript,process.stderr.isTTY=true'] : [];
  const child = spawn(process.execPath, [...flags, program, 'bill', 'close', ...args], {
    env: { PATH: process.env.PATH ?? '', LANG: 'C', SUANPAN_URL: url, SUANPAN_API_KEY: open.operator },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = new Promise<number | null>((resolve) => child.on('exit', resolve));
  const [out, err, code] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
  return { out, err, code };
}

test('the command line shows a bar on a terminal, and nowhere else', async () => {
  const shown = await run(['2026-04'], true);
  expect(shown).toMatchObject({ code: 0, out: '2026-04: 4 accounts closed now, 0 closed before\n' });
  expect(shown.err).toMatch(/100% {2}4 accounts {2}[\d,]+ accounts\/s {2}left 00:00/);
  expect(await run(['2026-04'], true)).toMatchObject({ code: 0, err: expect.not.stringContaining('NaN') });
  expect(await run(['2026-05'])).toEqual({
    code: 0,
    out: '2026-05: 4 accounts closed now, 0 closed before\n',
    err: '',
  });
  const { out, err } = await run(['2026-06', '--json'], true);
  expect(err).toBe('');
  expect(JSON.parse(out)).toEqual({ month: '2026-06', closed: 4, alreadyFinal: 0, refused: [] });
}, 60_000);

test('the command line fails with the problem of the last line', async () => {
  await whileLocked('two', async () => {
    const [ended] = await Promise.all([run(['2026-07']), endWaiting()]);
    expect(ended).toMatchObject({ code: 1, out: '', err: expect.stringContaining('OUTCOME_UNKNOWN') });
  });
}, 30_000);
