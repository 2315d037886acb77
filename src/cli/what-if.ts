// suanpan what-if: what past months would have cost on other terms.

import { readFileSync, statSync } from 'node:fs';
import type { Command } from 'commander';
import type { Words } from '../core/price-book.ts';
import type { WhatIf } from '../http/contract/offers.ts';
import { accountOf } from './client.ts';
import type { Output } from './output.ts';
import { parseQuantity } from './quantities.ts';
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
  const say = (zh: string, en: string) => output.say({ zh, en });
  program
    .command('what-if')
    .description(
      say(
        '假如：过去几个月换价目表、换资源包或用量增减，费用会是多少（不写入任何数据）',
        'what past months would have cost with another book, other packs, more calls (writes nothing)',
      ),
    )
    .argument('[ACCOUNT]', say('账户；默认为密钥自己的账户', "account; by default the key's own"))
    .requiredOption('--months <N>', say('本月之前的整月数，1 到 24', 'whole months before the running one, 1 to 24'))
    .option(
      '--book <ID|FILE>',
      say('另一价目表的 id，或合同报价文件', 'another price book: its id, or an offer in a file'),
    )
    .option(
      '--pack <PRODUCT:SIZExK...>',
      say('期初购买的资源包，取代期间的实际购买', 'packs bought at the start, in place of what was really bought'),
    )
    .option('--no-packs', say('期间不购买任何资源包', 'no packs are bought'))
    .option('--growth <FACTOR>', say('用量乘以此系数，如 1.2', 'calls times this factor, such as 1.2'))
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
    return {
      zh: `--months ${months}：应为 1 到 24 的整数`,
      en: `--months ${months}: write a whole number from 1 to 24`,
    };
  }
  const factor = growth === undefined ? undefined : readGrowth(growth);
  if (factor === null) {
    return {
      zh: `--growth ${growth}：应为正数，如 1.2`,
      en: `--growth ${growth}: write a positive decimal such as 1.2`,
    };
  }
  const wishes = [];
  for (const text of pack ?? []) {
    const wish = readPack(text);
    if ('zh' in wish) return wish;
    wishes.push(wish);
  }
  if (!packs && wishes.length > 0) {
    return { zh: '--pack 与 --no-packs 不能同用', en: '--pack and --no-packs exclude each other' };
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
  const say = (zh: string, en: string) => output.say({ zh, en });
  const rows: readonly Row[] = [...months, { month: say('合计', 'in all'), ...total }];
  return printTable(
    output,
    [
      { title: say('月份', 'month'), of: (row: Row) => row.month },
      { title: say('次数', 'calls'), of: (row: Row) => row.calls.whatIf, right: true },
      { title: say('实际次数', 'really'), of: (row: Row) => row.calls.real, right: true },
      { title: say('预付', 'prepaid'), of: (row: Row) => row.whatIf.prepaid, right: true },
      { title: say('后付', 'postpaid'), of: (row: Row) => row.whatIf.postpaid, right: true },
      { title: say('共', 'total'), of: (row: Row) => amountOf(row.whatIf), right: true },
      { title: say('实际账单', 'really billed'), of: (row: Row) => amountOf(row.real), right: true },
      { title: say('差额', 'difference'), of: (row: Row) => row.difference, right: true },
    ],
    rows,
  );
}
