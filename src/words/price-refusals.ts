// What a question about months meets where tiers are counted by the day; what a used pack meets that may be given back in part.

import { text } from './refusal-text.ts';

export const priceRefusalTexts = {
  DAYS_NEEDED: text(
    422,
    ['需要写明天数', 'The days are needed'],
    [
      '计费项 {tariff} 的阶梯按天计：请写明 {of} 每天的次数与天数（days）。',
      'The tiers of tariff {tariff} are counted by the day: say how many calls of {of} there are a day, and on how many days (days).',
    ],
  ),
  NOTHING_TO_REFUND: text(
    409,
    ['没有可退的款项', 'Nothing to pay back'],
    [
      '资源包 {pack} 扣除已用部分后没有可退的款项。',
      'Of pack {pack} nothing is left to pay back once what was used of it is charged.',
    ],
  ),
  PRICED_BY_PLACE: text(
    422,
    ['价格取决于先后或计量项', 'Priced by order or by meter'],
    [
      '计费项 {tariff} 的金额取决于每次调用的先后或计量项，这里只有总次数，算不出准数；请按先后写成场景（simulate）。',
      'What tariff {tariff} comes to depends on the order or the meters of its calls, and here only sums are known. Write the calls in their order as a scenario (simulate).',
    ],
  ),
  PRICED_BY_METER: text(
    422,
    ['各计量项价格不同', 'A price for each meter'],
    [
      '计费项 {tariff} 的每个计量项各有价格，不能为一个账户另议价格。',
      'Tariff {tariff} has a price for each of its meters: an account cannot agree on prices of its own for it.',
    ],
  ),
  COUNTED_BY_DAY: text(
    422,
    ['按天计的计费项', 'Counted by the day'],
    [
      '计费项 {tariff} 的阶梯按天计，而采购规划按月进行，不能规划 {meter} 的用量。',
      'The tiers of tariff {tariff} are counted by the day, and plans are made by the month: calls of {meter} cannot be planned.',
    ],
  ),
};
