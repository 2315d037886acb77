// What the operator's people write down about an account, for one another.

import { Input } from 'antd';
import { useState } from 'react';
import { accountCall, useAccountId } from '../parts/account.ts';
import { ActButton } from '../parts/act-button.tsx';
import { Field } from '../parts/field.tsx';
import { When } from '../parts/figures.tsx';
import { type Column, ListTable } from '../parts/list-table.tsx';
import { PageHead } from '../parts/page-head.tsx';
import { usePages } from '../parts/pages.ts';
import { Who } from '../parts/who.tsx';
import type { Answer } from '../server/ask.ts';
import { useWords } from '../shell/language.ts';
import { may, useMe } from '../shell/session.ts';
import { notesWords } from '../words/notes.ts';

type Note = Answer<'notePage'>['notes'][number];

export default function Notes() {
  const say = useWords(notesWords);
  const me = useMe();
  const account = useAccountId();
  const pages = usePages<Answer<'notePage'>, Note>(accountCall(account, '/notes'), {}, ({ notes }) => notes);
  const columns: Column<Note>[] = [
    { key: 'note', title: say('note'), cell: ({ note }) => note },
    { key: 'by', title: say('by'), cell: ({ by, byName }) => <Who id={by} name={byName} /> },
    { key: 'at', title: say('at'), cell: ({ at }) => <When at={at} /> },
  ];
  return (
    <>
      <PageHead title={say('title')}>{may(me, 'support') ? <NewNote account={account} /> : null}</PageHead>
      <p>{say('help')}</p>
      <ListTable
        label={say('title')}
        name="notes"
        pages={pages}
        columns={columns}
        keyOf={({ no }) => String(no)}
        empty={say('none')}
      />
    </>
  );
}

function NewNote({ account }: { account: string }) {
  const say = useWords(notesWords);
  const [note, setNote] = useState('');
  const text = note.trim();
  return (
    <ActButton
      label={say('write')}
      method="POST"
      path={accountCall(account, '/notes')}
      body={text === '' ? null : { note: text }}
      keyed
      cli={['account', 'note', 'add', account, text]}
      button={{ type: 'primary' }}
      onDone={() => setNote('')}
    >
      <p>{say('stays')}</p>
      <Field label={say('note')}>
        <Input.TextArea
          autoSize={{ minRows: 3 }}
          maxLength={2_000}
          value={note}
          // One paragraph.
          onChange={({ target }) => setNote(target.value.replace(/\s*\n\s*/g, ' '))}
        />
      </Field>
    </ActButton>
  );
}
