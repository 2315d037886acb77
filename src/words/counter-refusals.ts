// What a question about months meets where tiers are counted by the day.

import { text } from './refusal-text.ts';

export const counterRefusalTexts = {
  DAYS_NEEDED: text(
    422,
    ['需要写明天数', 'The days are needed'],
    [
      '计费项 {tariff} 的阶梯按天计：请写明 {of} 每天的次数与天数（days）。',
      'The tiers of tariff {tariff} are counted by the day: say how many calls of {of} there are a day, and on how many days (days).',
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
