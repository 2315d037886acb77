// suanpan review: events that wait for a person to say whether they are charged.

import type { Command } from 'commander';
import type { BulkDecided, HeldCodes, HeldPage } from '../http/contract/reviews.ts';
import { headingWords } from '../words/cli/headings.ts';
import { cliReviewWords } from '../words/cli/review.ts';
import type { Output } from './output.ts';
import { answerWith, examplesOf, printTable, tellNext, withPage } from './show.ts';

const examples = `suanpan review codes
suanpan review list --action IdCardVerification --result-code 99
suanpan review decide --action IdCardVerification --result-code 99 --charge no
suanpan usage review call-1 --account acme --charge yes
`;

interface Filter {
  readonly account?: string;
  readonly action?: string;
  readonly resultCode?: string;
  readonly reason?: string;
  readonly table?: string;
  readonly provider?: string;
}

export function registerReview(program: Command, output: Output): void {
  const { say } = output;
  const review = program
    .command('review')
    .description(say(cliReviewWords.reviewCommand))
    .addHelpText('before', examplesOf(output, examples));
  withFilter(review.command('codes'), output)
    .description(say(cliReviewWords.codes))
    .action((query: Filter) => codes(query, output));
  withPage(withFilter(review.command('list'), output), output)
    .description(say(cliReviewWords.list))
    .action((query: Filter & { limit?: string; cursor?: string }) => list(query, output));
  withFilter(review.command('decide'), output)
    .description(say(cliReviewWords.decide))
    .requiredOption('--charge <yes|no>', say(cliReviewWords.charge))
    .action((options: Filter & { charge: string }) => decide(options, output));
}

const withFilter = (command: Command, { say }: Output): Command =>
  command
    .option('--account <ID>', say(cliReviewWords.oneAccountsOnly))
    .option('--action <ACTION>', say(cliReviewWords.action))
    .option('--result-code <CODE>', say(cliReviewWords.resultCode))
    .option('--reason <REASON>', say(cliReviewWords.reason))
    .option('--table <OUTCOME>', say(cliReviewWords.table))
    .option('--provider <OUTCOME>', say(cliReviewWords.provider));

async function codes(query: Filter, output: Output): Promise<void> {
  const { say } = output;
  type Row = HeldCodes['codes'][number];
  const call = { method: 'GET', path: '/v1/reviews/codes', query: { ...query } } as const;
  await answerWith<HeldCodes>(call, output, (found) =>
    printTable(
      output,
      [
        { title: say(cliReviewWords.action), of: (row: Row) => row.action ?? '–' },
        { title: say(cliReviewWords.resultCode), of: (row: Row) => row.resultCode ?? '–' },
        { title: say(cliReviewWords.why), of: (row: Row) => row.reason },
        ...verdictColumns(output),
        { title: say(cliReviewWords.accounts), of: (row: Row) => row.accounts, right: true },
        { title: say(headingWords.event), of: (row: Row) => row.events, right: true },
        { title: say(headingWords.calls), of: (row: Row) => row.calls, right: true },
        { title: say(cliReviewWords.oldest), of: (row: Row) => row.oldest },
      ],
      found.codes,
    ),
  );
}

async function list(query: Filter & { limit?: string; cursor?: string }, output: Output): Promise<void> {
  const { say } = output;
  type Row = HeldPage['held'][number];
  const call = { method: 'GET', path: '/v1/reviews', query: { ...query } } as const;
  await answerWith<HeldPage>(call, output, async ({ held, next }) => {
    const columns = [
      { title: say(headingWords.account), of: (row: Row) => row.account },
      { title: say(headingWords.event), of: (row: Row) => row.event },
      { title: say(headingWords.time), of: (row: Row) => row.time },
      { title: say(cliReviewWords.action), of: (row: Row) => row.facts?.action ?? '–' },
      { title: say(cliReviewWords.resultCode), of: (row: Row) => row.facts?.resultCode ?? '–' },
      { title: say(headingWords.calls), of: (row: Row) => row.calls, right: true },
      { title: say(cliReviewWords.why), of: (row: Row) => row.reason ?? '–' },
      ...verdictColumns(output),
    ];
    await printTable(output, columns, held);
    tellNext(output, next);
  });
}

const verdictColumns = ({ say }: Output) => [
  {
    title: say(cliReviewWords.table),
    of: ({ verdicts }: Pick<HeldPage['held'][number], 'verdicts'>) => verdicts?.table ?? '–',
  },
  {
    title: say(cliReviewWords.provider),
    of: ({ verdicts }: Pick<HeldPage['held'][number], 'verdicts'>) => verdicts?.provider ?? '–',
  },
];

/** Sends the decision again until nothing is left of what it is for. */
async function decide({ charge, ...filter }: Filter & { readonly charge: string }, output: Output): Promise<void> {
  if (charge !== 'yes' && charge !== 'no') {
    output.misused(cliReviewWords.writeYesOrNo);
    return;
  }
  const body = { ...filter, charge: charge === 'yes' };
  let more = true;
  while (more && process.exitCode === undefined) {
    more = false;
    await answerWith<BulkDecided>({ method: 'POST', path: '/v1/reviews', body }, output, async (decided) => {
      output.print(output.say(cliReviewWords.decided(decided.decided)));
      for (const { account, event, detail } of decided.refused) output.tell(`${account} ${event}: ${detail}`);
      more = decided.more && decided.decided > 0;
    });
  }
}
