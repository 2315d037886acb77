// How the server is doing, for Prometheus.

import type { FastifyRequest } from 'fastify';
import { refuse } from '../core/refusal.ts';
import type { JobsRun, Schedule } from '../jobs/schedule.ts';
import { sendProblem } from './problem.ts';
import { type Documented, type RouteParts, routeByHand } from './route.ts';

/** Who may read them: operators' keys, what runs on the same machine, or anybody. */
export type MetricsReaders = 'key' | 'loopback' | 'open';

/** The text format of Prometheus. */
const metricsType = 'text/plain; version=0.0.4; charset=utf-8';

export function registerMetrics(parts: RouteParts, schedule: Schedule, readers: MetricsReaders): void {
  const spec: Documented = {
    method: 'GET',
    url: '/metrics',
    access: readers === 'key' ? { scope: 'read', of: 'server' } : 'public',
    ...(readers === 'loopback' ? { refuses: ['NOT_FOUND'] } : {}),
    summary: 'Prometheus metrics',
    answer: undefined,
    answerType: metricsType,
  };
  routeByHand(parts, spec, {}, (request, reply) => {
    if (readers === 'loopback' && !isFromHere(request)) {
      sendProblem(request, reply, refuse('NOT_FOUND', { id: '/metrics' }));
      return;
    }
    reply
      .type(metricsType)
      .header('cache-control', 'no-store')
      .send(`${metricsText(parts)}${jobsText(schedule)}`);
  });
}

/** Behind a proxy on this machine every connection comes from here; what proxies add says so. */
const isFromHere = ({ socket, headers }: FastifyRequest): boolean =>
  /^(?:127\.|::1$|::ffff:127\.)/.test(socket.remoteAddress ?? '') &&
  ['forwarded', 'via', 'x-forwarded-for', 'x-real-ip'].every((name) => headers[name] === undefined);

/** The counters of the ledger and its door in the Prometheus text format. */
function metricsText({ suanpan: { ledger }, hot }: RouteParts): string {
  const { counters } = ledger;
  const lines = [
    ...counter('suanpan_events_total', 'Events and other requests written', counters.events),
    ...counter('suanpan_groups_total', 'Groups committed', counters.groups),
    ...counter('suanpan_conflicts_total', 'Groups that lost a race for a head', counters.conflicts),
    ...counter('suanpan_retries_total', 'Tries repeated, for any reason', counters.retries),
    ...labelled('suanpan_losses_total', 'Tries lost, by what they were lost to', 'to', counters.losses),
    ...counter('suanpan_splits_total', 'Groups split because they could not be written whole', counters.splits),
    ...counter('suanpan_failures_total', 'Groups or requests given up', counters.failures),
    ...counter('suanpan_hot_requests_total', 'Requests answered on hot connections', hot.answered),
    ...counter('suanpan_handed_over_total', 'Connections handed from the hot way to the framework', hot.handedOver),
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

/** What the jobs' runs on this server came to; nothing of those that never ran here. */
function jobsText({ ran }: Schedule): string {
  const jobs = [...ran];
  const of = (name: string, help: string, value: (run: JobsRun) => number): string[] => [
    ...describe(name, 'counter', help),
    ...jobs.map(([job, run]) => `${name}{job="${job}"} ${value(run)}`),
  ];
  const lines = [
    ...of('suanpan_job_runs_total', 'Runs of jobs on this server', ({ runs }) => runs),
    ...of('suanpan_job_errors_total', 'Runs that broke off', ({ errors }) => errors),
    ...of('suanpan_job_done_total', 'Things that jobs have done', ({ done }) => done),
    ...of('suanpan_job_waiting_total', 'Things that runs have left to a person', ({ waiting }) => waiting),
    ...of('suanpan_job_failed_total', 'Things that runs have failed for', ({ failed }) => failed),
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
