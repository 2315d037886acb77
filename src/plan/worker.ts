// A plan in a thread of its own: the integer programs of a large one would hold up every call of a server meanwhile.

import { parentPort, workerData } from 'node:worker_threads';
import { hasProblems, parsePriceBook } from '../book/decode.ts';
import { type MonthRequest, type ProfileRequest, planMonth, planProfile } from './plan.ts';

/** What the thread is given: the price book's document and the request. */
export interface PlanWork {
  readonly document: unknown;
  readonly request: MonthRequest | ProfileRequest;
}

const { document, request } = workerData as PlanWork;
const parsed = parsePriceBook(document);
if (hasProblems(parsed)) throw new Error('the price book of a plan is malformed');
const { book } = parsed;
parentPort?.postMessage(await ('use' in request ? planMonth(book, request) : planProfile(book, request)));
