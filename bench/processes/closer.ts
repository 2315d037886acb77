// Closes a month, or does the least that any close must: reads the counters, row by row in slices of accounts, and copies lines.

import type { Period } from '../../src/core/calendar.ts';
import { instantOf } from '../../src/core/units.ts';
import { closeMonths } from '../../src/operations/close-month.ts';
import type { Suanpan } from '../../src/operations/suanpan.ts';
import { openSuanpan } from '../../src/operations/suanpan.ts';
import { openDatabase } from '../../src/store/connection/connect.ts';
import { answerQuestions } from '../child.ts';
import { writeText } from '../raw-copy.ts';

export interface CloseOrder {
  readonly databaseUrl: string;
  readonly month: string;
  readonly way: 'close' | 'raw';
  /** For `raw`: the text to copy. */
  readonly lines?: readonly string[];
}

export interface CloseResult {
  readonly seconds: number;
  /** Bills, or counters read. */
  readonly count: number;
}

answerQuestions<CloseOrder>(async ({ databaseUrl, month, way, lines = [] }): Promise<CloseResult> => {
  const database = await openDatabase({ databaseUrl, dataFolder: '' });
  try {
    const suanpan = await openSuanpan(database, () => instantOf(Date.now()));
    if (way === 'raw') {
      await suanpan.pool.query(`create table raw_lines (account_id text collate "C", period text collate "C", no integer, kind text,
        tariff text, meter text, calls bigint, tier integer, unit_price numeric, amount numeric, primary key (account_id, period, no))`);
    }
    const began = performance.now();
    const count = way === 'close' ? await closeAll(suanpan, month) : await readAndCopy(suanpan, month, lines);
    return { seconds: (performance.now() - began) / 1_000, count };
  } finally {
    await database.close();
  }
});

async function closeAll(suanpan: Suanpan, month: string): Promise<number> {
  const progress = await closeMonths(suanpan, { month: month as Period });
  const [refused] = progress.refused;
  if (refused !== undefined) throw new Error(JSON.stringify(refused));
  return progress.closed;
}

const sliceSize = 500;

async function readAndCopy({ pool }: Suanpan, month: string, lines: readonly string[]): Promise<number> {
  const client = await pool.connect();
  try {
    let counters = 0;
    for (let after = ''; ; ) {
      const { rows: accounts } = await client.query<{ account_id: string }>(
        'select account_id from accounts where account_id > $1 order by account_id limit $2',
        [after, sliceSize],
      );
      if (accounts.length === 0) break;
      after = accounts.at(-1)?.account_id ?? '';
      const { rows } = await client.query(
        `select account_id, day, meter, payer, calls from usage_days
         where account_id = any($1::text[]) and day >= $2::date and day < $2::date + interval '1 month'`,
        [accounts.map(({ account_id }) => account_id), `${month}-01`],
      );
      counters += rows.length;
    }
    await writeText(
      client,
      'copy raw_lines from stdin',
      lines.map((text) => Buffer.from(text)),
    );
    return counters;
  } finally {
    client.release();
  }
}
