// The command line as a shell sees it: data on stdout, all else on stderr, exit codes, both languages. No server, no database.

import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { chooseLanguage } from '../../src/cli/language.ts';
import { ConfigurationError, readPepper } from '../../src/configuration.ts';
import { parseQuantity } from '../../src/core/quantity.ts';

const program = new URL('../../src/cli/main.ts', import.meta.url).pathname;

interface Ended {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

function suanpan(args: readonly string[], input = '', environment: Record<string, string> = {}): Promise<Ended> {
  return new Promise((resolve) => {
    const env = { PATH: process.env.PATH ?? '', LANG: 'C', ...environment };
    const child = execFile(process.execPath, [program, ...args], { env }, (error, out, err) =>
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, out, err }),
    );
    child.stdin?.end(input);
  });
}

const quoteArgs = [
  'quote',
  '--book',
  'faceid-legacy',
  '--use',
  'liveness_verification=15,000',
  '--pack',
  'basic_authority:10000',
];

it('says its version', async () => {
  const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as Record<
    string,
    string
  >;
  expect(await suanpan(['--version'])).toEqual({ code: 0, out: `${version}\n`, err: '' });
});

describe('quote', () => {
  it('prints JSON with exact money on stdout, and nothing on stderr', async () => {
    const { code, out, err } = await suanpan([...quoteArgs, '--json']);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(JSON.parse(out)).toMatchObject({
      book: 'faceid-legacy',
      currency: 'CNY',
      prepaid: '8000.00',
      postpaid: '4250.00',
      total: '12250.00',
    });
  });

  it('speaks the language of the locale, or of --lang, and counts equal packs', async () => {
    const args = ['quote', '--book', 'faceid-legacy', '--pack', 'basic_authority:100000x3'];
    const [chinese, english] = await Promise.all([
      suanpan(args, '', { LANG: 'zh_CN.UTF-8' }),
      suanpan(['--lang', 'en', ...args], '', { LC_ALL: 'zh_CN.UTF-8' }),
    ]);
    expect(chinese.out).toContain('3 × 资源包');
    expect(chinese.out).toContain('合计 225,000.00');
    expect(english.out).toContain('total 225,000.00');
    expect(english.out).not.toContain('\u001b[');
  });

  it('a table sums up equal packs alone, and names what has no tariff', async () => {
    const book = ['quote', '--lang', 'en', '--book', 'catalog/examples/sms-gateway.json'];
    const { out } = await suanpan([
      ...book,
      '--use',
      'sms.international=10',
      'voice.code=0',
      '--pack',
      'message_pool:5000x2',
      'message_pool:5000',
    ]);
    expect(out).toMatch(/3 × pack [^│]*│\s*5,000 │\s*– │\s*600\.00 │/);
    const { out: unpaid } = await suanpan([...book, '--use', 'sms.international=10']);
    expect(unpaid).toMatch(/│ International SMS \(prepaid only\) │\s*10 │\s*– │\s*ask for a price │/);
    expect(unpaid).not.toContain('stimate');
  });

  it.each([
    [['--book', 'nope', '--use', 'identity=1'], 3, 'faceid-2019, faceid-2021, faceid-legacy'],
    [['--book', 'faceid-legacy', '--use', 'nope=1'], 3, 'liveness_verification'],
    [['--book', 'faceid-legacy', '--use', 'identity=1e3'], 2, '15,000'],
    [['--book', 'faceid-legacy', '--use', 'identity'], 2, 'liveness_verification=15000'],
    [['--book', 'faceid-legacy', '--pack', 'identity:1001'], 2, '1000, 10000'],
    [['--book', 'faceid-legacy', '--pack', 'identity:1000x0'], 2, '1000'],
    [['--book', 'faceid-legacy'], 2, '--use'],
    [['--use', 'identity=1'], 2, '--book'],
    [['--nothing'], 2, 'suanpan quote [options]; see suanpan quote --help'],
  ])('%j ends with %d', async (args, expected, hint) => {
    const { code, out, err } = await suanpan(['quote', ...args]);
    expect({ code, out }).toEqual({ code: expected, out: '' });
    expect(err).toContain(hint);
  });
});

