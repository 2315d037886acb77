// How many bytes of bodies may be under way, decided before a body is read: nobody fills the memory with what he never ends.

import type { onRequestHookHandler } from 'fastify';
import { refuseFor } from '../core/refusal.ts';
import { beyondShare } from '../core/share.ts';
import { shareOf } from './caller-share.ts';
import { sendProblem } from './problem.ts';

export interface BodyLimits {
  /** Bytes of one name. */
  readonly mostOfOne: number;
  /** Bytes in all. */
  readonly most: number;
}

export interface BodyShare {
  /** The body has arrived and is no longer than this. */
  shrink(bytes: number): void;
  /** It is done with; more than once is once. */
  end(): void;
}

declare module 'fastify' {
  interface FastifyRequest {
    /** Null where the body is not counted. */
    bodyShare: BodyShare | null;
  }
}

export class BodyShares {
  readonly #limits: BodyLimits;
  readonly #own = new Map<string, number>();
  #all = 0;

  constructor(limits: BodyLimits) {
    this.#limits = limits;
  }

  /** Undefined: too much of this name's is under way, or of all. */
  take(name: string, bytes: number): BodyShare | undefined {
    const { mostOfOne, most } = this.#limits;
    const own = this.#own.get(name) ?? 0;
    const all = this.#all + bytes;
    const beyond = own === 0 ? all - most : Math.max(own + bytes - mostOfOne, beyondShare(most, all, own + bytes));
    if (beyond > 0) return undefined;
    this.#add(name, bytes);
    let held = bytes;
    const shrink = (to: number): void => {
      const less = Math.max(0, held - to);
      held -= less;
      this.#add(name, -less);
    };
    return { shrink, end: () => shrink(0) };
  }

  #add(name: string, bytes: number): void {
    this.#all += bytes;
    const own = (this.#own.get(name) ?? 0) + bytes;
    if (own === 0) this.#own.delete(name);
    else this.#own.set(name, own);
  }
}

/** Bodies that say they are no longer are not counted: a connection sends one at a time, and single events pay nothing. */
const uncounted = 64 * 1024;
/** Until asking again is worth it, milliseconds: the largest body is read and settled in less. */
const pause = 2_000;

/** For a route with long bodies, of `limit` bytes at most; to be asked once it is known who calls. */
export function boundBodies(shares: BodyShares, limit: number): onRequestHookHandler {
  return (request, reply, done) => {
    const { 'content-length': length, 'transfer-encoding': encoding } = request.headers;
    const bytes = length === undefined ? (encoding === undefined ? 0 : limit) : Number(length);
    const { caller } = request;
    const { socket } = request.raw;
    // What is longer than the limit is refused unread; of a connection that is gone nothing more will come, nor the news that it went.
    if (bytes <= uncounted || bytes > limit || caller === null || socket.destroyed) return done();
    const share = shares.take(shareOf(caller, request.ip).own, bytes);
    if (share === undefined) {
      return void sendProblem(request, reply.header('connection', 'close'), refuseFor('OVERLOADED', pause));
    }
    request.bodyShare = share;
    // An answer that waits behind another on its connection is not told when that breaks: the connection is asked itself.
    const end = (): void => {
      share.end();
      socket.off('close', end);
    };
    socket.once('close', end);
    reply.raw.once('close', end);
    done();
  };
}
