// The ledger's row of a hold that became an event: captured, or out of time with its fate unknown.

import { cappedKey } from '../account/caps.ts';
import type { Head, Hold } from '../account/head.ts';
import type { HeldCall } from '../account/hold.ts';
import type { UsageRecord } from '../account/use.ts';
import type { CallFacts } from '../core/event.ts';
import type { Instant } from '../core/units.ts';
import { type EventRow, type GroupRows, tell } from '../store/ledger/rows.ts';

export interface CapturedCall {
  readonly hold: Hold;
  readonly record: UsageRecord;
  readonly call: HeldCall;
  readonly facts: CallFacts | null;
}

/** Its row, for the caller to enter; what it tells and corrects is put among the rows here. */
export function capturedRow(
  head: Head,
  { hold, record, call, facts }: CapturedCall,
  now: Instant,
  rows: GroupRows,
): EventRow {
  const { account } = head;
  if (record.news.length > 0) tell(rows, account, record.seq, now, record.news);
  if (record.correction !== null) rows.corrections.push({ account, correction: record.correction });
  return {
    account,
    id: hold.id,
    seq: record.seq,
    at: hold.at,
    receivedAt: now,
    calls: hold.calls,
    meter: call.meter,
    outcome: record.outcome,
    stopped: record.stopped,
    late: false,
    disagreement: null,
    draws: record.draws,
    postpaid: record.postpaid,
    department: hold.department,
    key: cappedKey(head, hold.key),
    facts,
  };
}
