// A scenario's outcome as people read it.

import { groupDigits } from '../core/units.ts';
import type { Simulation } from '../scenario/simulate.ts';
import { headingWords } from '../words/cli/headings.ts';
import { cliSimulateWords } from '../words/cli/simulate.ts';
import type { Titles } from '../words/titles.ts';
import type { Output } from './output.ts';
import { showLines, showTotals } from './show-lines.ts';

const digits = (calls: number): string => groupDigits(BigInt(calls));

export async function showSimulation(simulation: Simulation, titles: Titles, output: Output): Promise<void> {
  const { say } = output;
  await showRefusals(simulation, output);
  await showPacks(simulation, output);
  await showReceipts(simulation, output);
  for (const bill of simulation.bills) {
    output.print(output.colors.bold(`${say(headingWords.bill)} ${bill.month}`));
    await showLines(bill, titles, output);
    showTotals(bill, output);
  }
  output.print(`${say(headingWords.balance)} ${groupDigits(simulation.balance)}`);
}

async function showRefusals({ results }: Simulation, output: Output): Promise<void> {
  const refused = results.flatMap((result) => (result.ok ? [] : [result]));
  const done = results.length - refused.length;
  output.print(output.say(cliSimulateWords.steps(results.length, done, refused.length)));
  for (const { step, code, detail } of refused)
    output.print(`${output.colors.yellow('!')} /steps/${step} ${code}: ${output.say(detail)}`);
}

async function showPacks({ packs }: Simulation, output: Output): Promise<void> {
  if (packs.length === 0) return;
  const { say } = output;
  await output.table(
    [
      say(headingWords.pack),
      say(headingWords.product),
      say(headingWords.calls),
      say(headingWords.remaining),
      say(cliSimulateWords.forfeited),
      say(headingWords.state),
      say(headingWords.expires),
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
  const { say } = output;
  await output.table(
    [
      say(headingWords.event),
      say(headingWords.meter),
      say(headingWords.calls),
      say(cliSimulateWords.drawnFromPacks),
      say(headingWords.postpaid),
      '',
    ],
    receipts.map((receipt) => [
      receipt.event,
      receipt.meter ?? '–',
      digits(receipt.calls),
      receipt.draws.map(({ pack, calls }) => `${pack} ${digits(calls)}`).join(', ') || '–',
      digits(receipt.postpaid),
      receipt.voided ? say(headingWords.voided) : receipt.outcome === 'charged' ? '' : receipt.outcome,
    ]),
    [2, 4],
  );
}
