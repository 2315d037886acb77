// Straight to the ledger, with no server between.

import type { Ledger } from '../../ledger/ledger.ts';
import { type EventResult, isOverload } from '../../ledger/requests.ts';
import { cliUsageFilesWords } from '../../words/cli/usage-files.ts';
import { refusalTexts } from '../../words/refusals.ts';
import { type AccountEvents, byAccount, type EventColumns } from './batch.ts';
import { type Destination, eventDocument, ImportTrouble } from './destination.ts';
import type { Tally } from './tally.ts';

/** Events handed to the ledger and not answered yet. */
const mostUnderWay = 20_000;

export interface DirectOptions {
  readonly ledger: Ledger;
  readonly tally: Tally;
}

type AccountLines = Omit<AccountEvents, 'account'>;

export class DirectDestination implements Destination {
  readonly #options: DirectOptions;
  #underWay = 0;
  #wake: (() => void) | undefined;
  #trouble: ImportTrouble | undefined;

  constructor(options: DirectOptions) {
    this.#options = options;
  }

  add(columns: EventColumns): void {
    for (const { account, lines, events } of byAccount(columns)) {
      if (account === undefined) this.#refuseHomeless({ lines, events });
      else this.#record(account, { lines, events });
    }
  }

  async room(): Promise<void> {
    while (this.#trouble === undefined && this.#underWay >= mostUnderWay) await this.#change();
    if (this.#trouble !== undefined) throw this.#trouble;
  }

  async finish(): Promise<void> {
    while (this.#underWay > 0) await this.#change();
    if (this.#trouble !== undefined) throw this.#trouble;
  }

  #change(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }

  #record(account: string, { lines, events }: AccountLines): void {
    this.#underWay += events.length;
    void this.#options.ledger.record(account, events, { receipts: 'none' }).then((results) => {
      this.#underWay -= events.length;
      this.#take(account, { lines, events }, results);
      this.#wake?.();
    });
  }

  #take(account: string, { lines, events }: AccountLines, results: readonly EventResult[]): void {
    const { tally } = this.#options;
    for (let index = 0; index < results.length; index += 1) {
      const [line, event, result] = [lines[index], events[index], results[index]];
      if (line === undefined || event === undefined || result === undefined) continue;
      if (result.refusal === undefined) tally.take(result.status as 'accepted');
      else if (isOverload(result.refusal)) this.#trouble ??= databaseAway(String(result.refusal.facts.cause ?? ''));
      else {
        const { refused, facts, pointer } = result.refusal;
        tally.reject({
          line,
          status: result.status === 'conflict' ? 'conflict' : 'rejected',
          content: eventDocument(event, account),
          code: refused,
          ...(pointer === undefined ? {} : { pointer }),
          ...refusalTexts[refused].detail(facts),
        });
      }
    }
  }

  #refuseHomeless({ lines, events }: AccountLines): void {
    events.forEach((event, index) => {
      this.#options.tally.reject({
        line: lines[index] as number,
        status: 'rejected',
        content: eventDocument(event, null),
        code: 'MISSING',
        pointer: '/account',
        ...cliUsageFilesWords.accountIsMissing,
      });
    });
  }
}

const databaseAway = (cause: string): ImportTrouble =>
  new ImportTrouble(cliUsageFilesWords.databaseDoesNotAnswer(cause), 6);
