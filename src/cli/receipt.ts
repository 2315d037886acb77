// suanpan receipt: who paid for one event, and why no other pack did.

import type { Command } from 'commander';
import type { Unpaid } from '../core/settle.ts';
import type { Receipt, WholeReceipt } from '../http/contract/events.ts';
import { headingWords } from '../words/cli/headings.ts';
import { cliReceiptWords } from '../words/cli/receipt.ts';
import { cliReviewWords } from '../words/cli/review.ts';
import { refusalTexts } from '../words/refusals.ts';
import { path } from './client.ts';
import type { Output } from './output.ts';
import { answerWith, cell, examplesOf, printFacts, withAccount, withSource } from './show.ts';

const examples = `suanpan receipt e1 --account acme
suanpan receipt e1 --json
`;

export function registerReceipt(program: Command, output: Output): void {
  withSource(withAccount(program.command('receipt'), output), output)
    .description(output.say(cliReceiptWords.receiptOfOneUsageEvent))
    .argument('<EVENT>', output.say(headingWords.idOfTheEvent))
    .addHelpText('before', examplesOf(output, examples))
    .action(async (event: string, { account, source }: { account?: string; source?: string }) => {
      const call = { method: 'GET', path: path`/v1/events/${event}/receipt`, query: { account, source } } as const;
      await answerWith<WholeReceipt>(call, output, (receipt) => showReceipt(receipt, output));
    });
}

export function showReceipt(receipt: Receipt & Partial<WholeReceipt>, output: Output): Promise<void> {
  const { say } = output;
  const { draws, unused = [] } = receipt;
  return printFacts(output, [
    [say(headingWords.event), receipt.event],
    [say(headingWords.source), receipt.source],
    [say(headingWords.account), receipt.account],
    [say(headingWords.meter), receipt.meter],
    [say(headingWords.calls), receipt.calls],
    [say(headingWords.time), receipt.time],
    [say(cliReceiptWords.received), receipt.receivedAt],
    [say(headingWords.department), receipt.department],
    [
      say(cliReceiptWords.outcome),
      output.say(outcomes[receipt.outcome] ?? { zh: receipt.outcome, en: receipt.outcome }),
    ],
    [say(cliReceiptWords.because), receipt.reason && output.say(refusalTexts[receipt.reason].title)],
    [say(cliReviewWords.table), receipt.verdicts?.table],
    [say(cliReviewWords.provider), receipt.verdicts?.provider],
    ...draws.map(({ pack, calls, drawnLater: later }): [string, string] => [
      say(headingWords.drawnFrom),
      `${pack}: ${cell(calls)}${later === undefined ? '' : ` (${say(cliReceiptWords.drawnLater(later.time, later.seq))})`}`,
    ]),
    [say(headingWords.postpaid), receipt.postpaid],
    ...(receipt.notCharged > 0 ? [[say(headingWords.notCharged), receipt.notCharged] as const] : []),
    ...(receipt.stopped === true ? [[say(cliReceiptWords.stopped), say(cliReceiptWords.yes)] as const] : []),
    ...unused.map(({ pack, reason }): [string, string] => [
      say(cliReceiptWords.notDrawn),
      `${pack}: ${output.say(reasons[reason])}`,
    ]),
    [say(headingWords.voided), receipt.voided],
    [say(cliReceiptWords.voidedBy), receipt.voidedBy],
    [say(cliReceiptWords.reviewedBy), receipt.reviewedBy],
  ]);
}

const outcomes: Readonly<Record<string, { zh: string; en: string }>> = {
  charged: cliReceiptWords.charged,
  'not-charged': headingWords.notCharged,
  held: headingWords.heldForReview,
};

const reasons: Readonly<Record<Unpaid, { zh: string; en: string }>> = {
  'does-not-cover': cliReceiptWords.doesNotCoverTheMeter,
  'other-department': cliReceiptWords.otherDepartment,
  'not-yet-effective': cliReceiptWords.notYetEffective,
  expired: headingWords.expired,
  exhausted: headingWords.exhausted,
  'too-few-units': cliReceiptWords.tooFewUnitsLeftForOne,
  refunded: headingWords.refunded,
  'service-stopped': cliReceiptWords.serviceStopped,
  'not-needed': cliReceiptWords.notNeeded,
};
