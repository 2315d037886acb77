// Requests waiting for their group: one line per account, accounts served in turn, so that nobody starves. Where accounts lie in several
// places a group is of one of them, and places are served in turn too.

import { onePlace } from './places.ts';
import { type Request, weightOf } from './requests.ts';

interface Line {
  readonly requests: Request[];
  weight: number;
}

/** Whole lines of accounts of one place. */
export interface TakenGroup {
  readonly place: string;
  readonly group: Map<string, Request[]>;
}

export class WaitingRequests {
  readonly #lines = new Map<string, Line>();
  /** Accounts with a line and no group under way, by place, both in order of waiting. No place stands here without accounts. */
  readonly #ready = new Map<string, Set<string>>();
  /** The same, of whom nobody knows where they lie. */
  readonly #unplaced = new Set<string>();
  readonly #underWay = new Set<string>();
  readonly #placeOf: (account: string) => string | undefined;
  #weight = 0;

  constructor(placeOf: (account: string) => string | undefined = () => onePlace) {
    this.#placeOf = placeOf;
  }

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

  /** Accounts whose place has to be found out: see `placed`. */
  get unplaced(): ReadonlySet<string> {
    return this.#unplaced;
  }

  add(request: Request): void {
    const weight = weightOf(request);
    const line = this.#lines.get(request.account);
    if (line === undefined) this.#lines.set(request.account, { requests: [request], weight });
    else {
      line.requests.push(request);
      line.weight += weight;
    }
    if (!this.#underWay.has(request.account)) this.#makeReady(request.account);
    this.#weight += weight;
  }

  /** Their places are known by now. */
  placed(accounts: Iterable<string>): void {
    for (const account of accounts) if (this.#unplaced.delete(account)) this.#makeReady(account);
  }

  /** Takes the next group, about `room` events: whole lines of as many accounts of one place as fit. Undefined: there is none. */
  take(room: number, mayTake: (place: string) => boolean = () => true): TakenGroup | undefined {
    const place = this.#ready.keys().find(mayTake);
    const ready = place === undefined ? undefined : this.#ready.get(place);
    if (place === undefined || ready === undefined) return undefined;
    const group = new Map<string, Request[]>();
    let left = room;
    for (const account of ready) {
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
      ready.delete(account);
      this.#underWay.add(account);
    }
    // The next group is of another place.
    this.#ready.delete(place);
    if (ready.size > 0) this.#ready.set(place, ready);
    return { place, group };
  }

  /** Takes everything that waits, to be refused; `of`: of these accounts alone. */
  clear(of: (account: string) => boolean = () => true): Request[] {
    const gone: Request[] = [];
    for (const [account, line] of this.#lines) {
      if (!of(account)) continue;
      gone.push(...line.requests);
      this.#weight -= line.weight;
      this.#lines.delete(account);
      this.#unplaced.delete(account);
    }
    for (const [place, ready] of this.#ready) {
      for (const account of ready) if (!this.#lines.has(account)) ready.delete(account);
      if (ready.size === 0) this.#ready.delete(place);
    }
    return gone;
  }

  /** The group of these accounts is over; those with more waiting get in line again. */
  finish(accounts: Iterable<string>): void {
    for (const account of accounts) {
      this.#underWay.delete(account);
      if ((this.#lines.get(account)?.requests.length ?? 0) > 0) this.#makeReady(account);
      else this.#lines.delete(account);
    }
  }

  #makeReady(account: string): void {
    const place = this.#placeOf(account);
    if (place === undefined) {
      this.#unplaced.add(account);
      return;
    }
    const ready = this.#ready.get(place);
    if (ready === undefined) this.#ready.set(place, new Set([account]));
    else ready.add(account);
  }
}
