/**
 * The billing rules a second time: small, slow, obvious. Every fact stays in an array and every figure is computed from all
 * facts each time it is asked for. It shares no line with src/, so that agreement with the core means something (I7, F12).
 */

import { before, type DrawnPack } from './draw-order.ts';
import {
  delivered,
  giftBegins,
  instant,
  inZone,
  mayStart,
  midnight,
  monthOf,
  monthStart,
  nextMonth,
  span,
  termOf,
  timeText,
  units,
  written,
} from './figures.ts';
import { forfeitLines, paidBack } from './forfeits.ts';
import type {
  BillJson,
  BookJson,
  LineJson,
  OutputJson,
  ProductJson,
  ReceiptJson,
  ScenarioJson,
  StepJson,
} from './json.ts';
import { balanceOf, negativeSince } from './money.ts';
import { adjustmentLine, type Draw, type Event, postpaidLines } from './months.ts';
import { type Deal, price, pricesOf } from './prices.ts';

/** `lost`: units that voids gave back after it had been paid back. */
export type Pack = DrawnPack & { refunded: boolean; lost: { at: number; units: bigint }[] };
type Entry = { at: number; amount: bigint; line?: LineJson };
export type World = {
  book: BookJson;
  deals: Deal[];
  zone: string;
  /** The month the account was opened in. */
  opened: string;
  now: number;
  packs: Pack[];
  events: Event[];
  /** The same events by id. */
  known: Map<string, Event>;
  /** Units that events which stand have taken, by pack. */
  taken: Map<string, bigint>;
  money: Entry[];
  bills: BillJson[];
};

// ---- packs

/** Null: never refundable. */
export const refundEnd = (w: World, pack: Pack): number | null => {
  const own = termOf(w.book, pack.product, pack.calls, 'refundDays');
  const days = own === undefined ? w.book.policies.refundDays : own;
  if (days === null) return null;
  const day = inZone(pack.bought, w.book.timeZone).toPlainDate();
  return midnight(day.add({ days: days + 1 }), w.book.timeZone);
};
export const bookedAt = (w: World, pack: Pack): number => pack.to + span(w.book.policies.lateWindow);

const productOf = (w: World, id: string | undefined): ProductJson | undefined =>
  w.book.packProducts.find((p) => p.id === id);
const ratioFor = (w: World, pack: Pack, meter: string): bigint | null => {
  const cover = productOf(w, pack.product)?.covers.find((c) => c.meter === meter);
  return cover ? BigInt(cover.ratio ?? 1) : null;
};

const rest = (w: World, pack: Pack): bigint => pack.calls - (w.taken.get(pack.id) ?? 0n);

function take(w: World, draws: Draw[], times: 1n | -1n): void {
  for (const { pack, units } of draws) w.taken.set(pack, (w.taken.get(pack) ?? 0n) + times * units);
}

export function packNow(w: World, pack: Pack): { remaining: bigint; forfeited: bigint; state: string } {
  const returned = pack.lost.reduce((sum, { units }) => sum + units, 0n);
  if (pack.refunded) return { remaining: 0n, forfeited: returned, state: 'refunded' };
  const left = rest(w, pack);
  const lost = w.now >= bookedAt(w, pack);
  const balance = lost ? { remaining: 0n, forfeited: left } : { remaining: left, forfeited: 0n };
  if (w.now < pack.from) return { ...balance, state: 'pending' };
  if (w.now >= pack.to) return { ...balance, state: 'expired' };
  return { ...balance, state: left === 0n ? 'exhausted' : 'active' };
}

function packsLocked(w: World): boolean {
  const since = negativeSince(w);
  return since !== null && w.now >= since + span(w.book.policies.arrearsGrace) && !w.book.policies.packsUsableInArrears;
}

/** A pack that has just come pays for calls before it, in the order in which they came. */
function payBack(w: World, pack: Pack): void {
  if ((w.book.policies.packCovers ?? 'life') === 'life') return;
  for (const event of w.events) {
    const ratio = ratioFor(w, pack, event.meter);
    const lives = pack.from <= event.time && event.time < pack.to;
    if (pack.department !== undefined && pack.department !== event.department) continue;
    if (ratio === null || !lives || event.locked || event.voided || isFinal(w, event.month)) continue;
    const whole = rest(w, pack) / ratio;
    let n = event.postpaid;
    if (n > whole) n = whole;
    if (n === 0n) continue;
    const draw = { pack: pack.id, calls: n, units: n * ratio };
    event.postpaid -= n;
    event.draws.push(draw);
    take(w, [draw], 1n);
  }
}

// ---- steps; each answers a refusal code or null

const isFinal = (w: World, month: string): boolean => w.bills.some((bill) => bill.month === month);

function arrivalOf(w: World, month: string): string {
  if (!isFinal(w, month)) return month;
  let arrival = monthOf(w.now, w.zone);
  while (isFinal(w, arrival)) arrival = nextMonth(arrival);
  return arrival;
}

