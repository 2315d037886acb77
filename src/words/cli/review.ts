// What `suanpan review` says: its help and its answers.

import { type Shown, words } from '../words.ts';

export const cliReviewWords = {
  reviewCommand: words('待审核的调用：按结果码列出、批量决定', 'held calls: by code, one by one, decided together'),
  codes: words('各结果码各有多少待审核', 'how many wait, by action and result code'),
  list: words('待审核的调用', 'the calls that wait'),
  decide: words('决定所有符合条件的待审核调用', 'decide all calls that wait and fit'),
  charge: words('是否计费', 'whether they are charged'),
  oneAccountsOnly: words('只看一个账户；默认全部', "one account's only; all by default"),
  action: words('接口动作', 'action'),
  resultCode: words('结果码', 'result code'),
  reason: words(
    '原因：EVENT_HELD、LATE_INTO_FINAL 或 PROVIDER_DISAGREES',
    'reason: EVENT_HELD, LATE_INTO_FINAL or PROVIDER_DISAGREES',
  ),
  table: words('计费表的说法', 'what the code table says'),
  provider: words('服务商的说法', 'what the provider says'),
  why: words('原因', 'reason'),
  accounts: words('账户数', 'accounts'),
  oldest: words('最早的调用', 'oldest call'),
  writeYesOrNo: words('--charge 应为 yes 或 no', '--charge: write yes or no'),
  decided: (decided: Shown) => words(`已决定 ${decided} 个调用`, `${decided} call(s) decided`),
};
