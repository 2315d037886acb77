// What `suanpan people` says: its help and its answers.

import { type Shown, words } from '../words.ts';

export const cliPeopleWords = {
  peopleCommand: words('可登录的人员：邀请、列出、更改、停用', 'people who sign in: invite, list, change, turn off'),
  invite: words('邀请人员；对方通过链接设置密码', 'invite somebody, who sets a password by a link'),
  email: words('邮箱', 'e-mail address'),
  role: words(
    '角色：运营方 admin、finance、support、read-only；账户 owner、member、read-only',
    'role: admin, finance, support or read-only of operators; owner, member or read-only of an account',
  ),
  ofAccount: words('所属账户；不给则为运营方人员', 'whose person it is; an operator if not given'),
  language: words('邮件语言：zh 或 en', 'language of mails: zh or en'),
  list: words('人员', 'people'),
  oneAccountsOnly: words('只列某账户的', "one account's only"),
  set: words('更改姓名、角色、语言，停用或启用', 'change name, role or language; turn off or on'),
  id: words('人员 id（pe_…）', 'its id (pe_…)'),
  off: words('停用：立即退出所有登录，不能再登录', 'turn off: signed out everywhere, and cannot sign in'),
  on: words('重新启用', 'turn on again'),
  eitherOnOrOff: words('--on 与 --off 二选一', 'either --on or --off'),
  link: words('新的设密码链接；旧链接随即失效', 'a new link to set a password; the former is good no longer'),
  roleTitle: words('角色', 'role'),
  state: words('状态', 'state'),
  lastSignIn: words('最近登录', 'last sign-in'),
  goesByMail: (email: Shown) => words(`链接已发往 ${email}`, `the link goes to ${email} by mail`),
  handOn: (until: Shown) =>
    words(`请把链接交给本人，${until} 前有效，仅可使用一次`, `hand the link on; it is good once, until ${until}`),
};
