// Requests waiting for their group: one line per account, accounts served in turn, so that nobody starves.

import { type Request, weightOf } from './requests.ts';

interface Line {
  readonly requests: Request[];
  weight: number;
}

export class WaitingRequests {
  readonly #lines = new Map<string, Line>();
  /** Accounts with a line and no group under way, in order of waiting. */
  readonly #ready = new Set<string>();
  readonly #underWay = new Set<string>();
  #weight = 0;

  /** Events and other requests that wait. */
  get weight(): number {
    return this.#weight;
  }

  /** As much of it as one account has. */
  weightFor(account: string): number {
    return this.#lines.get(account)?.weight ?? 0;
  }

  get hasReady(): boolean {
    return this.#ready.size > 0;
  }

  add(request: Request): void {
    const weight = weightOf(request);
    const line = this.#lines.get(request.account);
    if (line === undefined) this.#lines.set(request.account, { requests: [request], weight });
    else {
      line.requests.push(request);
      line.weight += weight;
    }
    if (!this.#underWay.has(request.account)) this.#ready.add(request.account);
    this.#weight += weight;
  }

  /** Takes the next group, about `room` events: whole lines of as many accounts as fit. */
  take(room: number): Map<string, Request[]> {
    const group = new Map<string, Request[]>();
    let left = room;
    for (const account of this.#ready) {
      if (left <= 0) break;
      const line = this.#lines.get(account);
      if (line === undefined) continue;
      const before = left;
      let count = 0;
      while (count < line.requests.length && left > 0) {
        const request = line.requests[count];
        if (request !== undefined) left -= weightOf(request);
        count += 1;
      }
      line.weight -= before - left;
      this.#weight -= before - left;
      group.set(account, line.requests.splice(0, count));
      this.#ready.delete(account);
      this.#underWay.add(account);
    }
    return group;
  }

  /** Takes everything that waits, to be refused. */
  clear(): Request[] {
    const requests = [...this.#lines.values()].flatMap((line) => line.requests);
    this.#lines.clear();
    this.#ready.clear();
    this.#weight = 0;
    return requests;
  }

  /** The group of these accounts is over; those with more waiting get in line again. */
  finish(accounts: Iterable<string>): void {
    for (const account of accounts) {
      this.#underWay.delete(account);
      if ((this.#lines.get(account)?.requests.length ?? 0) > 0) this.#ready.add(account);
      else this.#lines.delete(account);
    }
  }
}