function gift(w: World, step: StepJson): string | null {
  const id = step.id as string;
  const ids = step.months === undefined ? [id] : Array.from({ length: step.months }, (_, i) => `${id}-${i + 1}`);
  if (!productOf(w, step.product)) return 'UNKNOWN_PRODUCT';
  if (w.packs.some((p) => ids.includes(p.id))) return 'ID_TAKEN';
  const fixed = {
    product: step.product as string,
    calls: BigInt(step.calls ?? 0),
    price: 0n,
    ...{ gift: true, refunded: false, ...step.scope },
  };
  for (const [i, each] of ids.entries()) {
    const month = monthOf(w.now, w.zone);
    const from =
      i === 0 ? giftBegins(w.book, w.now, w.zone, monthStart(month, 1, w.zone)) : monthStart(month, i, w.zone);
    const lived =
      step.months === undefined
        ? delivered(w.book, fixed.product, fixed.calls, w)
        : { from, to: monthStart(month, i + 1, w.zone) };
    const pack: Pack = { ...fixed, id: each, bought: w.now, lost: [], ...lived };
    w.packs.push(pack);
    payBack(w, pack);
  }
  return null;
}

function buy(w: World, step: StepJson): string | null {
  const id = step.id as string;
  // Ordered earlier: at the prices of that day.
  const ordered = step.time === undefined ? w.now : instant(step.time);
  const product = pricesOf(w, monthOf(ordered, w.zone)).products.find((p) => p.id === step.product);
  if (!product) return 'UNKNOWN_PRODUCT';
  const size = product.sizes.find((s) => s.calls === step.size);
  if (!size) return 'SIZE_NOT_SOLD';
  if (w.packs.some((p) => p.id === id)) return 'ID_TAKEN';
  if (step.startsOn !== undefined && !mayStart(w.book, w.now, step.startsOn)) return 'START_NOT_FREE';
  const price = units(w.book, size.price);
  if (balanceOf(w) < price) return 'INSUFFICIENT_BALANCE';
  const calls = BigInt(size.calls);
  const lived = delivered(w.book, product.id, calls, w, step.startsOn);
  const facts = { id, product: product.id, calls, price, gift: false, ...step.scope };
  const pack: Pack = { ...facts, refunded: false, lost: [], bought: w.now, ...lived };
  w.packs.push(pack);
  payBack(w, pack);
  const line = { kind: 'pack', pack: id, product: product.id, size: size.calls, amount: written(w.book, price) };
  w.money.push({ at: w.now, amount: -price, line });
  return null;
}

function refund(w: World, step: StepJson): string | null {
  const pack = w.packs.find((p) => p.id === step.id);
  if (!pack) return 'NOT_FOUND';
  if (pack.gift) return 'GIFT_NOT_REFUNDABLE';
  if (pack.refunded) return 'ALREADY_REFUNDED';
  const used = w.events.some((e) => e.draws.some((d) => d.pack === pack.id));
  const part = termOf(w.book, pack.product, pack.calls, 'refundPart');
  if (used && part === undefined) return 'PACK_IN_USE';
  const until = refundEnd(w, pack);
  if (until === null) return 'NEVER_REFUNDABLE';
  if (w.now >= until) return 'REFUND_WINDOW_CLOSED';
  if (w.now >= (used ? pack.to : bookedAt(w, pack))) return 'PACK_EXPIRED';
  const left = rest(w, pack);
  const amount = used ? paidBack(w.book, pack, left, part as string) : pack.price;
  if (used && (left === 0n || amount <= 0n)) return 'NOTHING_TO_REFUND';
  pack.refunded = true;
  w.money.push({ at: w.now, amount, line: { kind: 'pack_refund', pack: pack.id, amount: written(w.book, -amount) } });
  return null;
}

function use(w: World, step: StepJson): string | null {
  const id = step.id as string;
  const meter = step.meter as string;
  const quantity = step.calls ?? 1;
  const time = step.time === undefined ? w.now : instant(step.time);
  if (!Number.isInteger(quantity) || quantity < 1 || quantity > 1e12) return 'INVALID_QUANTITY';
  const calls = BigInt(quantity);
  const known = w.known.get(id);
  if (known)
    return known.meter === meter && known.calls === calls && known.time === time && known.department === step.department
      ? null
      : 'EVENT_CONFLICT';
  if (!w.book.meters.some((m) => m.id === meter)) return 'UNKNOWN_METER';
  if (time > w.now + 5 * 60_000) return 'EVENT_IN_FUTURE';
  if (time < w.now - span(w.book.policies.lateWindow)) return 'EVENT_TOO_OLD';
  const draws: Draw[] = [];
  let left = calls;
  const locked = packsLocked(w);
  const isOwn = (p: Pack): boolean => p.department === undefined || p.department === step.department;
  const alive = w.packs.filter(
    (p) => !locked && !p.refunded && p.from <= time && time < p.to && rest(w, p) > 0n && isOwn(p),
  );
  for (const pack of alive.sort((a, b) => before(w.book, a, b, meter))) {
    const ratio = ratioFor(w, pack, meter);
    if (ratio === null) continue;
    const whole = rest(w, pack) / ratio;
    const n = left < whole ? left : whole;
    if (n > 0n) draws.push({ pack: pack.id, calls: n, units: n * ratio });
    left -= n;
  }
  const month = monthOf(time, w.zone);
  const { department } = step;
  const event = {
    id,
    meter,
    department,
    calls,
    time,
    month,
    arrival: arrivalOf(w, month),
    draws,
    postpaid: left,
    locked,
    voided: null,
  };
  w.events.push(event);
  w.known.set(id, event);
  take(w, draws, 1n);
  return null;
}

