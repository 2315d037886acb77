// What `suanpan order` says: its help and its answers.

import { words } from '../words.ts';

export const cliOrderWords = {
  orderCommand: words(
    '订单：购买资源包或充值，余额或转账支付',
    'orders: packs or a top-up, from the balance or by transfer',
  ),
  create: words('下单；余额支付立即交付，转账待确认后交付', 'order; paid from the balance it is delivered at once'),
  list: words('列出订单，最近的在前', 'orders, the newest first'),
  show: words('一个订单', 'one order'),
  confirm: words('确认转账到账并交付（运营方）', 'a transfer has arrived: deliver (operators)'),
  cancel: words('取消未付款的订单', 'give up an order that was not paid'),
  id: words('订单，如 acme:order-7', 'order, such as acme:order-7'),
  order: words('订单', 'order'),
  packs: words('资源包', 'packs'),
  packOption: words('资源包，产品:规格[x个数]', 'packs, as PRODUCT:SIZE[xCOUNT]'),
  topUp: words('充值金额，代替资源包', 'an amount for the balance, in place of packs'),
  pay: words('balance 或 transfer（默认）', 'balance, or transfer, the default'),
  reference: words('付款方的凭证号', "the payer's own reference"),
  received: words('收到的金额', 'what was received'),
  made: words('下单于', 'made'),
  by: words('由', 'by'),
  lapsesAt: words('付款期限', 'to be paid before'),
  ended: words('了结于', 'ended'),
  delivered: words('已交付资源包', 'packs delivered'),
  standingCommand: words('自动续购：资源包快用完或到期前自动购买', 'standing orders: bought when packs run low or end'),
  standingList: words('账户的自动续购', 'standing orders of an account'),
  standingSet: words('设置自动续购；取代同名的', 'set a standing order, in place of the one of its name'),
  standingRemove: words('删除自动续购', 'remove a standing order'),
  watchProduct: words('看哪个产品的资源包', 'watch the packs of a product'),
  watchMeter: words('看抵扣某计量项的全部资源包', 'watch all packs that cover a meter'),
  watched: words('看', 'watched'),
  below: words('剩余少于多少次（或百分之几，如 10%）时购买', 'buy when less is left: calls, or percent such as 10%'),
  belowShort: words('少于', 'below'),
  daysBefore: words('最后一个资源包到期前几天购买', 'buy so many days before the last pack ends'),
  daysBeforeShort: words('提前天数', 'days before'),
  buys: words('购买', 'buys'),
  mostPurchases: words('每月至多次数', 'most a month'),
  mostMoney: words('每月至多金额', 'most money a month'),
  removed: (name: string) => words(`已删除 ${name}`, `${name} is removed`),
  noWholeNumber: (text: string) => words(`${text}：应是整数`, `${text}: write a whole number`),
  noPacks: (text: string) =>
    words(
      `${text}：应写成 产品:规格，如 basic_authority:1000x2`,
      `${text}: write PRODUCT:SIZE[xCOUNT], such as basic_authority:1000x2`,
    ),
};
