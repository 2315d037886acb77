// The house rules that a program can check. Each check is a function from files to complaints,
// proven below on a bad example and then run over the whole tree.

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { longFunctions } from './long-functions.ts';
import { staleWrites } from './stale-writes.ts';

type File = { readonly path: string; readonly text: string };
type Check = (files: readonly File[]) => string[];

const root = fileURLToPath(new URL('..', import.meta.url));
const skipped = new Set('node_modules .git data coverage reports dist .set-up.lock .stryker-tmp'.split(' '));
const isText = /(\.(ts|tsx|mjs|md|json|sql|css|html|yml)|\/(run|node|set-up|check|suanpan))$/;

function readTree(folder = ''): File[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry): File[] => {
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
    // What is being built beside us comes and goes.
    if (skipped.has(entry.name) || entry.name.startsWith('dist.new')) return [];
    if (entry.isDirectory()) return readTree(path);
    if (!isText.test(`/${path}`) || entry.name === 'package-lock.json') return [];
    return [{ path, text: readFileSync(join(root, path), 'utf8') }];
  });
}

/** Which rooms of src a room may look into, besides itself. `main.ts` knows everything. */
const pure = ['core', 'words', 'account', 'book'];
const rooms: Readonly<Record<string, readonly string[]>> = {
  core: [],
  words: ['core'],
  account: ['core', 'words'],
  book: ['core', 'words'],
  scenario: pure,
  plan: [...pure, 'scenario'],
  forecast: pure,
  'usage-files': ['core', 'words'],
  reconcile: [...pure, 'usage-files'],
  store: ['core', 'words', 'account'],
  ledger: ['tracing.ts', 'core', 'words', 'account', 'store'],
  operations: [...pure, 'forecast', 'store', 'ledger', 'tc3.ts', 'version.ts'],
  deliveries: ['tracing.ts', ...pure, 'store', 'operations', 'version.ts'],
  jobs: ['tracing.ts', ...pure, 'store', 'operations', 'deliveries'],
  verify: [...pure, 'store', 'operations'],
  threads: [...pure, 'scenario', 'plan', 'forecast', 'store', 'operations'],
  http: [
    'tracing.ts',
    ...pure,
    'scenario',
    'plan',
    'store',
    'ledger',
    'operations',
    'deliveries',
    'jobs',
    'threads',
    'version.ts',
  ],
  gateway: ['core', 'words', 'usage-files', 'tc3.ts'],
  demo: ['words', 'verify', 'main.ts'],
  client: ['core', 'words', 'http'],
  cli: [
    ...pure,
    'scenario',
    'plan',
    'forecast',
    'usage-files',
    'reconcile',
    'store',
    'ledger',
    'operations',
    'verify',
    ...['http', 'demo', 'gateway'],
    'configuration.ts',
    'main.ts',
    'version.ts',
  ],
};

