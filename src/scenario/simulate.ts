// A scenario lived through, step by step, on a ledger in memory. The same file always gives the same output.

import {
  agree,
  bringUp,
  buy,
  closeMonth,
  type EventRow,
  gift,
  type MemoryLedger,
  openLedger,
  packNumbered,
  packStanding,
  refund,
  topUp,
  use,
  voidEvent,
} from '../account/memory-ledger.ts';
import type { Problem } from '../book/book-problem.ts';
import { hasProblems, parsePriceBook } from '../book/decode.ts';
import { billDocument } from '../core/bill-document.ts';
import { formatInstant } from '../core/calendar.ts';
import { comparePacks, packState, packsFor } from '../core/pack.ts';
import type { PriceBook, Words } from '../core/price-book.ts';
import { isRefusal, type Refusal, type RefusalCode, refuse } from '../core/refusal.ts';
import { explain, type PackHistory } from '../core/settle.ts';
import { callsOf, formatMoney, type Instant, instantOf } from '../core/units.ts';
import { refusalWords } from '../words/refusals.ts';
import { shownBill } from '../words/shown-bill.ts';
import { plain } from './plain.ts';
import { readScenario, type Step } from './scenario-file.ts';

/** Where a scenario's `book` is looked up: `loadCatalog()` is one. */
export type BooksById = ReadonlyMap<string, { readonly book: PriceBook }>;

export type StepResult =
  | { readonly step: number; readonly ok: true; readonly duplicate?: true; readonly status?: 'held' }
  | {
      readonly step: number;
      readonly ok: false;
      readonly code: RefusalCode;
      readonly detail: Words;
      readonly pointer?: string;
    };

export type Simulation = ReturnType<typeof outputOf>;

type NotRun = Refusal | { readonly problems: readonly Problem[] };

/** Runs a scenario. A file that is not one answers its problems; an unknown book is refused with UNKNOWN_BOOK. */
export function simulate(json: unknown, books: BooksById): Simulation | NotRun {
  const run = simulateWithBook(json, books);
  return isRefusal(run) || 'problems' in run ? run : run.simulation;
}

/** The same, with the book that it ran by: what the bills' tariffs are called stands there. */
export function simulateWithBook(
  json: unknown,
  books: BooksById,
): { readonly simulation: Simulation; readonly book: PriceBook } | NotRun {
  const scenario = readScenario(json);
  if ('problems' in scenario) return scenario;
  const book = findBook(scenario.book, books);
  if (isRefusal(book) || 'problems' in book) return book;
  const story = scenario.in(book.currency);
  if ('problems' in story) return story;
  const ledger = openLedger(book, story.account);
  const results = story.steps.map(({ at, step }, index): StepResult => {
    bringUp(ledger, at);
    const outcome = isRefusal(step) ? step : take(ledger, step, at);
    return isRefusal(outcome) ? refusedStep(index, outcome) : { step: index, ok: true, ...outcome };
  });
  return { book, simulation: outputOf(ledger, results, story.steps.at(-1)?.at ?? instantOf(0)) };
}

function findBook(book: unknown, books: BooksById): PriceBook | NotRun {
  if (typeof book === 'string') {
    const known = [...books.keys()].join(', ');
    return books.get(book)?.book ?? refuse('UNKNOWN_BOOK', { book, known }, '/book');
  }
  const parsed = parsePriceBook(book);
  if (!hasProblems(parsed)) return parsed.book;
  return { problems: parsed.problems.map((each) => ({ ...each, pointer: `/book${each.pointer}` })) };
}

type Accepted = { readonly duplicate?: true; readonly status?: 'held' };

