// The calls of a month in the order in which the ledger settled them, cut where tiers begin: for tariffs that are priced by it. One reading
// of the month's events, in the database.

import type { ClientBase, Pool } from 'pg';
import type { Placed, PlacedCalls } from '../../core/placed.ts';
import { inOrder } from '../../core/placed.ts';
import { type Calls, callsOf, type Instant } from '../../core/units.ts';
import { int2Array, int8Array } from './arrays.ts';
import type { MeterNumbers } from './meters.ts';

export interface OrderAsked {
  readonly account: string;
  readonly from: Instant;
  readonly to: Instant;
  /** The month, by the name that its bill has. */
  readonly period: string;
  readonly meters: readonly string[];
  readonly bounds: readonly Calls[];
  /** Calls that packs paid are counted too, in front of the postpaid ones of their event. */
  readonly countsDrawn: boolean;
  /** Null: as things stand. Else as billed, with what came into the final month before this instant. */
  readonly before: Instant | null;
}

/** Number 3 are calls charged while service was stopped: see rows.ts. */
const ordered = `ordered as (
  select o.place, o.meter, o.postpaid, o.counted,
         sum(o.counted) over (order by o.place rows unbounded preceding) as upto
  from (
    select coalesce(r.seq, e.seq) as place, e.meter, coalesce(r.postpaid, e.postpaid) as postpaid,
           case when $6 then e.calls else coalesce(r.postpaid, e.postpaid) end as counted
    from events e
    left join reviews r on r.account_id = e.account_id and r.event_id = e.event_id
    left join voids v on v.account_id = e.account_id and v.event_id = e.event_id
    left join bills b on b.account_id = e.account_id and b.period = $5
    where e.account_id = $1 and e.at_ms >= $2 and e.at_ms < $3 and e.meter = any($4::smallint[])
      and coalesce(r.outcome, e.outcome) in (0, 3)
      and ($7::bigint is null or coalesce(r.seq, e.seq) < b.seq or coalesce(r.at_ms, e.received_ms) < $7)
      and (v.seq is null or ($7 is not null and v.seq > b.seq and v.at_ms >= $7))) o)`;

const valuesOf = (asked: OrderAsked, meters: MeterNumbers): unknown[] => [
  asked.account,
  asked.from,
  asked.to,
  int2Array(asked.meters.map((meter) => meters.numberOf(meter))),
  asked.period,
  asked.countsDrawn,
  asked.before,
  int8Array(asked.bounds),
];

const placedSql = `with ${ordered}, tiers as (
  select low, coalesce(lead(low) over (order by low), 9223372036854775807) as high from unnest($8::bigint[]) as b(low))
select t.low as bound, o.meter, sum(least(o.upto, t.high) - greatest(o.upto - o.postpaid, t.low))::text as calls
from ordered o join tiers t on o.upto > t.low and o.upto - o.postpaid < t.high
where o.postpaid > 0 group by t.low, o.meter`;

export async function readPlaced(client: ClientBase | Pool, asked: OrderAsked, meters: MeterNumbers): Promise<Placed> {
  const { rows } = await client.query<{ bound: bigint; meter: number; calls: string }>({
    name: 'read-placed',
    text: placedSql,
    values: valuesOf(asked, meters),
  });
  const parts = rows.map(
    (row): PlacedCalls => ({
      from: callsOf(row.bound),
      meter: meters.idOf(row.meter),
      calls: callsOf(BigInt(row.calls)),
    }),
  );
  return { bounds: asked.bounds, parts: inOrder(parts) };
}

/** Where a tier begins in the order: in the call settled under `seq`, behind the first `below` of what is counted of it. */
export interface OrderCut {
  readonly bound: Calls;
  readonly seq: number;
  readonly below: Calls;
}

const cutsSql = `with ${ordered}
select b.low as bound, o.place as seq, (b.low - (o.upto - o.counted))::text as below
from unnest($8::bigint[]) as b(low) join ordered o on o.upto > b.low and o.upto - o.counted <= b.low order by b.low`;

/** Bounds that the month does not reach are left out. */
export async function readOrderCuts(
  client: ClientBase | Pool,
  asked: OrderAsked,
  meters: MeterNumbers,
): Promise<OrderCut[]> {
  const { rows } = await client.query<{ bound: bigint; seq: bigint; below: string }>({
    name: 'read-order-cuts',
    text: cutsSql,
    values: valuesOf(asked, meters),
  });
  return rows.map((row) => ({
    bound: callsOf(row.bound),
    seq: Number(row.seq),
    below: callsOf(BigInt(row.below)),
  }));
}
