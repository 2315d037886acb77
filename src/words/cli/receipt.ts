// What `suanpan receipt` says: its help and its answers.

import { words } from '../words.ts';

export const cliReceiptWords = {
  receiptOfOneUsageEvent: words('一个用量事件的计费凭证', 'the receipt of one usage event'),
  received: words('收到于', 'received'),
  outcome: words('结果', 'outcome'),
  because: words('原因', 'because'),
  stopped: words('停服', 'stopped'),
  yes: words('是，未抵扣资源包', 'yes: no pack was drawn'),
  drawnLater: (time: string, seq: number) =>
    words(`${time} 交付时补抵，序号 ${seq}`, `when it was delivered, ${time}, number ${seq}`),
  notDrawn: words('未抵扣', 'not drawn'),
  voidedBy: words('撤销者', 'voided by'),
  reviewedBy: words('审核者', 'reviewed by'),
  charged: words('计费', 'charged'),
  doesNotCoverTheMeter: words('不覆盖该计量项', 'does not cover the meter'),
  notYetEffective: words('尚未生效', 'not yet effective'),
  otherDepartment: words('属于另一部门', 'for another department'),
  tooFewUnitsLeftForOne: words('余量不够一次调用', 'too few units left for one call'),
  serviceStopped: words('服务已停', 'service stopped'),
  notNeeded: words('无需使用', 'not needed'),
};
