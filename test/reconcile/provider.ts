// A provider that makes a bill of calls, and can be told to make it wrong. Written apart from the product: plain numbers, one
// call after the other, rules from the price list as a person reads it.

import { type Calls, onBound, products } from './calls.ts';

export interface ProviderPack {
  readonly id: string;
  readonly product: string;
  readonly meters: readonly string[];
  readonly gift: boolean;
  readonly calls: number;
  readonly effective: string;
  readonly expires: string;
  /** In fen, where it was bought in the month. */
  readonly price?: number;
}

/** Tiers as [from, price in 1/10000 yuan]. */
export interface ProviderTariff {
  readonly id: string;
  readonly meters: readonly string[];
  readonly tiers: readonly (readonly [number, number])[];
}

export interface Faults {
  /** Tariff whose tiers hold their upper bound. */
  readonly upperBound?: string;
  /** Tariff whose tier is chosen by all calls. */
  readonly gross?: string;
  /** `action code` that is charged although it should not be, or the reverse. */
  readonly alsoCharged?: string;
  readonly notCharged?: string;
  /** Pack → other times. */
  readonly effective?: readonly [string, string];
  readonly expires?: readonly [string, string];
  readonly duplicates?: true;
  /** Calls of a meter between two times that are lost. */
  readonly lost?: readonly [meter: string, from: string, to: string];
  /** Calls nobody made: day, meter, how many. */
  readonly invented?: readonly [day: string, meter: string, calls: number];
  /** Tariff → unit price in 1/10000 yuan. */
  readonly price?: readonly [string, number];
  /** Tariff whose unit price is rounded to the fen first. */
  readonly roundedFirst?: string;
  readonly boughtFirst?: true;
  /** Pack → calls after which it is taken for empty. */
  readonly left?: readonly [string, number];
  /** Tariff whose amount is cut off. */
  readonly cutOff?: string;
  /** Tariff → fen on top of its amount. */
  readonly added?: readonly [string, number];
  /** Days are cut in UTC. */
  readonly utc?: true;
  /** Fen on top of the total, and of the purchase of a pack. */
  readonly total?: number;
  readonly purchase?: readonly [string, number];
  /** A bill of lines only: no days, no meters, no packs. */
  readonly summary?: true;
}

export const packs: readonly ProviderPack[] = [
  pack('gift', 'basic_authority', ['photo.authority', 'liveness.basic.authority'], true, 30_000, [
    '2025-12-20T00:00:00+08:00',
    '2026-12-21T00:00:00+08:00',
  ]),
  pack('big', 'basic_authority', ['photo.authority', 'liveness.basic.authority'], false, 60_000, [
    '2025-06-01T09:30:00+08:00',
    '2026-06-02T00:00:00+08:00',
  ]),
  pack('later', 'basic_authority', ['photo.authority', 'liveness.basic.authority'], false, 70_000, [
    '2026-01-12T10:00:00+08:00',
    '2027-01-13T00:00:00+08:00',
  ]),
  pack('ending', 'identity', ['identity'], false, 100_000, ['2025-01-10T15:00:00+08:00', '2026-01-11T00:00:00+08:00']),
];

function pack(
  id: string,
  product: string,
  meters: readonly string[],
  gift: boolean,
  calls: number,
  [effective, expires]: readonly [string, string],
): ProviderPack {
  return { id, product, meters, gift, calls, effective, expires };
}

export const tariffs: readonly ProviderTariff[] = [
  tariff('liveness_verification', ['liveness.basic.authority'], [10_000, 8500, 7500, 6800]),
  tariff('photo_verification', ['photo.authority'], [10_000, 8500, 7500, 6800]),
  tariff('identity', ['identity'], [3000, 3000, 2800, 2600]),
  tariff('bank_card', ['bank_card'], [4000, 3800, 3600, 3400]),
  tariff('phone_status', ['phone_status'], [4000, 3800, 3600, 3600]),
  tariff('bank_card_info', ['bank_card_info'], [3055, 3055, 3055, 2055]),
  { id: 'eid', meters: ['eid'], tiers: [[0, 15_000]] },
];

function tariff(id: string, meters: readonly string[], prices: readonly number[]): ProviderTariff {
  return { id, meters, tiers: prices.map((price, index) => [[0, 1000, 10_000, 100_000][index]!, price] as const) };
}

/** The same packs, each a part of the size; `prices` in fen, of packs bought in the month. */
export const smaller = (part: number, prices: Readonly<Record<string, number>> = {}): ProviderPack[] =>
  packs.map((each) => ({
    ...each,
    calls: Math.floor(each.calls / part),
    ...(prices[each.id] === undefined ? {} : { price: prices[each.id] as number }),
  }));

export function packsCsv(all: readonly ProviderPack[] = packs): string {
  const rows = all.map(({ id, product, calls, gift, effective, expires, price }) =>
    [id, product, calls, gift, effective, expires, ((price ?? 0) / 100).toFixed(2)].join(','),
  );
  return `id,product,calls,gift,effective,expires,price\n${rows.join('\n')}\n`;
}

