// suanpan book version: new prices of a book for all its accounts.

import type { Command } from 'commander';
import type { BookVersion, BookVersions, VersionPreview } from '../http/contract/book-versions.ts';
import { cliBookVersionWords } from '../words/cli/book-version.ts';
import { headingWords } from '../words/cli/headings.ts';
import { path } from './client.ts';
import type { Output } from './output.ts';
import { allPagesOf, answerWith, examplesOf, printTable } from './show.ts';

const examples = `suanpan book version preview faceid-legacy --prices-of faceid-legacy-2027
suanpan book version announce faceid-legacy --from 2027-01 --prices-of faceid-legacy-2027
suanpan book version list faceid-legacy
suanpan book version take-back faceid-legacy --from 2027-01
`;

export function registerBookVersion(book: Command, output: Output): void {
  const { say } = output;
  const version = book
    .command('version')
    .description(say(cliBookVersionWords.versionCommand))
    .addHelpText('before', examplesOf(output, examples));
  version
    .command('announce')
    .description(say(cliBookVersionWords.announce))
    .argument('<BOOK>', say(cliBookVersionWords.book))
    .requiredOption('--from <MONTH>', say(cliBookVersionWords.firstMonth))
    .requiredOption('--prices-of <BOOK>', say(cliBookVersionWords.pricesOf))
    .action((id: string, body: { from: string; pricesOf: string }) => announce(id, body, output));
  version
    .command('preview')
    .description(say(cliBookVersionWords.preview))
    .argument('<BOOK>', say(cliBookVersionWords.book))
    .requiredOption('--prices-of <BOOK>', say(cliBookVersionWords.pricesOf))
    .action((id: string, query: { pricesOf: string }) => preview(id, query, output));
  version
    .command('list')
    .description(say(cliBookVersionWords.list))
    .argument('<BOOK>', say(cliBookVersionWords.book))
    .action((id: string) => list(id, output));
  version
    .command('take-back')
    .description(say(cliBookVersionWords.takeBack))
    .argument('<BOOK>', say(cliBookVersionWords.book))
    .requiredOption('--from <MONTH>', say(cliBookVersionWords.firstMonth))
    .action((id: string, query: { from: string }) => takeBack(id, query, output));
}

async function announce(id: string, body: { from: string; pricesOf: string }, output: Output): Promise<void> {
  const call = { method: 'POST', path: path`/v1/price-books/${id}/versions`, body } as const;
  await answerWith<BookVersion>(call, output, (version) => showVersions([version], output));
}

async function list(id: string, output: Output): Promise<void> {
  const call = { method: 'GET', path: path`/v1/price-books/${id}/versions` } as const;
  await answerWith<BookVersions>(call, output, ({ versions }) => showVersions(versions, output));
}

async function takeBack(id: string, query: { from: string }, output: Output): Promise<void> {
  const call = { method: 'DELETE', path: path`/v1/price-books/${id}/versions`, query } as const;
  await answerWith<{ readonly book: string; readonly from: string }>(call, output, ({ book, from }) =>
    output.print(output.say(cliBookVersionWords.takenBack(book, from))),
  );
}

async function preview(id: string, query: { pricesOf: string }, output: Output): Promise<void> {
  const { say } = output;
  type Row = VersionPreview['accounts'][number];
  const show = ({ accounts }: VersionPreview) => {
    const columns = [
      { title: say(headingWords.account), of: ({ account }: Row) => account },
      { title: say(headingWords.month), of: ({ month }: Row) => month },
      { title: say(cliBookVersionWords.before), of: ({ before }: Row) => before ?? '?', right: true },
      { title: say(cliBookVersionWords.after), of: ({ after }: Row) => after ?? '?', right: true },
      { title: say(cliBookVersionWords.difference), of: ({ difference }: Row) => difference ?? '?', right: true },
    ];
    return printTable(output, columns, accounts);
  };
  const call = { method: 'GET', path: path`/v1/price-books/${id}/versions/preview`, query } as const;
  await answerWith<VersionPreview>(call, output, show, allPagesOf('accounts'));
}

type Version = BookVersions['versions'][number];

function showVersions(rows: readonly Version[], output: Output): Promise<void> {
  const { say } = output;
  const columns = [
    { title: say(cliBookVersionWords.from), of: ({ from }: Version) => from },
    { title: say(cliBookVersionWords.pricesOfTitle), of: ({ pricesOf }: Version) => pricesOf },
    { title: say(cliBookVersionWords.announced), of: ({ announcedAt }: Version) => announcedAt },
    { title: say(cliBookVersionWords.by), of: ({ by }: Version) => by },
  ];
  return printTable(output, columns, rows);
}
