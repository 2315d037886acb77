// I9: the balance is the sum of its entries, and each entry is what its pack or bill says.

import { type Money, negateMoney, noMoney, parseMoney, storedMoney, subtractMoney } from '../core/units.ts';
import type { BillLine, EntryLine } from '../store/streams/ledger-lines.ts';
import type { Checker, StoredAccount } from './checker.ts';
import { type Verdicts, Witness } from './invariants.ts';
import { readDocument } from './stored-bill.ts';
import type { Tick } from './ticks.ts';

export class MoneyChecker implements Checker {
  readonly #witness: Witness;
  readonly #prices = new Map<number, Money>();
  /** Packs that may be given back in part: I4 knows what was left of them. */
  readonly #inPart = new Set<number>();
  #account: StoredAccount | undefined;
  #balance = noMoney;
  #negativeSince: number | null = null;

  constructor(verdicts: Verdicts) {
    this.#witness = new Witness('I9', verdicts);
  }

  open(account: StoredAccount): void {
    this.#account = account;
    this.#prices.clear();
    this.#inPart.clear();
    this.#balance = noMoney;
    this.#negativeSince = null;
    this.#witness.at(account.id);
  }

  tick(tick: Tick): void {
    const { entry, pack } = tick;
    if (pack !== undefined) {
      this.#prices.set(pack.facts.no, pack.facts.price);
      const product = this.#account?.book?.packProducts.get(pack.facts.product);
      const terms = product === undefined ? [] : [product, ...product.sizes];
      if (terms.some(({ refundPart }) => refundPart !== undefined)) this.#inPart.add(pack.facts.no);
    }
    if (entry === undefined) return;
    this.#witness.count();
    const key = `seq ${entry.seq}, ${entry.kind} ${entry.reference}`;
    const due = this.#due(entry, tick);
    if (due !== null && due !== entry.amount) {
      this.#witness.broken('money_entries', `${key}, amount`, storedMoney(due), storedMoney(entry.amount));
    }
    this.#balance = (this.#balance + entry.amount) as Money;
    if (this.#balance !== entry.balance) {
      const [expected, found] = [storedMoney(this.#balance), storedMoney(entry.balance)];
      this.#witness.broken('money_entries', `${key}, balance`, expected, found);
      // Go on from the stored balance: one wrong entry is one finding.
      this.#balance = entry.balance;
    }
    if (this.#balance >= noMoney) this.#negativeSince = null;
    else if (entry.kind === 'bill') this.#negativeSince ??= entry.at;
  }

  /** What the entry's amount has to be; null for a top-up, which nothing else knows. */
  #due(entry: EntryLine, { pack, refund, bill }: Tick): Money | null {
    if (entry.kind === 'purchase' && pack !== undefined) return negateMoney(pack.facts.price);
    if (entry.kind === 'refund' && refund !== undefined) {
      return this.#inPart.has(refund.packNo) ? null : (this.#prices.get(refund.packNo) ?? null);
    }
    return entry.kind === 'bill' && bill !== undefined ? chargeIn(bill) : null;
  }

  close(): void {
    const { stored, id } = this.#account ?? {};
    if (stored === undefined) return;
    const key = `account_id ${id}`;
    this.#witness.same('account_heads', `${key}, balance`, storedMoney(this.#balance), storedMoney(stored.balance));
    this.#witness.same('account_heads', `${key}, negativeSince`, this.#negativeSince, stored.negativeSince);
  }
}

function chargeIn(bill: BillLine): Money | null {
  const document = readDocument(bill.document);
  const { currency = '' } = document ?? {};
  const [total, prepaid] = [parseMoney(document?.total ?? '', currency), parseMoney(document?.prepaid ?? '', currency)];
  return total === undefined || prepaid === undefined ? null : negateMoney(subtractMoney(total, prepaid));
}