function voidEvent(w: World, step: StepJson): string | null {
  const event = w.known.get(step.id as string);
  if (!event) return 'NOT_FOUND';
  if (event.voided) return 'ALREADY_VOIDED';
  take(w, event.draws, -1n);
  for (const { pack, units } of event.draws) {
    const lost = w.packs.find((p) => p.id === pack && p.refunded)?.lost;
    lost?.push({ at: w.now, units });
  }
  event.voided = { at: w.now, arrival: arrivalOf(w, event.month) };
  return null;
}

function close(w: World, step: StepJson): string | null {
  const month = step.month as string;
  if (isFinal(w, month)) return null;
  const after = inZone(monthStart(month, 1, w.zone), w.zone)
    .toPlainDate()
    .add(w.book.policies.finalAfter);
  if (w.now < midnight(after, w.zone)) return 'PERIOD_OPEN';
  const tariffs = [...pricesOf(w, month).tariffs, null];
  const packLines = w.money.filter((e) => e.line && monthOf(e.at, w.zone) === month).map((e) => e.line as LineJson);
  const bare = packLines.length === 0 && !w.events.some((e) => e.month === month && !e.voided);
  if (month < w.opened && bare) return 'BEFORE_OPENING';
  const postpaid = tariffs.flatMap((t) => postpaidLines(w, t, month));
  const past = [...new Set(w.events.map((e) => e.month))].filter((m) => m < month).sort();
  const adjustments = past.flatMap((m) => [...pricesOf(w, m).tariffs, null].map((t) => adjustmentLine(w, t, m, month)));
  const lines = [...packLines, ...postpaid, ...adjustments].filter((line) => line !== null);
  if (lines.some((line) => line.kind === 'quote')) return 'QUOTE_REQUIRED';
  const total = (...kinds: string[]): bigint =>
    lines
      .filter((line) => kinds.includes(line.kind))
      .reduce((sum, line) => sum + units(w.book, line.amount as string), 0n);
  w.bills.push({
    month,
    state: 'final',
    prepaid: written(w.book, total('pack', 'pack_refund')),
    postpaid: written(w.book, total('postpaid', 'fee')),
    adjustments: written(w.book, total('adjustment')),
    total: written(w.book, total('pack', 'pack_refund', 'postpaid', 'fee', 'adjustment')),
    lines: [...lines, ...forfeitLines(w, month, (pack) => bookedAt(w, pack))],
  });
  w.money.push({ at: w.now, amount: -total('postpaid', 'fee', 'adjustment') });
  return null;
}

function topup(w: World, step: StepJson): null {
  w.money.push({ at: w.now, amount: units(w.book, step.amount as string) });
  return null;
}

const verbs: Record<string, (w: World, step: StepJson) => string | null> = {
  gift,
  buy,
  refund,
  use,
  void: voidEvent,
  topup,
  close,
  price,
  freeze: () => 'NOT_FREEZABLE',
};

export function openWorld({ book, account }: Omit<ScenarioJson, 'steps'>): World {
  const opening = { at: 0, amount: units(book, account.balance ?? '0') };
  const zone = account.timeZone ?? book.timeZone;
  const opened = (account.opened ?? '').slice(0, 7);
  const [known, taken] = [new Map<string, Event>(), new Map<string, bigint>()];
  return { book, deals: [], zone, opened, now: 0, packs: [], events: [], known, taken, money: [opening], bills: [] };
}

export function takeStep(w: World, step: StepJson): string | null {
  w.now = instant(step.at);
  const verb = verbs[step.do];
  if (!verb) throw new Error(`no step ${step.do}`);
  return verb(w, step);
}

export function naiveSimulate(scenario: ScenarioJson): OutputJson {
  const w = openWorld(scenario);
  const results = scenario.steps.map((one, step) => {
    const code = takeStep(w, one);
    return code === null ? { step, ok: true } : { step, ok: false, code };
  });
  const packs = w.packs.map((pack) => {
    const { remaining, forfeited, state } = packNow(w, pack);
    const [effectiveAt, expiresAt] = [timeText(pack.from, w.book.timeZone), timeText(pack.to, w.book.timeZone)];
    const figures = { calls: Number(pack.calls), remaining: Number(remaining), forfeited: Number(forfeited) };
    return { id: pack.id, product: pack.product, ...figures, state, effectiveAt, expiresAt };
  });
  const receipts = w.events.map(
    (e): ReceiptJson => ({
      event: e.id,
      draws: e.draws.map((d) => ({ pack: d.pack, calls: Number(d.calls) })),
      postpaid: Number(e.postpaid),
      ...(e.voided ? { voided: true } : {}),
    }),
  );
  return { results, packs, receipts, bills: w.bills, balance: written(w.book, balanceOf(w)) };
}
