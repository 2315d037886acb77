// What waits for the ledger at a moment is asked together, and each is told what is its own.

import { expect, test } from 'vitest';
import { type Step, Steps } from '../../src/gateway/steps.ts';
import type { Told } from '../../src/gateway/told.ts';

const step = (id: string): Step => ({ step: 'hold', account: 'acme', id });
const turns = async () => {
  for (let turn = 0; turn < 4; turn += 1) await new Promise((resolve) => setImmediate(resolve));
};

function open() {
  const asked: { readonly ids: string[]; readonly answer: (told: Told) => void }[] = [];
  const steps = new Steps((some) => new Promise((answer) => asked.push({ ids: some.map(({ id }) => id), answer })));
  const take = (...ids: string[]) => ids.map((id) => steps.take(step(id)));
  return { asked, take };
}
const results = (...each: readonly object[]): Told => ({ kind: 'done', body: { results: each } });

test('those of one turn go together, two requests at a time, what waits meanwhile in the next; a hundred at most', async () => {
  const { asked, take } = open();
  take('a', 'b');
  await turns();
  take('c');
  await turns();
  take('d', 'e');
  await turns();
  expect(asked.map(({ ids }) => ids)).toEqual([['a', 'b'], ['c']]);
  asked[0]?.answer(results({}, {}));
  await turns();
  expect(asked[2]?.ids).toEqual(['d', 'e']);
  const many = open();
  many.take(...Array.from({ length: 150 }, (_, at) => `${at}`));
  await turns();
  expect(many.asked.map(({ ids }) => ids.length)).toEqual([100, 50]);
});

test('one that takes long keeps no others waiting', async () => {
  const { asked, take } = open();
  take('a');
  await turns();
  take('b');
  await turns();
  const [waits] = take('c');
  await expect.poll(() => asked.length).toBe(3);
  asked[2]?.answer(results({}));
  expect(await waits).toEqual({ kind: 'done', body: {} });
});

test('each is told its own; what the ledger could not do now is away, as all are where it said nothing', async () => {
  const { asked, take } = open();
  const told = take('a', 'b', 'c', 'd');
  await turns();
  const refusal = (status: number, code: string) => ({ refusal: { status, code, pointer: '/id' } });
  asked[0]?.answer(results({}, refusal(409, 'HOLD_ENDED'), refusal(503, 'OVERLOADED')));
  expect(await Promise.all(told)).toEqual([
    { kind: 'done', body: {} },
    { kind: 'refused', code: 'HOLD_ENDED', pointer: '/id' },
    ...[{ kind: 'away' }, { kind: 'away' }],
  ]);
  for (const all of [
    { kind: 'away', isCutOff: true },
    { kind: 'refused', code: 'FORBIDDEN', pointer: undefined },
  ] as const) {
    const next = take('e', 'f');
    await turns();
    asked.at(-1)?.answer(all);
    expect(await Promise.all(next)).toEqual([all, all]);
  }
});
