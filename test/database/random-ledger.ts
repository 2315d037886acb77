// A ledger that has lived: random operations of every kind on a real database, the same for the same seed.

import { readFileSync } from 'node:fs';
import type { ClientBase } from 'pg';
import type { Payment } from '../../src/account/orders.ts';
import { shelve } from '../../src/book/shelf.ts';
import { nextPeriod, type Period, periodOf } from '../../src/core/calendar.ts';
import type { CallFacts, IncomingEvent } from '../../src/core/event.ts';
import { parseInstant } from '../../src/core/instant.ts';
import type { Meter, PriceBook } from '../../src/core/price-book.ts';
import { isRefusal, type Refusal } from '../../src/core/refusal.ts';
import { callsOf, formatMoney, type Instant, moneyOf } from '../../src/core/units.ts';
import { openAccount, topUpBalance } from '../../src/operations/accounts.ts';
import { changeSettings } from '../../src/operations/alerts/settings.ts';
import { closeMonth } from '../../src/operations/close-month.ts';
import { agree } from '../../src/operations/contracts.ts';
import { reviewEvent, voidEvent } from '../../src/operations/events.ts';
import { cancelOrder, confirmOrder, placeOrder } from '../../src/operations/orders.ts';
import { buyPacks, giveGifts, refundPackOf } from '../../src/operations/packs.ts';
import type { Suanpan } from '../../src/operations/suanpan.ts';
import { openSuanpan } from '../../src/operations/suanpan.ts';
import { inTransaction } from '../../src/store/connection/transaction.ts';
import { mulberry32 } from '../naive/random-scenario.ts';
import type { FreshDatabase } from '../setup/database.ts';

const [minute, hour, day] = [60_000, 3_600_000, 86_400_000];

const accounts = [
  { id: 'acme', book: 'faceid-legacy' },
  { id: 'globex', book: 'sms-gateway', timeZone: 'America/New_York' },
  { id: 'initech', book: 'faceid-2019', timeZone: 'Asia/Kathmandu' },
];

interface Life {
  readonly suanpan: Suanpan;
  readonly random: () => number;
  readonly accepted: Map<string, number>;
  readonly packs: { readonly account: string; readonly id: string }[];
  readonly events: { readonly account: string; readonly id: string }[];
  readonly holds: { readonly account: string; readonly id: string }[];
  readonly month: Map<string, Period>;
  now: Instant;
  serial: number;
}

/** Lives `steps` steps. Gives the parts, and how often each kind of step was accepted. */
export async function randomLedger(
  database: FreshDatabase,
  seed: number,
  steps: number,
  log: (line: string) => void = () => {},
) {
  const start = parseInstant('2026-01-05T10:00:00+08:00') as Instant;
  const life: { now: Instant } = { now: start };
  const suanpan = await openSuanpan(database, () => life.now, { log });
  const json = readFileSync(new URL('../../catalog/examples/sms-gateway.json', import.meta.url), 'utf8');
  const example = JSON.parse(json) as { policies: object };
  // Its packs pay for calls before them too.
  const shelved = shelve({ ...example, policies: { ...example.policies, packCovers: 'month' } });
  if (!('book' in shelved)) throw new Error('the example book has problems');
  await suanpan.books.add(shelved, 'local', start);
  const full: Life = Object.assign(life, {
    suanpan,
    random: mulberry32(seed),
    accepted: new Map<string, number>(),
    packs: [],
    events: [],
    holds: [],
    month: new Map(accounts.map(({ id }) => [id, '2026-01' as Period])),
    serial: 0,
  });
  for (const account of accounts) {
    await inTransaction(suanpan.pool, (tx) => openAccount(tx, suanpan, { ...account, by: 'local' }, start));
    await step(full, account.id, 'top-up');
  }
  for (let count = 0; count < steps; count += 1) {
    const longer = full.random() < 0.15 ? day * 3 : full.random() < 0.5 ? hour * 6 : minute;
    life.now = (life.now + Math.floor(full.random() * longer)) as Instant;
    const { id } = pick(full, accounts);
    await step(full, id, pick(full, weighted));
    if (count % 12 === 0) await askForThresholds(full, id, count);
  }
  for (const { id } of accounts) await orderSome(full, id);
  // The last row of every ledger is an event's.
  for (const { id } of accounts) await step(full, id, 'use');
  await suanpan.ledger.drain();
  return { suanpan, accepted: full.accepted, now: () => life.now };
}

const weights = {
  use: 16,
  buy: 4,
  gift: 2,
  'monthly gift': 1,
  refund: 4,
  'top-up': 2,
  void: 4,
  review: 3,
  authorize: 4,
  capture: 2,
  release: 1,
  close: 3,
  price: 2,
};
type Kind = keyof typeof weights;
const weighted = Object.entries(weights).flatMap(([kind, weight]) => Array<Kind>(weight).fill(kind as Kind));

