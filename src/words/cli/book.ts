// What `suanpan book` says: its help and its answers.

import { type Shown, words } from '../words.ts';

export const cliBookWords = {
  priceBooks: words('价目表：列出、查看、检查、添加', 'price books: list, show, lint, add'),
  priceBooksThatShipWithThe: words('随附的价目表', 'the price books that ship with the product'),
  meters: words('计量项、后付费价格、资源包', 'meters, postpaid prices, packs'),
  priceBooksIdOrAFile: words('价目表的 id 或文件', "a price book's id or a file"),
  checkAPriceBook: words('检查价目表；有错误时退出码为 1', 'check a price book; exit code 1 when it has errors'),
  priceBookFile: words('价目表文件；- 表示标准输入', 'price book file; - for standard input'),
  putAPriceBookOnThe: words('把价目表加到服务上', 'put a price book on the server'),
  addedPriceBook: (id: Shown) => words(`已添加价目表 ${id}`, `added price book ${id}`),
  title: words('名称', 'title'),
  currency: words('币种', 'currency'),
  forAccountsOpened: words('适用于开通日期', 'for accounts opened'),
  tariff: words('计费项', 'tariff'),
  packs: words('资源包', 'packs'),
  mode: words('模式', 'mode'),
  tier: words('阶梯', 'tier'),
  warning: words('警告', 'warning'),
  writeANewBook: words('问几个问题，写出一份价目表', 'ask a few questions and write a price book'),
  newFile: words('要写的文件；不覆盖已有的', 'the file to write; one that is there is not overwritten'),
  questions: {
    id: words(
      '价目表的 id（小写字母开头；字母、数字、. _ -）',
      'Id of the book (a small letter first; letters, digits, . _ -)',
    ),
    title: words('名称', 'Its title'),
    currency: words('币种（三个大写字母）', 'Currency (three capitals)'),
    timeZone: words('账单所在的时区', 'Time zone of its bills'),
    meter: words('卖的是什么（计量项的 id）', 'What is sold (id of the meter)'),
    mode: words(
      '阶梯方式：volume 到达、graduated 累进、flat 单一价',
      'Tiers: volume (the tier reached prices all calls), graduated (each slice its own) or flat',
    ),
    tiers: words(
      '后付费各档，起点:单价，ask 为无公开价，如 0:1.00 1000:0.85 200000:ask；每千次一价如 0:1.25/1000up（不满按整份，或 down 不计、exact 按比例）；到达该档另收固定费用如 1000:0.85+10',
      'Postpaid tiers, FROM:PRICE, ask where there is no public price, such as 0:1.00 1000:0.85 200000:ask; a price per thousand such as 0:1.25/1000up (less counts as a whole; or down: none, exact: its share); with a fee once the tier is reached such as 1000:0.85+10',
    ),
    packs: words(
      '资源包，次数:价格，如 1000:930 10000:8000；没有则空',
      'Packs, CALLS:PRICE, such as 1000:930 10000:8000; empty for none',
    ),
    packValidity: words('资源包有效期，如 P1Y、P6M', 'Life of packs, such as P1Y or P6M'),
    refundDays: words('未使用的资源包几天内可退', 'Days in which an untouched pack can be given back'),
  },
  notTheBook: (problem: Shown) =>
    words(`照这些回答写不成价目表：${problem}`, `these answers make no price book: ${problem}`),
  wroteBook: (file: Shown) =>
    words(
      `已写入 ${file}。接着：suanpan book lint ${file}；suanpan quote --book ${file} --use …`,
      `wrote ${file}. Next: suanpan book lint ${file}; suanpan quote --book ${file} --use …`,
    ),
  compare: words('两份价目表有何不同，对谁', 'what differs between two price books, and for whom'),
  compareAll: words('相同之处也列出', 'what is alike too'),
  part: words('部分', 'part'),
  about: words('关于', 'about'),
  postpaidCalls: words('当月后付费次数', 'postpaid calls a month'),
  difference: words('差额', 'difference'),
  lacks: words('（没有）', '(not there)'),
  alike: words('两份价目表相同。', 'The two books say the same.'),
  differ: (count: Shown, all: Shown) => words(`${all} 处中有 ${count} 处不同`, `${count} of ${all} statements differ`),
  parts: {
    book: words('价目表', 'book'),
    meters: words('计量项', 'meters'),
    tariffs: words('计费项', 'tariffs'),
    packs: words('资源包', 'packs'),
    policies: words('规则', 'policies'),
    codes: words('结果码', 'result codes'),
    gifts: words('赠送', 'gifts'),
  },
  errors: (file: Shown, errors: Shown, length: Shown) =>
    words(`${file}：${errors} 个错误，${length} 个警告`, `${file}: ${errors} errors, ${length} warnings`),
};
