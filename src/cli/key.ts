// suanpan key: API keys. Each is shown once, when it is made.

import type { Command } from 'commander';
import type { KeyPage, MadeKey, PortalToken, RotatedKey } from '../http/contract/keys.ts';
import { headingWords } from '../words/cli/headings.ts';
import { cliKeyWords } from '../words/cli/key.ts';
import { path } from './client.ts';
import type { Output } from './output.ts';
import { allPagesOf, answerWith, examplesOf, printTable, showNewKey, withOnce } from './show.ts';

const examples = `suanpan key create --account acme --name "billing script"
suanpan key create --account acme --scopes meter --name gateway
suanpan key create --operator --name console
suanpan key create --local
suanpan key list
suanpan key portal --account acme --minutes 15
suanpan key rotate 1a2b3c4d --overlap-hours 48
suanpan key revoke 1a2b3c4d
`;

interface CreateOptions {
  readonly account?: string;
  readonly operator?: true;
  readonly name: string;
  readonly scopes?: string;
  readonly expires?: string;
  readonly local?: true;
  readonly newPepper?: true;
  readonly idempotencyKey?: string;
}

type KeyRow = KeyPage['keys'][number];

export function registerKey(program: Command, output: Output): void {
  const { say } = output;
  const key = program
    .command('key')
    .description(say(cliKeyWords.apiKeys))
    .addHelpText('before', examplesOf(output, examples));
  registerCreate(key, output);
  key
    .command('list')
    .description(say(cliKeyWords.keys))
    .option('--account <ID>', say(cliKeyWords.oneAccountsOnly))
    .action((query: { account?: string }) => list(query, output));
  withOnce(key.command('rotate'), output)
    .description(say(cliKeyWords.rotateAKey))
    .argument('<ID>', say(cliKeyWords.itsId))
    .option('--overlap-hours <N>', say(cliKeyWords.overlapHours))
    .action((id: string, options: { overlapHours?: string; idempotencyKey?: string }) => rotate(id, options, output));
  withOnce(key.command('portal'), output)
    .description(say(cliKeyWords.portal))
    .option('--account <ID>', say(headingWords.accountOrOwn))
    .option('--minutes <N>', say(cliKeyWords.minutes))
    .action((options: { account?: string; minutes?: string; idempotencyKey?: string }) => portal(options, output));
  key
    .command('revoke')
    .description(say(cliKeyWords.revokeAKey))
    .argument('<ID>', say(cliKeyWords.itsId))
    .action((id: string) => revoke(id, output));
}

function registerCreate(key: Command, output: Output): void {
  const { say } = output;
  withOnce(key.command('create'), output)
    .description(say(cliKeyWords.makeAKey))
    .option('--account <ID>', say(cliKeyWords.accountsKey))
    .option('--operator', say(cliKeyWords.operatorsKey))
    .option('--name <NAME>', say(headingWords.name), 'key')
    .option('--expires <TIME>', say(cliKeyWords.until))
    .option('--scopes <LIST>', say(cliKeyWords.whatItMayDo))
    .option('--local', say(cliKeyWords.straightIntoTheDatabaseOfThis))
    .option('--new-pepper', say(cliKeyWords.withLocal))
    .action((options: CreateOptions) => create(options, output));
}

async function create(options: CreateOptions, output: Output): Promise<void> {
  const { account, name, operator, local } = options;
  if (account !== undefined && operator === true) {
    output.misused(cliKeyWords.eitherAccountOrOperator);
    return;
  }
  if (account === undefined && operator !== true && local !== true) {
    output.misused(cliKeyWords.sayWhoseKeyItIs);
    return;
  }
  if (options.newPepper === true && local !== true) {
    output.misused(cliKeyWords.newPepperGoesWithLocal);
    return;
  }
  if (local === true) {
    const { createLocally } = await import('./key-local.ts');
    return createLocally(options, output);
  }
  const scopes = options.scopes?.split(',').map((scope) => scope.trim());
  const { expires } = options;
  const body = { role: account === undefined ? 'operator' : 'account', account, name, scopes, expires };
  const call = { method: 'POST', path: '/v1/keys', body, once: { key: options.idempotencyKey } } as const;
  await answerWith<MadeKey>(call, output, (answer) => showNewKey(answer.key, output));
}

async function list(query: { account?: string }, output: Output): Promise<void> {
  const { say } = output;
  const call = { method: 'GET', path: '/v1/keys', query } as const;
  const show = async ({ keys }: { readonly keys: readonly KeyRow[] }) => {
    const columns = [
      { title: 'id', of: (key: KeyRow) => key.id },
      { title: say(cliKeyWords.ofWord), of: (key: KeyRow) => key.account ?? say(cliKeyWords.operator) },
      { title: say(headingWords.name), of: (key: KeyRow) => key.name },
      { title: say(cliKeyWords.scopes), of: (key: KeyRow) => key.scopes.join(' ') },
      { title: say(cliKeyWords.made), of: (key: KeyRow) => key.createdAt },
      { title: say(cliKeyWords.madeBy), of: (key: KeyRow) => key.createdBy },
      { title: say(cliKeyWords.lastUsed), of: (key: KeyRow) => key.lastUsedAt },
      { title: say(headingWords.expires), of: (key: KeyRow) => key.expiresAt },
      { title: say(cliKeyWords.revokedAt), of: (key: KeyRow) => key.revokedAt },
      { title: say(cliKeyWords.revokedBy), of: (key: KeyRow) => key.revokedBy },
    ];
    await printTable(output, columns, keys);
  };
  await answerWith(call, output, show, allPagesOf('keys'));
}

async function portal(
  { account, minutes, idempotencyKey }: { account?: string; minutes?: string; idempotencyKey?: string },
  output: Output,
): Promise<void> {
  const body = { account, ...(minutes === undefined ? {} : { minutes: Number(minutes) }) };
  const call = { method: 'POST', path: '/v1/portal-tokens', body, once: { key: idempotencyKey } } as const;
  await answerWith<PortalToken>(call, output, async ({ key, expiresAt }) => {
    showNewKey(key, output);
    output.tell(output.say(cliKeyWords.goodUntil(expiresAt)));
  });
}

async function rotate(
  id: string,
  { overlapHours, idempotencyKey }: { overlapHours?: string; idempotencyKey?: string },
  output: Output,
): Promise<void> {
  const body = overlapHours === undefined ? {} : { overlapHours: Number(overlapHours) };
  const call = { method: 'POST', path: path`/v1/keys/${id}/rotate`, body, once: { key: idempotencyKey } } as const;
  await answerWith<RotatedKey>(call, output, async ({ key, formerUntil }) => {
    showNewKey(key, output);
    output.tell(output.say(cliKeyWords.formerUntil(id, formerUntil)));
  });
}

async function revoke(id: string, output: Output): Promise<void> {
  await answerWith({ method: 'DELETE', path: path`/v1/keys/${id}` }, output, () =>
    output.print(output.say(cliKeyWords.keyRevoked(id))),
  );
}