const importPattern =
  /^\s*(?:import|export)\b[^'";]*?from\s*'([^']+)'|\bimport\(\s*'([^']+)'\s*\)|^\s*import\s+'([^']+)'/gm;
const importsOf = ({ text }: File): string[] =>
  [...text.matchAll(importPattern)].map((match) => match[1] ?? match[2] ?? match[3] ?? '');

const importsLookDown: Check = (files) =>
  files
    .filter(({ path }) => /^src\/[^/]+\//.test(path) && path.endsWith('.ts'))
    .flatMap((file) => {
      const room = file.path.split('/')[1] ?? '';
      const allowed = rooms[room];
      if (allowed === undefined)
        return [`${file.path}: no such room; name it in test/tidy.test.ts and ARCHITECTURE.md`];
      return importsOf(file).flatMap((name) => {
        if (!name.startsWith('.')) return [];
        const target = normalize(join(dirname(file.path), name)).split('/');
        if (target[0] !== 'src') return [`${file.path} imports ${name} from outside src`];
        const found = target[1] ?? '';
        return found === room || allowed.includes(found)
          ? []
          : [`${file.path} imports ${name}: ${room} may not see ${found}`];
      });
    });

/** Types of the contract alone: nothing of it is loaded. */
const consoleSees = [...pure, 'scenario', 'plan', 'forecast', 'usage-files', 'reconcile'];
const consoleIsApart: Check = (files) =>
  files
    .filter(({ path }) => /^(console|src\/client)\/.*\.tsx?$/.test(path))
    .flatMap((file) =>
      importsOf(file).flatMap((name) => {
        const target = normalize(join(dirname(file.path), name));
        if (!name.startsWith('.') || !target.startsWith('src/') || target.startsWith(`${dirname(file.path)}/`))
          return [];
        const isContract = target.startsWith('src/http/contract/') && /^import type \*/m.test(file.text);
        return isContract || consoleSees.includes(target.split('/')[1] ?? '')
          ? []
          : [`${file.path} imports ${name}: what runs at others' sees what is pure, and types of the contract`];
      }),
    );

const relativeImports = (file: File): string[] =>
  importsOf(file)
    .filter((name) => name.startsWith('.'))
    .map((name) => normalize(join(dirname(file.path), name)));

/** Files of src that import one another in a circle, types too: none of them can be read first. */
const noCircles: Check = (files) => {
  const imports = new Map(
    files.filter(({ path }) => /^src\/.*\.ts$/.test(path)).map((file) => [file.path, relativeImports(file)]),
  );
  const complaints: string[] = [];
  const done = new Set<string>();
  const walk = (path: string, way: readonly string[]): void => {
    const met = way.indexOf(path);
    if (met >= 0) complaints.push(`${[...way.slice(met), path].join(' → ')}: a circle of imports`);
    if (met >= 0 || done.has(path)) return;
    for (const next of imports.get(path) ?? []) walk(next, [...way, path]);
    done.add(path);
  };
  for (const path of imports.keys()) walk(path, []);
  return complaints;
};

/** The command line knows the server by what it promises. */
const cliKnowsTheContract: Check = (files) =>
  files
    .filter(({ path }) => path.startsWith('src/cli/'))
    .flatMap((file) =>
      relativeImports(file)
        .filter((target) => target.startsWith('src/http/') && !target.startsWith('src/http/contract/'))
        .map((target) => `${file.path} imports ${target}: cli sees of http the contract alone`),
    );

const coreIsAlone: Check = (files) =>
  files
    .filter(({ path }) => path.startsWith('src/core/') && path.endsWith('.ts'))
    .flatMap((file) =>
      importsOf(file)
        .filter((name) => !name.startsWith('./'))
        .filter((name) => !(name.startsWith('temporal-polyfill') && file.path === 'src/core/calendar.ts'))
        .map((name) => `${file.path} imports ${name}: the core imports nothing`),
    );

const foldersAreShallow: Check = (files) =>
  files
    .filter(({ path }) => path.startsWith('src/') && path.split('/').length > 4)
    .map(({ path }) => `${path}: more than two folders below src`);

const filesAreShort: Check = (files) =>
  files
    .filter(({ path }) => /^(src|test|bench|console)\/.*\.tsx?$/.test(path))
    .map(({ path, text }) => ({ path, lines: text.trimEnd().split('\n').length }))
    .filter(({ lines }) => lines > 400)
    .map(({ path, lines }) => `${path}: ${lines} lines, more than 400`);

const bannedWords = new Set(
  'manager service util utils helper helpers common data info handler handlers processor base impl'.split(' '),
);
const wordsOf = (name: string): string[] =>
  name
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z0-9]+/);
const isBanned = (name: string): boolean => /V\d+$/.test(name) || wordsOf(name).some((word) => bannedWords.has(word));

const namesSaySomething: Check = (files) =>
  files
    .filter(({ path }) => /^(src|test|bench)\/.*\.ts$/.test(path))
    .flatMap(({ path, text }) => {
      const exported = text.matchAll(
        /^export\s+(?:default\s+|async\s+|declare\s+|abstract\s+)*(?:const|let|function\*?|class|type|interface|enum)\s+(\w+)/gm,
      );
      const names = [...exported].map((match) => match[1] ?? '');
      const parts = path
        .split('/')
        .slice(1)
        .map((part) => part.replace(/\.ts$/, ''));
      return [...parts, ...names].filter(isBanned).map((name) => `${path}: the name ${name} says nothing`);
    });

const linksLead: Check = (files) =>
  files
    .filter(({ path }) => path.endsWith('.md'))
    .flatMap(({ path, text }) =>
      [...text.replace(/```[\s\S]*?```/g, '').matchAll(/\]\(([^)\s]+)[^)]*\)/g)]
        .map((match) => (match[1] ?? '').replace(/^<|>$/g, '').split('#')[0] ?? '')
        .filter((target) => target !== '' && !/^[a-z]+:/.test(target))
        .filter((target) => !existsSync(join(root, target.startsWith('/') ? target : join(dirname(path), target))))
        .map((target) => `${path}: dead link to ${target}`),
    );

