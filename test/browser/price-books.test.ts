import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { noBrowser } from './chromium.ts';
import { type OpenConsole, openConsole, whole } from './open-console.ts';

const shipped = readFileSync(new URL('../../catalog/faceid-legacy.json', import.meta.url), 'utf8');

describe.skipIf(noBrowser !== undefined)('price books', () => {
  let open: OpenConsole;
  beforeAll(async () => {
    open = await openConsole('2026-01-10T10:00:00+08:00');
  });
  afterAll(() => open.close());

  test('two books differ where their pages do', async () => {
    const { page, go, context, complaints } = await open.open();
    await go('/price-books?view=compare&book=faceid-legacy&with=faceid-2019');
    await page.getByText('14 of 136 lines differ').waitFor();
    await page.getByRole('row', { name: /10,000 8,000\.00 \(0\.80\) 8,500\.00 \(0\.85\) ≠/ }).waitFor();
    expect(complaints).toEqual([]);
    await context.close();
  });

  test('a book of one’s own is checked, and opens in the calculator by a link that carries it', async () => {
    const { page, go, context, complaints } = await open.open();
    await go('/price-books?view=lint');
    const box = page.getByRole('textbox', { name: 'JSON of a price book' });
    await box.fill('{"id":');
    await page.getByText('Errors: 1, warnings: 0').waitFor();
    await box.fill(shipped.replace('"lower-inclusive"', '"lower"'));
    await page.getByText('/tariffs/0/bound').waitFor();
    const mine = JSON.parse(shipped) as { id: string; tariffs: { tiers: { price: string }[] }[] };
    mine.id = 'mine';
    (mine.tariffs[0]?.tiers[0] as { price: string }).price = '0.99';
    await box.fill(JSON.stringify(mine));
    await page.getByRole('link', { name: 'Compare with a shipped one' }).waitFor();
    await page.getByRole('link', { name: 'Open in the calculator' }).click();
    await whole(page);
    await page.getByRole('textbox', { name: 'Calls 1' }).fill('100');
    await expect.poll(() => page.locator('.total').textContent()).toContain('¥99.00');
    const link = page.url();
    await page.goto('about:blank');
    await page.goto(link);
    await whole(page);
    await expect.poll(() => page.locator('.total').textContent()).toContain('¥99.00');
    const { hash } = new URL(link);
    await page.goto('about:blank');
    await go(`/price-books?view=compare&book=faceid-legacy&with=mine${hash}`);
    await page.getByText('1 of 136 lines differ').waitFor();
    await page.getByRole('row', { name: '≠' }).getByText('0.99').waitFor();
    expect(complaints).toEqual([]);
    await context.close();
  });
});
