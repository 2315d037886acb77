import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { noBrowser } from './chromium.ts';
import { type OpenConsole, openConsole } from './open-console.ts';

/** Too much for tables: the integer program is solved by HiGHS, as WebAssembly within the page's policy. */
const large = [...[128_756, 319_171, 293_180, 71_020, 199_618, 492_744, 325_227, 255_505, 336_931, 312_842]].map(
  (thousands, index) => `2026-${String(index + 1).padStart(2, '0')};${thousands}000`,
);

describe.skipIf(noBrowser !== undefined)('the planner', () => {
  let open: OpenConsole;
  beforeAll(async () => {
    open = await openConsole('2026-01-10T10:00:00+08:00');
  });
  afterAll(() => open.close());

  test('plans what was pasted, without a network, and the link is what was asked', async () => {
    const { page, go, context, complaints } = await open.open();
    await go('/planner?book=faceid-legacy&meter=liveness.basic.authority&month=2026-01%3B5');
    await page.locator('canvas').first().waitFor();
    await context.setOffline(true);
    await page.getByRole('textbox', { name: 'Month of row 1' }).evaluate((input) => {
      const clipboardData = new DataTransfer();
      clipboardData.setData('text/plain', '2026-03\t300,000\n2026-04\t1');
      input.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
    });
    await page.getByRole('button', { name: 'Find the cheapest' }).click();
    await expect.poll(() => page.locator('.total').textContent()).toContain('¥208,001.00');
    await page.getByText('1 × Basic face verification (authority library), 200,000 calls · ¥140,000.00').waitFor();
    await page.getByText('Proved by exact dynamic programming').click();
    await page.getByText('No purchase is passed over').waitFor();
    expect(page.url()).toContain('month=2026-04%3B1');
    expect(complaints).toEqual([]);
    await context.close();
  });

  test('the integer program runs in the page; a run can be stopped', async () => {
    const { page, go, context, complaints } = await open.open();
    const months = large.map((month) => `month=${encodeURIComponent(month)}`).join('&');
    await go(`/planner?book=faceid-legacy&meter=liveness.basic.authority&${months}`);
    await page.getByText(/^✓ Proved by integer program \(HiGHS\)/).waitFor({ timeout: 30_000 });
    await page.getByRole('button', { name: 'Find the cheapest' }).click();
    await page.getByRole('button', { name: 'Stop' }).click();
    await page.getByText('Stopped.').waitFor();
    await page.getByRole('button', { name: 'Find the cheapest' }).waitFor();
    expect(complaints).toEqual([]);
    await context.close();
  });
});
