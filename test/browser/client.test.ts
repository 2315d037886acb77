// The client in a page: bundled, without anything of Node, of the server or of its schemas, against the real application.

import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { basic, type OpenApp, openAccountWith, openApp } from '../http/open-app.ts';
import { noBrowser, startChromium } from './chromium.ts';

const entry = fileURLToPath(new URL('../../src/client/client.ts', import.meta.url));
let open: OpenApp;
let code = '';
let modules: readonly string[] = [];
let url = '';
/** Blank pages of an origin that is admitted, and of one that is not. */
let sites: readonly Server[] = [];
const addressOf = (server: Server): string => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

beforeAll(async () => {
  const blank = () =>
    new Promise<Server>((resolve) => {
      const server = createServer((_, response) =>
        response.setHeader('content-type', 'text/html').end('<title>x</title>'),
      );
      server.listen(0, '127.0.0.1', () => resolve(server));
    });
  const [admitted, other] = [await blank(), await blank()];
  sites = [admitted, other];
  open = await openApp(`${new Date().toISOString().slice(0, 19)}Z`, { corsOrigins: [addressOf(admitted)] });
  await openAccountWith(open, 'acme', '100.00');
  await open.app.listen({ port: 0, host: '127.0.0.1' });
  url = addressOf(open.app.server as Server);
  const [built] = [
    await build({
      ...{ configFile: false, logLevel: 'error' },
      build: { write: false, lib: { entry, formats: ['iife'], name: 'suanpanClient' } },
    }),
  ].flat();
  if (built === undefined || !('output' in built)) throw new Error('nothing was built');
  const [made] = built.output;
  code = made.code;
  modules = Object.keys(made.modules);
});
afterAll(async () => {
  for (const site of sites) site.close();
  await open?.close();
});

test('it brings nothing of Node and of the server', () => {
  expect(modules.some((name) => name.endsWith('src/client/exchange.ts'))).toBe(true);
  expect(
    modules.filter((name) => /\/zod\/|\/src\/(http|book|ledger|store)\/|browser-external|^node:/.test(name)),
  ).toEqual([]);
  expect(code.length).toBeLessThan(60_000);
});

describe.skipIf(noBrowser !== undefined)('in Chromium', () => {
  test('records, queues, and asks around a call', async () => {
    const { authorization } = await open.keyOf('acme');
    const browser = await startChromium();
    try {
      const page = await browser.newPage({ bypassCSP: true });
      await page.goto(`${url}/livez`);
      await page.addScriptTag({ content: code });
      const got = await page.evaluate(
        async ([apiKey, meter]) => {
          const { Suanpan, Problem } = (
            globalThis as unknown as { suanpanClient: typeof import('../../src/client/client.ts') }
          ).suanpanClient;
          const client = new Suanpan({ url: '', apiKey });
          const one = await client.record({ id: 'one', meter });
          const queue = client.queue();
          for (let at = 0; at < 50; at += 1) await queue.put({ id: `q-${at}`, meter });
          await queue.close();
          const { value, receipt } = await client.around({ meter }, async (hold) => hold.payer);
          const refused = await client.record({ id: 'x', meter: 'no.such' }).catch((error: unknown) => error);
          return [one.status, value, receipt?.outcome, refused instanceof Problem && refused.code];
        },
        [authorization.replace('Bearer ', ''), basic] as const,
      );
      expect(got).toEqual(['accepted', 'postpaid', 'charged', 'UNKNOWN_METER']);
      const { json } = await open.call('GET', '/v1/events?account=acme&limit=200');
      expect((json.events as unknown[]).length).toBe(52);
    } finally {
      await browser.close();
    }
  });

  test('in a page of an origin that is named: by its key alone; in any other page: not at all', async () => {
    const apiKey = (await open.keyOf('acme')).authorization.replace('Bearer ', '');
    const browser = await startChromium();
    try {
      const seen: unknown[] = [];
      for (const site of sites) {
        const page = await browser.newPage();
        await page.goto(addressOf(site));
        await page.addScriptTag({ content: code });
        const got = await page.evaluate(
          async ([url, apiKey, meter, id]) => {
            const { Suanpan, Problem } = (
              globalThis as unknown as { suanpanClient: typeof import('../../src/client/client.ts') }
            ).suanpanClient;
            const client = new Suanpan({ url, apiKey, patience: 0 });
            const codeOf = (error: unknown) => (error instanceof Problem ? error.code : String(error));
            const withCookies = fetch(`${url}/v1/me`, { credentials: 'include' });
            return [
              await client.record({ id, meter }).then(({ status }) => status, codeOf),
              // Behind a preflight of its own: it has an Idempotency-Key.
              await client.ask('POST /v1/events/:id/void', { of: { id }, body: {} }).then((each) => each.event, codeOf),
              await client.record({ id, meter: 'no.such' }).catch(codeOf),
              await withCookies.then(
                () => 'read',
                () => 'hidden',
              ),
            ];
          },
          [url, apiKey, basic, 'of-page'] as const,
        );
        seen.push(got);
        await page.close();
      }
      expect(seen).toEqual([
        ['accepted', 'FORBIDDEN', 'EVENT_CONFLICT', 'hidden'],
        ['UNREACHABLE', 'UNREACHABLE', 'UNREACHABLE', 'hidden'],
      ]);
    } finally {
      await browser.close();
    }
  });
});
