// What should be bought, with the differences that people look at.

import { isRefusal } from '../../src/core/refusal.ts';
import { formatMoney, type Money, parseMoney } from '../../src/core/units.ts';
import { type Plan, type ProfileRequest, planProfile } from '../../src/plan/plan.ts';
import { cliPlanWords } from '../../src/words/cli/plan.ts';
import { type BookChoice, bookOf } from './books.ts';
import { refused, unknownBook } from './outcome.ts';

export interface PlanOrder {
  readonly book: BookChoice;
  readonly request: ProfileRequest;
}

/** By how much something is dearer than the best; null where one of them has no public price. */
function aboveBest({ best, currency }: Plan, total: string | null): string | null {
  const [amount, least] = [parseMoney(total ?? '', currency), parseMoney(best.total ?? '', currency)];
  return amount === undefined || least === undefined ? null : formatMoney((amount - least) as Money, currency);
}

async function plan({ book: choice, request }: PlanOrder) {
  const book = bookOf(choice);
  if (book === undefined) return unknownBook(String(choice));
  const found = await planProfile(book, request);
  if (isRefusal(found)) return refused(found);
  const { method, gap } = found.best.proof;
  const { zh, en } = Number(gap) === 0 ? cliPlanWords.provedBy(method) : cliPlanWords.notProved(gap);
  return {
    ...found,
    alternatives: found.alternatives.map((each) => ({ ...each, above: aboveBest(found, each.total) })),
    proof: { zh, en, isProved: Number(gap) === 0, method },
  };
}

export type Planned = Exclude<Awaited<ReturnType<typeof plan>>, { refused: unknown }>;

export const planTasks = { plan };
