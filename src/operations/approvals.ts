// The second person: acts on money above a limit are asked for by one and done when another approves. Source: docs/decisions/0031.

import { randomBytes } from 'node:crypto';
import type { ClientBase, Pool } from 'pg';
import { refusePayment } from '../account/commands.ts';
import { noCurrency } from '../core/currency.ts';
import { canonicalJson } from '../core/json.ts';
import { isRefusal, type Refusal, refuse, refuseMissing } from '../core/refusal.ts';
import { formatMoney, type Instant, instantOf, type Money } from '../core/units.ts';
import { findAccounts } from '../store/ledger/accounts.ts';
import {
  type ApprovalRow,
  type ApprovedAct,
  decideApproval,
  insertApproval,
  lockApproval,
} from '../store/ledger/approvals.ts';
import { findKeysByPrefix } from '../store/ledger/keys.ts';
import { findPacks } from '../store/ledger/packs.ts';
import { creditBalance, topUpBalance } from './accounts.ts';
import type { Parts } from './change.ts';
import { confirmOrder, parseOrderId } from './orders.ts';
import { refundPackOf } from './packs.ts';
import { amountFor, readHead } from './read-account.ts';

/** What is not decided by then is asked for anew. */
const life = 7 * 24 * 3_600_000;

/** What it takes to do each act, as it is kept. Money is a decimal string. */
export interface Asked {
  readonly credit: { readonly amount: string; readonly reason: string };
  readonly refund: { readonly pack: string; readonly reason: string };
  readonly 'top-up': { readonly amount: string; readonly reference: string };
  readonly confirm: { readonly order: string; readonly amount: string; readonly reference: string };
}

type Order<Act extends ApprovedAct = ApprovedAct> = {
  readonly [Each in Act]: { readonly act: Each; readonly account: string; readonly asked: Asked[Each] };
}[Act];

/** Does it. Refusals are those of the act. */
async function perform(tx: ClientBase, parts: Parts, order: Order, by: string, clock: Instant): Promise<unknown> {
  const { account } = order;
  if (order.act === 'refund') {
    return refundPackOf(tx, parts, { account, pack: order.asked.pack, exception: true }, clock);
  }
  const amount = await amountFor(tx, parts, account, order.asked.amount);
  if (isRefusal(amount)) return amount;
  switch (order.act) {
    case 'credit': {
      const { reason } = order.asked;
      return creditBalance(tx, parts, { account, amount, reason }, clock);
    }
    case 'top-up': {
      const { reference } = order.asked;
      return topUpBalance(tx, parts, { account, amount, reference }, clock);
    }
    case 'confirm': {
      const key = parseOrderId(order.asked.order);
      if (key === undefined) throw new Error(`${order.asked.order} is no order`);
      const { reference } = order.asked;
      return confirmOrder(tx, parts, { ...key, reference, received: amount }, by, clock);
    }
  }
}

/** How much an act moves. Refusals: NOT_FOUND, INVALID_AMOUNT. */
export async function amountOf(tx: ClientBase, parts: Parts, { act, account, asked }: Order): Promise<Money | Refusal> {
  if (act === 'refund') {
    const reading = await readHead(tx, parts, account);
    if (isRefusal(reading)) return reading;
    const [pack] = await findPacks(tx, account, [asked.pack]);
    return pack?.facts.price ?? refuseMissing('pack', asked.pack);
  }
  const amount = await amountFor(tx, parts, account, asked.amount);
  return !isRefusal(amount) && amount <= 0n ? refusePayment({ amount: asked.amount }, '/amount') : amount;
}

/** The currency of each account that acts are of. */
export async function currenciesOf(
  client: ClientBase | Pool,
  { books }: Pick<Parts, 'books'>,
  rows: readonly Pick<ApprovalRow, 'account'>[],
): Promise<ReadonlyMap<string, string>> {
  const accounts = await findAccounts(client, [...new Set(rows.map(({ account }) => account))]);
  return new Map(accounts.map(({ id, book }) => [id, books.find(book)?.currency ?? noCurrency]));
}

/** Keeps what is to be done until another person has decided. */
export async function askForApproval(
  tx: ClientBase,
  { act, account, asked }: Order,
  amount: Money,
  by: string,
  now: Instant,
): Promise<ApprovalRow> {
  const row: ApprovalRow = {
    ...{ id: `ap_${randomBytes(8).toString('hex')}`, account, act, asked: canonicalJson(asked), amount, askedBy: by },
    ...{ askedAt: now, expiresAt: instantOf(now + life), decision: null, decidedBy: null, decidedAt: null },
  };
  await insertApproval(tx, row);
  return row;
}

/** Refusals: NOT_FOUND, APPROVAL_ENDED, SECOND_PERSON, and those of the act, which goes on waiting then. */
export async function decide(
  tx: ClientBase,
  parts: Parts,
  { id, decision }: { readonly id: string; readonly decision: 'approved' | 'rejected' },
  by: string,
  clock: Instant,
): Promise<ApprovalRow | Refusal> {
  const row = await lockApproval(tx, id);
  if (row === undefined) return refuseMissing('approval', id);
  if (row.decision !== null) return refuse('APPROVAL_ENDED', { approval: id });
  if (row.expiresAt <= clock) return refuse('APPROVAL_ENDED', { approval: id });
  const isOwn = await stoodBehind(tx, row.askedBy, by);
  // Whoever asked may think better of it.
  if (isOwn && decision === 'approved') return refuse('SECOND_PERSON', { approval: id });
  if (decision === 'approved') {
    const order = { act: row.act, account: row.account, asked: JSON.parse(row.asked) } as Order;
    const done = await perform(tx, parts, order, by, clock);
    if (isRefusal(done)) return done;
  }
  await decideApproval(tx, id, { decision, by, at: clock });
  return { ...row, decision, decidedBy: by, decidedAt: clock };
}

/** Whether a person asked, or made the key that did, or the key that made it. */
async function stoodBehind(tx: ClientBase, asker: string, person: string): Promise<boolean> {
  const seen = new Set<string>();
  for (let by: string | null = asker; by !== null && !seen.has(by); ) {
    if (by === person) return true;
    seen.add(by);
    by = (await findKeysByPrefix(tx, [by])).get(by)?.createdBy ?? null;
  }
  return false;
}

export const approvalDetails = ({ asked, amount }: ApprovalRow, currency: string) => ({
  amount: formatMoney(amount, currency),
  details: JSON.parse(asked) as Readonly<Record<string, string>>,
});
