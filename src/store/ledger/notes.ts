// Notes on accounts, of the operator's people for one another.

import type { ClientBase, Pool } from 'pg';
import { type Instant, instantOf } from '../../core/units.ts';

export interface Note {
  readonly no: number;
  readonly at: Instant;
  readonly by: string;
  readonly note: string;
}

interface Row {
  no: bigint;
  at_ms: bigint;
  done_by: string;
  note: string;
}

const read = ({ no, at_ms: at, done_by: by, note }: Row): Note => ({
  ...{ no: Number(no), at: instantOf(Number(at)) },
  ...{ by, note },
});

export async function insertNote(tx: ClientBase, account: string, { at, by, note }: Omit<Note, 'no'>): Promise<Note> {
  const { rows } = await tx.query<Row>(
    'insert into account_notes (account_id, at_ms, done_by, note) values ($1, $2, $3, $4) returning no, at_ms, done_by, note',
    [account, at, by, note],
  );
  if (rows[0] === undefined) throw new Error('a note was not written');
  return read(rows[0]);
}

/** Newest first. */
export async function listNotes(
  client: ClientBase | Pool,
  account: string,
  before: number | null,
  limit: number,
): Promise<Note[]> {
  const { rows } = await client.query<Row>(
    `select no, at_ms, done_by, note from account_notes
     where account_id = $1 and ($2::bigint is null or no < $2) order by no desc limit $3`,
    [account, before, limit],
  );
  return rows.map(read);
}
