// How each table of the ledger is read as lines: its SQL, and what the columns mean.

import type { EntryKind } from '../../account/commands.ts';
import type { HoldEnd } from '../../account/hold.ts';
import type { Day, Period } from '../../core/calendar.ts';
import { readContract } from '../../core/contract.ts';
import { readJson } from '../../core/json.ts';
import type { Contract } from '../../core/price-book.ts';
import type { Payer } from '../../core/settle.ts';
import type { Calls } from '../../core/units.ts';
import { decodeDraws } from '../ledger/head-codec.ts';
import { readOutcome } from '../ledger/rows.ts';
import type {
  AccountLine,
  BillLine,
  ContractLine,
  CorrectionLine,
  DrawLine,
  EntryLine,
  EventCall,
  EventLine,
  ForfeitLine,
  HeadLine,
  HoldEndLine,
  HoldLine,
  NewsLine,
  PackLine,
  PaidCalls,
  RefundLine,
  ReviewLine,
  Settled,
  ThresholdsLine,
  UsageLine,
  VoidLine,
} from './ledger-lines.ts';
import { orderEnds, orders } from './order-sources.ts';
import {
  calls,
  type Field,
  instant,
  type MeterName,
  money,
  optional,
  type Raw,
  type Source,
  text,
  whole,
} from './source.ts';

const settled = (raw: Raw, from: number): Settled => ({
  ...readOutcome(whole(raw[from])),
  postpaid: calls(raw[from + 1]),
  packNo: optional(raw[from + 2]),
  drawCount: whole(raw[from + 3]),
});

const eventCall = (raw: Raw, from: number, meter: MeterName): EventCall | null =>
  raw[from] == null
    ? null
    : {
        at: instant(raw[from]),
        calls: calls(raw[from + 1]),
        meter: meter(raw[from + 2] ?? null),
        arrived: readOutcome(whole(raw[from + 3])).outcome,
      };

const events: Source<EventLine> = {
  sql: (
    within,
  ) => `select account_id, seq, outcome, postpaid, pack_no, draw_count, event_id, at_ms, received_ms, calls, meter,
               action, channel, library, result_code, department
        from events e where ${within.of('e.account_id')} order by account_id, seq`,
  batch: 5_000,
  line: (raw, meter) => {
    return {
      account: text(raw[0]),
      seq: whole(raw[1]),
      ...readOutcome(whole(raw[2])),
      postpaid: calls(raw[3]),
      packNo: optional(raw[4]),
      drawCount: whole(raw[5]),
      id: text(raw[6]),
      at: instant(raw[7]),
      receivedAt: instant(raw[8]),
      calls: calls(raw[9]),
      meter: meter(raw[10] ?? null),
      facts:
        raw[11] == null
          ? null
          : { action: raw[11], channel: raw[12] ?? null, library: raw[13] ?? null, resultCode: text(raw[14]) },
      department: raw[15] ?? null,
    };
  },
};

const draws: Source<DrawLine> = {
  sql: (within) => `select account_id, seq, pack_no, calls, place from event_draws d where ${within.of('d.account_id')}
        order by account_id, seq, place, pack_no`,
  batch: 2_000,
  line: (raw) => ({
    account: text(raw[0]),
    seq: whole(raw[1]),
    packNo: whole(raw[2]),
    calls: calls(raw[3]),
    place: whole(raw[4]),
  }),
};

const news: Source<NewsLine> = {
  sql: (within) =>
    `select account_id, seq, kind, details from outbox o where ${within.of('o.account_id')} order by account_id, seq, place`,
  batch: 1_000,
  line: (raw) => ({ account: text(raw[0]), seq: whole(raw[1]), kind: text(raw[2]), details: text(raw[3]) }),
};

const reviews: Source<ReviewLine> = {
  sql: (within) => `select r.account_id, r.seq, r.outcome, r.postpaid, r.pack_no, r.draw_count, r.event_id, r.at_ms,
               e.at_ms, e.calls, e.meter, e.outcome, e.department
        from reviews r left join events e on e.event_id = r.event_id and e.account_id = r.account_id${within.again('e.account_id')}
        where ${within.of('r.account_id')} order by r.account_id, r.seq`,
  batch: 1_000,
  line: (raw, meter) => ({
    account: text(raw[0]),
    seq: whole(raw[1]),
    ...settled(raw, 2),
    id: text(raw[6]),
    reviewedAt: instant(raw[7]),
    event: eventCall(raw, 8, meter),
    department: raw[12] ?? null,
  }),
};

