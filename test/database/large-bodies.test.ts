// The largest bodies that the limits allow, sound and senseless: what does not fit is left where the limit is reached, and what
// does is worked off in slices, so that nobody else waits for it.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { basic, type Json, type OpenApp, openAccountWith, openApp } from '../http/open-app.ts';
import { longestStandstill, standstill } from '../setup/standstill.ts';

let open: OpenApp;
const day = '2026-01-12T09:00:00+08:00';
const mebibytes = 1024 * 1024;
const ndjson = { 'content-type': 'application/x-ndjson' };

beforeAll(async () => {
  open = await openApp('2026-01-12T12:00:00+08:00');
  await openAccountWith(open, 'acme', '0.00');
  // Compiles what every body takes its way through.
  for (const round of [1, 2, 3]) await send(JSON.stringify(events(2_000, `warm${round}`, 200)));
}, 60_000);

afterAll(() => open.close());

/** The answer as text: to read it is the client's work, and none of the server's. */
async function send(payload: string, headers: Record<string, string> = {}) {
  const sent = { authorization: `Bearer ${open.operator}`, 'content-type': 'application/json', ...headers };
  const { statusCode, payload: text } = await open.app.inject({
    method: 'POST',
    url: '/v1/events',
    headers: sent,
    payload,
  });
  return { status: statusCode, text };
}

const resultsOf = (text: string): Json[] => (JSON.parse(text) as { readonly results: Json[] }).results;

/** Sound events of so many bytes each. */
function events(count: number, name: string, bytes: number): Json[] {
  return Array.from({ length: count }, (_, index) => {
    const event = { id: `${name}-${index}-`, account: 'acme', meter: basic, calls: 1, time: day, department: 'd' };
    const room = bytes - JSON.stringify(event).length - 1;
    return { ...event, id: event.id + 'x'.repeat(Math.max(0, Math.min(150, room))), department: 'd'.repeat(100) };
  });
}

/** A text of eight mebibytes, less what is around it. */
const filled = (piece: string) => piece.repeat(Math.floor((8 * mebibytes - 100) / piece.length));

const senseless: [name: string, body: string, headers?: Record<string, string>][] = [
  ['lines of one brace', filled('{\n'), ndjson],
  ['empty lines', filled('\n'), ndjson],
  ['an object of 600,000 names', `{${Array.from({ length: 600_000 }, (_, n) => `"k${n}":1`).join(',')}}`],
  ['brackets that open', filled('[')],
  ['brackets that open and close', '['.repeat(4 * mebibytes - 50) + ']'.repeat(4 * mebibytes - 50)],
  ['millions of empty objects', `[${filled('{},')}{}]`],
  ['millions of numbers', `[${filled('1,')}1]`],
  ['one text', `["${filled('x')}"]`],
  ['spaces', `[${filled(' ')}]`],
];

describe('what no request may hold', () => {
  test.each(senseless)(
    '%s',
    async (_, body, headers) => {
      let status = 0;
      const before = process.memoryUsage().rss;
      const stood = await standstill(async () => {
        ({ status } = await send(body, headers));
      });
      expect(status).toBe(413);
      expect(stood).toBeLessThan(longestStandstill);
      expect(process.memoryUsage().rss - before).toBeLessThan(300 * mebibytes);
    },
    60_000,
  );
});

test.each<[en: string, zh: string, body: string, headers?: Record<string, string>]>([
  ['events', '事件', `[${'{},'.repeat(10_000)}{}]`],
  ['events', '事件', '{}\n'.repeat(10_001), ndjson],
  ['empty lines', '空行', '\n'.repeat(10_001), ndjson],
  ['characters an event', '字符', `["${'x'.repeat(70_000)}"]`],
  ['characters an event', '字符', `{"id":"${'x'.repeat(70_000)}"}`],
  ['bytes', '字节', ' '.repeat(8 * mebibytes + 1)],
])('what is limited is named: %s, %s', async (en, zh, body, headers = {}) => {
  const detail = async (language: string) =>
    (JSON.parse((await send(body, { ...headers, 'accept-language': language })).text) as Json).detail;
  expect(await detail('en')).toMatch(new RegExp(`the limit is \\d+ ${en};`));
  expect(await detail('zh')).toMatch(new RegExp(`上限 .*\\d+ .*${zh}；`));
});

