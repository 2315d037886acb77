// Packs: buy, gift, refund; freezing is refused.

import { z } from 'zod';
import type { Day } from '../core/calendar.ts';
import { isRefusal, refuse } from '../core/refusal.ts';
import { callsOf } from '../core/units.ts';
import { buyPacks, giveGifts, refundPackOf } from '../operations/packs.ts';
import { type PackDocument, readPacks, refuseMissingAccount } from '../operations/read-account.ts';
import { readPackLife } from '../operations/read-pack.ts';
import { forbiddenDuty } from './access.ts';
import { waitForSecond } from './approvals.ts';
import * as contract from './contract/contract.ts';
import { sendAsked } from './from-thread.ts';
import { command, type RouteParts, route } from './route.ts';

export function registerPacks(parts: RouteParts): void {
  const { suanpan } = parts;
  command(
    parts,
    {
      method: 'POST',
      url: '/v1/packs',
      links: {
        'GET /v1/packs/:id': { id: '$response.body#/id' },
        'POST /v1/packs/:id/refund': { id: '$response.body#/id' },
      },
      answer: contract.deliveredPacks,
      access: { scope: 'buy', of: 'body' },
      refuses: ['UNKNOWN_PRODUCT', 'SIZE_NOT_SOLD', 'START_NOT_FREE', 'INSUFFICIENT_BALANCE', 'ID_TAKEN'],
      summary: 'Buy packs from the balance, all or none',
      body: contract.packOrder,
      once: 'required',
      statuses: [201],
    },
    async (tx, { account, body }) => {
      const now = suanpan.clock();
      const { product, size, count = 1, id, startsOn, scope } = body;
      const order = {
        ...{ account, product, size: callsOf(size), count },
        ...(id === undefined ? {} : { id }),
        ...(startsOn === undefined ? {} : { startsOn: startsOn as Day }),
        ...scope,
      };
      const bought = await buyPacks(tx, suanpan, order, now);
      if (isRefusal(bought)) return bought;
      const packs = await readPacks(tx, suanpan, account, bought.ids, now);
      return { body: delivered(account, packs), account };
    },
  );
  registerGifts(parts);
  registerPreview(parts);
  registerLife(parts);
  registerEnds(parts);
}

function registerGifts(parts: RouteParts): void {
  const { suanpan } = parts;
  command(
    parts,
    {
      method: 'POST',
      url: '/v1/gifts',
      answer: contract.deliveredPacks,
      access: { scope: 'manage', duty: 'money', of: 'body' },
      refuses: ['UNKNOWN_PRODUCT', 'ID_TAKEN'],
      summary: 'Give calls, once or every month',
      body: contract.giftOrder,
      once: 'required',
      statuses: [201],
    },
    async (tx, { account, body }) => {
      const now = suanpan.clock();
      const { product, months = null, id, scope } = body;
      const own = id === undefined ? {} : { id };
      const order = { account, product, calls: callsOf(body.calls), months, ...own, ...scope };
      const given = await giveGifts(tx, suanpan, order, now);
      if (isRefusal(given)) return given;
      const packs = await readPacks(tx, suanpan, account, given.ids, now);
      return { body: delivered(account, packs), account };
    },
  );
}

function registerLife(parts: RouteParts): void {
  const { suanpan } = parts;
  route(
    parts,
    {
      method: 'GET',
      url: '/v1/packs/:id',
      answer: contract.packLife,
      access: { scope: 'read', of: 'query' },
      summary: 'One pack, what it paid for in its whole life, and when it was how empty',
      query: z.strictObject({ account: contract.accountId.optional() }),
      head: ({ account }) => refuseMissingAccount(suanpan, account),
    },
    async ({ account, params }) => {
      const order = { account, pack: params.id ?? '' };
      const life = await readPackLife(suanpan.pool, suanpan, order, suanpan.clock());
      return isRefusal(life) ? life : { body: life };
    },
  );
}

function registerPreview(parts: RouteParts): void {
  route(
    parts,
    {
      method: 'POST',
      url: '/v1/packs/preview',
      answer: contract.purchasePreview,
      access: { scope: 'buy', of: 'body' },
      refuses: ['UNKNOWN_PRODUCT', 'SIZE_NOT_SOLD', 'START_NOT_FREE'],
      summary: 'What a purchase would do to the draft bill and the balance; nothing is bought',
      body: contract.packWish,
    },
    async (input) => {
      const { product, size, count = 1, startsOn } = input.body;
      const order = {
        ...{ account: input.account, product, size: callsOf(size), count },
        ...(startsOn === undefined ? {} : { startsOn: startsOn as Day }),
      };
      return sendAsked(parts, input, { of: 'purchase preview', order });
    },
  );
}

const delivered = (account: string, packs: readonly PackDocument[]) => ({ account, ...foundPack(packs[0]), packs });

function foundPack(pack: PackDocument | undefined): PackDocument {
  if (pack === undefined) throw new Error('a pack of this very transaction is not found');
  return pack;
}

function registerEnds(parts: RouteParts): void {
  const { suanpan } = parts;
  command(
    parts,
    {
      method: 'POST',
      url: '/v1/packs/:id/refund',
      answer: contract.refunded,
      access: { scope: 'buy', of: 'body' },
      refuses: [
        'GIFT_NOT_REFUNDABLE',
        'ALREADY_REFUNDED',
        'PACK_IN_USE',
        'REFUND_WINDOW_CLOSED',
        'NEVER_REFUNDABLE',
        'PACK_EXPIRED',
        'NOTHING_TO_REFUND',
      ],
      summary:
        'Pay an untouched pack back, or what is left of a used one where its book says so, within its refund window; after it as an operator’s exception, which above a limit waits for a second person (202)',
      body: contract.refund,
      once: 'required',
      statuses: [200, 202],
    },
    async (tx, { account, caller, params, body }) => {
      const now = suanpan.clock();
      const pack = params.id ?? '';
      const reason = body?.exception;
      if (reason !== undefined) {
        const forbidden = forbiddenDuty(caller, 'money');
        if (forbidden !== undefined) return forbidden;
        const waits = await waitForSecond(parts, tx, caller, { act: 'refund', account, asked: { pack, reason } });
        if (waits !== undefined) return waits;
      }
      const order = { account, pack, exception: reason !== undefined };
      const entry = await refundPackOf(tx, suanpan, order, now);
      if (isRefusal(entry)) return entry;
      const [refunded] = await readPacks(tx, suanpan, account, [pack], now);
      return { body: { account, ...foundPack(refunded) }, account };
    },
  );
  route(
    parts,
    {
      method: 'POST',
      url: '/v1/packs/:id/freeze',
      answer: undefined,
      access: { scope: 'buy', of: 'body' },
      refuses: ['NOT_FREEZABLE'],
      summary: 'Always refused: a pack cannot be paused or prolonged',
      body: contract.ofAccount,
    },
    async ({ params }) => refuse('NOT_FREEZABLE', { pack: params.id ?? '' }),
  );
}
