// suanpan book: list, show and lint need no server; add puts a book on one.

import type { Command } from 'commander';
import { exitCodes, type Output } from './output.ts';

const examples = `suanpan book list
suanpan book show faceid-legacy
suanpan book lint my-book.json
suanpan book add my-book.json
`;

export function registerBook(program: Command, output: Output): void {
  const say = (zh: string, en: string) => output.say({ zh, en });
  const book = program
    .command('book')
    .description(say('价目表：列出、查看、检查、添加', 'price books: list, show, lint, add'))
    .addHelpText('before', `${say('示例：', 'Examples:')}\n${examples.replaceAll(/^(?=.)/gm, '  ')}`);
  book
    .command('list')
    .description(say('随附的价目表', 'the price books that ship with the product'))
    .action(async () => (await import('./show-book.ts')).listBooks(output));
  book
    .command('show')
    .description(say('计量项、后付费价格、资源包', 'meters, postpaid prices, packs'))
    .argument('<ID|FILE>', say('价目表的 id 或文件', "a price book's id or a file"))
    .action(async (name: string) => {
      const { shelvedBook } = await import('./read-book.ts');
      const shelved = await shelvedBook(name, output);
      if (shelved !== undefined) await (await import('./show-book.ts')).showBook(shelved, output);
    });
  book
    .command('lint')
    .description(say('检查价目表；有错误时退出码为 1', 'check a price book; exit code 1 when it has errors'))
    .argument('<FILE>', say('价目表文件；- 表示标准输入', 'price book file; - for standard input'))
    .action((file: string) => runLint(file, output));
  book
    .command('add')
    .description(say('把价目表加到服务上', 'put a price book on the server'))
    .argument('<FILE>', say('价目表文件；- 表示标准输入', 'price book file; - for standard input'))
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
  else output.print(output.say({ zh: `已添加价目表 ${parsed.book.id}`, en: `added price book ${parsed.book.id}` }));
}

async function readJson(file: string, output: Output) {
  const [{ readBytes }, { parseJson }] = await Promise.all([import('./simulate.ts'), import('../book/shelf.ts')]);
  const bytes = readBytes(file, output);
  return bytes === undefined ? undefined : parseJson(bytes);
}
