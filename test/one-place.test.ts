// A mode, an order, a code or a kind of news that is added in one place fails to compile wherever else it must be told.

import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const additions = [
  {
    file: 'core/price-book.ts',
    before: "tariffModes = ['volume'",
    with: "tariffModes = ['stairs', 'volume'",
    told: [
      'core/tariff-modes.ts',
      'words/titles.ts',
      'words/shown-bill.ts',
      'reconcile/rating-causes.ts',
      'verify/independent.ts',
    ],
  },
  {
    file: 'core/price-book.ts',
    before: "  'gift-first',",
    with: "  'gift-first', 'dearest-first',",
    told: ['core/pack.ts', 'reconcile/pack-causes.ts'],
  },
  {
    file: 'core/units.ts',
    before: "blockParts = ['up'",
    with: "blockParts = ['nearest', 'up'",
    told: ['core/units.ts', 'words/figures.ts', 'words/titles.ts', 'plan/model/pieces.ts', 'verify/independent.ts'],
  },
  {
    file: 'core/rate.ts',
    before: "feeReasons = ['month'",
    with: "feeReasons = ['year', 'month'",
    told: ['words/titles.ts', 'reconcile/rating-causes.ts', 'operations/bill-paper.ts'],
  },
  {
    file: 'core/refusal.ts',
    before: 'refusalCodes = [',
    with: "refusalCodes = ['OUT_OF_INK', ",
    told: ['words/refusals.ts'],
  },
];

test('what is added in one place is asked for everywhere else', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'suanpan-'));
  try {
    for (const name of ['src', 'catalog', 'package.json']) cpSync(name, join(folder, name), { recursive: true });
    symlinkSync(resolve('node_modules'), join(folder, 'node_modules'));
    const { compilerOptions } = JSON.parse(readFileSync('tsconfig.json', 'utf8')) as { compilerOptions: object };
    const files = [...new Set(additions.flatMap(({ told }) => told))].map((name) => `src/${name}`);
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, files }));
    for (const { file, before, with: after } of additions) {
      const path = join(folder, 'src', file);
      const source = readFileSync(path, 'utf8');
      expect(source).toContain(before);
      writeFileSync(path, source.replace(before, after));
    }
    const compiler = resolve('node_modules/typescript/bin/tsc');
    const failed = await promisify(execFile)(process.execPath, [compiler, '-p', folder], { cwd: folder }).then(
      () => '',
      (error: { readonly stdout: string }) => error.stdout,
    );
    const complained = new Set([...failed.matchAll(/^src\/(\S+?)\(/gm)].map(([, name]) => name));
    for (const { told } of additions) expect([...complained], failed).toEqual(expect.arrayContaining(told));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}, 60_000);
