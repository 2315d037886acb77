// Straight to the ledger, with no server between. Accounts are served in turn, each with everything that waits for it: while
// the database is the slower side, events gather by account, so that one change of a head covers many of them.

import { refusalTexts } from '../../core/refusal-texts.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import { type EventResult, type IncomingEvent, isOverload } from '../../ledger/requests.ts';
import type { ParsedEvent } from '../../usage-files/row.ts';
import { type Destination, eventDocument, type ImportedEvent, ImportTrouble } from './destination.ts';
import type { Tally } from './tally.ts';

/** Events of one call: with several thousand, the ledger copies instead of inserting. */
const mostOfCall = 5_000;

export interface DirectOptions {
  readonly ledger: Ledger;
  readonly tally: Tally;
  /** For events that name none. */
  readonly account: string | undefined;
  /** Events that wait here for their account's turn. */
  readonly mostWaiting?: number;
  /** Events handed to the ledger and not answered yet. */
  readonly mostUnderWay?: number;
}

/** Events of one account that wait, in the form the ledger takes: what they were read as is not kept beside it. */
interface AccountLine {
  readonly lines: number[];
  readonly events: IncomingEvent[];
}

export class DirectDestination implements Destination {
  readonly #options: DirectOptions;
  readonly #mostWaiting: number;
  readonly #mostUnderWay: number;
  /** Accounts in the order in which they began to wait. */
  readonly #lines = new Map<string, AccountLine>();
  /** Whose turn is next. Kept from turn to turn: a new iterator would step over every account that has left since. */
  #turns = this.#lines.entries();
  #waiting = 0;
  #underWay = 0;
  #finishing = false;
  #wake: (() => void) | undefined;
  #trouble: ImportTrouble | undefined;

  constructor(options: DirectOptions) {
    this.#options = options;
    this.#mostWaiting = options.mostWaiting ?? 200_000;
    this.#mostUnderWay = options.mostUnderWay ?? 20_000;
  }

  add(events: readonly ImportedEvent[]): void {
    const fallback = this.#options.account;
    for (const row of events) {
      const account = row.event.account ?? fallback;
      if (account === undefined) this.#refuseHomeless(row);
      else {
        let waiting = this.#lines.get(account);
        if (waiting === undefined) {
          waiting = { lines: [], events: [] };
          this.#lines.set(account, waiting);
        }
        waiting.lines.push(row.line);
        waiting.events.push(incomingOf(row.event));
        this.#waiting += 1;
      }
    }
    this.#feed();
  }

  async room(): Promise<void> {
    while (this.#trouble === undefined && this.#waiting >= this.#mostWaiting) await this.#change();
    if (this.#trouble !== undefined) throw this.#trouble;
  }

  async finish(drop: boolean): Promise<void> {
    if (drop || this.#trouble !== undefined) {
      this.#lines.clear();
      this.#waiting = 0;
    }
    this.#finishing = true;
    this.#feed();
    while (this.#underWay > 0 || (this.#waiting > 0 && this.#trouble === undefined)) await this.#change();
    if (this.#trouble !== undefined) throw this.#trouble;
  }

  #change(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }

  /** Hands over whole accounts while the ledger has room; not a few events only, unless nothing more comes. */
  #feed(): void {
    const least = this.#finishing ? 1 : mostOfCall;
    while (this.#trouble === undefined && this.#underWay < this.#mostUnderWay && this.#waiting >= least) {
      for (let handed = 0; handed < mostOfCall && this.#waiting > 0; ) handed += this.#serveNext();
    }
  }

  #serveNext(): number {
    const turn = this.#turns.next();
    if (turn.done === true) {
      this.#turns = this.#lines.entries();
      return 0;
    }
    const [account, { lines, events }] = turn.value;
    this.#lines.delete(account);
    this.#waiting -= events.length;
    if (events.length <= mostOfCall) this.#record(account, { lines, events });
    else {
      for (let start = 0; start < events.length; start += mostOfCall) {
        const end = start + mostOfCall;
        this.#record(account, { lines: lines.slice(start, end), events: events.slice(start, end) });
      }
    }
    return events.length;
  }

  #record(account: string, { lines, events }: AccountLine): void {
    this.#underWay += events.length;
    void this.#options.ledger.record(account, events).then((results) => {
      this.#underWay -= events.length;
      this.#take(account, { lines, events }, results);
      this.#feed();
      this.#wake?.();
    });
  }

  #take(account: string, { lines, events }: AccountLine, results: readonly EventResult[]): void {
    const { tally } = this.#options;
    for (let index = 0; index < results.length; index += 1) {
      const [line, event, result] = [lines[index], events[index], results[index]];
      if (line === undefined || event === undefined || result === undefined) continue;
      if (result.refusal === undefined) tally.take(result.status as 'accepted');
      else if (isOverload(result.refusal)) this.#trouble ??= databaseAway(result.refusal.facts.cause);
      else {
        const { refused, facts, pointer } = result.refusal;
        tally.reject({
          line,
          status: result.status === 'conflict' ? 'conflict' : 'rejected',
          content: eventDocument({ ...event, ...event.facts, account }),
          code: refused,
          ...(pointer === undefined ? {} : { pointer }),
          ...refusalTexts[refused].detail(facts),
        });
      }
    }
  }

  #refuseHomeless(row: ImportedEvent): void {
    this.#options.tally.reject({
      line: row.line,
      status: 'rejected',
      content: eventDocument(row.event),
      code: 'MISSING',
      pointer: '/account',
      zh: '缺少 account；可用 --account 指定',
      en: 'account is missing; name one with --account',
    });
  }
}

const databaseAway = (cause: string | undefined): ImportTrouble =>
  new ImportTrouble(
    {
      zh: `数据库没有应答（${cause ?? '原因不明'}）`,
      en: `the database does not answer (${cause ?? 'cause unknown'})`,
    },
    6,
  );

const incomingOf = (event: ParsedEvent): IncomingEvent => ({
  id: event.id,
  meter: event.meter ?? null,
  calls: event.calls,
  at: event.at,
  department: event.department ?? null,
  facts:
    event.action === undefined
      ? null
      : {
          action: event.action,
          channel: event.channel ?? null,
          library: event.library ?? null,
          resultCode: event.resultCode ?? '',
        },
});
