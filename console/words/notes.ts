import { pageWords } from './page-words.ts';

export const notesWords = pageWords('notes', {
  zh: {
    title: '备注',
    help: '运营方内部的备注：约定了什么、看到了什么。账户的人看不到。',
    note: '备注',
    by: '谁',
    at: '时间',
    write: '写备注',
    stays: '备注写下后不能更改或删除。',
    none: '还没有备注。',
  },
  en: {
    title: 'Notes',
    help: 'Of the operator’s people for one another: what was agreed, what was seen. The account’s own people never see them.',
    note: 'Note',
    by: 'By',
    at: 'Written',
    write: 'Write a note',
    stays: 'A note stays as it is written: it cannot be changed or taken back.',
    none: 'No notes yet.',
  },
});
