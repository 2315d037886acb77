// suanpan pack: buy, gift, refund, list.

import type { Command } from 'commander';
import { packStates } from '../core/pack.ts';
import { parseQuantity } from '../core/quantity.ts';
import type { Approval } from '../http/contract/approvals.ts';
import type { DeliveredPacks, PackLife, PackOfAccount, PackPage } from '../http/contract/packs.ts';
import { headingWords } from '../words/cli/headings.ts';
import { cliPackWords, packStateWords } from '../words/cli/pack.ts';
import { tellWaiting } from './approval.ts';
import { accountOf, path } from './client.ts';
import type { Output } from './output.ts';
import { allPagesOf, answerWith, examplesOf, printTable, withAccount, withOnce } from './show.ts';

const examples = `suanpan pack buy basic_authority:100000x3 --account acme
suanpan pack gift basic_authority:50 --account acme --months 12
suanpan pack list --account acme
suanpan pack show p1 --account acme
suanpan pack refund p1 --account acme
`;

interface Options {
  readonly account?: string;
  readonly id?: string;
  readonly months?: string;
  readonly startsOn?: string;
  readonly department?: string;
  readonly exception?: string;
  readonly idempotencyKey?: string;
}

interface Wish {
  readonly product: string;
  readonly size: bigint;
  readonly count: number;
}

interface ListOptions {
  readonly account?: string;
  readonly state?: string;
}

export function registerPack(program: Command, output: Output): void {
  const { say } = output;
  const pack = program
    .command('pack')
    .description(say(cliPackWords.packs))
    .addHelpText('before', examplesOf(output, examples));
  withOnce(withAccount(pack.command('buy'), output), output)
    .description(say(cliPackWords.buyFromTheBalance))
    .argument('<PRODUCT:SIZExK>', say(cliPackWords.productAndSize))
    .option('--id <ID>', say(cliPackWords.idOfThePacks))
    .option('--starts-on <DAY>', say(cliPackWords.startsOn))
    .option('--department <NAME>', say(cliPackWords.department))
    .action((wish: string, options: Options) => buy(wish, options, output));
  withOnce(pack.command('gift'), output)
    .description(say(cliPackWords.giveCalls))
    .argument('<PRODUCT:CALLS>', say(cliPackWords.productAndCalls))
    .requiredOption('--account <ID>', say(headingWords.account))
    .option('--months <N>', say(cliPackWords.everyMonth))
    .option('--department <NAME>', say(cliPackWords.department))
    .option('--id <ID>', say(cliPackWords.idOfThePack))
    .action((wish: string, options: Options) => gift(wish, options, output));
  withOnce(withAccount(pack.command('refund'), output), output)
    .description(say(cliPackWords.payAnUntouchedPackBack))
    .argument('<ID>', say(headingWords.pack))
    .option('--exception <REASON>', say(cliPackWords.exception))
    .action((id: string, options: Options) => refund(id, options, output));
  withAccount(pack.command('list'), output)
    .description(say(cliPackWords.packsOfAnAccount))
    .option('--state <STATE>', say(cliPackWords.inThisStateOnly) + packStates.join(', '))
    .action((options: ListOptions) => list(options, output));
  withAccount(pack.command('show'), output)
    .description(say(cliPackWords.onePack))
    .argument('<ID>', say(headingWords.pack))
    .action((id: string, options: Options) => show(id, options, output));
  withAccount(pack.command('freeze'), output)
    .description(say(cliPackWords.alwaysRefused))
    .argument('<ID>', say(headingWords.pack))
    .action((id: string, options: Options) => freeze(id, options, output));
}

function readWish(text: string, output: Output): Wish | undefined {
  const [, product, size = '', copies = '1'] = /^([^:]+):([^x×]*)(?:[x×](.*))?$/.exec(text) ?? [];
  const [calls, count] = [parseQuantity(size), parseQuantity(copies)];
  if (product !== undefined && calls !== undefined && count !== undefined && count <= 1000n) {
    return { product, size: calls, count: Number(count) };
  }
  output.misused(cliPackWords.writeProduct(text), 'INVALID_QUANTITY');
  return undefined;
}

const scopeOf = ({ department }: Options) => (department === undefined ? {} : { scope: { department } });

