// Who signs, as a gateway remembers it: what is new is known at once, and strangers reach the ledger in bounds.

import { beforeEach, expect, test } from 'vitest';
import { Signers } from '../../src/gateway/signers.ts';
import type { Told } from '../../src/gateway/told.ts';

let now = 0;
let asked: string[] = [];
let answer: (secretId: string) => Told;
const done = (keys: string): Told => ({ kind: 'done', body: { keys } });
const none: Told = { kind: 'refused', code: 'NOT_FOUND', pointer: undefined };
const open = () =>
  new Signers(
    async ({ secretId }) => {
      asked.push(secretId);
      return answer(secretId);
    },
    () => now,
  );
const of = (secretId: string, service = 'faceid') => ({ secretId, date: '2026-01-06', service });

beforeEach(() => {
  now = 0;
  asked = [];
  answer = () => done('first');
});

test('remembered for five seconds, then asked for again; at the same time asked for once', async () => {
  const signers = open();
  await Promise.all([signers.find(of('A')), signers.find(of('A'))]);
  now = 4_999;
  await signers.find(of('A'));
  expect(asked).toEqual(['A']);
  now = 5_000;
  await signers.find(of('A'));
  expect(asked).toEqual(['A', 'A']);
});

test('one that was not there is there as soon as it is made', async () => {
  const signers = open();
  answer = () => none;
  expect(await signers.find(of('A'))).toBe(none);
  answer = () => done('first');
  expect(await signers.find(of('A'))).toEqual(done('first'));
});

test('keys made since are found at once, and not asked for twice', async () => {
  const signers = open();
  await signers.find(of('A'));
  answer = () => done('second');
  now = 10;
  expect(await signers.findSince(of('A'), 5)).toEqual(done('second'));
  expect(await signers.findSince(of('A'), 5)).toEqual(done('second'));
  expect(await signers.find(of('A'))).toEqual(done('second'));
  expect(asked).toHaveLength(2);
});

test('a stranger who insists reaches the ledger five times a second, by other services too', async () => {
  const signers = open();
  answer = () => none;
  const tell = async () => {
    for (let times = 0; times < 50; times += 1) await signers.find(of('A', `s${times % 10}`));
  };
  await tell();
  expect(asked).toHaveLength(5);
  expect(await signers.find(of('A', 'another'))).toEqual({ kind: 'away' });
  expect(await signers.find(of('A', 's0'))).toBe(none);
  expect(await signers.findSince(of('A', 's0'), 0)).toBe(none);
  expect(signers.findSince(of('A', 's0'), 1)).toBeUndefined();
  now = 1_000;
  await tell();
  expect(asked).toHaveLength(10);
});

test('a storm of strangers reaches it two hundred times a second, and takes nothing from who is known', async () => {
  const signers = open();
  await signers.find(of('known'));
  answer = (secretId) => (secretId === 'known' ? done('second') : none);
  now = 6_000;
  for (let no = 0; no < 20_000; no += 1) await signers.find(of(`stranger ${no}`));
  expect(asked).toHaveLength(201);
  expect(await signers.find(of('known'))).toEqual(done('second'));
  expect(asked).toHaveLength(202);
});

test('a ledger that says nothing is asked again', async () => {
  const signers = open();
  answer = () => ({ kind: 'away' });
  await signers.find(of('A'));
  answer = () => done('first');
  expect(await signers.find(of('A'))).toEqual(done('first'));
});
