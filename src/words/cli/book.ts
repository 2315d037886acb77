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
  errors: (file: Shown, errors: Shown, length: Shown) =>
    words(`${file}：${errors} 个错误，${length} 个警告`, `${file}: ${errors} errors, ${length} warnings`),
};
