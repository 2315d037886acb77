// I10 and I11: each bill matches its digest, there is one a month, and numbers follow one another.

import type { Period } from '../core/calendar.ts';
import { billNumber, digestOf } from '../operations/close-month.ts';
import type { Checker, StoredAccount } from './checker.ts';
import { type Verdicts, Witness } from './invariants.ts';
import { readDocument } from './stored-bill.ts';
import type { Tick } from './ticks.ts';

export class BillsChecker implements Checker {
  readonly #digests: Witness;
  readonly #numbers: Witness;
  #account: StoredAccount | undefined;
  #last = 0;
  #count = 0;
  #periods = new Set<Period>();

  constructor(verdicts: Verdicts) {
    this.#digests = new Witness('I10', verdicts);
    this.#numbers = new Witness('I11', verdicts);
  }

  open(account: StoredAccount): void {
    this.#account = account;
    this.#last = 0;
    this.#count = 0;
    this.#periods = new Set();
    this.#digests.at(account.id);
    this.#numbers.at(account.id);
  }

  tick({ bill }: Tick): void {
    if (bill === undefined) return;
    const key = `period ${bill.period}, bill_no ${bill.no}, seq ${bill.seq}`;
    this.#digests.count();
    this.#digests.same('bills', `${key}, digest`, digestOf(bill.document), bill.digest);
    const number = readDocument(bill.document)?.number ?? 'unreadable';
    this.#digests.same('bills', `${key}, document /number`, billNumber(this.#account?.id ?? '', bill.no), number);
    this.#numbers.count();
    this.#numbers.same('bills', `${key}, bill_no`, this.#last + 1, bill.no);
    if (this.#periods.has(bill.period)) this.#numbers.broken('bills', key, 'one bill of the period', 'a second one');
    this.#last = bill.no;
    this.#count += 1;
    this.#periods.add(bill.period);
  }

  close(): void {
    const { stored, id } = this.#account ?? {};
    if (stored === undefined) return;
    const key = `account_id ${id}`;
    this.#numbers.same('account_heads', `${key}, billCount`, this.#count, stored.billCount);
    const [expected, found] = [this.#periods, stored.finals].map((periods) => [...periods].toSorted().join(', '));
    this.#numbers.same('account_heads', `${key}, final periods`, expected ?? '', found ?? '');
  }
}
