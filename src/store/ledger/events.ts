// Events as the ledger holds them, with their draws, pack ids, void and review. Reading only: group.ts writes them.

import type { ClientBase, Pool } from 'pg';
import type { DepartmentCalls } from '../../core/department.ts';
import type { PackHistory } from '../../core/settle.ts';
import { type Calls, callsOf, type Instant, instantOf, moneyOf, subtractCalls } from '../../core/units.ts';
import { type Engine, namedAgain } from '../connection/engine.ts';
import { engineOf } from '../connection/hosts.ts';
import { textArray } from './arrays.ts';
import type { MeterNumbers } from './meters.ts';
import { type EventRow, heldNumbers, readOutcome } from './rows.ts';

export interface StoredDraw {
  readonly no: number;
  readonly pack: string;
  readonly calls: Calls;
  /** Of a pack that was delivered when the call was settled already: its delivery. */
  readonly later?: { readonly seq: number; readonly at: Instant };
}

/** An event with all that has happened to it. For a reviewed one outcome, draws and postpaid are those of the review. */
export interface StoredEvent extends Omit<EventRow, 'draws'> {
  readonly draws: readonly StoredDraw[];
  /** Ledger number under which it was settled: its own, or its review's. */
  readonly settledSeq: number;
  readonly voidedAt: Instant | null;
  readonly voidedSeq: number | null;
  /** Who voided or reviewed it: the id of a key, or 'local'; null also where that was not kept. */
  readonly voidedBy: string | null;
  readonly reviewedAt: Instant | null;
  readonly reviewedBy: string | null;
  /** True when the event itself arrived as held. */
  readonly arrivedHeld: boolean;
}

interface Row {
  account_id: string;
  event_id: string;
  seq: bigint;
  settled_seq: bigint;
  at_ms: bigint;
  received_ms: bigint;
  calls: bigint;
  postpaid: bigint;
  meter: number | null;
  outcome: number;
  arrived: number;
  pack_no: number | null;
  pack_id: string | null;
  draw_count: number;
  draws: DrawCells[] | null;
  department: string | null;
  came_by: string | null;
  action: string | null;
  channel: string | null;
  library: string | null;
  result_code: string | null;
  voided_ms: bigint | null;
  voided_seq: bigint | null;
  voided_by: string | null;
  reviewed_ms: bigint | null;
  reviewed_by: string | null;
}

type DrawCells = [no: number, pack: string, calls: string, later: [seq: number, at: number] | null];

/**
 * A row of event_draws whose place is behind those that its settlement counts was added when a later pack paid. `through`: draws of
 * packs delivered up to that number.
 */
const columnsThrough = (through: string | null): string => `
  e.account_id, e.event_id, e.seq, coalesce(r.seq, e.seq) as settled_seq, e.at_ms, e.received_ms, e.calls, e.meter,
  e.outcome as arrived, coalesce(r.outcome, e.outcome) as outcome, coalesce(r.postpaid, e.postpaid) as postpaid,
  coalesce(r.pack_no, e.pack_no) as pack_no, coalesce(r.draw_count, e.draw_count) as draw_count, p.pack_id,
  case when coalesce(r.draw_count, e.draw_count) > 1 or coalesce(r.postpaid, e.postpaid) > 0 then (
    select json_agg(json_build_array(d.pack_no, dp.pack_id, d.calls::text,
      case when d.place > coalesce(r.draw_count, e.draw_count) then json_build_array(dp.seq, dp.bought_ms) end) order by d.place, d.pack_no)
    from event_draws d join packs dp using (account_id, pack_no)
    where d.account_id = e.account_id and d.seq = coalesce(r.seq, e.seq)${through === null ? '' : ` and dp.seq <= ${through}`}) end as draws,
  (select k.key from event_keys k where k.account_id = e.account_id and k.seq = e.seq) as came_by,
  e.department, e.action, e.channel, e.library, e.result_code, v.at_ms as voided_ms, v.seq as voided_seq,
  v.done_by as voided_by, r.at_ms as reviewed_ms, r.done_by as reviewed_by`;

const columns = columnsThrough(null);

/** What happened to the events since; `through`: only what stands in the ledger up to that number. */
const joinsThrough = (through: string | null): string => `
  left join reviews r on r.account_id = e.account_id and r.event_id = e.event_id${through === null ? '' : ` and r.seq <= ${through}`}
  left join voids v on v.account_id = e.account_id and v.event_id = e.event_id${through === null ? '' : ` and v.seq <= ${through}`}
  left join packs p on p.account_id = e.account_id and p.pack_no = coalesce(r.pack_no, e.pack_no)`;

