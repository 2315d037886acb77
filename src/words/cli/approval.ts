// What `suanpan approval` says, and what is said where an act waits for a second person.

import { type Shown, words } from '../words.ts';

export const cliApprovalWords = {
  approvalCommand: words('须由第二人批准的款项操作', 'acts on money that wait for a second person'),
  list: words('待批与已批事项', 'what waits, or did'),
  waiting: words('只列待批的', 'only what waits'),
  account: words('只列某账户的', "one account's only"),
  waits: (id: Shown, amount: Shown) =>
    words(
      `金额 ${amount} 超过限额，待另一人批准：${id}（由登录人员批准）`,
      `${amount} is above the limit and waits for a second person: ${id} (a person who has signed in approves it)`,
    ),
  act: words('操作', 'act'),
  state: words('状态', 'state'),
  askedBy: words('提出者', 'asked by'),
  decidedBy: words('批准/驳回者', 'decided by'),
  until: words('截止', 'until'),
};
