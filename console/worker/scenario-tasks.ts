// A scenario, lived through up to one of its steps: the same run as `suanpan simulate` of a file that ends there.

import type { Problem } from '../../src/book/book-problem.ts';
import type { PriceBook } from '../../src/core/price-book.ts';
import { isRefusal } from '../../src/core/refusal.ts';
import { simulateWithBook } from '../../src/scenario/simulate.ts';
import { jsonOf } from './book-tasks.ts';
import { bookOf, shippedIds } from './books.ts';
import { refused } from './outcome.ts';
import { shownBook } from './quote-tasks.ts';

const shipped = (): Map<string, { readonly book: PriceBook }> =>
  new Map(shippedIds.map((id) => [id, { book: bookOf(id) as PriceBook }]));

export interface ScenarioOrder {
  readonly text: string;
  /** How many of its steps; none: all. */
  readonly steps?: number;
}

const problemsOf = (problems: readonly Problem[]) => ({ problems: problems.slice(0, 100) });

function scenario({ text, steps }: ScenarioOrder) {
  const json = jsonOf(text);
  if ('problems' in json) return problemsOf(json.problems);
  const whole = json.value as { steps?: unknown };
  const all = Array.isArray(whole?.steps) ? (whole.steps as readonly unknown[]) : [];
  const run = simulateWithBook(steps === undefined ? whole : { ...whole, steps: all.slice(0, steps) }, shipped());
  if (isRefusal(run)) return refused(run);
  if ('problems' in run) return problemsOf(run.problems);
  return {
    simulation: run.simulation,
    book: shownBook(run.book),
    steps: all as readonly ScenarioStep[],
  };
}

/** As the file writes it. */
export interface ScenarioStep {
  readonly at: string;
  readonly do: string;
  readonly [field: string]: unknown;
}

export type Played = Extract<ReturnType<typeof scenario>, { readonly simulation: unknown }>;

export const scenarioTasks = { scenario };