// Written in pieces, so that this file does not complain about itself.
const unfinished = new RegExp(`\\b(${['TO' + 'DO', 'FIX' + 'ME', 'XX' + 'X'].join('|')})\\b`);
const outside = new RegExp(`(\\.\\./|/work/)${'sha'}red\\b`);

const nothingUnfinished: Check = (files) =>
  files.flatMap(({ path, text }) =>
    text.split('\n').flatMap((line, index) => {
      const complaints: string[] = [];
      if (unfinished.test(line)) complaints.push(`${path}:${index + 1}: an unfinished mark`);
      if (outside.test(line)) complaints.push(`${path}:${index + 1}: names a folder outside the project`);
      return complaints;
    }),
  );

const nothingIsStale: Check = (files) => files.filter(({ path }) => /^src\/.*\.ts$/.test(path)).flatMap(staleWrites);

const functionsAreShort: Check = (files) =>
  files.filter(({ path }) => /^src\/.*\.ts$/.test(path)).flatMap(longFunctions);

const inAsync = (body: string): File => ({ path: 'src/core/a.ts', text: `let sum = 0; async () => { ${body} };` });

/** What stands in files of people in Chinese: it is read there, not said. */
const readNotSaid = [
  'src/usage-files/cells.ts',
  'src/usage-files/moment.ts',
  'src/usage-files/table-rows.ts',
  'src/reconcile/packs-file.ts',
];

const wordsInTheirRoom: Check = (files) =>
  files.flatMap(({ path, text }) =>
    /^(src|console)\/.*\.tsx?$/.test(path) &&
    !/^(src|console)\/words\//.test(path) &&
    /\p{Script=Han}/u.test(text) &&
    !readNotSaid.includes(path)
      ? [`${path} holds Chinese: every sentence for people is made in the folder words`]
      : [],
  );

