// What is wrong with a price book, in words.

import { type Shown, words } from './words.ts';

export const bookWords = {
  thereIsNoField: (key: Shown) => words(`没有字段 ${key}`, `there is no field ${key}`),
  mustBeOneOf: (choices: Shown) => words(`只能是 ${choices}`, `must be one of ${choices}`),
  atLeast: (minimum: Shown, issue: Shown, issue2: Shown) =>
    words(`不能小于 ${minimum}${issue}`, `at least ${minimum}${issue2}`),
  atMost: (maximum: Shown, issue: Shown, issue2: Shown) =>
    words(`不能大于 ${maximum}${issue}`, `at most ${maximum}${issue2}`),
  entries: words(' 项', ' entries'),
  characters: words(' 个字符', ' characters'),
  string: words('字符串', 'a string'),
  number: words('数', 'a number'),
  wholeNumber: words('整数', 'a whole number'),
  trueOrFalse: words('true 或 false', 'true or false'),
  array: words('数组', 'an array'),
  object: words('对象', 'an object'),
  fieldIsMissing: words('缺少这个字段', 'the field is missing'),
  mustBeAString: (written: Shown) =>
    words(`须为字符串，请加引号写成 ${written}`, `must be a string: write it in quotes, ${written}`),
  mustBe: (zh: Shown, en: Shown) => words(`须为${zh}`, `must be ${en}`),
  mustBeAnArrayOfResult: words('须为结果码数组或 "rest"', 'must be an array of result codes or "rest"'),
  mayMeanTheMeterAsWell: (action: Shown, meter: Shown) =>
    words(`${action} 也可能指计量项 ${meter}`, `${action} may mean the meter ${meter} as well`),
  restStandsAlone: words('"rest" 须单独写，不放在数组里', '"rest" stands alone, not in a list'),
  isNoAscendingRangeOfWhole: (code: Shown) =>
    words(`${code} 不是从小到大的整数区间`, `${code} is no ascending range of whole numbers`),
  bothSidesCannotBeRest: words('两边不能都是 "rest"', 'both sides cannot be "rest"'),
  meetsTheChargedCode: (code: Shown, other: Shown) =>
    words(`${code} 与收费结果码 ${other} 重叠`, `${code} meets the charged code ${other}`),
  hasAnotherRuleOnTheSame: (action: Shown) =>
    words(`${action} 在同一天另有一条规则`, `${action} has another rule on the same day`),
  thereIsNoTimeZone: (timeZone: Shown) => words(`没有时区 ${timeZone}`, `there is no time zone ${timeZone}`),
  isNoIso4217CurrencyWith: (currency: Shown) =>
    words(
      `${currency} 不是至多三位小数的 ISO 4217 货币`,
      `${currency} is no ISO 4217 currency with at most three decimals`,
    ),
  currencyHasDecimals: (currency: Shown, decimals: Shown) =>
    words(`${currency} 的金额最多 ${decimals} 位小数`, `an amount of ${currency} has at most ${decimals} decimals`),
  mustBeLaterThan: (from: Shown) => words(`须晚于 ${from}`, `must be later than ${from}`),
  thereIsNoDay: (day: Shown) => words(`没有 ${day} 这一天`, `there is no day ${day}`),
  idIsUsedAbove: (value: Shown) => words(`标识 ${value} 已用过`, `the id ${value} is used above`),
  standsHereTwice: (value: Shown) => words(`${value} 重复`, `${value} stands here twice`),
  thereIsNoTariff: (tariff: Shown) => words(`没有计费项 ${tariff}`, `there is no tariff ${tariff}`),
  flatTariffHasOneTier: words('flat 只能有一档', 'a flat tariff has one tier'),
  priorityNeedsItsOrder: words(
    '优先级只有在 policies.drawOrder 中有 priority-first 时才起作用：把它写在应有的位置',
    'a priority counts only with priority-first in policies.drawOrder: write it where it is to decide',
  ),
  ratioIsWhole: (whole: Shown, units: Shown) =>
    words(
      `倍率须为整数：把这种资源包的单位改小 ${units} 倍，各规格与各倍率都乘以 ${units}，此处写 ${whole}`,
      `a ratio is a whole number: count the pack in units of 1/${units}, its sizes and ratios all times ${units}; write ${whole} here`,
    ),
  feesAreOfMonths: words(
    '按天计（counter: day）的计费项不能有费用、最低消费或封顶：它们按月计',
    'a tariff counted by the day has no fees, minimum or maximum: those are of months',
  ),
  coversInOrder: words(
    '有按先后或按计量项定价的计费项（gross-in-order、prices）时，资源包不能抵扣交付前的用量：写 life',
    'with a tariff priced by the order of calls or by meter (gross-in-order, prices) packs cannot pay for calls before them: write life',
  ),
  coversBeforeStart: (start: string) =>
    words(
      `packStart 为 ${start} 时资源包晚于交付才生效，不能再抵扣交付前的用量：写 life，或把 packStart 改为 instant 或 day`,
      `a pack that starts ${start} is later than its delivery and cannot pay for calls before it: write life, or packStart instant or day`,
    ),
  priceOrPrices: words(
    '写 price（每个计量项同价）或 prices（每个计量项各自的价格），二者择一',
    'write price, the same for all meters, or prices, one for each: not both',
  ),
  pricesNameEachMeter: (meters: Shown) =>
    words(`须写明该计费项每个计量项的价格：${meters}`, `must have a price for each meter of the tariff: ${meters}`),
  blocksOfEachMeter: words(
    '该计费项别的档按计量项定价（prices），这一档若按块计价（per），也须用 prices 写明每个计量项的价格',
    'other tiers of the tariff have prices by meter: a tier with blocks (per) needs them too, or blocks could be of each meter or of all',
  ),
  noMeterOfTheTariff: (meter: Shown) => words(`${meter} 不是该计费项的计量项`, `${meter} is no meter of the tariff`),
  onlyGraduatedInOrder: words(
    'gross-in-order 只用于 graduated：其他方式的金额与先后无关，请写 gross',
    'gross-in-order is of graduated tariffs: what others come to does not depend on the order; write gross',
  ),
  pricesNeedTheOrder: words(
    'graduated 且各计量项价格不同时，金额取决于先后：请写 gross-in-order 或 after-packs',
    'graduated with a price for each meter depends on the order of calls: write gross-in-order or after-packs',
  ),
  orderIsOfMonths: words(
    '按先后定价的计费项按月计：不能写 counter: day',
    'a tariff priced by the order of calls counts by the month: it has no counter: day',
  ),
  firstTierStartsAt0: words('第一档须从 0 开始', 'the first tier starts at 0'),
  gapAfterTheTierAbove: (between: Shown) =>
    words(`与上一档之间有空缺 ${between}`, `gap after the tier above: ${between}`),
  overlapsTheTierAbove: (before: Shown) =>
    words(`与上一档重叠，上一档到 ${before}`, `overlaps the tier above, which ends at ${before}`),
  mustBeGreaterThanFrom: (from: Shown) => words(`须大于 from（${from}）`, `must be greater than from (${from})`),
  lastTier: words('最后一档（且仅最后一档）的 to 为 null', 'the last tier, and only it, has to: null'),
  onlyTheLastTierMayHave: words('只有最后一档可以无公开价', 'only the last tier may have no price'),
  thereIsNoMeter: (meter: Shown) => words(`没有计量项 ${meter}`, `there is no meter ${meter}`),
  sizesAscend: (before: Shown) => words(`规格须递增，上一项为 ${before}`, `sizes ascend; the one above is ${before}`),
  idStartsWithASmallLetter: words(
    '标识须以小写字母开头，只含小写字母、数字、_ . -，最长 64 个字符',
    'an id starts with a small letter and has only small letters, digits, _ . -, at most 64',
  ),
  mustBe1To200Characters: words(
    '须为 1 至 200 个字符，不含控制字符',
    'must be 1 to 200 characters without control characters',
  ),
  mustBe1To2000Characters: words(
    '须为 1 至 2000 个字符，不含控制字符',
    'must be 1 to 2000 characters without control characters',
  ),
  mustBeThreeCapitals: words('须为三个大写字母，如 CNY', 'must be three capitals, such as CNY'),
  mustBeAnIanaZoneName: words('须为 IANA 时区名，如 Asia/Shanghai', 'must be an IANA zone name, such as Asia/Shanghai'),
  mustBeADay: words('须为日期，如 2021-06-22', 'must be a day, such as 2021-06-22'),
  mustBeAYear: words('须为年、年月或日期，如 2020-10', 'must be a year, month or day, such as 2020-10'),
  mustBe1To100Letters: words('须为 1 至 100 个字母、数字或 _ . : -', 'must be 1 to 100 letters, digits or _ . : -'),
  resultCodeHas1To100: words(
    '结果码须为 1 至 100 个字母、数字或 _ . : -，或写成区间 "-15..-4"',
    'a result code has 1 to 100 letters, digits or _ . : -, or is a range such as "-15..-4"',
  ),
  unitPriceIsAStringWith: words(
    '单价须写成字符串，最多 8 位小数，不带符号，如 "0.85"',
    'a unit price is a string with up to 8 decimals and no sign, such as "0.85"',
  ),
  refundPartIs: words(
    '须为 "paid" 或写成字符串的单价，最多 8 位小数，不带符号，如 "0.85"',
    'must be "paid" or a unit price: a string with up to 8 decimals and no sign, such as "0.85"',
  ),
  perGoesWithPart: words(
    'per 与 part 须一起写：不满 per 次时怎样计，up 按整份、down 不计、exact 按比例',
    'per and part go together: what less than per calls count as: up a whole, down nothing, exact their share',
  ),
  mustNotBeBelowMinimum: (minimum: Shown) =>
    words(`不得低于 minimum：${minimum}`, `must not be below the minimum, ${minimum}`),
  amountIsAStringWithUp: words(
    '金额须写成字符串，小数位不超过其货币，不带符号，如 "8000"',
    'an amount is a string with no more decimals than its currency and no sign, such as "8000"',
  ),
  thereIsNoProduct: (product: Shown) => words(`没有资源包产品 ${product}`, `there is no pack product ${product}`),
  monthlyGiftEndsWithItsMonth: words(
    '每月赠送随当月结束，不能另定有效期',
    'a monthly gift ends with its month and has no life of its own',
  ),
  mustBeWholeYearsAndMonths: words(
    '须为整年、整月或整天，如 P1Y、P6M、P90D',
    'must be whole years, months or days, such as P1Y, P6M or P90D',
  ),
  mustBeWholeDays: words('须为整天，如 P34D', 'must be whole days, such as P34D'),
  mustBeWholeHours: words('须为整小时，如 PT24H', 'must be whole hours, such as PT24H'),
  mustBe1To64Letters: words(
    '须为 1 到 64 个字母、数字、点、短横或下划线，且不是 "." 或 ".."',
    'must be 1 to 64 letters, digits, dots, dashes, underscores, and not "." or ".."',
  ),
  notUtf8: (line: Shown, column: Shown, bytes: Shown) =>
    words(
      `第 ${line} 行第 ${column} 列（字节 ${bytes}）不是 UTF-8 编码（可能是 GBK 或 UTF-16）：请另存为 UTF-8`,
      `line ${line}, column ${column} (bytes ${bytes}) is not UTF-8 (perhaps GBK or UTF-16): save it as UTF-8`,
    ),
};
