// Pages of one account: its own people see them, and operators, with more buttons.

import type { Place } from './places.ts';

export const accountPlaces: readonly Place[] = [];
