// Plans are the cheapest there are: against every purchase tried, on small random books, and against an integer program on large
// ones. SUANPAN_SEED=n replays from seed n; SUANPAN_PLANS=n changes how many small plans are made.

import { expect, it } from 'vitest';
import { parsePriceBook } from '../../src/book/decode.ts';
import { loadCatalog } from '../../src/book/shelf.ts';
import { nextPeriod, type Period } from '../../src/core/calendar.ts';
import type { PriceBook } from '../../src/core/price-book.ts';
import { isRefusal } from '../../src/core/refusal.ts';
import type { Method } from '../../src/plan/optimum.ts';
import { type Plan, type ProfileRequest, planProfile } from '../../src/plan/plan.ts';
import { written } from '../naive/figures.ts';
import { mulberry32 } from '../naive/random-scenario.ts';
import { bruteForce, type Case } from './brute-force.ts';
import { randomCase } from './random-case.ts';

const seed = Number(process.env.SUANPAN_SEED ?? 1);
const count = Number(process.env.SUANPAN_PLANS ?? 520);

function bookOf(json: unknown): PriceBook {
  const parsed = parsePriceBook(json);
  if ('problems' in parsed) throw new Error(JSON.stringify(parsed.problems));
  return parsed.book;
}

async function made(book: PriceBook, request: ProfileRequest, method?: Method): Promise<Plan> {
  const plan = await planProfile(book, request, method);
  if (isRefusal(plan)) throw new Error(JSON.stringify(plan));
  return plan;
}

function requestOf({ uses, months, start, gifts, have }: Case): ProfileRequest {
  return { profile: uses.map(({ month, ...use }) => ({ month: months[month]!, ...use })), start, gifts, have };
}

const packsOf = (plan: Plan): number => plan.best.purchases.reduce((sum, purchase) => sum + purchase.count, 0);

it(`equals the cheapest of all purchases on ${count} random small plans`, { timeout: 60_000 }, async () => {
  const methods = new Map<string, number>();
  let tried = 0;
  for (let each = seed; each < seed + count; each += 1) {
    const one = randomCase(each, 1200);
    const cheapest = bruteForce(one);
    tried += cheapest.tried;
    const plan = await made(bookOf(one.book), requestOf(one));
    const { method, gap } = plan.best.proof;
    for (const name of method.split(' + ')) methods.set(name, (methods.get(name) ?? 0) + 1);
    const total = cheapest.total === null ? null : written(one.book, cheapest.total);
    expect({ seed: each, total: plan.best.total, gap }).toEqual({ seed: each, total, gap: '0.00' });
    if (total !== null) expect({ seed: each, packs: packsOf(plan) }).toEqual({ seed: each, packs: cheapest.packs });
  }
  const parts = JSON.stringify(Object.fromEntries(methods));
  console.log(`${count} small plans from seed ${seed} agree to the fen; purchases tried ${tried}; parts by ${parts}`);
});

it('comes to the same total by tables, by search and by integer program', { timeout: 60_000 }, async () => {
  const size = Math.ceil(count / 10);
  for (let each = seed; each < seed + size; each += 1) {
    const one = randomCase(each, 1200);
    const [book, request] = [bookOf(one.book), requestOf(one)];
    const plans = [
      await made(book, request),
      await made(book, request, 'search'),
      await made(book, request, 'program'),
    ];
    const [first, ...others] = plans.map(({ best }) => ({ seed: each, total: best.total, gap: best.proof.gap }));
    for (const other of others) expect(other).toEqual(first);
  }
  console.log(`${size} small plans from seed ${seed}: tables, search and integer program agree to the fen`);
});

/** Up to six months of one or two meters of a shipped book, up to 600,000 calls each. */
function largeRequest(each: number): { readonly book: PriceBook; readonly request: ProfileRequest } {
  const random = mulberry32(each);
  const below = (n: number): number => Math.floor(random() * n);
  const pick = <T>(from: readonly T[]): T => from[below(from.length)] as T;
  const { book } = loadCatalog().get(pick(['faceid-legacy', 'faceid-2019', 'faceid-2021']))!;
  const meters = [...book.meters.keys()];
  const mine = new Set(each % 5 === 0 ? [pick(meters), pick(meters)] : [pick(meters)]);
  const months = Array.from({ length: pick([1, 1, 2, 2, 3, 4, 6]) }, (_, month) =>
    nextPeriod('2026-01' as Period, month),
  );
  const scale = pick([8000, 40_000, 150_000, 600_000]);
  const profile = months.flatMap((month) => [...mine].map((meter) => ({ month, meter, calls: 1 + below(scale) })));
  return { book, request: { profile } };
}

it('equals an independent integer program on 50 large plans', { timeout: 60_000 }, async () => {
  let calls = 0;
  for (let each = seed; each < seed + 50; each += 1) {
    const { book, request } = largeRequest(each);
    const [tables, program] = [await made(book, request), await made(book, request, 'program')];
    expect(tables.best.proof).toEqual({ method: 'exact dynamic programming', gap: '0.00' });
    expect(program.best.proof).toEqual({ method: 'integer program (HiGHS)', gap: '0.00' });
    expect({ seed: each, total: tables.best.total }).toEqual({ seed: each, total: program.best.total });
    calls += request.profile.reduce((sum, row) => sum + Number(row.calls), 0);
  }
  console.log(`50 large plans from seed ${seed} agree to the fen with HiGHS; ${calls} calls planned`);
});
