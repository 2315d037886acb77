// The newcomer's path as it is written: each command is run, in both languages, and comes to the figures that the page names.

import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { openApp } from '../http/open-app.ts';

const run = promisify(execFile);
const root = fileURLToPath(new URL('../..', import.meta.url));

/** Run elsewhere, or with what only the start prints. */
const notHere = /^(SUANPAN_SANDBOX=1 npm start|export SUANPAN_)/;

const commandsOf = (page: string): string[] =>
  [...page.matchAll(/```sh\n([\s\S]*?)```/g)]
    .flatMap((match) => (match[1] ?? '').split('\n'))
    .filter((line) => line !== '' && !notHere.test(line));

test.each(['first-ten-minutes.md', 'first-ten-minutes.zh-CN.md'])(
  '%s',
  async (name) => {
    const page = readFileSync(join(root, 'docs/guide', name), 'utf8');
    const commands = commandsOf(page);
    expect(commands).toHaveLength(8);
    const open = await openApp(`${new Date().toISOString().slice(0, 19)}Z`);
    const folder = mkdtempSync(join(tmpdir(), 'suanpan-minutes-'));
    try {
      await open.app.listen({ port: 0, host: '127.0.0.1' });
      const { port } = open.app.server.address() as AddressInfo;
      // The month of `date` is the account's.
      const env = {
        ...process.env,
        TZ: 'Asia/Shanghai',
        SUANPAN_URL: `http://127.0.0.1:${port}`,
        SUANPAN_API_KEY: open.operator,
      };
      const said: string[] = [];
      for (const command of commands) {
        const here = command.replace('--out bill.pdf', `--out ${folder}/bill.pdf`);
        const { stdout } = await run('bash', ['-c', here], { cwd: root, env });
        said.push(stdout);
      }
      const [, , , receipt = '', draft = ''] = said;
      expect(receipt).toMatch(/1,050[\s\S]*: 50[\s\S]*1,000/);
      expect(draft).toContain('850.00');
      expect(page).toContain('¥850.00');
      expect(page).toContain('0.85');
      const { json } = await open.call('GET', '/v1/bills/acme-000001');
      expect(json).toMatchObject({ state: 'final', total: '850.00' });
      expect(readFileSync(join(folder, 'bill.pdf')).subarray(0, 5).toString()).toBe('%PDF-');
    } finally {
      rmSync(folder, { recursive: true, force: true });
      await open.close();
    }
  },
  60_000,
);
