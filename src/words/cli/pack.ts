// What `suanpan pack` says: its help and its answers.

import type { Words } from '../../core/price-book.ts';
import { type Shown, words } from '../words.ts';

export const cliPackWords = {
  exception: words('退款期限已过仍退款的理由；仅限运营方', 'why it is paid back after its window; operators only'),
  packs: words('资源包：购买、赠送、退款、列出', 'packs: buy, gift, refund, list'),
  buyFromTheBalance: words('用余额购买，全部成功或全部不买', 'buy from the balance, all or none'),
  productAndSize: words('产品与规格；xK 表示 K 个，可省略', 'product and size; xK for K of them'),
  idOfThePacks: words('资源包 id；多个时依次加 -1、-2', 'id of the pack; -1, -2 … are added to several'),
  department: words('只抵扣这一部门的调用', 'it pays for calls of this department alone'),
  startsOn: words('生效日，仅当价目表允许选择', 'the day it starts on, where the price book gives the choice'),
  giveCalls: words('赠送次数，一次或每月', 'give calls, once or every month'),
  productAndCalls: words('产品与次数', 'product and calls'),
  everyMonth: words('每月赠送，共 N 个月', 'every month, N months'),
  idOfThePack: words('资源包 id', 'id of the pack'),
  payAnUntouchedPackBack: words('退款：未使用且在期限内', 'pay an untouched pack back, within its window'),
  packsOfAnAccount: words('一个账户的资源包', 'the packs of an account'),
  inThisStateOnly: words('仅此状态：', 'in this state only: '),
  alwaysRefused: words('总是被拒：资源包不能暂停或延期', 'always refused: a pack cannot be paused or prolonged'),
  writeProduct: (text: Shown) =>
    words(
      `${text}：应写成 产品:次数，如 basic_authority:10000 或 basic_authority:10000x3`,
      `${text}: write PRODUCT:CALLS, such as basic_authority:10000 or basic_authority:10000x3`,
    ),
  writeAGiftAsProduct: words(
    '赠送写成 产品:次数；--months 为整数',
    'write a gift as PRODUCT:CALLS, --months as a whole number',
  ),
  effective: words('生效', 'effective'),
  onePack: words('一个资源包：为谁付过款，何时用到哪一步', 'one pack: what it paid for, and when it was how empty'),
  day: words('日期', 'day'),
  stage: (day: Shown, left: number) =>
    left === 100
      ? words(`${day} 首次抵扣`, `${day} first drawn from`)
      : words(`${day} 剩余不超过 ${left}%`, `${day} ${left} % or less left`),
};

export const packStateWords: Readonly<Record<string, Words>> = {
  pending: words('待生效', 'pending'),
  active: words('有效', 'active'),
};
