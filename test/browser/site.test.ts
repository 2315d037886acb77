// The static site on a plain file host, in a folder of it: no server of ours, no other host, and the same amounts as the command line.

import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import files from '@fastify/static';
import fc from 'fast-check';
import Fastify, { type FastifyInstance } from 'fastify';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loadCatalog } from '../../src/book/shelf.ts';
import type { PriceBook } from '../../src/core/price-book.ts';
import { isRefusal } from '../../src/core/refusal.ts';
import { callsOf } from '../../src/core/units.ts';
import { quote } from '../../src/scenario/quote.ts';
import { noBrowser, startChromium } from './chromium.ts';

const seed = Number(process.env.SUANPAN_SEED ?? Date.now() % 2 ** 31);
const root = fileURLToPath(new URL('../..', import.meta.url));

/** A request with plain numbers, which can cross into the page. */
interface PlainRequest {
  readonly book: string;
  readonly use: readonly { readonly of: string; readonly calls: number }[];
  readonly packs: readonly { readonly product: string; readonly size: number; readonly count: number }[];
  readonly gifts: readonly { readonly product: string; readonly calls: number }[];
}

const callsNearBounds = fc.oneof(
  fc.integer({ min: 0, max: 300_000 }),
  fc
    .tuple(fc.constantFrom(1_000, 10_000, 100_000, 200_000), fc.integer({ min: -2, max: 2 }))
    .map(([at, by]) => at + by),
);

function requestsOf(book: PriceBook): fc.Arbitrary<PlainRequest> {
  const sold = [...book.packProducts.values()].flatMap(({ id, sizes }) =>
    sizes.map(({ calls }) => ({ product: id, size: Number(calls) })),
  );
  const names = [...book.meters.keys(), ...book.tariffs.keys()];
  return fc.record({
    book: fc.constant(book.id),
    use: fc.array(fc.record({ of: fc.constantFrom(...names), calls: callsNearBounds }), { minLength: 1, maxLength: 4 }),
    packs: fc.array(
      fc.tuple(fc.constantFrom(...sold), fc.integer({ min: 1, max: 3 })).map(([pack, count]) => ({ ...pack, count })),
      { maxLength: 3 },
    ),
    gifts: fc.array(
      fc.record({ product: fc.constantFrom(...book.packProducts.keys()), calls: fc.integer({ min: 1, max: 500 }) }),
      { maxLength: 2 },
    ),
  });
}

function answerHere({ book: id, use, packs, gifts }: PlainRequest): string {
  const book = loadCatalog().get(id)?.book;
  if (book === undefined) throw new Error(`no book ${id}`);
  const answer = quote(book, {
    use: use.map(({ of, calls }) => ({ of, calls: callsOf(calls) })),
    packs: packs.map(({ product, size, count }) => ({ product, size: callsOf(size), count })),
    gifts: gifts.map(({ product, calls }) => ({ product, calls: callsOf(calls) })),
  });
  return isRefusal(answer) ? answer.refused : JSON.stringify(answer);
}

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

  test('a thousand random months cost the same in the browser, offline, and on the command line', async () => {
    const books = [...loadCatalog().values()].map(({ book }) => book);
    const requests = fc.sample(fc.oneof(...books.map(requestsOf)), { numRuns: 1_000, seed });
    const context = await browser.newContext();
    const page = await context.newPage();
    await page.goto(`${url}calculator/`);
    const worker = readdirSync(join(site, 'assets')).find((name) => /^core-worker.*\.js$/.test(name)) ?? '';
    await page.evaluate((path) => {
      const started = new Worker(path, { type: 'module' });
      Object.assign(window, { core: started });
    }, `${url}assets/${worker}`);
    await page.waitForLoadState('networkidle');
    await context.setOffline(true);
    const there = await page.evaluate(async (plain) => {
      const { core } = window as unknown as { core: Worker };
      const answers: string[] = [];
      for (const [id, { book, use, packs, gifts }] of plain.entries()) {
        const exact = {
          use: use.map((each) => ({ ...each, calls: BigInt(each.calls) })),
          packs: packs.map((each) => ({ ...each, size: BigInt(each.size) })),
          gifts: gifts.map((each) => ({ ...each, calls: BigInt(each.calls) })),
        };
        const answered = new Promise<MessageEvent>((resolve) =>
          core.addEventListener('message', resolve, { once: true }),
        );
        core.postMessage({ id, task: 'quote', input: { book, request: exact } });
        const { data } = await answered;
        answers.push('refused' in data.result ? data.result.refused.code : JSON.stringify(data.result));
      }
      return answers;
    }, requests);
    for (const [at, request] of requests.entries()) {
      expect(there[at], `SUANPAN_SEED=${seed} ${JSON.stringify(request)}`).toBe(answerHere(request));
    }
    expect(there.filter((answer) => answer.startsWith('{')).length).toBeGreaterThan(500);
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
    ] as const) {
      await page.goto(`${url}${path}`);
      await page.getByRole('heading', { level: 1, name: title }).waitFor();
    }
    expect(elsewhere).toEqual([]);
    expect(readFileSync(join(site, 'docs/index.html'), 'utf8')).toContain('search');
    await context.close();
  });
});
