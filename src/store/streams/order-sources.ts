// Orders and their ends as lines.

import { type Order, type OrderEnding, type Payment, readGoods } from '../../account/orders.ts';
import { readJson } from '../../core/json.ts';
import type { OrderEndLine, OrderLine } from './ledger-lines.ts';
import { instant, money, type Raw, type Source, text, whole } from './source.ts';

export const orders: Source<OrderLine> = {
  sql: (within) => `select account_id, seq, order_no, at_ms, pay, amount, lapses_ms, goods
        from orders o where ${within.of('o.account_id')} order by account_id, seq`,
  batch: 200,
  line: (raw) => ({ account: text(raw[0]), seq: whole(raw[1]), order: orderIn(raw) }),
};

function orderIn(raw: Raw): Order | null {
  try {
    return {
      ...readGoods(readJson(text(raw[7]))),
      no: whole(raw[2]),
      at: instant(raw[3]),
      pay: text(raw[4]) as Payment,
      amount: money(raw[5]),
      lapsesAt: raw[6] == null ? null : instant(raw[6]),
    };
  } catch {
    return null;
  }
}

export const orderEnds: Source<OrderEndLine> = {
  sql: (within) => `select account_id, seq, order_no, how, at_ms, received, reference
        from order_ends e where ${within.of('e.account_id')} order by account_id, seq`,
  batch: 200,
  line: (raw) => ({
    account: text(raw[0]),
    seq: whole(raw[1]),
    no: whole(raw[2]),
    how: text(raw[3]) as OrderEnding,
    at: instant(raw[4]),
    receipt: raw[5] == null ? null : { received: money(raw[5]), reference: text(raw[6]) },
  }),
};
