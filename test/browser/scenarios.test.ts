import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { noBrowser } from './chromium.ts';
import { type OpenConsole, openConsole, whole } from './open-console.ts';

describe.skipIf(noBrowser !== undefined)('the scenario player', () => {
  let open: OpenConsole;
  beforeAll(async () => {
    open = await openConsole('2026-01-10T10:00:00+08:00');
  });
  afterAll(() => open.close());

  test('each step shows what was left then, and the link carries the story', async () => {
    const { page, go, context, complaints } = await open.open();
    await go('/scenarios');
    const balance = page.locator('.total');
    await expect.poll(() => balance.textContent()).toContain('¥87,792.50');
    await page.getByText('Pack p1 has been drawn from').waitFor();
    await page.getByRole('button', { name: '2', exact: true }).click();
    await expect.poll(() => balance.textContent()).toContain('¥92,000.00');
    await page.getByRole('row', { name: /p1.* 10,000 10,000 0 In use/ }).waitFor();
    await page.getByText('No bill yet.').waitFor();
    await page.getByRole('button', { name: 'Back', exact: true }).click();
    await expect.poll(() => balance.textContent()).toContain('¥100,000.00');

    const box = page.getByRole('textbox', { name: 'JSON of a scenario' });
    const story = await box.inputValue();
    await box.fill(story.replace('15000', '11050'));
    await expect.poll(() => balance.textContent()).toContain('¥91,150.00');
    const link = page.url();
    await page.goto('about:blank');
    await page.goto(link);
    await whole(page);
    await expect.poll(() => balance.textContent()).toContain('¥91,150.00');

    await box.fill(story.replace('2026-01-07T09', 'soon'));
    await page.getByText('/steps/3/at').waitFor();
    expect(complaints).toEqual([]);
    await context.close();
  });

  test('it plays from the start to the end by itself', async () => {
    const { page, go, context } = await open.open();
    await page.clock.install();
    await go('/scenarios');
    await page.getByRole('button', { name: 'Play' }).click();
    await page.getByText('Step 0 of 5').waitFor();
    for (const step of [1, 2, 3, 4, 5]) {
      await page.clock.runFor(1_300);
      await page.getByText(`Step ${step} of 5`).waitFor();
    }
    await page.getByRole('button', { name: 'Play' }).waitFor();
    await context.close();
  });
});