const pick = <T>({ random }: Pick<Life, 'random'>, from: readonly T[]): T =>
  from[Math.floor(random() * from.length)] as T;
const upTo = ({ random }: Life, most: number): number => 1 + Math.floor(random() ** 3 * most);

/** Thresholds that change now and then, and are as usual again: what is told of a pack changes with them, and nothing else. */
async function askForThresholds({ suanpan, now }: Life, account: string, count: number): Promise<void> {
  const packThresholds = count % 36 === 0 ? [20, 0] : [count % 89, count % 47];
  await inTransaction(suanpan.pool, (tx) => changeSettings(tx, suanpan, { account, packThresholds }, now));
  suanpan.ledger.forget(account);
}

async function step(life: Life, account: string, kind: Kind): Promise<void> {
  const { suanpan, now } = life;
  const tried = await taken(life, account, kind);
  const ok = tried !== undefined && !isRefusal(tried);
  if (ok) life.accepted.set(kind, (life.accepted.get(kind) ?? 0) + 1);
  if (ok && kind === 'close') life.month.set(account, nextPeriod(life.month.get(account) ?? ('' as Period), 1));
  suanpan.ledger.forget(account);
  life.now = now;
}

/** Undefined: nothing to do it with. */
async function taken(life: Life, account: string, kind: Kind): Promise<object | Refusal | undefined> {
  const { suanpan, now } = life;
  const { ledger, pool } = suanpan;
  const book = suanpan.books.find(accounts.find(({ id }) => id === account)?.book ?? '') as PriceBook;
  life.serial += 1;
  const id = `${kind[0]}${life.serial}`;
  const mine = <T extends { readonly account: string; readonly id: string }>(rows: readonly T[]): string =>
    pick(
      life,
      rows.filter((row) => row.account === account),
    )?.id ?? 'none';
  /** Every other thing is done by the account itself. */
  const byOperator = life.serial % 2 === 0;
  const products = [...book.packProducts.values()];
  const product = pick(life, products);
  switch (kind) {
    case 'use': {
      const events = Array.from({ length: upTo(life, 6) }, (_, index) => randomEvent(life, book, `${id}-${index}`));
      const results = await ledger.record(account, events, { byOperator });
      for (const { id: known, status } of results) {
        life.accepted.set(status, (life.accepted.get(status) ?? 0) + 1);
        if (status === 'accepted' || status === 'held') life.events.push({ account, id: known });
      }
      return results;
    }
    case 'buy': {
      const order = {
        account,
        product: product.id,
        size: product.sizes[0]?.calls ?? callsOf(1),
        count: upTo(life, 2),
        id,
        ...someScope(id),
      };
      life.packs.push({ account, id });
      return inTransaction(pool, (tx) => buyPacks(tx, suanpan, order, now));
    }
    case 'gift':
    case 'monthly gift': {
      const months = kind === 'gift' ? null : upTo(life, 3);
      const gift = { account, product: product.id, calls: callsOf(upTo(life, 900)), months, id, ...someScope(id) };
      return inTransaction(pool, (tx) => giveGifts(tx, suanpan, gift, now));
    }
    case 'refund':
      return inTransaction(pool, (tx) => refundPackOf(tx, suanpan, { account, pack: mine(life.packs.slice(-2)) }, now));
    case 'top-up': {
      const order = { account, amount: moneyOf(upTo(life, 9_000_000)), reference: id };
      return inTransaction(pool, (tx) => topUpBalance(tx, suanpan, order, now));
    }
    case 'void':
      return inTransaction(pool, (tx) =>
        voidEvent(tx, suanpan, { account, event: mine(life.events), by: 'local' }, now),
      );
    case 'review': {
      const order = { account, event: await heldEvent(life, account), charge: life.random() < 0.7, by: 'local' };
      return inTransaction(pool, (tx) => reviewEvent(tx, suanpan, order, now));
    }
    case 'authorize':
    case 'capture': {
      const meter = pick(life, [...book.meters.keys()]);
      life.holds.push({ account, id });
      const department = someScope(id).department ?? null;
      const hold = { id, meter, calls: callsOf(upTo(life, 3_000)), department, milliseconds: hour, byOperator };
      const held = await ledger.authorize(account, hold);
      if (kind === 'authorize' || isRefusal(held)) return held;
      return ledger.capture(account, id, true, randomFacts(life, book.meters.get(meter)));
    }
    case 'release':
      return ledger.release(account, mine(life.holds.slice(-4)));
    case 'price':
      return inTransaction(pool, (tx) => agree(tx, suanpan, randomContract(life, account, book), 'local', now));
    case 'close': {
      const month = life.month.get(account) ?? periodOf(book.timeZone, now);
      return inTransaction(pool, (tx) => closeMonth(tx, suanpan, { account, month }, now));
    }
  }
}

