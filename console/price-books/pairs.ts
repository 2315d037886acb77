// What two books say of the same things.

import type { Words } from '../../src/core/price-book.ts';

/** One thing that a book says, under a key that the same thing has in another book. */
export interface Statement {
  readonly part: 'book' | 'meters' | 'tariffs' | 'packs' | 'policies' | 'codes' | 'gifts';
  readonly key: string;
  /** What it is about; the key where nothing has a title. */
  readonly about: Words;
  readonly says: Words;
}

export interface Pair {
  readonly one: Statement | undefined;
  readonly other: Statement | undefined;
}

export const placeOf = ({ part, key }: Statement): string => `${part} ${key}`;

/** In the order of the first book; what only the other says stands at the end of its part. */
export function pairsOf(one: readonly Statement[], other: readonly Statement[]): Pair[] {
  const others = new Map(other.map((each) => [placeOf(each), each]));
  const mine = new Set(one.map(placeOf));
  const parts = [...new Set([...one, ...other].map(({ part }) => part))];
  return parts.flatMap((part) => [
    ...one.filter((each) => each.part === part).map((each) => ({ one: each, other: others.get(placeOf(each)) })),
    ...other
      .filter((each) => each.part === part && !mine.has(placeOf(each)))
      .map((each) => ({ one: undefined, other: each })),
  ]);
}

export const isDifferent = ({ one, other }: Pair): boolean =>
  one?.says.zh !== other?.says.zh || one?.says.en !== other?.says.en;
