// Pages of the operator's people.

import type { Place } from './places.ts';

export const operatorPlaces: readonly Place[] = [];
