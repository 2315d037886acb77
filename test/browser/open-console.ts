// The console in a real browser, on the real server and database: what a test opens, and what every page must be free of.

import type { AddressInfo } from 'node:net';
import axe from 'axe-core';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { expect } from 'vitest';
import { type OpenApp, openApp } from '../http/open-app.ts';
import { startChromium } from './chromium.ts';

export interface Look {
  readonly language?: 'zh' | 'en';
  readonly shade?: 'light' | 'dark';
  readonly width?: number;
  /** Who has signed in; nobody if not given. */
  readonly person?: SignedIn;
}

export interface SignedIn {
  readonly id: string;
  readonly email: string;
  readonly cookie: string;
}

export interface Opened {
  readonly page: Page;
  readonly context: BrowserContext;
  /** What went wrong in the page so far: errors, refused scripts and styles. */
  readonly complaints: string[];
  go(path: string): Promise<void>;
}

export interface OpenConsole extends OpenApp {
  readonly url: string;
  readonly browser: Browser;
  /** A person with a password, signed in. */
  person(role: string, account?: string): Promise<SignedIn>;
  open(look?: Look): Promise<Opened>;
}

const password = 'correct horse battery';

export async function openConsole(start: string, options: Parameters<typeof openApp>[1] = {}): Promise<OpenConsole> {
  const app = await openApp(start, options);
  await app.app.listen({ port: 0, host: '127.0.0.1' });
  const { port } = app.app.server.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}`;
  const browser = await startChromium();
  let people = 0;
  return {
    ...app,
    url,
    browser,
    person: async (role, account) => {
      people += 1;
      const email = `${role}-${people}@example.com`;
      const whose = account === undefined ? {} : { account };
      const { json } = await app.call('POST', '/v1/people', { email, name: `${role} ${people}`, role, ...whose });
      const { url: link } = json.link as { url: string };
      const token = link.slice(link.indexOf('#') + 1);
      await app.call('POST', '/v1/passwords', { token, password }, { authorization: '' });
      const { headers } = await app.call('POST', '/v1/sessions', { email, password }, { authorization: '' });
      const cookie = /__Host-suanpan=([^;]+)/.exec(String(headers['set-cookie']))?.[1];
      if (cookie === undefined) throw new Error(`${email} could not sign in`);
      return { id: String(json.id), email, cookie };
    },
    open: (look) => open(browser, url, look),
    close: async () => {
      await browser.close();
      await app.close();
    },
  };
}

async function open(browser: Browser, url: string, look: Look = {}): Promise<Opened> {
  const { language = 'en', shade = 'light', width = 1280, person } = look;
  const context = await browser.newContext({
    baseURL: url,
    viewport: { width, height: 900 },
    locale: language === 'zh' ? 'zh-CN' : 'en-GB',
    timezoneId: 'Asia/Shanghai',
    colorScheme: shade,
  });
  if (person !== undefined) {
    const { hostname } = new URL(url);
    const cookie = { name: '__Host-suanpan', value: person.cookie, domain: hostname, path: '/' };
    await context.addCookies([{ ...cookie, secure: true, httpOnly: true, sameSite: 'Lax' }]);
  }
  const page = await context.newPage();
  page.setDefaultTimeout(30_000);
  const complaints: string[] = [];
  page.on('pageerror', ({ message }) => complaints.push(`error: ${message}`));
  page.on('console', (said) => {
    // A refusal that the page shows is logged by the browser too.
    if (said.type() === 'error' && !/Failed to load resource/.test(said.text())) complaints.push(said.text());
  });
  await page.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI, sample }) => {
      console.error(`policy: ${violatedDirective} ${blockedURI} ${sample}`);
    });
  });
  return {
    page,
    context,
    complaints,
    go: async (path) => {
      await page.goto(path);
      await whole(page);
    },
  };
}

/** Until what the page asked for is there: no shape of what is to come is left. */
export async function whole(page: Page): Promise<void> {
  await page.waitForFunction(
    () => document.querySelector('h1') !== null && document.querySelector('.ant-skeleton, .ant-spin-spinning') === null,
  );
}

/** Serious and critical findings of axe; none are accepted. In the other shade only what hangs on colours. */
export async function accessibilityFindings(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  const found = await findingsNow(page);
  const isDark = await page.evaluate(() => matchMedia('(prefers-color-scheme: dark)').matches);
  await page.emulateMedia({ colorScheme: isDark ? 'light' : 'dark' });
  const inOther = await findingsNow(page, ['color-contrast', 'link-in-text-block']);
  await page.emulateMedia({ colorScheme: isDark ? 'dark' : 'light' });
  return [...found, ...inOther.map((finding) => `${isDark ? 'light' : 'dark'}: ${finding}`)];
}

async function findingsNow(page: Page, rules?: string[]): Promise<string[]> {
  const { violations } = await page.evaluate(async (only) => {
    const { axe: judge } = window as unknown as { axe: typeof axe };
    // A shade that fades in is judged as it is in the end: it begins to once the page has been drawn anew.
    const drawn = () => new Promise((done) => requestAnimationFrame(done));
    for (let calm = 0; calm < 3; calm += 1) {
      await drawn();
      // One without an end, as of a page that still loads, is no fading.
      const fading = document
        .getAnimations()
        .filter(({ effect }) => effect?.getComputedTiming().endTime !== Number.POSITIVE_INFINITY);
      if (fading.length > 0) calm = -1;
      for (const animation of fading) animation.finish();
    }
    return judge.run(document, {
      resultTypes: ['violations'],
      ...(only === undefined ? {} : { runOnly: { type: 'rule', values: only } }),
    });
  }, rules);
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 200)}`));
}

/** Nothing to complain of, nothing wider than the window. */
export async function expectFit({ page, complaints }: Opened): Promise<void> {
  expect(complaints).toEqual([]);
  expect(await accessibilityFindings(page)).toEqual([]);
  const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  expect(over).toBe(0);
}
