// The promises that `suanpan verify` checks, and what it says about each: how many rows were checked, and the first that breaks it.

import type { Words } from '../core/price-book.ts';

export type InvariantId = 'I1' | 'I2' | 'I3' | 'I4' | 'I5' | 'I6' | 'I7' | 'I8' | 'I9' | 'I10' | 'I11';

export const invariants: Readonly<Record<InvariantId, Words>> = {
  I1: { en: 'every event stands once under its account and id', zh: '每个事件按（账户，编号）恰好一条' },
  I2: { en: 'ledger numbers without gap: nothing vanished', zh: '账本序号连续：没有记录丢失' },
  I3: { en: 'event calls = Σ draws + postpaid', zh: '事件次数 = Σ抵扣 + 后付费' },
  I4: {
    en: 'pack calls = remaining + Σ draws − voided + forfeited + refunded',
    zh: '资源包次数 = 剩余 + Σ抵扣 − 作废 + 过期作废 + 退还',
  },
  I5: { en: 'a replay in ledger order gives the same draws', zh: '按账本顺序重放得到相同的抵扣' },
  I6: { en: 'counters and final bills recomputed: the same', zh: '重算计数与账单，结果一致' },
  I7: { en: 'a second, independent rating gives the same bills', zh: '独立实现算出相同的账单' },
  I8: { en: 'bill total = Σ lines = Σ calls', zh: '账单合计 = Σ明细行 = Σ逐笔' },
  I9: { en: 'balance = Σ entries; entries are append-only', zh: '余额 = Σ流水；流水只增不改' },
  I10: { en: 'final bills match their digest and cannot change', zh: '终版账单与摘要一致且不可更改' },
  I11: { en: 'one bill a month; bill numbers without gap', zh: '每月一张账单，编号连续' },
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
