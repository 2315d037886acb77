// Bills: drafts, final ones, closing, export.

import { PassThrough } from 'node:stream';
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { BillDocument } from '../core/bill-document.ts';
import { type Period, parsePeriod } from '../core/calendar.ts';
import { readJson } from '../core/json.ts';
import { isRefusal, refuse } from '../core/refusal.ts';
import { bookOf } from '../ledger/books.ts';
import { type CloseTotal, closeMonth, closeMonths } from '../operations/close-month.ts';
import type { Readiness } from '../operations/close-readiness.ts';
import { billsCursor, readinessCursor } from '../operations/cursors.ts';
import { refuseMissingBill } from '../operations/read-bills.ts';
import type { Suanpan } from '../operations/suanpan.ts';
import { inTransaction } from '../store/connection/transaction.ts';
import { keepAct } from '../store/ledger/audit.ts';
import { refusalWords } from '../words/refusals.ts';
import { shownBill } from '../words/shown-bill.ts';
import { actOf, type Doing } from './act-of.ts';
import * as contract from './contract/contract.ts';
import { registerExports } from './exports.ts';
import { refusalOf } from './failure.ts';
import { askedAnswer, sendAnswer, sendAsked } from './from-thread.ts';
import { pageOf } from './paging.ts';
import { languageOf, problemDocument } from './problem.ts';
import { type RouteParts, route } from './route.ts';

const linesType = 'application/x-ndjson';

const listQuery = z.strictObject({
  account: contract.accountId.optional(),
  month: contract.month.optional(),
  ...pageOf(billsCursor),
});

export function registerBills(parts: RouteParts): void {
  const { suanpan } = parts;
  route(
    parts,
    {
      method: 'GET',
      url: '/v1/bills',
      answer: contract.billPage,
      access: { scope: 'read', of: 'query or all' },
      summary: 'Final bills; with account and month the draft while there is no final one',
      query: listQuery,
    },
    async (input) => {
      const { account, query } = input;
      const { cursor, limit = 50 } = query;
      const period = query.month === undefined ? null : (parsePeriod(query.month) ?? null);
      const after = cursor === undefined ? null : { period: cursor[0], account: cursor[1] };
      return sendAsked(parts, input, { of: 'bills', page: { account, period, after, limit } });
    },
  );
  route(
    parts,
    {
      method: 'GET',
      url: '/v1/bills/:id',
      links: {
        'GET /v1/bills/:id/export': { id: '$response.body#/id' },
        'GET /v1/bills/:id/departments': { id: '$response.body#/id' },
      },
      answer: contract.bill,
      access: { scope: 'read', of: 'bill' },
      summary: 'One bill by number ("acme-000001") or as "acme:2026-01": final, or the draft as it stands',
      head: ({ params }) => refuseMissingBill(suanpan, params.id ?? ''),
    },
    async (input) => sendAsked(parts, input, { of: 'bill', id: input.params.id ?? '' }),
  );
  registerExports(parts);
  registerReadiness(parts);
  registerFigures(parts);
  registerClosing(parts);
}

function registerClosing(parts: RouteParts): void {
  const { suanpan } = parts;
  route(
    parts,
    {
      ...closing,
      keptFirst: 'all',
      access: { scope: 'manage', duty: 'money', of: 'body or all' },
      refuses: ['PERIOD_OPEN', 'BEFORE_OPENING', 'QUOTE_REQUIRED'],
      summary: 'Close a month, for one account or all; closing again changes nothing',
      body: contract.closing,
      answer: contract.closedMonth,
      answerMedia: {
        [linesType]: z.string().meta({
          description:
            'For all accounts: a line {"done":n,"of":m} now and then, in accounts; the last line is the answer, or a Problem',
        }),
      },
    },
    async (input) => {
      const { account, body, request, reply } = input;
      const month = parsePeriod(body.month);
      if (month === undefined) return refuse('INVALID_INPUT', { problem: 'month' }, '/month');
      if (account !== null) {
        const closed = await inOneTransaction(parts, account, month, input);
        if (isRefusal(closed)) return closed;
        const document = readJson(closed.document) as BillDocument & {
          readonly state: 'final';
          readonly number: string;
        };
        return { body: shownBill(document, await bookOf(suanpan.books, document.book)) as contract.FinalBill };
      }
      if (request.headers.accept?.includes(linesType) === true) return closeInLines(suanpan, month, request, reply);
      return { body: closedDocument(month, await closeMonths(suanpan, { month }), request) };
    },
  );
}

