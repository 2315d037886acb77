// An account's head made again from its ledger: the rows are replayed, and what no row says is taken from the account's own row, from
// its last recorded change, or from what can still be read of the damaged head. Facts are never touched.

import type { Head } from '../account/head.ts';
import type { PriceBook } from '../core/price-book.ts';
import { callsOf, type Instant, instantOf } from '../core/units.ts';
import type { AccountChange, AccountSettingsRow } from '../store/ledger/accounts.ts';
import { encodeFixed, encodeState } from '../store/ledger/head-codec.ts';
import type { AccountLine, HeadLine } from '../store/streams/ledger-lines.ts';
import { type Finding, Verdicts, Witness } from './invariants.ts';
import { Replay } from './ledger-replay.ts';
import { Recount } from './recount.ts';
import type { LedgerReader, Tick } from './ticks.ts';

/** One field of a head that is not what the ledger says; texts are JSON. `before` null: unreadable, or missing. */
export interface HeadChange {
  readonly field: string;
  readonly before: string | null;
  readonly after: string;
}

export interface Rebuilt {
  readonly head: Head;
  /** What nothing says any more: the price book's, or what a new account has. */
  readonly assumed: readonly string[];
  /** The ledger's own rows do not agree, so that no head can be right; the first that is wrong. */
  readonly broken: Finding | undefined;
}

/** What a head holds that no ledger row says. */
interface Terms {
  readonly timeZone: string;
  readonly settings: AccountSettingsRow;
  readonly assumed: readonly string[];
}

/** Replays the account that the reader stands at, to its end. */
export async function rebuild(
  reader: LedgerReader,
  account: {
    readonly id: string;
    readonly book: PriceBook;
    /** As the account's row has it. */
    readonly timeZone: string | null;
    readonly head: HeadLine | undefined;
    readonly told: Pick<AccountLine, 'newsDeletedThrough' | 'packThresholds'> | undefined;
  },
  lastChange: AccountChange | undefined,
): Promise<Rebuilt> {
  const { timeZone, settings, assumed } = readTerms(account, lastChange);
  const verdicts = new Verdicts();
  const [draws, counts] = [new Witness('I5', verdicts), new Witness('I6', verdicts)];
  for (const witness of [draws, counts]) witness.at(account.id);
  const replay = new Replay({ account: account.id, timeZone }, account.book, draws, account.told);
  const recount = new Recount(replay, counts);
  let time = Number(lastChange?.at ?? 0);
  let seq = 0;
  for (let more = true; more; ) {
    more = await reader.nextTicks((tick) => {
      seq = tick.seq;
      time = Math.max(time, timeOfTick(tick));
      try {
        replay.apply(tick);
        if (tick.bill !== undefined) recount.bill(tick.bill);
      } catch (error) {
        draws.broken('ledger', `seq ${seq}`, 'a row that can be replayed', (error as Error).message);
      }
    });
  }
  const usage = recount.notWritten(await reader.end());
  const head = { ...replay.end(), ...settings, usage, seq, time: instantOf(time) };
  return { head, assumed, broken: verdicts.all().find(({ first }) => first !== null)?.first ?? undefined };
}

/** When the account was changed by what stands under one number. A forfeit's moment is its rule's, not that of its booking. */
function timeOfTick({ event, review, hold, holdEnd, pack, refund, entry, bill, contract, ...tick }: Tick): number {
  const moments: (Instant | undefined)[] = [event?.receivedAt, review?.reviewedAt, tick.void?.voidedAt, hold?.at];
  moments.push(
    holdEnd?.at,
    pack?.facts.boughtAt,
    refund?.at,
    entry?.at,
    bill?.closedAt,
    contract?.at,
    tick.order?.order?.at,
    tick.orderEnd?.at,
  );
  return Math.max(0, ...moments.map((at) => at ?? 0));
}

function readTerms(
  { timeZone, head, book }: Parameters<typeof rebuild>[1],
  lastChange: AccountChange | undefined,
): Terms {
  const left = readable(head?.fixed);
  const zone = timeZone ?? left.zone ?? /"zone":\s*"([^"\\]+)"/.exec(head?.fixed ?? '')?.[1];
  const kept = {
    postpaid: left.postpaid ?? true,
    cap: left.cap === undefined || left.cap === null ? null : callsOf(BigInt(left.cap)),
    suspended: left.suspended ?? false,
  };
  const assumed = [
    ...(zone === undefined ? ['timeZone'] : []),
    ...(lastChange === undefined && left.postpaid === undefined ? ['postpaid', 'cap', 'suspended'] : []),
  ];
  return { timeZone: zone ?? book.timeZone, settings: lastChange?.after ?? kept, assumed };
}

interface Readable {
  readonly zone?: string;
  readonly postpaid?: boolean;
  readonly cap?: number | string | null;
  readonly suspended?: boolean;
}

function readable(text: string | undefined): Readable {
  try {
    return JSON.parse(text ?? '{}') as Readable;
  } catch {
    return {};
  }
}

/** A head's fields as texts, by name; counters that count nothing and the account's time make no difference. */
function fieldsOf(head: Head): Map<string, string> {
  const kept = {
    ...head,
    postpaidCalls: counting(head.postpaidCalls),
    usage: counting(head.usage),
    time: instantOf(0),
  };
  const fixed = JSON.parse(encodeFixed(kept)) as Record<string, unknown>;
  const { packs, ...state } = JSON.parse(encodeState(kept)) as Record<string, unknown>;
  return new Map(
    Object.entries({ suspended: false, ...fixed, ...state, units: packs }).map(([name, value]) => [
      name,
      JSON.stringify(value),
    ]),
  );
}

const counting = <Key extends string>(counts: ReadonlyMap<Key, bigint>) =>
  new Map([...counts].filter(([, calls]) => calls !== 0n).toSorted(([a], [b]) => (a < b ? -1 : 1))) as never;

/** A head's time may be later than its rows, but not later than now. */
const mostAhead = 86_400_000;

export function changesOf(stored: Head | undefined, rebuilt: Head, now: Instant): HeadChange[] {
  const before = stored === undefined ? undefined : fieldsOf(stored);
  const after = fieldsOf(rebuilt);
  const names = new Set([...(before?.keys() ?? []), ...after.keys()]);
  const changes = [...names].flatMap((field): HeadChange[] => {
    const [was, is] = [before?.get(field) ?? null, after.get(field) ?? 'null'];
    return was === is ? [] : [{ field, before: was, after: is }];
  });
  if (stored !== undefined && stored.time > now + mostAhead) {
    changes.push({ field: 'time', before: String(stored.time), after: String(rebuilt.time) });
  }
  return changes;
}
