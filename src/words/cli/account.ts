// What `suanpan account` says: its help and its answers.

import { type Shown, words } from '../words.ts';

export const cliAccountWords = {
  accountCommand: words('账户：开立、查看、设置、导出', 'accounts: open, show, list, set, export'),
  oneAccount: words('一个账户', 'one account'),
  ofState: words(
    '仅此状态：ok、arrears、stopped、suspended、damaged',
    'in this state only: ok, arrears, stopped, suspended, damaged',
  ),
  search: words('编号或名称的一部分', 'a part of the id or the name'),
  allAccounts: words('所有账户', 'all accounts'),
  settingChanges: words(
    '设置如何更改、由谁更改，最新的在前',
    'how its settings were changed and by whom, newest first',
  ),
  listAsFile: words(
    '导出列表：调用、抵扣、资源包、资金流水',
    'a list as a file: calls, draws, packs, entries of the balance',
  ),
  inBackground: words(
    '很长的列表：由服务器在后台写成 gzip 文件，写好再取（csv、json）',
    'a long list: the server makes a gzip file in the background, which is then fetched (csv, json)',
  ),
  fileBegun: (id: Shown) => words(`文件 ${id} 正在准备`, `the file ${id} is being made`),
  rowsSoFar: (rows: Shown, of: Shown) => words(`已写 ${rows} / ${of} 行`, `${rows} of ${of} rows written`),
  fileFailed: (code: Shown) => words(`文件没有做成：${code}`, `the file was not made: ${code}`),
  whichList: words('列表：', 'which:'),
  changeTheSettingsOfAnAccount: words('设置账户', 'change the settings of an account'),
  whetherCallsThatNoPackPays: words('资源包用尽后是否允许后付费', 'whether calls that no pack pays are allowed'),
  mostPostpaidCallsAMonth: words('每月后付费次数上限', 'most postpaid calls a month'),
  suspendService: words('暂停或恢复服务', 'suspend service, or resume it'),
  openAnAccount: words('开立账户', 'open an account'),
  letters: words('账户 id：字母、数字、点、横线、下划线', 'letters, digits, dot, dash, underscore'),
  priceBook: words('价目表；默认按开户日期选取', 'price book; by default the one for the day of opening'),
  dayOfOpening: words('开户日期', 'day of opening'),
  timeZoneToGive: words('时区；默认为价目表的时区', "time zone; by default the book's"),
  noPostpaid: words('资源包用尽后不允许后付费', 'calls that no pack pays are not allowed'),
  accountExistsAlready: (id: Shown) =>
    words(`账户 ${id} 已存在，条件相同`, `account ${id} exists already, on these terms`),
  priceBookName: words('价目表', 'book'),
  nothingToChange: words(
    '没有要更改的设置：--postpaid、--cap 或 --suspended',
    'nothing to change: give --postpaid, --cap or --suspended',
  ),
  cap: words('上限', 'cap'),
  suspended: words('已暂停', 'suspended'),
  changedBy: words('由', 'by'),
  before: words('之前', 'before'),
  after: words('之后', 'after'),
  writeOnOrOff: (option: Shown, text: Shown) =>
    words(`${option} ${text}：应为 on 或 off`, `${option} ${text}: write on or off`),
  capIsNoNumber: (text: Shown) =>
    words(`--cap ${text}：应为 1 到 10^12 的整数`, `--cap ${text}: write a whole number from 1 to 10^12`),
  damaged: words('已损坏：请运行 suanpan verify', 'damaged: run suanpan verify'),
  stoppedForArrears: words('欠费停服', 'stopped for arrears'),
  inService: words('正常', 'in service'),
  timeZoneName: words('时区', 'time zone'),
  opened: words('开户日期', 'opened'),
  postpaidCap: words('后付费上限', 'postpaid cap'),
  moneyBalance: words('余额：查看、充值', 'the money balance: show, top up'),
  balanceAndItsEntries: words('余额与流水，最新的在前', 'the balance and its entries, newest first'),
  addMoney: words('充值', 'add money'),
  giveCredit: words('赠予款项（无人付款）', 'add money that nobody paid in'),
  reasonToGive: words('理由', 'what it is for'),
  amountToPay: words('金额，如 10000.00', 'amount, such as 10000.00'),
  referenceToGive: words('凭据，如银行流水号', 'reference, such as that of the bank'),
  kind: words('类别', 'kind'),
  reference: words('凭据', 'reference'),
  isNoAmount: (text: Shown) =>
    words(
      `${text} 不是金额：应为正的小数，如 10000.00`,
      `${text} is no amount: write a positive decimal such as 10000.00`,
    ),
  credited: (added: Shown, now: Shown) => words(`已赠予 ${added}，余额 ${now}`, `credited ${added}; balance ${now}`),
  toppedUp: (added: Shown, now: Shown) => words(`已充值 ${added}，余额 ${now}`, `topped up ${added}; balance ${now}`),
};
