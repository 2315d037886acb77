// A line between a client and the application that tests break: answers get lost after the work was done, or something else answers.

import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { OpenApp } from './open-app.ts';

interface Said {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly text: string;
}

/** What becomes of a request: nothing of it arrives, its answer is lost or cut, or somebody else gives one. */
export type Weakness = 'deaf' | 'lost' | 'cut' | Said;

export class WeakLine {
  readonly seen: { readonly method: string; readonly url: string; readonly body: string; readonly key: string }[] = [];
  /** For the next requests, in order; those behind them get through. */
  readonly weaknesses: Weakness[] = [];
  /** Each request waits for it before it is handed on. */
  gate: Promise<void> = Promise.resolve();
  readonly #open: OpenApp;
  readonly #server: Server;

  constructor(open: OpenApp) {
    this.#open = open;
    this.#server = createServer((request, response) => void this.#pass(request, response));
  }

  async open(port = 0): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(port, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  close(): Promise<void> {
    this.#server.closeAllConnections();
    return new Promise((resolve) => this.#server.close(() => resolve()));
  }

  async #pass(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    const body = Buffer.concat(parts);
    const { method = '', url = '', headers } = request;
    this.seen.push({ method, url, body: body.toString(), key: String(headers['idempotency-key'] ?? '') });
    const weakness = this.weaknesses.shift();
    await this.gate;
    if (weakness === 'deaf') {
      request.socket.destroy();
      return;
    }
    if (typeof weakness === 'object') {
      response.writeHead(weakness.status, { 'content-type': 'application/problem+json', ...weakness.headers });
      response.end(weakness.text);
      return;
    }
    const { host: _, ...rest } = headers;
    const answer = await this.#open.app.inject({
      ...{ method: method as 'GET', url, headers: rest as Record<string, string> },
      ...(body.length === 0 ? {} : { payload: body }),
    });
    if (weakness === 'lost') {
      request.socket.destroy();
      return;
    }
    const { 'content-length': __, 'transfer-encoding': ___, ...own } = answer.headers;
    response.writeHead(answer.statusCode, own as Record<string, string>);
    response.end(weakness === 'cut' ? answer.payload.slice(0, -5) : answer.payload);
  }
}
