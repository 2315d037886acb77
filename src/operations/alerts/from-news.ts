// Alerts of what happened: rows of the outbox that nobody was told of yet, each delivered with the alerts that are made of it, so that
// a crash in the middle doubles nothing. Source: docs/decisions/0025.

import type { ClientBase } from 'pg';
import { type AlertSettings, usualAlertSettings } from '../../account/alert-settings.ts';
import { type AlertDetails, type AlertKind, heldDetails, type NewAlert } from '../../account/alerts.ts';
import type { NewsKind } from '../../account/news.ts';
import { orderId } from '../../account/orders.ts';
import { formatInstant } from '../../core/calendar.ts';
import { worthOf } from '../../core/pack.ts';
import { isRefusal } from '../../core/refusal.ts';
import { callsOf, formatMoney, instantOf } from '../../core/units.ts';
import { inTransaction } from '../../store/connection/transaction.ts';
import { type AccountRow, findAccounts } from '../../store/ledger/accounts.ts';
import { readAlertSettings } from '../../store/ledger/alert-settings.ts';
import { insertAlerts, type OpenAlert, openAlerts } from '../../store/ledger/alerts.ts';
import { type BillTotals, findBillTotals } from '../../store/ledger/bills.ts';
import { type WaitingHeld, waitingHeld } from '../../store/ledger/held.ts';
import type { JobResult } from '../../store/ledger/jobs.ts';
import { deleteDelivered, markDelivered, takeWaiting } from '../../store/ledger/outbox.ts';
import { findPacksByNo, type PackRow } from '../../store/ledger/packs.ts';
import type { OutboxRow } from '../../store/ledger/rows.ts';
import type { Suanpan } from '../suanpan.ts';

const sliceSize = 500;

/** Delivered rows are kept so long, for whoever asks what happened. */
const keptFor = 30 * 86_400_000;

/** Makes alerts of all that waits on the outbox. `done` counts alerts. */
export async function raiseFromNews(suanpan: Suanpan, stop: AbortSignal): Promise<JobResult> {
  let done = 0;
  for (let taken = sliceSize; taken === sliceSize && !stop.aborted; ) {
    const slice = await inTransaction(suanpan.pool, (tx) => raiseSlice(tx, suanpan));
    if (isRefusal(slice)) throw new Error('telling is never refused');
    taken = slice.taken;
    done += slice.said;
  }
  const before = instantOf(suanpan.clock() - keptFor);
  for (let gone = 1; gone > 0 && !stop.aborted; ) {
    const deleted = await inTransaction(suanpan.pool, (tx) => deleteDelivered(tx, before, 5_000));
    gone = isRefusal(deleted) ? 0 : deleted;
  }
  return { done, waiting: 0, failed: 0 };
}

async function raiseSlice(tx: ClientBase, suanpan: Suanpan) {
  const rows = await takeWaiting(tx, null, sliceSize);
  if (rows.length === 0) return { taken: 0, said: 0 };
  const known = await lookUp(tx, suanpan, rows);
  const settings = await readAlertSettings(tx, [...known.accounts.keys()]);
  const wanted = rows.flatMap((row) => alertsOf(row, known)).filter((alert) => isWanted(alert, settings));
  const said = await insertAlerts(tx, wanted);
  await markDelivered(tx, rows, suanpan.clock());
  return { taken: rows.length, said: said.size };
}

function isWanted({ account, kind }: NewAlert, settings: ReadonlyMap<string, AlertSettings>): boolean {
  const { off, packThresholds } = settings.get(account) ?? usualAlertSettings;
  return !off.includes(kind) && (kind !== 'pack-exhausted' || packThresholds.includes(0));
}

/** What the rows of a slice speak of. */
interface Known {
  readonly accounts: ReadonlyMap<string, AccountRow>;
  readonly currencies: ReadonlyMap<string, string>;
  readonly packs: ReadonlyMap<string, PackRow>;
  readonly bills: ReadonlyMap<string, Pick<BillTotals, 'number' | 'total'>>;
  readonly held: ReadonlyMap<string, WaitingHeld>;
  readonly stops: ReadonlyMap<string, OpenAlert>;
  readonly graceHours: ReadonlyMap<string, number>;
}

async function lookUp(tx: ClientBase, { books }: Suanpan, rows: readonly OutboxRow[]): Promise<Known> {
  const of = (...kinds: readonly NewsKind[]) => rows.filter(({ news }) => kinds.includes(news.kind));
  const named = (some: readonly OutboxRow[]) => [...new Set(some.map(({ account }) => account))];
  const accounts = await findAccounts(tx, named(rows));
  const packKeys = rows.flatMap(({ account, news: { details } }) =>
    details.pack === undefined ? [] : [{ account, no: Number(details.pack) }],
  );
  const billKeys = of('bill-final').map(({ account, news }) => ({ account, month: String(news.details.month) }));
  const packs = packKeys.length === 0 ? [] : await findPacksByNo(tx, packKeys);
  const bills = billKeys.length === 0 ? [] : await findBillTotals(tx, billKeys);
  const holding = named(of('event-held'));
  const held = holding.length === 0 ? [] : await waitingHeld(tx, holding);
  const restored = named(of('arrears-ended'));
  const stops = restored.length === 0 ? [] : await openAlerts(tx, restored, 'service-stopped', 'service-restored');
  return {
    accounts: new Map(accounts.map((row) => [row.id, row])),
    currencies: new Map(accounts.map((row) => [row.id, books.find(row.book)?.currency ?? ''])),
    packs: new Map(packs.map((row) => [`${row.facts.no} ${row.account}`, row])),
    bills: new Map(bills.map((row) => [`${row.month} ${row.account}`, row])),
    held: new Map(held.map((row) => [row.account, row])),
    stops: new Map(stops.map((row) => [row.account, row])),
    graceHours: new Map(accounts.map((row) => [row.id, books.find(row.book)?.policies.arrearsGraceHours ?? 0])),
  };
}

