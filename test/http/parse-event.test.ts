// The parser of the hot path and the schema that documents it accept and refuse the same events.

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isRefusal } from '../../src/core/refusal.ts';
import * as contract from '../../src/http/contract/contract.ts';
import { parseAnyEvent, parseEvent } from '../../src/http/parse-event.ts';

const seed = Number(process.env.SUANPAN_SEED ?? Date.now() % 2 ** 31);
const runs = { seed, numRuns: 8_000 };

/** Mostly right, now and then wrong in every way a field can be. */
const often = (right: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> =>
  fc.oneof({ weight: 6, arbitrary: right }, { weight: 1, arbitrary: wrong });
const wrong = fc.oneof(
  fc.constantFrom(
    null,
    true,
    '',
    ' ',
    [],
    {},
    'x'.repeat(100),
    'x'.repeat(101),
    'x'.repeat(200),
    'x'.repeat(201),
    'a\u0000',
    'a\u001f',
    'a\u007f',
    'a\u0085',
    'a\u00ad',
    'a\u200b',
    '\u202eb',
    'a\u2066',
    '\ufeffa',
    'a\ufe0f',
    '.',
    '..',
    '...',
    '\ud800',
    '\udc00x',
    '😀',
    '活体',
    '__proto__',
    'a\n',
  ),
  fc.double(),
  fc.string({ unit: 'binary', maxLength: 210 }),
);
const calls = fc.oneof(
  fc.integer({ min: 1, max: 1e12 }),
  fc.constantFrom(0, -0, -1, 1, 1.5, 1e12, 1e12 + 1, 2 ** 53, Number.NaN, Number.POSITIVE_INFINITY, '1', '1e3', 1e-9),
);
const pad = (n: number) => String(n).padStart(2, '0');
const time = fc.oneof(
  fc
    .tuple(
      fc.constantFrom('2024', '2026', '1900', '0000', '9999'),
      fc.nat(13),
      fc.nat(32),
      fc.nat(25),
      fc.nat(61),
      fc.nat(61),
      fc.constantFrom('', '.1', '.123', '.123456789', '.', ',5'),
      fc.constantFrom('Z', 'z', '+08:00', '-00:00', '+0800', '+24:00', '+08', ''),
    )
    .map(
      ([year, month, day, hour, minute, second, fraction, zone]) =>
        `${year}-${pad(month)}-${pad(day)}T${pad(hour)}:${pad(minute)}:${pad(second)}${fraction}${zone}`,
    ),
  fc.constantFrom('2026-01-06T08:59:59+08:00', '2026-01-06 08:59:59+08:00', '2026-01-06', '20260106T085959Z', 5),
);
const word = fc.constantFrom('a', 'photo.authority', 'LivenessRecognition', '0', '-3');
const fields = {
  id: often(fc.string({ minLength: 1, maxLength: 200 })),
  account: often(fc.constantFrom('acme', 'a'.repeat(64), 'a'.repeat(65), '-a', 'a b', 'a.b_c-D')),
  meter: often(word),
  action: often(word),
  channel: often(word),
  library: often(word),
  resultCode: often(word),
  calls: often(calls),
  time: often(time),
  department: often(word),
  providerCharged: often(fc.boolean()),
  more: fc.constant(1),
};
const plain = fc.record(fields, { requiredKeys: [] });
const mostly = (right: unknown, other: fc.Arbitrary<unknown>) =>
  fc.oneof({ weight: 4, arbitrary: fc.constant(right) }, { weight: 1, arbitrary: other });
/** Whole events with few faults, so that many are accepted. */
const nearly = fc
  .tuple(
    fc.boolean(),
    fc.record({
      id: fc.string({ minLength: 1, maxLength: 200 }),
      time: mostly('2026-01-06T08:59:59+08:00', fields.time),
      calls: mostly(3, fields.calls),
    }),
    fc.record(
      { account: mostly('acme', fields.account), department: mostly('loans', fields.department) },
      { requiredKeys: [] },
    ),
    word,
    fc.subarray(['meter', 'action', 'resultCode', 'channel', 'library', 'more']),
  )
  .map(([facts, base, rest, text, extra]) => ({
    ...base,
    ...rest,
    ...(facts ? { action: text, resultCode: text } : { meter: text }),
    ...(extra.length > 4 ? Object.fromEntries(extra.map((name) => [name, text])) : {}),
  }));
const events = fc.oneof(
  { weight: 2, arbitrary: plain },
  { weight: 5, arbitrary: nearly },
  { weight: 1, arbitrary: fc.anything() },
);

test('parse-event and contract.event give the same verdict', () => {
  let accepted = 0;
  fc.assert(
    fc.property(events, (event) => {
      // What is not JSON cannot arrive.
      const text = JSON.stringify(event);
      if (text === undefined) return;
      for (const each of [JSON.parse(text), event]) {
        if (each === event && !isPlain(each)) continue;
        const byHand = parseEvent(each);
        const bySchema = contract.event.safeParse(each);
        if (!isRefusal(byHand)) accepted += 1;
        if (isRefusal(byHand) === bySchema.success) {
          throw new Error(
            JSON.stringify([each, isRefusal(byHand) ? byHand : 'accepted', bySchema.error?.issues ?? 'accepted']),
          );
        }
      }
    }),
    runs,
  );
  console.log(`parse-event: SUANPAN_SEED=${seed}, ${accepted} accepted`);
  expect(accepted).toBeGreaterThan(1_000);
});

const isPlain = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;

test('what is accepted is taken over whole', () => {
  fc.assert(
    fc.property(nearly, (event) => {
      const parsed = parseEvent(JSON.parse(JSON.stringify(event)));
      if (isRefusal(parsed)) return;
      const { meter, calls: count, facts, department } = parsed.event;
      const sent = event as Record<string, unknown>;
      expect([
        parsed.name,
        parsed.account,
        meter ?? undefined,
        Number(count),
        department ?? undefined,
        facts?.action,
      ]).toEqual([sent.id, sent.account, sent.meter, sent.calls, sent.department, sent.action]);
    }),
    { ...runs, numRuns: 5_000 },
  );
});

test('a refusal names the field', () => {
  const good = { id: 'a', meter: 'm', time: '2026-01-06T08:59:59+08:00' };
  const pointerOf = (change: object) => {
    const parsed = parseEvent({ ...good, ...change });
    return isRefusal(parsed) ? [parsed.refused, parsed.pointer] : 'accepted';
  };
  expect(pointerOf({})).toBe('accepted');
  expect(pointerOf({ calls: 0 })).toEqual(['INVALID_QUANTITY', '/calls']);
  expect(pointerOf({ time: 'now' })).toEqual(['INVALID_TIME', '/time']);
  expect(pointerOf({ name: 'Li' })).toEqual(['INVALID_INPUT', '/name']);
  expect(pointerOf({ channel: 'h5' })).toEqual(['INVALID_INPUT', '/action']);
  expect(pointerOf({ resultCode: '0' })).toEqual(['INVALID_INPUT', '/resultCode']);
});

test('an unseen character is named, and "." and ".." are no ids', () => {
  const good = { id: 'a', meter: 'm', time: '2026-01-06T08:59:59+08:00' };
  const wordsOf = (change: object) => {
    const parsed = parseEvent({ ...good, ...change });
    if (!isRefusal(parsed)) return 'accepted';
    const { problem } = parsed.facts;
    return typeof problem === 'object' ? [problem.en, problem.zh, parsed.pointer] : parsed;
  };
  expect(wordsOf({ id: 'a\u200bb' })).toEqual([
    'id: must not hold U+200B: control, bidirectional and invisible characters are refused',
    'id：不能含 U+200B：控制字符、双向控制符和不可见字符一律拒绝',
    '/id',
  ]);
  expect(wordsOf({ department: '\u202e' })).toEqual([
    expect.stringContaining('U+202E'),
    expect.any(String),
    '/department',
  ]);
  for (const id of ['.', '..'])
    expect(wordsOf({ id })).toEqual([expect.stringContaining('"."'), expect.any(String), '/id']);
  expect(wordsOf({ id: '...' })).toBe('accepted');
});

test('CloudEvents: source and id identify, subject is the account, data the rest', () => {
  const envelope = {
    specversion: '1.0',
    id: '7',
    source: '/gateway/1',
    type: 'call',
    subject: 'acme',
    time: '2026-01-06T08:59:59+08:00',
    data: { meter: 'm', calls: 3 },
  };
  const parsed = parseAnyEvent(envelope);
  expect(parsed).toMatchObject({
    name: '7',
    account: 'acme',
    source: '/gateway/1',
    event: { id: '/gateway/1\u001f7', meter: 'm', calls: 3n },
  });
  for (const [change, pointer] of [
    [{ specversion: '0.3' }, '/specversion'],
    [{ source: 'a b' }, '/source'],
    [{ source: 'a\u200b' }, '/source'],
    [{ id: '..' }, '/id'],
    [{ id: '\u2066a' }, '/id'],
    [{ source: undefined }, '/source'],
    [{ time: undefined }, '/time'],
    [{ data: { meter: 'm', id: 'x' } }, '/data/id'],
    [{ data: { meter: 'm', account: 'x' } }, '/data/account'],
    [{ data: [] }, '/data'],
    [{ subject: 'a b' }, '/subject'],
  ] as const) {
    const refused = parseAnyEvent({ ...envelope, ...change });
    expect(isRefusal(refused) ? refused.pointer : 'accepted', JSON.stringify(change)).toBe(pointer);
  }
});
