// Holds, captures and releases on their way to the ledger: those that wait at a moment are asked in one request.

import type { Told } from './told.ts';

/** As the ledger's own operation takes it; `id` and `account` say whose hold it is. */
export interface Step {
  readonly step: 'hold' | 'capture' | 'release';
  readonly id: string;
  readonly account: string;
  readonly [fact: string]: unknown;
}

/** So many a request, which is the most that the ledger takes. */
const mostSteps = 100;
/** Requests under way before others wait to be many. */
const mostUnderWay = 2;
/** One that takes longer, because an account of it is locked, say, keeps no others waiting; in milliseconds. */
const usualTime = 25;

interface Waiting {
  readonly step: Step;
  readonly done: (told: Told) => void;
}

export class Steps {
  readonly #ask: (steps: readonly Step[]) => Promise<Told>;
  #waiting: Waiting[] = [];
  #underWay = 0;
  #isDue = false;

  constructor(ask: (steps: readonly Step[]) => Promise<Told>) {
    this.#ask = ask;
  }

  /** What the ledger says of it. Never rejects. */
  take(step: Step): Promise<Told> {
    return new Promise((done) => {
      this.#waiting.push({ step, done });
      this.#send();
    });
  }

  /** Those of one turn of the loop go together. */
  #send(): void {
    if (this.#isDue || this.#underWay >= mostUnderWay) return;
    this.#isDue = true;
    setImmediate(() => {
      this.#isDue = false;
      while (this.#waiting.length > 0 && this.#underWay < mostUnderWay) {
        void this.#sendSome(this.#waiting.splice(0, mostSteps));
      }
    });
  }

  async #sendSome(some: readonly Waiting[]): Promise<void> {
    this.#underWay += 1;
    let counts = true;
    const free = (): void => {
      if (!counts) return;
      counts = false;
      this.#underWay -= 1;
      if (this.#waiting.length > 0) this.#send();
    };
    const late = setTimeout(free, usualTime);
    const told = await this.#ask(some.map(({ step }) => step)).catch((): Told => ({ kind: 'away' }));
    clearTimeout(late);
    free();
    for (const [at, { done }] of some.entries()) done(toldOf(told, at));
  }
}

interface Result {
  readonly refusal?: { readonly status: number; readonly code: string; readonly pointer?: string };
}

/** What was said of one step of many. */
function toldOf(told: Told, at: number): Told {
  if (told.kind !== 'done') return told;
  const { results } = told.body as { readonly results?: readonly (Result | null)[] };
  const result = Array.isArray(results) ? (results[at] as Result | null | undefined) : undefined;
  if (typeof result !== 'object' || result === null) return { kind: 'away' };
  const { refusal } = result;
  if (refusal === undefined) return { kind: 'done', body: {} };
  const { status, code, pointer } = refusal;
  return status >= 500 ? { kind: 'away' } : { kind: 'refused', code: String(code), pointer };
}
