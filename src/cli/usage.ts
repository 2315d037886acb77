// suanpan usage: send one event, import a file of them, list, void, review, sum up.

import { randomUUID } from 'node:crypto';
import type { Command } from 'commander';
import type { Usage } from '../http/contract/accounts.ts';
import type { EventPage, EventResult, Receipt } from '../http/contract/events.ts';
import { accountOf, path } from './client.ts';
import { exitCodes, type Output } from './output.ts';
import { parseQuantity } from './quantities.ts';
import { showReceipt } from './receipt.ts';
import { answerWith, examplesOf, printTable, tellNext, withAccount, withOnce, withPage, withSource } from './show.ts';
import { registerImport } from './usage-import.ts';
import { registerInspect } from './usage-inspect.ts';

const examples = `suanpan usage send --account acme --meter liveness.basic.authority --calls 3
suanpan usage inspect january.csv
suanpan usage import january.ndjson.gz
suanpan usage list --account acme --from 2026-01-01T00:00:00+08:00
suanpan usage summary 2026-01 --account acme
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
  readonly limit?: string;
  readonly cursor?: string;
}

interface DecideOptions {
  readonly account?: string;
  readonly source?: string;
  readonly idempotencyKey?: string;
}

export function registerUsage(program: Command, output: Output): void {
  const say = (zh: string, en: string) => output.say({ zh, en });
  const usage = program
    .command('usage')
    .description(say('用量：上报、导入、列出、撤销、汇总', 'usage: send, import, list, void, review, sum up'))
    .addHelpText('before', examplesOf(output, examples));
  registerSend(usage, output);
  registerImport(usage, output);
  registerInspect(usage, output);
  withPage(withAccount(usage.command('list'), output), output)
    .description(say('用量事件，按调用时间', 'usage events in order of call time'))
    .option('--from <TIME>', say('从此时间（含）', 'from this time on'))
    .option('--to <TIME>', say('到此时间（不含）', 'before this time'))
    .action((options: ListOptions) => list(options, output));
  withAccount(usage.command('summary'), output)
    .description(say('某月的调用：按日、计量项、付费方', "a month's calls by day, meter and payer"))
    .argument('[MONTH]', say('月份，如 2026-01；默认本月', 'month, such as 2026-01; by default this one'))
    .action((month: string | undefined, options: { account?: string }) => summarize(month, options, output));
  withOnce(withSource(withAccount(usage.command('void'), output), output), output)
    .description(say('撤销一个事件（仅一次）', 'void an event, once'))
    .argument('<EVENT>', say('事件 id', 'id of the event'))
    .action((id: string, options: DecideOptions) => decide(path`/v1/events/${id}/void`, {}, options, output));
  withOnce(withSource(withAccount(usage.command('review'), output), output), output)
    .description(say('审核待定事件：计费或不计费', 'decide an event held for review: charged or not'))
    .argument('<EVENT>', say('事件 id', 'id of the event'))
    .requiredOption('--charge <yes|no>', say('是否计费', 'whether it is charged'))
    .action((id: string, options: DecideOptions & { charge: string }) => review(id, options, output));
}

function registerSend(usage: Command, output: Output): void {
  const say = (zh: string, en: string) => output.say({ zh, en });
  withAccount(usage.command('send'), output)
    .description(say('上报一个用量事件', 'send one usage event'))
    .option(
      '--id <ID>',
      say('事件 id；默认随机。同一 id 只计一次', 'id of the event, random by default; the same id counts once'),
    )
    .option('--meter <METER>', say('计量项', 'meter'))
    .option('--action <ACTION>', say('接口动作，代替计量项', 'action, instead of a meter'))
    .option('--channel <CHANNEL>', say('渠道', 'channel'))
    .option('--library <LIBRARY>', say('库', 'library'))
    .option('--result-code <CODE>', say('结果码', 'result code'))
    .option('--calls <N>', say('次数', 'calls'), '1')
    .option('--time <TIME>', say('调用时间；默认现在', 'time of the call; now by default'))
    .option('--department <NAME>', say('部门', 'department'))
    .action((options: SendOptions) => send(options, output));
}

async function send(options: SendOptions, output: Output): Promise<void> {
  const calls = parseQuantity(options.calls);
  if (calls === undefined) {
    output.misused(
      {
        zh: `--calls ${options.calls}：应为 1 到 10^12 的整数`,
        en: `--calls ${options.calls}: write a whole number from 1 to 10^12`,
      },
      'INVALID_QUANTITY',
    );
    return;
  }
  const id = options.id ?? randomUUID();
  const time = options.time ?? new Date().toISOString();
  const body = { ...options, id, calls, time };
  const call = { method: 'POST', path: '/v1/events', body } as const;
  await answerWith<EventResult>(call, output, async ({ status, receipt }) => {
    output.print(statusWords(status, output));
    if (receipt !== undefined) await showReceipt(receipt, output);
  });
  if (process.exitCode !== exitCodes.network) return;
  output.tell(
    output.say({
      zh: `不能确定事件是否已记录。用 --id ${id} --time ${time} 原样重试，不会重复计量`,
      en: `Whether the event was recorded is not known. Send it again with --id ${id} --time ${time}: it counts once`,
    }),
  );
}

const statusWords = (status: string, output: Output): string =>
  output.say({
    zh: { accepted: '已接受', duplicate: '重复，未再计量', held: '待人工审核' }[status] ?? status,
    en: { duplicate: 'duplicate, not counted again', held: 'held for review' }[status] ?? status,
  });

async function list(query: ListOptions, output: Output): Promise<void> {
  const say = (zh: string, en: string) => output.say({ zh, en });
  await answerWith<EventPage>(
    { method: 'GET', path: '/v1/events', query: { ...query } },
    output,
    async ({ events, next }) => {
      const drawn = (event: Receipt) => event.draws.map(({ pack, calls }) => `${pack} ${calls}`).join('\n');
      const columns = [
        { title: say('时间', 'time'), of: (event: Receipt) => event.time },
        { title: say('事件', 'event'), of: (event: Receipt) => event.event },
        ...(events.some(({ source }) => source !== undefined)
          ? [{ title: say('来源', 'source'), of: (event: Receipt) => event.source }]
          : []),
        { title: say('计量项', 'meter'), of: (event: Receipt) => event.meter },
        { title: say('次数', 'calls'), of: (event: Receipt) => event.calls, right: true },
        { title: say('抵扣', 'drawn from'), of: drawn },
        { title: say('后付费', 'postpaid'), of: (event: Receipt) => event.postpaid, right: true },
        { title: say('撤销', 'voided'), of: (event: Receipt) => event.voided },
      ];
      await printTable(output, columns, events);
      tellNext(output, next);
    },
  );
}

async function summarize(month: string | undefined, { account }: { account?: string }, output: Output): Promise<void> {
  const say = (zh: string, en: string) => output.say({ zh, en });
  const id = await accountOf(account, output);
  if (id === undefined) return;
  const call = { method: 'GET', path: path`/v1/accounts/${id}/usage`, query: { month } } as const;
  const payers: Readonly<Record<string, string>> = {
    postpaid: say('后付费', 'postpaid'),
    'not-charged': say('不计费', 'not charged'),
  };
  const payerOf = ({ payer, gift }: UsageLine): string =>
    payers[payer] ?? (gift ? `${payer} (${say('赠送', 'gift')})` : payer);
  await answerWith<Usage>(call, output, ({ lines }) =>
    printTable(
      output,
      [
        { title: say('日期', 'day'), of: (line: UsageLine) => line.day },
        { title: say('计量项', 'meter'), of: (line: UsageLine) => line.meter },
        { title: say('付费方', 'payer'), of: payerOf },
        { title: say('次数', 'calls'), of: (line: UsageLine) => line.calls, right: true },
      ],
      lines,
    ),
  );
}

async function review(id: string, options: DecideOptions & { readonly charge: string }, output: Output): Promise<void> {
  if (options.charge !== 'yes' && options.charge !== 'no') {
    output.misused({ zh: '--charge 应为 yes 或 no', en: '--charge: write yes or no' });
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
