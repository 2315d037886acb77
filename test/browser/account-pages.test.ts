import { mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, test } from 'vitest';
import { noBrowser } from './chromium.ts';
import { expectFit, type OpenConsole, openConsole, type SignedIn } from './open-console.ts';
import { accountPages, fill } from './world.ts';

/** Pictures for the documentation: SUANPAN_PICTURES=1. */
const pictures = fileURLToPath(new URL('../../docs/pictures/', import.meta.url));
const isPictured = process.env.SUANPAN_PICTURES !== undefined;

describe.skipIf(noBrowser !== undefined)('the pages of an account', () => {
  let open: OpenConsole;
  let owner: SignedIn;
  beforeAll(async () => {
    open = await openConsole('2025-12-01T09:00:00+08:00');
    await fill(open);
    owner = await open.person('owner', 'acme');
    if (isPictured) mkdirSync(pictures, { recursive: true });
  });
  afterAll(() => open.close());

  const looks = [
    { language: 'zh', shade: 'light', width: 1280 },
    { language: 'en', shade: 'dark', width: 390 },
  ] as const;

  describe.each(looks)('$language, $shade, $width wide', (look) => {
    test.each(accountPages)('%s', async (path) => {
      const opened = await open.open({ ...look, person: owner });
      await opened.go(path);
      if (isPictured) {
        const file = `${path.slice(1).replaceAll(/[/:]/g, '-')}-${look.language}.png`;
        await opened.page.screenshot({ path: `${pictures}${file}`, fullPage: true });
      }
      await expectFit(opened);
      await opened.context.close();
    });
  });
});
