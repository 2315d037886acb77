// suanpan forecast: what the running month will probably come to.

import type { Command } from 'commander';
import { groupDigits } from '../core/units.ts';
import type { Forecast } from '../http/contract/offers.ts';
import { accountOf, path } from './client.ts';
import type { Output } from './output.ts';
import { answerWith, cell, examplesOf, printTable } from './show.ts';

const examples = `suanpan forecast acme
suanpan forecast acme --json
`;

export function registerForecast(program: Command, output: Output): void {
  const say = (zh: string, en: string) => output.say({ zh, en });
  program
    .command('forecast')
    .description(
      say(
        '预测：月末次数与账单、资源包用尽日、到期作废',
        'forecast: calls and bill at the month’s end, when packs run dry, what will be lost',
      ),
    )
    .argument('[ACCOUNT]', say('账户；默认为密钥自己的账户', "account; by default the key's own"))
    .addHelpText('before', examplesOf(output, examples))
    .action((account: string | undefined) => showForecast(account, output));
}

async function showForecast(named: string | undefined, output: Output): Promise<void> {
  const id = await accountOf(named, output, 'argument');
  if (id === undefined) return;
  const call = { method: 'GET', path: path`/v1/accounts/${id}/forecast` } as const;
  await answerWith<Forecast>(call, output, async (answer) => {
    output.print(output.say(answer.summary));
    await showEstimates(answer, output);
    if (answer.packs.length > 0) await showPacks(answer.packs, output);
    for (const notice of [...answer.notices, ...answer.billNotices]) output.print(`* ${output.say(notice)}`);
  });
}

interface Row {
  readonly name: string;
  readonly soFar: unknown;
  readonly expected: unknown;
  readonly low: unknown;
  readonly high: unknown;
}

async function showEstimates({ calls, meters, bill, currency }: Forecast, output: Output): Promise<void> {
  const say = (zh: string, en: string) => output.say({ zh, en });
  const rows: Row[] = [
    ...meters.map((estimate) => ({ name: estimate.meter, ...estimate })),
    { name: say('全部次数', 'all calls'), ...calls },
    { name: `${say('账单', 'bill')} ${currency}`, ...bill },
  ];
  await printTable(
    output,
    [
      { title: '', of: (row: Row) => row.name },
      { title: say('至今', 'so far'), of: (row: Row) => row.soFar, right: true },
      { title: say('月末预计', 'at the month’s end'), of: (row: Row) => row.expected, right: true },
      { title: say('低（80%）', 'low (80%)'), of: (row: Row) => row.low, right: true },
      { title: say('高（80%）', 'high (80%)'), of: (row: Row) => row.high, right: true },
    ],
    rows,
  );
}

const dayCell = ({ expected, earliest, latest }: Forecast['postpaidFrom']): string => {
  if (expected === null && earliest === null) return '–';
  return earliest === null ? String(expected) : `${cell(expected)} (${earliest} … ${latest ?? ''})`;
};

function showPacks(packs: readonly Forecast['packs'][number][], output: Output): Promise<void> {
  const say = (zh: string, en: string) => output.say({ zh, en });
  return printTable(
    output,
    [
      {
        title: say('资源包', 'pack'),
        of: ({ pack, count }: Forecast['packs'][number]) =>
          count === 1 ? pack : `${groupDigits(String(count))} × ${pack} …`,
      },
      { title: say('产品', 'product'), of: (row: Forecast['packs'][number]) => row.product },
      { title: say('剩余', 'left'), of: (row: Forecast['packs'][number]) => row.remaining, right: true },
      { title: say('最后一日', 'last day'), of: (row: Forecast['packs'][number]) => row.lastDay },
      { title: say('用尽', 'runs dry'), of: (row: Forecast['packs'][number]) => dayCell(row.runsDry) },
      {
        title: say('到期作废', 'lost at the end'),
        of: (row: Forecast['packs'][number]) => row.forfeits.calls.expected,
        right: true,
      },
      { title: say('价值', 'worth'), of: (row: Forecast['packs'][number]) => row.forfeits.worth.expected, right: true },
    ],
    packs,
  );
}
