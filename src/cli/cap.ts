// suanpan account cap: how many calls may be authorised a day or a month.

import type { Command } from 'commander';
import type { CapAnswer, CapList } from '../http/contract/caps.ts';
import { cliCapWords } from '../words/cli/cap.ts';
import { headingWords } from '../words/cli/headings.ts';
import { accountOf, path } from './client.ts';
import type { Output } from './output.ts';
import { answerWith, examplesOf, printTable } from './show.ts';

const examples = `suanpan account cap list acme
suanpan account cap set acme trial --per day --of all --most 1000 --key 1a2b3c4d
suanpan account cap set acme loans --per month --of postpaid --most 50000 --department loans
suanpan account cap remove acme loans
`;

interface SetOptions {
  readonly per: string;
  readonly of: string;
  readonly most: string;
  readonly department?: string;
  readonly meter?: string;
  readonly key?: string;
}

export function registerCap(account: Command, output: Output): void {
  const { say } = output;
  const cap = account
    .command('cap')
    .description(say(cliCapWords.capCommand))
    .addHelpText('before', examplesOf(output, examples));
  cap
    .command('list')
    .description(say(cliCapWords.list))
    .argument('[ACCOUNT]', say(headingWords.accountOrOwn))
    .action((id: string | undefined) => list(id, output));
  cap
    .command('set')
    .description(say(cliCapWords.set))
    .argument('<ACCOUNT>', say(headingWords.account))
    .argument('<NAME>', say(headingWords.name))
    .requiredOption('--per <day|month>', say(cliCapWords.per))
    .requiredOption('--of <all|postpaid>', say(cliCapWords.of))
    .requiredOption('--most <N>', say(cliCapWords.most))
    .option('--department <NAME>', say(cliCapWords.department))
    .option('--meter <METER>', say(cliCapWords.meter))
    .option('--key <ID>', say(cliCapWords.key))
    .action((id: string, name: string, options: SetOptions) => set(id, name, options, output));
  cap
    .command('remove')
    .description(say(cliCapWords.remove))
    .argument('<ACCOUNT>', say(headingWords.account))
    .argument('<NAME>', say(headingWords.name))
    .action((id: string, name: string) => remove(id, name, output));
}

async function list(named: string | undefined, output: Output): Promise<void> {
  const id = await accountOf(named, output, 'argument');
  if (id === undefined) return;
  const call = { method: 'GET', path: path`/v1/accounts/${id}/caps` } as const;
  await answerWith<CapList>(call, output, ({ caps }) => showCaps(caps, output));
}

async function set(id: string, name: string, { most, ...options }: SetOptions, output: Output): Promise<void> {
  if (!/^\d{1,13}$/.test(most)) return output.misused(cliCapWords.noWholeNumber(most));
  const body = { name, ...options, most: Number(most) };
  const call = { method: 'POST', path: path`/v1/accounts/${id}/caps`, body } as const;
  await answerWith<CapAnswer>(call, output, (cap) => showCaps([cap], output));
}

async function remove(id: string, name: string, output: Output): Promise<void> {
  const call = { method: 'DELETE', path: path`/v1/accounts/${id}/caps`, query: { name } } as const;
  await answerWith<{ readonly name: string }>(call, output, (removed) =>
    output.print(output.say(cliCapWords.removed(removed.name))),
  );
}

type Row = CapList['caps'][number];

const limitsOf = ({ department, meter, key }: Row): string =>
  [department, meter, key].filter((part) => part !== null).join(' ') || '–';

function showCaps(rows: readonly Row[], output: Output): Promise<void> {
  const { say } = output;
  const columns = [
    { title: say(headingWords.name), of: ({ name }: Row) => name ?? say(cliCapWords.own) },
    { title: say(cliCapWords.perTitle), of: ({ per }: Row) => per },
    { title: say(cliCapWords.ofTitle), of: ({ of }: Row) => of },
    { title: say(cliCapWords.limits), of: limitsOf },
    { title: say(cliCapWords.mostTitle), of: ({ most }: Row) => most, right: true },
    { title: say(cliCapWords.used), of: ({ used }: Row) => used, right: true },
    { title: say(headingWords.left), of: ({ left }: Row) => left, right: true },
    { title: say(cliCapWords.resets), of: ({ resetsAt }: Row) => resetsAt },
  ];
  return printTable(output, columns, rows);
}
