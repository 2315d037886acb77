// suanpan account: who is billed.

import { setTimeout as wait } from 'node:timers/promises';
import type { Command } from 'commander';
import { listNames } from '../core/list-names.ts';
import { parseQuantity } from '../core/quantity.ts';
import type { Account, AccountPage, ChangePage } from '../http/contract/accounts.ts';
import type { ListExport } from '../http/contract/list-exports.ts';
import { cliAccountWords } from '../words/cli/account.ts';
import { cliBillWords } from '../words/cli/bill.ts';
import { headingWords } from '../words/cli/headings.ts';
import { registerCap } from './cap.ts';
import { accountOf, callApi, path } from './client.ts';
import { registerCredential } from './credential.ts';
import { registerNote } from './note.ts';
import { exitCodes, type Output } from './output.ts';
import { saveFile } from './save-file.ts';
import {
  answerWith,
  examplesOf,
  printFacts,
  printTable,
  tellNext,
  withCallFilter,
  withOnce,
  withPage,
  yesNo,
} from './show.ts';

const examples = `suanpan account create acme --book faceid-legacy --name "Acme Ltd"
suanpan account list
suanpan account show acme
suanpan account set acme --postpaid off --cap 100000
suanpan account changes acme
suanpan account export calls acme --from 2026-01-01T00:00:00+08:00 --out calls.csv
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
  const { say } = output;
  const account = program
    .command('account')
    .description(say(cliAccountWords.accountCommand))
    .addHelpText('before', examplesOf(output, examples));
  registerCreate(account, output);
  registerCap(account, output);
  registerCredential(account, output);
  registerNote(account, output);
  account
    .command('show')
    .description(say(cliAccountWords.oneAccount))
    .argument('[ID]', say(headingWords.accountOrOwn))
    .action((id: string | undefined) => show(id, output));
  withPage(account.command('list'), output)
    .description(say(cliAccountWords.allAccounts))
    .option('--search <TEXT>', say(cliAccountWords.search))
    .option('--state <STATE>', say(cliAccountWords.ofState))
    .action((options: { search?: string; state?: string; limit?: string; cursor?: string }) => list(options, output));
  withPage(account.command('changes'), output)
    .description(say(cliAccountWords.settingChanges))
    .argument('[ID]', say(headingWords.accountOrOwn))
    .action((id: string | undefined, page: { limit?: string; cursor?: string }) => changes(id, page, output));
  const file = account
    .command('export')
    .description(say(cliAccountWords.listAsFile))
    .argument('<LIST>', `${say(cliAccountWords.whichList)} ${listNames.join(', ')}`)
    .argument('[ID]', say(headingWords.accountOrOwn))
    .option('--format <FORMAT>', 'csv, xlsx, json', 'csv')
    .option('--bom', say(cliBillWords.byteOrderMark))
    .option('-o, --out <FILE>', say(cliBillWords.fileToWrite), '-')
    .option('--background', say(cliAccountWords.inBackground));
  withCallFilter(file, output).action((list: string, id: string | undefined, options: ExportOptions) =>
    exportList(list, id, options, output),
  );
  account
    .command('set')
    .description(say(cliAccountWords.changeTheSettingsOfAnAccount))
    .argument('<ID>', say(headingWords.account))
    .option('--postpaid <on|off>', say(cliAccountWords.whetherCallsThatNoPackPays))
    .option('--cap <N|none>', say(cliAccountWords.mostPostpaidCallsAMonth))
    .option('--suspended <on|off>', say(cliAccountWords.suspendService))
    .action((id: string, options: SetOptions) => change(id, options, output));
}

interface ExportOptions {
  readonly out: string;
  readonly bom?: true;
  readonly background?: true;
  readonly [asked: string]: string | true | undefined;
}

async function exportList(
  list: string,
  named: string | undefined,
  options: ExportOptions,
  output: Output,
): Promise<void> {
  const id = await accountOf(named, output, 'argument');
  if (id === undefined) return;
  const { out, bom, background, ...asked } = options;
  if (background === true) return exportInBackground(id, { list, bom, ...asked }, out, output);
  const query = { ...(asked as Record<string, string | undefined>), list, ...(bom === true ? { bom: '1' } : {}) };
  await saveFile({ method: 'GET', path: path`/v1/accounts/${id}/export`, query }, out, output);
}

/** How often is looked how far a file is, milliseconds. */
const betweenLooks = 1_000;

/** Asks for the file, waits until the server has made it, and fetches it. It may be left and fetched later. */
async function exportInBackground(id: string, body: object, out: string, output: Output): Promise<void> {
  const query = { account: id };
  const url = '/v1/exports';
  const begun = (await callApi({ method: 'POST', path: url, body: { account: id, ...body } }, output)) as
    | ListExport
    | undefined;
  if (begun === undefined) return;
  output.tell(output.say(cliAccountWords.fileBegun(begun.id)));
  for (let row = begun; ; ) {
    if (row.state === 'done') break;
    if (row.state === 'failed') return output.fail(exitCodes.failure, cliAccountWords.fileFailed(row.problem ?? ''));
    await wait(betweenLooks);
    const next = (await callApi({ method: 'GET', path: `${url}/${row.id}`, query }, output)) as ListExport | undefined;
    if (next === undefined) return;
    if (next.rows !== row.rows) output.tell(output.say(cliAccountWords.rowsSoFar(next.rows, next.of ?? '?')));
    row = next;
  }
  await saveFile({ method: 'GET', path: `${url}/${begun.id}/file`, query }, out, output);
}

function registerCreate(account: Command, output: Output): void {
  const { say } = output;
  withOnce(account.command('create'), output)
    .description(say(cliAccountWords.openAnAccount))
    .argument('<ID>', say(cliAccountWords.letters))
    .option('--name <NAME>', say(headingWords.name))
    .option('--book <ID>', say(cliAccountWords.priceBook))
    .option('--opened <YYYY-MM-DD>', say(cliAccountWords.dayOfOpening))
    .option('--time-zone <ZONE>', say(cliAccountWords.timeZoneToGive))
    .option('--no-postpaid', say(cliAccountWords.noPostpaid))
    .option('--cap <N>', say(cliAccountWords.mostPostpaidCallsAMonth))
    .action((id: string, options: CreateOptions) => create(id, options, output));
}

async function create(id: string, options: CreateOptions, output: Output): Promise<void> {
  const cap = capOf(options.cap, output);
  if (cap === 'misused') return;
  const { name, book, opened, timeZone, postpaid } = options;
  const body = { id, name, book, opened, timeZone, ...(postpaid ? {} : { postpaid }), cap };
  const call = { method: 'POST', path: '/v1/accounts', body, once: { key: options.idempotencyKey } } as const;
  const tell = (status: number): void => {
    if (status === 200) output.tell(output.say(cliAccountWords.accountExistsAlready(id)));
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

async function list(
  query: { search?: string; state?: string; limit?: string; cursor?: string },
  output: Output,
): Promise<void> {
  const { say } = output;
  await answerWith<AccountPage>({ method: 'GET', path: '/v1/accounts', query }, output, async ({ accounts, next }) => {
    type Row = AccountPage['accounts'][number];
    const columns = [
      { title: say(headingWords.account), of: (row: Row) => row.id },
      { title: say(headingWords.name), of: (row: Row) => row.name },
      { title: say(cliAccountWords.priceBookName), of: (row: Row) => row.book },
      { title: say(headingWords.balance), of: (row: Row) => ('damaged' in row ? '–' : row.balance), right: true },
      { title: say(headingWords.state), of: (row: Row) => stateOf(row, output) },
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
    output.misused(cliAccountWords.nothingToChange);
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
  const { say } = output;
  const id = await accountOf(named, output, 'argument');
  if (id === undefined) return;
  const call = { method: 'GET', path: path`/v1/accounts/${id}/changes`, query } as const;
  const settings = (of: Change['before']): string =>
    of === null
      ? '–'
      : [
          `${say(headingWords.postpaid)} ${yesNo(output, of.postpaid)}`,
          `${say(cliAccountWords.cap)} ${of.cap ?? '–'}`,
          ...(of.suspended ? [say(cliAccountWords.suspended)] : []),
        ].join(', ');
  await answerWith<ChangePage>(call, output, async (answer) => {
    const columns = [
      { title: say(headingWords.time), of: (row: Change) => row.at },
      { title: say(cliAccountWords.changedBy), of: (row: Change) => row.by },
      { title: say(cliAccountWords.before), of: (row: Change) => settings(row.before) },
      { title: say(cliAccountWords.after), of: (row: Change) => settings(row.after) },
    ];
    await printTable(output, columns, answer.changes);
    tellNext(output, answer.next);
  });
}

function switchOf(option: string, text: string | undefined, output: Output): boolean | undefined | 'misused' {
  if (text === undefined) return undefined;
  if (text === 'on' || text === 'off') return text === 'on';
  output.misused(cliAccountWords.writeOnOrOff(option, text));
  return 'misused';
}

function capOf(text: string | undefined, output: Output): bigint | undefined | 'misused' {
  if (text === undefined) return undefined;
  const calls = parseQuantity(text);
  if (calls !== undefined) return calls;
  output.misused(cliAccountWords.capIsNoNumber(text), 'INVALID_QUANTITY');
  return 'misused';
}

function stateOf(account: AccountPage['accounts'][number], output: Output): string {
  if ('damaged' in account) return output.say(cliAccountWords.damaged);
  if (account.suspended) return output.say(cliAccountWords.suspended);
  if (account.serviceStopped) return output.say(cliAccountWords.stoppedForArrears);
  return output.say(cliAccountWords.inService);
}

function showAccount(account: Account, output: Output): Promise<void> {
  const { say } = output;
  return printFacts(output, [
    [say(headingWords.account), account.id],
    [say(headingWords.name), account.name],
    [say(cliAccountWords.priceBookName), account.book],
    [say(cliAccountWords.timeZoneName), account.timeZone],
    [say(cliAccountWords.opened), account.opened],
    [say(headingWords.postpaid), yesNo(output, account.postpaid)],
    [say(cliAccountWords.postpaidCap), account.cap],
    [say(headingWords.balance), `${account.currency} ${account.balance}`],
    [say(headingWords.state), stateOf(account, output)],
  ]);
}