interface Said {
  readonly kind: AlertKind;
  readonly details: AlertDetails;
  /** Where it is not the ledger row that makes it one of a kind. */
  readonly once?: string;
}

function alertsOf(row: OutboxRow, known: Known): NewAlert[] {
  const { account, seq, place, at, news } = row;
  return saidOf[news.kind](row, known).map(({ kind, details, once = `${kind}:${seq}:${place}` }) => ({
    account,
    kind,
    at,
    details,
    once,
  }));
}

/** A pack by its id, with its product; by its number where nobody knows it any more. */
function packOf({ account, news: { details } }: OutboxRow, { packs }: Known) {
  const facts = packs.get(`${details.pack} ${account}`)?.facts;
  return { facts, named: facts === undefined ? {} : { pack: facts.id, product: facts.product } };
}

const currencyOf = ({ account }: OutboxRow, { currencies }: Known): string => currencies.get(account) ?? '';

const withPack =
  (kind: AlertKind, more: AlertDetails = {}) =>
  (row: OutboxRow, known: Known): Said[] => {
    const { pack: _, ...figures } = row.news.details;
    return [{ kind, details: { ...more, ...figures, ...packOf(row, known).named } }];
  };

const asItIs = (row: OutboxRow): Said[] => [{ kind: row.news.kind as AlertKind, details: row.news.details }];

/** An order by its id. */
const withOrder =
  (kind: AlertKind) =>
  (row: OutboxRow, known: Known): Said[] => {
    const { order, lapsesAt, ...figures } = row.news.details;
    const zone = known.accounts.get(row.account)?.timeZone ?? 'UTC';
    const until = lapsesAt === undefined ? {} : { lapsesAt: formatInstant(zone, instantOf(Number(lapsesAt))) };
    const id = orderId(row.account, Number(order));
    return [{ kind, details: { order: id, ...figures, ...until, currency: currencyOf(row, known) } }];
  };

/** A choice for each kind of news: what happens and is told of is decided here alone. */
const saidOf: Readonly<Record<NewsKind, (row: OutboxRow, known: Known) => Said[]>> = {
  'pack-low': withPack('pack-low', { percent: 20 }),
  'pack-exhausted': withPack('pack-exhausted'),
  'pack-refunded': withPack('pack-refunded'),
  'pack-forfeited': (row, known) => {
    const { facts, named } = packOf(row, known);
    const units = callsOf(BigInt(row.news.details.units ?? 0));
    const lost = facts === undefined ? {} : { worth: formatMoney(worthOf(facts, units), currencyOf(row, known)) };
    return [{ kind: 'pack-forfeited', details: { ...named, left: units, ...lost, currency: currencyOf(row, known) } }];
  },
  'order-made': withOrder('order-made'),
  'order-delivered': withOrder('order-delivered'),
  'order-cancelled': withOrder('order-cancelled'),
  'order-lapsed': withOrder('order-lapsed'),
  'cap-near': asItIs,
  'cap-reached': asItIs,
  'event-held': ({ account, seq }, { accounts, held }) => {
    const waits = held.get(account);
    // One is told of when nothing waited before it; the others are counted with it.
    if (waits === undefined || waits.first !== seq) return [];
    return [{ kind: 'events-held', details: heldDetails(waits, accounts.get(account)?.timeZone ?? 'UTC') }];
  },
  'bill-final': (row, known) => {
    const month = String(row.news.details.month);
    const bill = known.bills.get(`${month} ${row.account}`);
    const totals = bill === undefined ? {} : { number: bill.number, total: bill.total };
    const details = { bill: `${row.account}:${month}`, month, ...totals, currency: currencyOf(row, known) };
    return [{ kind: 'bill-final', details }];
  },
  'arrears-begun': (row, known) => {
    const stops = instantOf(row.at + (known.graceHours.get(row.account) ?? 0) * 3_600_000);
    const stopsAt = formatInstant(known.accounts.get(row.account)?.timeZone ?? 'UTC', stops);
    return [{ kind: 'arrears-begun', details: { ...row.news.details, currency: currencyOf(row, known), stopsAt } }];
  },
  'arrears-ended': (row, known) => {
    const details = { ...row.news.details, currency: currencyOf(row, known) };
    const stop = known.stops.get(row.account);
    const restored: Said[] = stop === undefined ? [] : [{ kind: 'service-restored', details, once: stop.endOnce }];
    return [{ kind: 'arrears-ended', details }, ...restored];
  },
};
