// suanpan account: who is billed.

import type { Command } from 'commander';
import type { Account, AccountPage, ChangePage } from '../http/contract/accounts.ts';
import { accountOf, callApi, path } from './client.ts';
import type { Output } from './output.ts';
import { parseQuantity } from './quantities.ts';
import { answerWith, examplesOf, printFacts, printTable, tellNext, withOnce, withPage, yesNo } from './show.ts';

const examples = `suanpan account create acme --book faceid-legacy --name "Acme Ltd"
suanpan account list
suanpan account show acme
suanpan account set acme --postpaid off --cap 100000
suanpan account changes acme
`;

interface CreateOptions {
  readonly name?: string;
  readonly book?: string;
  readonly opened?: string;
  readonly timeZone?: string;
  readonly postpaid: boolean;
  readonly cap?: string;
  readonly idempotencyKey?: string;
}

interface SetOptions {
  readonly postpaid?: string;
  readonly cap?: string;
  readonly suspended?: string;
}

export function registerAccount(program: Command, output: Output): void {
  const say = (zh: string, en: string) => output.say({ zh, en });
  const account = program
    .command('account')
    .description(say('账户：开立、查看、设置', 'accounts: open, show, list, set'))
    .addHelpText('before', examplesOf(output, examples));
  registerCreate(account, output);
  account
    .command('show')
    .description(say('一个账户', 'one account'))
    .argument('[ID]', say('账户；默认为密钥自己的账户', "account; by default the key's own"))
    .action((id: string | undefined) => show(id, output));
  withPage(account.command('list'), output)
    .description(say('所有账户', 'all accounts'))
    .action((options: { limit?: string; cursor?: string }) => list(options, output));
  withPage(account.command('changes'), output)
    .description(say('设置如何更改、由谁更改，最新的在前', 'how its settings were changed and by whom, newest first'))
    .argument('[ID]', say('账户；默认为密钥自己的账户', "account; by default the key's own"))
    .action((id: string | undefined, page: { limit?: string; cursor?: string }) => changes(id, page, output));
  account
    .command('set')
    .description(say('设置账户', 'change the settings of an account'))
    .argument('<ID>', say('账户', 'account'))
    .option('--postpaid <on|off>', say('资源包用尽后是否允许后付费', 'whether calls that no pack pays are allowed'))
    .option('--cap <N|none>', say('每月后付费次数上限', 'most postpaid calls a month'))
    .option('--suspended <on|off>', say('暂停或恢复服务', 'suspend service, or resume it'))
    .action((id: string, options: SetOptions) => change(id, options, output));
}

function registerCreate(account: Command, output: Output): void {
  const say = (zh: string, en: string) => output.say({ zh, en });
  withOnce(account.command('create'), output)
    .description(say('开立账户', 'open an account'))
    .argument('<ID>', say('账户 id：字母、数字、点、横线、下划线', 'letters, digits, dot, dash, underscore'))
    .option('--name <NAME>', say('名称', 'name'))
    .option('--book <ID>', say('价目表；默认按开户日期选取', 'price book; by default the one for the day of opening'))
    .option('--opened <YYYY-MM-DD>', say('开户日期', 'day of opening'))
    .option('--time-zone <ZONE>', say('时区；默认为价目表的时区', "time zone; by default the book's"))
    .option('--no-postpaid', say('资源包用尽后不允许后付费', 'calls that no pack pays are not allowed'))
    .option('--cap <N>', say('每月后付费次数上限', 'most postpaid calls a month'))
    .action((id: string, options: CreateOptions) => create(id, options, output));
}

async function create(id: string, options: CreateOptions, output: Output): Promise<void> {
  const cap = capOf(options.cap, output);
  if (cap === 'misused') return;
  const { name, book, opened, timeZone, postpaid } = options;
  const body = { id, name, book, opened, timeZone, ...(postpaid ? {} : { postpaid }), cap };
  const call = { method: 'POST', path: '/v1/accounts', body, once: { key: options.idempotencyKey } } as const;
  const tell = (status: number): void => {
    if (status === 200)
      output.tell(
        output.say({ zh: `账户 ${id} 已存在，条件相同`, en: `account ${id} exists already, on these terms` }),
      );
  };
  await answerWith<Account>(
    call,
    output,
    (answer) => showAccount(answer, output),
    (asked) => callApi(asked, output, tell),
  );
}

async function show(named: string | undefined, output: Output): Promise<void> {
  const id = await accountOf(named, output, 'argument');
  if (id === undefined) return;
  const call = { method: 'GET', path: path`/v1/accounts/${id}` } as const;
  await answerWith<Account>(call, output, (answer) => showAccount(answer, output));
}

