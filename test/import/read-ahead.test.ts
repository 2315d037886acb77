// The thread that reads the file of an import: every row once, accounts in order, so many ahead and no more, and its troubles told.

import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, test } from 'vitest';
import { byAccount, type EventBatch } from '../../src/cli/import/batch.ts';
import { ImportTrouble } from '../../src/cli/import/destination.ts';
import { readAhead } from '../../src/cli/import/read-ahead.ts';
import type { Reject } from '../../src/cli/import/tally.ts';
import { readUsageFile } from '../../src/usage-files/read.ts';

const folder = mkdtempSync(join(tmpdir(), 'suanpan-import-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const file = (name: string, content: string | Buffer): string => {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
};

const time = '2026-01-06T08:59:59+08:00';
const row = (fields: object) => `${JSON.stringify({ meter: 'm', time, ...fields })}\n`;
/** No row here is shorter than 60 bytes. */
const rowsOfPiece = 2 ** 17 / 60;
const open = (path: string, more: { account?: string; mostWaiting?: number } = {}, stop = new AbortController()) =>
  readAhead({ path, reading: {}, account: more.account, mostWaiting: more.mostWaiting ?? 200_000 }, stop.signal);

/** Lines by account, as they arrived, and the rejects. */
async function take(batches: AsyncIterable<EventBatch>) {
  const lines = new Map<string | undefined, number[]>();
  const rejects: Reject[] = [];
  let trouble: unknown;
  try {
    for await (const batch of batches) {
      rejects.push(...batch.rejects);
      for (const each of byAccount(batch.columns)) {
        const known = lines.get(each.account);
        if (known === undefined) lines.set(each.account, [...each.lines]);
        else known.push(...each.lines);
      }
    }
  } catch (error) {
    trouble = error;
  }
  return { lines, rejects, trouble };
}

test('an event arrives as it stands in the file', async () => {
  const facts = { action: 'X', channel: 'h5', resultCode: '-2' };
  const path = file(
    'few.ndjson',
    row({ id: 'a' }) + row({ id: '乙', account: 'b', meter: undefined, ...facts, calls: 1e12, department: 'd' }),
  );
  const found = [];
  for await (const { columns } of open(path, { account: 'mine' })) found.push(...byAccount(columns));
  const at = Date.parse(time);
  expect(found).toEqual([
    {
      account: 'mine',
      lines: [1],
      events: [{ id: 'a', meter: 'm', calls: 1n, at, department: null, facts: null }],
    },
    {
      account: 'b',
      lines: [2],
      events: [{ id: '乙', meter: null, calls: 10n ** 12n, at, department: 'd', facts: { ...facts, library: null } }],
    },
  ]);
});

test('every row once, those of an account in order, rejects with their lines', async () => {
  const count = 40_000;
  const accounts = ['often', 'often', 'often', 'often', undefined, 'x1', 'x2', 'x3'];
  const expected = new Map<string | undefined, number[]>();
  const bad: number[] = [];
  let text = '';
  for (let line = 1; line <= count; line += 1) {
    const account = accounts[(line * 7) % accounts.length];
    const isBad = line % 13 === 0;
    text += row({ id: isBad ? 'a\u0001' : `e${line}`, account });
    if (isBad) bad.push(line);
    else if (expected.get(account)?.push(line) === undefined) expected.set(account, [line]);
  }
  const { lines, rejects, trouble } = await take(open(file('many.ndjson', text), { mostWaiting: 9_000 }));
  expect(trouble).toBeUndefined();
  expect(lines).toEqual(expected);
  expect(rejects.map(({ line, code, pointer }) => [line, code, pointer])).toEqual(
    bad.map((line) => [line, 'UNSAFE_TEXT', '/id']),
  );
});

describe('it reads so far ahead and no further', () => {
  const [count, mostWaiting, mostOfBatch, mostRejects] = [60_000, 10_000, 5_000, 1_000];
  const isRead = async (path: string) => {
    for await (const rows of readUsageFile(path)) expect(rows.length).toBeGreaterThan(0);
  };
  const long = (name: string, meter: string) =>
    file(name, Array.from({ length: count }, (_, at) => row({ id: String(at).padStart(6, '0'), meter })).join(''));

  test('of events', async () => {
    const path = long('long.ndjson', 'm');
    const bytesOfRow = statSync(path).size / count;
    let taken = 0;
    for await (const { columns, bytesRead } of open(path, { mostWaiting })) {
      // Meanwhile the thread could have read it all, too.
      if (taken === 0) await isRead(path);
      taken += columns.lines.length;
      expect(columns.lines.length).toBeLessThanOrEqual(mostOfBatch);
      expect(bytesRead / bytesOfRow - taken).toBeLessThan(mostWaiting + rowsOfPiece);
    }
    expect(taken).toBe(count);
  });

  test('of events of few accounts, whatever the room', async () => {
    const path = long('few.ndjson', 'm');
    const bytesOfRow = statSync(path).size / count;
    let taken = 0;
    for await (const { columns, bytesRead } of open(path, { mostWaiting: 500_000 })) {
      if (taken === 0) await isRead(path);
      taken += columns.lines.length;
      expect(bytesRead / bytesOfRow - taken).toBeLessThan(4 * mostOfBatch + rowsOfPiece);
    }
    expect(taken).toBe(count);
  });

  test('of rejected rows', async () => {
    const path = long('bad.ndjson', '');
    let taken = 0;
    for await (const { rejects } of open(path)) {
      if (taken === 0) await isRead(path);
      taken += rejects.length;
      expect(rejects.length).toBeLessThan(mostRejects + rowsOfPiece);
    }
    expect(taken).toBe(count);
  });
});

describe('what goes wrong', () => {
  test('gzip that breaks in the middle: the rows before it, then the trouble', async () => {
    const rows = Array.from({ length: 30_000 }, (_, at) => row({ id: `e${at}-${Math.sin(at)}` })).join('');
    const whole = gzipSync(rows);
    for (const broken of [
      whole.subarray(0, whole.length / 2),
      Buffer.concat([whole.subarray(0, whole.length / 2), Buffer.alloc(whole.length / 2)]),
    ]) {
      const { lines, trouble } = await take(open(file('broken.gz', broken), { account: 'a' }));
      expect(trouble).toBeInstanceOf(ImportTrouble);
      expect(trouble).toMatchObject({
        exitCode: 2,
        code: 'BROKEN_GZIP',
        words: { en: expect.stringContaining('gzip') },
      });
      const taken = lines.get('a') ?? [];
      expect(taken.length).toBeGreaterThan(10_000);
      expect(taken).toEqual(taken.map((_, at) => at + 1));
    }
  });

  test('a bad header, a file that is not there', async () => {
    const { trouble } = await take(open(file('bad.csv', 'id,name\n')));
    expect(trouble).toMatchObject({ exitCode: 2, code: 'BAD_HEADER', words: { en: expect.stringContaining('name') } });
    expect(() => open(join(folder, 'none'))).toThrow('no file');
  });

  test('a stop ends it between two batches', async () => {
    const stop = new AbortController();
    const path = file('stopped.ndjson', Array.from({ length: 30_000 }, (_, at) => row({ id: `e${at}` })).join(''));
    let batches = 0;
    for await (const _ of open(path, {}, stop)) {
      batches += 1;
      stop.abort();
    }
    expect(batches).toBe(1);
  });
});
