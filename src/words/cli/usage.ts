// What `suanpan usage` says: its help and its answers.

import type { Words } from '../../core/price-book.ts';
import { type Shown, words } from '../words.ts';

export const cliUsageWords = {
  inRow: (line: Shown, column: string, told: Words) =>
    column === ''
      ? words(`第 ${line} 行：${told.zh}`, `line ${line}: ${told.en}`)
      : words(`第 ${line} 行，列 ${column}：${told.zh}`, `line ${line}, column ${column}: ${told.en}`),
  andMoreRows: (more: Shown) => words(`…另有 ${more} 行`, `… and ${more} more rows`),
  usageCommand: words('用量：上报、导入、列出、撤销、汇总', 'usage: send, import, list, void, review, sum up'),
  usageEventsInOrderOfCall: words('用量事件，按调用时间', 'usage events in order of call time'),
  fromThisTimeOn: words('从此时间（含）', 'from this time on'),
  beforeThisTime: words('到此时间（不含）', 'before this time'),
  outcome: words('结果：charged、not-charged 或 held', 'outcome: charged, not-charged or held'),
  ofPayer: words('付费方：资源包编号，或 postpaid', 'who paid: the id of a pack, or postpaid'),
  monthsCallsByDay: words('某月的调用：按日、计量项、付费方', "a month's calls by day, meter and payer"),
  departmentsOfAMonth: words('某月计费的调用：按日、部门', "a month's charged calls by day and department"),
  monthOrThis: words('月份，如 2026-01；默认本月', 'month, such as 2026-01; by default this one'),
  voidAnEvent: words('撤销一个事件（仅一次）', 'void an event, once'),
  decideAnEventHeldForReview: words('审核待定事件：计费或不计费', 'decide an event held for review: charged or not'),
  whetherItIsCharged: words('是否计费', 'whether it is charged'),
  sendOneUsageEvent: words('上报一个用量事件', 'send one usage event'),
  idOrRandom: words(
    '事件 id；默认随机。同一 id 只计一次',
    'id of the event, random by default; the same id counts once',
  ),
  action: words('接口动作，代替计量项', 'action, instead of a meter'),
  channel: words('渠道', 'channel'),
  library: words('库', 'library'),
  resultCode: words('结果码', 'result code'),
  timeOfTheCall: words('调用时间；默认现在', 'time of the call; now by default'),
  callsAreNoNumber: (calls: Shown) =>
    words(`--calls ${calls}：应为 1 到 10^12 的整数`, `--calls ${calls}: write a whole number from 1 to 10^12`),
  whetherTheEventWasRecordedIs: (id: Shown, time: Shown) =>
    words(
      `不能确定事件是否已记录。用 --id ${id} --time ${time} 原样重试，不会重复计量`,
      `Whether the event was recorded is not known. Send it again with --id ${id} --time ${time}: it counts once`,
    ),
  voided: words('撤销', 'voided'),
  day: words('日期', 'day'),
  payer: words('付费方', 'payer'),
  charge: words('--charge 应为 yes 或 no', '--charge: write yes or no'),
};

export const statusWords: Readonly<Record<string, Words>> = {
  accepted: words('已接受', 'accepted'),
  duplicate: words('重复，未再计量', 'duplicate, not counted again'),
};
