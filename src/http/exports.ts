// A bill as files, and split by department.

import type { Readable } from 'node:stream';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { readJson } from '../core/json.ts';
import { isRefusal, type Refusal, refuse } from '../core/refusal.ts';
import { type CallTerms, exportCalls } from '../operations/export-calls.ts';
import { findBillName, refuseMissingBill, refuseMissingCalls } from '../operations/read-bills.ts';
import { shareOf } from './caller-share.ts';
import * as contract from './contract/contract.ts';
import { askedAnswer, sendAnswer, sendAsked } from './from-thread.ts';
import { languageOf } from './problem.ts';
import { type Input, type RouteParts, route } from './route.ts';
import { Turns } from './turns.ts';

/** Files of calls may be long: a caller's few at a time, so that the connections are left to the others. */
const exportTurns = { mostOfOne: 2, most: 4, mostWaiting: 2, patience: 3_000 };

/** How long a reader may stand still, milliseconds: while others wait for its turn, and at all. */
const longestStanding = { waitedFor: 10_000, atAll: 20_000 };
const betweenLooks = 500;

const types = {
  csv: 'text/csv; charset=utf-8',
  json: 'application/json; charset=utf-8',
  lines: 'application/x-ndjson; charset=utf-8',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  pdf: 'application/pdf',
  focus: 'text/csv; charset=utf-8',
};

const exportQuery = z.strictObject({
  format: z.enum(['csv', 'xlsx', 'pdf', 'json', 'focus']).optional(),
  detail: z.enum(['lines', 'calls']).optional(),
  bom: z.enum(['0', '1']).optional(),
});

type ExportInput = Input<z.output<typeof exportQuery>, unknown, string>;

export function registerExports(parts: RouteParts): void {
  const { suanpan } = parts;
  const turns = new Turns(exportTurns);
  const access = { scope: 'read', of: 'bill' } as const;
  route(
    parts,
    {
      method: 'GET',
      url: '/v1/bills/:id/export',
      answer: contract.sealedBill,
      access,
      summary: 'A bill as a file: its lines, or every call with its payer and amount (detail=calls)',
      query: exportQuery,
      refuses: ['ARCHIVED'],
      answerMedia: {
        'text/csv': z.string().meta({ description: 'format=csv, or no format; format=focus: the columns of FOCUS' }),
        'application/x-ndjson': z.string().meta({ description: 'format=json with detail=calls: a call a line' }),
        [types.xlsx]: z.string().meta({ description: 'format=xlsx' }),
        [types.pdf]: z.string().meta({ description: 'format=pdf' }),
      },
      head: async (input) => {
        const refuseMissing = input.query.detail === 'calls' ? refuseMissingCalls : refuseMissingBill;
        return beginFile(input) ?? refuseMissing(suanpan, input.params.id ?? '');
      },
    },
    async (input) => {
      const refusal = beginFile(input);
      if (refusal !== undefined) return refusal;
      return input.query.detail === 'calls' ? sendCalls(parts, turns, input) : sendLines(parts, input);
    },
  );
  route(
    parts,
    {
      method: 'GET',
      url: '/v1/bills/:id/departments',
      answer: contract.departments,
      access,
      summary: 'A bill split by department, in proportion to calls; the parts sum exactly to the whole',
      refuses: ['ARCHIVED'],
      head: ({ params }) => refuseMissingCalls(suanpan, params.id ?? ''),
    },
    async (input) => sendAsked(parts, input, { of: 'departments', id: input.params.id ?? '' }),
  );
}

/** What is known of the file before it is made: its type. */
function beginFile({ query, reply }: ExportInput): Refusal | undefined {
  const { format = 'csv', detail = 'lines' } = query;
  if (detail === 'calls' && format !== 'csv' && format !== 'json')
    return refuse('INVALID_INPUT', { problem: `${format} has the lines; calls come as csv or json` }, '/detail');
  reply.type(format === 'json' && detail === 'calls' ? types.lines : types[format]).header('cache-control', 'no-store');
  return undefined;
}

const markOf = ({ query }: ExportInput): string => (query.bom === '1' ? '\uFEFF' : '');

const nameFile = (reply: FastifyReply, { account, month }: { account: string; month: string }, ending: string) =>
  reply.header('content-disposition', `attachment; filename="${account}-${month}${ending}"`);

async function sendLines(parts: RouteParts, input: ExportInput): Promise<FastifyReply | Refusal> {
  const { params, query, request, reply } = input;
  const { id = '' } = params;
  const { format = 'csv' } = query;
  const named = await findBillName(parts.suanpan, id);
  if (isRefusal(named)) return named;
  const language = languageOf(request.headers['accept-language']);
  const answer = await askedAnswer(parts, input, { of: 'lines', id, format, language, mark: markOf(input) });
  if (!('refusal' in answer)) nameFile(reply, named, format === 'focus' ? '-focus.csv' : `.${format}`);
  return sendAnswer(input, answer);
}

async function sendCalls(parts: RouteParts, turns: Turns, input: ExportInput): Promise<FastifyReply | Refusal> {
  const { caller, params, request, reply, query } = input;
  const answer = await askedAnswer(parts, input, { of: 'call terms', id: params.id ?? '' });
  if (!('body' in answer)) return sendAnswer(input, answer);
  const terms = readJson(answer.body) as CallTerms;
  // From here on it has a turn of its own kind.
  input.endTurn();
  const end = await turns.take(shareOf(caller, request.ip).own);
  if (isRefusal(end)) return end;
  try {
    const format = query.format === 'json' ? 'json' : 'csv';
    const file = await exportCalls(parts.suanpan, terms, format, markOf(input));
    // Also when the client leaves: the stream is destroyed then, and reads no further.
    file.once('close', end);
    endIfStanding(file, turns);
    return nameFile(reply, terms, `-calls.${format}`).send(file);
  } catch (error) {
    end();
    throw error;
  }
}

/**
 * Cuts a file off whose reader takes nothing of it any more: whoever opens downloads and leaves them lying would keep everybody from
 * theirs. A reader that is only slow moves on with every piece. The client sees a broken transfer, never a file that looks whole.
 */
function endIfStanding(file: Readable, turns: Turns): void {
  let since = performance.now();
  // Each piece that the connection cannot take at once pauses the file until it could.
  file.on('pause', () => {
    since = performance.now();
  });
  const looks = setInterval(() => {
    if (file.readableFlowing !== false) return;
    const most = turns.isWaitedFor ? longestStanding.waitedFor : longestStanding.atAll;
    if (performance.now() - since >= most) file.destroy(new Error('nobody reads this export any more'));
  }, betweenLooks).unref();
  file.once('close', () => clearInterval(looks));
}
