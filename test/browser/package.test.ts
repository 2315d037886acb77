// What `npm pack` makes, installed below node_modules as npm puts it there (with this checkout's own dependencies): the command line, a
// server with its console, the types, and the library in Node and in a browser.

import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { build } from 'vite';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { freePort } from '../setup/machine.ts';
import { noBrowser, startChromium } from './chromium.ts';

const run = promisify(execFile);
const root = fileURLToPath(new URL('../..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'suanpan-package-'));
const installed = join(folder, 'node_modules/suanpan');
const program = join(installed, 'bin/suanpan');
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

const useOfLibrary = `
import { callsOf, hasProblems, isRefusal, parsePriceBook, quote, rate, settle, simulate } from 'suanpan';
import { Problem, Suanpan, verifyWebhook } from 'suanpan/client';
export function totalOf(document: unknown): string | null | undefined {
  const parsed = parsePriceBook(document);
  if (hasProblems(parsed)) throw new Error(JSON.stringify(parsed.problems));
  const use = [{ of: 'liveness_verification', calls: callsOf(15_000) }];
  const quoted = quote(parsed.book, { use, packs: [{ product: 'basic_authority', size: callsOf(10_000), count: 1 }], gifts: [] });
  if ([rate, settle, simulate, Problem, Suanpan, verifyWebhook].some((each) => typeof each !== 'function')) throw new Error('something is missing');
  return isRefusal(quoted) ? undefined : quoted.total;
}
export async function refusalOf(url: string): Promise<string> {
  const error: unknown = await new Suanpan({ url, patience: 0 }).record({ id: 'a', meter: 'b' }).catch((error: unknown) => error);
  return error instanceof Problem ? error.code : '';
}
export async function largeOf(): Promise<string> {
  const fetch = async () => new Response('{"key":9007199254740993}');
  return String((await new Suanpan({ url: 'http://x', fetch }).ask('GET /v1/me')).key);
}
`;
const plainUse = useOfLibrary.replaceAll(/: (unknown|Promise<string>|string( \| null \| undefined)?)(?=[ ,)])/g, '');

/** Of this Node and of older ones on PATH. */
const nodes = [
  process.execPath,
  ...(process.env.PATH ?? '').split(delimiter).flatMap((place) => {
    try {
      return readdirSync(place).includes('node') ? [join(place, 'node')] : [];
    } catch {
      return [];
    }
  }),
];

beforeAll(async () => {
  await run('sh', [join(root, 'scripts/package')]);
  const packed = await run('npm', ['pack', '--ignore-scripts', '--json', '--pack-destination', folder], { cwd: root });
  expect(packed.stdout).toContain('suanpan');
  mkdirSync(installed, { recursive: true });
  await run('tar', ['xzf', join(folder, `suanpan-${manifest.version}.tgz`), '--strip-components=1', '-C', installed]);
  for (const name of Object.keys({ ...manifest.dependencies, ...manifest.optionalDependencies })) {
    const link = join(folder, 'node_modules', name);
    mkdirSync(dirname(link), { recursive: true });
    symlinkSync(join(root, 'node_modules', name), link);
  }
  writeFileSync(join(folder, 'package.json'), '{"type":"module","private":true}');
  writeFileSync(join(folder, 'use.ts'), useOfLibrary);
  writeFileSync(join(folder, 'use.mjs'), plainUse);
}, 120_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('it holds what runs, and neither tests nor sources', () => {
  expect(readdirSync(installed).toSorted()).toEqual(
    [
      'CHANGELOG.md',
      'LICENSE',
      'README.md',
      'README.zh-CN.md',
      'bin',
      'catalog',
      'console',
      'dist',
      'package.json',
      'scripts',
    ].toSorted(),
  );
});

test('a quote, from any folder', async () => {
  const { stdout } = await run(
    program,
    ['quote', '--book', 'faceid-legacy', '--use', 'liveness_verification=1000', '--json'],
    {
      cwd: tmpdir(),
    },
  );
  expect(JSON.parse(stdout)).toMatchObject({ total: '850.00' });
});

test('a server with its console, plans in its threads, and files read in a thread', async () => {
  const port = await freePort();
  const env = {
    ...process.env,
    PORT: String(port),
    SUANPAN_DATA: join(folder, 'data'),
    SUANPAN_URL: `http://127.0.0.1:${port}`,
  };
  const server = spawn(program, ['serve'], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  server.stdout.on('data', (part) => {
    said += part;
  });
  server.stderr.on('data', (part) => {
    said += part;
  });
  try {
    await expect.poll(() => said, { timeout: 40_000 }).toContain('export SUANPAN_API_KEY=');
    const key = /sk_op_\S+/.exec(said)?.[0] ?? '';
    expect(await (await fetch(`http://127.0.0.1:${port}/calculator`)).text()).toContain('<div id="root">');
    const own = { cwd: folder, env: { ...env, SUANPAN_API_KEY: key } };
    await run(program, ['account', 'create', 'acme', '--book', 'faceid-legacy'], own);
    const time = new Date(Date.now() - 3_600_000).toISOString();
    writeFileSync(
      join(folder, 'calls.csv'),
      `id,account,meter,calls,time\nx,acme,liveness.basic.authority,5,${time}\n`,
    );
    const imported = await run(program, ['usage', 'import', 'calls.csv', '--json'], own);
    expect(JSON.parse(imported.stdout)).toMatchObject({ accepted: 1 });
    const month = await run(program, ['forecast', 'acme', '--json'], own);
    expect(JSON.parse(month.stdout)).toMatchObject({ account: 'acme' });
  } finally {
    server.kill('SIGTERM');
    if (server.exitCode === null) await once(server, 'exit');
  }
}, 90_000);

test.each([...new Set(nodes)])('the library in %s', async (node) => {
  const version = (await run(node, ['--version'])).stdout.trim();
  const [major = 0, minor = 0] = version.slice(1).split('.').map(Number);
  // Older than what the package says that it needs.
  if (major < 20 || (major === 20 && minor < 20)) return;
  const script = `
    import { readFileSync } from 'node:fs';
    import { largeOf, refusalOf, totalOf } from './use.mjs';
    const book = readFileSync(new URL(import.meta.resolve('suanpan/catalog/faceid-legacy.json')));
    console.log(totalOf(JSON.parse(book)), await refusalOf('http://127.0.0.1:9'), await largeOf());`;
  const { stdout } = await run(node, ['--input-type=module', '--eval', script], { cwd: folder });
  expect(stdout.trim()).toBe('12250.00 UNREACHABLE 9007199254740993');
});

test('types that a strict compiler takes', async () => {
  const tsc = join(root, 'node_modules/typescript/bin/tsc');
  const strict = [
    '--noEmit',
    '--strict',
    '--target',
    'es2022',
    '--module',
    'nodenext',
    '--skipLibCheck',
    'false',
    '--types',
    'node',
  ];
  mkdirSync(join(folder, 'node_modules/@types'), { recursive: true });
  symlinkSync(join(root, 'node_modules/@types/node'), join(folder, 'node_modules/@types/node'));
  const done = await run(process.execPath, [tsc, ...strict, 'use.ts'], { cwd: folder }).catch(
    (error: unknown) => error,
  );
  expect((done as { stdout: string }).stdout).toBe('');
});

describe.skipIf(noBrowser !== undefined)('in a browser', () => {
  test('the library computes the same, offline', async () => {
    const [built] = [
      await build({
        root: folder,
        configFile: false,
        logLevel: 'error',
        build: { write: false, lib: { entry: join(folder, 'use.mjs'), formats: ['iife'], name: 'suanpanUse' } },
      }),
    ].flat();
    if (built === undefined || !('output' in built)) throw new Error('nothing was built');
    const [{ code }] = built.output;
    const browser = await startChromium();
    try {
      const page = await browser.newPage();
      await page.addScriptTag({ content: code });
      const book = JSON.parse(readFileSync(join(root, 'catalog/faceid-legacy.json'), 'utf8'));
      const total = await page.evaluate((document) => {
        const { suanpanUse } = globalThis as unknown as { suanpanUse: { totalOf(book: unknown): string } };
        return suanpanUse.totalOf(document);
      }, book);
      expect(total).toBe('12250.00');
    } finally {
      await browser.close();
    }
  });
});
