// A real receiver of webhooks for tests.

import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

interface Got {
  readonly path: string;
  readonly headers: Record<string, string>;
  readonly body: string;
}

/** A receiver of webhooks on this machine: what it answers stands in the path. */
export class Receiver {
  readonly got: Got[] = [];
  readonly #server: Server;

  constructor() {
    this.#server = createServer(async (request, response) => {
      const path = request.url ?? '';
      this.got.push({ path, headers: request.headers as Record<string, string>, body: await bodyOf(request) });
      if (path.startsWith('/slow')) return;
      if (path.startsWith('/101')) response.setHeader('connection', 'upgrade').setHeader('upgrade', 'another');
      if (path.startsWith('/moved')) response.setHeader('location', '/ok-after-a-redirect');
      response.statusCode = Number(/^\/(\d{3})/.exec(path)?.[1] ?? (path.startsWith('/moved') ? 307 : 200));
      if (!path.startsWith('/huge')) response.end();
      else for (let block = 0; block < 64; block += 1) response.write(Buffer.alloc(1024 * 1024));
    });
  }

  async open(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  of(path: string): Got[] {
    return this.got.filter((each) => each.path === path);
  }

  close(): Promise<void> {
    this.#server.closeAllConnections();
    return new Promise((resolve) => this.#server.close(() => resolve()));
  }
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts).toString();
}
