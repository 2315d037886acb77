// suanpan order: packs and top-ups, paid from the balance or by transfer.

import type { Command } from 'commander';
import type { OrderPage, ShownOrder } from '../http/contract/orders.ts';
import { headingWords } from '../words/cli/headings.ts';
import { cliOrderWords } from '../words/cli/order.ts';
import { accountOf, path } from './client.ts';
import { type PackOrder, readPackOrder } from './order-packs.ts';
import type { Output } from './output.ts';
import { answerWith, examplesOf, printFacts, printTable, tellNext, withAccount, withOnce, withPage } from './show.ts';
import { registerStandingOrder } from './standing-order.ts';

const examples = `suanpan order create --account acme --pack basic_authority:1000x2
suanpan order create --account acme --top-up 5000.00
suanpan order list --state pending
suanpan order confirm acme:order-1 --reference ICBC-0042 --amount 1860.00
suanpan order cancel acme:order-2
suanpan order standing list acme
`;

interface CreateOptions {
  readonly account?: string;
  readonly pack?: readonly string[];
  readonly topUp?: string;
  readonly pay: string;
  readonly idempotencyKey?: string;
}

interface Payment {
  readonly reference: string;
  readonly amount: string;
}

export function registerOrder(program: Command, output: Output): void {
  const { say } = output;
  const order = program
    .command('order')
    .description(say(cliOrderWords.orderCommand))
    .addHelpText('before', examplesOf(output, examples));
  withOnce(withAccount(order.command('create'), output), output)
    .description(say(cliOrderWords.create))
    .option('--pack <PACKS...>', say(cliOrderWords.packOption))
    .option('--top-up <AMOUNT>', say(cliOrderWords.topUp))
    .option('--pay <HOW>', say(cliOrderWords.pay), 'transfer')
    .action((options: CreateOptions) => create(options, output));
  withPage(withAccount(order.command('list'), output), output)
    .description(say(cliOrderWords.list))
    .option('--state <STATE>', say(headingWords.state))
    .action((query: Query) => list(query, output));
  registerStandingOrder(order, output);
  const one = (name: string) => order.command(name).argument('<ORDER>', say(cliOrderWords.id));
  one('show')
    .description(say(cliOrderWords.show))
    .action((id: string) => ask({ method: 'GET', path: path`/v1/orders/${id}` }, output));
  one('confirm')
    .description(say(cliOrderWords.confirm))
    .requiredOption('--reference <TEXT>', say(cliOrderWords.reference))
    .requiredOption('--amount <AMOUNT>', say(cliOrderWords.received))
    .action((id: string, { reference, amount }: Payment) =>
      ask({ method: 'POST', path: path`/v1/orders/${id}/confirm`, body: { reference, amount } }, output),
    );
  one('cancel')
    .description(say(cliOrderWords.cancel))
    .action((id: string) => ask({ method: 'POST', path: path`/v1/orders/${id}/cancel`, body: {} }, output));
}

const ask = (call: Parameters<typeof answerWith>[0], output: Output) =>
  answerWith<ShownOrder>(call, output, (order) => showOrder(order, output)).then(() => undefined);

async function create(options: CreateOptions, output: Output): Promise<void> {
  const packs: PackOrder[] = [];
  for (const text of options.pack ?? []) {
    const read = readPackOrder(text);
    if (read === undefined) return output.misused(cliOrderWords.noPacks(text));
    packs.push(read);
  }
  const account = await accountOf(options.account, output, 'option');
  if (account === undefined) return;
  const goods = { ...(packs.length === 0 ? {} : { packs }), topUp: options.topUp };
  const body = { account, ...goods, pay: options.pay };
  await ask({ method: 'POST', path: '/v1/orders', body, once: { key: options.idempotencyKey } }, output);
}

interface Query {
  readonly account?: string;
  readonly state?: string;
  readonly limit?: string;
  readonly cursor?: string;
}

/** "basic_authority:1000 x 2", or the amount of a top-up. */
const goodsOf = ({ packs, topUp }: ShownOrder, output: Output): string =>
  topUp === null
    ? packs.map(({ product, size, count }) => `${product}:${size} x ${count}`).join('\n')
    : `${output.say(headingWords.balance)} +${topUp}`;

async function list(query: Query, output: Output): Promise<void> {
  const { say } = output;
  const call = { method: 'GET', path: '/v1/orders', query: { ...query } } as const;
  await answerWith<OrderPage>(call, output, async ({ orders, next }) => {
    const columns = [
      { title: say(cliOrderWords.order), of: ({ id }: ShownOrder) => id },
      { title: say(headingWords.state), of: ({ state }: ShownOrder) => state },
      { title: say(cliOrderWords.packs), of: (order: ShownOrder) => goodsOf(order, output) },
      { title: say(headingWords.amount), of: ({ amount }: ShownOrder) => amount, right: true },
      { title: say(cliOrderWords.made), of: ({ madeAt }: ShownOrder) => madeAt },
      { title: say(cliOrderWords.lapsesAt), of: ({ lapsesAt }: ShownOrder) => lapsesAt },
    ];
    await printTable(output, columns, orders);
    tellNext(output, next);
  });
}

function showOrder(order: ShownOrder, output: Output): Promise<void> {
  const { say } = output;
  const { state, amount, currency, lapsesAt, endedAt, reference, received, delivered } = order;
  return printFacts(output, [
    [say(cliOrderWords.order), order.id],
    [say(headingWords.state), state],
    [say(cliOrderWords.packs), goodsOf(order, output)],
    [say(headingWords.amount), `${amount} ${currency}`],
    [say(cliOrderWords.made), `${order.madeAt} ${say(cliOrderWords.by)} ${order.madeBy}`],
    [say(cliOrderWords.lapsesAt), lapsesAt ?? undefined],
    [say(cliOrderWords.ended), endedAt ?? undefined],
    [say(cliOrderWords.reference), reference ?? undefined],
    [say(cliOrderWords.received), received ?? undefined],
    [say(cliOrderWords.delivered), delivered.length === 0 ? undefined : delivered.join('\n')],
  ]);
}
