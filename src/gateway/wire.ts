// One request to a neighbour, over connections that are kept: sent once, and known to be unsent where it is.

import {
  type ClientRequest,
  Agent as HttpAgent,
  type IncomingMessage,
  type OutgoingHttpHeaders,
  request as overHttp,
} from 'node:http';
import { Agent as HttpsAgent, request as overHttps } from 'node:https';
import type { Socket } from 'node:net';

/** `unsent`: no byte of it left this process. `lost`: nobody knows what became of it. */
export type Wired =
  | { readonly kind: 'answer'; readonly status: number; readonly body: Buffer }
  | { readonly kind: 'unsent' | 'lost' };

export interface Sending {
  readonly method: string;
  /** With its query. */
  readonly path: string;
  readonly headers: OutgoingHttpHeaders;
  readonly body: string | Uint8Array;
  /** Milliseconds for all of it: a free connection, a new one, the answer. */
  readonly patience: number;
}

export interface Connections {
  /** Open at a time; who finds none free waits. */
  readonly most: number;
  /** Of those that nobody uses. */
  readonly kept: number;
  /** Milliseconds for making one, TLS included; 5,000 if not given. */
  readonly connectFor?: number;
}

/** An idle connection is closed before neighbours think of it; their own `Keep-Alive: timeout` counts where it is shorter. */
const idleMilliseconds = 4_000;
const mostAnswer = 32 * 1024 * 1024;

export class Wire {
  readonly #url: URL;
  readonly #isSecure: boolean;
  readonly #agent: HttpAgent;
  readonly #connectFor: number;
  /** Connections that are made: what waits for one of the others has sent nothing. */
  readonly #made = new WeakSet<Socket>();

  constructor(url: URL, { most, kept, connectFor = 5_000 }: Connections) {
    this.#url = url;
    this.#connectFor = connectFor;
    this.#isSecure = url.protocol === 'https:';
    const options = { keepAlive: true, maxSockets: most, maxFreeSockets: kept, timeout: idleMilliseconds };
    this.#agent = this.#isSecure ? new HttpsAgent(options) : new HttpAgent(options);
  }

  /** A kept connection that the neighbour had closed is found out before anything is sent: then on one of its own. */
  async send(sending: Sending): Promise<Wired> {
    const end = performance.now() + sending.patience;
    const first = await this.#once(sending, this.#agent, sending.patience);
    const left = end - performance.now();
    if (first.kind !== 'unsent' || !first.wasKept || left <= 0) return first;
    return this.#once(sending, false, left);
  }

  #once(
    { method, path, headers, body }: Sending,
    agent: HttpAgent | false,
    patience: number,
  ): Promise<Wired & { readonly wasKept: boolean }> {
    return new Promise((resolve) => {
      let isSent = false;
      let wasKept = false;
      const fail = (): void => resolve({ kind: isSent ? 'lost' : 'unsent', wasKept });
      const ask = this.#isSecure ? overHttps : overHttp;
      const request = ask(this.#url, { method, path, headers, agent });
      request.on('socket', (socket) => {
        wasKept = this.#made.has(socket);
        this.#whenOpen(socket, wasKept, () => {
          if (request.destroyed || !socket.writable) return void request.destroy(new Error('closed'));
          isSent = true;
          request.end(body);
        });
      });
      request.on('error', fail);
      request.on('response', (response) =>
        readAnswer(response).then((answer) => resolve({ ...answer, wasKept }), fail),
      );
      endAfter(request, patience);
    });
  }

  /** A kept one's end may have arrived and not been seen: two turns of the loop show it. */
  #whenOpen(socket: Socket, wasKept: boolean, then: () => void): void {
    if (wasKept) return void setImmediate(() => setImmediate(then));
    const late = setTimeout(() => socket.destroy(new Error('no connection')), this.#connectFor);
    socket.once('close', () => clearTimeout(late));
    socket.once(this.#isSecure ? 'secureConnect' : 'connect', () => {
      clearTimeout(late);
      this.#made.add(socket);
      then();
    });
  }
}

function endAfter(request: ClientRequest, patience: number): void {
  const end = setTimeout(() => request.destroy(new Error('late')), patience);
  request.on('close', () => clearTimeout(end));
}

async function readAnswer(response: IncomingMessage): Promise<Extract<Wired, { kind: 'answer' }>> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of response as AsyncIterable<Buffer>) {
    size += part.length;
    if (size > mostAnswer) throw new Error('too large');
    parts.push(part);
  }
  return { kind: 'answer', status: response.statusCode ?? 0, body: Buffer.concat(parts) };
}
