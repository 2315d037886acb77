// Quantities beyond 2^53 come back to the last digit from a draft, from the stored bill and from every form it is given in.

import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { strFromU8, unzipSync } from 'fflate';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { verifyLedger } from '../../src/verify/verify.ts';
import { type OpenApp, openAccountWith, openApp } from '../http/open-app.ts';

const program = new URL('../../src/cli/main.ts', import.meta.url).pathname;
const calls = '9007999999999999';
const grouped = '9,007,999,999,999,999';
let open: OpenApp;
let url: string;

beforeAll(async () => {
  open = await openApp('2026-05-05T10:00:00+08:00');
  url = await open.app.listen({ port: 0, host: '127.0.0.1' });
  await openAccountWith(open, 'acme', '0.00', { book: 'faceid-2021' });
  const events = Array.from({ length: 9_008 }, (_, index) => ({
    id: `e${index}`,
    account: 'acme',
    meter: 'liveness.basic.authority',
    calls: index === 0 ? 10 ** 12 - 1 : 10 ** 12,
    time: '2026-05-05T10:00:00+08:00',
  }));
  for (let at = 0; at < events.length; at += 500) {
    expect((await open.call('POST', '/v1/events', events.slice(at, at + 500))).status).toBe(200);
  }
}, 120_000);
afterAll(() => open.close());

const bill = (query = '') => open.call('GET', `/v1/bills/acme:2026-05${query}`);

async function run(args: readonly string[]): Promise<string> {
  const child = spawn(process.execPath, [program, ...args], {
    env: { PATH: process.env.PATH ?? '', LANG: 'C', SUANPAN_URL: url, SUANPAN_API_KEY: open.operator },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  return text(child.stdout);
}

/** The cells of a workbook's only sheet, as the file writes them. */
function sheetOf(file: Buffer): string {
  return strFromU8(unzipSync(file)['xl/worksheets/sheet1.xml'] ?? new Uint8Array());
}

test('the draft, the answer of closing, the stored bill and its exports all say the same', async () => {
  expect((await bill()).text).toContain(`"calls":${calls}`);
  open.setClock('2026-06-05T10:00:00+08:00');
  const closed = await open.call('POST', '/v1/bills/close', { account: 'acme', month: '2026-05' });
  expect(closed.text).toContain(`"calls":${calls}`);
  expect((await bill()).text).toContain(`"calls":${calls}`);
  expect((await bill('/export')).text).toContain(`,${calls},`);
  expect((await bill('/export?format=json')).text).toContain(`"calls":${calls}`);
  expect((await bill('/departments')).text).toContain(`"calls":${calls}`);
  const workbook = await fetch(`${url}/v1/bills/acme:2026-05/export?format=xlsx`, {
    headers: { authorization: `Bearer ${open.operator}` },
  });
  const sheet = sheetOf(Buffer.from(await workbook.arrayBuffer()));
  // As text: a spreadsheet keeps fifteen digits of a number.
  expect(sheet).not.toContain('<v>9007');
  expect((await open.call('GET', '/v1/accounts/acme/usage?month=2026-05')).text).toContain(`"calls":${calls}`);
  expect(await verifyLedger(open.suanpan)).toMatchObject({ clean: true });
}, 60_000);

test('the command line too, for people and for programs', async () => {
  expect(await run(['bill', 'show', 'acme:2026-05', '--json'])).toContain(`"calls": ${calls}`);
  expect(await run(['bill', 'show', 'acme:2026-05'])).toContain(grouped);
  expect(await run(['usage', 'summary', '2026-05', '--account', 'acme'])).toContain(grouped);
}, 60_000);
