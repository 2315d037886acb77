// suanpan quote: what a month would cost. No server, no database.

import type { Command } from 'commander';
import type { Words } from '../core/price-book.ts';
import { parseQuantity, parseUsage } from '../core/quantity.ts';
import type { PackWish, QuoteRequest, UseWish } from '../scenario/quote.ts';
import { headingWords } from '../words/cli/headings.ts';
import { cliQuoteWords } from '../words/cli/quote.ts';
import type { Output } from './output.ts';
import { examplesOf } from './show.ts';

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
suanpan quote --book my-book.json --use captcha=200x30
suanpan quote --book my-book.json --use identity=800 --gift identity:50 --json
`;

export function registerQuote(program: Command, output: Output): void {
  program
    .command('quote')
    .description(output.say(cliQuoteWords.whatAMonthWouldCost))
    .requiredOption('--book <ID|FILE>', output.say(headingWords.priceBook))
    .option('--use <METER_OR_TARIFF=NxDAYS...>', output.say(cliQuoteWords.callsOfAMeterOrTariff))
    .option('--pack <PRODUCT:SIZExK...>', output.say(cliQuoteWords.packsBoughtAtTheStartOf))
    .option('--gift <PRODUCT:N...>', output.say(cliQuoteWords.callsGivenAtTheStartOf))
    .addHelpText('before', examplesOf(output, examples))
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
    return cliQuoteWords.nothingToQuote;
  }
  const uses: UseWish[] = [];
  for (const text of use) {
    const [, of, quantity, days] = /^([^=]+)=(.*?)(?:[x×]([\d,_]+))?$/.exec(text) ?? [];
    if (of === undefined || quantity === undefined) return misshapen('--use', text, 'liveness_verification=15000');
    const calls = parseUsage(quantity);
    if (calls === undefined) return noQuantity('--use', text, quantity, '0');
    const many = days === undefined ? undefined : parseQuantity(days);
    if (days !== undefined && many === undefined) return noQuantity('--use', text, days);
    uses.push({ of, calls, ...(many === undefined ? {} : { days: Number(many) }) });
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
    return cliQuoteWords.pack(text);
  }
  return { product, size, count: Number(count) };
}

const misshapen = (option: string, text: string, example: string): Words =>
  cliQuoteWords.writeItAs(option, text, example);

const noQuantity = (option: string, text: string, quantity: string, least = '1'): Misuse => ({
  code: 'INVALID_QUANTITY',
  ...cliQuoteWords.isNotAQuantity(option, text, quantity, least),
});
