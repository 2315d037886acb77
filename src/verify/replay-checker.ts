// I5 and I6 run on one replay: the draws are compared row by row, counters and bills with what it has counted.

import type { Checker, StoredAccount } from './checker.ts';
import { type Verdicts, Witness } from './invariants.ts';
import { Replay } from './ledger-replay.ts';
import { Recount } from './recount.ts';
import type { AccountEnd, Tick } from './ticks.ts';

export class ReplayChecker implements Checker {
  readonly #draws: Witness;
  readonly #counts: Witness;
  #account: StoredAccount | undefined;
  #run: { readonly replay: Replay; readonly recount: Recount } | undefined;

  constructor(verdicts: Verdicts) {
    this.#draws = new Witness('I5', verdicts);
    this.#counts = new Witness('I6', verdicts);
  }

  open(account: StoredAccount): void {
    const { id, stored, book } = account;
    this.#account = account;
    this.#draws.at(id);
    this.#counts.at(id);
    this.#run = undefined;
    if (stored === undefined || book === undefined) return;
    const replay = new Replay(stored, book, this.#draws, account.account);
    this.#run = { replay, recount: new Recount(replay, this.#counts) };
  }

  tick(tick: Tick): void {
    if (this.#run === undefined) return;
    const { replay, recount } = this.#run;
    try {
      replay.apply(tick);
      if (tick.bill !== undefined) recount.bill(tick.bill);
    } catch (error) {
      // The core throws where a ledger cannot have come about; what follows cannot be replayed on.
      this.#draws.broken('ledger', `seq ${tick.seq}`, 'a row that can be replayed', (error as Error).message);
      this.#run = undefined;
    }
  }

  close(end: AccountEnd): void {
    const stored = this.#account?.stored;
    if (this.#run === undefined || stored === undefined) return;
    this.#run.replay.close(stored);
    this.#run.recount.close(stored, end);
  }
}