describe('simulate', () => {
  const account = { id: 'acme', balance: '0.00' };
  const at = '2026-01-05T10:00:00+08:00';

  it('reads standard input; refused steps are no failure', async () => {
    const steps = [{ at, do: 'buy', id: 'p1', product: 'identity', size: 1000 }];
    const { code, out } = await suanpan(
      ['simulate', '-', '--json'],
      JSON.stringify({ book: 'faceid-legacy', account, steps }),
    );
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ results: [{ step: 0, ok: false, code: 'INSUFFICIENT_BALANCE' }] });
  });

  it('names the tariff of each line of a bill, where prices and calls are the same too', async () => {
    const use = (id: string, meter: string) => ({ at, do: 'use', id, meter, calls: 10, time: at });
    const steps = [
      use('a', 'liveness.basic.authority'),
      use('b', 'photo.authority'),
      { at: '2026-02-04T00:00:00+08:00', do: 'close', month: '2026-01' },
    ];
    const input = JSON.stringify({ book: 'faceid-legacy', account: { ...account, postpaid: true }, steps });
    const [english, chinese] = await Promise.all([
      suanpan(['simulate', '-'], input),
      suanpan(['simulate', '-', '--lang', 'zh'], input),
    ]);
    expect(english.out).toMatch(/│ Liveness verification +│ +10 │ +1\.00 │ +10\.00 │/);
    expect(english.out).toMatch(/│ Photo verification +│ +10 │ +1\.00 │ +10\.00 │/);
    expect(english.out).toContain('  Liveness verification: 10 × ¥1.00 = ¥10.00 (volume');
    expect(english.out).toContain('prepaid 0.00, postpaid 20.00, adjustments 0.00, total 20.00');
    expect(chinese.out).toContain('  照片人脸核身：10 × ¥1.00 = ¥10.00（阶梯到达');
  });

  it('names the step that keeps a file from running', async () => {
    const { code, out, err } = await suanpan(
      ['simulate', '-'],
      JSON.stringify({ book: 'faceid-legacy', account, steps: [{ do: 'use' }] }),
    );
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain('/steps/0/at');
  });

  it('tells a missing file from one that is not JSON', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'suanpan-'));
    writeFileSync(join(folder, 'half.json'), '{"book":');
    const [missing, half] = await Promise.all([
      suanpan(['simulate', join(folder, 'none.json')]),
      suanpan(['simulate', join(folder, 'half.json')]),
    ]);
    expect([missing.code, half.code]).toEqual([3, 2]);
    expect(half.err).toContain('JSON');
  });
});

describe('a file that is no JSON', () => {
  const folder = mkdtempSync(join(tmpdir(), 'suanpan-'));
  const broken = join(folder, 'broken.json');
  writeFileSync(broken, '{\n  "id": x\n}');
  it.each([
    ['book', 'lint', broken],
    ['simulate', broken],
    ['quote', '--book', broken, '--use', 'identity=1'],
    ['usage', 'inspect', broken],
  ])('%s %s: where, and what stands there, in the language asked for', async (...args) => {
    const [chinese, english] = await Promise.all(
      ['zh', 'en'].map((language) => suanpan([...args, '--lang', language])),
    );
    const [zh, en] = [chinese, english].map((ended) => `${ended?.out}${ended?.err}`);
    expect(zh).toContain('不是有效的 JSON：第 2 行第 9 列不应是 "x"');
    expect(zh).not.toMatch(/Unexpected|Expected|in JSON at|is not valid JSON/);
    expect(en).toContain('not JSON: at line 2, column 9, "x" does not belong');
  });

  it('and is the profile: where it breaks, and not what stands there', async () => {
    const profile = join(folder, 'profile.json');
    writeFileSync(profile, '{"apiKey": secret}');
    const { err } = await suanpan(['account', 'list', '--lang', 'zh'], '', { SUANPAN_PROFILE: profile });
    expect(err).toContain('第 12 列处不是有效的 JSON');
    expect(err).not.toContain('secret');
  });
});

