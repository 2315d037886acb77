// What should be bought? No account needed; computed in a thread of its own, some at a time.

import { Worker } from 'node:worker_threads';
import { type Refusal, refuse, refuseFor } from '../core/refusal.ts';
import type { MonthRequest, Plan, ProfileRequest } from '../plan/plan.ts';
import type { PlanWork } from '../plan/worker.ts';
import * as contract from './contract.ts';
import { type RouteParts, route } from './route.ts';

const mostAtOnce = 2;
const mostMilliseconds = 30_000;

export function registerPlans(parts: RouteParts): void {
  /** When those under way have to be done. */
  const underWay = new Set<{ readonly until: number }>();
  route(
    parts,
    {
      method: 'POST',
      url: '/v1/plans',
      access: 'public',
      summary: 'The cheapest packs for a month, or for a profile of up to 24 months, with proof and alternatives',
      body: contract.planRequest,
    },
    async ({ body }) => {
      const { book: id, ...request } = body;
      const shelved = parts.suanpan.books.shelved(id);
      if (shelved === undefined) {
        const known = parts.suanpan.books.all().map(({ book }) => book.id);
        return refuse('UNKNOWN_BOOK', { book: id, known: known.join(', ') }, '/book');
      }
      const now = performance.now();
      if (underWay.size >= mostAtOnce) {
        return refuseFor('OVERLOADED', Math.min(...[...underWay].map(({ until }) => until)) - now);
      }
      const slot = { until: now + mostMilliseconds };
      underWay.add(slot);
      try {
        const plan = await planInThread({
          document: shelved.document,
          request: request as MonthRequest | ProfileRequest,
        });
        return 'refused' in plan ? plan : { body: plan };
      } finally {
        underWay.delete(slot);
      }
    },
  );
}

/** Refusals: those of the plan, and OVERLOADED when it takes too long. */
function planInThread(work: PlanWork): Promise<Plan | Refusal> {
  const worker = new Worker(new URL('../plan/worker.ts', import.meta.url), { workerData: work });
  return new Promise<Plan | Refusal>((resolve, reject) => {
    const timer = setTimeout(() => resolve(refuse('OVERLOADED')), mostMilliseconds);
    worker.once('message', resolve);
    worker.once('error', reject);
    worker.once('exit', () => clearTimeout(timer));
  }).finally(() => worker.terminate());
}
