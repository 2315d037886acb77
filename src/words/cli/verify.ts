// What `suanpan verify` says: its help and its answers.

import { type Shown, words } from '../words.ts';

export const cliVerifyWords = {
  checkTheWholeLedger: words(
    '核对全部账本：重放每一行、重算终版账单；有不符则指出第一行并以 1 退出',
    'check the whole ledger: replay every row, re-rate final bills; exit 1 and name the first broken row if any',
  ),
  firstRebuildHeadsOfAccountsThat: words(
    '先按账本重建与账本不符的账户头（不改动任何账本记录）',
    'first rebuild heads of accounts that are not what their ledger says; no row of the ledger is touched',
  ),
  rebuiltTheHeadOf: (account: Shown) => words(`已重建账户头 ${account}：`, `rebuilt the head of ${account}:`),
  unreadable: words('不可读', 'unreadable'),
  nothingSaysWhatTheseWere: (names: Shown) =>
    words(
      `  无处可查，按默认值：${names}，请核对`,
      `  nothing says what these were, so they are the defaults; check them: ${names}`,
    ),
  didNotRebuild: (account: Shown, why: Shown) =>
    words(
      `未重建 ${account}：账本记录本身不一致：${why}`,
      `did not rebuild ${account}: its ledger rows disagree: ${why}`,
    ),
  accounts: (accounts: Shown, length: Shown) =>
    words(`${accounts} 个账户，重建 ${length} 个账户头`, `${accounts} accounts, ${length} heads rebuilt`),
  invariant: words('条目', 'invariant'),
  what: words('内容', 'what'),
  rowsChecked: words('核对行数', 'rows checked'),
  verdict: words('结论', 'verdict'),
  holds: words('成立', 'holds'),
  accountsChecked: (accounts: Shown, count: Shown, seconds: Shown) =>
    words(
      `${accounts} 个账户，${count} 行账本，${seconds} 秒`,
      `${accounts} accounts, ${count} ledger rows, ${seconds} s`,
    ),
  broken: (broken: Shown) => words(`不成立（${broken} 处）`, `broken (${broken})`),
  verifyClean: words('verify: clean（无不符）', 'verify: clean'),
  verifyBroken: words('verify: 每条的第一处不符：', 'verify: broken; the first row of each:'),
  headsCanBeRebuiltFromThe: words(
    '账户头可由账本重建：suanpan verify --repair-heads',
    'heads can be rebuilt from the ledger: suanpan verify --repair-heads',
  ),
  expected: (expected: Shown, found: Shown) =>
    words(`应为 ${expected}；实为 ${found}`, `expected ${expected}; found ${found}`),
};
