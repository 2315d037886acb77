// The guides by job as they are written: each command is run, in both languages, and what a page shows is what it prints.

import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { openApp } from '../http/open-app.ts';
import { commandsOf, isShown } from '../setup/documented-commands.ts';

const run = promisify(execFile);
const root = fileURLToPath(new URL('../..', import.meta.url));
const plain = { LC_ALL: 'C.UTF-8', TZ: 'Asia/Shanghai', NO_COLOR: '1', FORCE_COLOR: '0' };
const read = (name: string) => readFileSync(`${root}/docs/guide/${name}.md`, 'utf8');

test('what is shown and not printed is found', () => {
  expect(isShown('…\ntotal 850.00', 'a\nb\ntotal 850.00\n')).toBe(true);
  expect(isShown('…\ntotal 999.00', 'a\nb\ntotal 850.00\n')).toBe(false);
  expect(isShown('total 850.00', 'total 850.00\nand more\n')).toBe(false);
  expect(isShown('a … c\n…', 'a b c\nmore')).toBe(true);
});

test.each(['operator', 'customer', 'integrator'])('%s: the same commands in both languages', (name) => {
  const [english, chinese] = [read(name), read(`${name}.zh-CN`)].map(commandsOf);
  expect(chinese).toEqual(english);
  expect(english?.length).toBeGreaterThan(5);
});

test.each(['operator', 'customer', 'integrator'])(
  '%s',
  async (name) => {
    const open = await openApp(`${new Date().toISOString().slice(0, 19)}Z`);
    try {
      await open.app.listen({ port: 0, host: '127.0.0.1' });
      const { port } = open.app.server.address() as AddressInfo;
      let key = open.operator;
      if (name !== 'operator') {
        await open.once('POST', '/v1/accounts', { id: 'acme', book: 'faceid-legacy' });
        expect((await open.once('POST', '/v1/accounts/acme/top-ups', { amount: '10000.00' })).status).toBe(201);
        key = (await open.keyOf('acme')).authorization.replace('Bearer ', '');
      }
      // The month of `date` is the account's; no colours.
      const env = { ...process.env, ...plain, SUANPAN_URL: `http://127.0.0.1:${port}`, SUANPAN_API_KEY: key };
      const said: string[] = [];
      for (const { command, shown } of commandsOf(read(name))) {
        const { stdout } = await run('bash', ['-c', `{ ${command}; } 2>&1`], { cwd: root, env });
        if (shown !== undefined && !isShown(shown, stdout)) expect(stdout, command).toBe(shown);
        said.push(stdout);
      }
      for (const page of [read(name), read(`${name}.zh-CN`)]) {
        const sentences = page.replaceAll(/^```[\s\S]*?^```/gm, '');
        for (const [, amount] of sentences.matchAll(/¥(\d[\d,]*\.\d\d)/g)) {
          expect(said.join('\n').match(/\d[\d,]*\.\d\d/g), name).toContain(amount);
        }
      }
    } finally {
      await open.close();
    }
  },
  60_000,
);
