// What time does by itself: when it ran, what came of it, and by hand.

import { formatInstant } from '../core/calendar.ts';
import { isRefusal, refuseMissing } from '../core/refusal.ts';
import type { Instant } from '../core/units.ts';
import { jobNames } from '../jobs/jobs.ts';
import type { Schedule } from '../jobs/schedule.ts';
import * as contract from './contract/contract.ts';
import { type RouteParts, route } from './route.ts';

const written = (at: Instant | null): string | null => (at === null || at === 0 ? null : formatInstant('UTC', at));

export function registerJobs(parts: RouteParts, schedule: Schedule, scheduled: boolean): void {
  route(
    parts,
    {
      method: 'GET',
      url: '/v1/jobs',
      answer: contract.jobList,
      access: { scope: 'read', of: 'server' },
      summary: 'What time does by itself: last and next run, and what came of it',
    },
    async () => ({
      body: {
        scheduled,
        jobs: (await schedule.list()).map(({ name, begun, ended, next, done, waiting, failed, error }) => ({
          name,
          lastBegun: written(begun),
          lastEnded: written(ended),
          next: written(next),
          done,
          waiting,
          failed,
          error,
        })),
      },
    }),
  );
  route(
    parts,
    {
      method: 'POST',
      url: '/v1/jobs/:name/run',
      keptFirst: true,
      answer: contract.jobResult,
      access: { scope: 'manage', duty: 'server', of: 'server' },
      refuses: ['JOB_RUNNING', 'NOT_FOUND'],
      summary: 'Run a job now, due or not',
    },
    async ({ params }) => {
      const name = jobNames.find((each) => each === params.name);
      if (name === undefined) return refuseMissing('job', params.name ?? '');
      const result = await schedule.run(name);
      return isRefusal(result) ? result : { body: { name, ...result } };
    },
  );
}
