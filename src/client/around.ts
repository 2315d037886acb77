// A call that is asked for before it is made, and told of afterwards, as one thing around the function that makes it.

import { clientWords } from '../words/client.ts';
import type { Exchange } from './exchange.ts';
import { Problem } from './exchange.ts';
import type { Capture, Hold, NewHold, Outcome, Receipt } from './shapes.ts';

/** What is asked of the client. */
interface Calls {
  authorize(asked: NewHold): Promise<Hold>;
  capture(id: string, outcome: Outcome, account?: string): Promise<Capture>;
  release(id: string, account?: string): Promise<unknown>;
  record(event: {
    readonly id: string;
    readonly account?: string;
    readonly meter?: string;
    readonly calls?: number;
    readonly time: string;
    readonly department?: string;
  }): Promise<{ readonly receipt?: Receipt | undefined }>;
}

export interface AroundOptions<Value> {
  /** How the call went, from what the function gave; `release`: it is not to be paid. Without it every call that was made is charged. */
  readonly outcome?: (value: Value) => Outcome | 'release';
  /**
   * How it went where the function threw; `release` if not given. A call whose fate nobody knows (a time-out after it was sent) may have
   * to be paid: `keep` leaves it held until its time is out, so that somebody can look.
   */
  readonly failed?: (error: unknown) => Outcome | 'release' | 'keep';
}

/** The function was run and its call could not be recorded: what it gave is here, and what to send. */
export class NotCaptured<Value = unknown> extends Error {
  override readonly name = 'NotCaptured';
  readonly id: string;
  readonly outcome: Outcome;
  /** What the function gave; undefined where it threw. */
  readonly value: Value | undefined;

  constructor(message: string, id: string, outcome: Outcome, value: Value | undefined, cause: unknown) {
    super(message, { cause });
    this.id = id;
    this.outcome = outcome;
    this.value = value;
  }
}

export interface Around<Value> {
  readonly value: Value;
  /** Who paid; undefined: released, nobody did. */
  readonly receipt: Receipt | undefined;
}

/** Throws `Problem` where the call may not be made (the function is not run), what the function throws, or `NotCaptured`. */
export async function callAround<Value>(
  calls: Calls,
  exchange: Exchange,
  asked: NewHold & { readonly id: string },
  work: (hold: Hold) => Promise<Value>,
  { outcome = () => ({}), failed = () => 'release' }: AroundOptions<Value>,
): Promise<Around<Value>> {
  const hold = await calls.authorize(asked);
  // A release that does not arrive is one that the end of the hold makes.
  const release = () => calls.release(asked.id, asked.account).catch(() => undefined);
  const settle = async (went: Outcome, value: Value | undefined): Promise<Receipt | undefined> => {
    const time = new Date(exchange.clock()).toISOString();
    try {
      return await captureOrRecord(calls, asked, went, time);
    } catch (cause) {
      throw new NotCaptured(clientWords.notCaptured(asked.id)[exchange.language], asked.id, went, value, cause);
    }
  };
  let value: Value;
  try {
    value = await work(hold);
  } catch (error) {
    const went = failed(error);
    if (went === 'release') await release();
    else if (went !== 'keep') await settle(went, undefined);
    throw error;
  }
  const went = outcome(value);
  if (went !== 'release') return { value, receipt: await settle(went, value) };
  await release();
  return { value, receipt: undefined };
}

/** A hold whose time was out before the call was made: it did happen, and is an event of the same id. */
async function captureOrRecord(
  calls: Calls,
  { id, account, meter, calls: count, department }: NewHold & { readonly id: string },
  went: Outcome,
  time: string,
): Promise<Receipt | undefined> {
  try {
    return (await calls.capture(id, went, account)).receipt;
  } catch (error) {
    if (!(error instanceof Problem) || error.code !== 'HOLD_ENDED') throw error;
    const event = {
      ...{ id, time },
      ...(account === undefined ? {} : { account }),
      ...(went.action === undefined ? { meter } : went),
      ...(count === undefined ? {} : { calls: count }),
      ...(department === undefined ? {} : { department }),
    };
    return (await calls.record(event)).receipt;
  }
}