/** By the id, so that the rest of a life is the same with and without. */
const someScope = (id: string) => (/[49]$/.test(id) ? { department: 'loans' } : {});

/** Orders of every end: paid at once, by a transfer, cancelled, and one that is open still. */
async function orderSome({ suanpan, now }: Life, account: string): Promise<void> {
  const book = suanpan.books.find(accounts.find(({ id }) => id === account)?.book ?? '') as PriceBook;
  const product = [...book.packProducts.values()][0];
  const line = { product: product?.id ?? '', size: product?.sizes[0]?.calls ?? callsOf(1), count: 2 };
  const run = <T>(work: (tx: ClientBase) => Promise<T | Refusal>) => inTransaction(suanpan.pool, work);
  const place = (pay: Payment) =>
    run((tx) => placeOrder(tx, suanpan, { account, pay, packs: [line], topUp: null, days: 14 }, 'local', now));
  await run((tx) => topUpBalance(tx, suanpan, { account, amount: moneyOf(100_000_000_000), reference: 'orders' }, now));
  for (const pay of ['transfer', 'balance', 'transfer', 'transfer'] as const) {
    const placed = await place(pay);
    if (isRefusal(placed)) throw new Error(placed.refused);
  }
  const receipt = { reference: `paid-${account}`, received: moneyOf(90_000_000_000) };
  const paid = await run((tx) => confirmOrder(tx, suanpan, { account, no: 1, ...receipt }, 'local', now));
  const given = await run((tx) => cancelOrder(tx, suanpan, { account, no: 3 }, 'local', now));
  if (isRefusal(paid) || isRefusal(given)) throw new Error('an order does not end');
  suanpan.ledger.forget(account);
}

/** A price for what has none, a cheaper tier, or a pack, from this month or the next on. */
function randomContract(life: Life, account: string, book: PriceBook) {
  const from = nextPeriod(periodOf(book.timeZone, life.now), upTo(life, 3) - 1);
  const tariff = pick(life, [...book.tariffs.values()]);
  const price = `0.${10 + upTo(life, 80)}`;
  const open = tariff.tiers.filter((tier) => tier.price === null);
  const tiers = open.length > 0 && life.random() < 0.6 ? open : [pick(life, tariff.tiers)];
  const product = pick(life, [...book.packProducts.values()]);
  const size = {
    size: Number(product.sizes[0]?.calls ?? 1),
    price: formatMoney(moneyOf(upTo(life, 50_000)), book.currency),
  };
  return {
    account,
    from,
    tariffs: { [tariff.id]: tiers.map((tier) => ({ from: Number(tier.from), price })) },
    packs: life.random() < 0.4 ? { [product.id]: [size] } : {},
  };
}

async function heldEvent({ suanpan }: Life, account: string): Promise<string> {
  const { rows } = await suanpan.pool.query<{ event_id: string }>(
    `select event_id from events e where account_id = $1 and outcome in (2, 4)
       and not exists (select 1 from reviews r where r.account_id = e.account_id and r.event_id = e.event_id)
       and not exists (select 1 from voids v where v.account_id = e.account_id and v.event_id = e.event_id)
     order by seq limit 1`,
    [account],
  );
  return rows[0]?.event_id ?? 'none';
}

function randomEvent(life: Life, book: PriceBook, id: string): IncomingEvent {
  const meters = [...book.meters.values()].filter(({ tariff }) => tariff !== null || life.random() < 0.01);
  const meter = pick(life, meters);
  const at = (life.now - Math.floor(life.random() ** 3 * 9 * day)) as Instant;
  const shared = { id, calls: callsOf(upTo(life, 5_000)), at, department: life.random() < 0.3 ? 'loans' : null };
  const facts = randomFacts(life, meter);
  if (facts === null) return { ...shared, meter: meter.id, facts };
  return { ...shared, meter: null, facts };
}

/** Facts that mean a meter, with some result; null: none, more often than not. */
function randomFacts(life: Life, meter: Meter | undefined): CallFacts | null {
  const match = meter?.facts[0];
  if (match === undefined || life.random() < 0.6) return null;
  const resultCode = pick(life, ['Success', '0', '-3', 'DELIVERED', '555', 'nonsense']);
  const action = match.actions[0] ?? '';
  return { action, channel: match.channels?.[0] ?? null, library: match.libraries?.[0] ?? null, resultCode };
}
