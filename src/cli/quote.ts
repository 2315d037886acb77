// suanpan quote: what a month would cost. No server, no database.

import type { Command } from 'commander';
import type { Words } from '../core/price-book.ts';
import type { PackWish, QuoteRequest } from '../scenario/quote.ts';
import type { Output } from './output.ts';
import { parseQuantity, parseUsage } from './quantities.ts';

interface QuoteOptions {
  readonly book: string;
  readonly use?: readonly string[];
  readonly pack?: readonly string[];
  readonly gift?: readonly string[];
}

interface Misuse extends Words {
  readonly code?: 'INVALID_QUANTITY';
}

const examples = `suanpan quote --book faceid-legacy --use liveness_verification=15,000 --pack basic_authority:10000
suanpan quote --book faceid-legacy --pack basic_authority:100000x3
suanpan quote --book my-book.json --use identity=800 --gift identity:50 --json
`;

export function registerQuote(program: Command, output: Output): void {
  program
    .command('quote')
    .description(output.say({ zh: '一个月的费用（不需要服务）', en: 'what a month would cost (needs no server)' }))
    .requiredOption('--book <ID|FILE>', output.say({ zh: '价目表的 id 或文件', en: 'price book: its id or a file' }))
    .option(
      '--use <METER_OR_TARIFF=N...>',
      output.say({ zh: '某计量项或计费项的调用次数', en: 'calls of a meter or tariff' }),
    )
    .option(
      '--pack <PRODUCT:SIZExK...>',
      output.say({
        zh: '月初购买的资源包；xK 表示 K 个，可省略',
        en: 'packs bought at the start of the month; xK for K of them',
      }),
    )
    .option('--gift <PRODUCT:N...>', output.say({ zh: '月初赠送的次数', en: 'calls given at the start of the month' }))
    .addHelpText('before', `${output.say({ zh: '示例：', en: 'Examples:' })}\n${examples.replaceAll(/^(?=.)/gm, '  ')}`)
    .action((options: QuoteOptions) => runQuote(options, output));
}

async function runQuote(options: QuoteOptions, output: Output): Promise<void> {
  const request = readRequest(options);
  if ('zh' in request) {
    output.misused(request, request.code);
    return;
  }
  const [{ bookOf }, { quote }, { isRefusal }] = await Promise.all([
    import('./read-book.ts'),
    import('../scenario/quote.ts'),
    import('../core/refusal.ts'),
  ]);
  const book = await bookOf(options.book, output);
  if (book === undefined) return;
  const answer = quote(book, request);
  if (isRefusal(answer)) output.refused(answer);
  else if (output.json) output.printJson(answer);
  else await (await import('./show-quote.ts')).showQuote(answer, book, output);
}

/** The request, or what is wrong with the arguments. */
export function readRequest({ use = [], pack = [], gift = [] }: Omit<QuoteOptions, 'book'>): QuoteRequest | Misuse {
  if (use.length + pack.length + gift.length === 0) {
    return {
      zh: '没有要报价的内容：请给出 --use 计量项=次数 或 --pack 资源包:规格',
      en: 'nothing to quote: give --use METER=CALLS or --pack PRODUCT:SIZE',
    };
  }
  const uses: { of: string; calls: NonNullable<ReturnType<typeof parseQuantity>> }[] = [];
  for (const text of use) {
    const [, of, quantity] = /^([^=]+)=(.*)$/.exec(text) ?? [];
    if (of === undefined || quantity === undefined) return misshapen('--use', text, 'liveness_verification=15000');
    const calls = parseUsage(quantity);
    if (calls === undefined) return noQuantity('--use', text, quantity, '0');
    uses.push({ of, calls });
  }
  const gifts: { product: string; calls: NonNullable<ReturnType<typeof parseQuantity>> }[] = [];
  for (const text of gift) {
    const [, product, quantity] = /^([^:]+):(.*)$/.exec(text) ?? [];
    if (product === undefined || quantity === undefined) return misshapen('--gift', text, 'basic_authority:50');
    const calls = parseQuantity(quantity);
    if (calls === undefined) return noQuantity('--gift', text, quantity);
    gifts.push({ product, calls });
  }
  const packs: PackWish[] = [];
  for (const text of pack) {
    const wish = readPack(text);
    if ('zh' in wish) return wish;
    packs.push(wish);
  }
  return { use: uses, packs, gifts };
}

export function readPack(text: string): PackWish | Misuse {
  const [, product, quantity, copies = '1'] = /^([^:]+):([^x×]*)(?:[x×](.*))?$/.exec(text) ?? [];
  if (product === undefined || quantity === undefined) return misshapen('--pack', text, 'basic_authority:10000x3');
  const size = parseQuantity(quantity);
  if (size === undefined) return noQuantity('--pack', text, quantity);
  const count = parseQuantity(copies);
  if (count === undefined || count > 1000n) {
    return {
      zh: `--pack ${text}：个数须为 1 到 1000 的整数，如 basic_authority:10000x3`,
      en: `--pack ${text}: the number of packs is a whole number from 1 to 1000, as in basic_authority:10000x3`,
    };
  }
  return { product, size, count: Number(count) };
}

const misshapen = (option: string, text: string, example: string): Words => ({
  zh: `${option} ${text}：应写成 ${option} ${example}`,
  en: `${option} ${text}: write it as ${option} ${example}`,
});

const noQuantity = (option: string, text: string, quantity: string, least = '1'): Misuse => ({
  code: 'INVALID_QUANTITY',
  zh: `${option} ${text}：「${quantity}」不是数量；须为 ${least} 到 1,000,000,000,000 的整数，写成 15000、15,000 或 15_000`,
  en: `${option} ${text}: "${quantity}" is not a quantity; write a whole number from ${least} to 1,000,000,000,000 as 15000, 15,000 or 15_000`,
});
