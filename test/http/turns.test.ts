import { expect, test } from 'vitest';
import { isRefusal } from '../../src/core/refusal.ts';
import { Turns } from '../../src/http/turns.ts';

test('of those who wait, the one goes first of whose name fewest run', async () => {
  const turns = new Turns({ mostOfOne: 2, most: 3, mostWaiting: 10, patience: 60_000 });
  const begun: string[] = [];
  const ends: (() => void)[] = [];
  const take = async (name: string): Promise<void> => {
    const end = await turns.take(name);
    if (isRefusal(end)) throw new Error(end.refused);
    begun.push(name);
    ends.push(end);
  };
  const all = ['hog', 'hog', 'busy', 'busy', 'hog', 'busy', 'quiet'].map(take);
  await Promise.all(all.slice(0, 3));
  expect(begun).toEqual(['hog', 'hog', 'busy']);
  ends[0]?.();
  await all[6];
  expect(begun).toEqual(['hog', 'hog', 'busy', 'quiet']);
  for (let ended = 1; ended < 7; ended += 1) {
    ends[ended]?.();
    await Promise.all(begun.length < 7 ? [new Promise(setImmediate)] : all);
  }
  expect(begun.toSorted()).toEqual(['busy', 'busy', 'busy', 'hog', 'hog', 'hog', 'quiet']);
});
