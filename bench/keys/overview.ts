// overview: the overview of an account, from the address to the last figure, in a real browser that knows nothing of it: of an account
// with a million events against one of a thousand, and against two seconds.

import type { Browser } from 'playwright-core';
import { startChromium } from '../../test/browser/chromium.ts';
import { type Bench, freshLedger, freshPrefix, startServer } from '../bench.ts';
import { type Measured, median, part, quotients, rounded } from '../measure.ts';
import { fillLedger } from '../preload.ts';
import { alternate } from '../rounds.ts';

const few = 1_000;
const many = ({ options }: Bench): number => (options.quick ? 100_000 : 1_000_000);
const patience = 2_000;
const password = 'correct horse battery';

export async function overview(bench: Bench): Promise<Measured> {
  const ledger = await freshLedger(bench);
  const [small, large] = [freshPrefix(), freshPrefix()];
  await fillLedger(bench, ledger, { prefix: small, accounts: 1, events: few, ids: 'time-ordered' });
  await fillLedger(bench, ledger, { prefix: large, accounts: 1, events: many(bench), ids: 'time-ordered' });
  const server = await startServer(bench, ledger.url);
  const cookie = await signIn(server.url, await ledger.key());
  const browser = await startChromium();
  bench.endings.add(() => browser.close());
  const { rows } = await ledger.suanpan.pool.query<{ id: string; events: string }>(
    'select account_id as id, count(*)::text as events from events group by 1 order by 2 desc',
  );
  const idOf = (events: number) => rows.find((row) => Number(row.events) === events)?.id ?? '';
  const open = (events: number) => () => millisecondsTo(browser, server.url, cookie, idOf(events));
  const { a, b } = await alternate(bench, open(many(bench)), open(few));
  return {
    parts: [
      part('many events over few', 'most', 1.5, quotients(a, b)),
      part(
        'until usable / 2 s',
        'most',
        1,
        a.map((milliseconds) => milliseconds / patience),
      ),
    ],
    spent: {},
    figures: { events: many(bench), millisecondsMany: rounded(median(a), 0), millisecondsFew: rounded(median(b), 0) },
  };
}

/** An admin's session. */
async function signIn(url: string, key: string): Promise<string> {
  const post = async (path: string, body: object, headers: Record<string, string> = {}): Promise<Response> => {
    const answer = await fetch(`${url}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    });
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
    return answer;
  };
  const person = { email: 'bench@example.com', name: 'Bench', role: 'admin' };
  const invited = await post('/v1/people', person, { authorization: `Bearer ${key}` });
  const { link } = (await invited.json()) as { readonly link: { readonly url: string } };
  await post('/v1/passwords', { token: new URL(link.url).hash.slice(1), password });
  const session = await post('/v1/sessions', { email: person.email, password });
  const cookie = /__Host-suanpan=([^;]+)/.exec(session.headers.get('set-cookie') ?? '')?.[1];
  if (cookie === undefined) throw new Error('no session');
  return cookie;
}

/** Runs in the page, whose types this program does not know: every part is there, and none shows its shape any more. */
function isWhole(): boolean {
  const { document } = globalThis as unknown as { document: { querySelectorAll(what: string): { length: number } } };
  return document.querySelectorAll('h2').length >= 6 && document.querySelectorAll('.ant-skeleton').length === 0;
}

/** In a context of its own, so that nothing is loaded before. */
async function millisecondsTo(browser: Browser, url: string, cookie: string, account: string): Promise<number> {
  const context = await browser.newContext();
  try {
    const session = { name: '__Host-suanpan', value: cookie, domain: new URL(url).hostname, path: '/' };
    await context.addCookies([{ ...session, secure: true, httpOnly: true, sameSite: 'Lax' }]);
    const page = await context.newPage();
    const began = performance.now();
    await page.goto(`${url}/accounts/${account}/overview`);
    await page.waitForFunction(isWhole);
    return performance.now() - began;
  } finally {
    await context.close();
  }
}
