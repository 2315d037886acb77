// The texts a price book may hold, with what to tell a person who wrote another. The patterns stand in the JSON Schema too.

import type { Words } from '../core/price-book.ts';

interface Format extends Words {
  readonly pattern: RegExp;
}

export const formats = {
  id: {
    pattern: /^[a-z][a-z0-9_.-]{0,63}$/,
    zh: '标识须以小写字母开头，只含小写字母、数字、_ . -，最长 64 个字符',
    en: 'an id starts with a small letter and has only small letters, digits, _ . -, at most 64',
  },
  title: {
    pattern: /^[^\p{Cc}\p{Cs}]{1,200}$/u,
    zh: '须为 1 至 200 个字符，不含控制字符',
    en: 'must be 1 to 200 characters without control characters',
  },
  note: {
    pattern: /^[^\p{Cc}\p{Cs}]{1,2000}$/u,
    zh: '须为 1 至 2000 个字符，不含控制字符',
    en: 'must be 1 to 2000 characters without control characters',
  },
  currency: { pattern: /^[A-Z]{3}$/, zh: '须为三个大写字母，如 CNY', en: 'must be three capitals, such as CNY' },
  zone: {
    pattern: /^[A-Za-z][A-Za-z0-9_+-]*(?:\/[A-Za-z0-9_+-]+){0,2}$/,
    zh: '须为 IANA 时区名，如 Asia/Shanghai',
    en: 'must be an IANA zone name, such as Asia/Shanghai',
  },
  day: { pattern: /^\d{4}-\d\d-\d\d$/, zh: '须为日期，如 2021-06-22', en: 'must be a day, such as 2021-06-22' },
  published: {
    pattern: /^\d{4}(?:-\d\d(?:-\d\d)?)?$/,
    zh: '须为年、年月或日期，如 2020-10',
    en: 'must be a year, month or day, such as 2020-10',
  },
  name: {
    pattern: /^[A-Za-z0-9_.:-]{1,100}$/,
    zh: '须为 1 至 100 个字母、数字或 _ . : -',
    en: 'must be 1 to 100 letters, digits or _ . : -',
  },
  code: {
    pattern: /^[A-Za-z0-9_.:-]{1,100}$/,
    zh: '结果码须为 1 至 100 个字母、数字或 _ . : -，或写成区间 "-15..-4"',
    en: 'a result code has 1 to 100 letters, digits or _ . : -, or is a range such as "-15..-4"',
  },
  price: {
    pattern: /^(?:0|[1-9]\d{0,11})(?:\.\d{1,8})?$/,
    zh: '单价须写成字符串，最多 8 位小数，不带符号，如 "0.85"',
    en: 'a unit price is a string with up to 8 decimals and no sign, such as "0.85"',
  },
  money: {
    pattern: /^(?:0|[1-9]\d{0,14})(?:\.\d{1,2})?$/,
    zh: '金额须写成字符串，最多 2 位小数，不带符号，如 "8000"',
    en: 'an amount is a string with up to 2 decimals and no sign, such as "8000"',
  },
  validity: {
    pattern: /^P(?=\d)(?:[1-9]\d?Y)?(?:[1-9]\d{0,2}M)?$/,
    zh: '须为整年整月，如 P1Y、P6M',
    en: 'must be whole years and months, such as P1Y or P6M',
  },
  days: { pattern: /^P(?:0|[1-9]\d{0,2})D$/, zh: '须为整天，如 P34D', en: 'must be whole days, such as P34D' },
  hours: { pattern: /^PT(?:0|[1-9]\d{0,3})H$/, zh: '须为整小时，如 PT24H', en: 'must be whole hours, such as PT24H' },
} as const satisfies Record<string, Format>;

export type FormatName = keyof typeof formats;

export const isFormatName = (name: string): name is FormatName => Object.hasOwn(formats, name);
