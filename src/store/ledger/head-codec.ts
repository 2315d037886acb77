// The head's form in the database: two JSON texts, whole numbers only. `fixed` is written by commands, `state` by every group.

import type { Head, Hold, NamedCap, UsageKey } from '../../account/head.ts';
import type { Period } from '../../core/calendar.ts';
import { nextPeriod } from '../../core/calendar.ts';
import type { LivePack, PackFacts } from '../../core/pack.ts';
import type { Draw } from '../../core/settle.ts';
import { type Calls, callsOf, type Instant, instantOf, moneyOf, subtractCalls } from '../../core/units.ts';

type Whole = number | string;
/** Behind the moments of its life the department that it is for, where it is for one alone. */
type PackRow = [number, string, string, 0 | 1, Whole, Whole, number, number, number, ...([] | [department: string])];
type DrawRow = [number, Whole, Whole];
/** 1 where an operator made it, plus 2 where its expiry means review, and by which key; absent where neither is so, and none is kept. */
type HoldMarks = [] | [number] | [number, string];
/**
 * Short, since every group of the account writes all of them: `meter` 0 is that of the hold before, `expires` at most `at` is milliseconds
 * after it, a draw that is a number is one pack that pays all that is not postpaid, a call a unit. Programs before migration 0043 wrote
 * a hold's meter, moment of expiry and list of draws each time.
 */
type HoldRow = [
  ...[id: string, seq: number, meter: string | 0, calls: Whole, at: number, expires: number],
  ...[department: string | 0 | null, draws: DrawRow[] | number, postpaid: Whole],
  ...HoldMarks,
];
type CapRow = [number, string, 'day' | 'month', 'all' | 'postpaid', Whole, string | null, string | null, string | null];

interface Fixed {
  book: string;
  zone: string;
  postpaid: boolean;
  cap: Whole | null;
  suspended?: true;
  thresholds?: readonly number[];
  balance: Whole;
  negativeSince?: number;
  packCount: number;
  billCount: number;
  finals: string;
  packs: PackRow[];
  caps?: CapRow[];
}

interface State {
  seq: number;
  /** Missing in what older programs wrote. */
  time?: number;
  months: Record<string, Whole>;
  usage: Record<string, Whole>;
  /** Number, units left, whether it was ever drawn from; in draw order. */
  packs: [number, Whole, 0 | 1][];
  holds: HoldRow[];
  /** Missing where nothing is counted. */
  capped?: Record<string, Whole>;
}

const mostExact = 9_007_199_254_740_991n;
const whole = (value: bigint): Whole => (value <= mostExact && value >= -mostExact ? Number(value) : value.toString());

export function encodeFixed(head: Head): string {
  const fixed: Fixed = {
    book: head.book,
    zone: head.timeZone,
    postpaid: head.postpaid,
    cap: head.cap === null ? null : whole(head.cap),
    ...(head.suspended ? { suspended: true } : {}),
    ...(head.packThresholds === null ? {} : { thresholds: head.packThresholds }),
    balance: whole(head.balance),
    ...(head.negativeSince === null ? {} : { negativeSince: head.negativeSince }),
    packCount: head.packCount,
    billCount: head.billCount,
    finals: encodeFinals(head.finals),
    packs: head.packs.map(encodePack),
    ...(head.caps.length === 0 ? {} : { caps: head.caps.map(encodeCap) }),
  };
  return JSON.stringify(fixed);
}

/** By hand, since every call's group does it; keys are periods, days, meters and payers, which need no escape. */
export function encodeState(head: Head): string {
  let packs = '';
  for (const pack of head.packs) {
    packs += `${packs === '' ? '' : ','}[${pack.no},${wholeText(pack.remaining)},${pack.used ? 1 : 0}]`;
  }
  return `{"seq":${head.seq},"time":${head.time},"months":${countsText(head.postpaidCalls)},"usage":${countsText(head.usage)},"packs":[${packs}],"holds":[${holdsText(head.holds)}]${cappedText(head.capped)}}`;
}

const cappedText = (capped: ReadonlyMap<string, Calls>): string =>
  capped.size === 0 ? '' : `,"capped":${countsText(capped)}`;

const wholeText = (value: bigint): string =>
  value <= mostExact && value >= -mostExact ? value.toString() : `"${value}"`;

function countsText(counts: ReadonlyMap<string, Calls>): string {
  let text = '';
  for (const [key, calls] of counts) text += `${text === '' ? '' : ','}"${key}":${wholeText(calls)}`;
  return `{${text}}`;
}

