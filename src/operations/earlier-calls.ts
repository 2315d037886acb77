// Packs that pay for calls before them, at their delivery: read, drawn and written page by page, within the transaction that delivers.

import type { ClientBase } from 'pg';
import { EarlierCalls } from '../account/earlier-calls.ts';
import type { Head } from '../account/head.ts';
import type { News } from '../account/news.ts';
import { sumOfDraws } from '../account/use.ts';
import type { PackFacts } from '../core/pack.ts';
import type { PriceBook } from '../core/price-book.ts';
import { addCalls, type Calls, type Instant, noCalls } from '../core/units.ts';
import { insertLaterDraws, type LaterDraws, visitUnpaid } from '../store/ledger/earlier-calls.ts';
import type { MeterNumbers } from '../store/ledger/meters.ts';

/** Packs that have been put on a head just now. */
export interface Delivered {
  readonly head: Head;
  readonly book: PriceBook;
  readonly packs: readonly Pick<PackFacts, 'no'>[];
  readonly now: Instant;
}

export interface PaidEarlier {
  readonly calls: Calls;
  /** By pack number. */
  readonly news: ReadonlyMap<number, News>;
}

/** Pays earlier calls, on the head and, where it is `written`, in the ledger. */
export async function payEarlierCalls(
  tx: ClientBase,
  { head, book, packs, now }: Delivered,
  meters: MeterNumbers,
  written: boolean,
): Promise<PaidEarlier> {
  const earlier = new EarlierCalls(head, book, packs, now);
  const { reach } = earlier;
  let calls = noCalls;
  if (reach === undefined) return { calls, news: new Map() };
  const { account } = head;
  const stopped = book.policies.packsUsableInArrears;
  const keyed = head.caps.some(({ key }) => key !== null);
  await visitUnpaid(tx, { account, ...reach, stopped, keyed }, meters, async (page) => {
    const paid: LaterDraws[] = [];
    for (const call of page) {
      if (earlier.isDone) break;
      const draws = earlier.pay(call);
      if (draws.length > 0) paid.push({ call, draws });
    }
    for (const { draws } of paid) calls = addCalls(calls, sumOfDraws(draws));
    if (written && paid.length > 0) await insertLaterDraws(tx, account, paid);
    return earlier.isDone ? 'enough' : 'more';
  });
  return { calls, news: earlier.end() };
}
