// suanpan contract: prices that one account has agreed on.

import type { Command } from 'commander';
import type { AgreedContract, ContractPage, ContractPreview } from '../http/contract/prices.ts';
import { cliContractWords } from '../words/cli/contract.ts';
import { headingWords } from '../words/cli/headings.ts';
import { unitPriceText } from '../words/figures.ts';
import { accountOf, path } from './client.ts';
import type { Output } from './output.ts';
import { answerWith, examplesOf, printTable, tellNext, withOnce, withPage } from './show.ts';

const examples = `suanpan contract set acme --from 2026-03 --tier liveness_verification:200000=0.55
suanpan contract set acme --from 2026-03 --pack basic_authority:100000=70000.00
suanpan contract preview acme --from 2026-03 --tier liveness_verification:200000=0.55
suanpan contract set acme --from 2026-03 --prices-of faceid-2021-plus
suanpan contract list acme
`;

interface TermOptions {
  readonly from: string;
  readonly tier?: readonly string[];
  readonly pack?: readonly string[];
  readonly pricesOf?: string;
  readonly idempotencyKey?: string;
}

export function registerContract(program: Command, output: Output): void {
  const { say } = output;
  const contract = program
    .command('contract')
    .description(say(cliContractWords.contractCommand))
    .addHelpText('before', examplesOf(output, examples));
  withOnce(withTerms(contract.command('set'), output), output)
    .description(say(cliContractWords.agree))
    .action((id: string, options: TermOptions) => agree(id, options, output));
  withTerms(contract.command('preview'), output)
    .description(say(cliContractWords.preview))
    .action((id: string, options: TermOptions) => preview(id, options, output));
  withPage(contract.command('list'), output)
    .description(say(cliContractWords.list))
    .argument('[ACCOUNT]', say(headingWords.accountOrOwn))
    .action((id: string | undefined, query: { limit?: string; cursor?: string }) => list(id, query, output));
}

const withTerms = (command: Command, { say }: Output): Command =>
  command
    .argument('<ACCOUNT>', say(headingWords.account))
    .requiredOption('--from <MONTH>', say(cliContractWords.firstMonth))
    .option('--tier <TARIFF:FROM=PRICE...>', say(cliContractWords.priceOfATier))
    .option('--pack <PRODUCT:SIZE=PRICE...>', say(cliContractWords.priceOfAPack))
    .option('--prices-of <BOOK>', say(cliContractWords.pricesOf));

/** `NAME:NUMBER=PRICE` of one option; undefined when a text is none, which has been said. */
function readPrices(texts: readonly string[], option: string, output: Output) {
  const prices = new Map<string, { readonly at: number; readonly price: string | null }[]>();
  for (const text of texts) {
    const [, name, at, price] = /^([^:=]+):(\d{1,13})=(none|[\d.]+)$/.exec(text) ?? [];
    if (name === undefined || at === undefined || price === undefined) {
      output.misused(cliContractWords.noPrice(option, text));
      return undefined;
    }
    prices.set(name, [...(prices.get(name) ?? []), { at: Number(at), price: price === 'none' ? null : price }]);
  }
  return prices;
}

function bodyOf({ from, tier = [], pack = [], pricesOf }: TermOptions, output: Output) {
  if (pricesOf !== undefined && tier.length + pack.length > 0) {
    output.misused(cliContractWords.eitherPricesOf);
    return undefined;
  }
  if (pricesOf !== undefined) return { from, pricesOf };
  const [tariffs, packs] = [readPrices(tier, '--tier', output), readPrices(pack, '--pack', output)];
  if (tariffs === undefined || packs === undefined) return undefined;
  const tiers = [...tariffs].map(([name, prices]) => {
    const rising = prices.toSorted((a, b) => a.at - b.at);
    return [name, rising.map(({ at, price }) => ({ from: at, price }))];
  });
  const sizes = [...packs].map(([name, prices]) => [name, prices.map(({ at, price }) => ({ size: at, price }))]);
  return { from, tariffs: Object.fromEntries(tiers), packs: Object.fromEntries(sizes) };
}

async function agree(id: string, options: TermOptions, output: Output): Promise<void> {
  const body = bodyOf(options, output);
  if (body === undefined) return;
  const once = { key: options.idempotencyKey };
  const call = { method: 'POST', path: path`/v1/accounts/${id}/contracts`, body, once } as const;
  await answerWith<AgreedContract>(call, output, (agreed) => showContracts([agreed], output));
}

async function preview(id: string, options: TermOptions, output: Output): Promise<void> {
  const { say } = output;
  const body = bodyOf(options, output);
  if (body === undefined) return;
  const call = { method: 'POST', path: path`/v1/accounts/${id}/contracts/preview`, body } as const;
  await answerWith<ContractPreview>(call, output, async ({ month, before, after, difference }) => {
    type Side = { readonly name: string; readonly side: ContractPreview['before'] };
    const columns = [
      { title: month, of: ({ name }: Side) => name },
      { title: say(headingWords.prepaid), of: ({ side }: Side) => side.prepaid, right: true },
      { title: say(headingWords.postpaid), of: ({ side }: Side) => side.postpaid ?? '?', right: true },
      {
        title: say(headingWords.total),
        of: ({ side }: Side) => side.total ?? `(${side.estimate ?? '?'})`,
        right: true,
      },
    ];
    const sides = [
      { name: say(cliContractWords.asItWas), side: before },
      { name: say(cliContractWords.underTheContract), side: after },
    ];
    await printTable(output, columns, sides);
    if (difference !== null) output.print(say(cliContractWords.difference(difference)));
  });
}

async function list(
  named: string | undefined,
  query: { limit?: string; cursor?: string },
  output: Output,
): Promise<void> {
  const id = await accountOf(named, output, 'argument');
  if (id === undefined) return;
  const call = { method: 'GET', path: path`/v1/accounts/${id}/contracts`, query } as const;
  await answerWith<ContractPage>(call, output, async ({ contracts, next }) => {
    await showContracts(contracts, output);
    tellNext(output, next);
  });
}

type Contract = ContractPage['contracts'][number];

function showContracts(contracts: readonly Contract[], output: Output): Promise<void> {
  const { say } = output;
  const tierLines = ({ tariffs }: Contract) =>
    Object.entries(tariffs).flatMap(([id, tiers]) =>
      tiers.map(
        ({ from, price, per }) =>
          `${id}:${from}=${unitPriceText({ unitPrice: price, per }) || say(headingWords.askForAPrice)}`,
      ),
    );
  const packLines = ({ packs }: Contract) =>
    Object.entries(packs).flatMap(([id, sizes]) => sizes.map(({ size, price }) => `${id}:${size}=${price}`));
  const columns = [
    { title: say(cliContractWords.number), of: (row: Contract) => row.no, right: true },
    { title: say(cliContractWords.from), of: (row: Contract) => row.from },
    { title: say(cliContractWords.tiers), of: (row: Contract) => tierLines(row).join('\n') },
    { title: say(headingWords.pack), of: (row: Contract) => packLines(row).join('\n') },
    { title: say(cliContractWords.agreed), of: (row: Contract) => row.agreedAt },
    { title: say(cliContractWords.by), of: (row: Contract) => row.by },
  ];
  return printTable(output, columns, contracts);
}
