// suanpan key: API keys. Each is shown once, when it is made.

import type { Command } from 'commander';
import { path } from './client.ts';
import type { Output } from './output.ts';
import { answerWith, examplesOf, printTable } from './show.ts';

const examples = `suanpan key create --account acme --name "billing script"
suanpan key create --local
suanpan key list
suanpan key revoke 1a2b3c4d
`;

interface CreateOptions {
  readonly account?: string;
  readonly name: string;
  readonly local?: true;
}

interface KeyRow {
  readonly id: string;
  readonly account: string | null;
  readonly name: string;
  readonly createdAt: string;
  readonly revokedAt: string | null;
}

export function registerKey(program: Command, output: Output): void {
  const say = (zh: string, en: string) => output.say({ zh, en });
  const key = program
    .command('key')
    .description(say('API 密钥：新建、列出、作废', 'API keys: create, list, revoke'))
    .addHelpText('before', examplesOf(output, examples));
  key
    .command('create')
    .description(say('新建密钥；仅显示这一次', 'make a key; it is shown only now'))
    .option('--account <ID>', say('账户密钥；不给则为运营方密钥', "an account's key; without it an operator's"))
    .option('--name <NAME>', say('名称', 'name'), 'key')
    .option(
      '--local',
      say(
        '不经服务、直接写入本机数据库（丢失密钥时）',
        'straight into the database of this machine, for when a key is lost',
      ),
    )
    .action((options: CreateOptions) => create(options, output));
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

async function create(options: CreateOptions, output: Output): Promise<void> {
  const { account, name } = options;
  if (options.local === true) return createLocally(account, name, output);
  const call = { method: 'POST', path: '/v1/keys', body: { account, name } } as const;
  await answerWith<{ key: string }>(call, output, (answer) => showNew(answer.key, output));
}

async function createLocally(account: string | undefined, name: string, output: Output): Promise<void> {
  const [{ withLocalLedger, configurationOf }, { createKey }, { readPepper }, { readAccount }, { isRefusal }] =
    await Promise.all([
      import('./local-ledger.ts'),
      import('../operations/api-keys.ts'),
      import('../configuration.ts'),
      import('../operations/read-account.ts'),
      import('../core/refusal.ts'),
    ]);
  const configuration = configurationOf(output);
  if (configuration === undefined) return;
  await withLocalLedger(output, async (suanpan) => {
    const now = suanpan.clock();
    const known = account === undefined ? undefined : await readAccount(suanpan.pool, suanpan, account, now);
    if (isRefusal(known)) {
      output.refused(known);
      return;
    }
    const order = { account: account ?? null, name };
    const made = await createKey(suanpan.pool, order, readPepper(process.env, configuration.dataFolder), now);
    if (output.json) output.printJson({ id: made.prefix, ...order, key: made.key });
    else showNew(made.key, output);
  });
}

function showNew(key: string, output: Output): void {
  output.print(key);
  output.tell(output.say({ zh: '请妥善保存：密钥不会再次显示', en: 'Keep it safe: it is not shown again' }));
}

async function list(query: { account?: string }, output: Output): Promise<void> {
  const say = (zh: string, en: string) => output.say({ zh, en });
  await answerWith<{ keys: KeyRow[] }>({ method: 'GET', path: '/v1/keys', query }, output, async ({ keys }) => {
    const columns = [
      { title: 'id', of: (key: KeyRow) => key.id },
      { title: say('属于', 'of'), of: (key: KeyRow) => key.account ?? say('运营方', 'operator') },
      { title: say('名称', 'name'), of: (key: KeyRow) => key.name },
      { title: say('新建于', 'made'), of: (key: KeyRow) => key.createdAt },
      { title: say('作废于', 'revoked'), of: (key: KeyRow) => key.revokedAt },
    ];
    await printTable(output, columns, keys);
  });
}

async function revoke(id: string, output: Output): Promise<void> {
  await answerWith({ method: 'DELETE', path: path`/v1/keys/${id}` }, output, () =>
    output.print(output.say({ zh: `已作废 ${id}`, en: `revoked ${id}` })),
  );
}
