// What `suanpan webhook` says: its help and its answers.

import { type Shown, words } from '../words.ts';

export const cliWebhookWords = {
  webhookCommand: words(
    'webhook：提醒发往何处，投递结果，重发',
    'webhooks: where alerts go, what was delivered, again',
  ),
  add: words('新增；签名密钥仅显示这一次', 'send alerts to a URL; its secret is shown only now'),
  list: words('全部 webhook 及其近况', 'all of them, and how they fare'),
  show: words('一个 webhook', 'one of them'),
  set: words('改网址或种类，停用或重新启用', 'change its URL or kinds, turn it off or on again'),
  rotate: words('换新签名密钥；旧的一天内仍一并签名', 'a new secret; the former signs beside it for a day'),
  test: words('发送一次测试', 'send a test'),
  deliveries: words('投递记录，最近的在前', 'what was sent, the newest first'),
  replay: words('重发一次投递，或某时刻以来放弃的全部', 'send again one delivery, or all given up since a moment'),
  remove: words('删除，连同尚未投递的', 'remove it and what still waits for it'),
  id: words('webhook 的 id', 'its id'),
  url: words('网址，https', 'the URL, https'),
  ofOneAccount: words(
    '只要某账户的提醒；运营方不给则为全部账户',
    "one account's alerts; of all accounts if an operator gives none",
  ),
  kindsOption: words('种类，逗号分隔；不给则全部', 'what it hears of, with commas; everything if not given'),
  off: words('停用', 'turn it off'),
  on: words('重新启用', 'turn it on again'),
  delivery: words('投递的 id', 'id of a delivery'),
  since: words('此后放弃的全部，如 2026-01-12T00:00:00+08:00', 'all given up since, such as 2026-01-12T00:00:00+08:00'),
  everyAccount: words('全部账户', 'all accounts'),
  everything: words('全部', 'everything'),
  kinds: words('种类', 'kinds'),
  lastSuccess: words('上次成功', 'last success'),
  failures: words('连续失败', 'failures'),
  lastProblem: words('上次问题', 'last problem'),
  to: words('发往', 'to'),
  alert: words('提醒', 'alert'),
  kind: words('种类', 'kind'),
  tries: words('次数', 'tries'),
  made: words('产生于', 'made'),
  next: words('下次', 'next'),
  problem: words('问题', 'problem'),
  keepSecret: (id: Shown) =>
    words(
      `${id}：请妥善保存这个签名密钥，不会再次显示；接收方以它核对签名`,
      `${id}: keep this secret, it is not shown again; the receiver checks signatures with it`,
    ),
  formerUntil: (at: Shown) => words(`旧密钥同时签名至 ${at}`, `the former secret signs too until ${at}`),
  sent: (id: Shown) => words(`已排入投递：${id}`, `on its way: ${id}`),
  replayed: (count: Shown) => words(`重发 ${count} 次`, `${count} to be sent again`),
  removed: (id: Shown) => words(`已删除 ${id}`, `removed ${id}`),
  eitherOnOrOff: words('--on 与 --off 二选一', 'either --on or --off'),
};