const joins = joinsThrough(null);

function stored(row: Row, meters: MeterNumbers): StoredEvent {
  const calls = callsOf(row.calls);
  const draws = drawsOf(row);
  const postpaid = postpaidOf(row, draws);
  const { outcome, stopped, late } = readOutcome(row.outcome);
  const { outcome: arrived, disagreement } = readOutcome(row.arrived);
  return {
    account: row.account_id,
    id: row.event_id,
    seq: Number(row.seq),
    settledSeq: Number(row.settled_seq),
    at: instantOf(Number(row.at_ms)),
    receivedAt: instantOf(Number(row.received_ms)),
    calls,
    meter: row.meter === null ? null : meters.idOf(row.meter),
    outcome,
    stopped,
    late,
    disagreement,
    draws,
    postpaid,
    department: row.department,
    key: row.came_by,
    facts:
      row.action === null
        ? null
        : { action: row.action, channel: row.channel, library: row.library, resultCode: row.result_code ?? '' },
    voidedAt: row.voided_ms === null ? null : instantOf(Number(row.voided_ms)),
    voidedSeq: row.voided_seq === null ? null : Number(row.voided_seq),
    voidedBy: row.voided_by,
    reviewedAt: row.reviewed_ms === null ? null : instantOf(Number(row.reviewed_ms)),
    reviewedBy: row.reviewed_by,
    arrivedHeld: arrived === 'held',
  };
}

function drawsOf({ draw_count: count, pack_no: no, pack_id: pack, ...row }: Row): StoredDraw[] {
  const listed = (row.draws ?? []).map(readDraw);
  if (count !== 1) return listed;
  return [{ no: no ?? 0, pack: pack ?? '', calls: callsOf(row.calls - row.postpaid) }, ...listed];
}

const readDraw = ([no, pack, calls, later]: DrawCells): StoredDraw => ({
  ...{ no, pack, calls: callsOf(BigInt(calls)) },
  ...(later === null ? {} : { later: { seq: later[0], at: instantOf(later[1]) } }),
});

/** What packs that came later have left of it. */
function postpaidOf(row: Row, draws: readonly StoredDraw[]): Calls {
  let postpaid = callsOf(row.postpaid);
  for (const { calls, later } of draws) if (later !== undefined) postpaid = subtractCalls(postpaid, calls);
  return postpaid;
}

export interface EventKey {
  readonly account: string;
  readonly id: string;
}

const byKeys = (
  engine: Engine,
): string => `select ${columns} from unnest($1::text[], $2::text[]) as k(event_id, account_id)
  join events e on e.event_id = k.event_id and e.account_id = k.account_id${namedAgain(engine, 'e.account_id', '$2')} ${joins}`;

const findByKeys: Readonly<Record<Engine, string>> = { postgresql: byKeys('postgresql'), citus: byKeys('citus') };

/** The events of these keys that are in the ledger, in no order. */
export async function findEvents(
  client: ClientBase | Pool,
  keys: readonly EventKey[],
  meters: MeterNumbers,
): Promise<StoredEvent[]> {
  const { rows } = await client.query<Row>({
    name: 'find-events',
    text: findByKeys[engineOf(client)],
    values: [textArray(keys.map((key) => key.id)), textArray(keys.map((key) => key.account))],
  });
  return rows.map((row) => stored(row, meters));
}

/** An event with what else its receipt is made of. */
export interface EventOfReceipt {
  readonly event: StoredEvent;
  /** Its account's. */
  readonly book: string;
  /** Its account's; null where an account of before this was kept has a head that could not be read. */
  readonly timeZone: string | null;
  /** Packs that were there when it was settled, with their refunds, in no order; none of an event that is not charged. */
  readonly packs: readonly PackHistory[];
}

type PackCells = [
  ...[no: number, id: string, product: string, gift: boolean, calls: string, price: string],
  ...[boughtAt: number, effectiveAt: number, expiresAt: number, refundSeq: number | null, department: string | null],
];

