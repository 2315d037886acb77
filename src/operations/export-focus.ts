// A bill in the columns that FinOps tools read, FOCUS 1.2: a row for each line, and one of no cost for the calls of each pack. The sum of
// BilledCost is the bill's total. Source: docs/reference/exports.md.

import { stringify } from 'csv-stringify/sync';
import type { LineDocument } from '../core/bill-document.ts';
import {
  type Day,
  nextPeriod,
  type Period,
  parseDay,
  parsePeriod,
  startOfDayAfter,
  startOfPeriod,
} from '../core/calendar.ts';
import { noCurrency } from '../core/currency.ts';
import type { PriceBook } from '../core/price-book.ts';
import { blockOf, callsOf, chargedCalls, divideHalfUp, formatMoney, noMoney, parsePrice } from '../core/units.ts';
import { chargeTitle, feeWords, titleOf } from '../words/titles.ts';
import { defused } from './export-bill.ts';
import type { ReadBill } from './read-bills.ts';

export const focusColumns = [
  'BilledCost',
  'BillingAccountId',
  'BillingAccountName',
  'BillingCurrency',
  'BillingPeriodEnd',
  'BillingPeriodStart',
  'ChargeCategory',
  'ChargeClass',
  'ChargeDescription',
  'ChargeFrequency',
  'ChargePeriodEnd',
  'ChargePeriodStart',
  'CommitmentDiscountId',
  'CommitmentDiscountStatus',
  'ConsumedQuantity',
  'ConsumedUnit',
  'ContractedCost',
  'ContractedUnitPrice',
  'EffectiveCost',
  'InvoiceId',
  'InvoiceIssuerName',
  'ListCost',
  'ListUnitPrice',
  'PricingCategory',
  'PricingQuantity',
  'PricingUnit',
  'ProviderName',
  'PublisherName',
  'ServiceCategory',
  'ServiceName',
  'SkuId',
] as const;

type PostpaidLine = Extract<LineDocument, { readonly kind: 'postpaid' }>;
type Column = (typeof focusColumns)[number];
type Row = Partial<Record<Column, string>>;
type Language = 'zh' | 'en';

const utc = (book: PriceBook, period: Period): string => new Date(startOfPeriod(book.timeZone, period)).toISOString();

/** A line of one day. */
function spanOf({ timeZone }: PriceBook, day: Day): Row {
  const start = parseDay(timeZone, day);
  if (start === undefined) throw new Error(`a line of no day: ${day}`);
  const [from, until] = [start, startOfDayAfter(timeZone, start, 1)].map((at) => new Date(at).toISOString());
  return { ChargePeriodStart: from ?? '', ChargePeriodEnd: until ?? '' };
}

/** Refused by nothing: a line without a public price has an empty cost, which the standard reads as unknown. */
export function exportFocus(bill: ReadBill, book: PriceBook, language: Language): string {
  const common = commonOf(bill, book, language);
  const rows = [
    ...bill.lines.map((line) => ({ ...common, ...ofLine(bill, line, book, language) })),
    ...bill.usage.flatMap(({ meter, draws }) =>
      draws.map(({ pack, calls }) => ({ ...common, ...ofDraw(book, language, { meter, pack, calls: String(calls) }) })),
    ),
  ];
  return stringify([
    [...focusColumns],
    ...rows.map((row: Row) =>
      focusColumns.map((column) => (isText(column) ? defused(row[column] ?? '') : (row[column] ?? ''))),
    ),
  ]);
}

/** Amounts may be negative; a text that begins with a minus is no amount. */
const isText = (column: Column): boolean => !/Cost|Price$|Quantity/.test(column);

function commonOf(bill: ReadBill, book: PriceBook, language: Language): Row {
  const month = parsePeriod(bill.month);
  if (month === undefined) throw new Error(`a bill of no month: ${bill.month}`);
  const [start, end] = [utc(book, month), utc(book, nextPeriod(month, 1))];
  return {
    ...{ BillingAccountId: bill.account, BillingAccountName: bill.account, BillingCurrency: bill.currency },
    ...{ BillingPeriodStart: start, BillingPeriodEnd: end, ChargePeriodStart: start, ChargePeriodEnd: end },
    ...{
      ProviderName: book.title[language],
      PublisherName: book.title[language],
      InvoiceIssuerName: book.title[language],
    },
    ...{ ServiceCategory: 'AI and Machine Learning', ServiceName: book.title[language] },
    InvoiceId: bill.number ?? '',
    ChargeFrequency: 'Usage-Based',
  };
}

