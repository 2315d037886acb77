// A bill on paper, as PDF: text that can be copied, in a font that is embedded as far as it is used. The same bill in the same language
// gives the same bytes on every machine: no clock, no packing, no word that could be reworded.

import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type PDFDocument from 'pdfkit';
import type { LineDocument } from '../core/bill-document.ts';
import type { PriceBook } from '../core/price-book.ts';
import { arithmeticOf } from '../words/arithmetic.ts';
import { type PaperWords, paperWords } from '../words/bill-paper.ts';
import { inCapitals } from '../words/capitals.ts';
import { amountWords, callsWords, tierRangeWords, unitPriceText } from '../words/figures.ts';
import { chargeTitle, titleOf } from '../words/titles.ts';
import type { ReadBill } from './read-bills.ts';

type Language = 'zh' | 'en';
type Paper = InstanceType<typeof PDFDocument>;

const [left, right, top, bottom] = [48, 547, 48, 780];
const width = right - left;
const grey = '#57606a';

let font: Buffer | undefined;

/** Noto Sans SC; what it has no glyph for is drawn as an empty box. */
function readFont(): Buffer {
  font ??= readFileSync(
    fileURLToPath(import.meta.resolve('@expo-google-fonts/noto-sans-sc/400Regular/NotoSansSC_400Regular.ttf')),
  );
  return font;
}

interface Page {
  readonly paper: Paper;
  readonly text: PaperWords;
  readonly language: Language;
  readonly bill: ReadBill;
  readonly book: PriceBook;
}

export async function billPaper(bill: ReadBill, book: PriceBook, language: Language): Promise<Uint8Array> {
  const { default: Document } = await import('pdfkit');
  const text = paperWords[language];
  const paper = new Document({
    size: 'A4',
    margins: { top, left, right: 595 - right, bottom: 0 },
    bufferPages: true,
    // What is packed differs from one version of zlib to the next.
    compress: false,
    lang: language === 'zh' ? 'zh-CN' : 'en',
    info: {
      Title: `${text.title} ${bill.number ?? bill.id}`,
      Producer: 'Suanpan',
      Creator: 'Suanpan',
      // The first moment of the bill's month: a clock would make each file another.
      CreationDate: new Date(`${bill.month}-01T00:00:00Z`),
    },
  });
  const pieces: Buffer[] = [];
  paper.on('data', (piece: Buffer) => pieces.push(piece));
  const ended = new Promise<void>((resolve) => paper.once('end', resolve));
  paper.registerFont('text', readFont()).font('text');
  const page: Page = { paper, text, language, bill, book };
  heading(page);
  charges(page);
  totals(page);
  usage(page);
  giftsAndLosses(page);
  numberPages(page);
  paper.end();
  await ended;
  return Buffer.concat(pieces);
}

/** Text that comes from people: what a line cannot hold is a space. */
const oneLine = (text: string): string => text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ');

function heading({ paper, text, language, bill, book }: Page): void {
  paper.fontSize(20).fillColor('#000000').text(`${text.title} ${bill.month}`, left, top);
  if (bill.state === 'draft') paper.fontSize(11).fillColor('#cf222e').text(text.draft);
  const facts = [
    [text.account, bill.account],
    [text.number, bill.number ?? '–'],
    [text.book, `${book.title[language]} (${bill.book})`],
    ...(bill.contract === undefined ? [] : [[text.contract, String(bill.contract)]]),
    [text.currency, bill.currency],
    ...(bill.digest === undefined ? [] : [[text.digest, bill.digest]]),
  ];
  paper.moveDown(0.5).fontSize(9);
  for (const [label = '', value = ''] of facts) {
    const { y } = paper;
    paper.fillColor(grey).text(label, left, y, { width: 90 });
    paper.fillColor('#000000').text(oneLine(value), left + 96, y, { width: width - 96 });
  }
  paper.moveDown(1);
}

/** Begins a new page where so many points are not left. */
function makeRoom(paper: Paper, height: number): void {
  if (paper.y + height > bottom) {
    paper.addPage();
    paper.y = top;
  }
}

function rule({ paper }: Page): void {
  paper.moveTo(left, paper.y).lineTo(right, paper.y).lineWidth(0.5).strokeColor('#d0d7de').stroke();
  paper.y += 4;
}

/** Cells of one row: the first at the left and as wide as it may be, figures at the right. */
function row(page: Page, [first = '', ...figures]: readonly string[], color = '#000000'): void {
  const { paper } = page;
  const each = 84;
  const firstWidth = width - each * figures.length;
  const height = paper.fontSize(9).heightOfString(first, { width: firstWidth - 8 });
  makeRoom(paper, height + 6);
  const { y } = paper;
  paper.fillColor(color).text(first, left, y, { width: firstWidth - 8 });
  for (const [at, figure] of figures.entries()) {
    paper.text(figure, left + firstWidth + each * at, y, { width: each, align: 'right' });
  }
  paper.y = y + height + 3;
}

