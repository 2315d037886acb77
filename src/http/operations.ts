// For whoever runs the server: is it alive, is it ready, how is it doing; and the sandbox's clock.

import { parseInstant } from '../core/instant.ts';
import { refuse } from '../core/refusal.ts';
import type { Instant } from '../core/units.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { tolerableOffset } from '../store/time-offset.ts';
import * as contract from './contract.ts';
import { languageOf } from './problem.ts';
import { type RouteParts, route, routeByHand } from './route.ts';

export function registerOperations(parts: RouteParts, setClock: ((to: Instant) => void) | undefined): void {
  const { suanpan } = parts;
  route(parts, { method: 'GET', url: '/livez', access: 'public', summary: 'The process is alive' }, async () => ({
    body: { status: 'ok' },
  }));
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
      if (Math.abs(clockOffset) <= tolerableOffset) return { body: { status: 'ok' } };
      const problem = clockWords[languageOf(request.headers['accept-language'])];
      return { body: { status: 'ok', clock: { aheadMilliseconds: clockOffset, problem } } };
    },
  );
  const metrics = { method: 'GET', url: '/metrics', access: 'public', summary: 'Prometheus metrics' } as const;
  routeByHand(parts, metrics, {}, (_request, reply) => {
    reply.type('text/plain; version=0.0.4').send(metricsText(suanpan.ledger));
  });
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

const clockWords = {
  zh: '本机时钟与数据库时钟不一致；Suanpan 以数据库时钟为准，请校准本机时钟',
  en: 'the clock of this machine differs from the database’s, by which Suanpan goes; set it right',
};

/** The ledger's counters in the Prometheus text format. */
function metricsText(ledger: Ledger): string {
  const { counters } = ledger;
  const lines = [
    ...counter('suanpan_events_total', 'Events and other requests written', counters.events),
    ...counter('suanpan_groups_total', 'Groups committed', counters.groups),
    ...counter('suanpan_conflicts_total', 'Groups that lost a race for a head', counters.conflicts),
    ...counter('suanpan_retries_total', 'Tries repeated, for any reason', counters.retries),
    ...labelled('suanpan_losses_total', 'Tries lost, by what they were lost to', 'to', counters.losses),
    ...counter('suanpan_splits_total', 'Groups split because they could not be written whole', counters.splits),
    ...counter('suanpan_failures_total', 'Groups or requests given up', counters.failures),
    ...gauge('suanpan_queue_depth', 'Events waiting for a group', ledger.queueDepth),
    ...gauge('suanpan_cached_heads', 'Account heads in memory', ledger.cachedHeads),
    ...gauge('suanpan_resident_bytes', 'Resident memory of the process', process.memoryUsage.rss()),
    ...histogram('suanpan_group_size', 'Events a group', counters.sizeBuckets, 1, counters.groups, counters.events),
    ...histogram(
      'suanpan_commit_seconds',
      'From a group’s start to its commit',
      counters.commitBuckets,
      1_000,
      counters.groups,
      counters.commitMilliseconds / 1_000,
    ),
  ];
  return `${lines.join('\n')}\n`;
}

const describe = (name: string, kind: string, help: string): string[] => [
  `# HELP ${name} ${help}`,
  `# TYPE ${name} ${kind}`,
];
const counter = (name: string, help: string, value: number): string[] => [
  ...describe(name, 'counter', help),
  `${name} ${value}`,
];
const labelled = (name: string, help: string, label: string, values: Readonly<Record<string, number>>): string[] => [
  ...describe(name, 'counter', help),
  ...Object.entries(values).map(([value, count]) => `${name}{${label}="${value}"} ${count}`),
];
const gauge = (name: string, help: string, value: number): string[] => [
  ...describe(name, 'gauge', help),
  `${name} ${value}`,
];

function histogram(
  name: string,
  help: string,
  buckets: ReadonlyMap<number, number>,
  per: number,
  count: number,
  sum: number,
): string[] {
  const counted = [...buckets].map(([bound, below]) => `${name}_bucket{le="${bound / per}"} ${below}`);
  return [
    ...describe(name, 'histogram', help),
    ...counted,
    `${name}_bucket{le="+Inf"} ${count}`,
    `${name}_sum ${sum}`,
    `${name}_count ${count}`,
  ];
}
