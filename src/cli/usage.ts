// suanpan usage: send one event, import a file of them, list, void, review, sum up.

import { randomUUID } from 'node:crypto';
import type { Command } from 'commander';
import { parseQuantity } from '../core/quantity.ts';
import type { DepartmentUsage, Usage } from '../http/contract/accounts.ts';
import type { EventPage, EventResult, Receipt } from '../http/contract/events.ts';
import { headingWords } from '../words/cli/headings.ts';
import { cliUsageWords, statusWords } from '../words/cli/usage.ts';
import { accountOf, path } from './client.ts';
import { exitCodes, type Output } from './output.ts';
import { showReceipt } from './receipt.ts';
import {
  answerWith,
  examplesOf,
  printTable,
  tellNext,
  withAccount,
  withCallFilter,
  withOnce,
  withPage,
  withSource,
} from './show.ts';
import { registerImport } from './usage-import.ts';
import { registerInspect } from './usage-inspect.ts';

const examples = `suanpan usage send --account acme --meter liveness.basic.authority --calls 3
suanpan usage inspect january.csv
suanpan usage import january.ndjson.gz
suanpan usage list --account acme --from 2026-01-01T00:00:00+08:00
suanpan usage list --account acme --payer postpaid --department loans
suanpan usage summary 2026-01 --account acme
suanpan usage departments 2026-01 --account acme
suanpan usage void e1 --account acme
`;

type UsageLine = Usage['lines'][number];

interface SendOptions {
  readonly account?: string;
  readonly id?: string;
  readonly meter?: string;
  readonly action?: string;
  readonly channel?: string;
  readonly library?: string;
  readonly resultCode?: string;
  readonly calls: string;
  readonly time?: string;
  readonly department?: string;
}

interface ListOptions {
  readonly account?: string;
  readonly from?: string;
  readonly to?: string;
  readonly meter?: string;
  readonly outcome?: string;
  readonly payer?: string;
  readonly department?: string;
  readonly resultCode?: string;
  readonly limit?: string;
  readonly cursor?: string;
}

interface DecideOptions {
  readonly account?: string;
  readonly source?: string;
  readonly idempotencyKey?: string;
}

export function registerUsage(program: Command, output: Output): void {
  const { say } = output;
  const usage = program
    .command('usage')
    .description(say(cliUsageWords.usageCommand))
    .addHelpText('before', examplesOf(output, examples));
  registerSend(usage, output);
  registerImport(usage, output);
  registerInspect(usage, output);
  withCallFilter(withPage(withAccount(usage.command('list'), output), output), output)
    .description(say(cliUsageWords.usageEventsInOrderOfCall))
    .action((options: ListOptions) => list(options, output));
  withAccount(usage.command('summary'), output)
    .description(say(cliUsageWords.monthsCallsByDay))
    .argument('[MONTH]', say(cliUsageWords.monthOrThis))
    .action((month: string | undefined, options: { account?: string }) => summarize(month, options, output));
  withAccount(usage.command('departments'), output)
    .description(say(cliUsageWords.departmentsOfAMonth))
    .argument('[MONTH]', say(cliUsageWords.monthOrThis))
    .action((month: string | undefined, options: { account?: string }) => listDepartments(month, options, output));
  withOnce(withSource(withAccount(usage.command('void'), output), output), output)
    .description(say(cliUsageWords.voidAnEvent))
    .argument('<EVENT>', say(headingWords.idOfTheEvent))
    .action((id: string, options: DecideOptions) => decide(path`/v1/events/${id}/void`, {}, options, output));
  withOnce(withSource(withAccount(usage.command('review'), output), output), output)
    .description(say(cliUsageWords.decideAnEventHeldForReview))
    .argument('<EVENT>', say(headingWords.idOfTheEvent))
    .requiredOption('--charge <yes|no>', say(cliUsageWords.whetherItIsCharged))
    .action((id: string, options: DecideOptions & { charge: string }) => review(id, options, output));
}

function registerSend(usage: Command, output: Output): void {
  const { say } = output;
  withAccount(usage.command('send'), output)
    .description(say(cliUsageWords.sendOneUsageEvent))
    .option('--id <ID>', say(cliUsageWords.idOrRandom))
    .option('--meter <METER>', say(headingWords.meter))
    .option('--action <ACTION>', say(cliUsageWords.action))
    .option('--channel <CHANNEL>', say(cliUsageWords.channel))
    .option('--library <LIBRARY>', say(cliUsageWords.library))
    .option('--result-code <CODE>', say(cliUsageWords.resultCode))
    .option('--calls <N>', say(headingWords.calls), '1')
    .option('--time <TIME>', say(cliUsageWords.timeOfTheCall))
    .option('--department <NAME>', say(headingWords.department))
    .action((options: SendOptions) => send(options, output));
}

