// What is wrong with a request, in words.

import type { Words } from '../core/price-book.ts';
import { type Shown, words } from './words.ts';

export const httpWords = {
  accountInBody: words(
    'account：运营方密钥须在正文中指明账户，如 {"account":"acme"}',
    'account: an operator key must name the account in the body, as {"account":"acme"}',
  ),
  accountInQuery: words(
    'account：运营方密钥须在查询参数中指明账户，如 ?account=acme',
    'account: an operator key must name the account in the query, as ?account=acme',
  ),
  events: (mostItems: Shown) => words(`${mostItems} 个事件`, `${mostItems} events`),
  emptyLines: (mostItems: Shown) => words(`${mostItems} 个空行`, `${mostItems} empty lines`),
  charactersAnEvent: (longestItem: Shown) =>
    words(`每个事件 ${longestItem} 个字符`, `${longestItem} characters an event`),
  lineOfMoreThanCharacters: (longestItem: Shown) =>
    words(`一行超过 ${longestItem} 个字符`, `a line of more than ${longestItem} characters`),
  arrayClosedByBrace: words('不是有效的 JSON：数组以 } 结束', 'not JSON: the array is closed by }'),
  moreAfterArray: words('不是有效的 JSON：数组之后还有内容', 'not JSON: there is more after the array'),
  arrayHasNoEnd: words('不是有效的 JSON：数组没有结束', 'not JSON: the array has no end'),
  eitherMeter: words('meter 与 action 加 resultCode 二选一', 'either meter, or action with resultCode'),
  actionAndResultcodeGoTogether: words('action 与 resultCode 须同时给出', 'action and resultCode go together'),
  providerChargedGoesWithAction: words(
    'providerCharged 为 true 或 false，须与 action 同用',
    'providerCharged is true or false, and goes with action',
  ),
  channelAndLibraryGoWithAction: words('channel、library 须与 action 同用', 'channel and library go with action'),
  scopesOfRole: (role: Shown, most: Shown) => words(`${role} 密钥只能具有：${most}`, `${role} key: of ${most}`),
  goesWithRoleAccount: words('role 为 account 时须给出，否则不能给出', 'goes with role account, and with no other'),
  eitherPacksOrTopUp: words('packs 与 topUp 二选一', 'either packs or topUp'),
  topUpIsNotPaidFromTheBalance: words('充值不能从余额支付：transfer', 'a top-up is paid by transfer'),
  mostPacksOfAnOrder: words('一个订单至多 1000 个资源包', 'at most 1000 packs an order'),
  belowOrDaysBefore: words('below 与 daysBefore 至少给出一个', 'give below or daysBefore, or both'),
  signedOrder: words(
    'order：签名的通知须在正文中指明路径所指的订单',
    'order: a signed notification names the order of its path in the body',
  ),
  mustHaveAtMostFourDecimals: words('至多 4 位小数', 'must have at most four decimals'),
  mustBeADecimalStringSuch: words('须为十进制字符串，如 "12250.00"', 'must be a decimal string such as "12250.00"'),
  mustBeRfc3339WithOffset: words('须为带时区偏移的 RFC 3339', 'must be RFC 3339 with offset'),
  mustBeAMailAddress: words('应是邮箱地址，如 ops@example.com', 'must be a mail address such as ops@example.com'),
  mustBeADaySuchAs: words('须为日期，如 2026-01-06', 'must be a day such as 2026-01-06'),
  mustBeATimeZone: words('须为时区，如 Asia/Shanghai', 'must be a time zone such as Asia/Shanghai'),
  mustBeAMonthSuchAs: words('须为月份，如 2026-01', 'must be a month such as 2026-01'),
  mustNotHoldWhiteSpace: words('不能含空白字符', 'must not hold white space'),
  bytes: (most: Shown) => words(`${most} 字节`, `${most} bytes`),
  mustBeAText: words('须为文本', 'must be a text'),
  mustBeANumber: words('须为数字', 'must be a number'),
  mustBeAWholeNumber: words('须为整数', 'must be a whole number'),
  mustBeTrueOrFalse: words('须为 true 或 false', 'must be true or false'),
  mustBeAList: words('须为列表', 'must be a list'),
  mustBeAnObject: words('须为对象', 'must be an object'),
  isNotValid: words('无效', 'is not valid'),
  characters: words(' 个字符', ' characters'),
  items: words(' 项', ' items'),
  mustBeAtLeast: (minimum: Shown, zh: Shown, en: Shown) =>
    words(`至少为 ${minimum}${zh}`, `must be at least ${minimum}${en}`),
  mustBeAtMost: (maximum: Shown, zh: Shown, en: Shown) =>
    words(`至多为 ${maximum}${zh}`, `must be at most ${maximum}${en}`),
  mustBeOneOf: (values: Shown) => words(`须为 ${values} 之一`, `must be one of ${values}`),
  mustBeADateSuchAs: words('须为日期，如 2026-01-05', 'must be a date such as 2026-01-05'),
  bodyIsNotUtf8: words('正文不是 UTF-8', 'the body is not UTF-8'),
  nameStandsTwiceInAJson: words('JSON 对象中有重复的字段名', 'a name stands twice in a JSON object'),
  nestedMoreThanLevelsDeep: (mostDepth: Shown) =>
    words(`嵌套超过 ${mostDepth} 层`, `nested more than ${mostDepth} levels deep`),
  nameProtoIsNotAllowed: words('不允许字段名 __proto__', 'the name __proto__ is not allowed'),
  numberWithMoreDigitsThanCan: (shown: Shown) =>
    words(`数字位数过多，无法准确读取：${shown}`, `a number with more digits than can be kept: ${shown}`),
  contentEncoding: (named: Shown) =>
    words(`Content-Encoding ${named}；请不压缩发送`, `Content-Encoding ${named}; send it without compression`),
  noContentType: words('没有 Content-Type', 'no Content-Type'),
  sendInUtf8: (what: Words, join: Shown, join2: Shown) =>
    words(`${what.zh}；请发送 UTF-8 的 ${join}`, `${what.en}; send ${join2} in UTF-8`),
  clockOfThisMachineDiffersFrom: words(
    '本机时钟与数据库时钟不一致；Suanpan 以数据库时钟为准，请校准本机时钟',
    'the clock of this machine differs from the database’s, by which Suanpan goes; set it right',
  ),
  mustBeAWholeNumberIn: words('须为以数字写出的整数', 'must be a whole number in digits'),
  mustBeTheNextOfAn: words('须为本列表前一页的 next', 'must be the next of an earlier page of this list'),
  of1ToCharacters: (name: Shown, most: Shown) =>
    words(`${name}：须为 1 到 ${most} 个字符`, `${name}: 1 to ${most} characters`),
  eventIsAJsonObject: words('事件须为 JSON 对象', 'an event is a JSON object'),
  accountIsNoId: words('account：须为账户 id', 'account: an account id'),
  unknownField: (name: Shown) => words(`未知字段 ${name}`, `unknown field ${name}`),
  path: (zh: Shown, en: Shown) => words(`路径：${zh}`, `path: ${en}`),
  mustBeAnHttpsUrl: words(
    '须为 https 网址，不含用户名和密码，且不指向内网（本机网络须以 SUANPAN_WEBHOOK_PRIVATE=1 允许）',
    'must be an https URL without user and password that does not lead into a private network (one’s own is allowed by SUANPAN_WEBHOOK_PRIVATE=1)',
  ),
  eitherDeliveryOrSince: words('delivery 与 since 二选一', 'either delivery or since'),
  mustLieAhead: words('须在将来', 'must lie ahead'),
  eitherPricesOfOrTerms: words('pricesOf 与 tariffs、packs 二选一', 'either pricesOf, or tariffs and packs'),
  noHost: words('缺少 Host', 'no Host'),
};
