// suanpan forecast: what the running month will probably come to.

import type { Command } from 'commander';
import { groupDigits } from '../core/units.ts';
import type { Forecast } from '../http/contract/offers.ts';
import { cliForecastWords } from '../words/cli/forecast.ts';
import { headingWords } from '../words/cli/headings.ts';
import { accountOf, path } from './client.ts';
import type { Output } from './output.ts';
import { answerWith, cell, examplesOf, printTable } from './show.ts';

const examples = `suanpan forecast acme
suanpan forecast acme --json
`;

export function registerForecast(program: Command, output: Output): void {
  const { say } = output;
  program
    .command('forecast')
    .description(say(cliForecastWords.forecast))
    .argument('[ACCOUNT]', say(headingWords.accountOrOwn))
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
  const { say } = output;
  const rows: Row[] = [
    ...meters.map((estimate) => ({ name: estimate.meter, ...estimate })),
    { name: say(cliForecastWords.allCalls), ...calls },
    { name: `${say(headingWords.bill)} ${currency}`, ...bill },
  ];
  await printTable(
    output,
    [
      { title: '', of: (row: Row) => row.name },
      { title: say(cliForecastWords.soFar), of: (row: Row) => row.soFar, right: true },
      { title: say(cliForecastWords.atTheMonthsEnd), of: (row: Row) => row.expected, right: true },
      { title: say(cliForecastWords.low), of: (row: Row) => row.low, right: true },
      { title: say(cliForecastWords.high), of: (row: Row) => row.high, right: true },
    ],
    rows,
  );
}

const dayCell = ({ expected, earliest, latest }: Forecast['postpaidFrom']): string => {
  if (expected === null && earliest === null) return '–';
  return earliest === null ? String(expected) : `${cell(expected)} (${earliest} … ${latest ?? ''})`;
};

function showPacks(packs: readonly Forecast['packs'][number][], output: Output): Promise<void> {
  const { say } = output;
  return printTable(
    output,
    [
      {
        title: say(headingWords.pack),
        of: ({ pack, count }: Forecast['packs'][number]) =>
          count === 1 ? pack : `${groupDigits(String(count))} × ${pack} …`,
      },
      { title: say(headingWords.product), of: (row: Forecast['packs'][number]) => row.product },
      { title: say(headingWords.left), of: (row: Forecast['packs'][number]) => row.remaining, right: true },
      { title: say(cliForecastWords.lastDay), of: (row: Forecast['packs'][number]) => row.lastDay },
      { title: say(cliForecastWords.runsDry), of: (row: Forecast['packs'][number]) => dayCell(row.runsDry) },
      {
        title: say(cliForecastWords.lostAtTheEnd),
        of: (row: Forecast['packs'][number]) => row.forfeits.calls.expected,
        right: true,
      },
      {
        title: say(cliForecastWords.worth),
        of: (row: Forecast['packs'][number]) => row.forfeits.worth.expected,
        right: true,
      },
    ],
    packs,
  );
}
