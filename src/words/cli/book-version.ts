// What `suanpan book version` says: its help and its answers.

import { type Shown, words } from '../words.ts';

export const cliBookVersionWords = {
  versionCommand: words(
    '价目表的新价格：自某月起对其全部账户生效',
    'new prices of a book for all its accounts, from a month on',
  ),
  announce: words('公布新价格', 'announce new prices'),
  preview: words('影响哪些账户、各多少（按上个整月）', 'whom they affect, and by how much over the last whole month'),
  list: words('已公布的新价格', 'what was announced'),
  takeBack: words('撤回尚未生效的新价格', 'take back what has not begun'),
  book: words('价目表 id', 'id of the book'),
  firstMonth: words('从哪个月起，如 2027-01', 'the first month, such as 2027-01'),
  pricesOf: words(
    '新价格所在的价目表 id；除价格与结果码表外须完全相同',
    'the book with the new prices and code table; nothing else may differ',
  ),
  from: words('自', 'from'),
  pricesOfTitle: words('价格按', 'prices of'),
  announced: words('公布于', 'announced'),
  by: words('公布者', 'by'),
  before: words('现价', 'before'),
  after: words('新价', 'after'),
  difference: words('差额', 'difference'),
  takenBack: (book: Shown, from: Shown) =>
    words(`已撤回 ${book} 自 ${from} 起的新价格`, `took back what ${book} was to cost from ${from} on`),
};
