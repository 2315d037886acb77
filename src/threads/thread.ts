// The thread itself: one work after another, each to its end. Whoever started it counts the time and ends the thread with it.

import { parentPort, workerData } from 'node:worker_threads';
import { hasProblems, parseKeptBook } from '../book/decode.ts';
import { lintBook } from '../book/lint.ts';
import { shelve } from '../book/shelf.ts';
import { writeJson } from '../core/json.ts';
import type { PriceBook } from '../core/price-book.ts';
import { isRefusal, type Refusal, refuse } from '../core/refusal.ts';
import { makeAnswer } from '../operations/answers.ts';
import { BookShelf } from '../operations/book-shelf.ts';
import { forecastAccount } from '../operations/forecast.ts';
import { whatIf } from '../operations/what-if.ts';
import { planMonth, planProfile } from '../plan/plan.ts';
import { quote } from '../scenario/quote.ts';
import { type DatabaseAddress, openReader } from '../store/connection/connect.ts';
import { MeterNumbers } from '../store/ledger/meters.ts';
import { advisedSize } from './advice.ts';
import { type Answer, limitsOf, type OfferedBook, type Returned, type SentBook, type Work } from './tasks.ts';

/** The planner ends by itself before its thread is ended, with the best it has found. */
const partOfPlanTime = 0.4;

/** An answer does not grow with all that is wrong in a document. */
const mostProblems = 100;

const books = new Map<string, PriceBook>();

function bookOf({ digest, document }: SentBook): PriceBook {
  const known = books.get(digest);
  if (known !== undefined) return known;
  const parsed = parseKeptBook(document);
  if (hasProblems(parsed)) throw new Error(`the price book ${digest} is malformed`);
  books.set(digest, parsed.book);
  return parsed.book;
}

type Ledgers = ReturnType<typeof openLedgers>;
let opened: Ledgers | undefined;

/** The database as this thread reads it, opened by the first work that needs it. */
function openLedgers() {
  const pool = openReader(workerData as DatabaseAddress);
  const meters = new MeterNumbers();
  return { pool, meters, books: new BookShelf(pool, meters) };
}

async function readLedgers(): Promise<Ledgers> {
  opened ??= openLedgers();
  // A book may have been added, here or by another server, since the last work.
  await opened.books.refresh();
  return opened;
}

const answerOf = (value: unknown): Answer =>
  isRefusal(value) ? { refusal: value } : { body: writeJson(value as object) };

/** One entry for each kind of work. */
const doing: { readonly [Kind in Work['kind']]: (work: Extract<Work, { kind: Kind }>) => Promise<Answer> } = {
  quote: async ({ book, request }) => answerOf(quote(bookOf(book), request)),
  plan: async ({ book, request }) => {
    const until = performance.now() + limitsOf.plan.milliseconds * partOfPlanTime;
    const timeLeft = () => until - performance.now();
    const priceBook = bookOf(book);
    return answerOf(
      await ('use' in request
        ? planMonth(priceBook, request, undefined, timeLeft)
        : planProfile(priceBook, request, undefined, timeLeft)),
    );
  },
  'what-if': async ({ order, now }) => {
    const ledgers = await readLedgers();
    const book = offered(ledgers.books, order.book);
    if (isRefusal(book)) return { refusal: book };
    if (book !== null && 'problems' in book) return book;
    return answerOf(await whatIf({ ...ledgers, clock: () => now }, { ...order, book }));
  },
  forecast: async ({ account, now }) => {
    const ledgers = await readLedgers();
    return answerOf(await forecastAccount({ ...ledgers, clock: () => now }, account));
  },
  advice: async ({ account, product, now }) => {
    const until = performance.now() + limitsOf.advice.milliseconds * partOfPlanTime;
    const ledgers = await readLedgers();
    return answerOf(
      await advisedSize({ ...ledgers, clock: () => now }, { account, product }, () => until - performance.now()),
    );
  },
  read: async ({ asked, now }) => {
    const made = await makeAnswer({ ...(await readLedgers()), clock: () => now }, asked);
    if (isRefusal(made)) return { refusal: made };
    return typeof made === 'string' ? { body: made } : { file: made };
  },
  'check-book': async ({ document }) => {
    const shelved = shelve(document);
    if (hasProblems(shelved)) return { problems: shelved.problems.slice(0, mostProblems) };
    const { book, digest } = shelved;
    return answerOf({ id: book.id, digest, warnings: lintBook(book) });
  },
};

function offered(
  shelf: BookShelf,
  given: OfferedBook,
): PriceBook | null | Extract<Answer, { problems: object }> | Refusal {
  if (given === null) return null;
  if ('id' in given) {
    return shelf.find(given.id) ?? refuse('UNKNOWN_BOOK', { book: given.id }, '/book');
  }
  const shelved = shelve(given.document);
  return hasProblems(shelved)
    ? {
        problems: shelved.problems.slice(0, mostProblems).map((each) => ({ ...each, pointer: `/book${each.pointer}` })),
      }
    : shelved.book;
}

async function returned(work: Work): Promise<Returned> {
  try {
    return await doing[work.kind](work as never);
  } catch (error) {
    const { message, stack, code } = error as Error & { readonly code?: string };
    return { failed: { message: stack ?? message, code } };
  }
}

/** Bytes that fill a memory of their own go over as they are; copying them is left to whoever shares theirs. */
const handedOver = (answer: Returned): ArrayBuffer[] =>
  'file' in answer &&
  answer.file.buffer instanceof ArrayBuffer &&
  answer.file.byteLength === answer.file.buffer.byteLength
    ? [answer.file.buffer]
    : [];

parentPort?.on('message', (work: Work) => {
  void returned(work).then((answer) => parentPort?.postMessage(answer, handedOver(answer)));
});
parentPort?.postMessage('ready');
