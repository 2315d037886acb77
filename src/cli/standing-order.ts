// suanpan order standing: what an account buys by itself.

import type { Command } from 'commander';
import type { ShownStandingOrder, StandingOrders } from '../http/contract/orders.ts';
import { headingWords } from '../words/cli/headings.ts';
import { cliOrderWords } from '../words/cli/order.ts';
import { accountOf, path } from './client.ts';
import { readPackOrder } from './order-packs.ts';
import type { Output } from './output.ts';
import { answerWith, examplesOf, printTable } from './show.ts';

const examples = `suanpan order standing set acme basic --product basic_authority --below 2000 --buy basic_authority:10000 --most 3 --most-money 30000.00
suanpan order standing set acme all --meter liveness.basic.authority --below 10% --days-before 7 --buy basic_authority:10000 --most 2 --most-money 20000.00
suanpan order standing set acme year --product basic_authority --days-before 3 --buy basic_authority:advised --most 1 --most-money 80000.00
suanpan order standing list acme
suanpan order standing remove acme basic
`;

interface SetOptions {
  readonly product?: string;
  readonly meter?: string;
  readonly below?: string;
  readonly daysBefore?: string;
  readonly buy: string;
  readonly most: string;
  readonly mostMoney: string;
}

export function registerStandingOrder(order: Command, output: Output): void {
  const { say } = output;
  const standing = order
    .command('standing')
    .description(say(cliOrderWords.standingCommand))
    .addHelpText('before', examplesOf(output, examples));
  standing
    .command('list')
    .description(say(cliOrderWords.standingList))
    .argument('[ACCOUNT]', say(headingWords.accountOrOwn))
    .action((id: string | undefined) => list(id, output));
  standing
    .command('set')
    .description(say(cliOrderWords.standingSet))
    .argument('<ACCOUNT>', say(headingWords.account))
    .argument('<NAME>', say(headingWords.name))
    .option('--product <PRODUCT>', say(cliOrderWords.watchProduct))
    .option('--meter <METER>', say(cliOrderWords.watchMeter))
    .option('--below <CALLS|PERCENT%>', say(cliOrderWords.below))
    .option('--days-before <DAYS>', say(cliOrderWords.daysBefore))
    .requiredOption('--buy <PRODUCT:SIZE>', say(cliOrderWords.packOption))
    .requiredOption('--most <N>', say(cliOrderWords.mostPurchases))
    .requiredOption('--most-money <AMOUNT>', say(cliOrderWords.mostMoney))
    .action((id: string, name: string, options: SetOptions) => set(id, name, options, output));
  standing
    .command('remove')
    .description(say(cliOrderWords.standingRemove))
    .argument('<ACCOUNT>', say(headingWords.account))
    .argument('<NAME>', say(headingWords.name))
    .action((id: string, name: string) => remove(id, name, output));
}

async function list(named: string | undefined, output: Output): Promise<void> {
  const id = await accountOf(named, output, 'argument');
  if (id === undefined) return;
  const call = { method: 'GET', path: path`/v1/accounts/${id}/standing-orders` } as const;
  await answerWith<StandingOrders>(call, output, ({ standingOrders }) => showAll(standingOrders, output));
}

async function set(id: string, name: string, options: SetOptions, output: Output): Promise<void> {
  const { product, meter, below, daysBefore, most, mostMoney } = options;
  const [, advised] = /^([^:]+):advised$/.exec(options.buy) ?? [];
  const buy = advised === undefined ? readPackOrder(options.buy) : { product: advised, size: 'advised' as const };
  if (buy === undefined) return output.misused(cliOrderWords.noPacks(options.buy));
  const [, number, percent] = /^(\d{1,13})(%?)$/.exec(below ?? '') ?? [];
  const wrong = [below === undefined ? '1' : (number ?? below), daysBefore ?? '1', most].find(
    (text) => !/^\d+$/.test(text),
  );
  if (wrong !== undefined) return output.misused(cliOrderWords.noWholeNumber(wrong));
  const threshold = percent === '%' ? { percent: Number(number) } : { calls: Number(number) };
  const body = {
    name,
    watch: product === undefined ? { meter } : { product },
    below: number === undefined ? undefined : threshold,
    daysBefore: daysBefore === undefined ? undefined : Number(daysBefore),
    buy,
    mostPurchases: Number(most),
    mostMoney,
  };
  const call = { method: 'POST', path: path`/v1/accounts/${id}/standing-orders`, body } as const;
  await answerWith<ShownStandingOrder>(call, output, (order) => showAll([order], output));
}

async function remove(id: string, name: string, output: Output): Promise<void> {
  const call = { method: 'DELETE', path: path`/v1/accounts/${id}/standing-orders`, query: { name } } as const;
  await answerWith<{ readonly name: string }>(call, output, (removed) =>
    output.print(output.say(cliOrderWords.removed(removed.name))),
  );
}

type Row = StandingOrders['standingOrders'][number];

const belowText = ({ below }: Row): string | undefined =>
  below === null ? undefined : 'calls' in below ? String(below.calls) : `${below.percent} %`;

function showAll(rows: readonly Row[], output: Output): Promise<void> {
  const { say } = output;
  const columns = [
    { title: say(headingWords.name), of: ({ name }: Row) => name },
    { title: say(cliOrderWords.watched), of: ({ watch }: Row) => ('product' in watch ? watch.product : watch.meter) },
    { title: say(cliOrderWords.belowShort), of: belowText, right: true },
    { title: say(cliOrderWords.daysBeforeShort), of: ({ daysBefore }: Row) => daysBefore, right: true },
    {
      title: say(cliOrderWords.buys),
      of: ({ buy: { product, size, count } }: Row) => `${product}:${size} x ${count}`,
    },
    { title: say(cliOrderWords.mostPurchases), of: ({ mostPurchases }: Row) => mostPurchases, right: true },
    { title: say(cliOrderWords.mostMoney), of: ({ mostMoney }: Row) => mostMoney, right: true },
  ];
  return printTable(output, columns, rows);
}
