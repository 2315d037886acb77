// Work that may be long whoever asks for it: what a thread is given, what it answers, and what it may cost the others.

import type { Problem } from '../book/book-problem.ts';
import type { Refusal } from '../core/refusal.ts';
import type { Instant } from '../core/units.ts';
import type { Asked } from '../operations/answers.ts';
import type { WhatIfOrder } from '../operations/what-if.ts';
import type { MonthRequest, ProfileRequest } from '../plan/plan.ts';
import type { QuoteRequest } from '../scenario/quote.ts';

/** A price book on its way to a thread: a thread that has it is not sent the document again. */
export interface SentBook {
  readonly digest: string;
  readonly document: unknown;
}

/** The book of a what-if: one on the shelf, a whole one as sent, or the account's own. */
export type OfferedBook = { readonly id: string } | { readonly document: unknown } | null;

export type Work =
  | { readonly kind: 'quote'; readonly book: SentBook; readonly request: QuoteRequest }
  | { readonly kind: 'plan'; readonly book: SentBook; readonly request: MonthRequest | ProfileRequest }
  | { readonly kind: 'what-if'; readonly order: WhatIfWork; readonly now: Instant }
  | { readonly kind: 'advice'; readonly account: string; readonly product: string; readonly now: Instant }
  | { readonly kind: 'forecast'; readonly account: string; readonly now: Instant }
  | { readonly kind: 'read'; readonly asked: Asked; readonly now: Instant }
  | { readonly kind: 'check-book'; readonly document: unknown };

export type WhatIfWork = Omit<WhatIfOrder, 'book'> & { readonly book: OfferedBook };

/** JSON text, made in the thread, or a file; or a refusal; or everything that is wrong with a price book. */
export type Answer =
  | { readonly body: string }
  | { readonly file: Uint8Array }
  | { readonly refusal: Refusal }
  | { readonly problems: readonly Problem[] };

/** What comes back from a thread; an error as data, since its class does not cross. */
export type Returned = Answer | { readonly failed: { readonly message: string; readonly code: string | undefined } };

interface Limits {
  /** How long it may run before it is given up. */
  readonly milliseconds: number;
  /** How many of a caller's may wait beside the one that runs. */
  readonly waiting: number;
  /** Long work leaves a thread to the short. */
  readonly isLong: boolean;
}

export const limitsOf: Readonly<Record<Work['kind'], Limits>> = {
  quote: { milliseconds: 5_000, waiting: 15, isLong: false },
  'check-book': { milliseconds: 5_000, waiting: 3, isLong: false },
  read: { milliseconds: 10_000, waiting: 15, isLong: true },
  forecast: { milliseconds: 10_000, waiting: 7, isLong: true },
  'what-if': { milliseconds: 10_000, waiting: 1, isLong: true },
  advice: { milliseconds: 12_000, waiting: 50, isLong: true },
  plan: { milliseconds: 12_000, waiting: 1, isLong: true },
};
