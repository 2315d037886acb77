// The second person: what waits, and what another decides.

import type { ClientBase, Pool } from 'pg';
import { z } from 'zod';
import { formatInstant } from '../core/calendar.ts';
import { decimalsOf, noCurrency } from '../core/currency.ts';
import { isRefusal, type Refusal, refuse } from '../core/refusal.ts';
import type { Instant, Money } from '../core/units.ts';
import { amountOf, approvalDetails, askForApproval, currenciesOf, decide } from '../operations/approvals.ts';
import { approvalsCursor } from '../operations/cursors.ts';
import { readHead } from '../operations/read-account.ts';
import type { Suanpan } from '../operations/suanpan.ts';
import { type ApprovalRow, listApprovals } from '../store/ledger/approvals.ts';
import { namesOf } from '../store/ledger/people.ts';
import type { Caller } from './caller.ts';
import * as contract from './contract/contract.ts';
import { pageOf, sort } from './paging.ts';
import { command, type RouteParts, route } from './route.ts';

interface Known {
  readonly names: ReadonlyMap<string, string>;
  readonly currencies: ReadonlyMap<string, string>;
}

const shown = (row: ApprovalRow, now: Instant, { names, currencies }: Known): contract.Approval => ({
  approval: row.id,
  account: row.account,
  act: row.act,
  ...approvalDetails(row, currencies.get(row.account) ?? noCurrency),
  state: row.decision ?? (row.expiresAt <= now ? 'lapsed' : 'waiting'),
  askedBy: row.askedBy,
  askedByName: names.get(row.askedBy) ?? null,
  askedAt: formatInstant('UTC', row.askedAt),
  expiresAt: formatInstant('UTC', row.expiresAt),
  decidedBy: row.decidedBy,
  decidedByName: names.get(row.decidedBy ?? '') ?? null,
  decidedAt: row.decidedAt === null ? null : formatInstant('UTC', row.decidedAt),
});

const knownOf = async (client: ClientBase | Pool, parts: Suanpan, rows: readonly ApprovalRow[]): Promise<Known> => ({
  names: await namesOf(
    client,
    rows.flatMap(({ askedBy, decidedBy }) => (decidedBy === null ? [askedBy] : [askedBy, decidedBy])),
    null,
  ),
  currencies: await currenciesOf(client, parts, rows),
});

/** The limit is kept in hundredths: 10000.00 is as many whole yuan, yen or dinars. */
const isAbove = (amount: Money, currency: string, limit: Money): boolean =>
  amount * 100n > limit * 10n ** BigInt(decimalsOf(currency));

/** What a program is trusted with, and a person is not: it has the payment before it. */
const byPeopleAlone = new Set(['top-up', 'confirm']);

/** What waits for a second person is answered as such; undefined: it may be done at once. Refusals: NOT_FOUND, INVALID_AMOUNT. */
export async function waitForSecond(
  { suanpan, secondPersonAbove }: RouteParts,
  tx: ClientBase,
  caller: Caller,
  order: Parameters<typeof askForApproval>[1],
): Promise<{ readonly status: 202; readonly body: contract.Approval; readonly account: string } | Refusal | undefined> {
  if (secondPersonAbove === null || (caller.person === null && byPeopleAlone.has(order.act))) return undefined;
  const amount = await amountOf(tx, suanpan, order);
  if (isRefusal(amount)) return amount;
  const reading = await readHead(tx, suanpan, order.account);
  if (isRefusal(reading) || !isAbove(amount, reading.book.currency, secondPersonAbove)) return undefined;
  const now = suanpan.clock();
  const row = await askForApproval(tx, order, amount, caller.prefix, now);
  return { status: 202, body: shown(row, now, await knownOf(tx, suanpan, [row])), account: order.account };
}

export function registerApprovals(parts: RouteParts): void {
  const { suanpan } = parts;
  const { pool, clock } = suanpan;
  route(
    parts,
    {
      method: 'GET',
      url: '/v1/approvals',
      answer: contract.approvalPage,
      access: { scope: 'read', of: 'server' },
      summary: 'Acts on money that wait for a second person, or did: newest first, or oldest',
      query: z.strictObject({
        account: contract.accountId.optional(),
        state: z.literal('waiting').optional().meta({ description: 'Those alone that can still be decided' }),
        sort,
        ...pageOf(approvalsCursor),
      }),
    },
    async ({ query }) => {
      const { account = null, state, cursor = null, limit = 50, sort: order = 'newest' } = query;
      const now = clock();
      const filter = { account, waiting: state === undefined ? null : now };
      const rows = await listApprovals(pool, filter, { after: cursor, limit, order });
      const next = approvalsCursor.after(rows, limit, ({ askedAt, id }) => [askedAt, id]);
      const known = await knownOf(pool, suanpan, rows);
      return { body: { approvals: rows.map((row) => shown(row, now, known)), next } };
    },
  );
  registerDecisions(parts);
}

function registerDecisions(parts: RouteParts): void {
  const { suanpan } = parts;
  for (const [word, decision] of [
    ['approve', 'approved'],
    ['reject', 'rejected'],
  ] as const) {
    command(
      parts,
      {
        method: 'POST',
        url: `/v1/approvals/:id/${word}`,
        answer: contract.approval,
        access: { scope: 'manage', duty: 'money', of: 'server' },
        refuses: [
          'NOT_FOUND',
          'PERSON_REQUIRED',
          'APPROVAL_ENDED',
          'SECOND_PERSON',
          'REFUND_WINDOW_CLOSED',
          'NEVER_REFUNDABLE',
          'PACK_IN_USE',
        ],
        summary:
          word === 'approve'
            ? 'Do what another has asked for: a person who has signed in, and did not ask'
            : 'Give up what waits for a second person',
      },
      async (tx, { caller, params }) => {
        if (caller.person === null) return refuse('PERSON_REQUIRED');
        const now = suanpan.clock();
        const row = await decide(tx, suanpan, { id: params.id ?? '', decision }, caller.prefix, now);
        return isRefusal(row)
          ? row
          : { body: shown(row, now, await knownOf(tx, suanpan, [row])), account: row.account };
      },
    );
  }
}
