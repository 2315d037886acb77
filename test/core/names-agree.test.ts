// One rule for names, whichever way they come in: the schema, the fast reader, files and scenarios refuse the same ones, in words that
// say why; the texts of a price book follow it too.

import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { hasProblems, parseKeptBook, parsePriceBook } from '../../src/book/decode.ts';
import { catalogFolder, loadCatalog } from '../../src/book/shelf.ts';
import { isRefusal } from '../../src/core/refusal.ts';
import * as contract from '../../src/http/contract/contract.ts';
import { parseAnyEvent } from '../../src/http/parse-event.ts';
import { simulate } from '../../src/scenario/simulate.ts';
import { refusalWords } from '../../src/words/refusals.ts';
import { readRows } from '../usage-files/written.ts';

const time = '2026-01-06T09:00:00+08:00';
/** A name, and what the words of its refusal hold; undefined: it is taken. */
const names: readonly (readonly [string, string | undefined])[] = [
  ['inv-7', undefined],
  ['inv 7', undefined],
  ['café'.normalize('NFC'), undefined],
  ['活体检测', undefined],
  ['नमस्ते', undefined],
  ['😀', undefined],
  ['inv-7 ', ' '],
  [' inv-7', ' '],
  [' ', ' '],
  ['inv-7\u00a0', 'U+00A0'],
  ['inv\u00a07', 'U+00A0'],
  ['inv-7\u3000', 'U+3000'],
  ['inv-7\u2800', 'U+2800'],
  ['inv-7\ufffe', 'U+FFFE'],
  ['inv-7\u{1ffff}', 'U+1FFFF'],
  ['inv-7\ue000', 'U+E000'],
  ['inv-7\u115f', 'U+115F'],
  ['inv-7\u1160', 'U+1160'],
  ['inv-7\u3164', 'U+3164'],
  ['inv-7\uffa0', 'U+FFA0'],
  ['inv-7\u034f', 'U+034F'],
  ['inv-7\u180e', 'U+180E'],
  ['inv-7\ufe0f', 'U+FE0F'],
  ['inv-7\u200b', 'U+200B'],
  ['inv-7\u0085', 'U+0085'],
  ['\u202einv-7', 'U+202E'],
  ['inv-7\ud800', 'U+D800'],
  ['café'.normalize('NFD'), 'NFC'],
  ['\u212b', 'NFC'],
];

const event = (field: string, name: string) => ({ id: 'e', meter: 'identity', time, [field]: name });
const cloud = (name: string) => ({
  specversion: '1.0',
  id: name,
  source: '/a',
  type: 'call',
  time,
  data: { meter: 'identity' },
});

const bySchema = (value: object): string | undefined =>
  contract.event
    .safeParse(value)
    .error?.issues.map(({ message }) => message)
    .join();
const byHand = (value: object): string | undefined => {
  const parsed = parseAnyEvent(value);
  if (!isRefusal(parsed)) return undefined;
  const { problem } = parsed.facts;
  return typeof problem === 'object' ? problem.en : problem;
};
const byFile = async (value: object): Promise<string | undefined> => {
  const { rows } = await readRows(JSON.stringify(value), { name: 'calls.ndjson' });
  expect(rows).toHaveLength(1);
  return rows[0]?.problem?.en;
};

type Told = { readonly pointer?: string | undefined; readonly en: string };

function byScenario(step: object, account: object = {}): Told | undefined {
  const result = simulate(
    {
      book: 'faceid-legacy',
      account: { id: 'acme', opened: '2020-03-01', balance: '100000.00', postpaid: true, ...account },
      steps: [{ at: time, ...step }],
    },
    loadCatalog(),
  );
  if (isRefusal(result)) throw new Error(result.refused);
  if ('problems' in result) return result.problems[0];
  const [first] = result.results;
  return first === undefined || first.ok ? undefined : { pointer: first.pointer, en: first.detail.en };
}

