// What a reconciliation says, and what is wrong with a bill or a file of packs.

import type { Words } from '../core/price-book.ts';
import { type Shown, words } from './words.ts';

export const reconcileWords = {
  noRowOfTheBillCan: words(
    '账单没有一行可以比对，因此没有核对。请至少写一行 total（合计）、postpaid（后付费）、pack（资源包抵扣）或 purchase（购买资源包）',
    'no row of the bill can be compared, so it was not checked; give at least one row of kind total, postpaid, pack (calls drawn) or purchase (a pack bought)',
  ),
  writeItAs202601: words('请写成 2026-01', 'write it as 2026-01'),
  writeADaySuchAs2026: words('请写成日期，如 2026-01-31', 'write a day such as 2026-01-31'),
  isNotIn: (found: Shown, month: Shown) => words(`${found} 不在 ${month} 内`, `${found} is not in ${month}`),
  bookHasNoMeter: (meter: Shown) => words(`价目表没有计量项 ${meter}`, `the book has no meter ${meter}`),
  packMissing: words('缺少 pack：请写资源包的 id', 'missing; give the id of the pack'),
  meterMissing: words('缺少 meter：请写计量项', 'missing; give the meter'),
  bookHasNoTariff: (tariff: Shown) => words(`价目表没有后付费计费项 ${tariff}`, `the book has no tariff ${tariff}`),
  writeAPriceSuchAs0: words('请写成单价，如 0.85', 'write a price such as 0.85'),
  writeAWholeNumberSuchAs: words('请写成整数，如 1000', 'write a whole number such as 1000'),
  writeAnAmount: (example: Shown) => words(`请写成金额，如 ${example}`, `write an amount such as ${example}`),
  billNamesNoDay: words('账单没有日期，请用 --month 给出账期', 'the bill names no day; give the month with --month'),
  totalStandsTimes: (length: Shown, places: Shown) =>
    words(
      `total 出现 ${length} 次（第 ${places} 行）：只留账单的总额，小计的 kind 改为 subtotal`,
      `total stands ${length} times (lines ${places}): keep that of the whole bill, and give sums of parts the kind subtotal`,
    ),
  mustBeOneOf: (join: Shown, join2: Shown) => words(`应为 ${join} 之一`, `must be one of ${join2}`),
  noCallIsOfTheAccount: (path: Shown, account: Shown, found: Shown) =>
    words(
      `${path}：没有账户 ${account} 的调用；文件里的账户：${found}`,
      `${path}: no call is of the account ${account}; the file has ${found}`,
    ),
  secondAccount: (account: Shown) =>
    words(`出现第二个账户 ${account}，请用 --account 选择`, `a second account, ${account}; choose one with --account`),
  bookKnowsNoAction: (action: string, channel: string | null, library: string | null) =>
    words(
      `价目表不认识 action ${action}（channel ${channel ?? '-'}，library ${library ?? '-'}）`,
      `the book knows no action ${action} (channel ${channel ?? '-'}, library ${library ?? '-'})`,
    ),
  notCompared: (kind: Shown, column: Shown, length: Shown, places: Shown) =>
    words(
      `未比对：${kind} 行的 ${column}（${length} 处，第 ${places} 行）`,
      `not compared: ${column} of ${kind} rows (${length}, line ${places})`,
    ),
  packStandsTwice: (id: Shown) => words(`资源包 ${id} 重复`, `pack ${id} stands twice`),
  packIdMissing: words('缺少 id：请给资源包起一个标识', 'missing; give the pack an id'),
  bookHasNoPackProduct: (productId: Shown, join: Shown, join2: Shown) =>
    words(
      `价目表没有资源包产品 ${productId}；有 ${join}`,
      `the book has no pack product ${productId}; it has ${join2}`,
    ),
  writeAPositiveNumber: words('请写成正整数，如 10000', 'write a whole number such as 10000'),
  writeTrueOrFalse: words('请写成 true 或 false', 'write true or false'),
  writeAPrice: words('请写成金额，如 8000.00', 'write an amount such as 8000.00'),
  itEndsBeforeItBegins: words('失效早于生效', 'it ends before it begins'),
  writeAWholeNumberUpTo: words('请写成不超过 calls 的整数', 'write a whole number up to calls'),
  writeADay: words(
    '请写成日期，或带时区偏移的时间 2026-01-06T10:00:00+08:00（没有偏移的时间请用 --time-zone 给出时区）',
    'write a day, or a time with its offset, 2026-01-06T10:00:00+08:00 (for times without one give --time-zone)',
  ),
  bookSellsNoOfThisSize: (calls: Shown, id: Shown, sizes: Shown) =>
    words(
      `${calls}：价目表的 ${id} 没有这个规格（有 ${sizes}），请在 price 列写明实付金额`,
      `${calls}: the book sells no ${id} of this size (it has ${sizes}); give what was paid in the column price`,
    ),
  billsTotalIsComparedWithoutThe: (few: Shown, money: Shown) =>
    words(
      `账单的合计按不含当月购买的资源包（${few}，${money}）比对：请确认它们另有账单`,
      `the bill’s total is compared without the packs bought in the month (${few}, ${money}): check that they are billed apart`,
    ),
  billsTotalIsComparedWithThe: (few: Shown, money: Shown) =>
    words(
      `账单的合计按含当月购买的资源包（${few}，${money}）比对`,
      `the bill’s total is compared with the packs bought in the month in it (${few}, ${money})`,
    ),
  thereIsNoCallInThe: words(
    '调用记录里没有一次调用：文件对吗？',
    'there is no call in the record: is it the right file?',
  ),
  noCallOfTheRecordLies: (month: Shown, found: Shown) =>
    words(
      `调用记录里没有 ${month} 的调用（只有 ${found}）：文件或账期对吗？`,
      `no call of the record lies in ${month} (its calls are of ${found}): is it the right file, and the right month?`,
    ),
  pricedByPlace: (tariff: Words) =>
    words(
      `计费项「${tariff.zh}」的金额取决于每次调用的先后或计量项，账单核对只有总次数，无法核对；请按先后写成场景（simulate）`,
      `what "${tariff.en}" comes to depends on the order or the meters of its calls, and a bill is checked by sums: it cannot be checked; write the calls in their order as a scenario (simulate)`,
    ),
  otherFile: (path: Shown, told: Words) =>
    words(
      `${path}：${told.zh}若当月确实没有调用，请让 --usage 的文件只含表头`,
      `${path}: ${told.en} If there really were none, let --usage be a file of the header alone`,
    ),
  totalIsNotTheSumOf: words('合计不等于账单各行之和', 'the total is not the sum of the bill’s own lines'),
  figuresDiffer: (count: Shown) =>
    words(`${count} 处不符：`, `${count} ${count === 1 ? 'figure differs' : 'figures differ'}:`),
  orAsWell: (told: Words, code: Shown) =>
    words(`  从账单上无法与此区分：${told.zh}  [${code}]`, `  cannot be told apart from: ${told.en}  [${code}]`),
  andMore: (more: Shown) => words(`  …另有 ${more} 处（--json 列出全部）`, `  … and ${more} more (--json lists all)`),
  notKnown: words('无法得出', 'not known'),
  headLine: (month: Shown, id: Shown, rows: Shown, again: Shown, free: Shown, held: Shown) =>
    words(
      `${month}，价目表 ${id}，${rows} 条记录（重复 ${again}，不计费 ${free}，待复核 ${held}）`,
      `${month}, book ${id}, ${rows} rows (${again} repeated, ${free} not charged, ${held} held for review)`,
    ),
  billStatesNoTotal: (should: Shown) =>
    words(`账单没有写合计，应为 ${should}`, `the bill states no total; it should be ${should}`),
  billed: (total: Shown, should: Shown) =>
    words(`账单 ${total}，应为 ${should}`, `billed ${total}, should be ${should}`),
  callsReachATierWithoutA: (tariff: Shown, calls: Shown) =>
    words(
      `${tariff}：${calls} 次到达无公开价的阶梯，请向服务商询价并写入价目表`,
      `${tariff}: ${calls} calls reach a tier without a public price; ask for the price and put it into the book`,
    ),
  rowsOfTheRecordCouldNot: (left: Shown) =>
    words(
      `${left} 行调用记录读不了，没有算在内：以下不符可能由此而来，不能据此追究服务商`,
      `${left} rows of the record could not be read and are left out: figures may differ for that alone`,
    ),
  noFigureDiffers: words('读到的部分没有不符。', 'No figure differs, as far as the record was read.'),
  onlyByTheProvidersWord: words(
    '没有不符——但以上按服务商自己的 IsNeedCharge，与返回码表不一致之处应向其询问。',
    'No figure differs, by the provider’s own IsNeedCharge; ask about where the code table says otherwise.',
  ),
  whatTheBillListsIsRight: words('所列各项无误。', 'What the bill lists is right.'),
  billIsRight: words('账单无误。', 'The bill is right.'),
  drawn: words('资源包抵扣', 'drawn'),
  postpaidCalls: words('后付费用量', 'postpaid calls'),
  postpaidLine: words('后付费行', 'postpaid line'),
  packBought: words('资源包购买', 'pack bought'),
  total: words('合计', 'total'),
  calls: (calls: Shown) => words(`${calls} 次`, `${calls} calls`),
  none: words('无', 'none'),
  also: (join: Shown, join2: Shown) => words(`（另：${join}）`, ` (also ${join2})`),
  billedAndRight: (billed: Shown, expected: Shown) =>
    words(`账单 ${billed}，应为 ${expected}`, `billed ${billed}, should be ${expected}`),
};
