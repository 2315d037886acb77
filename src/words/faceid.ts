// What is said of FaceID's own answers: what is wrong in them, and which tokens are not whole.

import type { Outcome } from '../core/event.ts';
import type { Words } from '../core/price-book.ts';
import { type Shown, words } from './words.ts';

const outcomeWords: Record<Outcome, Words> = {
  charged: words('计费', 'charged'),
  'not-charged': words('不计费', 'not charged'),
  held: words('表中没有', 'in no column'),
};

const few = (names: readonly string[]): string => `${names.slice(0, 5).join(', ')}${names.length > 5 ? ' …' : ''}`;

interface NamedIds {
  readonly count: number;
  readonly ids: readonly string[];
}

export const faceidWords = {
  needsRulesAndBook: (path: Shown, line: Shown) =>
    words(
      `${path} 第 ${line} 行是人脸核身接口的回包：请用 --faceid-rules 给出 RuleId 对照表（列 rule、channel、library），用 --book 给出价目表`,
      `${path} line ${line} is an answer of the FaceID API: give its rules with --faceid-rules (columns rule, channel, library) and the price book with --book`,
    ),
  pageIsMissing: (path: Shown, line: Shown) =>
    words(
      `${path}：第 ${line} 行的一页 HasNextPage 为 true，后面却没有下一页：请用 NextCursor 继续拉取，直到 HasNextPage 为 false`,
      `${path}: the page in line ${line} has HasNextPage true and no page follows: go on with NextCursor until HasNextPage is false`,
    ),
  inRules: (path: Shown, line: Shown, column: Shown, told: Words) =>
    words(`${path} 第 ${line} 行，列 ${column}：${told.zh}`, `${path} line ${line}, column ${column}: ${told.en}`),
  ruleStandsTwice: words('重复：一个 RuleId 只写一行', 'stands twice; a RuleId has one line'),
  answerIsAnError: (code: Shown) =>
    words(`回包是错误 ${code}：请重新拉取`, `the answer is the error ${code}: ask again`),
  answerWithoutText: words(
    '回包里没有 Text：请不加密、InfoType 含 1 重新拉取',
    'the answer has no Text: ask again, not encrypted, with 1 in InfoType',
  ),
  tokenIsMissing: (found: Shown) =>
    words(
      `缺少 BizToken（为 ${found}）：GetDetectInfoEnhanced 的回包里没有它，请与请求参数一起保存，如 {"BizToken":"…","RuleId":"1","Time":…,"Response":{…}}`,
      `BizToken is missing (${found}): the answer of GetDetectInfoEnhanced does not hold it, so keep what was asked beside it, as in {"BizToken":"…","RuleId":"1","Time":…,"Response":{…}}`,
    ),
  chargeCountDiffers: (token: Shown, count: Shown, counted: Shown) =>
    words(
      `${token}：ChargeCount 为 ${count}，明细里 IsNeedCharge 为 true 的有 ${counted} 次：请重新拉取这一页`,
      `${token}: ChargeCount is ${count}, and IsNeedCharge is true ${counted} times: fetch this page again`,
    ),
  mustBeTrueOrFalse: (token: Shown, found: Shown) =>
    words(
      `${token}：IsNeedCharge 为 ${found}，应为 true 或 false`,
      `${token}: IsNeedCharge is ${found}, and must be true or false`,
    ),
  seqIsMissing: (token: Shown) =>
    words(`${token}：计费的一次没有 Seq`, `${token}: an attempt that is charged has no Seq`),
  reqTime: (token: Shown, found: Shown) =>
    words(
      `${token}：ReqTime 为 ${found}，应为 13 位毫秒时间戳`,
      `${token}: ReqTime is ${found}, and must be a time in milliseconds, of 13 digits`,
    ),
  code: (token: Shown, found: Shown) =>
    words(`${token}：结果码为 ${found}，应为整数`, `${token}: the result code is ${found}, and must be a whole number`),
  unknownRule: (rule: Shown) =>
    words(
      `对照表里没有 RuleId ${rule}：请加一行，写明 channel（如 wechat_h5）和 library（authority 或 selfie）`,
      `the rules have no RuleId ${rule}: add a line with its channel (such as wechat_h5) and library (authority or selfie)`,
    ),
  disagrees: (id: Shown, code: Shown, { isNeeded, byTable }: { isNeeded: boolean; byTable: Outcome }) =>
    words(
      `${id}：IsNeedCharge 为 ${isNeeded}，当日返回码表里 ${code} 是${outcomeWords[byTable].zh}`,
      `${id}: IsNeedCharge is ${isNeeded}, and result ${code} is ${outcomeWords[byTable].en} by the code table of its day`,
    ),
  disagreements: (count: Shown, first: Words) =>
    words(
      `IsNeedCharge 与当日返回码表不一致 ${count} 次，以下按 IsNeedCharge 计算；其一：${first.zh}`,
      `IsNeedCharge and the code table of the day disagree (${count} ×); what follows goes by IsNeedCharge. One of them: ${first.en}`,
    ),
  tokensNotWhole: (early: readonly string[], never: readonly string[]) =>
    words(
      `${[
        early.length > 0 ? `${early.length} 个 token 在完成之前读取，之后没有再读（${few(early)}）` : '',
        never.length > 0 ? `${never.length} 个 token 从未读取（${few(never)}）` : '',
      ]
        .filter((part) => part !== '')
        .join('；')}：其中的尝试可能缺失，请重新拉取后再核对`,
      `${[
        early.length > 0 ? `tokens read before they were complete, and not again: ${early.length} (${few(early)})` : '',
        never.length > 0 ? `tokens never read: ${never.length} (${few(never)})` : '',
      ]
        .filter((part) => part !== '')
        .join('; ')}. Attempts of theirs may be missing: read them again first`,
    ),
  ways: (first: Shown, charged: Shown, second: Shown, chargedToo: Shown) =>
    words(
      `两种方式：第一种 ${first} 次尝试（计费 ${charged}），第二种 ${second} 次（计费 ${chargedToo}）`,
      `two ways: ${first} attempts by the first (${charged} charged), ${second} by the second (${chargedToo} charged)`,
    ),
  onlyFirst: ({ count, ids }: NamedIds) =>
    words(`  只在第一种里：${count} 次（${few(ids)}）`, `  only by the first: ${count} (${few(ids)})`),
  onlySecond: ({ count, ids }: NamedIds) =>
    words(`  只在第二种里：${count} 次（${few(ids)}）`, `  only by the second: ${count} (${few(ids)})`),
  chargeDiffers: ({ count, ids }: NamedIds) =>
    words(`  IsNeedCharge 不同：${count} 次（${few(ids)}）`, `  IsNeedCharge differs: ${count} (${few(ids)})`),
  factsDiffer: ({ count, ids }: NamedIds) =>
    words(
      `  时间、结果码或 RuleId 不同：${count} 次（${few(ids)}）`,
      `  time, result or rule differs: ${count} (${few(ids)})`,
    ),
  daysNotInSecond: (days: readonly string[]) =>
    words(
      `  第二种在这些日子一次也没有，拉取全了吗：${few(days)}`,
      `  the second way has nothing at all of these days, was all of it fetched: ${few(days)}`,
    ),
  daysNotInFirst: (days: readonly string[]) =>
    words(
      `  第一种在这些日子一次也没有，保存全了吗：${few(days)}`,
      `  the first way has nothing at all of these days, was all of it kept: ${few(days)}`,
    ),
  billByEach: (first: Shown, second: Shown) =>
    words(
      `  账单不符之处：按第一种 ${first} 处，按第二种 ${second} 处`,
      `  figures of the bill that differ: ${first} by the first way, ${second} by the second`,
    ),
  secondNeedsFile: words(
    '--second 须与 --faceid-rules 同用，且 --usage 须是文件（要读两遍）',
    '--second goes with --faceid-rules, and --usage must be a file, as it is read twice',
  ),
  secondWay: words(
    '人脸核身的另一种方式的记录：与 --usage 逐次比对，并与账单比对',
    'FaceID’s attempts by the other way: compared one by one with --usage, and with the bill',
  ),
  tokensUntold: (count: Shown, names: readonly string[]) =>
    words(
      `${count} 个 token 说不清是否已完成（${few(names)}）：请在每条回包旁保存读取时间 Time`,
      `tokens that may have been read too early: ${count} (${few(names)}). Keep the time of reading, Time, beside each answer`,
    ),
};
