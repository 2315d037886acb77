// Accounts, their balance, packs and usage.

import { z } from 'zod';
import { defaultBookFor } from '../book/shelf.ts';
import { type Period, parsePeriod, periodOf } from '../core/calendar.ts';
import { packStates } from '../core/pack.ts';
import { isRefusal, type Refusal, refuse } from '../core/refusal.ts';
import { callsOf } from '../core/units.ts';
import { changeAccount, openAccount, topUpBalance } from '../operations/accounts.ts';
import { accountsCursor, changesCursor, entriesCursor, packsCursor } from '../operations/cursors.ts';
import {
  accountStates,
  amountFor,
  entryDocument,
  listAccounts,
  listPacks,
  readAccount,
  readBalance,
  readChanges,
  readHead,
  refuseMissingAccount,
} from '../operations/read-account.ts';
import { waitForSecond } from './approvals.ts';
import * as contract from './contract/contract.ts';
import { sendAsked } from './from-thread.ts';
import { pageOf } from './paging.ts';
import { command, type RouteParts, route } from './route.ts';

/** The book of an account opened without naming one: the one whose dates fit the day it was opened, or today. */
const bookFor = (opened: string | undefined, now: number): string | undefined =>
  defaultBookFor(opened ?? new Date(now + 8 * 3_600_000).toISOString().slice(0, 10))?.book.id;

export function registerAccounts(parts: RouteParts): void {
  const { suanpan } = parts;
  command(
    parts,
    {
      method: 'POST',
      url: '/v1/accounts',
      links: {
        'GET /v1/accounts/:id': { id: '$response.body#/id' },
        'GET /v1/accounts/:id/packs': { id: '$response.body#/id' },
        'GET /v1/accounts/:id/balance': { id: '$response.body#/id' },
        'POST /v1/accounts/:id/keys': { id: '$response.body#/id' },
      },
      answer: contract.account,
      access: { scope: 'manage', duty: 'accounts', of: 'server' },
      refuses: ['UNKNOWN_BOOK', 'ACCOUNT_EXISTS'],
      summary: 'Open an account; the same again answers it with 200',
      body: contract.newAccount,
      once: 'optional',
      statuses: [201, 200],
    },
    async (tx, { body, caller }) => {
      const now = suanpan.clock();
      const book = body.book ?? bookFor(body.opened, now);
      if (book === undefined) return refuse('INVALID_INPUT', { problem: 'book' }, '/book');
      const { id, name, opened, timeZone, postpaid, cap, gifts = true } = body;
      const opening = await openAccount(
        tx,
        suanpan,
        {
          id,
          book,
          by: caller.prefix,
          withoutGifts: !gifts,
          ...(name === undefined ? {} : { name }),
          ...(opened === undefined ? {} : { opened }),
          ...(timeZone === undefined ? {} : { timeZone }),
          ...(postpaid === undefined ? {} : { postpaid }),
          ...(cap === undefined ? {} : { cap: cap === null ? null : callsOf(cap) }),
        },
        now,
      );
      if (isRefusal(opening)) return opening;
      const account = await readAccount(tx, suanpan, id, now);
      return isRefusal(account) ? account : { body: account, status: opening.existed ? 200 : 201, account: id };
    },
  );
  registerSettings(parts);
  registerReads(parts);
  registerUsage(parts);
  registerBalance(parts);
  registerChanges(parts);
}

function registerSettings(parts: RouteParts): void {
  const { suanpan } = parts;
  command(
    parts,
    {
      method: 'PATCH',
      url: '/v1/accounts/:id',
      answer: contract.account,
      access: { scope: 'manage', duty: 'accounts', of: 'path' },
      summary: 'Allow or forbid postpaid, set the cap, suspend or resume',
      body: contract.accountSettings,
    },
    async (tx, { body, account, caller, was }) => {
      const { postpaid, cap, suspended } = body;
      was(await readAccount(tx, suanpan, account, suanpan.clock()));
      const settings = {
        account,
        by: caller.prefix,
        ...(postpaid === undefined ? {} : { postpaid }),
        ...(cap === undefined ? {} : { cap: cap === null ? null : callsOf(cap) }),
        ...(suspended === undefined ? {} : { suspended }),
      };
      const changed = await changeAccount(tx, suanpan, settings, suanpan.clock());
      if (isRefusal(changed)) return changed;
      const document = await readAccount(tx, suanpan, account, suanpan.clock());
      return isRefusal(document) ? document : { body: document, account };
    },
  );
}

