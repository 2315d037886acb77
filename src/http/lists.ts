// What an account's pages list, as files.

import { z } from 'zod';
import { type ListName, listNames } from '../core/list-names.ts';
import { isRefusal, type Refusal, refuse } from '../core/refusal.ts';
import { type ListOrder, openList } from '../operations/export-list.ts';
import { writeList } from '../operations/list-file.ts';
import { refuseMissingAccount } from '../operations/read-account.ts';
import type { EventWish } from '../store/ledger/events.ts';
import { listWords } from '../words/lists.ts';
import * as contract from './contract/contract.ts';
import { fileTypes, nameFile, sendFile } from './files.ts';
import { sendAsked } from './from-thread.ts';
import { type RouteParts, route } from './route.ts';
import { spanOf } from './span.ts';

const listQuery = z.strictObject({
  list: z.enum(listNames).meta({ description: 'calls, what packs paid for them, packs, or entries of the balance' }),
  format: z.enum(['csv', 'xlsx', 'json']).optional(),
  bom: z.enum(['0', '1']).optional(),
  from: contract.time.optional(),
  to: contract.time.optional(),
  ...contract.eventWish,
});

type ListFormat = 'csv' | 'xlsx' | 'json';

const typeOf = (format: ListFormat = 'csv'): string => (format === 'json' ? fileTypes.lines : fileTypes[format]);

export const listFileName = (account: string, list: ListName, format: ListFormat): string =>
  `${account}-${list}.${format === 'json' ? 'ndjson' : format}`;

type Wished = Pick<z.output<typeof listQuery>, 'list' | 'from' | 'to'> & EventWish;

/** What a list is asked for. Refusal: INVALID_INPUT where it is asked by what its rows do not have. */
export function listOrderOf(account: string, { list, from, to, ...wish }: Wished): ListOrder | Refusal {
  const isOfCalls = list === 'calls' || list === 'draws';
  const unused = isOfCalls ? undefined : Object.entries({ from, to, ...wish }).find(([, value]) => value !== undefined);
  if (unused !== undefined)
    return refuse('INVALID_INPUT', { problem: listWords.ofCallsOnly(unused[0]) }, `/${unused[0]}`);
  return {
    ...{ account, list, wish },
    ...spanOf({ from, to }),
  };
}

export function registerLists(parts: RouteParts): void {
  const { suanpan } = parts;
  route(
    parts,
    {
      method: 'GET',
      url: '/v1/accounts/:id/export',
      answer: undefined,
      answerType: 'text/csv',
      access: { scope: 'read', of: 'path' },
      refuses: ['UNKNOWN_METER', 'ARCHIVED'],
      summary:
        'A list of an account as a file: calls, draws, packs or entries; calls and draws of a time, all or those looked for',
      query: listQuery,
      head: async ({ account, query, reply }) => {
        reply.type(typeOf(query.format));
        return refuseMissingAccount(suanpan, account);
      },
      answerMedia: {
        'application/x-ndjson': z.string().meta({ description: 'format=json: a row a line' }),
        [fileTypes.xlsx]: z.string().meta({ description: 'format=xlsx, up to 50,000 rows' }),
      },
    },
    async (input) => {
      const { account, query, reply } = input;
      const { list, format = 'csv', bom, from, to, ...wish } = query;
      const order = listOrderOf(account, { list, from, to, ...wish });
      if (isRefusal(order)) return order;
      const begin = () =>
        nameFile(reply.type(typeOf(format)).header('cache-control', 'no-store'), listFileName(account, list, format));
      if (format === 'xlsx') {
        begin();
        return sendAsked(parts, input, { of: 'list workbook', order });
      }
      return sendFile(parts, input, async () => {
        const opened = await openList(suanpan, order, suanpan.clock());
        if (isRefusal(opened)) return opened;
        begin();
        return writeList(opened, format, bom === '1');
      });
    },
  );
}
