// The files of deploy/ as they stand: nginx and HAProxy take theirs and pass on what the API is made of, systemd takes its unit. What this
// machine has not is skipped, and says so. And the scripts that complete commands, in the shells that are here.

import { execFile, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { basic, type OpenApp, openAccountWith, openApp } from '../http/open-app.ts';
import { freePort, program } from '../setup/machine.ts';

const run = promisify(execFile);
const root = fileURLToPath(new URL('../..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'suanpan-deploy-'));
const read = (name: string): string => readFileSync(join(root, 'deploy', name), 'utf8');

let open: OpenApp;
let port: number;
beforeAll(async () => {
  open = await openApp('2026-01-12T10:00:00+08:00', { trustedProxies: ['127.0.0.1'] });
  await openAccountWith(open, 'acme', '100.00');
  await open.app.listen({ port: 0, host: '127.0.0.1' });
  port = (open.app.server.address() as AddressInfo).port;
});
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await open.close();
});

interface Proxy {
  readonly name: string;
  readonly path: string | undefined;
  /** Writes its files for these ports, without a certificate; its arguments. */
  readonly words: (listen: number) => readonly string[];
}

const proxies: readonly Proxy[] = [
  {
    name: 'nginx',
    path: program('nginx'),
    words: (listen) => {
      const server = read('nginx.conf')
        .replace('listen 443 ssl;', `listen 127.0.0.1:${listen};`)
        .replaceAll(/\n {2}ssl_.*/g, '')
        .replace('127.0.0.1:8080', `127.0.0.1:${port}`);
      const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
        (kind) => `${kind}_temp_path ${folder}/${kind};`,
      );
      const http = `pid ${folder}/nginx.pid; error_log stderr; events {} http { access_log off; ${temporary.join(' ')} ${server} }`;
      writeFileSync(join(folder, 'nginx.conf'), http);
      return ['-c', join(folder, 'nginx.conf'), '-g', 'daemon off; master_process off;'];
    },
  },
  {
    name: 'haproxy',
    path: program('haproxy'),
    words: (listen) => {
      const text = read('haproxy.cfg')
        .replace('bind :443 ssl crt /etc/ssl/private/billing.pem', `bind 127.0.0.1:${listen}`)
        .replace('127.0.0.1:8080', `127.0.0.1:${port}`);
      writeFileSync(join(folder, 'haproxy.cfg'), text);
      return ['-f', join(folder, 'haproxy.cfg'), '-db'];
    },
  },
];

describe.each(proxies)('$name', ({ name, path, words }) => {
  test.skipIf(path === undefined)(
    'passes on events one by one and by thousands, and exports; metrics stay inside',
    async () => {
      const listen = await freePort();
      const child = spawn(path ?? '', [...words(listen)], { stdio: ['ignore', 'pipe', 'pipe'] });
      let said = '';
      child.stderr.on('data', (part) => {
        said += part;
      });
      const url = `http://127.0.0.1:${listen}`;
      const headers = { authorization: `Bearer ${open.operator}`, 'content-type': 'application/json' };
      const call = (address: string, body?: unknown) =>
        fetch(
          `${url}${address}`,
          body === undefined ? { headers } : { method: 'POST', headers, body: JSON.stringify(body) },
        );
      try {
        await expect
          .poll(async () => (await fetch(`${url}/readyz`).catch(() => undefined))?.status ?? said, { timeout: 10_000 })
          .toBe(200);
        const one = { account: 'acme', id: `${name}-one`, meter: basic, time: '2026-01-12T09:00:00+08:00' };
        expect(await (await call('/v1/events', one)).json()).toMatchObject({ status: 'accepted' });
        // More than a proxy's usual megabyte, from department to department.
        const many = Array.from({ length: 8_000 }, (_, at) => ({
          ...one,
          id: `${name}-${at}`,
          department: 'd'.repeat(60),
        }));
        const answers = await (await call('/v1/events', many)).text();
        expect(answers.match(/"accepted"/g)).toHaveLength(8_000);
        const exported = await (
          await call(
            '/v1/accounts/acme/export?list=calls&from=2026-01-01T00:00:00%2B08:00&to=2026-02-01T00:00:00%2B08:00',
          )
        ).text();
        expect(exported.split('\n').filter((line) => line.includes(`${name}-`)).length).toBe(8_001);
        expect((await call('/metrics')).status).toBe(403);
      } finally {
        child.kill('SIGTERM');
        if (child.exitCode === null) await once(child, 'exit');
      }
    },
  );
});

test.skipIf(program('systemd-analyze') === undefined).each(['suanpan.service', 'suanpan-gateway.service'])(
  'systemd takes %s',
  async (name) => {
    const unit = join(folder, name);
    writeFileSync(unit, read(name).replaceAll(/^(User|Group)=suanpan$/gm, '$1=root'));
    const { stdout, stderr } = await run(program('systemd-analyze') ?? '', ['verify', unit]);
    expect(`${stdout}${stderr}`.split('\n').filter((line) => line.includes(name))).toEqual([]);
  },
);

const scriptOf = (shell: string): string => {
  const file = join(folder, `completion.${shell}`);
  writeFileSync(
    file,
    execFileSync(join(root, 'bin/suanpan'), ['completion', shell], { env: { ...process.env, LC_ALL: 'C' } }),
  );
  return file;
};

test('bash completes commands, and options of a command', async () => {
  const file = scriptOf('bash');
  const complete = async (...words: string[]) => {
    const script = `source ${file}; COMP_WORDS=(${words.map((word) => `'${word}'`).join(' ')}); COMP_CWORD=${words.length - 1}; _suanpan; echo "\${COMPREPLY[*]}"`;
    return (await run('bash', ['-c', script])).stdout.trim();
  };
  expect(await complete('suanpan', 'accou')).toBe('account');
  expect((await complete('suanpan', 'account', '')).split(' ')).toEqual(
    expect.arrayContaining(['create', 'list', 'cap']),
  );
  expect(await complete('suanpan', '--json', 'account', 'cap', 'set', '--pe')).toBe('--per');
});

test.skipIf(program('fish') === undefined)('fish completes commands with what they are', async () => {
  const { stdout } = await run(program('fish') ?? '', [
    '-c',
    `source ${scriptOf('fish')}; complete -C 'suanpan account c'`,
  ]);
  expect(stdout).toMatch(/^create\t\S/m);
});

test.skipIf(program('zsh') === undefined)('zsh takes its script', async () => {
  const { stdout } = await run(program('zsh') ?? '', ['-fc', `source ${scriptOf('zsh')}; whence -w _suanpan`]);
  expect(stdout).toContain('_suanpan: function');
});
