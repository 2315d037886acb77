import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { noBrowser } from './chromium.ts';
import { type OpenConsole, openConsole } from './open-console.ts';

describe.skipIf(noBrowser !== undefined)('sign-in', () => {
  let open: OpenConsole;
  beforeAll(async () => {
    open = await openConsole('2026-01-10T10:00:00+08:00');
  });
  afterAll(() => open.close());

  test('a link sets a password, which signs in; signing out ends it', async () => {
    const { json } = await open.call('POST', '/v1/people', { email: 'li@example.com', name: 'Li', role: 'admin' });
    const { url } = json.link as { url: string };
    const { page, complaints, context } = await open.open();
    await page.goto(`/password${new URL(url).hash}`);
    await page.getByLabel('New password').fill('correct horse battery');
    await page.getByLabel('Once more').fill('correct horse');
    await page.getByRole('button', { name: 'Set the password' }).click();
    await page.getByText('The two are not the same.').waitFor();
    await page.getByLabel('Once more').fill('correct horse battery');
    await page.getByRole('button', { name: 'Set the password' }).click();
    await page.getByText('The password is set. Sign in.').waitFor();
    await page.getByLabel('E-mail').fill('li@example.com');
    await page.getByLabel('Password').fill('wrong horse battery');
    await page.getByRole('button', { name: 'Sign in' }).click();
    // Not any alert: that the password is set stands there already, and a button that is busy takes no click.
    await page.getByRole('alert').getByText('The e-mail address or the password is wrong.').waitFor();
    // What was typed is still there.
    expect(await page.getByLabel('E-mail').inputValue()).toBe('li@example.com');
    await page.getByLabel('Password').fill('correct horse battery');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.waitForURL('**/sign-in');
    expect((await context.request.get('/v1/me')).status()).toBe(401);
    expect(complaints).toEqual([]);
    await context.close();
  });

  test('a link to elsewhere is not followed after signing in', async () => {
    const person = await open.person('admin');
    for (const to of ['//evil.example', '/\\evil.example', 'https://evil.example']) {
      const { page, context } = await open.open({ person });
      await page.goto(`/sign-in?to=${encodeURIComponent(to)}`);
      await page.getByRole('button', { name: 'Sign out' }).waitFor();
      expect(new URL(page.url()).origin).toBe(open.url);
      await context.close();
    }
  });

  test('a portal link shows one account for a while, its files too, and nothing that changes anything', async () => {
    await open.call('POST', '/v1/accounts', { id: 'portal', name: 'Portal Ltd', book: 'faceid-legacy' });
    const made = await open.once('POST', '/v1/portal-tokens', { account: 'portal', minutes: 15 });
    const token = String(made.json.key);
    const { page, go, context, complaints } = await open.open();
    await go(`/portal#${token}`);
    await page.waitForURL('**/accounts/portal/overview');
    expect(page.url()).not.toContain(token);
    await page.getByRole('heading', { name: 'Portal Ltd' }).waitFor();
    await go('/accounts/portal/packs');
    expect(await page.getByRole('button', { name: 'Buy a pack' }).count()).toBe(0);
    await page.getByRole('button', { name: 'Download' }).click();
    const [file] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: 'CSV', exact: true }).click(),
    ]);
    expect(file.suggestedFilename()).toBe('portal-packs.csv');
    await page.goto('/accounts/acme/overview');
    await page.getByText('NOT_FOUND').or(page.getByText('acme')).first().waitFor();
    expect(complaints).toEqual([]);
    await open.call('DELETE', `/v1/keys/${String(made.json.id)}`);
    await page.goto('/accounts/portal/packs');
    await page.waitForURL('**/sign-in**');
    await go(`/portal#${token}`);
    await page.getByText('The link’s time is up').waitFor();
    await context.close();
  });
});
