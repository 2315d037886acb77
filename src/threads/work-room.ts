// Where long work is done: a few threads, a time for each work, a share for each caller. The event loop only hands over and
// receives. A caller's works run one at a time, the short beside the long, so that no one caller holds every thread; callers are
// served in turn.

import { Worker } from 'node:worker_threads';
import { type Refusal, refuse, refuseFor } from '../core/refusal.ts';
import type { DatabaseAddress } from '../store/connect.ts';
import { type Answer, limitsOf, type Returned, type Work } from './work.ts';

export interface RoomOptions {
  readonly threads?: number;
  /** Threads that long work may hold; the others are for the short. */
  readonly longThreads?: number;
  readonly mostWaiting?: number;
  /** In place of the time of each kind of work. */
  readonly milliseconds?: number;
}

interface Job {
  readonly work: Work;
  readonly share: string;
  readonly done: (answer: Answer) => void;
  readonly broke: (error: Error) => void;
}

interface Thread {
  readonly worker: Worker;
  /** Digests of the price books it was sent. */
  readonly books: Set<string>;
  readonly isReady: Promise<void>;
}

interface Running extends Job {
  /** When its time is up, on the clock of `performance.now`. */
  until: number;
}

/** Enough for the largest work; a thread that wants more is ended alone, instead of the server. */
const mostMegabytes = 512;

export class WorkRoom {
  readonly #database: DatabaseAddress;
  readonly #threads: number;
  readonly #longThreads: number;
  readonly #mostWaiting: number;
  readonly #milliseconds: number | undefined;
  #free: Thread[] = [];
  readonly #running = new Set<Running>();
  /** Lines by share, in the order in which they are served. */
  readonly #waiting = new Map<string, Job[]>();
  #isClosed = false;
  #idle: (() => void) | undefined;

  constructor(database: DatabaseAddress, options: RoomOptions = {}) {
    this.#database = database;
    this.#threads = options.threads ?? 3;
    this.#longThreads = options.longThreads ?? 2;
    this.#mostWaiting = options.mostWaiting ?? 64;
    this.#milliseconds = options.milliseconds;
  }

  /** Refusals: those of the work; OVERLOADED beyond the caller's share or the room's; TOO_MUCH_WORK when its time or memory is used up. */
  run(work: Work, caller: string): Promise<Answer> {
    const refusal = this.#refusalFor(work, caller);
    if (refusal !== undefined) return Promise.resolve({ refusal });
    return new Promise((done, broke) => {
      const share = shareOf(work, caller);
      const job = { work, share, done, broke };
      const line = this.#waiting.get(share);
      if (line === undefined) this.#waiting.set(share, [job]);
      else line.push(job);
      this.#pump();
    });
  }

