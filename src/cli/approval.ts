// suanpan approval: acts on money that wait for a second person. A person decides, signed in; no key can.

import type { Command } from 'commander';
import type { Approval, ApprovalPage } from '../http/contract/approvals.ts';
import { cliApprovalWords } from '../words/cli/approval.ts';
import { headingWords } from '../words/cli/headings.ts';
import type { Output } from './output.ts';
import { allPagesOf, answerWith, examplesOf, printTable } from './show.ts';

const examples = `suanpan approval list --waiting
suanpan approval list --account acme
`;

interface ListOptions {
  readonly account?: string;
  readonly waiting?: true;
}

export function registerApproval(program: Command, output: Output): void {
  const { say } = output;
  const approval = program
    .command('approval')
    .description(say(cliApprovalWords.approvalCommand))
    .addHelpText('before', examplesOf(output, examples));
  approval
    .command('list')
    .description(say(cliApprovalWords.list))
    .option('--account <ID>', say(cliApprovalWords.account))
    .option('--waiting', say(cliApprovalWords.waiting))
    .action((options: ListOptions) => list(options, output));
}

async function list({ account, waiting }: ListOptions, output: Output): Promise<void> {
  const { say } = output;
  const query = { account, state: waiting === true ? 'waiting' : undefined };
  const show = async ({ approvals }: ApprovalPage) => {
    const columns = [
      { title: 'id', of: (row: Approval) => row.approval },
      { title: say(headingWords.account), of: (row: Approval) => row.account },
      { title: say(cliApprovalWords.act), of: (row: Approval) => row.act },
      { title: say(headingWords.amount), of: (row: Approval) => row.amount, right: true },
      { title: say(cliApprovalWords.state), of: (row: Approval) => row.state },
      { title: say(cliApprovalWords.askedBy), of: (row: Approval) => row.askedBy },
      { title: say(cliApprovalWords.decidedBy), of: (row: Approval) => row.decidedBy },
      { title: say(cliApprovalWords.until), of: (row: Approval) => row.expiresAt },
    ];
    await printTable(output, columns, approvals);
  };
  await answerWith<ApprovalPage>(
    { method: 'GET', path: '/v1/approvals', query },
    output,
    show,
    allPagesOf('approvals'),
  );
}

/** True: it waits, and that has been said. */
export function tellWaiting(answer: object, output: Output): answer is Approval {
  if (!('approval' in answer)) return false;
  const { approval, amount } = answer as Approval;
  output.print(output.say(cliApprovalWords.waits(approval, amount)));
  return true;
}
