// What `suanpan alert` says: its help and its answers.

import { type Shown, words } from '../words.ts';

export const cliAlertWords = {
  resend: words('重发一次投递，webhook 或邮件', 'send one delivery again, by webhook or by mail'),
  deliveryId: words('投递 id（msg_…）', 'its id (msg_…)'),
  resent: (id: Shown) => words(`将重发 ${id}`, `${id} is sent again`),
  alertCommand: words('提醒：账户被告知的事', 'alerts: what accounts are told'),
  list: words('列出提醒，最近的在前', 'alerts, the newest first'),
  kind: words('种类', 'kind'),
  settings: words('账户怎样被告知', 'how an account is told'),
  set: words('改变账户怎样被告知；未给的不变', 'change how an account is told; what is not given stays'),
  packThresholds: words('资源包余量提醒（百分比，如 50,20,0）', 'percents of a pack left, such as 50,20,0'),
  daysBefore: words('到期前几天提醒（如 30,7,1）', 'days before a pack expires, such as 30,7,1'),
  off: words('不提醒的种类（逗号分隔，none 为都提醒）', 'kinds that are not told, by commas; none: all are'),
  language: words('语言', 'language'),
  mail: words('收件人（地址，可加 :zh 或 :en；none 为没有）', 'recipients, each with :zh or :en; none: nobody'),
  thresholds: words('资源包余量', 'packs, left'),
  days: words('到期前天数', 'days before expiry'),
  notTold: words('不提醒', 'not told'),
  recipients: words('收件人', 'mail to'),
  noNumber: (text: string) =>
    words(`${text}：应是逗号分隔的整数，如 30,7,1`, `${text}: write whole numbers by commas, such as 30,7,1`),
  told: words('内容', 'what is told'),
  deliveries: words('经 webhook 和邮件发出的，最近的在前', 'what was sent by webhook and mail, the newest first'),
};