/** Before a month is closed: it is looked through in slices, in a thread. */
function registerReadiness(parts: RouteParts): void {
  route(
    parts,
    {
      method: 'GET',
      url: '/v1/bills/readiness',
      answer: contract.closeReadiness,
      access: { scope: 'read', of: 'server' },
      summary: 'Who is ready for a month to be closed and who is not, and why; a slice of accounts, and where to go on',
      query: z.strictObject({ month: contract.month, ...pageOf(readinessCursor) }),
    },
    async (input) => {
      const { month, cursor: [after] = [''], limit = 200 } = input.query;
      const period = parsePeriod(month);
      if (period === undefined) return refuse('INVALID_INPUT', { problem: 'month' }, '/month');
      const order = { month: period, after, limit };
      const answer = await askedAnswer(parts, input, { of: 'readiness', order });
      if (!('body' in answer)) return sendAnswer(input, answer);
      const { blocked, next, ...counts } = readJson(answer.body) as Readiness;
      const language = languageOf(input.request.headers['accept-language']);
      return {
        body: {
          ...counts,
          blocked: blocked.map(({ account, refusal }) => {
            const why = refusal === 'damaged' ? refuse('INTERNAL_ERROR', { request: input.request.id }) : refusal;
            return { account, code: why.refused, detail: refusalWords(why)[language] };
          }),
          next: next === null ? null : readinessCursor.write([next]),
        },
      };
    },
  );
}

/** What all accounts did in a month. Every head is read for it. */
function registerFigures(parts: RouteParts): void {
  route(
    parts,
    {
      method: 'GET',
      url: '/v1/bills/figures',
      answer: contract.monthFigures,
      access: { scope: 'read', of: 'server' },
      summary: 'A month of all accounts: calls by who paid, packs sold, bills charged',
      query: z.strictObject({ month: contract.month }),
    },
    async (input) => {
      const month = parsePeriod(input.query.month);
      if (month === undefined) return refuse('INVALID_INPUT', { problem: 'month' }, '/month');
      return sendAsked(parts, input, { of: 'month figures', month });
    },
  );
}

function closedDocument(month: Period, total: CloseTotal, request: FastifyRequest) {
  const language = languageOf(request.headers['accept-language']);
  const refused = total.refused.map((each) => {
    const { account } = each;
    const refusal = 'error' in each ? refusalOf(each.error as FastifyError, request, { account }) : each.refusal;
    return { account, code: refusal.refused, detail: refusalWords(refusal)[language] };
  });
  return { month, closed: total.closed, alreadyFinal: total.alreadyFinal, refused };
}

/** The head goes out with the first line: what fails before it is refused as ever. A client that leaves does not stop the closing. */
async function closeInLines(
  suanpan: Suanpan,
  month: Period,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const lines = new PassThrough();
  const write = (line: unknown) => lines.write(`${JSON.stringify(line)}\n`);
  let begun = false;
  const progress = (done: number, of: number) => {
    if (!begun) reply.type(`${linesType}; charset=utf-8`).header('cache-control', 'no-store').send(lines);
    begun = true;
    write({ done, of });
  };
  try {
    write(closedDocument(month, await closeMonths(suanpan, { month }, progress), request));
  } catch (error) {
    if (!begun) throw error;
    write(problemDocument(request, refusalOf(error as FastifyError, request)));
  }
  lines.end();
  return reply;
}

const closing = { method: 'POST', url: '/v1/bills/close' } as const;

async function inOneTransaction({ suanpan }: RouteParts, account: string, month: Period, asked: Doing) {
  const closed = await inTransaction(suanpan.pool, async (tx) => {
    const now = suanpan.clock();
    const bill = await closeMonth(tx, suanpan, { account, month }, now);
    if (isRefusal(bill)) return bill;
    const after = { number: bill.no, digest: bill.digest };
    await keepAct(tx, actOf(now, closing, asked, { chain: account, before: undefined, after }));
    return bill;
  });
  suanpan.ledger.forget(account);
  return closed;
}