const voids: Source<VoidLine> = {
  sql: (within) => `select v.account_id, v.seq, v.event_id, v.at_ms, e.at_ms, e.calls, e.meter, e.outcome,
               coalesce(r.outcome, e.outcome), coalesce(r.postpaid, e.postpaid), coalesce(r.pack_no, e.pack_no),
               coalesce(r.draw_count, e.draw_count),
               case when coalesce(r.draw_count, e.draw_count) > 1 or coalesce(r.postpaid, e.postpaid) > 0 then (
                 select json_agg(json_build_array(d.pack_no, d.calls::text, d.place) order by d.place) from event_draws d
                 where d.account_id = v.account_id and d.seq = coalesce(r.seq, e.seq)${within.again('d.account_id')}) end,
               coalesce(r.seq, e.seq, 0)
        from voids v left join events e on e.event_id = v.event_id and e.account_id = v.account_id${within.again('e.account_id')}
        left join reviews r on r.account_id = v.account_id and r.event_id = v.event_id${within.again('r.account_id')}
        where ${within.of('v.account_id')} order by v.account_id, v.seq`,
  batch: 1_000,
  line: (raw, meter) => {
    const call = eventCall(raw, 4, meter);
    const paid = call === null ? null : paidBy(call, settled(raw, 8), raw[12]);
    return {
      account: text(raw[0]),
      seq: whole(raw[1]),
      id: text(raw[2]),
      voidedAt: instant(raw[3]),
      event: call === null || paid === null ? null : { ...call, ...paid },
      settledSeq: whole(raw[13]),
    };
  },
};

/** As it stands when it is voided: packs that came later may have paid of it too. */
function paidBy(call: EventCall, paid: Settled, rows: Field | undefined): { settled: Settled; draws: PaidCalls[] } {
  const first =
    paid.drawCount === 1 ? [{ packNo: paid.packNo ?? 0, calls: (call.calls - paid.postpaid) as Calls }] : [];
  let { postpaid } = paid;
  const listed = (JSON.parse(rows ?? '[]') as [number, string, number][]).map(([packNo, drawn, place]) => {
    if (place > paid.drawCount) postpaid = (postpaid - calls(drawn)) as Calls;
    return { packNo, calls: calls(drawn) };
  });
  return { settled: { ...paid, postpaid }, draws: [...first, ...listed] };
}

const holds: Source<HoldLine> = {
  sql: (within) => `select account_id, seq, hold_id, meter, calls, at_ms, expires_ms, department, draws, postpaid,
               by_operator, review
        from holds h where ${within.of('h.account_id')} order by account_id, seq`,
  batch: 1_000,
  line: (raw, meter) => ({
    account: text(raw[0]),
    seq: whole(raw[1]),
    id: text(raw[2]),
    meter: text(meter(raw[3] ?? null)),
    calls: calls(raw[4]),
    at: instant(raw[5]),
    expiresAt: instant(raw[6]),
    department: raw[7] ?? null,
    draws: heldDraws(text(raw[8])),
    postpaid: calls(raw[9]),
    byOperator: raw[10] === 't',
    review: raw[11] === 't',
  }),
};

function heldDraws(json: string): PaidCalls[] | null {
  try {
    return decodeDraws(JSON.parse(json)).map((draw) => ({ packNo: draw.pack, calls: draw.calls }));
  } catch {
    return null;
  }
}

const holdEnds: Source<HoldEndLine> = {
  sql: (within) =>
    `select account_id, seq, hold_seq, how, at_ms from hold_ends x where ${within.of('x.account_id')} order by account_id, seq`,
  batch: 1_000,
  line: (raw) => ({
    account: text(raw[0]),
    seq: whole(raw[1]),
    holdSeq: whole(raw[2]),
    how: text(raw[3]) as HoldEnd,
    at: instant(raw[4]),
  }),
};

const packs: Source<PackLine> = {
  sql: (
    within,
  ) => `select account_id, seq, pack_no, pack_id, product, gift, calls, price, bought_ms, effective_ms, expires_ms, department
        from packs p where ${within.of('p.account_id')} order by account_id, seq`,
  batch: 1_000,
  line: (raw) => ({
    account: text(raw[0]),
    seq: whole(raw[1]),
    facts: {
      no: whole(raw[2]),
      id: text(raw[3]),
      product: text(raw[4]),
      gift: raw[5] === 't',
      calls: calls(raw[6]),
      price: money(raw[7]),
      boughtAt: instant(raw[8]),
      effectiveAt: instant(raw[9]),
      expiresAt: instant(raw[10]),
      ...(raw[11] == null ? {} : { department: raw[11] }),
    },
  }),
};

const refunds: Source<RefundLine> = {
  sql: (within) =>
    `select account_id, seq, pack_no, at_ms, exception from pack_refunds r where ${within.of('r.account_id')} order by account_id, seq`,
  batch: 1_000,
  line: (raw) => ({
    account: text(raw[0]),
    seq: whole(raw[1]),
    packNo: whole(raw[2]),
    at: instant(raw[3]),
    exception: raw[4] === 't',
  }),
};

