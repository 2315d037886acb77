// Events that were read and wait for their account's turn. While the ledger is the slower side they gather by account, so that one
// change of a head covers many of them. They lie in columns: as objects they would keep the garbage collector busy.

import type { IncomingEvent } from '../../core/event.ts';
import type { EventColumns, EventKind } from './batch.ts';

/** The rows of one account, chained through `#next`. */
interface AccountLine {
  readonly account: string | undefined;
  first: number;
  last: number;
  count: number;
}

const mostKinds = 10_000;

export class WaitingEvents {
  /** Accounts in the order of their turns. */
  readonly #accounts = new Map<string | undefined, AccountLine>();
  readonly #ids: string[] = [];
  readonly #lines: number[] = [];
  readonly #calls: number[] = [];
  readonly #times: number[] = [];
  readonly #kinds: EventKind[] = [];
  readonly #next: number[] = [];
  readonly #free: number[] = [];
  readonly #knownKinds = new Map<string, EventKind>();
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** Accounts that some of them are of. */
  get accounts(): number {
    return this.#accounts.size;
  }

  add(line: number, account: string | undefined, event: IncomingEvent): void {
    const row = this.#free.pop() ?? this.#ids.length;
    this.#ids[row] = event.id;
    this.#lines[row] = line;
    this.#calls[row] = Number(event.calls);
    this.#times[row] = event.at;
    this.#kinds[row] = this.#kindOf(event);
    this.#next[row] = -1;
    this.#size += 1;
    const waiting = this.#accounts.get(account);
    if (waiting === undefined) {
      this.#accounts.set(account, { account, first: row, last: row, count: 1 });
      return;
    }
    this.#next[waiting.last] = row;
    waiting.last = row;
    waiting.count += 1;
  }

  /** Takes at most `room` events: all that wait of each account in turn. One that is not served whole goes to the end of the line. */
  take(room: number): EventColumns {
    const size = Math.min(room, this.#size);
    const accounts: (string | undefined)[] = [];
    const counts: number[] = [];
    const ids: string[] = [];
    const kinds = new Map<EventKind, number>();
    const columns = {
      lines: new Float64Array(size),
      calls: new Float64Array(size),
      times: new Float64Array(size),
      kindNos: new Uint32Array(size),
    };
    for (const waiting of this.#accounts.values()) {
      if (ids.length === size) break;
      const count = Math.min(waiting.count, size - ids.length);
      accounts.push(waiting.account);
      counts.push(count);
      let row = waiting.first;
      for (let taken = 0; taken < count; taken += 1) {
        const at = ids.length;
        const kind = this.#kinds[row] as EventKind;
        const kindNo = kinds.get(kind) ?? kinds.size;
        if (kindNo === kinds.size) kinds.set(kind, kindNo);
        ids.push(this.#ids[row] as string);
        columns.lines[at] = this.#lines[row] as number;
        columns.calls[at] = this.#calls[row] as number;
        columns.times[at] = this.#times[row] as number;
        columns.kindNos[at] = kindNo;
        this.#free.push(row);
        row = this.#next[row] as number;
      }
      this.#accounts.delete(waiting.account);
      waiting.first = row;
      waiting.count -= count;
      if (waiting.count > 0) this.#accounts.set(waiting.account, waiting);
    }
    this.#size -= size;
    return { accounts, counts: new Uint32Array(counts), ids, kinds: [...kinds.keys()], ...columns };
  }

  #kindOf({ meter, department, facts }: IncomingEvent): EventKind {
    // The contract refuses control characters, so a line end is in none of them.
    const name =
      facts === null && department === null
        ? `${meter}`
        : `${meter ?? ''}\n${department ?? ''}\n${facts?.action ?? ''}\n${facts?.channel ?? ''}\n${facts?.library ?? ''}\n${facts?.resultCode ?? ''}`;
    const known = this.#knownKinds.get(name);
    if (known !== undefined) return known;
    const kind = { meter, department, facts };
    if (this.#knownKinds.size >= mostKinds) this.#knownKinds.clear();
    this.#knownKinds.set(name, kind);
    return kind;
  }
}
