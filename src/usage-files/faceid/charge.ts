// Whether the provider charges an attempt, by its own word and by its code table.

import { disagreementOf, type Outcome } from '../../core/event.ts';

export interface Charge {
  /** `IsNeedCharge`. */
  readonly isNeeded: boolean;
  readonly byTable: Outcome;
}

export const disagrees = ({ isNeeded, byTable }: Charge): boolean => disagreementOf(byTable, isNeeded) !== null;
