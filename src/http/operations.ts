// For whoever runs the server: is it alive, is it ready, how is it doing; and the sandbox's clock.

import { parseInstant } from '../core/instant.ts';
import { refuse } from '../core/refusal.ts';
import type { Instant } from '../core/units.ts';
import * as contract from './contract.ts';
import { type MetricsReaders, registerMetrics } from './metrics.ts';
import { type RouteParts, route } from './route.ts';

export function registerOperations(
  parts: RouteParts,
  { metrics, setClock }: { readonly metrics: MetricsReaders; readonly setClock: ((to: Instant) => void) | undefined },
): void {
  const { suanpan } = parts;
  route(parts, { method: 'GET', url: '/livez', access: 'public', summary: 'The process is alive' }, async () => ({
    body: { status: 'ok' },
  }));
  route(parts, { method: 'GET', url: '/readyz', access: 'public', summary: 'The database answers' }, async () => {
    try {
      await suanpan.pool.query('select 1');
      return { body: { status: 'ok' } };
    } catch {
      return refuse('OVERLOADED');
    }
  });
  registerMetrics(parts, metrics);
  if (setClock === undefined) return;
  route(
    parts,
    {
      method: 'POST',
      url: '/v1/clock',
      access: { scope: 'manage', of: 'server' },
      summary: 'Sandbox only: set the server’s clock',
      body: contract.clock,
    },
    async ({ body }) => {
      const now = parseInstant(body.now);
      if (now === undefined) return refuse('INVALID_TIME', { time: body.now }, '/now');
      setClock(now);
      return { body: { now: body.now } };
    },
  );
}
