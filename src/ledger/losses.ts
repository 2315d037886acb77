// How a try to write a group can be lost, and how often it is tried again before the group is split.

import { isDatabaseAway } from '../store/connection/failures.ts';
import { headsMoved, uniqueViolation } from '../store/ledger/group.ts';

/**
 * `heads`: another server changed one. `ids`: one is in the ledger already. `locks`: a circle of waiting, or a wait too long.
 * `connection`: the fate of the group is unknown. `nothing`: no race and no connection, so trying again would fail again.
 */
export type Loss = 'heads' | 'ids' | 'locks' | 'connection' | 'nothing';

/**
 * Tries of one group that may be lost this way; the next such loss splits it. A locked head cannot move, and with all ids looked up
 * under locks none is new to us: more than a few losses of these are no races. Lost connections are bounded by time instead.
 */
export const mostLosses: Readonly<Record<Loss, number>> = {
  heads: 3,
  ids: 3,
  locks: 5,
  connection: Number.POSITIVE_INFINITY,
  nothing: 0,
};

export const noLosses = (): Record<Loss, number> => ({ heads: 0, ids: 0, locks: 0, connection: 0, nothing: 0 });

const lossesByState: Readonly<Record<string, Loss>> = {
  [headsMoved]: 'heads',
  [uniqueViolation]: 'ids',
  // Deadlock, serialization failure, lock_timeout.
  '40P01': 'locks',
  '40001': 'locks',
  '55P03': 'locks',
  // A statement that somebody cancelled: who knows how far it got.
  '57014': 'connection',
};

/** Citus tells of a worker's unique violation in its words alone. */
const isTold = (code: string, error: unknown): boolean =>
  code === 'XX000' && error instanceof Error && /duplicate key value violates unique constraint/.test(error.message);

/** What made a try fail. */
export function lossOf(error: unknown): Loss {
  const code = typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';
  if (isTold(code, error)) return 'ids';
  return lossesByState[code] ?? (isDatabaseAway(error) ? 'connection' : 'nothing');
}
