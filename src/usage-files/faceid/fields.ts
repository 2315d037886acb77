// The fields of an attempt in FaceID's answers, each as it is or not at all.

import { isSafeText } from '../../core/safe-text.ts';
import { type Instant, instantOf } from '../../core/units.ts';
import { longestName } from './record.ts';

/** A token, or a number within one. */
export const nameIn = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' && value.length <= longestName && isSafeText(value) ? value : undefined;

/** Thirteen digits, as a text or a number. */
export const momentIn = (value: unknown): Instant | undefined =>
  (typeof value === 'string' || typeof value === 'number') && /^[1-4]\d{12}$/.test(String(value))
    ? instantOf(Number(value))
    : undefined;

export const codeIn = (value: unknown): string | undefined =>
  (typeof value === 'number' && Number.isSafeInteger(value)) || (typeof value === 'string' && /^-?\d{1,9}$/.test(value))
    ? String(value)
    : undefined;