test('an array without end, and one with more behind it, are not JSON', async () => {
  const whole = JSON.stringify(events(1_000, 'whole', 300));
  for (const broken of [
    whole.slice(0, -1),
    `${whole}]`,
    `${whole} x`,
    whole.replace('},{', '},,{'),
    whole.replace(/]$/, ',]'),
  ]) {
    expect(await send(broken)).toEqual({ status: 422, text: expect.stringContaining('INVALID_INPUT') });
  }
  expect((await send(` \n${whole.replaceAll('},{', ' } ,\n{ ')} \n`)).status).toBe(200);
});

test('a line that is too long is refused alone', async () => {
  const [sound] = events(1, 'beside', 200);
  const { text } = await send(`${'x'.repeat(mebibytes)}\n${JSON.stringify(sound)}`, ndjson);
  expect(resultsOf(text)).toMatchObject([
    { status: 'rejected', code: 'INVALID_INPUT', detail: expect.stringContaining('65536') },
    { status: 'accepted' },
  ]);
});

describe('what a request may hold', () => {
  test('10,000 sound events of one account in eight mebibytes', async () => {
    // Spaces are as long to read as anything.
    const bodies = [1, 2, 3].map((round) => JSON.stringify(events(10_000, `sound${round}`, 350), null, 40));
    const answers: string[] = [];
    const stood = await standstill(async () => {
      answers.push((await send(bodies[answers.length]?.slice(0, 8 * mebibytes) ?? '')).text);
    });
    for (const text of answers) {
      const results = resultsOf(text);
      expect(results).toHaveLength(10_000);
      expect(new Set(results.map(({ status }) => status))).toEqual(new Set(['accepted']));
    }
    expect(stood).toBeLessThan(longestStandstill);
  }, 120_000);

  test('10,000 events of an account with two thousand packs, most of which pay for nothing here', async () => {
    await openAccountWith(open, 'hoarder', '100000000.00');
    for (const product of ['identity', 'bank_card'])
      expect(
        (await open.once('POST', '/v1/packs', { account: 'hoarder', product, size: 1000, count: 1000 })).status,
      ).toBe(201);
    const bodies = [1, 2, 3].map((round) =>
      JSON.stringify(events(10_000, `hoarder${round}`, 350).map((event) => ({ ...event, account: 'hoarder' }))),
    );
    let sent = 0;
    const stood = await standstill(async () => {
      const { status } = await send(bodies[sent] ?? '');
      sent += 1;
      expect(status).toBe(200);
    });
    expect(stood).toBeLessThan(longestStandstill);
  }, 120_000);

  test('10,000 items that are refused, as lines and as elements', async () => {
    const refused = Array.from({ length: 10_000 }, (_, index) => ({ id: '\u0001'.repeat(100), [`field${index}`]: 1 }));
    const lines = Array.from({ length: 10_000 }, (_, index) => `{"id":"${'x'.repeat(700)}${index}"`).join('\n');
    for (const [body, headers] of [
      [JSON.stringify(refused), {}],
      [lines, ndjson],
    ] as const) {
      let text = '';
      const stood = await standstill(async () => {
        ({ text } = await send(body, headers));
      });
      expect(resultsOf(text)).toHaveLength(10_000);
      // An answer grows no further than what was sent, and a few words an item.
      expect(text.length).toBeLessThan(body.length + 10_000 * 400);
      expect(stood).toBeLessThan(longestStandstill);
    }
  }, 120_000);
});
