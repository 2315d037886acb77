// Events that arrived held and that nobody has decided yet.

import type { ClientBase, Pool } from 'pg';
import type { Disagreement, HeldReason, Outcome } from '../../core/event.ts';
import { type Calls, callsOf, type Instant, instantOf } from '../../core/units.ts';
import type { EventKey } from './events.ts';
import { heldNumbers, heldReason, readOutcome, type StoredOutcome } from './rows.ts';

/** Which of them: a part left out, or null, is any. */
export interface HeldFilter {
  readonly account: string | null;
  readonly action?: string | undefined;
  readonly resultCode?: string | undefined;
  readonly reason?: HeldReason | undefined;
  /** What was said of it where the provider disagrees. */
  readonly table?: Outcome | undefined;
  readonly provider?: Disagreement['provider'] | undefined;
}

/** All that are held stand here too, since it is by them that an index of few is found. */
const waiting = `e.outcome in (2, 4, 5, 6, 7)
  and ($1::text is null or e.account_id = $1) and ($2::text is null or e.action = $2)
  and ($3::text is null or e.result_code = $3) and e.outcome = any($4::smallint[])
  and not exists (select 1 from reviews r where r.account_id = e.account_id and r.event_id = e.event_id)
  and not exists (select 1 from voids v where v.account_id = e.account_id and v.event_id = e.event_id)`;

const valuesOf = ({ account, action, resultCode, ...which }: HeldFilter) => [
  account,
  action ?? null,
  resultCode ?? null,
  heldNumbers.filter((no) => fits(readOutcome(no), which)),
];

const fits = (stored: StoredOutcome, { reason, table, provider }: Omit<HeldFilter, 'account'>): boolean =>
  (reason === undefined || heldReason(stored) === reason) &&
  (table === undefined || stored.disagreement?.table === table) &&
  (provider === undefined || stored.disagreement?.provider === provider);

export interface HeldKey extends EventKey {
  readonly seq: number;
}

/** In order of account and ledger number, after a place in it. */
export async function listHeldKeys(
  client: ClientBase | Pool,
  filter: HeldFilter,
  after: readonly [account: string, seq: number],
  limit: number,
): Promise<HeldKey[]> {
  const { rows } = await client.query<{ account_id: string; event_id: string; seq: bigint }>(
    `select e.account_id, e.event_id, e.seq from events e
     where ${waiting} and (e.account_id, e.seq) > ($5, $6) order by e.account_id, e.seq limit $7`,
    [...valuesOf(filter), ...after, limit],
  );
  return rows.map((row) => ({ account: row.account_id, id: row.event_id, seq: Number(row.seq) }));
}

export interface HeldGroup {
  readonly action: string | null;
  readonly resultCode: string | null;
  readonly reason: HeldReason;
  readonly verdicts?: Disagreement;
  readonly accounts: number;
  readonly events: number;
  readonly calls: Calls;
  /** When the oldest of the calls was made. */
  readonly oldest: Instant;
}

/** How many wait for what, the most first. */
export async function countHeld(client: ClientBase | Pool, filter: HeldFilter): Promise<HeldGroup[]> {
  const { rows } = await client.query<{
    action: string | null;
    result_code: string | null;
    outcome: number;
    accounts: number;
    events: number;
    calls: string;
    oldest: bigint;
  }>(
    `select e.action, e.result_code, e.outcome, count(distinct e.account_id)::integer as accounts,
            count(*)::integer as events, sum(e.calls)::text as calls, min(e.at_ms) as oldest
     from events e where ${waiting} group by 1, 2, 3 order by 5 desc, 1, 2, 3 limit 1000`,
    valuesOf(filter),
  );
  return rows.map((row) => ({
    action: row.action,
    resultCode: row.result_code,
    ...whyOf(readOutcome(row.outcome)),
    accounts: row.accounts,
    events: row.events,
    calls: callsOf(BigInt(row.calls)),
    oldest: instantOf(Number(row.oldest)),
  }));
}

const whyOf = (stored: StoredOutcome): Pick<HeldGroup, 'reason' | 'verdicts'> => ({
  reason: heldReason(stored),
  ...(stored.disagreement === null ? {} : { verdicts: stored.disagreement }),
});

/** What waits of one account. */
export interface WaitingHeld {
  readonly account: string;
  readonly count: number;
  /** When the oldest of the calls was made. */
  readonly oldest: Instant;
  /** The first that waits: its ledger number, and since when it does. */
  readonly first: number;
  readonly since: Instant;
}

/** What waits of these accounts, those alone that something waits of. */
export async function waitingHeld(client: ClientBase | Pool, accounts: readonly string[]): Promise<WaitingHeld[]> {
  const { rows } = await client.query<{
    account_id: string;
    count: number;
    oldest: bigint;
    first: bigint;
    since: bigint;
  }>(
    `select e.account_id, count(*)::integer as count, min(e.at_ms) as oldest, min(e.seq) as first,
            min(e.received_ms) as since
     from events e
     where e.account_id = any($5::text[]) and ${waiting} group by e.account_id`,
    [...valuesOf({ account: null }), accounts],
  );
  return rows.map(({ account_id, count, oldest, first, since }) => ({
    account: account_id,
    count,
    oldest: instantOf(Number(oldest)),
    first: Number(first),
    since: instantOf(Number(since)),
  }));
}
