// The texts of refusals on the call path: authorise, capture, release. The others stand in refusals.ts.

import { text } from './refusal-text.ts';

export const holdRefusalTexts = {
  ARREARS: text(
    402,
    ['欠费停服', 'Service is stopped for arrears'],
    [
      '账户[ {account} ]欠费已停服；充值到余额不为负后恢复。',
      'Service of the account[ {account}] is stopped for arrears; a top-up to zero or more restores it.',
    ],
  ),
  POSTPAID_OFF: text(
    402,
    ['未开通后付费', 'Postpaid is off'],
    [
      '账户[ {account} ]未开通后付费，资源包已用完；请购买资源包或开通后付费。',
      'The packs of the account[ {account}] are empty and it has no postpaid; buy a pack or turn postpaid on.',
    ],
  ),
  CAP_REACHED: text(
    402,
    ['达到调用上限', 'The cap is reached'],
    [
      '{capPer}{capOf}用量将超过[“{name}”]上限 {cap} 次（已用与预占 {used} 次）；{until} 起重新计数，或调高上限。',
      'This {capPer} {capOf} would exceed the cap of {cap}[ named “{name}”]: {used} are called or held. It counts anew from {until}; or raise the cap.',
    ],
  ),
  TOO_MANY_CAPS: text(
    422,
    ['上限太多', 'Too many caps'],
    ['一个账户至多 {most} 个上限。', 'An account has at most {most} caps.'],
  ),
  TOKEN_OF_ANOTHER: text(
    409,
    ['流程属于另一账户', 'The flow is of another account'],
    ['流程[ {token} ]由另一账户发起。', 'The flow[ {token}] was begun for another account.'],
  ),
  SWEEP_MOVED: text(
    409,
    ['这一天已读到别处', 'The day has been read further'],
    [
      '[{day} ]的清单已由另一网关读到别的页，或已读完；请从它现在的页继续。',
      'The list of the day[ {day}] has been read further by another gateway, or to its end; go on from where it stands.',
    ],
  ),
  GATE_CLOSED: text(
    403,
    ['不放行', 'The call may not pass'],
    ['不放行这次调用：{why}。', 'The call may not pass: {why}.'],
  ),
  TOO_MANY_CREDENTIALS: text(
    422,
    ['凭证太多', 'Too many credentials'],
    [
      '一个账户至多 {most} 个凭证；请先作废不用的。',
      'An account has at most {most} credentials: revoke what is not used.',
    ],
  ),
  NO_SUCH_ACTION: text(
    422,
    ['没有这个接口', 'No such action'],
    [
      '没有接口 {action}；是否 {nearest}？可选：{known}。',
      'There is no action {action}; did you mean {nearest}? Known are {known}.',
    ],
  ),
  NO_TARIFF: text(
    402,
    ['没有后付费价格', 'The meter has no tariff'],
    [
      '计量项 {meter} 只能用资源包支付，且资源包已用完。',
      'Meter {meter} can only be paid by packs, and they are empty.',
    ],
  ),
  SUSPENDED: text(
    403,
    ['账户已停用', 'The account is suspended'],
    ['账户[ {account} ]已停用。', 'The account[ {account}] is suspended.'],
  ),
  OTHER_METER: text(
    409,
    ['与预占的计量项不同', 'Another meter than was authorised'],
    [
      '预占 {hold} 的计量项是 {meter}，而这些事实表示 {meant}；请释放预占，再以用量事件上报。',
      'The hold {hold} is of {meter}, but the facts mean {meant}. Release it and send the call as a usage event.',
    ],
  ),
  HOLD_OF_OPERATOR: text(
    403,
    ['预占由运营方建立', 'The hold is an operator’s'],
    [
      '预占 {hold} 由运营方建立，只能由运营方确认或释放；请为自己的调用另用 id。',
      'Hold {hold} was made by an operator; only operators capture or release it. Give calls of your own another id.',
    ],
  ),
  HOLD_ENDED: text(
    409,
    ['预占已结束', 'The hold has ended'],
    [
      '预占 {hold} 已结束（{how}）；请重新授权，用新的编号。',
      'Hold {hold} has ended ({how}); authorise again under a new id.',
    ],
  ),
  HOLD_OPEN: text(
    409,
    ['预占未结束', 'The hold is open'],
    [
      '编号 {hold} 的预占尚未结束：请确认（capture）它，它就成为此事件；或先释放（release），再上报此事件。',
      'Hold {hold} is still open: capture it, and it becomes this event; or release it, and send the event again.',
    ],
  ),
  TOO_MANY_HOLDS: text(
    429,
    ['预占过多', 'Too many holds'],
    ['同时预占最多 {most} 个；请先确认或释放。', 'At most {most} holds at a time; capture or release some first.'],
  ),
};
