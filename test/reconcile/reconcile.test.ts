// A provider's bill of a million calls: the right one is found right, each of its planted mistakes is found with its cause.

import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { isBook, readBook } from '../../src/book/shelf.ts';
import type { PriceBook } from '../../src/core/price-book.ts';
import { readBill } from '../../src/reconcile/bill-file.ts';
import { type LoadedUsage, loadTape } from '../../src/reconcile/load-tape.ts';
import { readPacks } from '../../src/reconcile/packs-file.ts';
import { type Reconciliation, reconcile } from '../../src/reconcile/reconcile.ts';
import { reconciliationText } from '../../src/reconcile/report.ts';
import { onDisk } from '../../src/usage-files/disk.ts';
import { readUsageFile } from '../../src/usage-files/read.ts';
import { type Calls, makeCalls, writeCalls } from './calls.ts';
import { billCsv, type Faults, packsCsv } from './provider.ts';

const rows = 1_000_000;
const root = new URL('../../', import.meta.url).pathname;
const folder = mkdtempSync(join(tmpdir(), 'suanpan-reconcile-'));
const file = (name: string) => join(folder, name);

let calls: Calls;
let book: PriceBook;
let usage: LoadedUsage;

beforeAll(async () => {
  calls = makeCalls(rows, 10_000);
  writeCalls(calls, file('calls.ndjson'));
  writeFileSync(file('packs.csv'), packsCsv());
  writeFileSync(file('book.json'), JSON.stringify(bookOfTest()));
  const reading = readBook(file('book.json'));
  if (!isBook(reading)) throw new Error(JSON.stringify(reading));
  book = reading.book;
  usage = await loadTape(readUsageFile(file('calls.ndjson')), book, undefined);
}, 60_000);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The shipped book with a unit price of four decimals, so that rounding can go wrong. */
function bookOfTest() {
  const json = JSON.parse(readFileSync(join(root, 'catalog/faceid-legacy.json'), 'utf8'));
  const tariff = json.tariffs.find(({ id }: { id: string }) => id === 'bank_card_info');
  for (const tier of tariff.tiers) if (tier.price !== null) tier.price = tier.price === '0.2' ? '0.2055' : '0.3055';
  return { ...json, $schema: undefined, id: 'reconcile-test' };
}

async function check(faults: Faults): Promise<Reconciliation> {
  writeFileSync(file('bill.csv'), billCsv(calls, faults));
  const bill = await readBill(
    onDisk(file('bill.csv')),
    book,
    faults.summary === undefined ? undefined : ('2026-01' as never),
  );
  if ('problems' in bill) throw new Error(JSON.stringify(bill.problems));
  const { packs, problems } = await readPacks(onDisk(file('packs.csv')), book);
  expect(problems).toEqual([]);
  return reconcile(book, packs, usage, bill);
}

const codesOf = ({ differences }: Reconciliation): string[] => [
  ...new Set(differences.flatMap(({ causes }) => causes.map(({ code }) => code))),
];

test('the file is what it should be', () => {
  expect(usage.rows).toBe(rows);
  expect(usage.unusable).toBe(0);
  expect(usage.duplicates).toBe(rows / 100);
  expect(usage.conflicts).toBe(0);
  expect(usage.tape.inOrder).toBe(false);
});

test('nothing is found in a right bill', async () => {
  const result = await check({});
  expect(result.differences).toEqual([]);
  expect(result.billed).toEqual(result.expected);
});

const planted: readonly (readonly [name: string, faults: Faults, code: string, says: RegExp])[] = [
  ['bound read the other way', { upperBound: 'phone_status' }, 'BOUND', /手机号|Phone/],
  ['tier chosen by all calls', { gross: 'photo_verification' }, 'TIER_BASIS', /all calls/],
  ['free result billed', { alsoCharged: 'IdCardVerification -2' }, 'RESULT_NOT_CHARGEABLE', /-2 of IdCardVerification/],
  [
    'charged result not billed',
    { notCharged: 'BankCard2EVerification -1' },
    'CHARGEABLE_RESULT_NOT_BILLED',
    /-1 of BankCard2EVerification/,
  ],
  [
    'pack drawn before it is effective',
    { effective: ['later', '2026-01-12T00:00:00+08:00'] },
    'PACK_NOT_YET_EFFECTIVE',
    /pack later/,
  ],
  ['expired pack drawn', { expires: ['ending', '2026-03-01T00:00:00+08:00'] }, 'PACK_EXPIRED', /pack ending/],
  ['repeated ids counted twice', { duplicates: true }, 'DUPLICATE_COUNTED', /10000 events/],
  [
    'calls that are not on the bill',
    { lost: ['bank_card', '2026-01-17T17:00:00+08:00', '2026-01-17T18:00:00+08:00'] },
    'CALLS_NOT_BILLED',
    /calls that we know/,
  ],
  ['calls that nobody made', { invented: ['2026-01-08', 'eid', 1234] }, 'CALLS_NOT_KNOWN', /1234 calls/],
  ['price of another tier', { price: ['bank_card', 3800] }, 'WRONG_TIER', /0\.38/],
  ['unit price that is in no book', { price: ['eid', 15_100] }, 'WRONG_UNIT_PRICE', /1\.51/],
  ['unit price rounded before the line', { roundedFirst: 'bank_card_info' }, 'ROUNDED_PER_CALL', /each call/],
  ['bought packs drawn before gifts', { boughtFirst: true }, 'DRAW_ORDER', /before gifts/],
  ['pack never drawn', { effective: ['big', '2026-05-01T00:00:00+08:00'] }, 'PACK_NOT_DRAWN', /pack big/],
];

