// What is wrong with a command on an account, in words.

import { type Shown, words } from './words.ts';

export const ordersWords = {
  differing: (terms: readonly { readonly term: string; readonly is: string; readonly asked: string }[]) =>
    words(
      terms.map(({ term, is, asked }) => `${term} ${is}，而非 ${asked}`).join('；'),
      terms.map(({ term, is, asked }) => `${term} ${is}, not ${asked}`).join('; '),
    ),
  thereIsNoIanaTimeZone: (name: Shown) =>
    words(
      `没有名为 ${name} 的 IANA 时区；请写名称，如 Asia/Shanghai，不写偏移`,
      `there is no IANA time zone named ${name}; write a name such as Asia/Shanghai, not an offset`,
    ),
  noAccountHasAFinalBill: (month: Shown) =>
    words(
      `还没有账户在该月已出账；请先出账：suanpan bill close ${month}`,
      `no account has a final bill of it; close it first: suanpan bill close ${month}`,
    ),
  itIsArchivedAlready: words('该月已归档：suanpan archive list', 'it is archived already: suanpan archive list'),
  itsFinalBillsHaveNoEvents: words('该月已出账，但没有事件', 'its final bills have no events'),
  noArchiveOfItIsTo: words(
    '没有该月待恢复的归档：suanpan archive list',
    'no archive of it is to be brought back: suanpan archive list',
  ),
  staysArchived: (month: Shown, ids: Shown) =>
    words(
      `${month} 仍为归档状态：其中事件的 id 后来又被用于其他事件，而一个 id 永远只指一个事件：${ids}。若后来的事件是同一次调用，请逐个撤销（suanpan usage void），其账单会退回。归档文件完好，${month} 的账单不变`,
      `${month} stays archived: ids of its events were used again for later events, and an id names one event for ever: ${ids}. Void the later event of each (suanpan usage void) if it is the same call; its bill then pays it back. The archive stays whole, and the bills of ${month} stand`,
    ),
  eventsOfArchivedMonths: (months: Shown) =>
    words(
      `已归档月份（${months}）的事件须先运行 suanpan archive restore --month 月份`,
      `events of archived months (${months}) are found after suanpan archive restore --month MONTH`,
    ),
  billIsAccount: words(
    '账单写作 账户:月份（如 acme:2026-01）或编号（如 acme-000001）',
    'a bill is ACCOUNT:MONTH, such as acme:2026-01, or a number such as acme-000001',
  ),
  growth: words('growth：0.0001 … 1000，至多 4 位小数', 'growth: 0.0001 … 1000, 4 decimals'),
  currenciesDiffer: (currencies: Shown) => words(`币种不同：${currencies}`, `the currencies differ: ${currencies}`),
  thereWereNoCallsInThe: (running: Shown, months: Shown) =>
    words(
      `${running} 之前的 ${months} 个月没有调用`,
      `there were no calls in the ${months} month(s) before ${running}`,
    ),
};
