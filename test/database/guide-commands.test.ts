// The older guides and the README as they are written: each command is run against a server that stands where the page begins, and
// what a page shows is what it prints. Times and made ids are others each time.

import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { type OpenApp, openApp } from '../http/open-app.ts';
import { commandsOf, isShown } from '../setup/documented-commands.ts';

const run = promisify(execFile);
const root = fileURLToPath(new URL('../..', import.meta.url));
const plain = { LC_ALL: 'C.UTF-8', TZ: 'Asia/Shanghai', NO_COLOR: '1', FORCE_COLOR: '0' };
const read = (page: string): string => readFileSync(join(root, page), 'utf8');

/** Needs a mail box, a password that somebody chose, or a database folder of its own: tried by the tests of people and of backups. */
const elsewhere = /npm start$|people\/|"password":|-b jar|backup |^curl -X POST \$SUANPAN_URL\/v1\/clock/;

/** What differs each time, and the layout of tables that comes with it. */
const lasting = (text: string): string =>
  text
    .replaceAll(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)/g, '<time>')
    .replaceAll(/pk_[0-9a-f-]{36}/g, 'pk_<id>')
    .replaceAll(/by [0-9a-f]{8}\b/g, 'by <key>')
    .replaceAll(/─+/g, '─')
    .replaceAll(/ +│/g, ' │');

interface Stand {
  readonly page: string;
  readonly at: string;
  /** What stands there before the page begins; what its words for the reader's own ids are here. */
  readonly before?: (open: OpenApp) => Promise<unknown>;
}

const opened = async (open: OpenApp, topUp = '100000.00'): Promise<void> => {
  await done(open.once('POST', '/v1/accounts', { id: 'acme', book: 'faceid-legacy', gifts: false }));
  if (topUp !== '0.00') await done(open.once('POST', '/v1/accounts/acme/top-ups', { amount: topUp }));
};

async function done(reply: ReturnType<OpenApp['call']>): Promise<void> {
  const { status, text } = await reply;
  expect(status, text).toBeLessThan(300);
}

const use = (open: OpenApp, id: string, calls: number, time: string) =>
  done(open.call('POST', '/v1/events', { id, account: 'acme', meter: 'liveness.basic.authority', calls, time }));

const pack = (open: OpenApp, size: number, id: string) =>
  done(open.once('POST', '/v1/packs', { account: 'acme', product: 'basic_authority', size, id }));

/** Of pages whose commands go by `date`. */
const now = `${new Date(Date.now() + 8 * 3_600_000).toISOString().slice(0, 19)}+08:00`;

