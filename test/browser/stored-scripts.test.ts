// Whatever people write into text fields is text on every page: no script of theirs runs, none is even stopped by the policy.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { noBrowser } from './chromium.ts';
import { type OpenConsole, openConsole } from './open-console.ts';
import { accountPages, fill, operatorPages } from './world.ts';

const corpus = [
  '<script>window.hit=1</script>',
  '<img src=x onerror="window.hit=1">',
  '"><svg onload=window.hit=1>',
  "'-window.hit=1-'",
  '{{constructor.constructor("window.hit=1")()}}',
  '<a href="javascript:window.hit=1">x</a>',
  '<style>*{background:red}</style>',
  '<iframe srcdoc="<script>parent.hit=1</script>"></iframe>',
  '</title><script>window.hit=1</script>',
  '$t(hit) {{hit}}',
];
const all = corpus.join(' ').slice(0, 190);

describe.skipIf(noBrowser !== undefined)('stored scripts', () => {
  let open: OpenConsole;
  beforeAll(async () => {
    open = await openConsole('2025-12-01T09:00:00+08:00', { secondPersonAbove: 1n as never });
    await fill(open);
    const account = 'acme';
    const meter = 'liveness.basic.authority';
    const time = '2026-01-10T09:00:00+08:00';
    const sound = async (answer: Promise<{ status: number; text: string }>) => {
      const { status, text } = await answer;
      expect(status, text).toBeLessThan(300);
    };
    for (const [at, text] of corpus.entries()) {
      await sound(
        open.call('POST', '/v1/events', {
          id: `${text} ${at}`,
          account,
          meter,
          calls: 1,
          time,
          department: text.slice(0, 60),
        }),
      );
      await sound(open.once('POST', '/v1/accounts/acme/top-ups', { amount: '0.01', reference: text }));
      await sound(open.call('POST', '/v1/accounts/acme/keys', { name: text, scopes: ['read'] }));
      await sound(open.call('POST', '/v1/accounts/acme/notes', { note: text }));
      const buys = {
        watch: { product: 'basic_authority' },
        daysBefore: 1,
        buy: { product: 'basic_authority', size: 1_000 },
      };
      const standing = { name: text.slice(0, 64), ...buys, mostPurchases: 1, mostMoney: '1.00' };
      await sound(open.call('POST', '/v1/accounts/acme/standing-orders', standing));
      await sound(
        open.call('POST', '/v1/people', { email: `x${at}@example.com`, name: text, role: 'member', account }),
      );
      await sound(
        open.call('POST', '/v1/accounts/acme/caps', { name: text.slice(0, 60), per: 'day', of: 'all', most: 9_000 }),
      );
    }
    await sound(open.call('POST', '/v1/accounts', { id: 'hostile', name: all, book: 'faceid-legacy' }));
    await sound(open.once('POST', '/v1/packs', { account, product: 'basic_authority', size: 1_000, id: all }));
    await sound(open.once('POST', '/v1/accounts/acme/credits', { amount: '5.00', reason: all }));
    const held = { action: all.slice(0, 60), resultCode: '<b>9</b>', channel: 'app', library: 'authority' };
    await open.call('POST', '/v1/events', { id: 'held <i>', account, ...held, time });
    await sound(open.call('POST', '/v1/webhooks', { account, url: 'https://example.com/%3Cscript%3E?a="onload=' }));
    const { json } = await open.call('GET', '/v1/orders?account=acme');
    const [order] = json.orders as { id: string; amount: string }[];
    await sound(open.once('POST', `/v1/orders/${order?.id}/confirm`, { reference: all, amount: order?.amount }));
  });
  afterAll(() => open.close());

  test.each(['zh', 'en'] as const)('on every page, %s', async (language) => {
    const admin = await open.person('admin');
    const { page, complaints, go, context } = await open.open({ language, person: admin });
    page.on('dialog', (dialog) => complaints.push(`dialog: ${dialog.message()}`));
    const hostile = [
      `/accounts/acme/packs/${encodeURIComponent(all)}`,
      `/accounts/acme/calls/${encodeURIComponent(`${corpus[0]} 0`)}`,
      '/accounts/hostile/overview',
      '/accounts/hostile/terms',
      `/accounts?search=${encodeURIComponent(corpus[0] ?? '')}`,
      `/audit?by=${encodeURIComponent(corpus[1] ?? '')}`,
    ];
    // A page draws the same fields in both languages: each is opened in one of them.
    const pages = [...accountPages, ...operatorPages, ...hostile].filter(
      (_, at) => (at % 2 === 0) === (language === 'zh'),
    );
    for (const path of pages) {
      await go(path);
      // What is folded is drawn too.
      await page.evaluate(() => {
        for (const folded of document.querySelectorAll('details')) folded.open = true;
      });
      expect(await page.evaluate(() => (window as unknown as { hit?: number }).hit), path).toBeUndefined();
      expect(complaints, path).toEqual([]);
    }
    await context.close();
  });
});
