// Whether the provider charges an attempt, by its own word and by its code table.

import type { Outcome } from '../../core/event.ts';

export interface Charge {
  /** `IsNeedCharge`. */
  readonly isNeeded: boolean;
  readonly byTable: Outcome;
}

/** A code that the table does not know proves nothing, unless it is charged. */
export const disagrees = ({ isNeeded, byTable }: Charge): boolean =>
  byTable === 'held' ? isNeeded : isNeeded !== (byTable === 'charged');