const costs = (amount: string): Row => ({
  BilledCost: amount,
  ContractedCost: amount,
  EffectiveCost: amount,
  ListCost: amount,
});

function ofLine(bill: ReadBill, line: LineDocument, book: PriceBook, language: Language): Row {
  const cost = costs(line.amount ?? '');
  if ('product' in line) {
    return {
      ...cost,
      ...{ ChargeCategory: 'Purchase', ChargeFrequency: 'One-Time', PricingCategory: 'Standard', PricingUnit: 'Packs' },
      ...(line.kind === 'pack_refund' ? { ChargeClass: 'Correction' } : {}),
      ChargeDescription: `${titleOf(book, 'packProducts', line.product)[language]} ${line.size}`,
      CommitmentDiscountId: line.pack,
      ...{ PricingQuantity: String(line.count ?? 1), ListUnitPrice: line.price, ContractedUnitPrice: line.price },
      SkuId: `${line.product}:${line.size}`,
    };
  }
  if (line.kind === 'adjustment') {
    const title = chargeTitle(book, line)[language];
    return {
      ...cost,
      ...{ ChargeCategory: 'Adjustment', ChargeClass: 'Correction', ChargeDescription: `${title} ${line.month}` },
      SkuId: line.tariff ?? line.meter ?? '',
    };
  }
  if (line.kind === 'fee') {
    const title = chargeTitle(book, line)[language];
    return {
      ...cost,
      ...{ ChargeCategory: 'Purchase', ChargeFrequency: 'Recurring', PricingCategory: 'Standard' },
      ChargeDescription: `${title} ${feeWords[line.reason][language]}`,
      SkuId: line.tariff,
    };
  }
  const price = line.unitPrice ?? '';
  const [quantity, unit] =
    line.per === undefined ? [String(line.calls), 'Calls'] : [blocksText(line), `${line.per} Calls`];
  return {
    ...cost,
    ...(line.day === undefined ? {} : spanOf(book, line.day)),
    ...{ ChargeCategory: 'Usage', ChargeDescription: chargeTitle(book, line)[language], PricingCategory: 'Standard' },
    ...{ ConsumedQuantity: String(line.calls), ConsumedUnit: 'Calls' },
    ...{ PricingQuantity: quantity, PricingUnit: unit, ListUnitPrice: price, ContractedUnitPrice: price },
    SkuId: line.tariff ?? line.meter ?? bill.book,
  };
}

/** How many blocks of calls were charged, with up to eight decimals where a part of one counts as a part. */
function blocksText({ calls, unitPrice, ...block }: PostpaidLine): string {
  const price = parsePrice(unitPrice ?? '0', noCurrency, blockOf(block));
  if (price?.block === undefined) return String(calls);
  const parts = divideHalfUp(chargedCalls(callsOf(calls), price) * 100_000_000n, price.block.calls)
    .toString()
    .padStart(9, '0');
  return `${parts.slice(0, -8)}.${parts.slice(-8)}`.replace(/\.?0+$/, '');
}

/** Calls that a pack paid: bought before, or given. */
const ofDraw = (
  book: PriceBook,
  language: Language,
  { meter, pack, calls }: { readonly meter: string; readonly pack: string; readonly calls: string },
): Row => ({
  ...costs(formatMoney(noMoney, book.currency)),
  ...{ ChargeCategory: 'Usage', ChargeDescription: titleOf(book, 'meters', meter)[language] },
  ...{ CommitmentDiscountId: pack, CommitmentDiscountStatus: 'Used', PricingCategory: 'Committed' },
  ...{ ConsumedQuantity: calls, ConsumedUnit: 'Calls', PricingQuantity: calls, PricingUnit: 'Calls' },
  ...{ ListUnitPrice: '', ContractedUnitPrice: '', SkuId: meter },
});