async function list(query: { limit?: string; cursor?: string }, output: Output): Promise<void> {
  const say = (zh: string, en: string) => output.say({ zh, en });
  await answerWith<AccountPage>({ method: 'GET', path: '/v1/accounts', query }, output, async ({ accounts, next }) => {
    type Row = AccountPage['accounts'][number];
    const columns = [
      { title: say('账户', 'account'), of: (row: Row) => row.id },
      { title: say('名称', 'name'), of: (row: Row) => row.name },
      { title: say('价目表', 'book'), of: (row: Row) => row.book },
      { title: say('余额', 'balance'), of: (row: Row) => ('damaged' in row ? '–' : row.balance), right: true },
      { title: say('状态', 'state'), of: (row: Row) => stateOf(row, output) },
    ];
    await printTable(output, columns, accounts);
    tellNext(output, next);
  });
}

async function change(id: string, options: SetOptions, output: Output): Promise<void> {
  const postpaid = switchOf('--postpaid', options.postpaid, output);
  const suspended = switchOf('--suspended', options.suspended, output);
  const cap = options.cap === 'none' ? null : capOf(options.cap, output);
  if (postpaid === 'misused' || suspended === 'misused' || cap === 'misused') return;
  if (postpaid === undefined && suspended === undefined && cap === undefined) {
    output.misused({
      zh: '没有要更改的设置：--postpaid、--cap 或 --suspended',
      en: 'nothing to change: give --postpaid, --cap or --suspended',
    });
    return;
  }
  const body = { postpaid, suspended, cap };
  const call = { method: 'PATCH', path: path`/v1/accounts/${id}`, body } as const;
  await answerWith<Account>(call, output, (answer) => showAccount(answer, output));
}

type Change = ChangePage['changes'][number];

async function changes(
  named: string | undefined,
  query: { limit?: string; cursor?: string },
  output: Output,
): Promise<void> {
  const say = (zh: string, en: string) => output.say({ zh, en });
  const id = await accountOf(named, output, 'argument');
  if (id === undefined) return;
  const call = { method: 'GET', path: path`/v1/accounts/${id}/changes`, query } as const;
  const settings = (of: Change['before']): string =>
    of === null
      ? '–'
      : [
          `${say('后付费', 'postpaid')} ${yesNo(output, of.postpaid)}`,
          `${say('上限', 'cap')} ${of.cap ?? '–'}`,
          ...(of.suspended ? [say('已暂停', 'suspended')] : []),
        ].join(', ');
  await answerWith<ChangePage>(call, output, async (answer) => {
    const columns = [
      { title: say('时间', 'time'), of: (row: Change) => row.at },
      { title: say('由', 'by'), of: (row: Change) => row.by },
      { title: say('之前', 'before'), of: (row: Change) => settings(row.before) },
      { title: say('之后', 'after'), of: (row: Change) => settings(row.after) },
    ];
    await printTable(output, columns, answer.changes);
    tellNext(output, answer.next);
  });
}

function switchOf(option: string, text: string | undefined, output: Output): boolean | undefined | 'misused' {
  if (text === undefined) return undefined;
  if (text === 'on' || text === 'off') return text === 'on';
  output.misused({ zh: `${option} ${text}：应为 on 或 off`, en: `${option} ${text}: write on or off` });
  return 'misused';
}

function capOf(text: string | undefined, output: Output): bigint | undefined | 'misused' {
  if (text === undefined) return undefined;
  const calls = parseQuantity(text);
  if (calls !== undefined) return calls;
  output.misused(
    { zh: `--cap ${text}：应为 1 到 10^12 的整数`, en: `--cap ${text}: write a whole number from 1 to 10^12` },
    'INVALID_QUANTITY',
  );
  return 'misused';
}

function stateOf(account: AccountPage['accounts'][number], output: Output): string {
  if ('damaged' in account)
    return output.say({ zh: '已损坏：请运行 suanpan verify', en: 'damaged: run suanpan verify' });
  if (account.suspended) return output.say({ zh: '已暂停', en: 'suspended' });
  if (account.serviceStopped) return output.say({ zh: '欠费停服', en: 'stopped for arrears' });
  return output.say({ zh: '正常', en: 'in service' });
}

function showAccount(account: Account, output: Output): Promise<void> {
  const say = (zh: string, en: string) => output.say({ zh, en });
  return printFacts(output, [
    [say('账户', 'account'), account.id],
    [say('名称', 'name'), account.name],
    [say('价目表', 'book'), account.book],
    [say('时区', 'time zone'), account.timeZone],
    [say('开户日期', 'opened'), account.opened],
    [say('后付费', 'postpaid'), yesNo(output, account.postpaid)],
    [say('后付费上限', 'postpaid cap'), account.cap],
    [say('余额', 'balance'), `${account.currency} ${account.balance}`],
    [say('状态', 'state'), stateOf(account, output)],
  ]);
}