/** One event with all that its receipt says: one statement, one row, a plan that is kept. */
export async function findEventOfReceipt(
  client: ClientBase | Pool,
  { account, id }: EventKey,
  meters: MeterNumbers,
): Promise<EventOfReceipt | undefined> {
  const { rows } = await client.query<
    Row & { book_id: string; time_zone: string | null; known_packs: PackCells[] | null }
  >({
    name: 'find-event-of-receipt',
    text: `select ${columns}, a.book_id, a.time_zone,
             case when coalesce(r.outcome, e.outcome) in (0, 3) then (
               select json_agg(json_build_array(k.pack_no, k.pack_id, k.product, k.gift, k.calls::text, k.price::text,
                 k.bought_ms, k.effective_ms, k.expires_ms, back.seq, k.department))
               from packs k left join pack_refunds back on back.account_id = k.account_id and back.pack_no = k.pack_no
               where k.account_id = e.account_id and k.seq < coalesce(r.seq, e.seq)) end as known_packs
           from events e ${joins} join accounts a on a.account_id = e.account_id
           where e.event_id = $1 and e.account_id = $2`,
    values: [id, account],
  });
  const [row] = rows;
  if (row === undefined) return undefined;
  const packs = (row.known_packs ?? []).map(historyOf);
  return { event: stored(row, meters), book: row.book_id, timeZone: row.time_zone, packs };
}

const historyOf = ([
  no,
  id,
  product,
  gift,
  calls,
  price,
  bought,
  effective,
  expires,
  refund,
  department,
]: PackCells) => ({
  ...{ no, id, product, gift, calls: callsOf(BigInt(calls)), price: moneyOf(BigInt(price)), refundedSeq: refund },
  ...{ boughtAt: instantOf(bought), effectiveAt: instantOf(effective), expiresAt: instantOf(expires) },
  ...(department === null ? {} : { department }),
});

export interface EventPage {
  readonly account: string;
  /** Calls made at or after this instant. */
  readonly from: Instant;
  /** Calls made before this instant. */
  readonly to: Instant;
  /** Continue after the event at this time with this ledger number. */
  readonly after: { readonly at: Instant; readonly seq: number } | null;
  readonly limit: number;
  /** The ledger as it stood at this number: later events, reviews and voids are as if they had not been. Null: as it stands. */
  readonly through: number | null;
}

/** What events are looked for by; null: by any. Outcome and payers are those after a review. */
export interface EventFilter {
  /** Its number. */
  readonly meter: number | null;
  readonly outcome: 'charged' | 'not-charged' | 'held' | null;
  /** A pack's id, or `postpaid`. */
  readonly payer: string | null;
  readonly department: string | null;
  readonly resultCode: string | null;
}

/** What a list of events is asked for, beside its time; what is not given is any. `payer`: a pack's id, or `postpaid`. */
export type EventWish = {
  readonly [Field in keyof EventFilter]?: (Field extends 'meter' ? string : EventFilter[Field]) | undefined;
};

export interface FoundEvents {
  readonly events: StoredEvent[];
  /** Behind which event the search goes on; null: it has seen all. */
  readonly next: { readonly at: Instant; readonly seq: number } | null;
}

/** Events that a search looks at for one page, however few of them it finds: a rare one must not hold a connection for minutes. */
export const mostLookedAt = 20_000;

/** What of an event `e`, or of its review `r`, packs paid that were delivered after it. */
export const laterCalls = `coalesce((select sum(d.calls) from event_draws d
  where d.account_id = e.account_id and d.seq = coalesce(r.seq, e.seq) and d.place > coalesce(r.draw_count, e.draw_count)), 0)`;

const outcomesOf = { charged: [0, 3], 'not-charged': [1], held: heldNumbers } as const;

/** Those of an account that a filter lets through, in order of call time; a page may hold fewer than asked for and still go on. */
export async function searchEvents(
  pool: ClientBase | Pool,
  { account, from, to, after, limit, through }: EventPage,
  { meter, outcome, payer, department, resultCode }: EventFilter,
  meters: MeterNumbers,
): Promise<FoundEvents> {
  const { rows } = await pool.query<Row & { is_found: boolean }>(
    `with looked as materialized (
       select e.*, row_number() over (order by e.at_ms, e.seq) as place from events e
       where account_id = $1 and at_ms >= $2 and at_ms < $3 and (at_ms, seq) > ($4, $5) and seq <= $14
       order by at_ms, seq limit $6),
     pack as (select pack_no as no from packs where account_id = $1 and pack_id = $13),
     found as (
       select e.*, true as is_found from looked e
       left join reviews r on r.account_id = e.account_id and r.event_id = e.event_id
       where ($8::smallint is null or e.meter = $8) and ($9::smallint[] is null or coalesce(r.outcome, e.outcome) = any($9))
         and ($10::text is null or e.department = $10) and ($11::text is null or e.result_code = $11)
         and (not $12::boolean or coalesce(r.postpaid, e.postpaid) > ${laterCalls})
         and ($13::text is null or coalesce(r.pack_no, e.pack_no) = (select no from pack)
           or (coalesce(r.draw_count, e.draw_count) > 1 or coalesce(r.postpaid, e.postpaid) > 0)
             and exists (select from event_draws d where d.account_id = e.account_id and d.seq = coalesce(r.seq, e.seq) and d.pack_no = (select no from pack)))
       order by e.place limit $7),
     last as (select *, false as is_found from looked where place = $6)
     select ${columns}, e.is_found
     from (select * from found union all select * from last) e ${joins}
     order by e.is_found desc, e.at_ms, e.seq`,
    [
      ...[account, from, to, after?.at ?? from, after?.seq ?? 0, mostLookedAt, limit, meter],
      outcome === null ? null : [...outcomesOf[outcome]],
      ...[department, resultCode, payer === 'postpaid', payer === 'postpaid' ? null : payer],
      through ?? Number.MAX_SAFE_INTEGER,
    ],
  );
  const events = rows.filter((row) => row.is_found).map((row) => stored(row, meters));
  const last =
    events.length === limit ? events.at(-1) : rows.filter((row) => !row.is_found).map((row) => stored(row, meters))[0];
  return { events, next: last === undefined ? null : { at: last.at, seq: last.seq } };
}