export function decodeHead(account: string, fixedText: string, stateText: string): Head {
  const fixed = JSON.parse(fixedText) as Fixed;
  const state = JSON.parse(stateText) as State;
  const facts = new Map(fixed.packs.map((row) => [row[0], decodePack(row)]));
  return {
    account,
    book: fixed.book,
    timeZone: fixed.zone,
    postpaid: fixed.postpaid,
    cap: fixed.cap === null ? null : callsOf(BigInt(fixed.cap)),
    suspended: fixed.suspended ?? false,
    packThresholds: fixed.thresholds ?? null,
    seq: state.seq,
    time: instantOf(state.time ?? 0),
    packs: state.packs.map(([no, remaining, used]): LivePack => {
      const pack = facts.get(no);
      if (pack === undefined) throw new Error(`the head of ${account} does not say what pack ${no} is`);
      return { ...pack, remaining: callsOf(BigInt(remaining)), used: used === 1 };
    }),
    packCount: fixed.packCount,
    billCount: fixed.billCount,
    postpaidCalls: decodeCounts<Period>(state.months),
    usage: decodeCounts<UsageKey>(state.usage),
    finals: decodeFinals(fixed.finals),
    balance: moneyOf(BigInt(fixed.balance)),
    negativeSince: (fixed.negativeSince ?? null) as Instant | null,
    holds: decodeHolds(state.holds),
    caps: (fixed.caps ?? []).map(decodeCap),
    capped: decodeCounts<string>(state.capped ?? {}),
  };
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
  ...(pack.department === undefined ? ([] as const) : ([pack.department] as const)),
];

const decodePack = (row: PackRow): PackFacts => ({
  no: row[0],
  id: row[1],
  product: row[2],
  gift: row[3] === 1,
  calls: callsOf(BigInt(row[4])),
  price: moneyOf(BigInt(row[5])),
  boughtAt: row[6] as Instant,
  effectiveAt: row[7] as Instant,
  expiresAt: row[8] as Instant,
  ...(row[9] === undefined ? {} : { department: row[9] }),
});

const encodeCap = ({ no, name, per, of, most, department, meter, key }: NamedCap): CapRow =>
  [...[no, name, per, of, whole(most)], ...[department, meter, key]] as CapRow;

const decodeCap = ([no, name, per, of, most, department, meter, key]: CapRow): NamedCap => ({
  ...{ no, name, per, of, most: callsOf(BigInt(most)) },
  ...{ department, meter, key },
});

export const encodeDraws = (draws: readonly Draw[]): DrawRow[] =>
  draws.map((draw) => [draw.pack, whole(draw.calls), whole(draw.units)]);

export const decodeDraws = (rows: readonly DrawRow[]): Draw[] =>
  rows.map(([pack, calls, units]) => ({ pack, calls: callsOf(BigInt(calls)), units: callsOf(BigInt(units)) }));

/** What a hold's row says behind its meter. */
const restOfHold = (hold: Hold) => [
  whole(hold.calls),
  hold.at,
  hold.expiresAt - hold.at <= hold.at ? hold.expiresAt - hold.at : hold.expiresAt,
  hold.department ?? 0,
  shortDraws(hold),
  whole(hold.postpaid),
  ...marksOf(hold),
];

/** The number of the only pack where the rest is plain; 0: no pack pays. */
function shortDraws({ draws, calls, postpaid }: Hold): DrawRow[] | number {
  const [draw] = draws;
  if (draw === undefined) return 0;
  const isPlain = draws.length === 1 && draw.units === draw.calls && draw.calls === calls - postpaid;
  return isPlain ? draw.pack : encodeDraws(draws);
}

function marksOf({ byOperator, review, key }: Hold): HoldMarks {
  const marks = (byOperator ? 1 : 0) + (review ? 2 : 0);
  if (key !== null) return [marks, key];
  return marks === 0 ? [] : [marks];
}

interface HoldTexts {
  readonly withMeter: string;
  /** Behind a hold of the same meter. */
  readonly alike: string;
}

/** A hold never changes, and every group of its account writes all of them again. */
const holdTexts = new WeakMap<Hold, HoldTexts>();

function textsOf(hold: Hold): HoldTexts {
  const known = holdTexts.get(hold);
  if (known !== undefined) return known;
  const before = `[${JSON.stringify(hold.id)},${hold.seq},`;
  const behind = JSON.stringify(restOfHold(hold)).slice(1);
  const texts = {
    withMeter: `${before}${JSON.stringify(hold.meter)},${behind}`,
    alike: `${before}0,${behind}`,
  };
  holdTexts.set(hold, texts);
  return texts;
}

function holdsText(holds: readonly Hold[]): string {
  let text = '';
  let meter: string | undefined;
  for (const hold of holds) {
    const { withMeter, alike } = textsOf(hold);
    text += `${text === '' ? '' : ','}${hold.meter === meter ? alike : withMeter}`;
    meter = hold.meter;
  }
  return text;
}

function decodeHolds(rows: readonly HoldRow[]): Hold[] {
  let meter = '';
  return rows.map((row) => {
    if (row[2] !== 0) meter = row[2];
    return decodeHold(row, meter);
  });
}

function decodeHold(row: HoldRow, meter: string): Hold {
  const [id, seq, , callsRow, at, expires, department, drawsRow, postpaidRow, marks = 0, key = null] = row;
  const [calls, postpaid] = [callsOf(BigInt(callsRow)), callsOf(BigInt(postpaidRow))];
  const drawn = subtractCalls(calls, postpaid);
  const plain = drawsRow === 0 ? [] : [{ pack: drawsRow as number, calls: drawn, units: drawn }];
  return {
    ...{ id, seq, meter, calls, at: at as Instant, postpaid, key },
    expiresAt: instantOf(expires > at ? expires : at + expires),
    department: department === 0 ? null : department,
    draws: typeof drawsRow === 'number' ? plain : decodeDraws(drawsRow),
    byOperator: marks === 1 || marks === 3,
    review: marks >= 2,
  };
}

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
