// suanpan receipt: who paid for one event, and why no other pack did.

import type { Command } from 'commander';
import type { Unpaid } from '../core/settle.ts';
import type { Receipt, WholeReceipt } from '../http/contract/events.ts';
import { refusalTexts } from '../words/refusals.ts';
import { path } from './client.ts';
import type { Output } from './output.ts';
import { answerWith, cell, examplesOf, printFacts, withAccount, withSource } from './show.ts';

const examples = `suanpan receipt e1 --account acme
suanpan receipt e1 --json
`;

export function registerReceipt(program: Command, output: Output): void {
  withSource(withAccount(program.command('receipt'), output), output)
    .description(output.say({ zh: '一个用量事件的计费凭证', en: 'the receipt of one usage event' }))
    .argument('<EVENT>', output.say({ zh: '事件 id', en: 'id of the event' }))
    .addHelpText('before', examplesOf(output, examples))
    .action(async (event: string, { account, source }: { account?: string; source?: string }) => {
      const call = { method: 'GET', path: path`/v1/events/${event}/receipt`, query: { account, source } } as const;
      await answerWith<WholeReceipt>(call, output, (receipt) => showReceipt(receipt, output));
    });
}

export function showReceipt(receipt: Receipt & Partial<WholeReceipt>, output: Output): Promise<void> {
  const say = (zh: string, en: string) => output.say({ zh, en });
  const { draws, unused = [] } = receipt;
  return printFacts(output, [
    [say('事件', 'event'), receipt.event],
    [say('来源', 'source'), receipt.source],
    [say('账户', 'account'), receipt.account],
    [say('计量项', 'meter'), receipt.meter],
    [say('次数', 'calls'), receipt.calls],
    [say('时间', 'time'), receipt.time],
    [say('收到于', 'received'), receipt.receivedAt],
    [say('部门', 'department'), receipt.department],
    [say('结果', 'outcome'), output.say(outcomes[receipt.outcome] ?? { zh: receipt.outcome, en: receipt.outcome })],
    [say('原因', 'because'), receipt.reason && output.say(refusalTexts[receipt.reason].title)],
    ...draws.map(({ pack, calls }): [string, string] => [say('抵扣', 'drawn from'), `${pack}: ${cell(calls)}`]),
    [say('后付费', 'postpaid'), receipt.postpaid],
    ...(receipt.notCharged > 0 ? [[say('不计费', 'not charged'), receipt.notCharged] as const] : []),
    ...(receipt.stopped === true
      ? [[say('停服', 'stopped'), say('是，未抵扣资源包', 'yes: no pack was drawn')] as const]
      : []),
    ...unused.map(({ pack, reason }): [string, string] => [
      say('未抵扣', 'not drawn'),
      `${pack}: ${output.say(reasons[reason])}`,
    ]),
    [say('已撤销', 'voided'), receipt.voided],
    [say('撤销者', 'voided by'), receipt.voidedBy],
    [say('审核者', 'reviewed by'), receipt.reviewedBy],
  ]);
}

const outcomes: Readonly<Record<string, { zh: string; en: string }>> = {
  charged: { zh: '计费', en: 'charged' },
  'not-charged': { zh: '不计费', en: 'not charged' },
  held: { zh: '待人工审核', en: 'held for review' },
};

const reasons: Readonly<Record<Unpaid, { zh: string; en: string }>> = {
  'does-not-cover': { zh: '不覆盖该计量项', en: 'does not cover the meter' },
  'not-yet-effective': { zh: '尚未生效', en: 'not yet effective' },
  expired: { zh: '已过期', en: 'expired' },
  exhausted: { zh: '已用尽', en: 'exhausted' },
  'too-few-units': { zh: '余量不够一次调用', en: 'too few units left for one call' },
  refunded: { zh: '已退款', en: 'refunded' },
  'service-stopped': { zh: '服务已停', en: 'service stopped' },
  'not-needed': { zh: '无需使用', en: 'not needed' },
};
