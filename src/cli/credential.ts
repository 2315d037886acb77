// suanpan account credential: what the SDKs of an account sign with at the gateway. A SecretKey is shown once.

import type { Command } from 'commander';
import type { CredentialList, MadeCredential } from '../http/contract/credentials.ts';
import { cliCredentialWords } from '../words/cli/credential.ts';
import { headingWords } from '../words/cli/headings.ts';
import { cliKeyWords } from '../words/cli/key.ts';
import { accountOf, path } from './client.ts';
import type { Output } from './output.ts';
import { answerWith, examplesOf, printTable, showNewKey, withOnce } from './show.ts';

const examples = `suanpan account credential create acme --name "loan app"
suanpan account credential create acme --name "help desk" --scopes read --actions GetDetectInfoEnhanced
suanpan account credential list acme
suanpan account credential rotate acme AKID0123456789abcdef0123456789abcdef --overlap-hours 48
suanpan account credential revoke acme AKID0123456789abcdef0123456789abcdef
`;

interface Once {
  readonly idempotencyKey?: string;
}

interface New {
  readonly name?: string;
  readonly scopes?: string;
  readonly actions?: string;
}

const listOf = (text: string | undefined): string[] | undefined => text?.split(',').map((each) => each.trim());

type Row = CredentialList['credentials'][number];

export function registerCredential(account: Command, output: Output): void {
  const { say } = output;
  const credential = account
    .command('credential')
    .description(say(cliCredentialWords.command))
    .addHelpText('before', examplesOf(output, examples));
  withOnce(credential.command('create'), output)
    .description(say(cliCredentialWords.create))
    .argument('<ACCOUNT>', say(headingWords.account))
    .option('--name <NAME>', say(headingWords.name))
    .option('--scopes <LIST>', say(cliCredentialWords.scopes))
    .option('--actions <LIST>', say(cliCredentialWords.actions))
    .action((id: string, { name, scopes, actions, idempotencyKey }: Once & New) => {
      const body = { name, scopes: listOf(scopes), actions: listOf(actions) };
      return make(path`/v1/accounts/${id}/credentials`, body, idempotencyKey, output);
    });
  credential
    .command('list')
    .description(say(cliCredentialWords.list))
    .argument('[ACCOUNT]', say(headingWords.accountOrOwn))
    .action((id: string | undefined) => list(id, output));
  withOnce(credential.command('rotate'), output)
    .description(say(cliCredentialWords.rotate))
    .argument('<ACCOUNT>', say(headingWords.account))
    .argument('<SECRET-ID>', say(cliCredentialWords.secretId))
    .option('--overlap-hours <N>', say(cliCredentialWords.overlapHours))
    .action((id: string, secretId: string, { overlapHours, idempotencyKey }: Once & { overlapHours?: string }) => {
      const body = { secretId, ...(overlapHours === undefined ? {} : { overlapHours: Number(overlapHours) }) };
      return make(path`/v1/accounts/${id}/credentials/rotate`, body, idempotencyKey, output);
    });
  credential
    .command('revoke')
    .description(say(cliCredentialWords.revoke))
    .argument('<ACCOUNT>', say(headingWords.account))
    .argument('<SECRET-ID>', say(cliCredentialWords.secretId))
    .action((id: string, secretId: string) => revoke(id, secretId, output));
}

/** SecretId and SecretKey, a line each. */
async function make(url: string, body: object, key: string | undefined, output: Output): Promise<void> {
  const call = { method: 'POST', path: url, body, once: { key } } as const;
  await answerWith<MadeCredential>(call, output, ({ secretId, secretKey }) => {
    output.print(secretId);
    showNewKey(secretKey, output);
  });
}

async function list(named: string | undefined, output: Output): Promise<void> {
  const id = await accountOf(named, output, 'argument');
  if (id === undefined) return;
  const { say } = output;
  const columns = [
    { title: 'SecretId', of: (row: Row) => row.secretId },
    { title: say(headingWords.name), of: (row: Row) => row.name },
    { title: say(cliKeyWords.scopes), of: (row: Row) => row.scopes.join(' ') },
    { title: say(cliCredentialWords.allowed), of: (row: Row) => row.actions?.join(' ') ?? '*' },
    { title: say(cliCredentialWords.generation), of: (row: Row) => row.generation },
    { title: say(cliCredentialWords.formerUntil), of: (row: Row) => row.formerUntil },
    { title: say(cliKeyWords.made), of: (row: Row) => row.createdAt },
    { title: say(cliKeyWords.madeBy), of: (row: Row) => row.createdBy },
  ];
  const call = { method: 'GET', path: path`/v1/accounts/${id}/credentials` } as const;
  await answerWith<CredentialList>(call, output, ({ credentials }) => printTable(output, columns, credentials));
}

async function revoke(id: string, secretId: string, output: Output): Promise<void> {
  const call = { method: 'DELETE', path: path`/v1/accounts/${id}/credentials`, query: { secretId } } as const;
  await answerWith(call, output, () => output.print(output.say(cliCredentialWords.revoked(secretId))));
}
