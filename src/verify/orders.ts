// I21: an order ends once, as it may end, and one that is delivered is followed in the ledger by exactly what was received and ordered.

import { type Order, packIdsOf } from '../account/orders.ts';
import { type Money, noMoney, storedMoney, sumMoney } from '../core/units.ts';
import type { OrderEndLine } from '../store/streams/ledger-lines.ts';
import type { Checker, StoredAccount } from './checker.ts';
import { type Verdicts, Witness } from './invariants.ts';
import type { Tick } from './ticks.ts';

export class OrdersChecker implements Checker {
  readonly #witness: Witness;
  readonly #open = new Map<number, Order>();
  #last = 0;
  /** What has to follow, row by row, and the order that delivers it. */
  #due: { readonly no: number; readonly rows: string[] } = { no: 0, rows: [] };

  constructor(verdicts: Verdicts) {
    this.#witness = new Witness('I21', verdicts);
  }

  open({ id }: StoredAccount): void {
    this.#open.clear();
    this.#last = 0;
    this.#due = { no: 0, rows: [] };
    this.#witness.at(id);
  }

  tick(tick: Tick): void {
    const expected = this.#due.rows.shift();
    if (expected !== undefined) this.#same(expected, rowText(tick));
    const { order, orderEnd } = tick;
    if (order?.order != null) this.#made(order.order);
    if (orderEnd !== undefined) this.#ended(orderEnd);
  }

  close(): void {
    const [expected] = this.#due.rows;
    if (expected !== undefined) this.#same(expected, 'none');
    for (const { no, pay } of this.#open.values()) {
      if (pay === 'balance') this.#witness.broken('order_ends', `order_no ${no}`, 'delivered at once', 'none');
    }
  }

  #same(expected: string, found: string): void {
    const { no } = this.#due;
    if (!this.#witness.same('order_ends', `order_no ${no}, what is delivered`, expected, found)) {
      // One row too few is one finding.
      this.#due = { no, rows: [] };
    }
  }

  #made(order: Order): void {
    this.#witness.count();
    this.#last += 1;
    this.#witness.same('orders', `order_no ${order.no}`, this.#last, order.no);
    this.#last = order.no;
    const prices = order.packs.map(({ price, count }) => (price * BigInt(count)) as Money);
    const [expected, found] = [storedMoney(sumMoney([order.topUp ?? noMoney, ...prices])), storedMoney(order.amount)];
    this.#witness.same('orders', `order_no ${order.no}, amount`, expected, found);
    this.#open.set(order.no, order);
  }

  #ended({ no, how, at, receipt }: OrderEndLine): void {
    this.#witness.count();
    const order = this.#open.get(no);
    const key = `order_no ${no}`;
    if (order === undefined) {
      this.#witness.broken('order_ends', key, 'an order that is open', 'none');
      return;
    }
    this.#open.delete(no);
    const isOver = order.lapsesAt !== null && at >= order.lapsesAt;
    if (isOver !== (how === 'lapsed')) this.#witness.broken('order_ends', key, isOver ? 'lapsed' : 'in time', how);
    if (how !== 'delivered') return;
    if ((receipt === null) !== (order.pay === 'balance') || (receipt !== null && receipt.received < order.amount)) {
      const received = receipt === null ? 'nothing' : storedMoney(receipt.received);
      this.#witness.broken('order_ends', `${key}, received`, `${storedMoney(order.amount)} by ${order.pay}`, received);
    }
    const top = receipt === null ? [] : [`top-up ${receipt.reference} ${storedMoney(receipt.received)}`];
    const packs = order.packs.flatMap((line) =>
      packIdsOf(line).map((id) => `pack ${id}: ${line.size} of ${line.product} at ${storedMoney(line.price)}`),
    );
    this.#due = { no, rows: [...top, ...packs] };
  }
}

function rowText({ entry, pack }: Tick): string {
  if (pack !== undefined) {
    const { id, calls, product, price } = pack.facts;
    return `pack ${id}: ${calls} of ${product} at ${storedMoney(price)}`;
  }
  return entry === undefined ? 'another row' : `${entry.kind} ${entry.reference} ${storedMoney(entry.amount)}`;
}
