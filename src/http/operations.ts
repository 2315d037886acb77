// For whoever runs the server: is it alive, is it ready, how is it doing; and the sandbox's clock.

import { formatInstant } from '../core/calendar.ts';
import { isSoundTime, parseInstant, soundTimes } from '../core/instant.ts';
import { refuse } from '../core/refusal.ts';
import type { Instant } from '../core/units.ts';
import type { Schedule } from '../jobs/schedule.ts';
import { tolerableOffset } from '../store/connection/time-offset.ts';
import { httpWords } from '../words/http.ts';
import * as contract from './contract/contract.ts';
import { type MetricsReaders, registerMetrics } from './metrics.ts';
import { languageOf } from './problem.ts';
import { type RouteParts, route } from './route.ts';

export function registerOperations(
  parts: RouteParts,
  schedule: Schedule,
  { metrics, setClock }: { readonly metrics: MetricsReaders; readonly setClock: SetClock | undefined },
): void {
  const { suanpan } = parts;
  route(
    parts,
    { method: 'GET', url: '/livez', access: 'public', summary: 'The process is alive', answer: contract.liveness },
    async () => ({
      body: { status: 'ok' as const },
    }),
  );
  route(
    parts,
    {
      method: 'GET',
      url: '/readyz',
      access: 'public',
      summary: 'The database answers, on a connection kept for that alone',
      answer: contract.readiness,
    },
    async ({ request }) => {
      const health = await suanpan.watch.health();
      if (!health.answers) return refuse('NOT_READY', { reason: health.reason });
      const { clockOffset } = health;
      if (Math.abs(clockOffset) <= tolerableOffset) return { body: { status: 'ok' as const } };
      const problem = clockWords[languageOf(request.headers['accept-language'])];
      return { body: { status: 'ok' as const, clock: { aheadMilliseconds: clockOffset, problem } } };
    },
  );
  registerMetrics(parts, schedule, metrics);
  registerClock(parts);
  if (setClock !== undefined) registerSettingClock(parts, setClock);
}

/** Resolves when what the jump brings about is done. */
type SetClock = (to: Instant) => void | Promise<void>;

function registerClock(parts: RouteParts): void {
  const { suanpan } = parts;
  route(
    parts,
    {
      method: 'GET',
      url: '/v1/clock',
      access: 'public',
      summary: 'The server’s clock: what is due is due by it',
      answer: contract.clock,
    },
    async () => ({ body: { now: formatInstant('UTC', suanpan.clock()) } }),
  );
}

function registerSettingClock(parts: RouteParts, setClock: SetClock): void {
  route(
    parts,
    {
      method: 'POST',
      url: '/v1/clock',
      keptFirst: true,
      answer: contract.clock,
      access: { scope: 'manage', duty: 'server', of: 'server' },
      summary: 'Sandbox only: set the server’s clock',
      body: contract.clock,
    },
    async ({ body }) => {
      const now = parseInstant(body.now);
      if (now === undefined) return refuse('INVALID_TIME', { time: body.now }, '/now');
      if (!isSoundTime(now)) return refuse('INVALID_TIME', { time: body.now, ...soundTimes }, '/now');
      await setClock(now);
      return { body: { now: body.now } };
    },
  );
}

const clockWords = httpWords.clockOfThisMachineDiffersFrom;
