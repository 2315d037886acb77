// suanpan pack: buy, gift, refund, list.

import type { Command } from 'commander';
import { packStates } from '../core/pack.ts';
import type { DeliveredPacks, PackOfAccount, PackPage } from '../http/contract/packs.ts';
import { accountOf, path } from './client.ts';
import type { Output } from './output.ts';
import { parseQuantity } from './quantities.ts';
import { allPagesOf, answerWith, examplesOf, printTable, withAccount, withOnce } from './show.ts';

const examples = `suanpan pack buy basic_authority:100000x3 --account acme
suanpan pack gift basic_authority:50 --account acme --months 12
suanpan pack list --account acme
suanpan pack refund p1 --account acme
`;

interface Options {
  readonly account?: string;
  readonly id?: string;
  readonly months?: string;
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
  const say = (zh: string, en: string) => output.say({ zh, en });
  const pack = program
    .command('pack')
    .description(say('资源包：购买、赠送、退款、列出', 'packs: buy, gift, refund, list'))
    .addHelpText('before', examplesOf(output, examples));
  withOnce(withAccount(pack.command('buy'), output), output)
    .description(say('用余额购买，全部成功或全部不买', 'buy from the balance, all or none'))
    .argument('<PRODUCT:SIZExK>', say('产品与规格；xK 表示 K 个，可省略', 'product and size; xK for K of them'))
    .option('--id <ID>', say('资源包 id；多个时依次加 -1、-2', 'id of the pack; -1, -2 … are added to several'))
    .action((wish: string, options: Options) => buy(wish, options, output));
  withOnce(pack.command('gift'), output)
    .description(say('赠送次数，一次或每月', 'give calls, once or every month'))
    .argument('<PRODUCT:CALLS>', say('产品与次数', 'product and calls'))
    .requiredOption('--account <ID>', say('账户', 'account'))
    .option('--months <N>', say('每月赠送，共 N 个月', 'every month, N months'))
    .option('--id <ID>', say('资源包 id', 'id of the pack'))
    .action((wish: string, options: Options) => gift(wish, options, output));
  withOnce(withAccount(pack.command('refund'), output), output)
    .description(say('退款：未使用且在期限内', 'pay an untouched pack back, within its window'))
    .argument('<ID>', say('资源包', 'pack'))
    .action((id: string, options: Options) => refund(id, options, output));
  withAccount(pack.command('list'), output)
    .description(say('一个账户的资源包', 'the packs of an account'))
    .option('--state <STATE>', say('仅此状态：', 'in this state only: ') + packStates.join(', '))
    .action((options: ListOptions) => list(options, output));
  withAccount(pack.command('freeze'), output)
    .description(say('总是被拒：资源包不能暂停或延期', 'always refused: a pack cannot be paused or prolonged'))
    .argument('<ID>', say('资源包', 'pack'))
    .action((id: string, options: Options) => freeze(id, options, output));
}

function readWish(text: string, output: Output): Wish | undefined {
  const [, product, size = '', copies = '1'] = /^([^:]+):([^x×]*)(?:[x×](.*))?$/.exec(text) ?? [];
  const [calls, count] = [parseQuantity(size), parseQuantity(copies)];
  if (product !== undefined && calls !== undefined && count !== undefined && count <= 1000n) {
    return { product, size: calls, count: Number(count) };
  }
  output.misused(
    {
      zh: `${text}：应写成 产品:次数，如 basic_authority:10000 或 basic_authority:10000x3`,
      en: `${text}: write PRODUCT:CALLS, such as basic_authority:10000 or basic_authority:10000x3`,
    },
    'INVALID_QUANTITY',
  );
  return undefined;
}

async function buy(text: string, { account, id, idempotencyKey }: Options, output: Output): Promise<void> {
  const wish = readWish(text, output);
  if (wish === undefined) return;
  const call = {
    method: 'POST',
    path: '/v1/packs',
    body: { account, id, ...wish },
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
    output.misused({
      zh: '赠送写成 产品:次数；--months 为整数',
      en: 'write a gift as PRODUCT:CALLS, --months as a whole number',
    });
    return;
  }
  const body = { account, id, product: wish.product, calls: wish.size, months };
  const call = { method: 'POST', path: '/v1/gifts', body, once: { key: idempotencyKey } } as const;
  await answerWith<DeliveredPacks>(call, output, ({ packs }) => showPacks(packs, output));
}

async function refund(id: string, { account, idempotencyKey }: Options, output: Output): Promise<void> {
  const call = {
    method: 'POST',
    path: path`/v1/packs/${id}/refund`,
    body: { account },
    once: { key: idempotencyKey },
  } as const;
  await answerWith<PackOfAccount>(call, output, (pack) => showPacks([pack], output));
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

function showPacks(packs: readonly PackPage['packs'][number][], output: Output): Promise<void> {
  const say = (zh: string, en: string) => output.say({ zh, en });
  const columns = [
    { title: say('资源包', 'pack'), of: (pack: PackPage['packs'][number]) => pack.id },
    { title: say('产品', 'product'), of: (pack: PackPage['packs'][number]) => pack.product },
    { title: say('次数', 'calls'), of: (pack: PackPage['packs'][number]) => pack.calls, right: true },
    { title: say('剩余', 'remaining'), of: (pack: PackPage['packs'][number]) => pack.remaining, right: true },
    { title: say('状态', 'state'), of: (pack: PackPage['packs'][number]) => stateWords(pack.state, output) },
    {
      title: say('价格', 'price'),
      of: (pack: PackPage['packs'][number]) => (pack.gift ? say('赠送', 'gift') : pack.price),
      right: true,
    },
    { title: say('生效', 'effective'), of: (pack: PackPage['packs'][number]) => pack.effectiveAt },
    { title: say('到期', 'expires'), of: (pack: PackPage['packs'][number]) => pack.expiresAt },
  ];
  return printTable(output, columns, packs);
}

const statesInChinese: Readonly<Record<string, string>> = {
  pending: '待生效',
  active: '有效',
  exhausted: '已用尽',
  expired: '已过期',
  refunded: '已退款',
};

const stateWords = (state: string, output: Output): string =>
  output.say({ zh: statesInChinese[state] ?? state, en: state });
