// Asks a thread for advice: a plan may take seconds, and nobody else waits for it.

import type { Calls, Instant } from '../core/units.ts';
import { callsOf } from '../core/units.ts';
import type { DatabaseAddress } from '../store/connection/connect.ts';
import { WorkRoom } from './work-room.ts';

const share = { own: 'standing orders', wider: 'standing orders' };

export class Adviser {
  readonly #room: WorkRoom;

  constructor(database: DatabaseAddress) {
    this.#room = new WorkRoom(database, { threads: 1, longThreads: 1 });
  }

  /** The size that an account should buy of a product; null: none, or nobody knows. */
  async size(account: string, product: string, now: Instant): Promise<Calls | null> {
    const answer = await this.#room.run({ kind: 'advice', account, product, now }, share);
    if (!('body' in answer)) return null;
    const { size } = JSON.parse(answer.body) as { readonly size: number | null };
    return size === null ? null : callsOf(BigInt(size));
  }

  close(): Promise<void> {
    return this.#room.close();
  }
}