describe('book', () => {
  it('lists, shows and lints without a server', async () => {
    const [list, show, lint] = await Promise.all([
      suanpan(['book', 'list', '--json']),
      suanpan(['book', 'show', 'faceid-2019', '--json']),
      suanpan(['book', 'lint', '-'], '{"id":"x"}'),
    ]);
    expect(JSON.parse(list.out).map(({ id }: { id: string }) => id)).toEqual([
      'faceid-2019',
      'faceid-2021',
      'faceid-legacy',
    ]);
    expect(JSON.parse(show.out)).toMatchObject({ id: 'faceid-2019', currency: 'CNY' });
    expect([list.code, show.code, lint.code]).toEqual([0, 0, 1]);
    expect(lint.out).toContain('/meters MISSING');
  });

  it('add ends with 6 when no server is there, with 5 without a key, with 2 when the book is not sound', async () => {
    const file = new URL('../../catalog/faceid-2019.json', import.meta.url).pathname;
    const nowhere = { SUANPAN_URL: 'http://127.0.0.1:1', HOME: tmpdir() };
    const [away, keyless, unsound] = await Promise.all([
      suanpan(['book', 'add', file], '', { ...nowhere, SUANPAN_API_KEY: 'key' }),
      suanpan(['book', 'add', file], '', nowhere),
      suanpan(['book', 'add', '-'], '{}', nowhere),
    ]);
    expect([away.code, keyless.code, unsound.code]).toEqual([6, 5, 2]);
    expect(keyless.err).toContain('SUANPAN_API_KEY');
  });
});

describe('where the server is', () => {
  it.each([
    ['localhost:18480', 'http://localhost:18480'],
    ['127.0.0.1:18480', 'http://127.0.0.1:18480'],
    ['ftp://127.0.0.1', 'http://127.0.0.1:8080'],
  ])('SUANPAN_URL=%s: what to write instead', async (url, better) => {
    const environment = { SUANPAN_URL: url, SUANPAN_API_KEY: 'key', HOME: tmpdir() };
    const [english, chinese] = await Promise.all([
      suanpan(['account', 'list'], '', environment),
      suanpan(['--lang', 'zh', 'account', 'list'], '', environment),
    ]);
    expect([english.code, chinese.code]).toEqual([2, 2]);
    expect(english.err).toMatch(new RegExp(`^error INVALID_INPUT: .*SUANPAN_URL.*write ${better}\n$`));
    expect(chinese.err).toMatch(new RegExp(`^错误 INVALID_INPUT: SUANPAN_URL.*请写 ${better}\n$`));
  });

  it('https of a server that speaks http: words, and nothing of OpenSSL; nothing was done', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const environment = { SUANPAN_URL: url, SUANPAN_API_KEY: 'key', HOME: tmpdir() };
    const { code, err } = await suanpan(['balance', 'topup', '1', '--account', 'acme'], '', environment);
    server.close();
    expect(code).toBe(6);
    expect(err).toContain('it speaks http, not https: write http://');
    expect(err).not.toMatch(/SSL|idempotency-key/);
  });
});

