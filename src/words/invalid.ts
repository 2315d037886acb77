import type { Words } from '../core/price-book.ts';
import { type Refusal, refuse } from '../core/refusal.ts';

/** INVALID_INPUT: `pointer` names the field (RFC 6901), `problem` says what is wrong with it. */
export const invalid = (pointer: string | undefined, problem: Words): Refusal =>
  refuse('INVALID_INPUT', { problem }, pointer);
