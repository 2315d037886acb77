// What people come to do, from start to end, in the browser.

import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { moneyOf } from '../../src/core/units.ts';
import { noBrowser } from './chromium.ts';
import { type OpenConsole, type Opened, openConsole, whole } from './open-console.ts';

const account = 'acme';
const meter = 'liveness.basic.authority';

describe.skipIf(noBrowser !== undefined)('in the browser', () => {
  let open: OpenConsole;

  beforeAll(async () => {
    open = await openConsole('2026-01-10T10:00:00+08:00', { secondPersonAbove: moneyOf(1_000_000n) });
    await open.call('POST', '/v1/accounts', { id: account, name: 'Acme', book: 'faceid-legacy', gifts: false });
    await open.call('POST', '/v1/accounts', { id: 'globex', name: 'Globex', book: 'faceid-legacy', gifts: false });
    await open.once('POST', '/v1/accounts/acme/top-ups', { amount: '20000.00' });
  });
  afterAll(() => open.close());

  const use = (id: string, calls: number, more: object = {}) =>
    open.call('POST', '/v1/events', { id, account, meter, calls, time: '2026-01-10T10:00:00+08:00', ...more });
  const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });
  const inDialog = (page: Page, name: string) => page.getByRole('dialog').getByRole('button', { name, exact: true });

  test('buy by keyboard alone, use, see the draft change, close the month, keep the bill', async () => {
    await use('e1', 4_950);
    const buyer = await open.open({ person: await open.person('owner', account) });
    const { page, go } = buyer;
    await go('/accounts/acme/overview');
    await page.getByText('¥4,207.50').first().waitFor();
    await page.getByRole('link', { name: 'Buy a pack' }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Buy a pack' }).waitFor();
    await go('/accounts/acme/buy?product=basic_authority&size=1000&count=2');
    await page.getByText('¥6,067.50').waitFor();
    await button(page, 'Buy').focus();
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').waitFor();
    await inDialog(page, 'Buy').focus();
    await page.keyboard.press('Enter');
    await page.getByText('Bought, and in use.').waitFor();
    await page.keyboard.press('Escape');
    await use('e2', 500);
    await go('/accounts/acme/overview');
    // The pack paid: the calls are no more money than the packs.
    await page.getByText('¥6,067.50').first().waitFor();
    await page.getByText('500 of 1,000 calls left').waitFor();

    expect(buyer.complaints).toEqual([]);
    await buyer.context.close();

    open.setClock('2026-02-03T10:00:00+08:00');
    const operator = await open.open({ person: await open.person('finance') });
    await operator.go('/close?month=2026-01');
    await button(operator.page, 'Close the month').click();
    await operator.page.getByText(/bills made, 0 were final before/).waitFor();
    await operator.page.getByRole('link', { name: account, exact: true }).waitFor();
    await operator.context.close();

    const keeper = await open.open({ person: await open.person('owner', account) });
    await keepFiles(keeper);
    await keeper.context.close();
  });

  async function keepFiles({ page, go, complaints }: Opened): Promise<void> {
    await go('/accounts/acme/bills');
    await page.getByRole('link', { name: '2026-01' }).focus();
    await page.keyboard.press('Enter');
    await page.getByText('acme-000001').first().waitFor();
    for (const name of ['PDF', 'JSON']) {
      const waiting = page.waitForEvent('download');
      await page.getByRole('link', { name, exact: true }).focus();
      await page.keyboard.press('Enter');
      const saved = readFileSync((await (await waiting).path()) ?? '');
      const { rawPayload } = await open.app.inject({
        url: `/v1/bills/acme:2026-01/export?format=${name.toLowerCase()}`,
        headers: { authorization: `Bearer ${open.operator}`, 'accept-language': 'en' },
      });
      expect(saved.equals(rawPayload), name).toBe(true);
    }
    expect(complaints).toEqual([]);
  }

  test('an order by transfer waits, is confirmed with the amount received, and is delivered', async () => {
    const { page, go, context } = await open.open({ person: await open.person('owner', account) });
    await go('/accounts/acme/buy?product=basic_selfie&size=1000&count=1');
    await page.getByText('By bank transfer; delivered when it arrives').click();
    await button(page, 'Buy').click();
    await inDialog(page, 'Buy').click();
    await page.getByText('acme:order-1').first().waitFor();
    await page.getByRole('link', { name: 'See the order' }).click();
    await page.getByText('Transfer ¥145.00 and name the order acme:order-1 on it.').waitFor();

    for (let more = 0; more < 11; more += 1)
      await open.once('POST', '/v1/orders', { account: 'globex', topUp: `${more + 1}.00`, pay: 'transfer' });
    const operator = await open.open({ person: await open.person('finance') });
    await operator.go('/home');
    // What waits longest stands first; what is more than fits is counted, and where it stands is a link.
    const waiting = operator.page
      .getByRole('listitem')
      .filter({ has: operator.page.getByRole('link', { name: 'Confirm' }) });
    await waiting.first().waitFor();
    expect(await waiting.count()).toBe(10);
    expect(await waiting.first().textContent()).toContain('acme:order-1');
    await operator.page.getByRole('link', { name: '2 more: see all' }).waitFor();
    await operator.page.getByRole('link', { name: 'Confirm' }).first().click();
    await button(operator.page, 'Confirm the payment').click();
    await operator.page.getByLabel('Reference').fill('ICBC-42');
    await operator.page.getByLabel('Received').fill('100.00');
    await inDialog(operator.page, 'Confirm the payment').click();
    // Refused in the server's words; what was typed stays, and is corrected.
    await operator.page.getByRole('dialog').getByRole('alert').waitFor();
    expect(await operator.page.getByLabel('Reference').inputValue()).toBe('ICBC-42');
    await operator.page.getByLabel('Received').fill('145.00');
    await inDialog(operator.page, 'Confirm the payment').click();
    await operator.page.getByRole('status').getByText('delivered').waitFor();
    await operator.context.close();
    await go('/accounts/acme/orders');
    await page.getByRole('cell', { name: 'delivered' }).waitFor();
    await context.close();
  });

  test('a refund names its last moment, and pays back', async () => {
    await open.once('POST', '/v1/packs', { account, product: 'basic_authority', size: 1_000, id: 'back' });
    const { page, go, context } = await open.open({ person: await open.person('owner', account) });
    await go('/accounts/acme/packs/back');
    await page.getByText(/While untouched it can be given back until/).waitFor();
    const { json } = await open.call('GET', '/v1/accounts/acme');
    await button(page, 'Pay back').click();
    await page.getByText(/¥930.00 goes back to the balance/).waitFor();
    await inDialog(page, 'Pay back').click();
    await page
      .getByText(/Paid back/)
      .first()
      .waitFor();
    const after = await open.call('GET', '/v1/accounts/acme');
    expect(Number(after.json.balance) - Number(json.balance)).toBeCloseTo(930, 2);
    await context.close();
  });

  test('held calls are decided in bulk, after a look at how many', async () => {
    const facts = { action: 'GetDetectInfo', channel: 'wechat_h5', library: 'authority', resultCode: '99' };
    for (const id of ['h1', 'h2', 'h3']) {
      const event = { id, account, ...facts, time: '2026-02-03T10:00:00+08:00' };
      await open.call('POST', '/v1/events', event);
    }
    const support = await open.person('support');
    const { page, go, context } = await open.open({ person: support });
    await go('/reviews');
    await button(page, 'Do not charge').first().click();
    await page.getByText('Decides 3 events, 3 calls').waitFor();
    await inDialog(page, 'Do not charge').click();
    await page.getByText('3 decided.').waitFor();
    await page.keyboard.press('Escape');
    await page.getByText('No calls are held.').first().waitFor();
    await context.close();
  });

  test('a credit above the limit waits for another person, who is not whoever asked', async () => {
    const second = await open.person('finance');
    const asks = await open.open({ person: await open.person('finance') });
    await asks.go('/accounts/acme/terms');
    await button(asks.page, 'Give a credit').click();
    await asks.page.getByLabel('Amount (CNY)').fill('12000.00');
    await asks.page.getByLabel('Reason').fill('outage');
    await inDialog(asks.page, 'Give a credit').click();
    await asks.page.getByText('It waits for a second person').waitFor();
    await asks.page.keyboard.press('Escape');
    await asks.go('/approvals');
    await button(asks.page, 'Approve').click();
    await inDialog(asks.page, 'Approve').click();
    await asks.page.getByRole('dialog').getByRole('alert').waitFor();
    await asks.context.close();
    const approves = await open.open({ person: second });
    await approves.go('/approvals');
    await button(approves.page, 'Approve').click();
    await inDialog(approves.page, 'Approve').click();
    await approves.page.getByText('Nothing waits for a second person.').waitFor();
    await approves.context.close();
  });

  test('who has no duty for it sees no button; another account is as if it were not there', async () => {
    const reader = await open.person('read-only', account);
    const { page, go, context } = await open.open({ person: reader });
    await go('/accounts/acme/packs');
    expect(await button(page, 'Buy a pack').count()).toBe(0);
    for (const path of ['/home', '/accounts', '/accounts/acme/terms', '/accounts/acme/keys', '/accounts/acme/buy']) {
      await go(path);
      await page.getByRole('heading', { name: 'No such page' }).waitFor();
    }
    await page.goto('/accounts/globex/overview');
    await page.getByRole('alert').waitFor();
    expect(await page.getByText('Globex', { exact: true }).count()).toBe(0);
    await context.close();
  });

  test('"/" leads to the search field, and an id to what it names', async () => {
    const { page, go, complaints, context } = await open.open({ person: await open.person('owner', account) });
    await go('/accounts/acme/usage');
    const found = [
      ['e1', '/accounts/acme/calls/e1'],
      ['acme-000001', '/accounts/acme/bills/acme-000001'],
      ['acme:order-1', '/accounts/acme/orders/acme%3Aorder-1'],
      ['back', '/accounts/acme/packs/back'],
    ] as const;
    for (const [text, path] of found) {
      await page.keyboard.press('/');
      await page.keyboard.type(text);
      await page.keyboard.press('Enter');
      await page.waitForURL(`**${path}`);
      await whole(page);
      await page.locator('h1').click();
    }
    await page.keyboard.press('/');
    await page.keyboard.type('nobody-000009');
    await page.keyboard.press('Enter');
    await page.getByText('Nothing is called').waitFor();
    expect(complaints).toEqual([]);
    await context.close();
  });

  test('a session that ends leads to sign-in, and from there back', async () => {
    const leaver = await open.person('owner', account);
    const { page, go, context } = await open.open({ person: leaver });
    await go('/accounts/acme/bills');
    await open.call('PATCH', `/v1/people/${leaver.id}`, { active: false });
    await page.getByRole('link', { name: 'Usage', exact: true }).click();
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
    expect(new URL(page.url()).searchParams.get('to')).toBe('/accounts/acme/usage');
    await whole(page);
    await context.close();
  });
});