  /** Ends what runs after it has answered; what waits is refused. */
  async close(): Promise<void> {
    this.#isClosed = true;
    for (const { done } of [...this.#waiting.values()].flat()) done({ refusal: refuseFor('OVERLOADED', 1_000) });
    this.#waiting.clear();
    if (this.#running.size > 0) {
      await new Promise<void>((idle) => {
        this.#idle = idle;
      });
    }
    await Promise.all(this.#free.splice(0).map(({ worker }) => worker.terminate()));
  }

  #refusalFor(work: Work, caller: string): Refusal | undefined {
    if (this.#isClosed) return refuseFor('OVERLOADED', 1_000);
    const share = shareOf(work, caller);
    const mine = [...this.#running].filter((each) => each.share === share);
    const inLine = this.#waiting.get(share)?.length ?? 0;
    if (mine.length > 0 && inLine >= limitsOf[work.kind].waiting) return this.#placeAfter(mine);
    const all = [...this.#waiting.values()].reduce((sum, line) => sum + line.length, 0);
    return all >= this.#mostWaiting ? this.#placeAfter([...this.#running]) : undefined;
  }

  /** The line moves up when one of these is done, at the latest when its time is up. */
  #placeAfter(running: readonly Running[]): Refusal {
    return refuseFor('OVERLOADED', Math.min(...running.map(({ until }) => until)) - performance.now());
  }

  #pump(): void {
    while (this.#running.size < this.#threads) {
      const job = this.#next();
      if (job === undefined) return;
      const running: Running = { ...job, until: performance.now() + this.#timeFor(job) };
      this.#running.add(running);
      void this.#do(running);
    }
  }

  /** The first job of the first share that has none running. */
  #next(): Job | undefined {
    const busy = new Set([...this.#running].map(({ share }) => share));
    const long = [...this.#running].filter(({ work }) => limitsOf[work.kind].isLong).length;
    for (const [share, line] of this.#waiting) {
      const [job] = line;
      if (job === undefined || busy.has(share)) continue;
      if (limitsOf[job.work.kind].isLong && long >= this.#longThreads) continue;
      line.shift();
      return job;
    }
    return undefined;
  }

  /** A share whose turn is over stands behind the others. */
  #endTurn(job: Running): void {
    this.#running.delete(job);
    const line = this.#waiting.get(job.share) ?? [];
    this.#waiting.delete(job.share);
    if (line.length > 0) this.#waiting.set(job.share, line);
    this.#pump();
    if (this.#running.size === 0) this.#idle?.();
  }

  #timeFor = ({ work }: Job): number => this.#milliseconds ?? limitsOf[work.kind].milliseconds;

  async #do(job: Running): Promise<void> {
    const thread = this.#free.pop() ?? this.#startThread();
    const milliseconds = this.#timeFor(job);
    try {
      await thread.isReady;
      job.until = performance.now() + milliseconds;
      const returned = await answerOf(thread.worker, withoutKnownBook(job.work, thread.books), milliseconds);
      if (returned === undefined) {
        void thread.worker.terminate();
        job.done({ refusal: refuse('TOO_MUCH_WORK', { seconds: String(milliseconds / 1000) }) });
      } else {
        this.#free.push(thread);
        if ('failed' in returned)
          job.broke(Object.assign(new Error(returned.failed.message), { code: returned.failed.code }));
        else job.done(returned);
      }
    } catch (error) {
      // The thread ended by itself: it is not used again.
      void thread.worker.terminate();
      if ((error as { code?: unknown }).code === 'ERR_WORKER_OUT_OF_MEMORY')
        job.done({ refusal: refuse('TOO_MUCH_WORK') });
      else job.broke(error as Error);
    }
    this.#endTurn(job);
  }

  #startThread(): Thread {
    const worker = new Worker(new URL('./thread.ts', import.meta.url), {
      workerData: this.#database,
      resourceLimits: { maxOldGenerationSizeMb: mostMegabytes },
    });
    // A server that has nothing else to do may end.
    worker.unref();
    const isReady = new Promise<void>((ready, broke) => {
      worker.once('message', () => ready());
      worker.once('error', broke);
      worker.once('exit', () => broke(new Error('a thread ended before its first work')));
    });
    const thread = { worker, books: new Set<string>(), isReady };
    // One that breaks while it rests is not used again; without a listener it would end the process.
    worker.on('error', () => {
      this.#free = this.#free.filter((other) => other !== thread);
    });
    return thread;
  }
}

const shareOf = ({ kind }: Work, caller: string): string => `${limitsOf[kind].isLong ? 'long' : 'short'} ${caller}`;

/** Undefined when time is up. */
function answerOf(worker: Worker, work: Work, milliseconds: number): Promise<Returned | undefined> {
  return new Promise((done, broke) => {
    const end = (settle: () => void): void => {
      clearTimeout(timer);
      worker.off('message', answered).off('error', failed).off('exit', ended);
      settle();
    };
    const timer = setTimeout(() => end(() => done(undefined)), milliseconds);
    const answered = (returned: Returned): void => end(() => done(returned));
    const failed = (error: Error): void => end(() => broke(error));
    const ended = (): void => failed(new Error('a thread ended in the middle of its work'));
    worker.once('message', answered).once('error', failed).once('exit', ended);
    worker.postMessage(work);
  });
}

/** The same work, its book's document left out when the thread has it. */
function withoutKnownBook(work: Work, known: Set<string>): Work {
  if (!('book' in work)) return work;
  const { digest } = work.book;
  if (known.has(digest)) return { ...work, book: { digest, document: null } };
  known.add(digest);
  return work;
}
