// Events for files: read a piece at a time, in order of call time.

import { setImmediate as othersFirst } from 'node:timers/promises';
import { addCalls, type Calls, type Instant, noCalls } from '../core/units.ts';
import {
  type EventFilter,
  type EventPage,
  listEvents,
  type StoredEvent,
  searchEvents,
} from '../store/ledger/events.ts';
import type { Reader } from './suanpan.ts';

/** Rows of a file that are read at once. */
export const pieceSize = 250;

/** `filter` null: all of them. Between two pieces others have their turn. */
export async function* eventPieces(
  { pool, meters }: Reader,
  span: Omit<EventPage, 'after' | 'limit'>,
  filter: EventFilter | null,
): AsyncGenerator<StoredEvent[]> {
  let after: { readonly at: Instant; readonly seq: number } | null = null;
  do {
    const page = { ...span, after, limit: pieceSize };
    if (filter === null) {
      const events: StoredEvent[] = await listEvents(pool, page, meters);
      if (events.length > 0) yield events;
      const last = events.length < pieceSize ? undefined : events.at(-1);
      after = last === undefined ? null : { at: last.at, seq: last.seq };
    } else {
      const found = await searchEvents(pool, page, filter, meters);
      if (found.events.length > 0) yield found.events;
      after = found.next;
    }
    await othersFirst();
  } while (after !== null);
}

/** Calls of an event that packs paid. */
export const drawnOf = ({ draws }: StoredEvent): Calls =>
  draws.reduce((sum, { calls }) => addCalls(sum, calls), noCalls);

/** "p1:40 p2:10". */
export const drawsText = ({ draws }: StoredEvent): string =>
  draws.map(({ pack, calls }) => `${pack}:${calls}`).join(' ');
