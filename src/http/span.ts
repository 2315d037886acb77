import { parseInstant } from '../core/instant.ts';
import { type Instant, instantOf } from '../core/units.ts';

const latest = 253_402_300_799_999;

const instant = (text: string | undefined, fallback: number): Instant =>
  (text === undefined ? undefined : parseInstant(text)) ?? instantOf(fallback);

/** A time that is asked for, from a moment on and before another; an end that is not given is open. */
export const spanOf = ({ from, to }: { readonly from?: string | undefined; readonly to?: string | undefined }) => ({
  from: instant(from, 0),
  to: instant(to, latest),
});
