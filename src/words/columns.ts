// What is said of the columns of other people's files: wrong files of names, what was taken for what.

import { type Shown, words } from './words.ts';

export const columnsWords = {
  unknownKey: (key: Shown, keys: Shown) =>
    words(`没有 ${key} 这一项；可用：${keys}`, `there is no ${key}; there are ${keys}`),
  oneOf: (value: Shown, list: Shown) => words(`${value} 应为其中之一：${list}`, `${value} must be one of ${list}`),
  mustBeAnObject: (value: Shown) => words(`${value} 应为 JSON 对象`, `${value} must be a JSON object`),
  mustBeAList: (value: Shown) =>
    words(`${value} 应为文本的数组，或 "any"`, `${value} must be a list of texts, or "any"`),
  mustBeText: (value: Shown) => words(`${value} 应为文本：请加引号`, `${value} must be text: put it in quotes`),
  noZone: (value: Shown) =>
    words(`${value} 不是时区：请写成 Asia/Shanghai`, `${value} is no time zone: write one such as Asia/Shanghai`),
  columnsAreReadAs: (pairs: Shown) => words(`列的含义：${pairs}`, `columns are read as ${pairs}`),
  rowsSkipped: (count: Shown, first: Shown) =>
    words(
      `按列映射略过 ${count} 行（第一处：第 ${first} 行）`,
      `${count} row(s) passed over as the columns file says (the first is line ${first})`,
    ),
  namedTwice: (field: Shown, names: Shown) =>
    words(
      `${names} 都是 ${field}：请在 --columns 里把其中一个写成 null`,
      `${names} are both ${field}: write null for one of them in --columns`,
    ),
  sourceIsNone: (value: Shown) =>
    words(
      `source ${value}：应为不含空白和不可见字符的文本`,
      `source ${value} must be text without white space or invisible characters`,
    ),
};
