// The way of events without a framework. A connection is read here as long as its bytes are requests that `readHotHead` knows whole;
// at the first byte of anything else the socket becomes Node's, with what was read put back. So Fastify stays the only other voice,
// and nothing is read by both. The choice: docs/decisions/0002.

import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import type { Caller } from './caller.ts';
import { type HotHead, readHotHead } from './hot-head.ts';

/** What the route is asked. The body is whole. */
export interface HotRequest {
  readonly caller: Caller;
  readonly body: Buffer;
  readonly language: string | undefined;
  readonly id: string;
}

/** An answer: what stands in its head beside what all answers have, each line ended, and its text. */
export interface HotAnswer {
  readonly status: string;
  readonly headers: string;
  readonly text: string;
}

export interface HotRoute {
  /** Who calls and may, from memory. */
  recall(authorization: string): Caller | undefined;
  /** Whether somebody calls who may, looked up: then there is memory of it. If not, Fastify has to say why. */
  find(authorization: string): Promise<boolean>;
  /** Answers once what it did is on disk; undefined: it did nothing, and Fastify has to say why. Never rejects. */
  answer(request: HotRequest): Promise<HotAnswer | undefined>;
  newId(): string;
}

export interface HotTimes {
  /** Milliseconds without a request until a connection ends, as Node does it. */
  readonly idle: number;
  /** Milliseconds that a piece of a request waits for its rest before Node counts the time. */
  readonly patience: number;
}

/** Bytes that may wait behind the request at work, or for the client to read: beyond them nothing is read. */
const mostUnread = 128 * 1024;

/** Requests answered here, and connections handed to Node. */
export interface HotCounters {
  answered: number;
  handedOver: number;
}

export class HotConnections {
  readonly counters: HotCounters;
  readonly route: HotRoute;
  readonly keepAlive: string;
  readonly #server: Server;
  readonly #times: HotTimes;
  readonly #open = new Set<HotConnection>();
  readonly #others: ((socket: Socket) => void)[];
  readonly #sweeping: NodeJS.Timeout;
  dateText = new Date().toUTCString();
  stopping = false;

  /** Takes over the connections of a server that listens or will. */
  constructor(server: Server, route: HotRoute, times: HotTimes, counters: HotCounters) {
    this.counters = counters;
    this.#server = server;
    this.route = route;
    this.#times = times;
    this.keepAlive = `connection: keep-alive\r\nkeep-alive: timeout=${Math.floor(times.idle / 1_000)}\r\n`;
    this.#others = server.listeners('connection') as ((socket: Socket) => void)[];
    server.removeAllListeners('connection');
    server.on('connection', (socket: Socket) => {
      if (this.stopping) this.pass(socket);
      else this.#open.add(new HotConnection(socket, this));
    });
    this.#sweeping = setInterval(() => this.#sweep(), 500).unref();
  }

