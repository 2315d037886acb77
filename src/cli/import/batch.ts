// Events of a file on their way from the thread that reads it, by column: so they are handed over at a small part of what as many
// objects cost.

import type { IncomingEvent } from '../../core/event.ts';
import { callsOf, type Instant } from '../../core/units.ts';
import type { Reject } from './tally.ts';

/** What many events of a file share. */
export type EventKind = Pick<IncomingEvent, 'meter' | 'department' | 'facts'>;

/** Events in runs of one account each. */
export interface EventColumns {
  /** One a run; undefined where neither the row nor the command names one. */
  readonly accounts: readonly (string | undefined)[];
  /** Events of each run. */
  readonly counts: Uint32Array<ArrayBuffer>;
  readonly lines: Float64Array<ArrayBuffer>;
  readonly ids: readonly string[];
  readonly calls: Float64Array<ArrayBuffer>;
  readonly times: Float64Array<ArrayBuffer>;
  readonly kinds: readonly EventKind[];
  readonly kindNos: Uint32Array<ArrayBuffer>;
}

export interface EventBatch {
  readonly columns: EventColumns;
  readonly rejects: readonly Reject[];
  /** Of the file, until now. */
  readonly bytesRead: number;
}

/** Events of one account in the order of the file, each with its line. */
export interface AccountEvents {
  readonly account: string | undefined;
  readonly lines: readonly number[];
  readonly events: readonly IncomingEvent[];
}

export function* byAccount(columns: EventColumns): Generator<AccountEvents> {
  const { accounts, counts } = columns;
  let row = 0;
  for (let run = 0; run < accounts.length; run += 1) {
    const lines: number[] = [];
    const events: IncomingEvent[] = [];
    for (const end = row + (counts[run] as number); row < end; row += 1) {
      const { meter, department, facts } = columns.kinds[columns.kindNos[row] as number] as EventKind;
      lines.push(columns.lines[row] as number);
      events.push({
        id: columns.ids[row] as string,
        meter,
        calls: callsOf(columns.calls[row] as number),
        at: columns.times[row] as Instant,
        department,
        facts,
      });
    }
    yield { account: accounts[run], lines, events };
  }
}
