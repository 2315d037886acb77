// suanpan book: list, show and lint need no server; add puts a book on one.

import type { Command } from 'commander';
import { cliBookWords } from '../words/cli/book.ts';
import { registerBookVersion } from './book-version.ts';
import { exitCodes, type Output } from './output.ts';
import { examplesOf } from './show.ts';

const examples = `suanpan book list
suanpan book new my-book.json
suanpan book show faceid-legacy
suanpan book lint my-book.json
suanpan book compare faceid-legacy faceid-2021
suanpan book add my-book.json
`;

export function registerBook(program: Command, output: Output): void {
  const { say } = output;
  const book = program
    .command('book')
    .description(say(cliBookWords.priceBooks))
    .addHelpText('before', examplesOf(output, examples));
  registerBookVersion(book, output);
  book
    .command('list')
    .description(say(cliBookWords.priceBooksThatShipWithThe))
    .action(async () => (await import('./show-book.ts')).listBooks(output));
  book
    .command('show')
    .description(say(cliBookWords.meters))
    .argument('<ID|FILE>', say(cliBookWords.priceBooksIdOrAFile))
    .action(async (name: string) => {
      const { shelvedBook } = await import('./read-book.ts');
      const shelved = await shelvedBook(name, output);
      if (shelved !== undefined) await (await import('./show-book.ts')).showBook(shelved, output);
    });
  book
    .command('new')
    .description(say(cliBookWords.writeANewBook))
    .argument('<FILE>', say(cliBookWords.newFile))
    .action(async (file: string) => (await import('./book-new.ts')).writeNewBook(file, output));
  book
    .command('lint')
    .description(say(cliBookWords.checkAPriceBook))
    .argument('<FILE>', say(cliBookWords.priceBookFile))
    .action((file: string) => runLint(file, output));
  book
    .command('compare')
    .description(say(cliBookWords.compare))
    .argument('<ID|FILE>', say(cliBookWords.priceBooksIdOrAFile))
    .argument('<ID|FILE>', say(cliBookWords.priceBooksIdOrAFile))
    .option('--all', say(cliBookWords.compareAll))
    .action(async (one: string, other: string, { all = false }: { all?: boolean }) => {
      const { shelvedBook } = await import('./read-book.ts');
      const [first, second] = [await shelvedBook(one, output), await shelvedBook(other, output)];
      if (first === undefined || second === undefined) return;
      await (await import('./show-comparison.ts')).showComparison(first, second, all, output);
    });
  book
    .command('add')
    .description(say(cliBookWords.putAPriceBookOnThe))
    .argument('<FILE>', say(cliBookWords.priceBookFile))
    .action((file: string) => runAdd(file, output));
}

async function runLint(file: string, output: Output): Promise<void> {
  const json = await readJson(file, output);
  if (json === undefined) return;
  const [{ lintBook }, { showFindings }] = await Promise.all([import('../book/lint.ts'), import('./show-book.ts')]);
  const findings =
    'problems' in json ? json.problems.map((each) => ({ ...each, severity: 'error' as const })) : lintBook(json.value);
  showFindings(file, findings, output);
  if (findings.some(({ severity }) => severity === 'error')) process.exitCode = exitCodes.failure;
}

/** A book with errors is not sent; what the linter only warns of is the author's decision. */
async function runAdd(file: string, output: Output): Promise<void> {
  const json = await readJson(file, output);
  if (json === undefined) return;
  if ('problems' in json) {
    output.malformed(file, json.problems);
    return;
  }
  const [{ hasProblems, parsePriceBook }, { callApi }] = await Promise.all([
    import('../book/decode.ts'),
    import('./client.ts'),
  ]);
  const parsed = parsePriceBook(json.value);
  if (hasProblems(parsed)) {
    output.malformed(file, parsed.problems);
    return;
  }
  const answer = await callApi(
    { method: 'POST', path: '/v1/price-books', body: json.value, once: { key: undefined } },
    output,
  );
  if (answer === undefined) return;
  if (output.json) output.printJson(answer);
  else output.print(output.say(cliBookWords.addedPriceBook(parsed.book.id)));
}

async function readJson(file: string, output: Output) {
  const [{ readBytes }, { parseJson }] = await Promise.all([import('./simulate.ts'), import('../book/shelf.ts')]);
  const bytes = readBytes(file, output);
  return bytes === undefined ? undefined : parseJson(bytes);
}
