import { mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, test } from 'vitest';
import { moneyOf } from '../../src/core/units.ts';
import { noBrowser } from './chromium.ts';
import { expectFit, type OpenConsole, type Opened, openConsole, type SignedIn } from './open-console.ts';
import { accountPages, fill, operatorPages } from './world.ts';

/** Pictures for the documentation: SUANPAN_PICTURES=1. */
const pictures = fileURLToPath(new URL('../../docs/pictures/', import.meta.url));
const isPictured = process.env.SUANPAN_PICTURES !== undefined;

describe.skipIf(noBrowser !== undefined)('each page is legible, within its policy, and fits', () => {
  let open: OpenConsole;
  let owner: SignedIn;
  let admin: SignedIn;
  beforeAll(async () => {
    open = await openConsole('2025-12-01T09:00:00+08:00', {
      secondPersonAbove: moneyOf(1_000_000n),
      // As servers run that are no sandboxes.
      sandbox: false,
    });
    await fill(open);
    admin = await open.person('admin');
    owner = await open.person('owner', 'acme');
  });
  afterAll(() => open.close());

  const looks = [
    { language: 'zh', shade: 'light', width: 1280 },
    { language: 'en', shade: 'dark', width: 390 },
  ] as const;
  const readers = [
    { who: 'owner', pages: accountPages },
    { who: 'admin', pages: operatorPages },
  ] as const;

  describe.each(looks.flatMap((look) => readers.map((reader) => ({ ...look, ...reader }))))(
    '$who, $language, $shade, $width wide',
    ({ who, pages, ...look }) => {
      // One window for all: what is loaded once is not loaded for each page again.
      let opened: Opened;
      beforeAll(async () => {
        opened = await open.open({ ...look, person: who === 'owner' ? owner : admin });
      });
      afterAll(() => opened.context.close());

      test.each(pages)('%s', async (path) => {
        opened.complaints.length = 0;
        await opened.go(path);
        await expectFit(opened);
      });
    },
  );

  const main = [
    ['calculator', '/calculator'],
    ['overview', '/accounts/acme/overview'],
    ['buy', '/accounts/acme/buy'],
    ['bill', '/accounts/acme/bills/acme-000001'],
    ['home', '/home'],
  ] as const;
  test.skipIf(!isPictured).each(['zh', 'en'] as const)('pictures for the documentation, %s', async (language) => {
    mkdirSync(pictures, { recursive: true });
    for (const [name, path] of main) {
      const { page, go, context } = await open.open({
        language,
        width: 1_080,
        person: name === 'home' ? admin : owner,
      });
      await go(path);
      // A chart is drawn once its part is loaded.
      if (name === 'calculator') await page.locator('canvas').waitFor();
      await page.screenshot({ path: `${pictures}${name}-${language}.png` });
      await context.close();
    }
  });
});
