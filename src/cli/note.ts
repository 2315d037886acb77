// suanpan account note: what the operator's people write down about an account.

import type { Command } from 'commander';
import type { Note, NotePage } from '../http/contract/notes.ts';
import { headingWords } from '../words/cli/headings.ts';
import { cliNoteWords } from '../words/cli/note.ts';
import { path } from './client.ts';
import type { Output } from './output.ts';
import { answerWith, examplesOf, printTable, tellNext, withOnce, withPage } from './show.ts';

const examples = `suanpan account note add acme "agreed by phone: prices of 2026 from March on"
suanpan account note list acme
`;

export function registerNote(account: Command, output: Output): void {
  const { say } = output;
  const note = account
    .command('note')
    .description(say(cliNoteWords.notes))
    .addHelpText('before', examplesOf(output, examples));
  withOnce(note.command('add'), output)
    .description(say(cliNoteWords.add))
    .argument('<ACCOUNT>', say(headingWords.account))
    .argument('<NOTE>', say(cliNoteWords.note))
    .action(async (id: string, text: string, { idempotencyKey }: { idempotencyKey?: string }) => {
      const once = { key: idempotencyKey };
      const call = { method: 'POST', path: path`/v1/accounts/${id}/notes`, body: { note: text }, once } as const;
      await answerWith<Note>(call, output, (written) => showNotes([written], output));
    });
  withPage(note.command('list'), output)
    .description(say(cliNoteWords.list))
    .argument('<ACCOUNT>', say(headingWords.account))
    .action(async (id: string, query: { limit?: string; cursor?: string }) => {
      const call = { method: 'GET', path: path`/v1/accounts/${id}/notes`, query: { ...query } } as const;
      await answerWith<NotePage>(call, output, async ({ notes, next }) => {
        await showNotes(notes, output);
        tellNext(output, next);
      });
    });
}

function showNotes(notes: readonly Note[], output: Output): Promise<void> {
  const { say } = output;
  const columns = [
    { title: say(headingWords.time), of: (note: Note) => note.at },
    { title: say(cliNoteWords.by), of: (note: Note) => note.byName ?? note.by },
    { title: say(cliNoteWords.note), of: (note: Note) => note.note },
  ];
  return printTable(output, columns, notes);
}
