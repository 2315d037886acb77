// What a purchase would do, without doing it: the same steps as buying, on an account's head in memory, and the draft bill before and after.

import { buyPack } from '../account/commands.ts';
import { bookForfeits } from '../account/forfeits.ts';
import { timeOf } from '../account/head.ts';
import { makeBill } from '../core/bill.ts';
import { totalsDocument } from '../core/bill-document.ts';
import { periodOf } from '../core/calendar.ts';
import { isRefusal, refuseMissing } from '../core/refusal.ts';
import { formatMoney, mostMoney, negateMoney, noCalls, subtractMoney } from '../core/units.ts';
import { inSnapshot } from '../store/connection/transaction.ts';
import { payEarlierCalls } from './earlier-calls.ts';
import type { PackOrder } from './packs.ts';
import { collectFacts } from './period-facts.ts';
import { readHead } from './read-account.ts';
import type { Reader } from './suanpan.ts';

/** Refusals: NOT_FOUND, UNKNOWN_PRODUCT, SIZE_NOT_SOLD, INVALID_AMOUNT. A balance that is too small is said, not refused. */
export const previewPurchase = (reader: Reader, order: Omit<PackOrder, 'id'>) =>
  inSnapshot(reader.pool, async (client) => {
    const { account, product, size, count, startsOn } = order;
    const reading = await readHead(client, reader, account);
    if (isRefusal(reading)) return reading;
    const { head, book } = reading;
    const now = timeOf(head, reader.clock());
    const month = periodOf(head.timeZone, now);
    const forfeits = bookForfeits(head, book, now);
    const facts = (await collectFacts(client, [{ head, book, forfeits }], month, reader.meters)).get(account);
    if (facts === undefined) return refuseMissing('account', account);
    const before = makeBill(facts, book);
    if (isRefusal(before)) return before;
    const { balance } = head;
    // The head is this reading's own; whether the balance is enough is for the answer to say.
    head.balance = mostMoney;
    const wish = { id: 'preview', product, size, count, ...(startsOn === undefined ? {} : { startsOn }) };
    const bought = buyPack(head, book, wish, now);
    if (isRefusal(bought)) return bought;
    const { pack, entry } = bought;
    const earlier = await payEarlierCalls(client, { head, book, packs: [pack], now }, reader.meters, false);
    const counted =
      earlier.calls === noCalls
        ? facts
        : (await collectFacts(client, [{ head, book, forfeits }], month, reader.meters)).get(account);
    if (counted === undefined) return refuseMissing('account', account);
    const after = makeBill(
      {
        ...counted,
        packs: new Map([...counted.packs, [pack.no, pack]]),
        trades: [...counted.trades, { kind: 'bought', pack: pack.no }],
      },
      book,
    );
    if (isRefusal(after)) return after;
    const price = negateMoney(entry.amount);
    const left = subtractMoney(balance, price);
    return {
      ...{ account, month, currency: book.currency, product, size: Number(size), count },
      ...{
        price: formatMoney(price, book.currency),
        balance: formatMoney(balance, book.currency),
        balanceAfter: formatMoney(left, book.currency),
        isEnough: left >= 0n,
      },
      ...(earlier.calls === noCalls ? {} : { earlierCalls: Number(earlier.calls) }),
      ...{ before: totalsDocument(before), after: totalsDocument(after) },
    };
  });
