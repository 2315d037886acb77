// Long lists as files in the background: ask, look how far it is, fetch.

import { z } from 'zod';
import { formatInstant } from '../core/calendar.ts';
import { isRefusal, refuseMissing } from '../core/refusal.ts';
import { type Instant, instantOf } from '../core/units.ts';
import { exportsCursor } from '../operations/cursors.ts';
import { askForExport, findDoneExport, keptDays, readExport } from '../operations/list-exports.ts';
import { refuseMissingAccount } from '../operations/read-account.ts';
import { type ExportRow, findExport, listExports } from '../store/ledger/list-exports.ts';
import * as contract from './contract/contract.ts';
import { nameFile, sendFile } from './files.ts';
import { listFileName, listOrderOf } from './lists.ts';
import { pageOf } from './paging.ts';
import { command, type RouteParts, route } from './route.ts';

const url = '/v1/exports';
const ofAccount = z.strictObject({ account: contract.accountId.optional() });
const moment = (at: Instant): string => formatInstant('UTC', at);

function shown({ id, asked, state, rows, of, askedAt, askedBy, endedAt, problem }: ExportRow) {
  const { list, format } = asked;
  return {
    ...{ id, list, format, state, rows, of, askedBy, problem },
    askedAt: moment(askedAt),
    endedAt: endedAt === null ? null : moment(endedAt),
    keptUntil: endedAt === null ? null : moment(instantOf(endedAt + keptDays * 86_400_000)),
  };
}

export function registerListExports(parts: RouteParts): void {
  const { suanpan } = parts;
  command(
    parts,
    {
      method: 'POST',
      url,
      answer: contract.listExport,
      links: {
        'GET /v1/exports/:id': { id: '$response.body#/id' },
        'GET /v1/exports/:id/file': { id: '$response.body#/id' },
      },
      access: { scope: 'read', of: 'body' },
      refuses: ['TOO_MANY_EXPORTS', 'UNKNOWN_METER', 'ARCHIVED'],
      summary: 'Have a long list made as a gzip file in the background; it is kept for seven days',
      body: contract.newListExport,
      once: 'optional',
      statuses: [202],
    },
    async (tx, { account, body, caller }) => {
      const { account: _, format = 'csv', bom = false, ...wish } = body;
      const order = listOrderOf(account, wish);
      if (isRefusal(order)) return order;
      const row = await askForExport(tx, suanpan, { ...order, format, bom }, caller.prefix, suanpan.clock());
      return isRefusal(row) ? row : { body: { account, ...shown(row) } };
    },
  );
  route(
    parts,
    {
      method: 'GET',
      url,
      answer: contract.listExportPage,
      access: { scope: 'read', of: 'query' },
      summary: 'Lists of an account as files: those that wait, are made and are done, the latest first',
      query: ofAccount.extend(pageOf(exportsCursor)),
      head: ({ account }) => refuseMissingAccount(suanpan, account),
    },
    async ({ account, query }) => {
      const missing = await refuseMissingAccount(suanpan, account);
      if (missing !== undefined) return missing;
      const { cursor, limit = 50 } = query;
      const before = cursor === undefined ? null : { at: instantOf(cursor[0]), id: cursor[1] };
      const rows = await listExports(suanpan.pool, account, before, limit);
      const next = exportsCursor.after(rows, limit, ({ askedAt, id }) => [askedAt, id]);
      return { body: { account, exports: rows.map(shown), next } };
    },
  );
  registerOne(parts);
}

function registerOne(parts: RouteParts): void {
  const { suanpan } = parts;
  route(
    parts,
    {
      method: 'GET',
      url: `${url}/:id`,
      answer: contract.listExport,
      access: { scope: 'read', of: 'query' },
      summary: 'How far a file is',
      query: ofAccount,
    },
    async ({ account, params }) => {
      const row = await findExport(suanpan.pool, account, params.id ?? '');
      if (row === undefined) return refuseMissing('export', params.id ?? '');
      return { body: { account, ...shown(row) } };
    },
  );
  route(
    parts,
    {
      method: 'GET',
      url: `${url}/:id/file`,
      answer: undefined,
      answerType: 'application/gzip',
      access: { scope: 'read', of: 'query' },
      refuses: ['EXPORT_NOT_DONE'],
      summary: 'The file of one that is done: CSV or JSON lines, as gzip',
      query: ofAccount,
      head: async ({ account, params, reply }) => {
        reply.type('application/gzip');
        const row = await findDoneExport(suanpan, account, params.id ?? '');
        return isRefusal(row) ? row : undefined;
      },
    },
    async (input) => {
      const { account, params, reply } = input;
      return sendFile(parts, input, async () => {
        const row = await findDoneExport(suanpan, account, params.id ?? '');
        if (isRefusal(row)) return row;
        const { list, format } = row.asked;
        nameFile(
          reply.type('application/gzip').header('cache-control', 'no-store'),
          `${listFileName(account, list, format)}.gz`,
        );
        return readExport(suanpan, row);
      });
    },
  );
}
