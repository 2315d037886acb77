import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { noBrowser } from './chromium.ts';
import { expectFit, type OpenConsole, openConsole, whole } from './open-console.ts';

if (noBrowser !== undefined) console.warn(noBrowser);

describe.skipIf(noBrowser !== undefined)('pages without login', () => {
  let open: OpenConsole;
  beforeAll(async () => {
    open = await openConsole('2026-01-10T10:00:00+08:00');
  });
  afterAll(() => open.close());

  const looks = [
    { language: 'zh', shade: 'light', width: 1280 },
    { language: 'en', shade: 'dark', width: 390 },
  ] as const;
  const pages = [
    '/calculator',
    '/planner',
    '/price-books',
    '/price-books?view=compare',
    '/price-books?view=lint',
    '/bill-check',
    '/usage-forecast',
    '/sign-in',
    '/password#pw_x',
    '/accounts/acme/nothing',
  ];

  test.each(looks)('fit and legible: $language, $shade, $width wide', async (look) => {
    const opened = await open.open(look);
    for (const path of pages) {
      await opened.page.goto('about:blank');
      await opened.go(path);
      await expectFit(opened);
      expect(await opened.page.getAttribute('html', 'lang')).toBe(look.language);
    }
    await opened.context.close();
  });

  test('the calculator answers while one types, and the link is the answer', async () => {
    const { page, go, complaints, context } = await open.open();
    await go('/calculator');
    const total = page.locator('.total');
    await expect.poll(() => total.textContent()).toContain('¥7,820.00');
    await page.getByRole('textbox', { name: 'Calls 1' }).fill('15,000');
    await expect.poll(() => total.textContent()).toContain('¥11,250.00');
    const link = page.url();
    await page.goto('about:blank');
    await page.goto(link);
    await whole(page);
    await expect.poll(() => total.textContent()).toContain('¥11,250.00');
    await page.getByRole('textbox', { name: 'Calls 1' }).fill('200000');
    await expect.poll(() => total.textContent()).toContain('ask for a price');
    await page.getByRole('textbox', { name: 'Calls 1' }).fill('1.5');
    await page.getByText('A whole number, such as 15,000').waitFor();
    expect(complaints).toEqual([]);
    await context.close();
  });

  test('cliffs are shown with what they save', async () => {
    const { page, go, context } = await open.open();
    await go('/calculator?book=faceid-legacy&use=liveness_verification%3D999');
    await page.getByText('Call 1,000: ¥999.00 → ¥850.00, ¥149.00 less').waitFor();
    await context.close();
  });

  test('a language once chosen stays, and is said to screen readers', async () => {
    const { page, go, context } = await open.open({ language: 'zh' });
    await go('/calculator');
    await page.getByRole('button', { name: 'English' }).click();
    await page.getByRole('heading', { name: 'What will this month cost?' }).waitFor();
    await go('/calculator');
    expect(await page.getAttribute('html', 'lang')).toBe('en');
    await context.close();
  });

  test('what is loaded before the first page is at most 450 KB', async () => {
    const { page, go, context } = await open.open();
    const bytes: number[] = [];
    page.on('requestfinished', async (request) => {
      bytes.push((await request.sizes()).responseBodySize);
    });
    await go('/sign-in');
    await expect.poll(() => bytes.length).toBeGreaterThan(3);
    expect(bytes.reduce((sum, size) => sum + size, 0)).toBeLessThan(450 * 1024);
    await context.close();
  });
});
