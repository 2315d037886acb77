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
  COUNTED_BY_DAY: text(
    422,
    ['按天计的计费项', 'Counted by the day'],
    [
      '计费项 {tariff} 的阶梯按天计，而采购规划按月进行，不能规划 {meter} 的用量。',
      'The tiers of tariff {tariff} are counted by the day, and plans are made by the month: calls of {meter} cannot be planned.',
    ],
  ),
};