/** The bill of January 2026. */
export function billCsv(calls: Calls, faults: Faults = {}, all: readonly ProviderPack[] = packs): string {
  const { draws, postpaid } = settle(calls, faults, all);
  if (faults.invented !== undefined) {
    const [day, meter, count] = faults.invented;
    postpaid.set(`${day},${meter}`, (postpaid.get(`${day},${meter}`) ?? 0) + count);
  }
  const rows: string[] = [];
  if (faults.summary === undefined) {
    for (const [key, count] of draws) rows.push(`pack,${key},,${count},,`);
    for (const [key, count] of postpaid) rows.push(`postpaid,${key},,,${count},,`);
  }
  let total = 0;
  for (const each of tariffs) {
    const line = lineOf(each, draws, postpaid, faults);
    total += line.fen;
    rows.push(`postpaid,,,,${each.id},${line.calls},${line.price},${(line.fen / 100).toFixed(2)}`);
  }
  for (const { id, price } of all) {
    if (price === undefined) continue;
    const fen = price + (faults.purchase?.[0] === id ? faults.purchase[1] : 0);
    total += fen;
    rows.push(`purchase,,,${id},,,,${(fen / 100).toFixed(2)}`);
  }
  rows.push(`total,,,,,,,${((total + (faults.total ?? 0)) / 100).toFixed(2)}`);
  return `kind,day,meter,pack,tariff,calls,unit_price,amount\n${rows.join('\n')}\n`;
}

function settle(calls: Calls, faults: Faults, all: readonly ProviderPack[]) {
  const live = all.map((each) => ({
    ...each,
    left: faults.left?.[0] === each.id ? faults.left[1] : each.calls,
    from: Date.parse(faults.effective?.[0] === each.id ? faults.effective[1] : each.effective),
    to: Date.parse(faults.expires?.[0] === each.id ? faults.expires[1] : each.expires),
  }));
  const giftRank = (gift: boolean) => (gift === (faults.boughtFirst === undefined) ? 0 : 1);
  live.sort((a, b) => giftRank(a.gift) - giftRank(b.gift) || Date.parse(a.expires) - Date.parse(b.expires));
  const lost = faults.lost === undefined ? undefined : [Date.parse(faults.lost[1]), Date.parse(faults.lost[2])];
  // Counted by day, product and payer; the last payer is nobody.
  const payers = live.length + 1;
  const counts = new Int32Array(31 * kinds.length * payers);
  const charged = kinds.map(({ action, results }) =>
    results.map(([code, , isCharged]) => {
      const name = `${action} ${code}`;
      return name !== faults.notCharged && (isCharged || faults.alsoCharged === name);
    }),
  );
  for (const row of calls.byTime) {
    if (calls.repeats[row]! >= 0 && faults.duplicates === undefined) continue;
    const kind = calls.products[row]!;
    if (!charged[kind]![calls.results[row]!]!) continue;
    const { meter } = kinds[kind]!;
    const time = calls.times[row]!;
    if (lost !== undefined && faults.lost![0] === meter && time >= lost[0]! && time < lost[1]!) continue;
    let payer = 0;
    for (; payer < live.length; payer += 1) {
      const each = live[payer]!;
      if (each.left > 0 && each.meters.includes(meter) && time >= each.from && time < each.to) break;
    }
    if (payer < live.length) live[payer]!.left -= 1;
    // A UTC day begins at 08:00 of Shanghai; what lies before the month is not on its bill.
    const day = Math.floor((time - january - (faults.utc === undefined ? 0 : 28_800_000)) / 86_400_000);
    if (day >= 0) counts[(day * kinds.length + kind) * payers + payer]! += 1;
  }
  const draws = new Map<string, number>();
  const postpaid = new Map<string, number>();
  counts.forEach((count, index) => {
    if (count === 0) return;
    const [payer, kind] = [index % payers, Math.floor(index / payers) % kinds.length];
    const day = `2026-01-${String(Math.floor(index / payers / kinds.length) + 1).padStart(2, '0')}`;
    if (payer === live.length) postpaid.set(`${day},${kinds[kind]!.meter}`, count);
    else draws.set(`${day},${kinds[kind]!.meter},${live[payer]!.id}`, count);
  });
  return { draws, postpaid };
}

const january = Date.parse('2026-01-01T00:00:00+08:00');
const kinds = [...products, onBound];

function lineOf(
  { id, meters, tiers }: ProviderTariff,
  draws: ReadonlyMap<string, number>,
  postpaid: ReadonlyMap<string, number>,
  faults: Faults,
) {
  const sum = (map: ReadonlyMap<string, number>) =>
    [...map].filter(([key]) => meters.includes(key.split(',')[1]!)).reduce((total, [, count]) => total + count, 0);
  const calls = sum(postpaid);
  const reached = faults.gross === id ? calls + sum(draws) : calls;
  const found = tiers.findLast(([from]) => (faults.upperBound === id ? from < reached : from <= reached))!;
  const tenThousandths = faults.price?.[0] === id ? faults.price[1] : found[1];
  const fen =
    (faults.roundedFirst === id
      ? calls * Math.round(tenThousandths / 100)
      : Math.floor((calls * tenThousandths + (faults.cutOff === id ? 0 : 50)) / 100)) +
    (faults.added?.[0] === id ? faults.added[1] : 0);
  return { calls, price: (tenThousandths / 10_000).toFixed(4), fen };
}
