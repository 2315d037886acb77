// suanpan alert: what accounts are told.

import type { Command } from 'commander';
import type { AlertPage } from '../http/contract/alerts.ts';
import { cliAlertWords } from '../words/cli/alert.ts';
import { headingWords } from '../words/cli/headings.ts';
import type { Output } from './output.ts';
import { answerWith, examplesOf, printTable, tellNext, withAccount, withPage } from './show.ts';

const examples = `suanpan alert list --account acme
suanpan alert list --kind pack-expires
`;

export function registerAlert(program: Command, output: Output): void {
  const { say } = output;
  const alert = program
    .command('alert')
    .description(say(cliAlertWords.alertCommand))
    .addHelpText('before', examplesOf(output, examples));
  withPage(withAccount(alert.command('list'), output), output)
    .description(say(cliAlertWords.list))
    .option('--kind <KIND>', say(cliAlertWords.kind))
    .action((query: Query) => list(query, output));
}

interface Query {
  readonly account?: string;
  readonly kind?: string;
  readonly limit?: string;
  readonly cursor?: string;
}

async function list(query: Query, output: Output): Promise<void> {
  const { say } = output;
  type Row = AlertPage['alerts'][number];
  const call = { method: 'GET', path: '/v1/alerts', query: { ...query } } as const;
  await answerWith<AlertPage>(call, output, async ({ alerts, next }) => {
    const columns = [
      { title: say(headingWords.time), of: (row: Row) => row.at },
      { title: say(cliAlertWords.kind), of: (row: Row) => row.kind },
      { title: say(cliAlertWords.told), of: (row: Row) => [row.subject, ...row.lines].map(say).join('\n') },
    ];
    await printTable(output, columns, alerts);
    tellNext(output, next);
  });
}
