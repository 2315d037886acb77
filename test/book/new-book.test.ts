// `book new`, `book compare` and `init` as a person runs them.

import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test } from 'vitest';

const program = fileURLToPath(new URL('../../bin/suanpan', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'suanpan-new-book-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Without settings of whoever runs the tests. */
const plain: NodeJS.ProcessEnv = {
  ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('SUANPAN_'))),
  LC_ALL: 'C',
};

const run = (
  args: readonly string[],
  typed = '',
  more: NodeJS.ProcessEnv = {},
): Promise<{ code: number; stdout: string; stderr: string }> =>
  new Promise((resolve) => {
    const child = execFile(program, args, { cwd: folder, env: { ...plain, ...more } }, (error, stdout, stderr) =>
      resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr }),
    );
    child.stdin?.end(typed);
  });

const answers = ['ocr', 'OCR', '', '', '', '', '0:1.00, 1000:0.85 200000:ask', '1000:900', '', ''];

test('the answers make a book that prices calls; one that is there is not overwritten', async () => {
  const made = await run(['book', 'new', 'ocr.json'], answers.join('\n').concat('\n'));
  expect(made.code, made.stderr).toBe(0);
  const written = readFileSync(join(folder, 'ocr.json'), 'utf8');
  expect(JSON.parse(written).tariffs[0].tiers).toEqual([
    { from: 0, to: 1_000, price: '1.00' },
    { from: 1_000, to: 200_000, price: '0.85' },
    { from: 200_000, to: null, price: null },
  ]);
  const quoted = await run([
    'quote',
    '--book',
    'ocr.json',
    '--use',
    'calls=1500',
    '--pack',
    'calls_pack:1000',
    '--json',
  ]);
  expect(JSON.parse(quoted.stdout)).toMatchObject({ total: '1400.00' });
  const again = await run(['book', 'new', 'ocr.json'], answers.join('\n'));
  expect([again.code, readFileSync(join(folder, 'ocr.json'), 'utf8')]).toEqual([2, written]);
});

test.each([
  ['an answer that is none', answers.with(6, '1000:0.85'), /"1000:0.85" does not answer/],
  ['an end before the last answer', answers.slice(0, 3), /ended without an answer to: Time zone/],
  ['tiers that fall back', answers.with(6, '0:1.00 5:2 3:1'), /make no price book: .*tiers/],
])('%s writes nothing and says why', async (_, typed, why) => {
  const { code, stderr } = await run(['book', 'new', 'none.json'], typed.map((line) => `${line}\n`).join(''));
  expect(code).toBe(2);
  expect(stderr).toMatch(why);
  expect(() => readFileSync(join(folder, 'none.json'))).toThrow();
});

test('two books are compared, in words and for programs', async () => {
  const words = await run(['book', 'compare', 'faceid-legacy', 'faceid-2021']);
  expect(words.stdout).toMatch(/Basic liveness, authority library\s*│\s*1,000 │\s*850.00 │\s*1,000.00 │\s*150.00/);
  const same = await run(['book', 'compare', 'faceid-2019', 'faceid-2019', '--json']);
  expect(JSON.parse(same.stdout)).toMatchObject({ different: 0, pairs: [], months: [] });
});

test('init writes settings that a server starts by, once, and refuses what a server would refuse', async () => {
  const made = await run(['init', 'own'], '9090\n0.0.0.0\n\n\npostgres://me:secret@db/billing\n');
  expect(made.code, made.stderr).toBe(0);
  expect(JSON.parse(readFileSync(join(folder, 'own/suanpan.json'), 'utf8'))).toEqual({
    PORT: '9090',
    SUANPAN_HOST: '0.0.0.0',
    DATABASE_URL: 'postgres://me:secret@db/billing',
  });
  const printed = await run(['config', 'print', '--json'], '', { SUANPAN_DATA: 'own' });
  expect(JSON.parse(printed.stdout)).toContainEqual({ name: 'PORT', value: '9090', source: 'file' });
  expect(printed.stdout).not.toContain('secret');
  expect((await run(['init', 'own'], '\n\n\n\n\n')).stderr).toContain('is there already');
  const wrong = await run(['init', 'other'], '99999\n');
  expect([wrong.code, wrong.stderr]).toEqual([2, expect.stringContaining('"99999" does not answer: Port')]);
});