function take(ledger: MemoryLedger, step: Step, now: Instant): Refusal | Accepted {
  const nothing: Accepted = {};
  switch (step.do) {
    case 'gift':
      return gift(ledger, { ...step.order, calls: callsOf(step.order.calls) }, now) ?? nothing;
    case 'buy':
      return buy(ledger, { ...step.order, size: callsOf(step.order.size) }, now) ?? nothing;
    case 'use': {
      const used = use(ledger, step.report, now);
      if (isRefusal(used)) return used;
      return {
        ...(used.duplicate ? { duplicate: true } : {}),
        ...(used.row.outcome === 'held' ? { status: 'held' } : {}),
      };
    }
    case 'refund':
      return refund(ledger, step.id, now) ?? nothing;
    case 'void':
      return voidEvent(ledger, step.id, now) ?? nothing;
    case 'topup':
      return topUp(ledger, step.amount, step.reference, now) ?? nothing;
    case 'close':
      return closeMonth(ledger, step.month, now) ?? nothing;
    case 'price':
      return agree(ledger, step.order, now) ?? nothing;
    case 'freeze':
      return refuse('NOT_FREEZABLE', { pack: step.id });
  }
}

/** A pointer from the core names a field of the step; one from reading the file is whole already. */
function refusedStep(step: number, refusal: Refusal): StepResult {
  const { pointer } = refusal;
  const whole = pointer?.startsWith('/steps/') ? pointer : `/steps/${step}${pointer ?? ''}`;
  return {
    step,
    ok: false,
    code: refusal.refused,
    detail: refusalWords(refusal),
    ...(pointer === undefined ? {} : { pointer: whole }),
  };
}

function outputOf(ledger: MemoryLedger, results: readonly StepResult[], now: Instant) {
  const history = packHistory(ledger);
  return plain({
    results,
    packs: [...ledger.packs.values()].map((row) => packDocument(ledger, row, now)),
    receipts: [...ledger.events.values()].map((row) => receiptDocument(ledger, row, history)),
    bills: ledger.bills.map(({ bill }) => shownBill(billDocument(bill, 'final', ledger.book), ledger.book)),
    balance: formatMoney(ledger.head.balance, ledger.book.currency),
  });
}

function packDocument(ledger: MemoryLedger, row: Parameters<typeof packStanding>[1], now: Instant) {
  const { facts } = row;
  const standing = packStanding(ledger, row);
  const { timeZone } = ledger.book;
  return {
    id: facts.id,
    product: facts.product,
    gift: facts.gift,
    calls: facts.calls,
    remaining: standing.remaining,
    forfeited: standing.forfeited,
    state: packState(standing, now),
    effectiveAt: formatInstant(timeZone, facts.effectiveAt),
    expiresAt: formatInstant(timeZone, facts.expiresAt),
    ...(facts.department === undefined ? {} : { scope: { department: facts.department } }),
  };
}

interface DatedHistory extends PackHistory {
  readonly seq: number;
}

/** All packs in draw order. */
function packHistory({ book, packs }: MemoryLedger): DatedHistory[] {
  const rows = [...packs.values()].map(({ facts, seq, refund: back }) => ({
    ...facts,
    seq,
    refundedSeq: back?.seq ?? null,
  }));
  return rows.toSorted(comparePacks(book));
}

/** Of a pack that came when the call was settled already. */
function laterOf(ledger: MemoryLedger, row: EventRow, no: number) {
  const { seq, facts } = packNumbered(ledger, no);
  return seq < row.seq ? {} : { drawnLater: { seq, time: formatInstant(ledger.head.timeZone, facts.boughtAt) } };
}

function receiptDocument(ledger: MemoryLedger, row: EventRow, history: readonly DatedHistory[]) {
  const { book, head } = ledger;
  const nameOf = (no: number): string => packNumbered(ledger, no).facts.id;
  const existing = history.filter((pack) => pack.seq < row.seq);
  const { settledMeter: meter, outcome } = row;
  const unused =
    meter === null || outcome !== 'charged'
      ? []
      : [...explain({ ...row, meter }, packsFor(meter, existing, book), book)];
  return {
    event: row.id,
    meter,
    calls: row.calls,
    time: formatInstant(head.timeZone, row.at),
    outcome,
    draws: row.draws.map(({ pack, calls }) => ({ pack: nameOf(pack), calls, ...laterOf(ledger, row, pack) })),
    postpaid: row.postpaid,
    unused: unused.map(([no, reason]) => ({ pack: nameOf(no), reason })),
    ...(row.department === null ? {} : { department: row.department }),
    ...(row.stopped ? { stopped: true } : {}),
    ...(row.voidedAt === null ? {} : { voided: true }),
  };
}