async function send(options: SendOptions, output: Output): Promise<void> {
  const calls = parseQuantity(options.calls);
  if (calls === undefined) {
    output.misused(cliUsageWords.callsAreNoNumber(options.calls), 'INVALID_QUANTITY');
    return;
  }
  const id = options.id ?? randomUUID();
  const time = options.time ?? new Date().toISOString();
  const body = { ...options, id, calls, time };
  const call = { method: 'POST', path: '/v1/events', body } as const;
  await answerWith<EventResult>(call, output, async ({ status, receipt }) => {
    output.print(output.say(statusWords[status] ?? { zh: status, en: status }));
    if (receipt !== undefined) await showReceipt(receipt, output);
  });
  if (process.exitCode !== exitCodes.network) return;
  output.tell(output.say(cliUsageWords.whetherTheEventWasRecordedIs(id, time)));
}

async function list(query: ListOptions, output: Output): Promise<void> {
  const { say } = output;
  await answerWith<EventPage>(
    { method: 'GET', path: '/v1/events', query: { ...query } },
    output,
    async ({ events, next }) => {
      const drawn = (event: Receipt) => event.draws.map(({ pack, calls }) => `${pack} ${calls}`).join('\n');
      const columns = [
        { title: say(headingWords.time), of: (event: Receipt) => event.time },
        { title: say(headingWords.event), of: (event: Receipt) => event.event },
        ...(events.some(({ source }) => source !== undefined)
          ? [{ title: say(headingWords.source), of: (event: Receipt) => event.source }]
          : []),
        { title: say(headingWords.meter), of: (event: Receipt) => event.meter },
        { title: say(headingWords.calls), of: (event: Receipt) => event.calls, right: true },
        { title: say(headingWords.drawnFrom), of: drawn },
        { title: say(headingWords.postpaid), of: (event: Receipt) => event.postpaid, right: true },
        { title: say(cliUsageWords.voided), of: (event: Receipt) => event.voided },
      ];
      await printTable(output, columns, events);
      tellNext(output, next);
    },
  );
}

async function listDepartments(
  month: string | undefined,
  { account }: { account?: string },
  output: Output,
): Promise<void> {
  const { say } = output;
  const id = await accountOf(account, output);
  if (id === undefined) return;
  const call = { method: 'GET', path: path`/v1/accounts/${id}/usage/departments`, query: { month } } as const;
  type Line = DepartmentUsage['lines'][number];
  const columns = [
    { title: say(cliUsageWords.day), of: (line: Line) => line.day },
    { title: say(headingWords.department), of: (line: Line) => line.department },
    { title: say(headingWords.calls), of: (line: Line) => line.calls, right: true },
  ];
  await answerWith<DepartmentUsage>(call, output, ({ lines }) => printTable(output, columns, lines));
}

async function summarize(month: string | undefined, { account }: { account?: string }, output: Output): Promise<void> {
  const { say } = output;
  const id = await accountOf(account, output);
  if (id === undefined) return;
  const call = { method: 'GET', path: path`/v1/accounts/${id}/usage`, query: { month } } as const;
  const payers: Readonly<Record<string, string>> = {
    postpaid: say(headingWords.postpaid),
    'not-charged': say(headingWords.notCharged),
  };
  const payerOf = ({ payer, gift }: UsageLine): string =>
    payers[payer] ?? (gift ? `${payer} (${say(headingWords.gift)})` : payer);
  await answerWith<Usage>(call, output, ({ lines }) =>
    printTable(
      output,
      [
        { title: say(cliUsageWords.day), of: (line: UsageLine) => line.day },
        { title: say(headingWords.meter), of: (line: UsageLine) => line.meter },
        { title: say(cliUsageWords.payer), of: payerOf },
        { title: say(headingWords.calls), of: (line: UsageLine) => line.calls, right: true },
      ],
      lines,
    ),
  );
}

async function review(id: string, options: DecideOptions & { readonly charge: string }, output: Output): Promise<void> {
  if (options.charge !== 'yes' && options.charge !== 'no') {
    output.misused(cliUsageWords.charge);
    return;
  }
  await decide(path`/v1/events/${id}/review`, { charge: options.charge === 'yes' }, options, output);
}

async function decide(where: string, decision: object, options: DecideOptions, output: Output): Promise<void> {
  const body = { ...decision, account: options.account };
  const { source, idempotencyKey: key } = options;
  const call = { method: 'POST', path: where, query: { source }, body, once: { key } } as const;
  await answerWith<Receipt>(call, output, (receipt) => showReceipt(receipt, output));
}