const stands: readonly Stand[] = [
  { page: 'README', at: now },
  { page: 'README.zh-CN', at: now },
  {
    page: 'docs/guide/alerts',
    at: '2026-01-12T10:00:00+08:00',
    before: async (open) => {
      await opened(open);
      await pack(open, 10_000, 'p1');
      open.setClock('2026-02-01T00:00:00+08:00');
      await use(open, 'many', 7_200, '2026-01-13T10:00:00+08:00');
      open.setClock('2026-12-14T00:00:00+08:00');
      for (let day = 14; day <= 30; day += 1) await use(open, `n${day}`, 30, `2026-11-${day}T12:00:00+08:00`);
      for (let day = 1; day <= 13; day += 1)
        await use(open, `d${day}`, 30, `2026-12-${String(day).padStart(2, '0')}T12:00:00+08:00`);
      await done(open.call('POST', '/v1/jobs/alerts-of-time/run'));
    },
  },
  {
    page: 'docs/guide/authorise',
    at: '2026-01-12T10:00:00+08:00',
    before: async (open) => {
      await opened(open);
      await pack(open, 1_000, 'p1');
      const { authorization } = await open.keyOf('acme');
      return { '1a2b3c4d': authorization.split('_')[2] ?? '' };
    },
  },
  {
    page: 'docs/guide/contract-prices',
    at: '2026-02-10T10:00:00+08:00',
    before: async (open) => {
      await opened(open);
      await use(open, 'january', 250_000, '2026-01-20T10:00:00+08:00');
    },
  },
  {
    page: 'docs/guide/new-prices',
    at: '2026-11-20T10:00:00+08:00',
    before: async (open) => {
      const book = { ...JSON.parse(read('catalog/faceid-legacy.json')), id: 'faceid-legacy-2027' };
      await done(open.once('POST', '/v1/price-books', book));
      await opened(open);
    },
  },
  { page: 'docs/guide/orders', at: '2026-01-12T10:00:00+08:00', before: (open) => opened(open, '0.00') },
  {
    page: 'docs/guide/people',
    at: '2026-02-12T10:00:00+08:00',
    before: async (open) => {
      open.setClock('2026-01-12T10:00:00+08:00');
      await opened(open);
      await pack(open, 10_000, 'p1');
      open.setClock('2026-02-12T10:00:00+08:00');
    },
  },
  { page: 'docs/guide/scenario', at: '2026-01-12T10:00:00+08:00' },
  {
    page: 'docs/guide/write-a-price-book',
    at: '2026-01-12T10:00:00+08:00',
  },
  {
    page: 'docs/operating/README',
    at: '2026-01-12T10:00:00+08:00',
    before: async (open) => {
      await opened(open);
      const facts = { action: 'IdCardVerification', resultCode: '99', time: '2026-01-10T10:00:00+08:00' };
      await done(open.call('POST', '/v1/events', { id: 'held', account: 'acme', ...facts }));
    },
  },
  {
    page: 'docs/guide/webhooks',
    at: '2026-01-12T10:00:00+08:00',
    before: async (open) => {
      await opened(open);
      const hook = await open.call('POST', '/v1/webhooks', { account: 'acme', url: 'https://example.com/other' });
      const { id } = hook.json;
      await done(open.call('POST', `/v1/webhooks/${id}/test`));
      const { json } = await open.call('GET', `/v1/webhooks/${id}/deliveries`);
      const [sent] = json.deliveries as { id: string }[];
      return { 'wh_5f2c…': id, 'msg_0d6c…': sent?.id };
    },
  },
  { page: 'docs/operating/security', at: '2026-01-12T10:00:00+08:00', before: (open) => opened(open) },
];

test.each(stands.map(({ page }) => page).filter((page) => page.startsWith('docs/')))(
  '%s: the same commands in both languages',
  (page) => {
    const [english, chinese] = [commandsOf(read(`${page}.md`)), commandsOf(read(`${page}.zh-CN.md`))];
    expect(chinese.map(({ command }) => command)).toEqual(english.map(({ command }) => command));
    expect(english.length).toBeGreaterThan(0);
  },
);

test.each(stands)(
  '$page',
  async ({ page, at, before }) => {
    const open = await openApp(at);
    const folder = mkdtempSync(join(tmpdir(), 'suanpan-guide-'));
    try {
      for (const name of ['catalog', 'docs']) symlinkSync(join(root, name), join(folder, name));
      await open.app.listen({ port: 0, host: '127.0.0.1' });
      const url = `http://127.0.0.1:${(open.app.server.address() as AddressInfo).port}`;
      const own = ((await before?.(open)) ?? {}) as Readonly<Record<string, string>>;
      const env = {
        ...process.env,
        ...plain,
        SUANPAN_URL: url,
        SUANPAN_API_KEY: open.operator,
        DATABASE_URL: open.connectionString,
      };
      for (const { command, shown } of commandsOf(read(`${page}.md`))) {
        if (elsewhere.test(command)) continue;
        const here = Object.entries({
          ...own,
          'http://127.0.0.1:8080': url,
          './bin/suanpan': 'suanpan',
          '$(date +%Y-%m)': at.slice(0, 7),
        }).reduce((text, [theirs, mine]) => text.replaceAll(theirs, mine), command);
        const script = `set -e; suanpan() { "${join(root, 'bin/suanpan')}" "$@"; }; { ${here}\n} 2>&1`;
        const answer = await run('bash', ['-c', script], { cwd: folder, env }).catch((error: unknown) => error);
        const { stdout, code = 0 } = answer as { stdout: string; code?: number };
        expect(code, `${command}\n${stdout}`).toBe(0);
        if (shown !== undefined && !isShown(lasting(shown), lasting(stdout))) expect(stdout, command).toBe(shown);
      }
    } finally {
      rmSync(folder, { recursive: true, force: true });
      await open.close();
    }
  },
  60_000,
);
