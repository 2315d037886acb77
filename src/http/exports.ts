// A bill as files, and split by department.

import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { readJson } from '../core/json.ts';
import { isRefusal, type Refusal, refuse } from '../core/refusal.ts';
import type { CallTerms } from '../operations/call-pricing.ts';
import { exportCalls } from '../operations/export-calls.ts';
import { markOf } from '../operations/list-file.ts';
import { findBillName, refuseMissingBill, refuseMissingCalls } from '../operations/read-bills.ts';
import * as contract from './contract/contract.ts';
import { nameFile, sendFile, fileTypes as types } from './files.ts';
import { askedAnswer, sendAnswer, sendAsked } from './from-thread.ts';
import { languageOf } from './problem.ts';
import { type Input, type RouteParts, route } from './route.ts';

const exportQuery = z.strictObject({
  format: z.enum(['csv', 'xlsx', 'pdf', 'json', 'focus']).optional(),
  detail: z.enum(['lines', 'calls']).optional(),
  bom: z.enum(['0', '1']).optional(),
});

type ExportInput = Input<z.output<typeof exportQuery>, unknown, string>;

export function registerExports(parts: RouteParts): void {
  const { suanpan } = parts;
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
      return input.query.detail === 'calls' ? sendCalls(parts, input) : sendLines(parts, input);
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

const nameOf = ({ account, month }: { account: string; month: string }, ending: string): string =>
  `${account}-${month}${ending}`;

async function sendLines(parts: RouteParts, input: ExportInput): Promise<FastifyReply | Refusal> {
  const { params, query, request, reply } = input;
  const { id = '' } = params;
  const { format = 'csv' } = query;
  const named = await findBillName(parts.suanpan, id);
  if (isRefusal(named)) return named;
  const language = languageOf(request.headers['accept-language']);
  const answer = await askedAnswer(parts, input, {
    of: 'lines',
    id,
    format,
    language,
    mark: markOf(query.bom === '1'),
  });
  if (!('refusal' in answer)) nameFile(reply, nameOf(named, format === 'focus' ? '-focus.csv' : `.${format}`));
  return sendAnswer(input, answer);
}

async function sendCalls(parts: RouteParts, input: ExportInput): Promise<FastifyReply | Refusal> {
  const { params, reply, query } = input;
  const answer = await askedAnswer(parts, input, { of: 'call terms', id: params.id ?? '' });
  if (!('body' in answer)) return sendAnswer(input, answer);
  const terms = readJson(answer.body) as CallTerms;
  const format = query.format === 'json' ? 'json' : 'csv';
  return sendFile(parts, input, async () => {
    const pieces = await exportCalls(parts.suanpan, terms, format, query.bom === '1');
    nameFile(reply, nameOf(terms, `-calls.${format}`));
    return pieces;
  });
}
