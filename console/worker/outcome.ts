// What a task answers: what was asked for, or a refusal in words. Only what can cross between threads.

import { type Refusal, refuse } from '../../src/core/refusal.ts';
import { refusalWords } from '../../src/words/refusals.ts';

export interface Refused {
  readonly refused: {
    readonly code: string;
    readonly pointer: string | null;
    readonly zh: string;
    readonly en: string;
  };
}

export function refused(refusal: Refusal): Refused {
  const { zh, en } = refusalWords(refusal);
  return { refused: { code: refusal.refused, pointer: refusal.pointer ?? null, zh, en } };
}

export const unknownBook = (book: string): Refused => refused(refuse('UNKNOWN_BOOK', { book, known: '' }, '/book'));

export const isRefused = (outcome: object): outcome is Refused => 'refused' in outcome;
