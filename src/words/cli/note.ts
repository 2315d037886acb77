// What `suanpan account note` says.

import { words } from '../words.ts';

export const cliNoteWords = {
  notes: words(
    '运营方关于账户的备注；账户的人看不到',
    "the operator's notes on an account; its own people never see them",
  ),
  add: words('写一条备注', 'write a note'),
  list: words('备注，最新的在前', 'notes, the latest first'),
  note: words('备注', 'note'),
  by: words('谁', 'by'),
};
