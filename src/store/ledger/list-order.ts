// The two ways that a list can go through time.

/** One page of a list. */
export interface ListPage<Place> {
  /** The last of the page before; null: from the beginning. */
  readonly after: Place | null;
  readonly limit: number;
  readonly order: 'newest' | 'oldest';
}

/** How a way is written in SQL: its direction, and what comes after a place. */
export const sqlOf = { newest: { way: 'desc', beyond: '<' }, oldest: { way: 'asc', beyond: '>' } } as const;
