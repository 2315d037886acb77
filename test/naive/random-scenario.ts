// Random but telling scenarios: the naive world is lived step by step, so that each next step can aim at an edge of it.
import { monthOf, monthStart, placesOf, span, timeText } from './figures.ts';
import type { BookJson, ScenarioJson, StepJson, TariffJson } from './json.ts';
import { negativeSince } from './money.ts';
import { counter } from './months.ts';
import type { World } from './naive.ts';
import { bookedAt, openWorld, refundEnd, takeStep } from './naive.ts';

type Random = () => number;
const [MINUTE, HOUR, DAY] = [60_000, 3_600_000, 86_400_000];

/** The usual 32-bit mulberry generator: the same seed gives the same scenario everywhere. */
export function mulberry32(seed: number): Random {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const below = (random: Random, n: number): number => Math.floor(random() * n);
const pick = <T>(random: Random, from: readonly T[]): T => from[below(random, from.length)] as T;
/** Most skip midnight when their clocks change: the day begins at 01:00 then. */
const ZONES = ['America/New_York', 'UTC', 'America/Santiago', 'America/Havana', 'Africa/Cairo'];
const chance = (random: Random, p: number): boolean => random() < p;

/** Half of the scenarios run on a changed book: other modes, bounds, bases, ratios, lives and orders. */
function bent(random: Random, source: BookJson): BookJson {
  const book = structuredClone(source);
  if (chance(random, 0.5)) return book;
  const set = <T extends object>(p: number, target: T, change: Partial<T>): void => {
    if (chance(random, p)) Object.assign(target, change);
  };
  set(0.1, pick(random, book.meters), { tariff: null });
  for (const tariff of book.tariffs.filter((t) => t.tiers.length > 1)) {
    set(0.3, tariff, { mode: 'graduated' });
    set(0.3, tariff, { bound: pick(random, ['lower-inclusive', 'upper-inclusive']) });
    set(0.5, tariff, { basis: 'gross' });
    set(0.15, tariff, { counter: 'day' });
    set(0.5, pick(random, tariff.tiers), { price: `0.${10 + below(random, 90)}5` });
    for (const tier of tariff.tiers)
      set(0.15, tier, { per: pick(random, [2, 7, 600, 1000]), part: pick(random, ['up', 'down', 'exact']) });
  }
  for (const tariff of book.tariffs) byOrderOrMeter(random, book, tariff);
  for (const cover of book.packProducts.flatMap((p) => p.covers)) set(0.2, cover, { ratio: 2 + below(random, 3) });
  set(0.2, book, { timeZone: pick(random, ZONES) });
  const { policies } = book;
  set(0.6, policies, { packValidity: pick(random, ['P1M', 'P2M', 'P3M', 'P45D']) });
  set(0.3, policies, { packStart: pick(random, ['instant', 'day', 'next-day', 'chosen']) });
  const byOrder = book.tariffs.some((t) => t.basis === 'gross-in-order' || t.tiers.some((tier) => 'prices' in tier));
  if (['instant', 'day'].includes(policies.packStart) && !byOrder) {
    set(0.4, policies, { packCovers: pick(random, ['life', 'day', 'month']) });
  }
  set(0.3, policies, { packExpiry: pick(random, ['end-of-day', 'instant']) });
  set(0.2, policies, { drawOrder: [...policies.drawOrder].reverse() });
  set(0.2, policies, { drawOrder: ['gift-first', 'smallest-first', 'earliest-bought'] });
  set(0.1, policies, { drawOrder: ['cheapest-first', 'earliest-expiry'] });
  if (chance(random, 0.4)) shared(random, book);
  set(0.2, policies, { refundDays: null });
  const isGenerous = chance(random, 0.5);
  set(isGenerous ? 0.7 : 0, policies, { refundDays: 60 });
  for (const terms of book.packProducts.flatMap((p) => [p, ...p.sizes])) {
    set(0.1, terms, { validity: pick(random, ['P1M', 'P30D', 'P2M']) });
    set(0.1, terms, { refundDays: pick(random, [null, 0, 3]) });
    if (isGenerous) set(0.7, terms, { refundPart: pick(random, ['paid', '0.5', '0.123', '3']) });
  }
  set(0.2, policies, { lateWindow: 'P10D' });
  set(0.2, policies, { packsUsableInArrears: true });
  set(0.2, book, { currency: pick(random, ['JPY', 'KWD']) });
  // Fees and limits are of months.
  for (const tariff of book.tariffs.filter(({ counter: of }) => of !== 'day')) {
    set(0.05, tariff, { fee: `12${decimals(random, book)}` });
    set(0.05, tariff, { minimum: `50${decimals(random, book)}`, maximum: pick(random, ['60', '700']) });
    set(0.05, tariff, { withoutCalls: true });
    for (const tier of tariff.tiers) set(0.05, tier, { fee: `${below(random, 40)}${decimals(random, book)}` });
  }
  return book;
}

/** Some tariffs count calls as they arrive, some have a price for each of their meters, some both. */
function byOrderOrMeter(random: Random, book: BookJson, tariff: TariffJson): void {
  const graduated = tariff.mode === 'graduated';
  if (graduated && tariff.counter === 'day') return;
  if (graduated && chance(random, 0.4)) tariff.basis = 'gross-in-order';
  if (!chance(random, 0.3)) return;
  if (graduated && tariff.basis === 'gross') tariff.basis = 'after-packs';
  const meters = book.meters.filter((m) => m.tariff === tariff.id);
  for (const tier of tariff.tiers.filter(({ price }) => price != null && chance(random, 0.9))) {
    tier.prices = Object.fromEntries(meters.map(({ id }) => [id, `0.${10 + below(random, 90)}`]));
    delete tier.price;
  }
  // Whose calls a block would be of could not be told: books may not say it.
  for (const tier of tariff.tiers.filter(({ prices }) => prices === undefined)) {
    delete tier.per;
    delete tier.part;
  }
}

/** Products that pay for the same meters, some by priority: the shipped books have none. */
function shared(random: Random, book: BookJson): void {
  const products = book.packProducts.slice(0, 5);
  for (const { covers } of products) {
    const { meter } = pick(random, pick(random, products).covers);
    if (!covers.some((cover) => cover.meter === meter)) covers.push({ meter });
  }
  const { drawOrder } = book.policies;
  if (chance(random, 0.3)) return;
  drawOrder.splice(below(random, drawOrder.length + 1), 0, 'priority-first');
  for (const cover of products.flatMap(({ covers }) => covers)) {
    if (chance(random, 0.6)) cover.priority = 1 + below(random, 3);
  }
}

/** Instants where something changes, each a millisecond before, at and after. */
function edges(w: World): number[] {
  const { book, zone, now, packs } = w;
  const [month, window] = [monthOf(now, zone), span(book.policies.lateWindow)];
  const closing = [0, 1].map((plus) => monthStart(month, plus, zone) + 2 * DAY);
  const since = negativeSince(w);
  const grace = since === null ? [] : Array(6).fill(since + span(book.policies.arrearsGrace));
  const turns = packs.flatMap((p) => [p.from, p.to, bookedAt(w, p), refundEnd(w, p) ?? p.from]);
  const months = [-1, 0, 1].map((plus) => monthStart(month, plus, zone));
  return [...months, ...closing, ...grace, ...turns, now - window, now + 5 * MINUTE].flatMap((t) => [t - 1, t, t + 1]);
}

function nextInstant(random: Random, w: World): number {
  const kind = random();
  if (kind < 0.2) {
    const ahead = edges(w).filter((t) => t > w.now && t < w.now + (kind < 0.02 ? 420 : 40) * DAY);
    if (ahead.length > 0) return pick(random, ahead);
  }
  if (kind < 0.4) return w.now;
  return w.now + below(random, pick(random, [MINUTE, HOUR, DAY, 3 * DAY, 8 * DAY, 20 * DAY]));
}

/** Calls that bring the month's counter, or a pack, onto an edge or one beside it. */
function quantity(random: Random, w: World, meter: string, time: number): number {
  const tariff = w.book.tariffs.find((t) => t.id === w.book.meters.find((m) => m.id === meter)?.tariff);
  const month = monthOf(time, w.zone);
  const sum = tariff ? counter(w, tariff, month, () => true) : { postpaid: 0n, drawn: 0n };
  const used = Number(tariff?.basis === 'after-packs' ? sum.postpaid : sum.postpaid + sum.drawn);
  const tops = chance(random, 0.1) ? tariff?.tiers.map((t) => t.from) : tariff?.tiers.slice(0, 4).map((t) => t.from);
  const aim = chance(random, 0.5) ? pick(random, tops ?? [0]) - used : Number(pick(random, w.packs)?.calls ?? 50n);
  if (chance(random, 0.6) && aim > 1) return aim - 1 + below(random, 3);
  return 1 + below(random, pick(random, [3, 60, 1500, 20000]));
}

function useStep(random: Random, w: World, at: string, id: string): StepJson {
  // Few meters, so that counters and packs meet; aiming at what some pack covers half of the time.
  const covered = w.book.packProducts
    .filter((p) => w.packs.some((pack) => pack.product === p.id))
    .flatMap((p) => p.covers);
  const known =
    chance(random, 0.8) && covered.length > 0
      ? pick(random, covered)
      : { meter: pick(random, w.book.meters.slice(0, 5)).id };
  const dice = random();
  let time = w.now;
  if (dice < 0.2) time -= below(random, 36 * DAY);
  else if (dice < 0.4) time = monthStart(monthOf(w.now, w.zone), 0, w.zone) - 1 - below(random, 20 * DAY);
  else if (dice < 0.55) time = pick(random, edges(w));
  const step: StepJson = {
    at,
    do: 'use',
    id,
    meter: known.meter,
    calls: quantity(random, w, known.meter, time),
    ...ofSome(random, 0.3),
  };
  return time === w.now && chance(random, 0.5)
    ? step
    : { ...step, time: timeText(time, pick(random, [w.zone, 'UTC'])) };
}

function nonsense(random: Random, w: World, at: string, id: string): StepJson {
  const meter = w.book.meters[0]?.id as string;
  const product = w.book.packProducts[0];
  return pick(random, [
    { at, do: 'use', id, meter: 'no.such.meter', calls: 1 },
    ...[0, -1, 1.5, 1e12 + 1].map((calls) => ({ at, do: 'use', id, meter, calls })),
    { at, do: 'buy', id, product: 'no_such_product', size: 1000 },
    { at, do: 'gift', id, product: 'no_such_product', calls: 10 },
    { at, do: 'buy', id, product: product?.id as string, size: 1234567 },
    { at, do: 'gift', id: w.packs[0]?.id ?? id, product: product?.id as string, calls: 10 },
    { at, do: 'refund', id: 'nobody' },
    { at, do: 'void', id: 'nobody' },
    { at, do: 'freeze', id: w.packs[0]?.id ?? id },
  ]);
}

/** A contract for a month near by: a price for the tiers without one, a tier made cheaper, tiers of its own, a pack. */
function priceStep(random: Random, w: World, at: string): StepJson {
  const from = monthOf(monthStart(monthOf(w.now, w.zone), pick(random, [-1, 0, 0, 1, 1, 2]), w.zone), w.zone);
  const tariff = pick(random, w.book.tariffs);
  const tiers = tariff.tiers.map(({ from: first }) => first);
  const [product, dear] = [
    pick(random, w.book.packProducts.slice(0, 5)),
    `${below(random, 3)}.${10 + below(random, 90)}`,
  ];
  const kind = random();
  const prices = (firsts: number[]) => ({
    tariffs: { [tariff.id]: firsts.map((first) => ({ from: first, price: dear })) },
  });
  const open = tariff.tiers.filter(({ price }) => price === null).map(({ from: first }) => first);
  if (kind < 0.4 && open.length > 0) return { at, do: 'price', from, ...prices(open) };
  if (kind < 0.6) return { at, do: 'price', from, ...prices([pick(random, tiers)]) };
  if (kind < 0.75) return { at, do: 'price', from, ...prices([0, 500 + below(random, 600), 5000]) };
  if (kind < 0.8) return { at, do: 'price', from, ...prices([below(random, 3)]) };
  if (kind < 0.9) return { at, do: 'price', from };
  const size = pick(random, [product.sizes[0]?.calls ?? 1000, 777]);
  return { at, do: 'price', from, packs: { [product.id]: [{ size, price: dear }] } };
}

/** As many as the currency has. */
const decimals = (random: Random, book: BookJson): string =>
  placesOf(book) === 0 ? '' : `.${String(below(random, 1000)).padStart(3, '0').slice(0, placesOf(book))}`;

const departments = ['loans', 'cards'];
/** Of one of two departments, or of none. */
const ofSome = (random: Random, p: number): { department?: string } =>
  chance(random, p) ? { department: pick(random, departments) } : {};
const scoped = (random: Random): { scope?: { department: string } } =>
  chance(random, 0.2) ? { scope: { department: pick(random, departments) } } : {};

/** Where buyers choose, half of them do, some too early or too late. */
function startOf(random: Random, w: World): { startsOn?: string } {
  const { packStart } = w.book.policies;
  if (!chance(random, packStart === 'chosen' ? 0.5 : 0.02)) return {};
  const day = w.now + pick(random, [-1, 0, 0, 1, 1, 2, 9, 40, 366, 367]) * DAY;
  return { startsOn: timeText(day, w.book.timeZone).slice(0, 10) };
}

function nextStep(random: Random, w: World, number: number, past: StepJson[]): StepJson {
  const at = timeText(w.now, w.zone);
  const product = pick(random, w.book.packProducts.slice(0, 5));
  const size = pick(random, product.sizes.slice(0, chance(random, 0.8) ? 2 : 9))?.calls ?? 1;
  const dice = random();
  const uses = past.filter((s) => s.do === 'use');
  const again = pick(random, uses);
  const bought = w.packs.filter((p) => !p.gift || chance(random, 0.2));
  const month = monthOf(monthStart(monthOf(w.now, w.zone), -pick(random, [0, 1, 1, 1, 2, 3]), w.zone), w.zone);
  const gift = {
    at,
    do: 'gift',
    id: `g${number}`,
    product: product.id,
    calls: pick(random, [1, 50, 1000, 1001]),
    ...scoped(random),
  };
  if (dice < 0.13)
    return { at, do: 'buy', id: `p${number}`, product: product.id, size, ...startOf(random, w), ...scoped(random) };
  if (dice < 0.19) return gift;
  if (dice < 0.22) return { ...gift, months: 1 + below(random, 4) };
  if (dice < 0.28) return { at, do: 'refund', id: pick(random, bought)?.id ?? 'none' };
  if (dice < 0.36) return { at, do: 'void', id: pick(random, w.events)?.id ?? 'none' };
  if (dice < 0.39) return { at, do: 'topup', amount: `${below(random, 5000)}${decimals(random, w.book)}` };
  if (dice < 0.52) return { at, do: 'close', month };
  if (dice < 0.535) return priceStep(random, w, at);
  if (dice < 0.56 && again) return { ...again, at, time: again.time ?? again.at };
  if (dice < 0.59 && again) return { ...again, at, calls: (again.calls ?? 1) + below(random, 2), time: at };
  if (dice < 0.63) return nonsense(random, w, at, `n${number}`);
  return useStep(random, w, at, `e${number}`);
}

export function randomScenario(random: Random, books: readonly BookJson[]): ScenarioJson {
  const book = bent(random, pick(random, books));
  const balance = pick(random, ['10000000.00', '10000000.00', '2000.00', '930.00']);
  const zone = chance(random, 0.25) ? { timeZone: pick(random, ZONES) } : {};
  const [year, month] = [pick(random, [2024, 2025, 2026]), pick(random, [0, 1, 1, 2, 3, 8, 9, 11])];
  const opened = pick(random, ['2020-03-01', `${year}-${String(month + 1).padStart(2, '0')}-01`]);
  const account = {
    id: 'acme',
    opened,
    balance: placesOf(book) === 0 ? balance.slice(0, -3) : balance,
    postpaid: true,
    ...zone,
  };
  const scenario: ScenarioJson = { book, account, steps: [] };
  const w = openWorld(scenario);
  w.now = Date.UTC(year, month, 1 + below(random, 29), below(random, 24));
  for (const count = 10 + below(random, 51); scenario.steps.length < count; ) {
    w.now = nextInstant(random, w);
    const step = nextStep(random, w, scenario.steps.length, scenario.steps);
    takeStep(w, step);
    scenario.steps.push(step);
  }
  return scenario;
}