describe.each(names)('%j', (name, words) => {
  const fits = (told: string | undefined) =>
    words === undefined ? expect(told).toBeUndefined() : expect(told?.replace('U+0020', ' ')).toContain(words);

  test.each(['id', 'department', 'meter'])('as %s', async (field) => {
    fits(bySchema(event(field, name)));
    fits(byHand(event(field, name)));
    fits(await byFile(event(field, name)));
    if (field === 'meter') return;
    const told = byScenario({ do: 'use', id: 'e', meter: 'identity', [field]: name });
    fits(told?.en);
    if (words !== undefined) expect(told?.pointer).toBe(`/steps/0/${field}`);
  });

  test('as an id of a CloudEvent, a pack and a top-up', async () => {
    fits(byHand(cloud(name)));
    fits(await byFile(cloud(name)));
    fits(byScenario({ do: 'buy', id: name, product: 'identity', size: 1000 })?.en);
    fits(byScenario({ do: 'topup', id: name, amount: '1.00' })?.en);
    fits(contract.packOrder.safeParse({ id: name, product: 'a', size: 1 }).error?.issues[0]?.message);
    fits(contract.topUp.safeParse({ reference: name, amount: '1.00' }).error?.issues[0]?.message);
    fits(contract.newAccount.safeParse({ id: 'a', name }).error?.issues[0]?.message);
  });

  test('as a title and a note of a price book', () => {
    const book = JSON.parse(readFileSync(new URL('faceid-legacy.json', catalogFolder), 'utf8'));
    book.meters[1].title.en = name;
    book.source.notes = [{ zh: name, en: 'a' }];
    const parsed = parsePriceBook(book);
    const problems = hasProblems(parsed) ? parsed.problems : [];
    const all = (pick: (each: (typeof problems)[number]) => string) => problems.map(pick).join(' ');
    fits(problems.length === 0 ? undefined : all(({ en }) => en));
    if (words === undefined || name.includes('\ud800') || name.includes('\u0085')) return;
    expect(problems.map(({ pointer, code }) => [pointer, code])).toEqual([
      ['/source/notes/0/zh', 'WRONG_FORMAT'],
      ['/meters/1/title/en', 'WRONG_FORMAT'],
    ]);
    // On a shelf from before, it is still read: accounts have their bills by it.
    expect(hasProblems(parseKeptBook(book))).toBe(false);
  });
});

test('a table loses what surrounds a cell, and is refused for what stands inside', async () => {
  const rowOf = async (id: string) => (await readRows(`id,meter,time\n${id},m,${time}\n`)).rows[0];
  for (const id of ['inv-7 ', ' inv-7', 'inv-7\u00a0', 'inv-7\u3000', 'inv-7\u2800', '\u200binv-7']) {
    expect((await rowOf(id))?.event?.id, JSON.stringify(id)).toBe('inv-7');
  }
  expect((await rowOf('inv\u28007'))?.problem).toMatchObject({
    code: 'UNSAFE_TEXT',
    zh: expect.stringContaining('U+2800'),
  });
  expect((await rowOf('cafe\u0301'))?.problem).toMatchObject({
    code: 'UNSAFE_TEXT',
    zh: expect.stringContaining('NFC'),
  });
  // Not a space, only written in another form: it is no padding.
  expect((await rowOf('5\u212b'))?.problem).toMatchObject({ code: 'UNSAFE_TEXT' });
});

test('a scenario has no id that no address could name, and an account is called as at the door', () => {
  for (const id of ['.', '..']) {
    for (const step of [
      { do: 'use', id, meter: 'identity' },
      { do: 'buy', id, product: 'identity', size: 1000 },
      { do: 'gift', id, product: 'identity', calls: 5 },
      { do: 'void', id },
    ]) {
      expect(byScenario(step)).toMatchObject({ pointer: '/steps/0/id', en: expect.stringContaining('no address') });
    }
  }
  for (const id of ['.', '..', 'a\u200b', 'a\u0085', 'a b', 'a'.repeat(65)]) {
    expect(byScenario({ do: 'use', id: 'e', meter: 'identity' }, { id })).toMatchObject({ pointer: '/account/id' });
  }
  const words = refusalWords({ refused: 'INVALID_INPUT', facts: { problem: { zh: '甲', en: 'x' } } });
  expect(words).toEqual({ zh: '输入有误：甲。', en: 'The input is not valid: x.' });
});
