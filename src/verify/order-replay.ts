// Orders in a replay: each made again at the prices of its day, each ended once; what they deliver costs what was agreed.

import type { Head } from '../account/head.ts';
import { type News, noNews } from '../account/news.ts';
import { endNews, endOrder, goodsText, makeOrder, type Order, orderNews, packIdsOf } from '../account/orders.ts';
import { dayOf } from '../core/calendar.ts';
import type { PackFacts } from '../core/pack.ts';
import type { PriceBook } from '../core/price-book.ts';
import { isRefusal } from '../core/refusal.ts';
import { type Money, storedMoney } from '../core/units.ts';
import type { OrderEndLine, OrderLine } from '../store/streams/ledger-lines.ts';
import type { Witness } from './invariants.ts';

export class OrderReplay {
  readonly #witness: Witness;
  readonly #open = new Map<number, Order>();
  /** Prices of packs that orders deliver, by the packs' ids. */
  readonly #agreed = new Map<string, Money>();

  constructor(witness: Witness) {
    this.#witness = witness;
  }

  /** Gives what is told of it. */
  made(head: Head, book: PriceBook, { seq, order }: OrderLine): readonly News[] {
    if (order === null) {
      this.#witness.broken('orders', `seq ${seq}`, 'readable goods', 'none');
      return noNews;
    }
    const key = `order_no ${order.no}, seq ${seq}`;
    const made = makeOrder(head, book, order, order.at);
    if (isRefusal(made)) this.#witness.broken('orders', key, `a refusal, ${made.refused}`, 'accepted');
    else this.#witness.same('orders', key, orderText(made.order), orderText(order));
    this.#open.set(order.no, order);
    return orderNews(order, book.currency);
  }

  /** Gives what is told of it. */
  ended(head: Head, book: PriceBook, { no, seq, how, receipt, at }: OrderEndLine): readonly News[] {
    const order = this.#open.get(no);
    if (order === undefined) {
      this.#witness.broken('order_ends', `order_no ${no}, seq ${seq}`, 'an order that is open', 'none');
      return noNews;
    }
    this.#open.delete(no);
    const news = endNews(order, endOrder(head, order, how, receipt, at), book.currency);
    if (how !== 'delivered') return news;
    for (const line of order.packs) for (const id of packIdsOf(line)) this.#agreed.set(id, line.price);
    return news;
  }

  /** What was agreed of a pack that an order delivers; nothing for all others, which cost what the book says. */
  termsOf(id: string): { readonly agreed?: Money } {
    const agreed = this.#agreed.get(id);
    return agreed === undefined ? {} : { agreed };
  }
}

const orderText = (order: Order): string => `${order.pay} ${storedMoney(order.amount)} ${goodsText(order)}`;

/** A later start than delivery, in a book that gives the choice, was chosen. */
export const chosenStart = ({ policies, timeZone }: PriceBook, { effectiveAt, boughtAt }: PackFacts) =>
  policies.packStart === 'chosen' && effectiveAt > boughtAt ? { startsOn: dayOf(timeZone, effectiveAt) } : {};
