// Whole numbers as people type them: 15000, 15,000 or 15_000. Nothing else: 1e3 or 1.5 would be a guess.

import { type Calls, callsOf, mostCalls, noCalls } from './units.ts';

const plainDigits = /^[1-9]\d*$/;
const grouped = /^[1-9]\d{0,2}(?:([,_])\d{3})(?:\1\d{3})*$/;

/** The same from 0: what a month is asked for may be nothing. */
export const parseUsage = (text: string): Calls | undefined => (text === '0' ? noCalls : parseQuantity(text));

/** Undefined when the text is no whole number from 1 to 10^12. */
export function parseQuantity(text: string): Calls | undefined {
  if (!plainDigits.test(text) && !grouped.test(text)) return undefined;
  const calls = BigInt(text.replaceAll(/[,_]/g, ''));
  return calls <= mostCalls ? callsOf(calls) : undefined;
}
