// Runs jobs when they are due, one server at a time, and remembers what came of them.

import { setTimeout as wait } from 'node:timers/promises';
import { startOfDayAfter } from '../core/calendar.ts';
import { type Refusal, refuse } from '../core/refusal.ts';
import { type Instant, instantOf } from '../core/units.ts';
import type { Sending } from '../deliveries/deliver.ts';
import type { Advise } from '../operations/standing-orders.ts';
import type { Suanpan } from '../operations/suanpan.ts';
import { accountZones } from '../store/ledger/accounts.ts';
import { beginJob, endJob, type JobResult, type JobRow, leaveJob, readJobs, takeJob } from '../store/ledger/jobs.ts';
import { endSpan, startSpan } from '../tracing.ts';
import { type Job, type JobName, jobNames, jobsOf, type Lane, lanes, nextRun } from './jobs.ts';

/** How often is looked whether something is due, in milliseconds of the machine's own clock. */
const lookEvery = 5_000;

/** What a job's runs on this server came to since it started. */
export interface JobsRun extends JobResult {
  readonly runs: number;
  /** Runs that broke off. */
  readonly errors: number;
}

/** The most days that a jump of the clock is lived through one by one. */
const mostDays = 1_500;

export class Schedule {
  readonly #suanpan: Suanpan;
  readonly #jobs: readonly Job[];
  readonly #log: (line: string) => void;
  readonly #ran = new Map<JobName, JobsRun>();
  readonly #stopping = new AbortController();
  #running: Promise<unknown> = Promise.resolve();

  /** `advise`: what standing orders ask that buy as the planner advises; nothing is advised without. */
  constructor(suanpan: Suanpan, sending: Sending, log: (line: string) => void = () => {}, advise?: Advise) {
    this.#suanpan = suanpan;
    this.#jobs = jobsOf(sending, advise);
    this.#log = log;
  }

  /** Looks from now on, until `stop`. */
  start(): void {
    this.#running = Promise.all(lanes.map((lane) => this.#keep(lane)));
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#running;
  }

  async #keep(lane: Lane): Promise<void> {
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      await this.runDue(lane).catch((error: unknown) => this.#log(`jobs: ${(error as Error).message}`));
      await wait(lookEvery, undefined, { signal, ref: false }).catch(() => undefined);
    }
  }

  list(): Promise<JobRow[]> {
    return readJobs(this.#suanpan.pool, jobNames);
  }

  /** By job, of those that ran here. */
  get ran(): ReadonlyMap<JobName, JobsRun> {
    return this.#ran;
  }

  #count(name: JobName, { done, waiting, failed }: JobResult, error: string | null): void {
    const before = this.#ran.get(name) ?? { runs: 0, errors: 0, done: 0, waiting: 0, failed: 0 };
    this.#ran.set(name, {
      runs: before.runs + 1,
      errors: before.errors + (error === null ? 0 : 1),
      done: before.done + done,
      waiting: before.waiting + waiting,
      failed: before.failed + failed,
    });
  }

  /** Runs what is due of a lane, or of all, in the jobs' order. */
  async runDue(lane?: Lane): Promise<void> {
    const now = this.#suanpan.clock();
    const rows = new Map((await this.list()).map((row) => [row.name, row]));
    for (const job of this.#jobs) {
      if (lane !== undefined && job.lane !== lane) continue;
      const next = rows.get(job.name)?.next ?? instantOf(0);
      // Further ahead than any run is planned: the clock has been set back.
      const isDue = next <= now || next > now + 2 * job.every;
      if (isDue && !this.#stopping.signal.aborted) await this.#run(job);
    }
  }

  /** Runs one by hand, due or not. Refusal: JOB_RUNNING, here or on another server. */
  async run(name: JobName): Promise<JobResult | Refusal> {
    const job = this.#jobs.find((each) => each.name === name);
    if (job === undefined) throw new Error(`no job ${name}`);
    return (await this.#run(job)) ?? refuse('JOB_RUNNING', { job: name });
  }

  /** Undefined: another server has it. */
  async #run(job: Job): Promise<JobResult | undefined> {
    const { pool, clock } = this.#suanpan;
    const client = await pool.connect();
    try {
      if (!(await takeJob(client, job.name))) return undefined;
      const begun = clock();
      await beginJob(client, job.name, begun);
      let result: JobResult = { done: 0, waiting: 0, failed: 0 };
      let error: string | null = null;
      const startTime = Date.now();
      try {
        result = await job.run(this.#suanpan, this.#stopping.signal);
      } catch (broken) {
        error = (broken as Error).message.slice(0, 500);
        this.#log(`job ${job.name}: ${error}`);
      }
      await endJob(client, job.name, { ...result, at: clock(), next: nextRun(begun, job.every), error });
      await leaveJob(client, job.name);
      this.#count(job.name, result, error);
      traceRun(job.name, result, error, startTime);
      return result;
    } finally {
      client.release();
    }
  }

  /**
   * A sandbox's clock that jumps ahead: each midnight of an account's zone on the way is lived through, in order. Days before the last
   * `mostDays` are not: what they would have done is done at the first that is.
   */
  async jump(to: Instant, set: (at: Instant) => void): Promise<void> {
    const from = this.#suanpan.clock();
    const zones = await accountZones(this.#suanpan.pool);
    const since = Math.max(from, to - mostDays * 86_400_000);
    for (const midnight of midnightsBetween(zones, instantOf(since), to)) {
      set(midnight);
      await this.runDue();
    }
    set(to);
    if (to > from) await this.runDue();
  }
}

/** A run that found nothing to do is no news. */
function traceRun(name: JobName, { done, failed }: JobResult, error: string | null, startTime: number): void {
  if (done === 0 && failed === 0 && error === null) return;
  const span = startSpan(`job ${name}`, { kind: 'INTERNAL', startTime, attributes: { 'suanpan.done': done } });
  endSpan(span, error ?? (failed > 0 ? `${failed} failed` : null), { 'suanpan.failed': failed });
}

function midnightsBetween(zones: readonly string[], from: Instant, to: Instant): Instant[] {
  const midnights = new Set<Instant>();
  for (const zone of zones) {
    for (let at = startOfDayAfter(zone, from, 1); at <= to; at = startOfDayAfter(zone, at, 1)) midnights.add(at);
  }
  return [...midnights].toSorted((a, b) => a - b);
}
