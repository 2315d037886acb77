// Reads by id, one after the other, through one pool: receipts as the product gives them, or the bare row.

import { isRefusal } from '../../src/core/refusal.ts';
import { instantOf } from '../../src/core/units.ts';
import { readReceipt } from '../../src/operations/read-ledger.ts';
import type { Suanpan } from '../../src/operations/suanpan.ts';
import { openSuanpan } from '../../src/operations/suanpan.ts';
import { type Database, openDatabase } from '../../src/store/connection/connect.ts';
import { answerQuestions } from '../child.ts';
import { percentile } from '../measure.ts';

interface Key {
  readonly account: string;
  readonly event: string;
}

export interface ReadOrder {
  readonly databaseUrl: string;
  readonly way: 'receipt' | 'row';
  readonly keys: readonly Key[];
  readonly seconds: number;
}

/** Milliseconds. */
export interface ReadResult {
  readonly p50: number;
  readonly p99: number;
  readonly reads: number;
}

let open: { readonly database: Database; readonly suanpan: Suanpan } | undefined;

async function suanpanOf(databaseUrl: string): Promise<Suanpan> {
  if (open === undefined) {
    const database = await openDatabase({ databaseUrl, dataFolder: '' });
    open = { database, suanpan: await openSuanpan(database, () => instantOf(Date.now())) };
  }
  return open.suanpan;
}

async function readOne(suanpan: Suanpan, way: ReadOrder['way'], key: Key): Promise<void> {
  if (way === 'receipt') {
    const receipt = await readReceipt(suanpan.pool, suanpan, key);
    if (isRefusal(receipt) || receipt.event !== key.event) throw new Error(`no receipt of ${key.event}`);
    return;
  }
  const { rows } = await suanpan.pool.query<{ event_id: string }>({
    name: 'one-row',
    text: 'select * from events where event_id = $1 and account_id = $2',
    values: [key.event, key.account],
  });
  if (rows[0]?.event_id !== key.event) throw new Error(`no row of ${key.event}`);
}

async function read({ databaseUrl, way, keys, seconds }: ReadOrder): Promise<ReadResult> {
  const suanpan = await suanpanOf(databaseUrl);
  const times: number[] = [];
  const until = performance.now() + seconds * 1_000;
  for (let at = 0, before = performance.now(); before < until; at += 1, before = performance.now()) {
    const key = keys[at % keys.length];
    if (key === undefined) throw new Error('nothing to read');
    await readOne(suanpan, way, key);
    times.push(performance.now() - before);
  }
  const sorted = Float64Array.from(times).sort();
  return { p50: percentile(sorted, 0.5), p99: percentile(sorted, 0.99), reads: times.length };
}

answerQuestions<ReadOrder>(read, async () => open?.database.close());
