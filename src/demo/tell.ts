// Tells the stories to a real server over HTTP: sets its clock, sends what happens, closes the month.

import type { Step, Story } from './month.ts';

export interface DemoServer {
  readonly url: string;
  readonly key: string;
}

export interface DemoTotals {
  accepted: number;
  duplicates: number;
  calls: number;
}

/** One request; anything but 2xx throws with the problem's text, unless `expected` names its code. */
export async function call(
  server: DemoServer,
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<{ readonly status: number; readonly json: unknown }> {
  const response = await fetch(`${server.url}${path}`, {
    method,
    headers: {
      authorization: `Bearer ${server.key}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  const json: unknown = text === '' ? null : JSON.parse(text);
  if (response.status >= 300) throw new DemoProblem(response.status, method, path, text);
  return { status: response.status, json };
}

export class DemoProblem extends Error {
  readonly status: number;
  constructor(status: number, method: string, path: string, text: string) {
    super(`${method} ${path}: ${status} ${text}`);
    this.status = status;
  }
}

interface Told {
  readonly account: string;
  readonly step: Step;
  readonly at: number;
}

const batchSize = 2_000;

/** Tells all stories in order of time, up to and without the closing of the month. */
export async function tell(
  server: DemoServer,
  stories: readonly Story[],
  progress: (done: number, of: number) => void,
): Promise<DemoTotals> {
  const totals: DemoTotals = { accepted: 0, duplicates: 0, calls: 0 };
  const steps = stories
    .flatMap(({ id, steps: own }) =>
      own.map((step, index): Told & { index: number } => ({ account: id, step, at: Date.parse(step.at), index })),
    )
    .filter(({ step }) => step.do !== 'close')
    .toSorted((a, b) => a.at - b.at || (a.account < b.account ? -1 : a.account > b.account ? 1 : a.index - b.index));
  for (const { id, name, book } of stories) await call(server, 'POST', '/v1/accounts', { id, name, book });
  let batch: Told[] = [];
  const flush = async (): Promise<void> => {
    const waiting = batch;
    batch = [];
    if (waiting.length > 0) await sendUsage(server, waiting, totals);
  };
  for (const [done, told] of steps.entries()) {
    if (told.step.do === 'use') batch.push(told);
    else {
      await flush();
      await setClock(server, told.at);
      await act(server, told);
    }
    if (batch.length >= batchSize) await flush();
    if (done % 1_000 === 0) progress(done, steps.length);
  }
  await flush();
  progress(steps.length, steps.length);
  return totals;
}

export const setClock = (server: DemoServer, at: number): Promise<unknown> =>
  call(server, 'POST', '/v1/clock', { now: new Date(at).toISOString() });

/** The server's clock stands at the last arrival of the batch, so that none of its calls lies in the future. */
async function sendUsage(server: DemoServer, batch: readonly Told[], totals: DemoTotals): Promise<void> {
  await setClock(server, Math.max(...batch.map(({ at }) => at)));
  const events = batch.map(({ account, step }) => ({
    id: step.id,
    account,
    meter: step.meter,
    calls: step.calls,
    time: step.time,
  }));
  const { json } = await call(server, 'POST', '/v1/events', events);
  const { results } = json as { results: { id: string; status: string; receipt?: { calls: number } }[] };
  for (const result of results) {
    if (result.status === 'accepted') {
      totals.accepted += 1;
      totals.calls += result.receipt?.calls ?? 0;
    } else if (result.status === 'duplicate') totals.duplicates += 1;
    else throw new Error(`event ${result.id}: ${JSON.stringify(result)}`);
  }
}

async function act(server: DemoServer, { account, step }: Told): Promise<void> {
  const once = { 'idempotency-key': `demo-${account}-${step.do}-${step.id}` };
  const { id, product, size, calls, months, amount } = step;
  if (step.do === 'topup') {
    await call(server, 'POST', `/v1/accounts/${account}/top-ups`, { amount, reference: id }, once);
  } else if (step.do === 'buy') await call(server, 'POST', '/v1/packs', { account, product, size, id }, once);
  else if (step.do === 'gift') await call(server, 'POST', '/v1/gifts', { account, product, calls, months, id }, once);
  else if (step.do === 'refund') await call(server, 'POST', `/v1/packs/${id}/refund`, { account }, once);
  else if (step.do === 'void') await call(server, 'POST', `/v1/events/${id}/void`, { account });
}
