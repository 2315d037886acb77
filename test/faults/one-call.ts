import type { IncomingEvent } from '../../src/core/event.ts';
import { callsOf, type Instant } from '../../src/core/units.ts';
import { basic } from '../http/open-app.ts';

/** An event of one call, as a ledger takes it. */
export const oneCall = (id: string, at: Instant): IncomingEvent => ({
  id,
  meter: basic,
  calls: callsOf(1),
  at,
  department: null,
  facts: null,
});
