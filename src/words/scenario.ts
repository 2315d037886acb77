// What is wrong with a scenario file.

import { type Shown, words } from './words.ts';

export const scenarioWords = {
  fieldIsMissing: words('缺少这个字段', 'the field is missing'),
  mustBeAPriceBooksId: words('须为价目表的 id 或价目表本身', "must be a price book's id or a price book"),
  mustBeAnAmount: (example: Shown) => words(`须为金额，如 "${example}"`, `must be an amount, such as "${example}"`),
  mustBeADay: words('须为日期，如 2020-03-01', 'must be a day, such as 2020-03-01'),
  mustBeAnIanaZoneName: words(
    '须为 IANA 时区名，如 Asia/Shanghai，不能是偏移',
    'must be an IANA zone name, such as Asia/Shanghai, not an offset',
  ),
  mustBeAnRfc3339Time: (example: Shown) =>
    words(`须为带时区偏移的 RFC 3339 时间，如 ${example}`, `must be an RFC 3339 time with offset, such as ${example}`),
  isBeforeTheStepAbove: words('早于前一步：步骤须按 at 排列', 'is before the step above: steps stand in order of at'),
  mustBeAMonth: words('须为月份，如 2026-01', 'must be a month, such as 2026-01'),
  giveEitherAMeterOrThe: words(
    'meter 与 action 等事实只能给一种',
    'give either a meter or the facts of a call, not both',
  ),
  meterOrAnActionIsMissing: words('缺少 meter 或 action', 'a meter or an action is missing'),
};
