// What is read of a body byte by byte is what is read of it as JSON; and whatever is odd about a body is not read byte by byte.

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isRefusal } from '../../src/core/refusal.ts';
import { readBody, readJson, readLines } from '../../src/http/body-items.ts';
import { type ParsedEvent, parseAnyEvent } from '../../src/http/parse-event.ts';
import { type PlainBody, readPlainArray, readPlainLines } from '../../src/http/plain-body.ts';
import { PlainEvents } from '../../src/store/ledger/plain-events.ts';

const seed = Number(process.env.SUANPAN_SEED ?? Date.now() % 2 ** 31);
const runs = { seed, numRuns: 2_000 };

const rarely = (right: fc.Arbitrary<unknown>, ...wrong: unknown[]) =>
  fc.oneof({ weight: 40, arbitrary: right }, { weight: 1, arbitrary: fc.constantFrom(...wrong) });
const event = fc.record(
  {
    id: rarely(
      fc.stringMatching(/^[!-~]{1,40}$/),
      '',
      '.',
      '..',
      '...',
      ' a',
      'a ',
      'a b',
      '活体',
      'a\n',
      'x'.repeat(201),
    ),
    account: rarely(fc.constantFrom('acme', 'globex'), '../x', '', 'x'.repeat(65), 5),
    meter: rarely(fc.constantFrom('liveness.basic.authority', 'm'), '', ' m', 'x'.repeat(101), null, 'a"b', 'a\\b'),
    calls: rarely(fc.integer({ min: 1, max: 1e12 }), 0, -1, 1.5, 1e12 + 1, '1', true),
    time: rarely(
      fc.integer({ min: 0, max: 4e12 }).map((at) => new Date(at).toISOString()),
      ...['2026-01-12T09:00:00+08:00', '2026-01-12', '', '2026-02-30T00:00:00Z', '2026-01-12T09:00:00.1234Z'],
    ),
    department: rarely(fc.constant(undefined), 'd'),
    more: rarely(fc.constant(undefined), 1),
  },
  { requiredKeys: ['id', 'meter', 'time'] },
);
const events = fc.array(event, { maxLength: 6 });
/** A text with up to two of its characters in others' places. */
const scratched = (texts: fc.Arbitrary<string>) =>
  fc
    .tuple(
      texts,
      fc.array(fc.tuple(fc.nat(), fc.constantFrom(...' \t\n\r{}[]",:\\0e.-\u0000é'.split(''))), { maxLength: 2 }),
      fc.boolean(),
    )
    .map(([text, scratches, isScratched]) => {
      let made = text;
      for (const [place, sign] of isScratched ? scratches : []) {
        const at = place % (made.length + 1);
        made = `${made.slice(0, at)}${sign}${made.slice(at + (place % 2))}`;
      }
      return made;
    });

function expectTheSame(read: PlainBody, careful: unknown[]): void {
  const plain = new PlainEvents(read, Int32Array.from(read.accounts.keys())).list();
  const parsed = careful.map((item) => parseAnyEvent(item));
  expect(parsed.filter(isRefusal)).toEqual([]);
  const sound = parsed as ParsedEvent[];
  expect(plain).toEqual(sound.map((each) => each.event));
  expect(read.accounts).toEqual(sound.map((each) => each.account));
}

test(`an array, seed ${seed}`, async () => {
  let count = 0;
  const texts = scratched(
    fc.tuple(events, fc.constantFrom(undefined, 0)).map(([of, gap]) => JSON.stringify(of, null, gap)),
  );
  await fc.assert(
    fc.asyncProperty(texts, async (text) => {
      const body = Buffer.from(text);
      const read = readPlainArray(body);
      if (read === undefined) return;
      count += 1;
      expectTheSame(read, (await readBody(body, readJson)) as unknown[]);
    }),
    runs,
  );
  expect(count).toBeGreaterThan(runs.numRuns / 8);
});

test(`lines, seed ${seed}`, async () => {
  let count = 0;
  const texts = scratched(
    fc
      .tuple(events, fc.constantFrom('\n', '\r\n'))
      .map(([of, end]) => of.map((each) => JSON.stringify(each) + end).join('')),
  );
  await fc.assert(
    fc.asyncProperty(texts, async (text) => {
      const body = Buffer.from(text);
      const read = readPlainLines(body);
      if (read === undefined) return;
      count += 1;
      expectTheSame(read, (await readBody(body, readLines)) as unknown[]);
    }),
    runs,
  );
  expect(count).toBeGreaterThan(runs.numRuns / 8);
});

test('as many as a body may have, no more; and none that is longer than an event needs', () => {
  const one = '{"id":"a","meter":"m","time":"2026-01-12T09:00:00Z"}';
  expect(readPlainArray(Buffer.from(`[${Array(10_000).fill(one).join(',')}]`))?.accounts).toHaveLength(10_000);
  expect(readPlainArray(Buffer.from(`[${Array(10_001).fill(one).join(',')}]`))).toBeUndefined();
  expect(readPlainArray(Buffer.from(`[${one.replace(',', ' '.repeat(70_000))}]`))).toBeUndefined();
  expect(readPlainLines(Buffer.from(`${one.replace(',', `${' '.repeat(70_000)},`)}\n`))).toBeUndefined();
});
