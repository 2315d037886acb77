// Plans are the cheapest there are: against every purchase tried, on small random books, and against an integer program on large
// ones. SUANPAN_SEED=n replays from seed n; SUANPAN_PLANS=n changes how many small plans are made.

import { expect, it } from 'vitest';
import { parsePriceBook } from '../../src/book/decode.ts';
import type { PriceBook } from '../../src/core/price-book.ts';
import { isRefusal } from '../../src/core/refusal.ts';
import type { Method } from '../../src/plan/optimum.ts';
import { type Plan, planProfile } from '../../src/plan/plan.ts';
import { yuan } from '../naive/figures.ts';
import { bruteForce, type Case } from './brute-force.ts';
import { randomCase } from './random-case.ts';

const seed = Number(process.env.SUANPAN_SEED ?? 1);
const count = Number(process.env.SUANPAN_PLANS ?? 600);

function bookOf(json: unknown): PriceBook {
  const parsed = parsePriceBook(json);
  if ('problems' in parsed) throw new Error(JSON.stringify(parsed.problems));
  return parsed.book;
}

async function planOf(one: Case, method?: Method): Promise<Plan> {
  const profile = one.uses.map(({ month, ...use }) => ({ month: one.months[month]!, ...use }));
  const { start, gifts, have } = one;
  const plan = await planProfile(bookOf(one.book), { profile, start, gifts, have }, method);
  if (isRefusal(plan)) throw new Error(JSON.stringify(plan));
  return plan;
}

const packsOf = (plan: Plan): number => plan.best.purchases.reduce((sum, { count: packs }) => sum + packs, 0);

it(`equals the cheapest of all purchases on ${count} random small plans`, async () => {
  const methods = new Map<string, number>();
  let tried = 0;
  for (let each = seed; each < seed + count; each += 1) {
    const one = randomCase(each, 1200);
    const cheapest = bruteForce(one);
    tried += cheapest.tried;
    const plan = await planOf(one);
    const { method, gap } = plan.best.proof;
    for (const name of method.split(' + ')) methods.set(name, (methods.get(name) ?? 0) + 1);
    expect({ seed: each, total: plan.best.total, gap }).toEqual({
      seed: each,
      total: cheapest.total === null ? null : yuan(cheapest.total),
      gap: '0.00',
    });
    if (cheapest.total !== null)
      expect({ seed: each, packs: packsOf(plan) }).toEqual({ seed: each, packs: cheapest.packs });
  }
  console.log(
    `plans ${count} from seed ${seed}, purchases tried ${tried}, parts by ${JSON.stringify(Object.fromEntries(methods))}`,
  );
});
