// The static site on a plain file host, in a folder of it: no server of ours, and no other host.

import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import files from '@fastify/static';
import Fastify, { type FastifyInstance } from 'fastify';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { noBrowser, startChromium } from './chromium.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

describe.skipIf(noBrowser !== undefined)('the static site', () => {
  const folder = mkdtempSync(join(tmpdir(), 'suanpan-site-'));
  const site = join(folder, 'site');
  let host: FastifyInstance;
  let browser: Browser;
  let url: string;

  beforeAll(async () => {
    execFileSync(process.execPath, [join(root, 'scripts/site.ts'), site], {
      stdio: 'ignore',
      env: { ...process.env, SUANPAN_SITE_BASE: '/some/folder/' },
    });
    host = Fastify();
    await host.register(files, { root: site, prefix: '/some/folder/', redirect: true });
    await host.listen({ port: 0, host: '127.0.0.1' });
    url = `http://127.0.0.1:${(host.server.address() as AddressInfo).port}/some/folder/`;
    browser = await startChromium();
  }, 120_000);
  afterAll(async () => {
    await browser.close();
    await host.close();
    rmSync(folder, { recursive: true, force: true });
  });

  test('the calculator answers, asks no server, and goes on without a network', async () => {
    const context = await browser.newContext({ locale: 'en-GB' });
    const page = await context.newPage();
    const asked: string[] = [];
    const complaints: string[] = [];
    page.on('request', (request) => asked.push(request.url()));
    page.on('console', (said) => said.type() === 'error' && complaints.push(said.text()));
    await page.goto(`${url}calculator/`);
    await expect.poll(() => page.locator('.total').textContent()).toContain('¥7,820.00');
    expect(asked.filter((each) => !each.startsWith(url))).toEqual([]);
    expect(asked.filter((each) => each.includes('/v1/'))).toEqual([]);
    await context.setOffline(true);
    await page.getByRole('textbox', { name: 'Calls 1' }).fill('15,000');
    await expect.poll(() => page.locator('.total').textContent()).toContain('¥11,250.00');
    expect(complaints).toEqual([]);
    await context.close();
  });

  test('the other pages compute in a sub-folder too: the solver, the reader of files, the player', async () => {
    const context = await browser.newContext({ locale: 'en-GB' });
    const page = await context.newPage();
    const complaints: string[] = [];
    page.on('console', (said) => said.type() === 'error' && complaints.push(said.text()));
    const months = ['2026-01;319171000', '2026-02;492744000', '2026-03;71020000'];
    const asked = months.map((month) => `month=${encodeURIComponent(month)}`).join('&');
    await page.goto(`${url}planner/?book=faceid-legacy&meter=liveness.basic.authority&${asked}`);
    await page.getByText(/^✓ Proved by/).waitFor({ timeout: 30_000 });
    await page.goto(`${url}scenarios/`);
    await expect.poll(() => page.locator('.total').textContent()).toContain('¥87,792.50');
    await page.goto(`${url}price-books/?view=compare`);
    await page.getByRole('table').first().waitFor();
    await page.goto(`${url}usage-forecast/`);
    const rows = ['id,time,meter,calls', 'c1,2026-01-06T09:00:00+08:00,liveness.basic.authority,10000'];
    const file = { name: 'calls.csv', mimeType: 'text/csv', buffer: Buffer.from(rows.join('\n')) };
    await page.locator('input[type=file]').first().setInputFiles(file);
    await page.getByText('calls.csv, rows: 1').waitFor();
    expect(complaints).toEqual([]);
    await context.close();
  });

  test('the documentation is there in both languages, can be searched, and loads nothing from elsewhere', async () => {
    const context = await browser.newContext({ locale: 'en-GB' });
    const page = await context.newPage();
    const elsewhere: string[] = [];
    page.on('request', (request) => !request.url().startsWith(url) && elsewhere.push(request.url()));
    for (const [path, title] of [
      ['docs/index.html', 'Suanpan'],
      ['docs/guide/first-ten-minutes.html', 'The first ten minutes'],
      ['docs/zh/guide/first-ten-minutes.html', '最初十分钟'],
      ['docs/reference/api/packs.html', 'packs'],
      ['docs/zh/reference/api/packs.html', 'packs'],
    ] as const) {
      await page.goto(`${url}${path}`);
      await page.getByRole('heading', { level: 1, name: title }).waitFor();
    }
    expect(elsewhere).toEqual([]);
    const toCalculator = page.getByRole('link', { name: 'Calculator' }).first();
    expect(await toCalculator.evaluate((link) => (link as HTMLAnchorElement).href)).toBe(`${url}calculator/`);
    await page.getByRole('heading', { name: 'POST /v1/packs/{id}/refund' }).waitFor();
    await page.getByText('REFUND_WINDOW_CLOSED').first().waitFor();
    expect(readFileSync(join(site, 'docs/index.html'), 'utf8')).toContain('search');
    await context.close();
  });
});
