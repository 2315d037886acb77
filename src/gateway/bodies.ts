// Bodies of calls: each in bounds, and all that are here at a time, so that nobody fills this machine's memory.

import type { GatewayError } from '../words/gateway.ts';

const mostBody = 12 * 1024 * 1024;
/** Bytes of all bodies that are read, or whose calls are under way. */
export const usualBodies = 512 * 1024 * 1024;

export class Bodies {
  readonly #most: number;
  #here = 0;

  constructor(most: number) {
    this.#most = most;
  }

  /**
   * What becomes of a body: it is here until `work` is done. One that is not taken, by `refused`, its size or that of all, is read to its
   * end and dropped, so that the client reads why.
   */
  async hold<Done>(
    sent: AsyncIterable<Buffer>,
    refused: GatewayError | undefined,
    work: (body: Buffer) => Promise<Done>,
  ): Promise<Done | GatewayError> {
    const parts: Buffer[] = [];
    let size = 0;
    let error = refused;
    try {
      for await (const part of sent) {
        if (error !== undefined) continue;
        size += part.length;
        this.#here += part.length;
        if (size > mostBody) error = 'RequestSizeLimitExceeded';
        else if (this.#here > this.#most) error = 'RequestLimitExceeded';
        else parts.push(part);
        if (error === undefined) continue;
        parts.length = 0;
        this.#here -= size;
        size = 0;
      }
      return error ?? (await work(Buffer.concat(parts)));
    } finally {
      this.#here -= size;
    }
  }
}
