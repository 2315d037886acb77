// Answers that may be long: of an account with thousands of packs the bill, its files, a receipt and the usage name each of
// them, and a bill by department names as many departments as the account's events do.
// Made to the end here, text or bytes, so that a thread can make them.

import type { Pool } from 'pg';
import type { Period } from '../core/calendar.ts';
import { writeJson } from '../core/json.ts';
import { isRefusal, type Refusal } from '../core/refusal.ts';
import { bookOf } from '../ledger/books.ts';
import type { BillPage } from '../store/ledger/bills.ts';
import { hasMorePacks } from '../store/ledger/packs.ts';
import { hasMoreUsage } from '../store/ledger/usage.ts';
import { shownBill } from '../words/shown-bill.ts';
import { billPaper } from './bill-paper.ts';
import { type PreviewOrder, previewVersion } from './book-versions.ts';
import { readReadiness } from './close-readiness.ts';
import { type ContractRequest, previewContract } from './contracts.ts';
import { exportLines, exportWorkbook } from './export-bill.ts';
import { readCallTerms } from './export-calls.ts';
import { exportFocus } from './export-focus.ts';
import { type ListOrder, listWorkbook } from './export-list.ts';
import { readMonthFigures } from './month-figures.ts';
import type { PackOrder } from './packs.ts';
import { daysOf } from './period-facts.ts';
import { previewPurchase } from './preview-purchase.ts';
import { type BillReading, listBills, parseBillId, readBill } from './read-bills.ts';
import { readDepartmentUsage, readReceipt, readUsage } from './read-ledger.ts';
import { splitBillByDepartment } from './split-bill.ts';
import type { Reader } from './suanpan.ts';

export type Asked =
  | { readonly of: 'bill' | 'departments' | 'call terms'; readonly id: string }
  | {
      readonly of: 'lines';
      readonly id: string;
      readonly format: 'csv' | 'json' | 'xlsx' | 'pdf' | 'focus';
      readonly language: 'zh' | 'en';
      /** What stands before a CSV file. */
      readonly mark: string;
    }
  | { readonly of: 'receipt'; readonly account: string; readonly event: string }
  | { readonly of: 'usage'; readonly account: string; readonly month: Period }
  | { readonly of: 'department usage'; readonly account: string; readonly month: Period }
  | { readonly of: 'list workbook'; readonly order: ListOrder }
  | { readonly of: 'readiness'; readonly order: Parameters<typeof readReadiness>[1] }
  | { readonly of: 'month figures'; readonly month: Period }
  | { readonly of: 'bills'; readonly page: BillPage }
  | { readonly of: 'purchase preview'; readonly order: Omit<PackOrder, 'id'> }
  | { readonly of: 'contract preview'; readonly order: ContractRequest }
  | { readonly of: 'version preview'; readonly order: PreviewOrder };

/** Text or a file's bytes. Refusals: those of what is read. */
export async function makeAnswer(reader: Reader, asked: Asked): Promise<string | Uint8Array | Refusal> {
  if (asked.of === 'receipt') return asText(await readReceipt(reader.pool, reader, asked));
  if (asked.of === 'usage') return asText(await readUsage(reader.pool, reader, asked));
  if (asked.of === 'department usage') return asText(await readDepartmentUsage(reader.pool, reader, asked));
  if (asked.of === 'list workbook') return listWorkbook(reader, asked.order, reader.clock());
  if (asked.of === 'readiness') return asText(await readReadiness(reader, asked.order));
  if (asked.of === 'month figures') return asText(await readMonthFigures(reader, asked.month, reader.clock()));
  if (asked.of === 'bills') return asText(await listBills(reader, asked.page));
  if (asked.of === 'purchase preview') return asText(await previewPurchase(reader, asked.order));
  if (asked.of === 'contract preview') return asText(await previewContract(reader, asked.order));
  if (asked.of === 'version preview') return asText(await previewVersion(reader, asked.order));
  const bill = await readBill(reader, asked.id);
  if (isRefusal(bill)) return bill;
  switch (asked.of) {
    case 'bill':
      return asText(await shown(reader, bill));
    case 'departments': {
      const split = asText(await splitBillByDepartment(reader, bill));
      // As bytes: a text as long as this may be would have to be encoded where it is sent.
      return isRefusal(split) ? split : new TextEncoder().encode(split);
    }
    case 'call terms':
      return asText(await readCallTerms(reader, bill));
    case 'lines': {
      const { format, language, mark } = asked;
      switch (format) {
        case 'json':
          return asText(bill.document);
        case 'csv':
          return mark + exportLines(bill.document, language);
        case 'xlsx':
          return exportWorkbook(bill.document, language, bill.layout);
        case 'pdf':
          return billPaper(bill.document, await bookOf(reader.books, bill.document.book), language);
        case 'focus':
          return mark + exportFocus(bill.document, await bookOf(reader.books, bill.document.book), language);
      }
    }
  }
}

/** A bill with its words: every line says why it comes to its amount. */
const shown = async ({ books }: Reader, { document }: BillReading) =>
  shownBill(document, await bookOf(books, document.book));

const asText = (value: object): string | Refusal => (isRefusal(value) ? value : writeJson(value));

/** An account with more packs than this, or with more counters in a month, may have answers too long to be made beside everybody's calls. */
const manyPacks = 200;
const manyCounters = 2_000;

const alwaysLong: ReadonlySet<Asked['of']> = new Set([
  'departments',
  'department usage',
  'list workbook',
  'readiness',
  'month figures',
  'contract preview',
  'version preview',
]);

/**
 * Whether an answer may be long. What it is made of says so: packs and a month's counters are counted; departments are what the
 * caller's own events name, as many as there are events, so that only reading them all would tell.
 */
export async function isLongAnswer(pool: Pool, account: string | null, asked: Asked): Promise<boolean> {
  // What a preview counts is a month that is whole, so its counters are all in rows.
  if (alwaysLong.has(asked.of)) return true;
  if (account === null) return false;
  if (await hasMorePacks(pool, account, manyPacks)) return true;
  const month = monthOf(asked);
  return month !== null && (await hasMoreUsage(pool, account, daysOf(month), manyCounters));
}

/** The month whose counters are read for it; null: none are, or it cannot be told before (a final bill's number). */
function monthOf(asked: Asked): Period | null {
  if (asked.of === 'receipt' || asked.of === 'purchase preview' || asked.of === 'list workbook') return null;
  if (asked.of === 'readiness') return asked.order.month;
  if (asked.of === 'month figures') return asked.month;
  if (asked.of === 'contract preview' || asked.of === 'version preview') return null;
  if (asked.of === 'usage' || asked.of === 'department usage') return asked.month;
  if (asked.of === 'bills') return asked.page.period;
  const named = parseBillId(asked.id);
  return named !== undefined && 'month' in named ? named.month : null;
}
