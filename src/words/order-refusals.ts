// The texts of refusals of orders. The others stand in refusals.ts.

import { text } from './refusal-text.ts';

export const orderRefusalTexts = {
  ORDER_ENDED: text(
    409,
    ['订单已了结', 'The order has ended'],
    [
      '订单 {order} 已于 {at} {state}[，所用付款凭证为 {reference}]，不再改变。若又收到款项，请充值到余额：suanpan balance topup。',
      'Order {order} was {state} at {at}[, paid by {reference}] and changes no more. Money that arrives for it all the same goes to the balance: suanpan balance topup.',
    ],
  ),
  PAYMENT_SHORT: text(
    409,
    ['款项不足', 'The payment is short'],
    [
      '订单 {order} 应收 {due}[（含账户所欠 {owed}，先还欠款）]，实收 {received}，还差 {missing}；未交付。请补齐后按总额确认，或把实收款充值到余额。',
      'Order {order} needs {due}[, {owed} of which the account owes and which comes first]; {received} was received, {missing} is missing, and nothing was delivered. Confirm the whole sum once the rest has come, or top the balance up by what was received.',
    ],
  ),
  REFERENCE_USED: text(
    409,
    ['付款凭证已用于其他订单', 'The reference has paid another order'],
    [
      '付款凭证 {reference} 已确认了订单 {order}；一笔款项只能用于一个订单。',
      'The reference {reference} has confirmed order {order}; a payment pays one order.',
    ],
  ),
  TOO_MANY_STANDING_ORDERS: text(
    409,
    ['自动续购太多', 'Too many standing orders'],
    ['一个账户至多 {most} 个自动续购。', 'An account has at most {most} standing orders.'],
  ),
  NO_ADVICE: text(
    409,
    ['没有购买建议', 'Nothing is advised'],
    [
      '过去的用量不足两周，或规划认为不买更省；请改为固定规格，或稍后再看。',
      'There are less than two weeks of past calls, or the planner says that buying none is cheaper; name a size, or wait.',
    ],
  ),
  STANDING_ORDER_LIMIT: text(
    409,
    ['已达自动续购的月限', 'The month’s limit of the standing order is reached'],
    [
      '本月的购买次数或金额已达自动续购的上限。',
      'The purchases of the month, or their money, are as much as the standing order allows.',
    ],
  ),
};
