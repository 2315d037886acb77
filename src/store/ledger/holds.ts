// Holds in the ledger: authorisations and how they ended. The head carries those still in the air.

import type { ClientBase, Pool } from 'pg';
import type { Hold } from '../../account/head.ts';
import type { HoldEnd } from '../../account/hold.ts';
import { callsOf, instantOf } from '../../core/units.ts';
import { type Engine, namedAgain } from '../connection/engine.ts';
import { engineOf } from '../connection/hosts.ts';
import { textArray } from './arrays.ts';
import type { EventKey } from './events.ts';
import { decodeDraws } from './head-codec.ts';
import type { MeterNumbers } from './meters.ts';

/** `how` null: not ended, or ended by time without anybody having noticed yet. */
export interface StoredHold {
  readonly account: string;
  readonly hold: Hold;
  readonly how: HoldEnd | null;
}

interface Row {
  account_id: string;
  hold_id: string;
  seq: bigint;
  meter: number;
  calls: bigint;
  at_ms: bigint;
  expires_ms: bigint;
  department: string | null;
  draws: string;
  postpaid: bigint;
  by_operator: boolean;
  review: boolean;
  how: HoldEnd | null;
}

const byKeys = (
  engine: Engine,
): string => `select h.*, x.how from unnest($1::text[], $2::text[]) as k(hold_id, account_id)
  join holds h on h.account_id = k.account_id and h.hold_id = k.hold_id${namedAgain(engine, 'h.account_id', '$2')}
  left join hold_ends x on x.account_id = h.account_id and x.hold_seq = h.seq`;

const findByKeys: Readonly<Record<Engine, string>> = { postgresql: byKeys('postgresql'), citus: byKeys('citus') };

export async function findHolds(
  client: ClientBase | Pool,
  keys: readonly EventKey[],
  meters: MeterNumbers,
): Promise<StoredHold[]> {
  const { rows } = await client.query<Row>({
    name: 'find-holds',
    text: findByKeys[engineOf(client)],
    values: [textArray(keys.map((key) => key.id)), textArray(keys.map((key) => key.account))],
  });
  return rows.map((row) => ({
    account: row.account_id,
    how: row.how,
    hold: {
      id: row.hold_id,
      seq: Number(row.seq),
      meter: meters.idOf(row.meter),
      calls: callsOf(row.calls),
      at: instantOf(Number(row.at_ms)),
      expiresAt: instantOf(Number(row.expires_ms)),
      department: row.department,
      draws: decodeDraws(JSON.parse(row.draws)),
      postpaid: callsOf(row.postpaid),
      byOperator: row.by_operator,
      review: row.review,
      // Only a hold that is open counts by its key.
      key: null,
    },
  }));
}
