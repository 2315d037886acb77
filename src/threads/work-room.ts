// Where long work is done: a few threads, a time for each work, a share for each caller. The event loop only hands over and
// receives. A caller's works run one at a time, the short beside the long, so that no one caller holds every thread; callers are
// served in turn. Whoever waits, waits for a while only, and whoever has hung up neither waits nor runs.

import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';
import { type Refusal, refuse, refuseFor } from '../core/refusal.ts';
import type { DatabaseAddress } from '../store/connection/connect.ts';
import { type Answer, limitsOf, type Returned, type Work } from './tasks.ts';

export interface RoomOptions {
  readonly threads?: number;
  /** Threads that long work may hold; the others are for the short. */
  readonly longThreads?: number;
  /** How many may wait: of the short, and of the long. */
  readonly mostWaiting?: number;
  /** How long one waits. */
  readonly patience?: number;
  /** In place of the time of each kind of work. */
  readonly milliseconds?: number;
}

/** Whom a work counts against: `own` has its line, `wider`, that is it and its neighbours, has its turn. */
export interface Share {
  readonly own: string;
  readonly wider: string;
}

interface Job {
  readonly work: Work;
  readonly isLong: boolean;
  /** Names of its line and of those whose turn it takes, the short apart from the long. */
  readonly line: string;
  readonly turn: string;
  /** When its place will be free at the latest, on the clock of `performance.now`: in line its patience ends, in a thread its time. */
  until: number;
  readonly gone: AbortSignal;
  /** It waits no longer. */
  readonly endWait: () => void;
  readonly done: (answer: Answer) => void;
  readonly broke: (error: Error) => void;
}

interface Thread {
  readonly worker: Worker;
  /** Digests of the price books it was sent. */
  readonly books: Set<string>;
  readonly isReady: Promise<void>;
}

/** Enough for the largest work; a thread that wants more is ended alone, instead of the server. */
const mostMegabytes = 512;

/** What runs for one who has hung up is left this long, milliseconds: the most is done by then, and a new thread takes as long to start. */
const grace = 300;

/** How many times what one caller may have under way its neighbours and it may have together. */
const sharesOfWider = 2;

export class WorkRoom {
  readonly #database: DatabaseAddress;
  readonly #threads: number;
  readonly #longThreads: number;
  readonly #mostWaiting: number;
  readonly #patience: number;
  readonly #milliseconds: number | undefined;
  #free: Thread[] = [];
  readonly #running = new Set<Job>();
  /** Lines by name, none of them empty, in the order in which they are served. */
  readonly #waiting = new Map<string, Job[]>();
  #isClosed = false;
  #idle: (() => void) | undefined;

  constructor(database: DatabaseAddress, options: RoomOptions = {}) {
    this.#database = database;
    this.#threads = options.threads ?? 3;
    this.#longThreads = options.longThreads ?? 2;
    this.#mostWaiting = options.mostWaiting ?? 128;
    this.#patience = options.patience ?? 7_000;
    this.#milliseconds = options.milliseconds;
  }

