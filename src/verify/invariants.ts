// The promises that `suanpan verify` checks, and what it says about each: how many rows were checked, and the first that breaks it.

import type { Words } from '../core/price-book.ts';
import { invariantsWords } from '../words/invariants.ts';

export type InvariantId = 'I1' | 'I2' | 'I3' | 'I4' | 'I5' | 'I6' | 'I7' | 'I8' | 'I9' | 'I10' | 'I11' | 'I18' | 'I21';

export const invariants: Readonly<Record<InvariantId, Words>> = {
  I1: invariantsWords.everyEventStandsOnceUnderIts,
  I2: invariantsWords.ledgerNumbersWithoutGap,
  I3: invariantsWords.eventCallsDrawsPostpaid,
  I4: invariantsWords.packCallsRemainingDrawsVoidedForfeited,
  I5: invariantsWords.replayInLedgerOrderGivesThe,
  I6: invariantsWords.countersAndFinalBillsRecomputed,
  I7: invariantsWords.second,
  I8: invariantsWords.billTotalLinesCalls,
  I9: invariantsWords.balanceEntries,
  I10: invariantsWords.finalBillsMatchTheirDigestAnd,
  I11: invariantsWords.oneBillAMonth,
  I18: invariantsWords.auditChains,
  I21: invariantsWords.ordersDeliver,
};

export const invariantIds = Object.keys(invariants) as InvariantId[];

/** A row that breaks an invariant. `key` finds it in `table`: column names and values. */
export interface Finding {
  readonly invariant: InvariantId;
  readonly table: string;
  readonly account: string;
  readonly key: string;
  readonly expected: string;
  readonly found: string;
}

export interface Verdict {
  readonly invariant: InvariantId;
  readonly checked: number;
  readonly broken: number;
  readonly first: Finding | null;
}

/** Collects verdicts: the first finding of each invariant, the others are only counted. */
export class Verdicts {
  readonly #checked = new Map<InvariantId, number>();
  readonly #broken = new Map<InvariantId, number>();
  readonly #first = new Map<InvariantId, Finding>();

  /** Counts checked rows. */
  count(invariant: InvariantId, rows = 1): void {
    this.#checked.set(invariant, (this.#checked.get(invariant) ?? 0) + rows);
  }

  report(finding: Finding): void {
    const { invariant } = finding;
    this.#broken.set(invariant, (this.#broken.get(invariant) ?? 0) + 1);
    if (!this.#first.has(invariant)) this.#first.set(invariant, finding);
  }

  all(): Verdict[] {
    return invariantIds.map((invariant) => ({
      invariant,
      checked: this.#checked.get(invariant) ?? 0,
      broken: this.#broken.get(invariant) ?? 0,
      first: this.#first.get(invariant) ?? null,
    }));
  }
}

/** What one checker says about rows of the account it is at. */
export class Witness {
  readonly #invariant: InvariantId;
  readonly #verdicts: Verdicts;
  #account = '';

  constructor(invariant: InvariantId, verdicts: Verdicts) {
    this.#invariant = invariant;
    this.#verdicts = verdicts;
  }

  at(account: string): void {
    this.#account = account;
  }

  count(rows = 1): void {
    this.#verdicts.count(this.#invariant, rows);
  }

  /** Reports a row unless what is found is what is expected. */
  same(table: string, key: string, expected: Value, found: Value): boolean {
    if (expected === found) return true;
    this.broken(table, key, String(expected), String(found));
    return false;
  }

  broken(table: string, key: string, expected: string, found: string): void {
    this.#verdicts.report({ invariant: this.#invariant, table, account: this.#account, key, expected, found });
  }
}

type Value = string | number | bigint | boolean | null;
