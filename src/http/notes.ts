// Notes on an account, of the operator's people for one another. Neither they nor the act of writing them are seen by the account's own:
// the act stands in the chain of what is about no account.

import { z } from 'zod';
import { formatInstant } from '../core/calendar.ts';
import { notesCursor } from '../operations/cursors.ts';
import { refuseMissingAccount } from '../operations/read-account.ts';
import { insertNote, listNotes, type Note } from '../store/ledger/notes.ts';
import { namesOf } from '../store/ledger/people.ts';
import * as contract from './contract/contract.ts';
import { pageOf } from './paging.ts';
import { command, type RouteParts, route } from './route.ts';

const url = '/v1/accounts/:id/notes';

const noteDocument = (account: string, { at, ...note }: Note, names: ReadonlyMap<string, string>) => ({
  account,
  ...note,
  at: formatInstant('UTC', at),
  byName: names.get(note.by) ?? null,
});

export function registerNotes(parts: RouteParts): void {
  const { suanpan } = parts;
  const { pool, clock } = suanpan;
  route(
    parts,
    {
      method: 'GET',
      url,
      answer: contract.notePage,
      access: { scope: 'read', of: 'server' },
      refuses: ['NOT_FOUND'],
      summary: 'What the operator’s people wrote down about an account, the latest first',
      query: z.strictObject(pageOf(notesCursor)),
    },
    async ({ params, query }) => {
      const { id: account = '' } = params;
      const { cursor: [before] = [null], limit = 50 } = query;
      const missing = await refuseMissingAccount(suanpan, account);
      if (missing !== undefined) return missing;
      const notes = await listNotes(pool, account, before, limit);
      const names = await namesOf(
        pool,
        notes.map(({ by }) => by),
        null,
      );
      return {
        body: {
          account,
          notes: notes.map((note) => noteDocument(account, note, names)),
          next: notesCursor.after(notes, limit, ({ no }) => [no]),
        },
      };
    },
  );
  command(
    parts,
    {
      method: 'POST',
      url,
      answer: contract.note,
      access: { scope: 'manage', duty: 'support', of: 'server' },
      refuses: ['NOT_FOUND'],
      summary: 'Write a note on an account; its own people never see it',
      body: contract.newNote,
      once: 'optional',
      statuses: [201],
    },
    async (tx, { params, body, caller }) => {
      const { id: account = '' } = params;
      const missing = await refuseMissingAccount({ pool: tx }, account);
      if (missing !== undefined) return missing;
      const note = await insertNote(tx, account, { at: clock(), by: caller.prefix, note: body.note });
      return { body: noteDocument(account, note, await namesOf(tx, [note.by], null)) };
    },
  );
}
