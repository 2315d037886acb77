import type { Words } from '../core/price-book.ts';

/** One line of the answer. `problem`: what is wrong with it, and what to do. */
export interface DoctorLine {
  readonly name: string;
  readonly words: Words;
  readonly value: string | number | boolean | null;
  readonly problem?: Words;
}
