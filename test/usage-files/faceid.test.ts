// FaceID's own answers as files: the shapes of its API, with made-up people in them who must be nowhere afterwards.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { isBook, readBook } from '../../src/book/shelf.ts';
import { readBill } from '../../src/reconcile/bill-file.ts';
import { loadTape } from '../../src/reconcile/load-tape.ts';
import { reconcile } from '../../src/reconcile/reconcile.ts';
import { reconciliationDocument, reconciliationText } from '../../src/reconcile/report.ts';
import { TwoWays } from '../../src/reconcile/two-ways.ts';
import { onDisk } from '../../src/usage-files/disk.ts';
import { disagreement } from '../../src/usage-files/faceid/records.ts';
import { faceidRulesOf } from '../../src/usage-files/faceid/rules.ts';
import { noteWords } from '../../src/usage-files/notes.ts';
import { readUsageFile } from '../../src/usage-files/read.ts';
import type { UsageRow } from '../../src/usage-files/row.ts';

const folder = mkdtempSync(join(tmpdir(), 'suanpan-faceid-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const write = (name: string, text: string): string => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};

const shelved = readBook('faceid-legacy');
if (!isBook(shelved)) throw new Error('no book');
const { book } = shelved;
const rules = await faceidRulesOf(
  onDisk(
    write('rules.csv', 'rule,channel,library,remark\n1,wechat_h5,authority,loans\n2,wechat_mini_program,selfie,\n'),
  ),
);
const faceid = { rules, book };

const tokenOf = (no: number) => `CE661F1A-0F1E-45BD-BE13-${String(no).padStart(12, '0')}`;
const at = (time: string) => Date.parse(`2026-01-${time}+08:00`);

interface Attempt {
  readonly seq: string | null;
  readonly time: string;
  readonly code: number;
  readonly charged: boolean | null;
}

const tried = (seq: string | null, time: string, code = 0, charged: boolean | null = code === 0): Attempt => ({
  seq,
  time,
  code,
  charged,
});

/** As GetDetectInfoEnhanced answers, kept beside what was asked. */
const detectInfo = (
  no: number,
  attempts: readonly Attempt[],
  { rule = '1', read = '20T12:00:00', errCode = 0 } = {},
) => ({
  BizToken: tokenOf(no),
  RuleId: rule,
  Time: at(read),
  Response: {
    Text: {
      ErrCode: errCode,
      ErrMsg: errCode === 0 ? '成功' : '失败',
      IdCard: '11010119900307867X',
      Name: '韦小宝',
      OcrAddress: '北京市东城区',
      Mobile: '13800138000',
      LivenessDetail: attempts.map(({ seq, time, code, charged }) => ({
        ReqTime: String(at(time)),
        Seq: seq,
        Idcard: '11010119900307867X',
        Name: '韦小宝',
        Sim: '98.12',
        IsNeedCharge: charged,
        Errcode: code,
        Errmsg: '成功',
        Livestatus: 0,
        Livemsg: '成功',
        Comparestatus: 0,
        Comparemsg: '成功',
        CompareLibType: '权威库',
      })),
    },
    IdCardData: { OcrFront: null },
    BestFrame: { BestFrame: '/9j/4AAQSkZJRg==' },
    RequestId: 'f904f4cf-75db-4f8f-a5ec-dc4f942c7f7a',
  },
});

/** As GetWeChatBillDetails answers. */
const page = (details: readonly unknown[], hasNext = false) => ({
  Response: { HasNextPage: hasNext, NextCursor: 1873, WeChatBillDetails: details, RequestId: 'a' },
});
const detail = (no: number, attempts: readonly Attempt[], rule = '1', count?: number) => ({
  BizToken: tokenOf(no),
  RuleId: rule,
  ChargeCount: count ?? attempts.filter(({ charged }) => charged).length,
  ChargeDetails: attempts.map(({ seq, time, code, charged }) => ({
    ReqTime: String(at(time)),
    Seq: seq,
    IdCard: '110***********867X',
    Name: '**宝',
    Sim: '98.12',
    IsNeedCharge: charged,
    ChargeType: '核身',
    ErrorCode: String(code),
    ErrorMessage: '成功',
  })),
});
const made = (no: number, time?: string) => ({
  ...(time === undefined ? {} : { Time: at(time) }),
  Response: { Url: 'https://faceid.qq.com/', BizToken: tokenOf(no), RequestId: 'b' },
});

const lines = (...records: readonly unknown[]) => `${records.map((record) => JSON.stringify(record)).join('\n')}\n`;

async function read(text: string, reading: Parameters<typeof readUsageFile>[1] = { faceid }) {
  const file = readUsageFile(write('answers.json', text), reading);
  const rows: UsageRow[] = [];
  for await (const batch of file) rows.push(...batch);
  return { rows, notes: file.notes };
}

const problemsIn = async (text: string) => {
  const { rows } = await read(text);
  return rows.flatMap(({ line, problem }) => (problem === undefined ? [] : [[line, problem.code, problem.pointer]]));
};

describe('an attempt is an event', () => {
  const attempts = [tried('s-1', '05T09:00:00.123', 2006, true), tried('s-2', '05T09:01:00.456')];

  test.each<[string, string]>([
    ['a line each', lines(detectInfo(1, attempts))],
    ['an array over many lines', JSON.stringify([detectInfo(1, attempts)], null, 2)],
    ['a page of the bill', lines(page([detail(1, attempts)]))],
    ['without Response', lines({ ...detectInfo(1, attempts).Response, BizToken: tokenOf(1), RuleId: '1' })],
    [
      'what was asked under Request',
      lines({ Request: { BizToken: tokenOf(1), RuleId: '1' }, Response: detectInfo(1, attempts).Response }),
    ],
    ['a detail a line', lines(detail(1, attempts))],
  ])('%s', async (_, text) => {
    const { rows } = await read(text);
    expect(rows.map(({ event, charge }) => [event?.id, event?.at, event?.facts, charge])).toEqual(
      attempts.map(({ seq, time, code }) => [
        `${tokenOf(1)}:${seq}`,
        at(time),
        { action: 'GetDetectInfoEnhanced', channel: 'wechat_h5', library: 'authority', resultCode: String(code) },
        { isNeeded: true, byTable: 'charged' },
      ]),
    );
  });

  test('an EidToken is of another action, and needs no rule', async () => {
    const { BizToken, ...rest } = detectInfo(1, attempts, { rule: '9' });
    const { rows } = await read(lines({ ...rest, EidToken: BizToken }));
    expect(rows.map(({ event }) => event?.facts?.action)).toEqual(['GetEidResult', 'GetEidResult']);
  });

  test('IsNeedCharge is set against the code table of the day', async () => {
    const text = (day: string) =>
      lines(detectInfo(1, [tried('s', `${day}T09:00:00`, 2007, true), tried('t', '05T10:00:00', 9999, true)]));
    const { rows } = await read(text('05'));
    expect(rows.map((row) => disagreement(row)?.code)).toEqual(['CHARGE_DISAGREES', 'CHARGE_DISAGREES']);
    expect(disagreement(rows[0] as UsageRow)?.zh).toContain('2007');
    const free = await read(
      lines(detectInfo(1, [tried('s', '05T09:00:00', 2007, false), tried('t', '05T09:00:00', 9999, false)])),
    );
    expect(free.rows.map(disagreement)).toEqual([undefined, undefined]);
  });

  test('a free attempt without a number is passed over', async () => {
    const { rows, notes } = await read(
      lines(detectInfo(1, [tried(null, '05T09:00:00', 1, false), tried('s', '05T09:01:00')])),
    );
    expect(rows).toHaveLength(1);
    expect(notes.passedOver).toBe(1);
  });
});

test.each<[string, unknown, unknown[]]>([
  ['no token', { ...detectInfo(1, []), BizToken: undefined }, ['MISSING', '/BizToken']],
  ['a charged attempt without a number', detectInfo(1, [tried(null, '05T09:00:00')]), ['MISSING', '/Seq']],
  ['neither charged nor not', detectInfo(1, [tried('s', '05T09:00:00', 0, null)]), ['MISSING', '/IsNeedCharge']],
  [
    'a rule that is not in the file',
    detectInfo(1, [tried('s', '05T09:00:00')], { rule: '7' }),
    ['UNKNOWN_RULE', '/RuleId'],
  ],
  [
    'a count that its attempts do not make',
    page([detail(1, [tried('s', '05T09:00:00')], '1', 2)]),
    ['CHARGE_COUNT', '/ChargeCount'],
  ],
  [
    'an answer without text',
    { BizToken: 'a', RuleId: '1', Response: { Text: null, RequestId: 'y' } },
    ['FAILED_ANSWER', '/Response/Text'],
  ],
  [
    'an error',
    { Response: { Error: { Code: 'UnauthorizedOperation.Nonactivated', Message: '' } } },
    ['FAILED_ANSWER', '/Response/Error'],
  ],
])('refused with the place: %s', async (_, record, problem) => {
  expect(await problemsIn(lines(made(5), record))).toEqual([[2, ...problem]]);
});

test('a time that is not in milliseconds is refused', async () => {
  const text = lines(detail(1, [tried('s', '05T09:00:00')])).replace(/"ReqTime":"(\d{10})\d{3}"/, '"ReqTime":"$1"');
  expect(await problemsIn(text)).toEqual([[1, 'INVALID_TIME', '/ReqTime']]);
});

test('without rules and book, and with a page missing, the file is refused', async () => {
  const text = lines(page([detail(1, [tried('s', '05T09:00:00')])], true));
  await expect(read(text, {})).rejects.toMatchObject({ code: 'FACEID_RECORDS' });
  await expect(read(text)).rejects.toMatchObject({ code: 'CUT_SHORT' });
  await expect(read(text + lines(page([])))).resolves.toMatchObject({ rows: [{}] });
});

test.each([
  ['rule,channel\n1,h5\n1,pc_h5\n', 'line 3, column rule'],
  ['rule,channel\n1,h\u200b5\n', 'line 2, column channel'],
])('rules that are wrong are refused with the place', async (text, place) => {
  await expect(faceidRulesOf(onDisk(write('wrong.csv', text)))).rejects.toThrow(place);
});

test('nothing of a person is kept, in good rows, bad rows and broken lines', async () => {
  const good = detectInfo(1, [tried('s', '05T09:00:00')]);
  const bad = detectInfo(2, [tried(null, '05T09:00:00', 0, true), tried('s', '05T09:00:00', 0, null)], { rule: '7' });
  const broken = JSON.stringify(detectInfo(3, [tried('s', '05T09:00:00')]));
  const { rows, notes } = await read(
    `${lines(good, bad)}${broken.slice(0, broken.indexOf('宝') + 3)}\n${broken.slice(0, -1)}\n`,
  );
  expect(rows).toHaveLength(5);
  const kept = JSON.stringify([rows, notes], (_, value) => (typeof value === 'bigint' ? String(value) : value));
  expect(kept).not.toMatch(/宝|11010119900307867X|867X|13800138000|4AAQ|东城/);
});

describe('tokens', () => {
  const states = async (...records: readonly unknown[]) => (await read(lines(...records))).notes.tokens;

  test('complete with ErrCode 0, or two hours after it was made; read again, or on the list', async () => {
    const failed = { errCode: 2010 };
    expect(
      await states(
        made(1, '05T08:00:00'),
        detectInfo(1, [], { read: '05T08:01:00' }),
        made(2, '05T08:00:00'),
        detectInfo(2, [], { ...failed, read: '05T10:00:00' }),
        made(3, '05T08:00:00'),
        detectInfo(3, [], { ...failed, read: '05T08:10:00' }),
        detectInfo(3, [], { ...failed, read: '05T10:00:01' }),
        made(4, '05T08:00:00'),
        page([detail(4, [])]),
        // Made no later than its first attempt.
        detectInfo(5, [tried('s', '05T08:00:00', 2010, false)], { ...failed, read: '05T10:00:00' }),
      ),
    ).toEqual({ tokens: 5, complete: 5, early: [], never: [], untold: [] });
  });

  test('read too early, never, or nobody can tell', async () => {
    const failed = { errCode: 2010, read: '05T09:59:59' };
    const found = await read(
      lines(
        made(1, '05T08:00:00'),
        detectInfo(1, [tried('s', '05T08:10:00', 2010, false)], failed),
        made(2, '05T08:00:00'),
        made(3),
        detectInfo(4, [tried('s', '05T08:10:00', 2010, false)], failed),
      ),
    );
    expect(found.notes.tokens).toEqual({
      tokens: 4,
      complete: 0,
      early: [tokenOf(1)],
      never: [tokenOf(2), tokenOf(3)],
      untold: [tokenOf(4)],
    });
    expect(noteWords('x', found.notes).map(({ en }) => en)).toEqual([
      expect.stringContaining('tokens read before they were complete, and not again: 1 ('),
      expect.stringContaining('tokens that may have been read too early: 1 ('),
    ]);
  });
});

describe('a bill checked by them', () => {
  const judge = async (text: string, bill: readonly string[]) => {
    const sent = await readBill(
      onDisk(write('bill.csv', `kind,day,meter,pack,tariff,calls,unit_price,amount\n${bill.join('\n')}\n`)),
      book,
      '2026-01' as never,
    );
    if ('problems' in sent) throw new Error(JSON.stringify(sent.problems));
    const usage = await loadTape(readUsageFile(write('answers.json', text), { faceid }), book, undefined);
    const result = reconcile(book, [], usage, sent);
    return { ...reconciliationDocument(result), text: reconciliationText(result, 'en') };
  };
  const line = 'postpaid,,,,liveness_verification,2,1,2.00';

  test('is right where the charged attempts are', async () => {
    const answers = [
      detectInfo(1, [
        tried('s-1', '05T09:00:00', 2006, true),
        tried('s-2', '05T09:00:30', 2007, false),
        tried('s-3', '05T09:01:00'),
      ]),
    ];
    expect(await judge(lines(...answers, ...answers), [line])).toMatchObject({
      ok: true,
      warnings: [],
      usage: { rows: 6, duplicates: 3, notCharged: 1, tokens: { complete: 1 } },
    });
  });

  test('by the provider’s word, and where that is against its code table, it is said', async () => {
    const text = lines(detectInfo(1, [tried('s-1', '05T09:00:00', 2007, true), tried('s-2', '05T09:01:00')]), made(2));
    const judged = await judge(text, [line]);
    expect(judged).toMatchObject({ ok: false, differences: [], usage: { disagreements: 1 } });
    expect(judged.warnings.map(({ en }) => en)).toEqual([
      expect.stringContaining('tokens never read: 1 ('),
      expect.stringContaining('IsNeedCharge is true, and result 2007 is not charged by the code table'),
    ]);
    expect(judged.text).not.toContain('The bill is right');
  });
});

describe('the two ways', () => {
  const attempt = (no: number, day: string, code = 0, charged = true) =>
    tried(`s-${no}`, `${day}T09:00:00`, code, charged);
  const compare = async (first: string, second: string) => {
    const ways = new TwoWays(book.timeZone, '2026-01' as never);
    await ways.readSecond(readUsageFile(write('second.json', second), { faceid }));
    await loadTape(ways.watch(readUsageFile(write('first.json', first), { faceid })), book, undefined);
    await loadTape(
      ways.secondInstead(
        readUsageFile(join(folder, 'first.json'), { faceid }),
        readUsageFile(join(folder, 'second.json'), { faceid }),
      ),
      book,
      undefined,
    );
    return ways.compared();
  };

  test('the same', async () => {
    const attempts = [attempt(1, '05'), attempt(2, '06', 1, false)];
    const compared = await compare(lines(detectInfo(1, attempts)), lines(page([detail(1, attempts)])));
    expect(compared).toMatchObject({
      first: { attempts: 2, charged: 1 },
      second: { attempts: 2, charged: 1 },
      isSame: true,
    });
  });

  test('what only one has, what they say differently, days that were not fetched, channels that are not on the list', async () => {
    const first = [
      detectInfo(1, [attempt(1, '05'), attempt(2, '05'), attempt(3, '05', 2006), attempt(4, '07')]),
      // Another channel: not on the provider's list at all; and another month.
      detectInfo(2, [attempt(9, '05')], { rule: '2' }),
      detectInfo(3, [{ ...attempt(8, '05'), time: '01T00:00:00' }]),
    ];
    const second = [
      page([detail(1, [attempt(1, '05'), attempt(3, '05'), attempt(5, '05'), attempt(2, '05', 0, false)])]),
    ];
    const december = page([detail(3, [{ ...attempt(8, '05'), time: '01T00:00:00' }])]);
    const earlier = (text: string) => text.replaceAll(String(at('01T00:00:00')), String(at('01T00:00:00') - 1));
    const id = (no: number) => `${tokenOf(1)}:s-${no}`;
    expect(await compare(earlier(lines(...first)), earlier(lines(...second, december, december)))).toEqual({
      first: { attempts: 4, charged: 4 },
      second: { attempts: 4, charged: 3 },
      onlyFirst: { count: 1, ids: [id(4)] },
      onlySecond: { count: 1, ids: [id(5)] },
      chargeDiffers: { count: 1, ids: [id(2)] },
      factsDiffer: { count: 1, ids: [id(3)] },
      daysOnlyFirst: ['2026-01-07'],
      daysOnlySecond: [],
      isSame: false,
    });
  });
});
