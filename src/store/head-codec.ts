// The head's form in the database: one JSON text, whole numbers only, rewritten with every change of the account.

import type { Period } from '../core/calendar.ts';
import { nextPeriod } from '../core/calendar.ts';
import type { Head, UsageKey } from '../core/head.ts';
import type { Hold } from '../core/hold.ts';
import type { LivePack } from '../core/pack.ts';
import type { Draw } from '../core/settle.ts';
import { type Calls, callsOf, type Instant, moneyOf } from '../core/units.ts';

type Whole = number | string;
type PackRow = [number, string, string, 0 | 1, Whole, Whole, number, number, number, Whole, 0 | 1];
type DrawRow = [number, Whole, Whole];
type HoldRow = [string, number, string, Whole, number, number, string | null, DrawRow[], Whole];

interface HeadRow {
  book: string;
  zone: string;
  postpaid: boolean;
  cap: Whole | null;
  suspended?: true;
  seq: number;
  balance: Whole;
  negativeSince?: number;
  packCount: number;
  billCount: number;
  finals: string;
  months: Record<string, Whole>;
  usage: Record<string, Whole>;
  packs: PackRow[];
  holds?: HoldRow[];
}

const whole = (value: bigint): Whole =>
  value <= 9_007_199_254_740_991n && value >= -9_007_199_254_740_991n ? Number(value) : value.toString();

export function encodeHead(head: Head): string {
  const row: HeadRow = {
    book: head.book,
    zone: head.timeZone,
    postpaid: head.postpaid,
    cap: head.cap === null ? null : whole(head.cap),
    ...(head.suspended ? { suspended: true } : {}),
    seq: head.seq,
    balance: whole(head.balance),
    ...(head.negativeSince === null ? {} : { negativeSince: head.negativeSince }),
    packCount: head.packCount,
    billCount: head.billCount,
    finals: encodeFinals(head.finals),
    months: encodeCounts(head.postpaidCalls),
    usage: encodeCounts(head.usage),
    packs: head.packs.map(encodePack),
    ...(head.holds.length === 0 ? {} : { holds: head.holds.map(encodeHold) }),
  };
  return JSON.stringify(row);
}

export function decodeHead(account: string, text: string): Head {
  const row = JSON.parse(text) as HeadRow;
  return {
    account,
    book: row.book,
    timeZone: row.zone,
    postpaid: row.postpaid,
    cap: row.cap === null ? null : callsOf(BigInt(row.cap)),
    suspended: row.suspended ?? false,
    seq: row.seq,
    packs: row.packs.map(decodePack),
    packCount: row.packCount,
    billCount: row.billCount,
    postpaidCalls: decodeCounts<Period>(row.months),
    usage: decodeCounts<UsageKey>(row.usage),
    finals: decodeFinals(row.finals),
    balance: moneyOf(BigInt(row.balance)),
    negativeSince: (row.negativeSince ?? null) as Instant | null,
    holds: (row.holds ?? []).map(decodeHold),
  };
}

function encodeCounts(counts: ReadonlyMap<string, Calls>): Record<string, Whole> {
  const row: Record<string, Whole> = {};
  for (const [key, calls] of counts) row[key] = whole(calls);
  return row;
}

const decodeCounts = <Key extends string>(row: Record<string, Whole>): Map<Key, Calls> =>
  new Map(Object.entries(row).map(([key, calls]) => [key as Key, callsOf(BigInt(calls))]));

const encodePack = (pack: LivePack): PackRow => [
  pack.no,
  pack.id,
  pack.product,
  pack.gift ? 1 : 0,
  whole(pack.calls),
  whole(pack.price),
  pack.boughtAt,
  pack.effectiveAt,
  pack.expiresAt,
  whole(pack.remaining),
  pack.used ? 1 : 0,
];

const decodePack = (row: PackRow): LivePack => ({
  no: row[0],
  id: row[1],
  product: row[2],
  gift: row[3] === 1,
  calls: callsOf(BigInt(row[4])),
  price: moneyOf(BigInt(row[5])),
  boughtAt: row[6] as Instant,
  effectiveAt: row[7] as Instant,
  expiresAt: row[8] as Instant,
  remaining: callsOf(BigInt(row[9])),
  used: row[10] === 1,
});

export const encodeDraws = (draws: readonly Draw[]): DrawRow[] =>
  draws.map((draw) => [draw.pack, whole(draw.calls), whole(draw.units)]);

export const decodeDraws = (rows: readonly DrawRow[]): Draw[] =>
  rows.map(([pack, calls, units]) => ({ pack, calls: callsOf(BigInt(calls)), units: callsOf(BigInt(units)) }));

const encodeHold = (hold: Hold): HoldRow => [
  hold.id,
  hold.seq,
  hold.meter,
  whole(hold.calls),
  hold.at,
  hold.expiresAt,
  hold.department,
  encodeDraws(hold.draws),
  whole(hold.postpaid),
];

const decodeHold = (row: HoldRow): Hold => ({
  id: row[0],
  seq: row[1],
  meter: row[2],
  calls: callsOf(BigInt(row[3])),
  at: row[4] as Instant,
  expiresAt: row[5] as Instant,
  department: row[6],
  draws: decodeDraws(row[7]),
  postpaid: callsOf(BigInt(row[8])),
});

/** Final periods as ranges, "2026-01..2026-07,2026-09": an account of ten years stays one short text. */
function encodeFinals(finals: ReadonlySet<Period>): string {
  if (finals.size === 0) return '';
  const ranges: [Period, Period][] = [];
  for (const period of [...finals].toSorted()) {
    const last = ranges.at(-1);
    if (last !== undefined && nextPeriod(last[1], 1) === period) last[1] = period;
    else ranges.push([period, period]);
  }
  return ranges.map(([from, to]) => (from === to ? from : `${from}..${to}`)).join(',');
}

function decodeFinals(text: string): Set<Period> {
  const finals = new Set<Period>();
  if (text === '') return finals;
  for (const range of text.split(',')) {
    const [from = '', to = from] = range.split('..');
    for (let period = from as Period; period <= to; period = nextPeriod(period, 1)) finals.add(period);
  }
  return finals;
}
