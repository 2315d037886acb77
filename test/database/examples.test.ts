// The programs of examples/ as they stand, over a line that loses answers.

import { execFile, execFileSync } from 'node:child_process';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import express, { type RequestHandler, type Response } from 'express';
import { fastify } from 'fastify';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { Suanpan } from '../../src/client/client.ts';
import { basic, type OpenApp, openAccountWith, openApp } from '../http/open-app.ts';
import { WeakLine } from '../http/weak-line.ts';

const run = promisify(execFile);
const example = (name: string): string => fileURLToPath(new URL(`../../examples/${name}`, import.meta.url));
const isThere = (program: string): boolean => {
  try {
    execFileSync(program, ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
};

let open: OpenApp;
let line: WeakLine;
let env: Record<string, string>;
let suanpan: Suanpan;
let accounts = 0;

beforeAll(async () => {
  open = await openApp(`${new Date().toISOString().slice(0, 19)}Z`);
  line = new WeakLine(open);
});
afterAll(async () => {
  await line?.close();
  await open?.close();
});
let url = '';
beforeEach(async () => {
  url ||= await line.open();
  accounts += 1;
  await openAccountWith(open, `a${accounts}`, '100.00');
  const apiKey = (await open.keyOf(`a${accounts}`)).authorization.replace('Bearer ', '');
  env = { PATH: process.env.PATH ?? '', SUANPAN_URL: url, SUANPAN_API_KEY: apiKey, PATIENCE: '5' };
  suanpan = new Suanpan({ url, apiKey, patience: 3_000 });
  line.weaknesses.length = 0;
});

/** Ids of what the account has been charged for. */
const charged = async (): Promise<unknown[]> => {
  const { json } = await open.call('GET', `/v1/events?account=a${accounts}`);
  return (json.events as { event: string }[]).map(({ event }) => event);
};
const noPostpaid = () => open.call('PATCH', `/v1/accounts/a${accounts}`, { postpaid: false });
const failed = (error: unknown) => error as { readonly code: number; readonly stdout: string; readonly stderr: string };

describe.skipIf(!isThere('python3'))('in Python, where there is one', () => {
  const call = (id: string) => run('python3', [example('calls.py'), id, basic], { env });

  test('a call is asked for and recorded once', async () => {
    line.weaknesses.push('lost', 'cut', 'lost');
    const { stdout } = await call('c/1 ä');
    expect(JSON.parse(stdout)).toMatchObject({ event: 'c/1 ä', outcome: 'charged' });
    expect(await charged()).toEqual(['c/1 ä']);
    expect(failed(await call('c/1 ä').catch(failed)).stderr).toContain('HOLD_ENDED');
  });

  test('one that is refused is not made', async () => {
    await noPostpaid();
    expect(await call('c-2').catch(failed)).toMatchObject({ code: 1, stdout: '' });
    expect(await charged()).toEqual([]);
  });
});

describe.skipIf(!isThere('curl'))('with curl, where there is one', () => {
  const call = (id: string, ...command: string[]) => run('sh', [example('calls.sh'), id, basic, ...command], { env });

  test('a call is asked for and recorded once; one that fails is not paid for', async () => {
    line.weaknesses.push('lost');
    const { stdout } = await call('s-1', 'echo', 'made');
    expect(stdout.split('\n').slice(1)).toEqual(['made', expect.stringContaining('"outcome":"charged"'), '']);
    expect(await call('s-2', 'sh', '-c', 'exit 7').catch(failed)).toMatchObject({ code: 7 });
    expect(await charged()).toEqual(['s-1']);
    expect(await call('a"b', 'true').catch(failed)).toMatchObject({ code: 2 });
  });

  test('one that is refused is not made', async () => {
    await noPostpaid();
    const refused = failed(await call('s-3', 'echo', 'made').catch(failed));
    expect(refused.stdout).toContain('POSTPAID_OFF');
    expect(refused.stdout).not.toContain('made');
  });
});

type Sold = (suanpan: Suanpan, callOf: () => { readonly meter: string }) => object;
const callOf = () => ({ meter: basic });

describe('in Fastify', () => {
  const appOf = async () => {
    const { sold } = (await import(example('fastify.mjs'))) as { sold: Sold };
    const app = fastify();
    app.get('/works', sold(suanpan, callOf), async () => ({ made: true }));
    app.get('/fails', sold(suanpan, callOf), async () => {
      throw new Error('upstream is away');
    });
    return async (path: string) => {
      const { statusCode, json } = await app.inject(path);
      return [statusCode, json()];
    };
  };

  test('what works is on disk when the answer leaves, what fails is not paid for, what is refused is not made', async () => {
    const get = await appOf();
    line.weaknesses.push('lost', 'lost');
    expect(await get('/works')).toEqual([200, { made: true }]);
    expect((await charged()).length).toBe(1);
    expect((await get('/fails'))[0]).toBe(500);
    await noPostpaid();
    expect(await get('/works')).toMatchObject([402, { code: 'POSTPAID_OFF' }]);
    expect((await charged()).length).toBe(1);
  });

  test('where nobody can be asked no call is made', async () => {
    suanpan = new Suanpan({ url, apiKey: env.SUANPAN_API_KEY ?? '', patience: 0 });
    const get = await appOf();
    line.weaknesses.push('deaf');
    expect((await get('/works'))[0]).toBe(503);
    expect(await charged()).toEqual([]);
  });

  test('an answer whose capture is lost for good is held back', async () => {
    suanpan = new Suanpan({ url, apiKey: env.SUANPAN_API_KEY ?? '', patience: 0 });
    const { sold } = (await import(example('fastify.mjs'))) as { sold: Sold };
    const app = fastify();
    app.get('/', sold(suanpan, callOf), async () => {
      line.weaknesses.push('deaf');
      return 'the answer';
    });
    const { statusCode, payload } = await app.inject('/');
    expect(statusCode).toBe(503);
    expect(payload).not.toContain('the answer');
  });
});

describe('in Express', () => {
  const lost: { readonly name: string; readonly id: string }[] = [];
  const get = async (path: string): Promise<[number, unknown]> => {
    const { sold } = (await import(example('express.mjs'))) as {
      sold: (...given: readonly unknown[]) => RequestHandler;
    };
    const app = express();
    app.use(sold(suanpan, callOf, (problem: (typeof lost)[number]) => lost.push(problem)));
    app.get('/works', (_: unknown, response: Response) => response.json({ made: true }));
    app.get('/fails', (_: unknown, response: Response) => response.status(502).json({ made: false }));
    app.get('/breaks', (_: unknown, response: Response) => {
      line.weaknesses.push('deaf');
      response.json({ made: true });
    });
    const server = createServer(app);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const answer = await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`);
    const body: unknown = await answer.json();
    await new Promise((resolve) => server.close(resolve));
    return [answer.status, body];
  };

  test('what works is charged, what fails is not, what is refused is not made', async () => {
    line.weaknesses.push('lost', 'lost');
    expect(await get('/works')).toEqual([200, { made: true }]);
    await expect.poll(charged).toHaveLength(1);
    expect((await get('/fails'))[0]).toBe(502);
    const { length } = line.seen;
    await expect.poll(() => line.seen.slice(length - 1).some(({ url: each }) => each.endsWith('/release'))).toBe(true);
    await noPostpaid();
    expect(await get('/works')).toMatchObject([402, { code: 'POSTPAID_OFF' }]);
    expect(await charged()).toHaveLength(1);
  });

  test('what could not be recorded is handed over, to be captured later', async () => {
    suanpan = new Suanpan({ url, apiKey: env.SUANPAN_API_KEY ?? '', patience: 0 });
    expect(await get('/breaks')).toEqual([200, { made: true }]);
    await expect.poll(() => lost.map(({ name }) => name)).toEqual(['NotCaptured']);
    expect((await suanpan.capture(lost[0]?.id ?? '')).status).toBe('accepted');
    line.weaknesses.push('deaf');
    expect(await get('/works')).toMatchObject([503, { code: 'UNREACHABLE' }]);
  });
});