const forfeits: Source<ForfeitLine> = {
  sql: (within) =>
    `select account_id, seq, pack_no, units, booked_ms from forfeits f where ${within.of('f.account_id')} order by account_id, seq`,
  batch: 1_000,
  line: (raw) => ({
    account: text(raw[0]),
    seq: whole(raw[1]),
    packNo: whole(raw[2]),
    units: calls(raw[3]),
    bookedAt: instant(raw[4]),
  }),
};

const entries: Source<EntryLine> = {
  sql: (within) => `select account_id, seq, kind, amount, balance, at_ms, reference
        from money_entries m where ${within.of('m.account_id')} order by account_id, seq`,
  batch: 1_000,
  line: (raw) => ({
    account: text(raw[0]),
    seq: whole(raw[1]),
    kind: text(raw[2]) as EntryKind,
    amount: money(raw[3]),
    balance: money(raw[4]),
    at: instant(raw[5]),
    reference: text(raw[6]),
  }),
};

const bills: Source<BillLine> = {
  sql: (within) => `select account_id, seq, period, bill_no, closed_ms, digest, document
        from bills b where ${within.of('b.account_id')} order by account_id, seq`,
  batch: 100,
  line: (raw) => ({
    account: text(raw[0]),
    seq: whole(raw[1]),
    period: text(raw[2]) as Period,
    no: whole(raw[3]),
    closedAt: instant(raw[4]),
    digest: text(raw[5]),
    document: text(raw[6]),
  }),
};

const contracts: Source<ContractLine> = {
  sql: (within) => `select account_id, seq, contract_no, from_period, at_ms, terms
        from contracts c where ${within.of('c.account_id')} order by account_id, seq`,
  batch: 100,
  line: (raw) => ({
    account: text(raw[0]),
    seq: whole(raw[1]),
    contract: contractIn(whole(raw[2]), text(raw[3]) as Period, text(raw[5])),
    at: instant(raw[4]),
  }),
};

function contractIn(no: number, from: Period, terms: string): Contract | null {
  try {
    return readContract(no, from, readJson(terms));
  } catch {
    return null;
  }
}

const usage: Source<UsageLine> = {
  sql: (within) => `select account_id, to_char(day, 'YYYY-MM-DD'), meter, payer, calls
        from usage_days d where ${within.of('d.account_id')} order by account_id`,
  batch: 2_000,
  line: (raw, meter) => ({
    account: text(raw[0]),
    seq: 0,
    day: text(raw[1]) as Day,
    meter: text(meter(raw[2] ?? null)),
    payer: text(raw[3]) as Payer,
    calls: calls(raw[4]),
  }),
};

const corrections: Source<CorrectionLine> = {
  sql: (within) => `select account_id, period, arrival, meter, day, postpaid, drawn
        from corrections c where ${within.of('c.account_id')} order by account_id`,
  batch: 1_000,
  line: (raw, meter) => ({
    account: text(raw[0]),
    seq: 0,
    period: text(raw[1]) as Period,
    arrival: text(raw[2]) as Period,
    meter: text(meter(raw[3] ?? null)),
    day: text(raw[4]),
    postpaid: calls(raw[5]),
    drawn: calls(raw[6]),
  }),
};

const thresholds = (rows: Field | undefined): ThresholdsLine[] =>
  (JSON.parse(rows ?? '[]') as [number, string][]).map(([afterSeq, percents]) => ({
    afterSeq,
    percents: JSON.parse(percents) as readonly number[] | null,
  }));

const accounts: Source<AccountLine> = {
  sql: (within) => `select a.account_id, a.book_id, a.time_zone, coalesce(o.through_seq, 0), t.asked
        from accounts a left join outbox_ends o on o.account_id = a.account_id and ${within.of('o.account_id')}
        left join (select account_id, json_agg(json_build_array(after_seq, percents) order by after_seq) as asked
                   from pack_thresholds p where ${within.of('p.account_id')} group by account_id) t on t.account_id = a.account_id
        where ${within.of('a.account_id')} order by a.account_id`,
  batch: 1_000,
  line: (raw) => ({
    account: text(raw[0]),
    seq: 0,
    book: text(raw[1]),
    timeZone: raw[2] ?? null,
    newsDeletedThrough: whole(raw[3]),
    packThresholds: thresholds(raw[4]),
  }),
};

const heads: Source<HeadLine> = {
  sql: (within) =>
    `select account_id, fixed, state from account_heads h where ${within.of('h.account_id')} order by account_id`,
  batch: 200,
  line: (raw) => ({ account: text(raw[0]), seq: 0, fixed: text(raw[1]), state: text(raw[2]) }),
};

/** Tables whose rows carry a ledger number. */
export const numbered = {
  events,
  draws,
  news,
  reviews,
  voids,
  holds,
  holdEnds,
  packs,
  refunds,
  forfeits,
  entries,
  bills,
  contracts,
  orders,
  orderEnds,
};
/** Tables with rows of an account that carry none. */
export const byAccount = { usage, corrections, accounts, heads };