describe('planted in a million calls', () => {
  test.each(planted)('%s', async (_, faults, code, says) => {
    const result = await check(faults);
    expect(result.differences.length).toBeGreaterThan(0);
    expect(codesOf(result)).toEqual([code]);
    for (const { causes } of result.differences) expect(causes[0]?.en).toMatch(says);
    expect(reconciliationText(result, 'zh')).toContain(`[${code}, `);
  });

  test('two at once are told apart', async () => {
    const result = await check({ duplicates: true, price: ['eid', 15_100], upperBound: 'phone_status' });
    expect(codesOf(result).toSorted()).toEqual(['BOUND', 'DUPLICATE_COUNTED', 'WRONG_UNIT_PRICE']);
  });

  const pairs = planted.flatMap((one, index) => {
    const other = planted[(index + 5) % planted.length];
    const clash = other === undefined || Object.keys(one[1]).some((key) => key in other[1]);
    return clash ? [] : [[`${one[0]}, ${other[0]}`, one, other] as const];
  });
  test.each(pairs)('two at once: %s', async (_, one, other) => {
    const result = await check({ ...one[1], ...other[1] });
    expect(codesOf(result).toSorted()).toEqual([one[2], other[2]].toSorted());
  });

  const plain = ['BOUND', 'RESULT_NOT_CHARGEABLE', 'PACK_EXPIRED', 'DUPLICATE_COUNTED'];
  test.each(planted.filter(([, , code]) => plain.includes(code)))(
    'on a bill without days: %s',
    async (_, faults, code) => {
      expect(codesOf(await check({ ...faults, summary: true }))).toEqual([code]);
    },
  );
});

describe('the command', () => {
  /** Runs it in a process of its own, which leaves the most memory it ever had in a file. */
  async function run(name: string, bill: string) {
    const [report, script] = [file(`${name}.memory`), file(`${name}.cjs`)];
    const write = `require('node:fs').writeFileSync(${JSON.stringify(report)}, String(process.resourceUsage().maxRSS))`;
    writeFileSync(script, `process.on('exit', () => ${write});`);
    writeFileSync(file(`${name}.csv`), bill);
    const node = ['--disable-warning=ExperimentalWarning', '-r', script, join(root, 'src/cli/main.ts')];
    const files = ['--book', file('book.json'), '--packs', file('packs.csv'), '--usage', file('calls.ndjson')];
    const args = [...node, 'reconcile', ...files, '--bill', file(`${name}.csv`), '--json'];
    const began = performance.now();
    const { code, stdout } = await new Promise<{ code: number; stdout: string }>((resolve) => {
      execFile(process.execPath, args, { maxBuffer: 1 << 26 }, (error, out) =>
        resolve({ code: error === null ? 0 : Number(error.code), stdout: out }),
      );
    });
    const megabytes = Number(readFileSync(report, 'utf8')) / 1024;
    const seconds = (performance.now() - began) / 1000;
    console.log(`reconcile, ${name}: ${rows} rows in ${seconds.toFixed(1)} s, at most ${megabytes.toFixed(0)} MB`);
    return { code, result: JSON.parse(stdout), megabytes };
  }

  test('a million calls in under 300 MB; exit code 0 when the bill is right, 1 when it is not', async () => {
    const [right, wrong] = await Promise.all([
      run('right', billCsv(calls)),
      run('wrong', billCsv(calls, { duplicates: true })),
    ]);
    expect(right.code).toBe(0);
    expect(right.result).toMatchObject({ ok: true, differences: [], month: '2026-01', account: 'acme' });
    expect(right.megabytes).toBeLessThan(300);
    expect(wrong.code).toBe(1);
    expect(wrong.result.differences[0]).toMatchObject({
      where: { day: expect.any(String), meter: expect.any(String) },
      cause: { code: 'DUPLICATE_COUNTED' },
    });
    expect(wrong.megabytes).toBeLessThan(300);
  }, 60_000);
});
