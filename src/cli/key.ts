// suanpan key: API keys. Each is shown once, when it is made.

import type { Command } from 'commander';
import type { KeyPage, MadeKey } from '../http/contract/keys.ts';
import { path } from './client.ts';
import type { Output } from './output.ts';
import { allPagesOf, answerWith, examplesOf, printTable, showNewKey, withOnce } from './show.ts';

const examples = `suanpan key create --account acme --name "billing script"
suanpan key create --account acme --scopes meter --name gateway
suanpan key create --operator --name console
suanpan key create --local
suanpan key list
suanpan key revoke 1a2b3c4d
`;

interface CreateOptions {
  readonly account?: string;
  readonly operator?: true;
  readonly name: string;
  readonly scopes?: string;
  readonly local?: true;
  readonly newPepper?: true;
  readonly idempotencyKey?: string;
}

type KeyRow = KeyPage['keys'][number];

export function registerKey(program: Command, output: Output): void {
  const say = (zh: string, en: string) => output.say({ zh, en });
  const key = program
    .command('key')
    .description(say('API 密钥：新建、列出、作废', 'API keys: create, list, revoke'))
    .addHelpText('before', examplesOf(output, examples));
  registerCreate(key, output);
  key
    .command('list')
    .description(say('密钥，不含密文', 'keys, without their secrets'))
    .option('--account <ID>', say('只列某账户的', "one account's only"))
    .action((query: { account?: string }) => list(query, output));
  key
    .command('revoke')
    .description(say('作废密钥', 'revoke a key'))
    .argument('<ID>', say('密钥 id（列表中的八位）', 'its id, the eight characters of the list'))
    .action((id: string) => revoke(id, output));
}

function registerCreate(key: Command, output: Output): void {
  const say = (zh: string, en: string) => output.say({ zh, en });
  withOnce(key.command('create'), output)
    .description(say('新建密钥；仅显示这一次', 'make a key; it is shown only now'))
    .option('--account <ID>', say('账户密钥', "an account's key"))
    .option('--operator', say('运营方密钥', "an operator's key"))
    .option('--name <NAME>', say('名称', 'name'), 'key')
    .option(
      '--scopes <LIST>',
      say(
        '权限，逗号分隔：账户 read,buy,meter，运营方 read,meter,manage；不给则全部',
        'what it may do, with commas: read,buy,meter of an account, read,meter,manage of an operator; all if not given',
      ),
    )
    .option(
      '--local',
      say(
        '不经服务、直接写入本机数据库（丢失密钥时）；不给 --account 则为运营方密钥',
        "straight into the database of this machine, for when a key is lost; an operator's without --account",
      ),
    )
    .option(
      '--new-pepper',
      say(
        '与 --local 同用：pepper 已丢失，作废全部密钥，改用现在的',
        'with --local: the pepper is lost; revoke every key and begin with the present one',
      ),
    )
    .action((options: CreateOptions) => create(options, output));
}

async function create(options: CreateOptions, output: Output): Promise<void> {
  const { account, name, operator, local } = options;
  if (account !== undefined && operator === true) {
    output.misused({ zh: '--account 与 --operator 二选一', en: 'either --account or --operator' });
    return;
  }
  if (account === undefined && operator !== true && local !== true) {
    output.misused({
      zh: '请指明为谁新建：--account ID 或 --operator',
      en: 'say whose key it is: --account ID or --operator',
    });
    return;
  }
  if (options.newPepper === true && local !== true) {
    output.misused({ zh: '--new-pepper 须与 --local 同用', en: '--new-pepper goes with --local' });
    return;
  }
  if (local === true) {
    const { createLocally } = await import('./key-local.ts');
    return createLocally(options, output);
  }
  const scopes = options.scopes?.split(',').map((scope) => scope.trim());
  const body = { role: account === undefined ? 'operator' : 'account', account, name, scopes };
  const call = { method: 'POST', path: '/v1/keys', body, once: { key: options.idempotencyKey } } as const;
  await answerWith<MadeKey>(call, output, (answer) => showNewKey(answer.key, output));
}

async function list(query: { account?: string }, output: Output): Promise<void> {
  const say = (zh: string, en: string) => output.say({ zh, en });
  const call = { method: 'GET', path: '/v1/keys', query } as const;
  const show = async ({ keys }: { readonly keys: readonly KeyRow[] }) => {
    const columns = [
      { title: 'id', of: (key: KeyRow) => key.id },
      { title: say('属于', 'of'), of: (key: KeyRow) => key.account ?? say('运营方', 'operator') },
      { title: say('名称', 'name'), of: (key: KeyRow) => key.name },
      { title: say('权限', 'scopes'), of: (key: KeyRow) => key.scopes.join(' ') },
      { title: say('新建于', 'made'), of: (key: KeyRow) => key.createdAt },
      { title: say('新建者', 'by'), of: (key: KeyRow) => key.createdBy },
      { title: say('作废于', 'revoked'), of: (key: KeyRow) => key.revokedAt },
      { title: say('作废者', 'by'), of: (key: KeyRow) => key.revokedBy },
    ];
    await printTable(output, columns, keys);
  };
  await answerWith(call, output, show, allPagesOf('keys'));
}

async function revoke(id: string, output: Output): Promise<void> {
  await answerWith({ method: 'DELETE', path: path`/v1/keys/${id}` }, output, () =>
    output.print(output.say({ zh: `已作废 ${id}`, en: `revoked ${id}` })),
  );
}
