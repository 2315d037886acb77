// What each refusal means to people: HTTP status, a title, and a sentence that says what to do. The one table of its kind;
// the compiler asks for every code.

import type { Words } from '../core/price-book.ts';
import type { Refusal, RefusalCode } from '../core/refusal.ts';
import { holdRefusalTexts } from './hold-refusals.ts';
import { orderRefusalTexts } from './order-refusals.ts';
import { peopleRefusalTexts } from './people-refusals.ts';
import { priceRefusalTexts } from './price-refusals.ts';
import { type RefusalText, text } from './refusal-text.ts';
import { reviewRefusalTexts } from './review-refusals.ts';
import { wireRefusalTexts } from './wire-refusals.ts';

export const refusalTexts: Record<RefusalCode, RefusalText> = {
  ...wireRefusalTexts,
  ...holdRefusalTexts,
  ...orderRefusalTexts,
  ...priceRefusalTexts,
  ...peopleRefusalTexts,
  ...reviewRefusalTexts,
  PACK_IN_USE: text(
    409,
    ['资源包已使用', 'The pack has been used'],
    [
      '资源包 {pack} 已有抵扣（撤销的抵扣也算），不能退款。',
      'Pack {pack} has been drawn from (a voided draw counts too) and cannot be refunded.',
    ],
  ),
  NEVER_REFUNDABLE: text(
    409,
    ['不可退款', 'Never refundable'],
    ['按价目表，资源包 {pack} 不可退款。', 'By its price book pack {pack} is never refundable.'],
  ),
  REFUND_WINDOW_CLOSED: text(
    409,
    ['已过退款期限', 'The refund window has closed'],
    [
      '资源包 {pack} 只能在交付日之后 {days} 天内（含）退款。',
      'Pack {pack} could be refunded until the end of day {days} after its delivery.',
    ],
  ),
  GIFT_NOT_REFUNDABLE: text(
    409,
    ['赠送资源包不可退款', 'A gift cannot be refunded'],
    ['资源包 {pack} 是赠送的，没有可退的款项。', 'Pack {pack} was a gift: there is nothing to pay back.'],
  ),
  ALREADY_REFUNDED: text(
    409,
    ['已经退款', 'Already refunded'],
    ['资源包 {pack} 已经退过款。', 'Pack {pack} has been refunded before.'],
  ),
  PACK_EXPIRED: text(
    409,
    ['资源包已过期', 'The pack has expired'],
    ['资源包 {pack} 已过期。', 'Pack {pack} has expired.'],
  ),
  NOT_FREEZABLE: text(
    409,
    ['资源包不可冻结', 'A pack cannot be frozen'],
    ['资源包[ {pack} ]不能暂停，也不能延期。', 'A pack cannot be paused or prolonged[: {pack}].'],
  ),
  EVENT_CONFLICT: text(
    409,
    ['用量事件冲突', 'The event contradicts an earlier one'],
    [
      '事件 {event} 已经以其他内容上报过；重复上报须内容完全相同，不同的调用须用不同的 id。',
      'Event {event} was reported before with other content. Repeat it unchanged, or give a different call its own id.',
    ],
  ),
  EVENT_TOO_OLD: text(
    422,
    ['用量事件过旧', 'The event is too old'],
    ['调用时间早于可上报的 {days} 天。', 'The call was made more than {days} days ago and is no longer accepted.'],
  ),
  EVENT_IN_FUTURE: text(
    422,
    ['用量事件在未来', 'The event lies in the future'],
    [
      '调用时间最多可比当前时间晚 5 分钟，请检查时钟和时区。',
      'The time of a call may be at most 5 minutes ahead; check the clock and the offset.',
    ],
  ),
  ALREADY_VOIDED: text(
    409,
    ['用量事件已撤销', 'Already voided'],
    [
      '事件 {event} 已经撤销过；一个事件只能撤销一次。',
      'Event {event} has been voided before; an event can be voided once.',
    ],
  ),
  START_NOT_FREE: text(
    422,
    ['不能在这一天生效', 'The pack cannot start on that day'],
    [
      '资源包不能在 {day} 生效[：可选 {from} 至 {until}][：按价目表{packStart}生效，不可选择]。',
      'The pack cannot start on {day}[: choose {from} to {until}][: by the price book it starts {packStart}, without a choice].',
    ],
  ),
  SIZE_NOT_SOLD: text(
    422,
    ['没有这个规格', 'The size is not sold'],
    [
      '资源包 {product} 没有 {size} 次的规格[，可选：{sold}]。',
      'Pack {product} is not sold in the size {size}[; choose one of {sold}].',
    ],
  ),
  TOO_MANY_EXPORTS: text(
    429,
    ['文件太多', 'Too many files'],
    [
      '一个账户同时最多准备 {most} 个文件；请等其中一个完成。',
      'At most {most} files of an account are made at a time; wait until one of them is done.',
    ],
  ),
  EXPORT_NOT_DONE: text(
    409,
    ['文件尚未完成', 'The file is not done'],
    [
      '文件 {id} 的状态是 {state}；完成（done）之后才能下载。',
      'The file {id} is {state}; it can be fetched once it is done.',
    ],
  ),
  UNKNOWN_METER: text(
    422,
    ['没有这个计量项', 'Unknown meter'],
    [
      '价目表 {book} 没有计量项 {meter}[，可选：{known}]。',
      'Price book {book} has no meter {meter}[; known are {known}].',
    ],
  ),
  UNKNOWN_TARIFF: text(
    422,
    ['没有这个计费项', 'Unknown tariff'],
    [
      '价目表[ {book} ]没有计费项 {tariff}[，可选：{known}]。',
      'The price book[ {book}] has no tariff {tariff}[; known are {known}].',
    ],
  ),
  UNKNOWN_TIER: text(
    422,
    ['没有这一档', 'Unknown tier'],
    [
      '计费项 {tariff} 没有从 {from} 开始的档；已有的档从 {known} 开始。只改价格时写已有的档[；{ownTiers}]。',
      'The tariff {tariff} has no tier that begins at {from}; its tiers begin at {known}. Name those to price them[; {ownTiers}].',
    ],
  ),
  PRICES_STAND: text(
    409,
    ['该月价格不能更改', 'The prices of the month stand'],
    [
      '{month} 已经开始，已有的价格不能更改。合同价可从 {from} 起生效；已开始的月份只能为无公开价的档补上价格。',
      '{month} has begun: prices that there are stand. A contract may begin with {from}; of a month that has begun only tiers without a price can be given one.',
    ],
  ),
  TOO_MANY_CONTRACTS: text(
    409,
    ['合同过多', 'Too many contracts'],
    ['一个账户最多有 {most} 份合同。', 'An account has at most {most} contracts.'],
  ),
  UNKNOWN_PRODUCT: text(
    422,
    ['没有这个资源包', 'Unknown pack product'],
    [
      '价目表 {book} 没有资源包 {product}[，可选：{known}]。',
      'Price book {book} has no pack product {product}[; known are {known}].',
    ],
  ),
  UNKNOWN_BOOK: text(
    404,
    ['没有这个价目表', 'Unknown price book'],
    [
      '没有价目表 {book}，也没有这个文件[；已有：{known}]。',
      'There is no price book {book}, and no file of that name[; known are {known}].',
    ],
  ),
  AMBIGUOUS_METER: text(
    422,
    ['计量项不明确', 'Ambiguous meter'],
    [
      '计费项 {tariff} 由几个计量项计入，它们各有价格，或由不同的资源包抵扣；请写明计量项：{meters}。',
      'Several meters feed tariff {tariff}, with prices of their own or covered by different packs; name the meter: {meters}.',
    ],
  ),
  UNKNOWN_ACTION: text(
    422,
    ['无法确定计量项', 'The facts decide no meter'],
    [
      '价目表[ {book} ]不认识这次调用：action {action}[，channel {channel}][，library {library}]。',
      'The price book[ {book}] knows no meter for action {action}[, channel {channel}][, library {library}].',
    ],
  ),
  INVALID_QUANTITY: text(
    422,
    ['数量无效', 'Invalid quantity'],
    [
      '数量须为 1 到 1,000,000,000,000 的整数[，收到 {calls}]。',
      'A quantity is a whole number from 1 to 1,000,000,000,000[, not {calls}].',
    ],
  ),
  INVALID_TIME: text(
    422,
    ['时间无效', 'Invalid time'],
    [
      '时间须为带时区偏移的 RFC 3339，如 2026-01-06T08:59:59+08:00[，收到 {time}][；须在 {from} 与 {to} 之间]。',
      'A time is RFC 3339 with offset, such as 2026-01-06T08:59:59+08:00[, not {time}][; it lies between {from} and {to}].',
    ],
  ),
  INVALID_AMOUNT: text(
    422,
    ['金额无效', 'Invalid amount'],
    [
      '金额最多两位小数，如 "12250.00"，不超过 92233720368547758.07[（{currency} 最多 {decimals} 位小数，不超过 {most}）][；付款须{payment}][，收到 {amount}][；{sum} {value}，请更正用量或价格][：{problem}]。',
      'An amount has at most two places, such as "12250.00", and is at most 92233720368547758.07[ ({currency}: at most {decimals} places and {most})][; a payment is {payment}][, not {amount}][: {sum} {value}; correct the calls or the prices][: {problem}].',
    ],
  ),
  INVALID_INPUT: text(
    422,
    ['输入无效', 'Invalid input'],
    ['输入有误[：{problem}]。', 'The input is not valid[: {problem}].'],
  ),
  INVALID_BOOK: text(
    422,
    ['价目表无效', 'Invalid price book'],
    [
      '价目表[ {book} ]有误[：{problem}]。要查看全部问题，请运行命令“suanpan book lint 文件”。',
      'The price book[ {book}] is not valid[: {problem}]. To see every problem, run "suanpan book lint FILE".',
    ],
  ),
  TOO_LATE: text(
    409,
    ['来不及了', 'Too late for that month'],
    [
      '{month} 在某些时区已经开始，或一天之内就要开始。价目表的新版须提前一天公布或撤回：最早可为 {from}。',
      '{month} has begun somewhere, or will within a day. A version of a book is announced, or taken back, a day ahead: the first month is {from}.',
    ],
  ),
  BOOK_DIFFERS: text(
    422,
    ['价目表不只是价格不同', 'The books differ in more than prices'],
    [
      '{other} 与 {book} 除价格外还有不同：{parts}。新版只能改阶梯与价格、资源包规格与价格，以及（对价目表的所有账户）结果码表；其余不同请用新的价目表开户。',
      '{other} differs from {book} in more than prices: {parts}. A version may change tiers and their prices, pack sizes and theirs, and for all accounts of the book the code table; for all else open accounts with the new book.',
    ],
  ),
  BOOK_IN_USE: text(
    409,
    ['价目表编号已占用', 'The price book id is taken'],
    [
      '价目表 {book} 已存在且内容不同；修改后请用新的 id。',
      'Price book {book} exists with other content; give a changed book a new id.',
    ],
  ),
  INSUFFICIENT_BALANCE: text(
    402,
    ['余额不足', 'Insufficient balance'],
    [
      '余额[ {balance} ]不足以购买资源包[ {pack}][（{price}）]，请先充值。',
      'The balance[ of {balance}] does not cover the pack[ {pack}][, which costs {price}]; top up first.',
    ],
  ),
  QUOTE_REQUIRED: text(
    409,
    ['需商务定价', 'A contract price is needed'],
    [
      '账户 {account} 的 {month} 账期有用量没有公开价，账单不能定稿；请联系商务定价。',
      'Account {account} has calls in {month} that no public price covers, so the bill cannot become final; agree a contract price.',
    ],
  ),
  PERIOD_OPEN: text(
    409,
    ['账期未结束', 'The period is still open'],
    ['{month} 账期自 {from} 起才能{done}。', '{month} can be {done} from {from} on.'],
  ),
  BEFORE_OPENING: text(
    409,
    ['账户尚未开立', 'The account was not open yet'],
    [
      '账户 {account} 于 {opened} 开立，{month} 没有账单。',
      'Account {account} was opened in {opened}; there is no bill of {month}.',
    ],
  ),
  ARCHIVED: text(
    409,
    ['已归档', 'Archived'],
    [
      '{month} 的事件已归档；请先运行命令“suanpan archive restore --month {month}”。',
      'The events of {month} are archived; bring them back first: suanpan archive restore --month {month}.',
    ],
  ),
  NOT_FOUND: text(
    404,
    ['未找到', 'Not found'],
    ['没有[{what}] {id}[：{hint}]。', 'There is no [{what} ]{id}[: {hint}].'],
  ),
  ACCOUNT_EXISTS: text(
    409,
    ['账户已存在', 'The account exists'],
    ['账户 {account} 已存在，条件不同：{differs}。', 'Account {account} exists with other terms: {differs}.'],
  ),
  ID_TAKEN: text(
    409,
    ['编号已占用', 'The id is taken'],
    ['编号 {id} 已被占用，请换一个。', 'The id {id} is in use; choose another.'],
  ),
  JOB_RUNNING: text(
    409,
    ['作业正在运行', 'The job is running'],
    [
      '作业 {job} 正在运行（在本服务或另一服务上）；请稍后再看。',
      'The job {job} is running, here or on another server; look again later.',
    ],
  ),
  BACKUP_REFUSED: text(
    409,
    ['备份不可用', 'The backup cannot be used'],
    ['备份 {folder} 不可用：{problem}。', 'The backup {folder} cannot be used: {problem}.'],
  ),
  WEBHOOK_ENDED: text(
    409,
    ['webhook 已停用', 'The webhook is off'],
    [
      'webhook {webhook} 已停用，不再投递；先以 PATCH 的 active: true 重新启用。',
      'Webhook {webhook} is off and nothing is sent to it; turn it on again first (PATCH, active: true).',
    ],
  ),
  TOO_MANY_WEBHOOKS: text(
    409,
    ['webhook 过多', 'Too many webhooks'],
    ['一个账户（或运营方）最多有 {most} 个 webhook。', 'An account, or the operator, has at most {most} webhooks.'],
  ),
  TOO_MUCH_WORK: text(
    422,
    ['计算量过大', 'Too much to compute'],
    [
      '计算[超过 {seconds} 秒]仍未完成；请减少月份、计量项或资源包后重试。',
      'This takes too long to compute[, more than {seconds} s]; ask for fewer months, meters or packs.',
    ],
  ),
  TOO_MANY_REQUESTS: text(
    429,
    ['请求过多', 'Too many requests'],
    ['请求过于频繁；请稍后[（{retryAfter} 秒后）]重试。', 'Too many requests; try again shortly[, in {retryAfter} s].'],
  ),
  OVERLOADED: text(
    503,
    ['服务繁忙', 'Overloaded'],
    [
      '服务繁忙或数据库暂不可用；请稍后[（{retryAfter} 秒后）]原样重试；凡带 id 或 Idempotency-Key 的，只会生效一次。',
      'The server is busy, or its database is away; send the same again[, in {retryAfter} s]; what has an id or an Idempotency-Key takes effect once.',
    ],
  ),
  OUTCOME_UNKNOWN: text(
    503,
    ['结果未知', 'Outcome unknown'],
    [
      '数据库在执行中失去响应，无法确定是否已生效；请用同一 id 或 Idempotency-Key 原样重试，只会生效一次。',
      'The database went away under way: whether it took effect is not known. Send the same again with the same id or Idempotency-Key; it takes effect once.',
    ],
  ),
  NOT_READY: text(
    503,
    ['服务尚不可用', 'The server is not ready'],
    ['数据库不可用[：{reason}]。', 'The database cannot be used[: {reason}].'],
  ),
  STOPPING: text(
    503,
    ['服务正在停止', 'The server is stopping'],
    [
      '服务正在停止，本次未执行；请稍后原样重试，或改向其他服务发送。',
      'The server is stopping and did nothing; send the same request again shortly, or to another server.',
    ],
  ),
  INTERNAL_ERROR: text(
    500,
    ['内部错误', 'Internal error'],
    [
      '服务内部出错；请原样重试，或凭 request_id 联系管理员。',
      'Something broke inside; send the same again, or give the operator the request_id.',
    ],
  ),
};

/** A refusal in both languages. */
export const refusalWords = ({ refused, facts }: Refusal): Words => refusalTexts[refused].detail(facts);
