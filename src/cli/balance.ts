// suanpan balance: an account's money, top-ups included.

import type { Command } from 'commander';
import { parseMoney } from '../core/units.ts';
import type { AccountEntry, Balance } from '../http/contract/accounts.ts';
import { accountOf, path } from './client.ts';
import type { Output } from './output.ts';
import { answerWith, cell, examplesOf, printTable, tellNext, withAccount, withOnce, withPage } from './show.ts';

const examples = `suanpan balance show --account acme
suanpan balance topup 10000.00 --account acme --reference "bank 2026-01-05"
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

export function registerBalance(program: Command, output: Output): void {
  const say = (zh: string, en: string) => output.say({ zh, en });
  const balance = program
    .command('balance')
    .description(say('余额：查看、充值', 'the money balance: show, top up'))
    .addHelpText('before', examplesOf(output, examples));
  withPage(withAccount(balance.command('show'), output), output)
    .description(say('余额与流水，最新的在前', 'the balance and its entries, newest first'))
    .action((options: ShowOptions) => show(options, output));
  withOnce(withAccount(balance.command('topup'), output), output)
    .description(say('充值', 'add money'))
    .argument('<AMOUNT>', say('金额，如 10000.00', 'amount, such as 10000.00'))
    .option('--reference <TEXT>', say('凭据，如银行流水号', 'reference, such as that of the bank'))
    .action((amount: string, options: TopUpOptions) => topUp(amount, options, output));
}

async function show({ account, ...query }: ShowOptions, output: Output): Promise<void> {
  const say = (zh: string, en: string) => output.say({ zh, en });
  const id = await accountOf(account, output);
  if (id === undefined) return;
  const call = { method: 'GET', path: path`/v1/accounts/${id}/balance`, query } as const;
  await answerWith<Balance>(call, output, async ({ currency, balance, entries, next }) => {
    output.print(`${say('余额', 'balance')} ${currency} ${cell(balance)}`);
    const columns = [
      { title: say('时间', 'time'), of: (entry: Entry) => entry.at },
      { title: say('类别', 'kind'), of: (entry: Entry) => entry.kind },
      { title: say('金额', 'amount'), of: (entry: Entry) => entry.amount, right: true },
      { title: say('余额', 'balance'), of: (entry: Entry) => entry.balance, right: true },
      { title: say('凭据', 'reference'), of: (entry: Entry) => entry.reference },
    ];
    await printTable(output, columns, entries);
    tellNext(output, next);
  });
}

async function topUp(text: string, options: TopUpOptions, output: Output): Promise<void> {
  const amount = parseMoney(text);
  if (amount === undefined || amount <= 0n) {
    output.misused(
      {
        zh: `${text} 不是金额：应为正的小数，如 10000.00`,
        en: `${text} is no amount: write a positive decimal such as 10000.00`,
      },
      'INVALID_AMOUNT',
    );
    return;
  }
  const id = await accountOf(options.account, output);
  if (id === undefined) return;
  const body = { amount: text, reference: options.reference };
  const call = {
    method: 'POST',
    path: path`/v1/accounts/${id}/top-ups`,
    body,
    once: { key: options.idempotencyKey },
  } as const;
  await answerWith<AccountEntry>(call, output, (entry) => {
    const [added, now] = [cell(entry.amount), cell(entry.balance)];
    output.print(output.say({ zh: `已充值 ${added}，余额 ${now}`, en: `topped up ${added}; balance ${now}` }));
  });
}
