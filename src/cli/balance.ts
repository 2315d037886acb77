// suanpan balance: an account's money, top-ups included.

import type { Command } from 'commander';
import { isMoneyText } from '../core/units.ts';
import type { AccountEntry, Balance } from '../http/contract/accounts.ts';
import type { Approval } from '../http/contract/approvals.ts';
import { cliAccountWords } from '../words/cli/account.ts';
import { headingWords } from '../words/cli/headings.ts';
import { tellWaiting } from './approval.ts';
import { accountOf, path } from './client.ts';
import type { Output } from './output.ts';
import { answerWith, cell, examplesOf, printTable, tellNext, withAccount, withOnce, withPage } from './show.ts';

const examples = `suanpan balance show --account acme
suanpan balance topup 10000.00 --account acme --reference "bank 2026-01-05"
suanpan balance credit 120.00 --account acme --reason "outage of 2026-01-10"
`;

type Entry = Balance['entries'][number];

interface ShowOptions {
  readonly account?: string;
  readonly limit?: string;
  readonly cursor?: string;
}

interface TopUpOptions {
  readonly account?: string;
  readonly reference?: string;
  readonly idempotencyKey?: string;
}

type CreditOptions = Omit<TopUpOptions, 'reference'> & { readonly reason: string };

export function registerBalance(program: Command, output: Output): void {
  const { say } = output;
  const balance = program
    .command('balance')
    .description(say(cliAccountWords.moneyBalance))
    .addHelpText('before', examplesOf(output, examples));
  withPage(withAccount(balance.command('show'), output), output)
    .description(say(cliAccountWords.balanceAndItsEntries))
    .action((options: ShowOptions) => show(options, output));
  withOnce(withAccount(balance.command('topup'), output), output)
    .description(say(cliAccountWords.addMoney))
    .argument('<AMOUNT>', say(cliAccountWords.amountToPay))
    .option('--reference <TEXT>', say(cliAccountWords.referenceToGive))
    .action((amount: string, options: TopUpOptions) =>
      add(amount, 'top-ups', { reference: options.reference }, options, output),
    );
  withOnce(withAccount(balance.command('credit'), output), output)
    .description(say(cliAccountWords.giveCredit))
    .argument('<AMOUNT>', say(cliAccountWords.amountToPay))
    .requiredOption('--reason <TEXT>', say(cliAccountWords.reasonToGive))
    .action((amount: string, options: CreditOptions) =>
      add(amount, 'credits', { reason: options.reason }, options, output),
    );
}

async function show({ account, ...query }: ShowOptions, output: Output): Promise<void> {
  const { say } = output;
  const id = await accountOf(account, output);
  if (id === undefined) return;
  const call = { method: 'GET', path: path`/v1/accounts/${id}/balance`, query } as const;
  await answerWith<Balance>(call, output, async ({ currency, balance, entries, next }) => {
    output.print(`${say(headingWords.balance)} ${currency} ${cell(balance)}`);
    const columns = [
      { title: say(headingWords.time), of: (entry: Entry) => entry.at },
      { title: say(cliAccountWords.kind), of: (entry: Entry) => entry.kind },
      { title: say(headingWords.amount), of: (entry: Entry) => entry.amount, right: true },
      { title: say(headingWords.balance), of: (entry: Entry) => entry.balance, right: true },
      { title: say(cliAccountWords.reference), of: (entry: Entry) => entry.reference },
    ];
    await printTable(output, columns, entries);
    tellNext(output, next);
  });
}

async function add(
  text: string,
  what: 'top-ups' | 'credits',
  why: Readonly<Record<string, string | undefined>>,
  options: Pick<TopUpOptions, 'account' | 'idempotencyKey'>,
  output: Output,
): Promise<void> {
  if (!isMoneyText(text) || Number(text) <= 0) {
    output.misused(cliAccountWords.isNoAmount(text), 'INVALID_AMOUNT');
    return;
  }
  const id = await accountOf(options.account, output);
  if (id === undefined) return;
  const body = { amount: text, ...why };
  const call = {
    method: 'POST',
    path: path`/v1/accounts/${id}/${what}`,
    body,
    once: { key: options.idempotencyKey },
  } as const;
  await answerWith<AccountEntry | Approval>(call, output, (entry) => {
    if (tellWaiting(entry, output)) return;
    const [added, now] = [cell(entry.amount), cell(entry.balance)];
    const told = what === 'credits' ? cliAccountWords.credited : cliAccountWords.toppedUp;
    output.print(output.say(told(added, now)));
  });
}
