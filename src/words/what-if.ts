// What a what-if says in words.

import type { Words } from '../core/price-book.ts';
import { type Shown, words } from './words.ts';

export const whatIfWords = {
  doesNotSellInPacksOf: (id: Shown, product: Shown, calls: Shown, id2: Shown) =>
    words(
      `${id} 不售资源包 ${product} ${calls} 次，${id2} 未购买。`,
      `${id} does not sell ${product} in packs of ${calls}: ${id2} was not bought.`,
    ),
  onTheseTermsPackHasBeen: (id: Shown) =>
    words(
      `资源包 ${id} 在此条件下已有抵扣或已过期限，当时的退款不能重复。`,
      `On these terms pack ${id} has been drawn from or is out of time: its refund is not repeated.`,
    ),
  hasNoPackProduct: (id: Shown, product: Shown, id2: Shown) =>
    words(
      `${id} 没有资源包产品 ${product}：已有的 ${id2} 不抵扣。`,
      `${id} has no pack product ${product}: ${id2}, which was there already, pays nothing.`,
    ),
  same: words('，相同', ', the same'),
  less: (amount: Shown) => words(`，少 ${amount}`, `, ${amount} less`),
  more: (amount: Shown) => words(`，多 ${amount}`, `, ${amount} more`),
  sumThatNeedsAContractPrice: words('须先有商务定价', 'a sum that needs a contract price'),
  about: (estimate: Shown) => words(`约 ${estimate}（需商务定价）`, `about ${estimate} (a contract price is needed)`),
  calls: (calls: Shown, worth: Shown) => words(`${calls} 次（${worth}）`, `${calls} calls (${worth})`),
  leftInPacksAtTheEnd: (realLeft: Words, newLeft: Words) =>
    words(
      `期末资源包剩余：实际 ${realLeft.zh}，此条件下 ${newLeft.zh}。`,
      ` Left in packs at the end: really ${realLeft.en}, on these terms ${newLeft.en}.`,
    ),
  month: (months: Shown, was: Words, would: Words, change: Words, rest: Words) =>
    words(
      `${months} 个月实际 ${was.zh}，此条件下 ${would.zh}${change.zh}。${rest.zh}`,
      `${months} month(s) really cost ${was.en}; on these terms ${would.en}${change.en}.${rest.en}`,
    ),
};