/** Events of one account in order of call time, then ledger number. */
export async function listEvents(
  pool: ClientBase | Pool,
  page: EventPage,
  meters: MeterNumbers,
): Promise<StoredEvent[]> {
  const { rows } = await pool.query<Row>(
    `select ${columnsThrough('$7')} from (
       select * from events
       where account_id = $1 and at_ms >= $2 and at_ms < $3 and (at_ms, seq) > ($4, $5) and seq <= $7
       order by at_ms, seq limit $6) e ${joinsThrough('$7')}
     order by e.at_ms, e.seq`,
    [
      page.account,
      page.from,
      page.to,
      page.after?.at ?? page.from,
      page.after?.seq ?? 0,
      page.limit,
      page.through ?? Number.MAX_SAFE_INTEGER,
    ],
  );
  return rows.map((row) => stored(row, meters));
}

/** Charged calls of a month by department and meter, of rows up to ledger number `through`; voided ones are left out. */
export async function readDepartmentCalls(
  pool: ClientBase | Pool,
  month: {
    readonly account: string;
    readonly from: Instant;
    readonly to: Instant;
    readonly through: number | null;
  },
  meters: MeterNumbers,
): Promise<DepartmentCalls[]> {
  const { rows } = await pool.query<{ department: string; meter: number; calls: string }>(
    `select coalesce(e.department, '') as department, e.meter, sum(e.calls)::text as calls
     from events e
     left join reviews r on r.account_id = e.account_id and r.event_id = e.event_id
     left join voids v on v.account_id = e.account_id and v.event_id = e.event_id
     where e.account_id = $1 and e.at_ms >= $2 and e.at_ms < $3 and e.meter is not null
       and coalesce(r.outcome, e.outcome) in (0, 3)
       and ($4::bigint is null or coalesce(r.seq, e.seq) <= $4)
       and (v.seq is null or v.seq > $4)
     group by 1, 2 order by 1, 2`,
    [month.account, month.from, month.to, month.through],
  );
  return rows.map((row) => ({
    department: row.department,
    meter: meters.idOf(row.meter),
    calls: callsOf(BigInt(row.calls)),
  }));
}

export interface DepartmentDay {
  /** Which of the days asked for, from 0 on. */
  readonly day: number;
  /** Empty: none was named. */
  readonly department: string;
  readonly calls: Calls;
}

/** Charged calls by day and department, voided ones left out. Days begin at these instants; the last one is where they end. */
export async function readDepartmentDays(
  pool: ClientBase | Pool,
  account: string,
  bounds: readonly Instant[],
): Promise<DepartmentDay[]> {
  const { rows } = await pool.query<{ day: number; department: string; calls: string }>(
    `select width_bucket(e.at_ms, $4::bigint[]) - 1 as day, coalesce(e.department, '') as department, sum(e.calls)::text as calls
     from events e
     left join reviews r on r.account_id = e.account_id and r.event_id = e.event_id
     where e.account_id = $1 and e.at_ms >= $2 and e.at_ms < $3 and coalesce(r.outcome, e.outcome) in (0, 3)
       and not exists (select from voids v where v.account_id = e.account_id and v.event_id = e.event_id)
     group by 1, 2 order by 1, 2`,
    [account, bounds[0], bounds.at(-1), bounds.slice(0, -1)],
  );
  return rows.map(({ day, department, calls }) => ({ day, department, calls: callsOf(BigInt(calls)) }));
}