const checks: readonly {
  readonly rule: string;
  readonly check: Check;
  readonly bad: readonly File[];
  readonly good?: File;
}[] = [
  {
    rule: 'a room imports only the rooms below it',
    check: importsLookDown,
    bad: [
      { path: 'src/core/a.ts', text: "import { x } from '../store/x.ts';" },
      { path: 'src/store/a.ts', text: "import type {\n  X,\n} from '../operations/x.ts';" },
      { path: 'src/ledger/a.ts', text: "export * from '../http/x.ts';" },
      { path: 'src/book/a.ts', text: "const x = await import('../store/x.ts');" },
      { path: 'src/cellar/a.ts', text: '' },
      { path: 'src/http/a.ts', text: "import '../../test/x.ts';" },
    ],
    good: { path: 'src/ledger/a.ts', text: "import { x } from '../core/x.ts';\nimport pg from 'pg';" },
  },
  {
    rule: 'every sentence for people is made in the room of words',
    check: wordsInTheirRoom,
    bad: [{ path: 'src/cli/a.ts', text: "const a = { zh: '账单', en: 'bill' };" }],
    good: { path: 'src/words/a.ts', text: "export const bill = words('账单', 'bill');" },
  },
  {
    rule: 'no files import one another in a circle',
    check: noCircles,
    bad: [{ path: 'src/core/a.ts', text: "import type { A } from './a.ts';" }],
    good: { path: 'src/core/a.ts', text: "import type { B } from './b.ts';" },
  },
  {
    rule: 'the command line knows the server by its contract alone',
    check: cliKnowsTheContract,
    bad: [{ path: 'src/cli/a.ts', text: "import { route } from '../http/route.ts';" }],
    good: { path: 'src/cli/a.ts', text: "import type { Bill } from '../http/contract/bills.ts';" },
  },
  {
    rule: 'the console and the client see what is pure, and of the server types of the contract alone',
    check: consoleIsApart,
    bad: [
      { path: 'console/a/page.tsx', text: "import { bill } from '../../src/http/contract/bills.ts';" },
      { path: 'src/client/a.ts', text: "import { bill } from '../http/contract/bills.ts';" },
    ],
    good: { path: 'console/a/page.tsx', text: "import { rate } from '../../src/core/rate.ts';" },
  },
  {
    rule: 'the core imports nothing but itself and, for the calendar, Temporal',
    check: coreIsAlone,
    bad: [
      { path: 'src/core/rate.ts', text: "import { Temporal } from 'temporal-polyfill';" },
      { path: 'src/core/calendar.ts', text: "import { readFileSync } from 'node:fs';" },
    ],
    good: {
      path: 'src/core/calendar.ts',
      text: "import { Temporal } from 'temporal-polyfill';\nimport { x } from './units.ts';",
    },
  },
  {
    rule: 'folders are two deep under src',
    check: foldersAreShallow,
    bad: [{ path: 'src/store/migrations/old/a.sql', text: '' }],
    good: { path: 'src/store/migrations/0001-a.sql', text: '' },
  },
  {
    rule: 'a file has at most 400 lines',
    check: filesAreShort,
    bad: [{ path: 'src/core/a.ts', text: 'x\n'.repeat(401) }],
    good: { path: 'src/core/a.ts', text: 'x\n'.repeat(400) },
  },
  {
    rule: 'a function has at most 60 lines',
    check: functionsAreShort,
    bad: [
      { path: 'src/http/a.ts', text: `route(() => {\n${'x();\n'.repeat(59)}});` },
      { path: 'src/core/a.ts', text: `class A {\n  b() {\n${'x();\n'.repeat(60)}}\n}` },
    ],
    good: { path: 'src/core/a.ts', text: `function a() {\n${'x();\n'.repeat(58)}}\n` },
  },
  {
    rule: 'names of files and exports say something',
    check: namesSaySomething,
    bad: [
      { path: 'src/store/utils.ts', text: '' },
      { path: 'src/http/error-handler.ts', text: '' },
      { path: 'test/setup/a.ts', text: 'export async function loadUserData() {}' },
      { path: 'src/core/a.ts', text: 'export class BillingService {}' },
      { path: 'src/core/a.ts', text: 'export const settleV2 = 1;' },
    ],
    good: { path: 'src/store/rebase.ts', text: 'export const database = 1;\nconst data = 2;' },
  },
  {
    rule: 'links in documents lead somewhere',
    check: linksLead,
    bad: [{ path: 'docs/a.md', text: 'see [there](no-such-page.md#part)' }],
    good: { path: 'docs/a.md', text: '[x](https://example.org) [y](../package.json) [z](#here)' },
  },
  {
    rule: 'nothing is marked unfinished, nothing points outside the project',
    check: nothingUnfinished,
    bad: [
      { path: 'src/core/a.ts', text: `// ${'TO' + 'DO'}: later` },
      { path: 'README.md', text: `see ../${'sha'}red/spec` },
    ],
    good: { path: 'src/core/a.ts', text: '// shared by all' },
  },
  {
    rule: 'nothing is read before an await and written after it',
    check: nothingIsStale,
    bad: [
      inAsync('sum = added(sum, await more());'),
      inAsync('sum += await more();'),
      inAsync('sum ??= await more();'),
      inAsync('for await (const each of all) await see(each, sum); sum = 0;'),
      inAsync('if (this.#known === undefined) this.#known = await read();'),
      inAsync('const before = head.balance; await save(); head.balance = before + 1;'),
      inAsync('for (const part of parts) { const now = total.closed; total.closed = now + (await close(part)); }'),
    ],
    good: inAsync(
      'let own = 0; own += await more(); sum += own; const found = await more(); sum = added(sum, found); lane.busy = true; await work(); lane.busy = false; all.push(await more()); const later = () => sum; await later(); sum = 1;',
    ),
  },
];

const tree = readTree();

describe.each(checks)('$rule', ({ check, bad, good }) => {
  test('in this tree', () => {
    expect(check(tree)).toEqual([]);
  });
  test.each(bad.map((file) => ({ name: basename(file.path), file })))(
    'and is noticed when broken: $name',
    ({ file }) => {
      expect(check([file])).toHaveLength(1);
    },
  );
  test('and is not seen where it is kept', () => {
    expect(good === undefined ? [] : check([good])).toEqual([]);
  });
});

test('the tree was read', () => {
  expect(tree.length).toBeGreaterThan(20);
  expect(tree.some(({ path }) => path === 'src/core/settle.ts')).toBe(true);
});