  /**
   * Refusals: those of the work; OVERLOADED beyond the caller's share, the room's, or its patience, and for one who is `gone`, whom no
   * answer reaches; TOO_MUCH_WORK when its time or memory is used up.
   */
  run(work: Work, { own, wider }: Share, gone: AbortSignal = new AbortController().signal): Promise<Answer> {
    const { isLong } = limitsOf[work.kind];
    const [line, turn] = [own, wider].map((name) => `${isLong ? 'long' : 'short'} ${name}`) as [string, string];
    const refusal = gone.aborted ? refuseFor('OVERLOADED', 0) : this.#refusalFor(work, line, turn);
    if (refusal !== undefined) return Promise.resolve({ refusal });
    return new Promise((done, broke) => {
      const leave = (): void => this.#leave(job);
      const patience = setTimeout(leave, this.#patience);
      gone.addEventListener('abort', leave);
      const endWait = (): void => {
        clearTimeout(patience);
        gone.removeEventListener('abort', leave);
      };
      const job: Job = {
        work,
        isLong,
        line,
        turn,
        until: performance.now() + this.#patience,
        gone,
        endWait,
        done,
        broke,
      };
      const before = this.#waiting.get(line);
      if (before === undefined) this.#waiting.set(line, [job]);
      else before.push(job);
      this.#pump();
    });
  }

  /** Ends what runs after it has answered; what waits is refused. */
  async close(): Promise<void> {
    this.#isClosed = true;
    for (const { endWait, done } of this.#inLine()) {
      endWait();
      done({ refusal: refuseFor('OVERLOADED', 1_000) });
    }
    this.#waiting.clear();
    if (this.#running.size > 0) {
      await new Promise<void>((idle) => {
        this.#idle = idle;
      });
    }
    await Promise.all(this.#free.splice(0).map(({ worker }) => worker.terminate()));
  }

  #inLine = (): Job[] => [...this.#waiting.values()].flat();

  #refusalFor({ kind }: Work, line: string, turn: string): Refusal | undefined {
    if (this.#isClosed) return refuseFor('OVERLOADED', 1_000);
    const { isLong, waiting } = limitsOf[kind];
    const inLine = this.#inLine().filter((each) => each.isLong === isLong);
    const all = [...inLine, ...[...this.#running].filter((each) => each.isLong === isLong)];
    const mine = all.filter((each) => each.line === line);
    if (mine.length >= waiting + 1) return placeAfter(mine);
    const near = all.filter((each) => each.turn === turn);
    if (near.length >= sharesOfWider * (waiting + 1)) return placeAfter(near);
    return inLine.length >= this.#mostWaiting ? placeAfter(all) : undefined;
  }

  /** Out of its line, undone: it waited for long enough, or whoever asked has hung up. */
  #leave(job: Job): void {
    const left = (this.#waiting.get(job.line) ?? []).filter((each) => each !== job);
    if (left.length > 0) this.#waiting.set(job.line, left);
    else this.#waiting.delete(job.line);
    job.endWait();
    const before = [...this.#running].filter(({ isLong }) => isLong === job.isLong);
    job.done({ refusal: placeAfter(before.length > 0 ? before : [...this.#running]) });
  }

  #pump(): void {
    while (this.#running.size < this.#threads) {
      const job = this.#next();
      if (job === undefined) return;
      job.endWait();
      job.until = performance.now() + this.#timeFor(job);
      this.#running.add(job);
      void this.#do(job);
    }
  }

  /** The first job of the first line whose turn is not under way already. */
  #next(): Job | undefined {
    const busy = new Set([...this.#running].map(({ turn }) => turn));
    const long = [...this.#running].filter(({ isLong }) => isLong).length;
    for (const [name, [job, ...others]] of this.#waiting) {
      if (job === undefined || busy.has(job.turn)) continue;
      if (job.isLong && long >= this.#longThreads) continue;
      if (others.length > 0) this.#waiting.set(name, others);
      else this.#waiting.delete(name);
      return job;
    }
    return undefined;
  }

  /** Whoever's turn is over stands behind the others, and behind those who share the turn. */
  #endTurn(job: Job): void {
    this.#running.delete(job);
    const mine = [...this.#waiting].filter(([, [first]]) => first?.turn === job.turn);
    for (const [name, line] of mine.toSorted(([a], [b]) => Number(a === job.line) - Number(b === job.line))) {
      this.#waiting.delete(name);
      this.#waiting.set(name, line);
    }
    this.#pump();
    if (this.#running.size === 0) this.#idle?.();
  }

  #timeFor = ({ work }: Job): number => this.#milliseconds ?? limitsOf[work.kind].milliseconds;

  async #do(job: Job): Promise<void> {
    const thread = this.#free.pop() ?? this.#startThread();
    const milliseconds = this.#timeFor(job);
    try {
      await thread.isReady;
      job.until = performance.now() + milliseconds;
      const returned = job.gone.aborted
        ? { refusal: refuseFor('OVERLOADED', 0) }
        : await answerOf(thread.worker, withoutKnownBook(job.work, thread.books), milliseconds, job.gone);
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
    const worker = new Worker(new URL(`./thread${extname(import.meta.url)}`, import.meta.url), {
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

/** A place is free when the first of these leaves its own, at the latest. */
const placeAfter = (jobs: readonly Job[]): Refusal =>
  refuseFor('OVERLOADED', Math.min(...jobs.map(({ until }) => until)) - performance.now());

/** Undefined when time is up, which is soon for one who has gone. */
function answerOf(worker: Worker, work: Work, milliseconds: number, gone: AbortSignal): Promise<Returned | undefined> {
  return new Promise((done, broke) => {
    const end = (settle: () => void): void => {
      clearTimeout(timer);
      gone.removeEventListener('abort', hurry);
      worker.off('message', answered).off('error', failed).off('exit', ended);
      settle();
    };
    const timeIsUp = (): void => end(() => done(undefined));
    let timer = setTimeout(timeIsUp, milliseconds);
    const hurry = (): void => {
      clearTimeout(timer);
      timer = setTimeout(timeIsUp, grace);
    };
    const answered = (returned: Returned): void => end(() => done(returned));
    const failed = (error: Error): void => end(() => broke(error));
    const ended = (): void => failed(new Error('a thread ended in the middle of its work'));
    worker.once('message', answered).once('error', failed).once('exit', ended);
    gone.addEventListener('abort', hurry);
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
