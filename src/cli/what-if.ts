// suanpan what-if: what past months would have cost on other terms.

import { readFileSync, statSync } from 'node:fs';
import type { Command } from 'commander';
import type { Words } from '../core/price-book.ts';
import { parseQuantity } from '../core/quantity.ts';
import type { WhatIf } from '../http/contract/offers.ts';
import { cliForecastWords } from '../words/cli/forecast.ts';
import { headingWords } from '../words/cli/headings.ts';
import { accountOf } from './client.ts';
import type { Output } from './output.ts';
import { readPack } from './quote.ts';
import { answerWith, examplesOf, printTable } from './show.ts';

const examples = `suanpan what-if acme --months 6 --book faceid-2021
suanpan what-if acme --months 3 --pack basic_authority:100000x2
suanpan what-if acme --months 12 --book offer.json --growth 1.2 --json
`;

interface Options {
  readonly months: string;
  readonly book?: string;
  readonly pack?: readonly string[];
  readonly packs: boolean;
  readonly growth?: string;
}

export function registerWhatIf(program: Command, output: Output): void {
  const { say } = output;
  program
    .command('what-if')
    .description(say(cliForecastWords.whatPastMonthsWouldHaveCost))
    .argument('[ACCOUNT]', say(headingWords.accountOrOwn))
    .requiredOption('--months <N>', say(cliForecastWords.wholeMonthsBeforeTheRunningOne))
    .option('--book <ID|FILE>', say(cliForecastWords.anotherPriceBook))
    .option('--pack <PRODUCT:SIZExK...>', say(cliForecastWords.packsBoughtAtTheStart))
    .option('--no-packs', say(cliForecastWords.noPacksAreBought))
    .option('--growth <FACTOR>', say(cliForecastWords.callsTimesThisFactor))
    .addHelpText('before', examplesOf(output, examples))
    .action((account: string | undefined, options: Options) => runWhatIf(account, options, output));
}

async function runWhatIf(named: string | undefined, options: Options, output: Output): Promise<void> {
  const asked = await readRequest(options);
  if (!('body' in asked)) {
    output.misused(asked);
    return;
  }
  const account = await accountOf(named, output, 'argument');
  if (account === undefined) return;
  const call = { method: 'POST', path: '/v1/what-if', body: { account, ...asked.body } } as const;
  await answerWith<WhatIf>(call, output, async (answer) => {
    await showMonths(answer, output);
    output.print(output.say(answer.summary));
    for (const notice of answer.notices) output.print(`* ${output.say(notice)}`);
  });
}

/** The request's fields, or what is wrong with the arguments. */
async function readRequest({ months, book, pack, packs, growth }: Options): Promise<{ readonly body: object } | Words> {
  const count = parseQuantity(months);
  if (count === undefined || count > 24n) {
    return cliForecastWords.months(months);
  }
  const factor = growth === undefined ? undefined : readGrowth(growth);
  if (factor === null) {
    return cliForecastWords.growth(growth ?? '');
  }
  const wishes = [];
  for (const text of pack ?? []) {
    const wish = readPack(text);
    if ('zh' in wish) return wish;
    wishes.push(wish);
  }
  if (!packs && wishes.length > 0) {
    return cliForecastWords.packAndNoPacksExcludeEach;
  }
  const offer = book === undefined ? { given: undefined } : await bookOrOffer(book);
  if (!('given' in offer)) return offer;
  // What is undefined is left out of the JSON.
  const body = {
    months: Number(count),
    book: offer.given,
    packs: wishes.length > 0 || !packs ? wishes : undefined,
    growth: factor,
  };
  return { body };
}

const readGrowth = (text: string): number | null =>
  /^\d{1,4}(\.\d{1,4})?$/.test(text) && Number(text) > 0 ? Number(text) : null;

/** A file is sent whole: the server need not know the offer. Anything else is an id that the server knows. */
async function bookOrOffer(named: string): Promise<{ readonly given: unknown } | Words> {
  if (statSync(named, { throwIfNoEntry: false })?.isFile() !== true) return { given: named };
  const { parseJson } = await import('../book/shelf.ts');
  const json = parseJson(readFileSync(named));
  if ('value' in json) return { given: json.value };
  const [{ zh, en } = { zh: '', en: '' }] = json.problems;
  return { zh: `${named}：${zh}`, en: `${named}: ${en}` };
}

interface Row {
  readonly month: string;
  readonly calls: { readonly real: unknown; readonly whatIf: unknown };
  readonly real: WhatIf['total']['real'] | WhatIf['months'][number]['real'];
  readonly whatIf: WhatIf['total']['whatIf'] | WhatIf['months'][number]['whatIf'];
  readonly difference: string | null;
}

const amountOf = ({ total, estimate }: Pick<Row['real'], 'total' | 'estimate'>): string | null =>
  total === null && estimate !== null ? `≈ ${estimate}` : total;

function showMonths({ months, total }: WhatIf, output: Output): Promise<void> {
  const { say } = output;
  const rows: readonly Row[] = [...months, { month: say(cliForecastWords.inAll), ...total }];
  return printTable(
    output,
    [
      { title: say(headingWords.month), of: (row: Row) => row.month },
      { title: say(headingWords.calls), of: (row: Row) => row.calls.whatIf, right: true },
      { title: say(cliForecastWords.really), of: (row: Row) => row.calls.real, right: true },
      { title: say(headingWords.prepaid), of: (row: Row) => row.whatIf.prepaid, right: true },
      { title: say(headingWords.postpaidShort), of: (row: Row) => row.whatIf.postpaid, right: true },
      { title: say(cliForecastWords.total), of: (row: Row) => amountOf(row.whatIf), right: true },
      { title: say(cliForecastWords.reallyBilled), of: (row: Row) => amountOf(row.real), right: true },
      { title: say(cliForecastWords.difference), of: (row: Row) => row.difference, right: true },
    ],
    rows,
  );
}