function registerReads(parts: RouteParts): void {
  const { suanpan } = parts;
  route(
    parts,
    {
      method: 'GET',
      url: '/v1/accounts',
      answer: contract.accountPage,
      access: { scope: 'read', of: 'server' },
      summary: 'All accounts, in order of id',
      query: z.strictObject({
        search: contract.askedSearch.optional().meta({ description: 'A part of the id or the name' }),
        state: z
          .enum(accountStates)
          .optional()
          .meta({ description: 'A page of one state may be short and have a next' }),
        ...pageOf(accountsCursor),
      }),
    },
    async ({ query }) => {
      const { cursor: [after] = [''], limit = 50, search = '', state = null } = query;
      const page = { after, limit, search, state };
      const { accounts, next } = await listAccounts(suanpan.pool, suanpan, page, suanpan.clock());
      return { body: { accounts, next: next === null ? null : accountsCursor.write([next]) } };
    },
  );
  route(
    parts,
    {
      method: 'GET',
      url: '/v1/accounts/:id',
      answer: contract.account,
      access: { scope: 'read', of: 'path' },
      summary: 'One account',
    },
    async ({ account: id }) => {
      const account = await readAccount(suanpan.pool, suanpan, id, suanpan.clock());
      return isRefusal(account) ? account : { body: account };
    },
  );
  route(
    parts,
    {
      method: 'GET',
      url: '/v1/accounts/:id/packs',
      answer: contract.packPage,
      access: { scope: 'read', of: 'path' },
      summary:
        'Packs of an account in order of delivery, with what is left; a page of one state may be short and have a next',
      query: z.strictObject({ ...pageOf(packsCursor), state: z.enum(packStates).optional() }),
      head: ({ account }) => refuseMissingAccount(suanpan, account),
    },
    async ({ account, query }) => {
      const { limit = 50, cursor: [after] = [0], state = null } = query;
      const packs = await listPacks(suanpan.pool, suanpan, { account, after, limit, state }, suanpan.clock());
      if (isRefusal(packs)) return packs;
      return { body: { ...packs, next: packs.next === null ? null : packsCursor.write([packs.next]) } };
    },
  );
}

function registerUsage(parts: RouteParts): void {
  const { suanpan } = parts;
  const asked = {
    query: z.strictObject({ month: contract.month.optional() }),
    access: { scope: 'read', of: 'path' },
  } as const;
  const monthOf = async (account: string, month: string | undefined): Promise<Period | Refusal> => {
    const reading = await readHead(suanpan.pool, suanpan, account);
    if (isRefusal(reading)) return reading;
    return parsePeriod(month ?? '') ?? periodOf(reading.head.timeZone, suanpan.clock());
  };
  route(
    parts,
    {
      ...asked,
      method: 'GET',
      url: '/v1/accounts/:id/usage',
      answer: contract.usage,
      summary: 'Calls of a month by day, meter and payer',
      head: ({ account }) => refuseMissingAccount(suanpan, account),
    },
    async (input) => {
      const { account, query } = input;
      const month = await monthOf(account, query.month);
      return isRefusal(month) ? month : sendAsked(parts, input, { of: 'usage', account, month });
    },
  );
  route(
    parts,
    {
      ...asked,
      method: 'GET',
      url: '/v1/accounts/:id/usage/departments',
      answer: contract.departmentUsage,
      refuses: ['ARCHIVED'],
      summary: 'Charged calls of a month by day and department',
      head: ({ account }) => refuseMissingAccount(suanpan, account),
    },
    async (input) => {
      const { account, query } = input;
      const month = await monthOf(account, query.month);
      return isRefusal(month) ? month : sendAsked(parts, input, { of: 'department usage', account, month });
    },
  );
}

function registerBalance(parts: RouteParts): void {
  const { suanpan } = parts;
  route(
    parts,
    {
      method: 'GET',
      url: '/v1/accounts/:id/balance',
      answer: contract.balance,
      access: { scope: 'read', of: 'path' },
      summary: 'The money balance and its entries, newest first',
      query: z.strictObject(pageOf(entriesCursor)),
    },
    async ({ account, query }) => {
      const { cursor: [before] = [null], limit = 50 } = query;
      const balance = await readBalance(suanpan.pool, suanpan, { account, before, limit });
      if (isRefusal(balance)) return balance;
      return { body: { ...balance, next: entriesCursor.after(balance.entries, limit, ({ seq }) => [seq]) } };
    },
  );
  command(
    parts,
    {
      method: 'POST',
      url: '/v1/accounts/:id/top-ups',
      answer: contract.entryOrApproval,
      access: { scope: 'manage', duty: 'money', of: 'path' },
      summary: 'Add money to a balance. A person’s above a limit waits for a second person (202)',
      body: contract.topUp,
      once: 'required',
      statuses: [201, 202],
    },
    async (tx, { body, account, caller, request }) => {
      const amount = await amountFor(tx, suanpan, account, body.amount);
      if (isRefusal(amount)) return amount;
      const reference = body.reference ?? String(request.headers['idempotency-key']);
      const asked = { amount: body.amount, reference };
      const waits = await waitForSecond(parts, tx, caller, { act: 'top-up', account, asked });
      if (waits !== undefined) return waits;
      const entry = await topUpBalance(tx, suanpan, { account, amount, reference }, suanpan.clock());
      if (isRefusal(entry)) return entry;
      const reading = await readHead(tx, suanpan, account);
      if (isRefusal(reading)) return reading;
      return { body: { account, ...entryDocument(entry, reading.head.timeZone, reading.book.currency) }, account };
    },
  );
}

function registerChanges(parts: RouteParts): void {
  const { suanpan } = parts;
  route(
    parts,
    {
      method: 'GET',
      url: '/v1/accounts/:id/changes',
      answer: contract.changePage,
      access: { scope: 'read', of: 'path' },
      summary: 'What an account may spend, as it was set and by whom, newest first',
      query: z.strictObject(pageOf(changesCursor)),
    },
    async ({ account, query }) => {
      const { cursor: [before] = [null], limit = 50 } = query;
      const changes = await readChanges(suanpan.pool, suanpan, { account, before, limit });
      return isRefusal(changes) ? changes : { body: changes };
    },
  );
}
