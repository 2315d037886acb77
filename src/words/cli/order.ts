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
  noPacks: (text: string) =>
    words(
      `${text}：应写成 产品:规格，如 basic_authority:1000x2`,
      `${text}: write PRODUCT:SIZE[xCOUNT], such as basic_authority:1000x2`,
    ),
};
