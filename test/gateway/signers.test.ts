// What is remembered of a SecretId: for five seconds from when it was asked for, and no call waits for it that came by meanwhile.

import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Signers } from '../../src/gateway/signers.ts';
import type { Told } from '../../src/gateway/told.ts';

beforeEach(() => void vi.useFakeTimers({ toFake: ['performance'] }));
afterEach(() => void vi.useRealTimers());

const of = (account: string): Told => ({ kind: 'done', body: { account, keys: ['00'] } });
const away: Told = { kind: 'away' };
const gone: Told = { kind: 'refused', code: 'NOT_FOUND', pointer: undefined };
const turn = () => new Promise((resolve) => setImmediate(resolve));

function open(...answers: readonly Told[]) {
  const asked: object[] = [];
  const signers = new Signers((what) => {
    asked.push(what);
    return Promise.resolve(answers[asked.length - 1] ?? away);
  });
  const who = async () => {
    const told = await signers.of('AKID1', '2026-01-06', 'faceid');
    await turn();
    return told.kind === 'done' ? told.signer.account : told.kind;
  };
  return { asked, who };
}

test('asked again in the fifth second while what is known still counts, once; what is said then counts from then on', async () => {
  const { asked, who } = open(of('a'), gone);
  for (const wait of [0, 3_900]) {
    vi.advanceTimersByTime(wait);
    expect(await who()).toBe('a');
    expect(asked).toHaveLength(1);
  }
  vi.advanceTimersByTime(200);
  expect(await who()).toBe('a');
  expect(await who()).toBe('refused');
  expect(asked).toEqual(Array(2).fill({ secretId: 'AKID1', date: '2026-01-06', service: 'faceid' }));
});

test('a ledger that says nothing: what is known counts until its five seconds are up, and no longer', async () => {
  const { asked, who } = open(of('a'), away, of('b'));
  await who();
  vi.advanceTimersByTime(4_500);
  expect([await who(), await who()]).toEqual(['a', 'a']);
  expect(asked).toHaveLength(2);
  vi.advanceTimersByTime(500);
  expect(await who()).toBe('b');
  expect(asked).toHaveLength(3);
});

test('an answer that is none is no answer, and is not remembered', async () => {
  const { asked, who } = open(away, { kind: 'done', body: {} }, of('a'));
  expect([await who(), await who(), await who()]).toEqual(['away', 'away', 'a']);
  expect(asked).toHaveLength(3);
});