describe('the data folder', () => {
  const foreign = () => {
    const folder = mkdtempSync(join(tmpdir(), 'suanpan-foreign-'));
    writeFileSync(join(folder, 'thesis.txt'), 'mine');
    return folder;
  };
  const empty = () => mkdtempSync(join(tmpdir(), 'suanpan-empty-'));

  it.each([
    [['verify']],
    [['key', 'create', '--local']],
    [['archive', 'list']],
    [['usage', 'import', '-', '--direct']],
  ])('%j makes no database where there is none', async (args) => {
    for (const folder of [foreign(), empty()]) {
      const before = readdirSync(folder);
      const { code, out, err } = await suanpan(args, '', { SUANPAN_DATA: folder, HOME: tmpdir() });
      expect({ code, out }).toEqual({ code: 3, out: '' });
      expect(err).toContain(`no ledger in ${folder}`);
      expect(readdirSync(folder)).toEqual(before);
    }
  });

  it('doctor says that there is none yet, and that a server would not start among other files', async () => {
    const [among, bare] = [foreign(), empty()];
    const asked = await Promise.all(
      [among, bare].map((folder) => suanpan(['doctor', '--json'], '', { SUANPAN_DATA: folder })),
    );
    expect(asked.map(({ code }) => code)).toEqual([1, 0]);
    expect(asked[0]?.out).toContain('thesis.txt');
    expect(asked.map(({ out }) => JSON.parse(out).facts.database)).toEqual(['none yet', 'none yet']);
    expect([readdirSync(among), readdirSync(bare)]).toEqual([['thesis.txt'], []]);
  });

  const unusable: readonly (readonly [what: string, folder: string, words: RegExp])[] = [
    ['of somebody else', foreign(), /holds "thesis.txt" and no database.*\n.*thesis\.txt/],
    ['that is a file', '/dev/null', /The data folder \/dev\/null cannot be used/],
    ['below a file', '/dev/null/x', /The data folder \/dev\/null\/x cannot be used/],
    ['where none can be made', '/proc/x', /The data folder \/proc\/x cannot be used/],
  ];
  it.each(unusable.filter(([, folder]) => folder !== '/proc/x' || existsSync('/proc')))(
    'serve refuses one %s in words',
    async (_, folder, words) => {
      const { code, out, err } = await suanpan(['serve'], '', { SUANPAN_DATA: folder, PORT: '0' });
      expect({ code, out }).toEqual({ code: 1, out: '' });
      expect(err).toMatch(words);
      expect(err).not.toContain('    at ');
    },
  );

  it('a pepper that cannot be kept is refused in words', () => {
    for (const folder of ['/dev/null', '/dev/null/x']) {
      expect(() => readPepper({}, folder)).toThrow(ConfigurationError);
    }
  });
});

it('without a command it shows help on stderr and ends with 2; asked for, on stdout with 0', async () => {
  const [nothing, asked, chinese] = await Promise.all([
    suanpan([]),
    suanpan(['quote', '--help']),
    suanpan(['--lang', 'zh', '--help']),
  ]);
  expect([nothing.code, asked.code, chinese.code]).toEqual([2, 0, 0]);
  expect(nothing.out).toBe('');
  expect(asked.out.indexOf('Examples:')).toBeLessThan(asked.out.indexOf('Usage:'));
  expect(chinese.out).toContain('用法');
});

describe('quantities', () => {
  it.each([
    ['1', 1n],
    ['15000', 15000n],
    ['15,000', 15000n],
    ['15_000', 15000n],
    ['1,000,000,000,000', 1_000_000_000_000n],
  ])('%s', (text, calls) => expect(parseQuantity(text)).toBe(calls));

  it.each([
    '',
    '0',
    '-1',
    '+1',
    '1.5',
    '1e3',
    '0x10',
    '015',
    ' 1',
    '1 000',
    '1,00',
    '1,0000',
    '15,00_000',
    '1,000_000',
    '１０',
    '1000000000001',
  ])('%j is refused', (text) => expect(parseQuantity(text)).toBeUndefined());
});

describe('language', () => {
  it.each([
    [[], {}, 'en'],
    [[], { LANG: 'zh_CN.UTF-8' }, 'zh'],
    [[], { LANG: 'zh_CN.UTF-8', LC_ALL: 'en_US.UTF-8' }, 'en'],
    [[], { LANG: 'zh_CN.UTF-8', LC_ALL: '' }, 'zh'],
    [['--lang', 'zh'], { LANG: 'C' }, 'zh'],
    [['quote', '--lang=en'], { LANG: 'zh_CN' }, 'en'],
  ])('%j %j: %s', (args, environment, language) => expect(chooseLanguage(args, environment)).toBe(language));
});