  /** To Node, with all that was not answered put back. */
  pass(socket: Socket): void {
    for (const listener of this.#others) listener.call(this.#server, socket);
  }

  /** What Node says of a request that broke off. */
  brokeOff(socket: Socket): void {
    const error = Object.assign(new Error('Parse Error: Invalid EOF state'), {
      code: 'HPE_INVALID_EOF_STATE',
      reason: 'Invalid EOF state',
    });
    this.#server.emit('clientError', error, socket);
  }

  forget(connection: HotConnection): void {
    this.#open.delete(connection);
  }

  /** Nothing new is read; what is at work is answered and its connection ends. */
  stop(): void {
    this.stopping = true;
    clearInterval(this.#sweeping);
    for (const connection of this.#open) connection.stop();
  }

  /** Those that are still open now. */
  destroy(): void {
    for (const connection of this.#open) connection.destroy();
  }

  #sweep(): void {
    this.dateText = new Date().toUTCString();
    const now = performance.now();
    for (const connection of this.#open) connection.sweep(now, this.#times);
  }
}

class HotConnection {
  readonly #socket: Socket;
  readonly #all: HotConnections;
  #head: HotHead | undefined;
  /** What was read and not yet answered. */
  #unread: Buffer | undefined;
  /** The request that `#unread` begins with is at work. */
  #isBusy = false;
  #hasEnded = false;
  #hasServed = false;
  #since = performance.now();

  constructor(socket: Socket, all: HotConnections) {
    this.#socket = socket;
    this.#all = all;
    socket.setNoDelay(true);
    socket.on('data', this.#onData);
    socket.on('end', this.#onEnd);
    socket.on('error', this.#onError);
    socket.on('close', this.#onClose);
    socket.on('drain', this.#onDrain);
  }

  readonly #onData = (chunk: Buffer): void => {
    this.#unread = this.#unread === undefined ? chunk : Buffer.concat([this.#unread, chunk]);
    if (!this.#isBusy) this.#read();
    else if (this.#unread.length > mostUnread) this.#socket.pause();
  };
  readonly #onDrain = (): void => {
    this.#socket.resume();
    if (!this.#isBusy) this.#read();
  };
  readonly #onEnd = (): void => {
    this.#hasEnded = true;
    if (!this.#isBusy) this.#end();
  };
  readonly #onError = (): void => void this.#socket.destroy();
  readonly #onClose = (): void => this.#all.forget(this);

  /** Reads the next request, if it is whole. */
  #read(): void {
    const unread = this.#unread;
    if (unread === undefined) {
      if (this.#hasEnded) this.#end();
    } else if (this.#socket.writableLength > mostUnread) {
      // Who does not read answers gets no more of them.
      this.#socket.pause();
    } else {
      const head = this.#headOf(unread);
      if (head === 'other' || this.#all.stopping) this.#leave();
      else if (head === 'more') this.#wait();
      else this.#admit(head, unread);
    }
  }

  /** The rest has to come; a client that has ended sends none. */
  #wait(): void {
    if (this.#hasEnded) this.#end();
  }

  /** Who may not call is told before the body is there. */
  #admit(head: HotHead, unread: Buffer): void {
    const { route } = this.#all;
    const caller = route.recall(head.authorization);
    if (caller === undefined) {
      this.#isBusy = true;
      const leave = (): void => this.#leave();
      route.find(head.authorization).then((isThere) => {
        this.#isBusy = false;
        if (isThere) this.#read();
        else leave();
      }, leave);
      return;
    }
    const size = head.bytes.length + head.length;
    if (unread.length < size) {
      this.#wait();
      return;
    }
    this.#isBusy = true;
    this.#since = performance.now();
    const id = head.requestId ?? route.newId();
    const body = unread.subarray(head.bytes.length, size);
    void route.answer({ caller, body, language: head.language, id }).then((answer) => {
      if (answer === undefined) this.#leave();
      else this.#say(id, size, answer);
    });
  }

  /** Most requests of a connection have the same head. */
  #headOf(unread: Buffer): HotHead | 'more' | 'other' {
    const last = this.#head;
    if (last !== undefined) {
      const { bytes } = last;
      const isThere = unread.length >= bytes.length;
      if (isThere && unread.compare(bytes, 0, bytes.length, 0, bytes.length) === 0) return last;
    }
    const found = readHotHead(unread);
    if (typeof found !== 'string') this.#head = found;
    return found;
  }

  #say(id: string, size: number, { status, headers, text }: HotAnswer): void {
    const all = this.#all;
    all.counters.answered += 1;
    const socket = this.#socket;
    const ends = all.stopping || socket.destroyed;
    const length = Buffer.byteLength(text);
    socket.write(
      `HTTP/1.1 ${status}\r\nx-request-id: ${id}\r\nx-content-type-options: nosniff\r\n${headers}content-length: ${length}\r\ndate: ${all.dateText}\r\n${ends ? 'connection: close\r\n' : all.keepAlive}\r\n${text}`,
      // Bytes and characters are one thing where every character is a byte.
      length === text.length ? 'latin1' : 'utf8',
    );
    const unread = this.#unread as Buffer;
    this.#unread = unread.length === size ? undefined : unread.subarray(size);
    this.#isBusy = false;
    this.#hasServed = true;
    this.#since = performance.now();
    if (ends) {
      socket.end();
      return;
    }
    if (socket.isPaused()) socket.resume();
    this.#read();
  }

  #end(): void {
    if (this.#unread !== undefined) this.#all.brokeOff(this.#socket);
    else this.#socket.end();
  }

  #leave(): void {
    const socket = this.#socket;
    const all = this.#all;
    all.forget(this);
    if (socket.destroyed) return;
    // A client that has ended is heard by nobody else: its end does not come twice.
    if (this.#hasEnded) {
      all.brokeOff(socket);
      return;
    }
    all.counters.handedOver += 1;
    socket.off('data', this.#onData);
    socket.off('end', this.#onEnd);
    socket.off('error', this.#onError);
    socket.off('close', this.#onClose);
    socket.off('drain', this.#onDrain);
    socket.pause();
    if (this.#unread !== undefined) socket.unshift(this.#unread);
    this.#unread = undefined;
    all.pass(socket);
    socket.resume();
  }

  stop(): void {
    if (this.#isBusy) return;
    if (this.#unread === undefined) this.#socket.destroy();
    else this.#leave();
  }

  destroy(): void {
    this.#socket.destroy();
  }

  sweep(now: number, { idle, patience }: HotTimes): void {
    if (this.#isBusy) return;
    const since = now - this.#since;
    // A first request, or the rest of one: Node has its own times for those that do not come.
    const isAwaited = !this.#socket.isPaused() && (this.#unread !== undefined || !this.#hasServed);
    if (isAwaited && since > patience) this.#leave();
    else if (since > idle) this.#socket.destroy();
  }
}