/** What the line is for. */
function nameOf({ text, language, book }: Page, line: LineDocument): string {
  const kind = text[line.kind];
  if ('product' in line) return `${kind} · ${titleOf(book, 'packProducts', line.product)[language]} · ${line.pack}`;
  const title = chargeTitle(book, line);
  if (line.kind === 'fee') return `${kind} (${text.fees[line.reason]}) · ${title[language]}`;
  const when = line.kind === 'adjustment' ? ` ${line.month}` : line.day === undefined ? '' : ` ${line.day}`;
  return `${kind}${when} · ${title[language]}`;
}

const callsOf = (line: LineDocument): string =>
  'size' in line ? callsWords(line.size) : 'calls' in line ? callsWords(line.calls) : '';

const priceOf = (line: LineDocument): string =>
  'price' in line ? line.price : 'unitPrice' in line ? unitPriceText(line) : '';

function charges(page: Page): void {
  const { paper, text, bill } = page;
  row(page, [text.charge, text.calls, text.unitPrice, `${text.amount} (${bill.currency})`], grey);
  rule(page);
  for (const line of bill.lines) {
    makeRoom(paper, 34);
    row(page, [oneLine(nameOf(page, line)), callsOf(line), priceOf(line), line.amount ?? text.noPrice]);
    const range = line.kind === 'postpaid' ? tierRangeWords(line) : null;
    paper
      .fontSize(8)
      .fillColor(grey)
      .text(range === null ? arithmeticOf(line) : `${arithmeticOf(line)} · ${range}`, left + 12, paper.y - 2, {
        width: width - 12,
      });
    paper.y += 3;
    rule(page);
  }
}

function totals(page: Page): void {
  const { paper, text, bill } = page;
  makeRoom(paper, 110);
  const amount = (value: string | null) => (value === null ? text.noPrice : amountWords(value, bill.currency));
  const rows = [
    [text.prepaid, amount(bill.prepaid)],
    [text.postpaidSum, amount(bill.postpaid)],
    [text.adjustments, amount(bill.adjustments)],
    [text.total, amount(bill.total)],
    ...(bill.estimate === null ? [] : [[text.estimate, amount(bill.estimate)]]),
  ];
  for (const [label = '', value = ''] of rows) {
    const { y } = paper;
    paper.fontSize(label === text.total ? 12 : 9).fillColor('#000000');
    paper.text(label, left + 200, y, { width: 160 });
    paper.text(value, left + 360, y, { width: width - 360, align: 'right' });
    paper.y = y + (label === text.total ? 18 : 14);
  }
  const capitals = bill.total === null || bill.currency !== 'CNY' ? undefined : inCapitals(bill.total);
  if (capitals !== undefined) {
    paper.fontSize(9).text(`${text.inWords} ${capitals}`, left, paper.y, { width, align: 'right' });
  }
  paper.moveDown(1);
}

function section(page: Page, title: string): void {
  makeRoom(page.paper, 48);
  page.paper
    .fontSize(11)
    .fillColor('#000000')
    .text(title, left, page.paper.y + 6, { width });
  page.paper.y += 2;
}

function usage(page: Page): void {
  const { text, language, bill, book } = page;
  if (bill.usage.length === 0) return;
  section(page, text.usage);
  row(page, [text.meter, text.calls, text.byPacks, text.postpaidSum, text.notCharged], grey);
  rule(page);
  for (const { meter, calls, draws, postpaid, notCharged } of bill.usage) {
    const drawn = draws.reduce((sum, draw) => sum + BigInt(draw.calls), 0n);
    const figures = [calls, drawn, postpaid, notCharged].map(callsWords);
    row(page, [oneLine(titleOf(book, 'meters', meter)[language]), ...figures]);
  }
}

function giftsAndLosses(page: Page): void {
  const { text, language, bill, book } = page;
  const lists = [
    { title: text.gifts, money: text.saved, of: bill.giftsUsed.map((gift) => ({ ...gift, amount: gift.saved })) },
    { title: text.forfeited, money: text.worth, of: bill.forfeited.map((lost) => ({ ...lost, amount: lost.worth })) },
  ];
  for (const { title, money, of } of lists) {
    if (of.length === 0) continue;
    section(page, title);
    for (const { pack, product, calls, amount } of of) {
      const worth = amount === null ? '' : `${money} ${amount}`;
      row(page, [oneLine(`${titleOf(book, 'packProducts', product)[language]} · ${pack}`), callsWords(calls), worth]);
    }
  }
}

function numberPages({ paper, text, bill }: Page): void {
  const { start, count } = paper.bufferedPageRange();
  for (let page = 0; page < count; page += 1) {
    paper.switchToPage(start + page);
    const said = `${bill.number ?? bill.id} · ${text.page(page + 1, count)}`;
    paper.fontSize(8).fillColor(grey).text(said, left, 806, { width, align: 'center', lineBreak: false });
  }
}
