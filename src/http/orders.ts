// Orders: placed, listed, confirmed, cancelled.

import type { ClientBase } from 'pg';
import { z } from 'zod';
import { refusePayment } from '../account/commands.ts';
import { isRefusal, type Refusal } from '../core/refusal.ts';
import { callsOf, noMoney } from '../core/units.ts';
import { ordersCursor } from '../operations/cursors.ts';
import {
  cancelOrder,
  confirmOrder,
  type OrderKey,
  parseOrderId,
  placeOrder,
  readOrder,
  readOrders,
} from '../operations/orders.ts';
import { amountFor } from '../operations/read-account.ts';
import { httpWords } from '../words/http.ts';
import { invalid } from '../words/invalid.ts';
import { waitForSecond } from './approvals.ts';
import * as contract from './contract/contract.ts';
import { pageOf, sort } from './paging.ts';
import { command, type RouteParts, route } from './route.ts';
import { payer } from './signed.ts';

export function registerOrders(parts: RouteParts): void {
  registerPlacing(parts);
  registerReads(parts);
  registerEnds(parts);
}

/** What a command on an order answers: the order as it is now. */
async function shown({ suanpan }: RouteParts, tx: ClientBase, key: OrderKey | Refusal) {
  if (isRefusal(key)) return key;
  const document = await readOrder(tx, suanpan, key, suanpan.clock());
  return isRefusal(document) ? document : { body: document, account: key.account };
}

function registerPlacing(parts: RouteParts): void {
  const { suanpan, orderDays } = parts;
  command(
    parts,
    {
      method: 'POST',
      url: '/v1/orders',
      links: {
        'GET /v1/orders/:id': { id: '$response.body#/id' },
        'POST /v1/orders/:id/confirm': { id: '$response.body#/id' },
        'POST /v1/orders/:id/cancel': { id: '$response.body#/id' },
      },
      answer: contract.order,
      access: { scope: 'buy', of: 'body' },
      refuses: ['UNKNOWN_PRODUCT', 'SIZE_NOT_SOLD', 'INSUFFICIENT_BALANCE'],
      summary:
        'Order packs or a top-up: paid from the balance it is delivered at once, by transfer once that is confirmed',
      body: contract.placedOrder,
      once: 'required',
      statuses: [201],
    },
    async (tx, { account, body, caller }) => {
      const packs = (body.packs ?? []).map(({ product, size, count = 1 }) => ({ product, size: callsOf(size), count }));
      const topUp = body.topUp === undefined ? null : await amountFor(tx, suanpan, account, body.topUp, '/topUp');
      if (topUp !== null && isRefusal(topUp)) return topUp;
      const request = { account, packs, topUp, pay: body.pay, days: orderDays };
      return shown(parts, tx, await placeOrder(tx, suanpan, request, caller.prefix, suanpan.clock()));
    },
  );
}

function registerReads(parts: RouteParts): void {
  const { suanpan } = parts;
  route(
    parts,
    {
      method: 'GET',
      url: '/v1/orders',
      answer: contract.orderPage,
      access: { scope: 'read', of: 'query or all' },
      summary: 'Orders of an account, or of all: newest first, or oldest',
      query: z.strictObject({
        account: contract.accountId.optional(),
        state: contract.orderState.optional(),
        sort,
        ...pageOf(ordersCursor),
      }),
    },
    async ({ account, query }) => {
      const { cursor = null, limit = 50, sort: order = 'newest', state } = query;
      return { body: await readOrders(suanpan, { account, state }, { after: cursor, limit, order }) };
    },
  );
  route(
    parts,
    {
      method: 'GET',
      url: '/v1/orders/:id',
      answer: contract.order,
      access: { scope: 'read', of: 'order' },
      summary: 'One order',
    },
    async ({ params }) => {
      const document = await readOrder(suanpan.pool, suanpan, keyOf(params), suanpan.clock());
      return isRefusal(document) ? document : { body: document };
    },
  );
}

/** The door has looked: it is an order's id. */
function keyOf({ id = '' }: Readonly<Record<string, string>>): OrderKey {
  const key = parseOrderId(id);
  if (key === undefined) throw new Error(`${id} is no order's id`);
  return key;
}

function registerEnds(parts: RouteParts): void {
  const { suanpan } = parts;
  command(
    parts,
    {
      method: 'POST',
      url: '/v1/orders/:id/confirm',
      answer: contract.orderOrApproval,
      access: { scope: 'manage', duty: 'money', of: 'order', signed: true },
      refuses: ['ORDER_ENDED', 'PAYMENT_SHORT', 'REFERENCE_USED'],
      summary:
        'A transfer for an order has arrived: deliver it. The same reference again changes nothing. A person’s above a limit waits for a second person (202)',
      body: contract.receivedPayment,
      once: 'optional',
      statuses: [200, 202],
    },
    async (tx, { params, body, caller }) => {
      // The signature is over the body alone: sent to another order's address, it must not pay that one.
      if (caller === payer && body.order !== params.id) return invalid('/order', httpWords.signedOrder);
      const { account } = keyOf(params);
      const received = await amountFor(tx, suanpan, account, body.amount);
      if (isRefusal(received)) return received;
      if (received <= noMoney) return refusePayment({ amount: body.amount }, '/amount');
      const asked = { order: String(params.id), amount: body.amount, reference: body.reference };
      const waits = await waitForSecond(parts, tx, caller, { act: 'confirm', account, asked });
      if (waits !== undefined) return waits;
      const payment = { ...keyOf(params), reference: body.reference, received };
      return shown(parts, tx, await confirmOrder(tx, suanpan, payment, caller.prefix, suanpan.clock()));
    },
  );
  command(
    parts,
    {
      method: 'POST',
      url: '/v1/orders/:id/cancel',
      answer: contract.order,
      access: { scope: 'buy', of: 'order' },
      refuses: ['ORDER_ENDED'],
      summary: 'Give an order up that was not paid yet',
      once: 'optional',
    },
    async (tx, { params, caller }) =>
      shown(parts, tx, await cancelOrder(tx, suanpan, keyOf(params), caller.prefix, suanpan.clock())),
  );
}