async function buy(text: string, options: Options, output: Output): Promise<void> {
  const { account, id, startsOn, idempotencyKey } = options;
  const wish = readWish(text, output);
  if (wish === undefined) return;
  const call = {
    method: 'POST',
    path: '/v1/packs',
    body: { account, id, startsOn, ...wish, ...scopeOf(options) },
    once: { key: idempotencyKey },
  } as const;
  await answerWith<DeliveredPacks>(call, output, ({ packs }) => showPacks(packs, output));
}

async function gift(text: string, options: Options, output: Output): Promise<void> {
  const { account, id, idempotencyKey } = options;
  const wish = readWish(text, output);
  if (wish === undefined) return;
  const months = options.months === undefined ? undefined : parseQuantity(options.months);
  if (wish.count !== 1 || (options.months !== undefined && months === undefined)) {
    output.misused(cliPackWords.writeAGiftAsProduct);
    return;
  }
  const body = { account, id, product: wish.product, calls: wish.size, months, ...scopeOf(options) };
  const call = { method: 'POST', path: '/v1/gifts', body, once: { key: idempotencyKey } } as const;
  await answerWith<DeliveredPacks>(call, output, ({ packs }) => showPacks(packs, output));
}

async function refund(id: string, { account, exception, idempotencyKey }: Options, output: Output): Promise<void> {
  const call = {
    method: 'POST',
    path: path`/v1/packs/${id}/refund`,
    body: { account, exception },
    once: { key: idempotencyKey },
  } as const;
  await answerWith<PackOfAccount | Approval>(call, output, (answer) =>
    tellWaiting(answer, output) ? undefined : showPacks([answer], output),
  );
}

async function freeze(id: string, { account }: Options, output: Output): Promise<void> {
  const call = { method: 'POST', path: path`/v1/packs/${id}/freeze`, body: { account } } as const;
  await answerWith(call, output, () => {});
}

async function list({ account, state }: ListOptions, output: Output): Promise<void> {
  const id = await accountOf(account, output);
  if (id === undefined) return;
  const call = { method: 'GET', path: path`/v1/accounts/${id}/packs`, query: { state } } as const;
  await answerWith<PackPage>(call, output, ({ packs }) => showPacks(packs, output), allPagesOf('packs'));
}

async function show(id: string, { account }: Options, output: Output): Promise<void> {
  const { say } = output;
  const call = { method: 'GET', path: path`/v1/packs/${id}`, query: { account } } as const;
  await answerWith<PackLife>(call, output, async (pack) => {
    await showPacks([pack], output);
    for (const { day, left } of pack.stages) output.print(say(cliPackWords.stage(day, left)));
    type Line = PackLife['paidFor'][number];
    const columns = [
      { title: say(cliPackWords.day), of: (line: Line) => line.day },
      { title: say(headingWords.meter), of: (line: Line) => line.meter },
      { title: say(headingWords.calls), of: (line: Line) => line.calls, right: true },
    ];
    await printTable(output, columns, pack.paidFor);
  });
}

function showPacks(packs: readonly PackPage['packs'][number][], output: Output): Promise<void> {
  const { say } = output;
  const columns = [
    { title: say(headingWords.pack), of: (pack: PackPage['packs'][number]) => pack.id },
    { title: say(headingWords.product), of: (pack: PackPage['packs'][number]) => pack.product },
    { title: say(headingWords.calls), of: (pack: PackPage['packs'][number]) => pack.calls, right: true },
    { title: say(headingWords.remaining), of: (pack: PackPage['packs'][number]) => pack.remaining, right: true },
    { title: say(headingWords.state), of: (pack: PackPage['packs'][number]) => stateWords(pack.state, output) },
    {
      title: say(headingWords.price),
      of: (pack: PackPage['packs'][number]) => (pack.gift ? say(headingWords.gift) : pack.price),
      right: true,
    },
    { title: say(cliPackWords.effective), of: (pack: PackPage['packs'][number]) => pack.effectiveAt },
    { title: say(headingWords.expires), of: (pack: PackPage['packs'][number]) => pack.expiresAt },
    ...(packs.some(({ scope }) => scope !== undefined)
      ? [{ title: say(headingWords.department), of: (pack: PackPage['packs'][number]) => pack.scope?.department ?? '' }]
      : []),
  ];
  return printTable(output, columns, packs);
}

const stateWords = (state: string, output: Output): string =>
  output.say(packStateWords[state] ?? { zh: state, en: state });
