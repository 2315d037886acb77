// A scenario's outcome as people read it.

import { groupDigits } from '../core/units.ts';
import type { Simulation } from '../scenario/simulate.ts';
import type { Titles } from '../words/titles.ts';
import type { Output } from './output.ts';
import { showLines, showTotals } from './show-lines.ts';

const digits = (calls: number): string => groupDigits(BigInt(calls));

export async function showSimulation(simulation: Simulation, titles: Titles, output: Output): Promise<void> {
  const say = (zh: string, en: string) => output.say({ zh, en });
  await showRefusals(simulation, output);
  await showPacks(simulation, output);
  await showReceipts(simulation, output);
  for (const bill of simulation.bills) {
    output.print(output.colors.bold(`${say('账单', 'bill')} ${bill.month}`));
    await showLines(bill.lines, titles, output);
    showTotals(bill, output);
  }
  output.print(`${say('余额', 'balance')} ${groupDigits(simulation.balance)}`);
}

async function showRefusals({ results }: Simulation, output: Output): Promise<void> {
  const refused = results.flatMap((result) => (result.ok ? [] : [result]));
  const done = results.length - refused.length;
  output.print(
    output.say({
      zh: `${results.length} 步：成功 ${done}，被拒 ${refused.length}`,
      en: `${results.length} steps: ${done} done, ${refused.length} refused`,
    }),
  );
  for (const { step, code, detail } of refused)
    output.print(`${output.colors.yellow('!')} /steps/${step} ${code}: ${output.say(detail)}`);
}

async function showPacks({ packs }: Simulation, output: Output): Promise<void> {
  if (packs.length === 0) return;
  const say = (zh: string, en: string) => output.say({ zh, en });
  await output.table(
    [
      say('资源包', 'pack'),
      say('产品', 'product'),
      say('次数', 'calls'),
      say('剩余', 'remaining'),
      say('作废', 'forfeited'),
      say('状态', 'state'),
      say('到期', 'expires'),
    ],
    packs.map((pack) => [
      pack.id,
      pack.product,
      digits(pack.calls),
      digits(pack.remaining),
      digits(pack.forfeited),
      pack.state,
      pack.expiresAt,
    ]),
    [2, 3, 4],
  );
}

async function showReceipts({ receipts }: Simulation, output: Output): Promise<void> {
  if (receipts.length === 0) return;
  const say = (zh: string, en: string) => output.say({ zh, en });
  await output.table(
    [
      say('事件', 'event'),
      say('计量项', 'meter'),
      say('次数', 'calls'),
      say('资源包抵扣', 'drawn from packs'),
      say('后付费', 'postpaid'),
      '',
    ],
    receipts.map((receipt) => [
      receipt.event,
      receipt.meter ?? '–',
      digits(receipt.calls),
      receipt.draws.map(({ pack, calls }) => `${pack} ${digits(calls)}`).join(', ') || '–',
      digits(receipt.postpaid),
      receipt.voided ? say('已撤销', 'voided') : receipt.outcome === 'charged' ? '' : receipt.outcome,
    ]),
    [2, 4],
  );
}
