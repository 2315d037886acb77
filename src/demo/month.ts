// A realistic month for several accounts, made from a seed: day and night rhythm over all ten meters, duplicates, late events,
// a pack that runs dry, gifts, a refund, an expiry, a quantity exactly on a bound, an account in the unpriced tier.
// Each account's story has the form of a scenario file, so `simulate` and the naive implementation can tell it too.

import { seeded } from './random.ts';

export interface Step {
  readonly at: string;
  readonly do: 'topup' | 'buy' | 'gift' | 'refund' | 'use' | 'void' | 'close';
  readonly id?: string;
  readonly product?: string;
  readonly size?: number;
  readonly calls?: number;
  readonly months?: number;
  readonly meter?: string;
  readonly time?: string;
  readonly amount?: string;
  readonly month?: string;
}

export interface Story {
  readonly id: string;
  readonly name: string;
  readonly book: string;
  readonly steps: readonly Step[];
}

export const demoMonth = '2026-03';
const zone = '+08:00';
const dayLength = 86_400_000;
const start = Date.parse(`${demoMonth}-01T00:00:00${zone}`);
const days = 31;

/** Local time with the zone's offset, to the millisecond. */
const write = (at: number): string => `${new Date(at + 8 * 3_600_000).toISOString().slice(0, 23)}${zone}`;
const on = (day: string, time = '10:00:00'): string => `${day}T${time}.000${zone}`;

/** Share of a day's calls by hour: quiet nights, peaks at ten and twenty o'clock. */
const rhythm = [2, 1, 1, 1, 1, 2, 4, 7, 10, 13, 15, 13, 10, 9, 10, 11, 11, 10, 10, 12, 14, 11, 7, 4];
const rhythmSum = rhythm.reduce((sum, share) => sum + share, 0);

function instantInMonth(random: () => number): number {
  const day = Math.floor(random() * days);
  let left = random() * rhythmSum;
  let hour = 0;
  while (left >= (rhythm[hour] ?? 0)) {
    left -= rhythm[hour] ?? 0;
    hour += 1;
  }
  return start + day * dayLength + hour * 3_600_000 + Math.floor(random() * 3_600_000);
}

interface Traffic {
  readonly meter: string;
  readonly events: number;
  readonly callsEach?: number;
}

/** Usage of an account: most arrives within seconds, two in a hundred again, one in a hundred days late. */
function traffic(account: string, flows: readonly Traffic[], random: () => number): Step[] {
  const steps: { readonly arrival: number; readonly step: Step }[] = [];
  for (const { meter, events, callsEach = 1 } of flows) {
    for (let no = 1; no <= events; no += 1) {
      const time = instantInMonth(random);
      const late = random() < 0.01 ? Math.floor(random() * 3 * dayLength) : Math.floor(random() * 5_000);
      const arrival = Math.min(time + late, start + (days + 1) * dayLength);
      const id = `${account}-${meter}-${no}`;
      const use = { do: 'use' as const, id, meter, calls: callsEach, time: write(time) };
      steps.push({ arrival, step: { at: write(arrival), ...use } });
      if (random() >= 0.02) continue;
      const again = Math.min(arrival + Math.floor(random() * 60_000), start + (days + 1) * dayLength);
      steps.push({ arrival: again, step: { at: write(again), ...use } });
    }
  }
  return steps.toSorted((a, b) => a.arrival - b.arrival).map(({ step }) => step);
}

/** Puts steps of different origin in order of `at`; equal times keep the given order. */
const inOrder = (...parts: readonly (readonly Step[])[]): Step[] =>
  parts
    .flat()
    .map((step, index) => ({ step, index, at: Date.parse(step.at) }))
    .toSorted((a, b) => a.at - b.at || a.index - b.index)
    .map(({ step }) => step);

const close: Step = { at: on('2026-04-03', '00:00:00'), do: 'close', month: demoMonth };

interface Maker {
  readonly many: (events: number) => number;
  readonly story: (id: string, name: string, flows: readonly Traffic[], own: readonly Step[]) => Story;
}

const topUp = (at: string, amount: string): Step => ({ at, do: 'topup', id: 'first', amount });

/** Events per account; `scale` 1 is the full month of about 215,000 events. */
export function demoStories(seed: number, scale = 1): Story[] {
  const random = seeded(seed);
  const maker: Maker = {
    many: (events) => Math.max(1, Math.round(events * scale)),
    story: (id, name, flows, own) => ({
      id,
      name,
      book: 'faceid-legacy',
      steps: inOrder(own, traffic(id, flows, random), [close]),
    }),
  };
  return [packRunsDry, onBound, unpricedTier, refund, expiry, monthlyGift].map((make) => make(maker));
}

const packRunsDry = ({ many, story }: Maker): Story =>
  story(
    'aurora-bank',
    'Aurora Bank: a pack runs dry in the middle of the month',
    [
      { meter: 'liveness.basic.authority', events: many(52_000) },
      { meter: 'photo.authority', events: many(12_000) },
      { meter: 'identity', events: many(30_000) },
      { meter: 'bank_card', events: many(15_000) },
    ],
    [
      topUp(on('2026-02-20'), '100000.00'),
      { at: on('2026-02-20'), do: 'gift', id: 'welcome', product: 'basic_authority', calls: 50 },
      ...[1, 2, 3].map(
        (no): Step => ({
          at: on('2026-02-25'),
          do: 'buy',
          id: `authority-${no}`,
          product: 'basic_authority',
          size: 10_000,
        }),
      ),
    ],
  );

const onBound = ({ story }: Maker): Story =>
  story(
    'birch-lending',
    'Birch Lending: exactly 1,000 calls, on a tier bound',
    [{ meter: 'liveness.basic.authority', events: 1_000 }],
    [topUp(on('2026-02-20'), '5000.00')],
  );

const unpricedTier = ({ many, story }: Maker): Story =>
  story(
    'cedar-pay',
    'Cedar Pay: 205,000 identity checks, the tier without a public price',
    [
      { meter: 'identity', events: 2_050, callsEach: 100 },
      { meter: 'bank_card_info', events: many(9_000) },
    ],
    [topUp(on('2026-02-20'), '50000.00')],
  );

const refund = ({ many, story }: Maker): Story =>
  story(
    'delta-telecom',
    'Delta Telecom: a pack bought by mistake and refunded',
    [
      { meter: 'phone_status', events: many(24_000) },
      { meter: 'liveness.basic.selfie', events: many(18_000) },
    ],
    [
      topUp(on('2026-02-20'), '50000.00'),
      { at: on('2026-02-26'), do: 'buy', id: 'phone', product: 'phone_status', size: 10_000 },
      { at: on('2026-03-02'), do: 'buy', id: 'mistake', product: 'bank_card', size: 1_000 },
      { at: on('2026-03-09', '23:59:59'), do: 'refund', id: 'mistake' },
    ],
  );

const expiry = ({ many, story }: Maker): Story =>
  story(
    'ember-travel',
    'Ember Travel: a pack expires on the 15th with calls left, another was forfeited',
    [
      { meter: 'liveness.wechat.authority', events: many(18_000) },
      { meter: 'liveness.wechat.selfie', events: many(14_000) },
    ],
    [
      topUp(on('2025-02-05'), '60000.00'),
      { at: on('2025-02-05'), do: 'buy', id: 'never-used', product: 'bank_card', size: 1_000 },
      { at: on('2025-03-15'), do: 'buy', id: 'wechat-old', product: 'enhanced_authority_wechat', size: 10_000 },
      { at: on('2026-02-10'), do: 'buy', id: 'selfie', product: 'enhanced_selfie_wechat', size: 10_000 },
    ],
  );

const monthlyGift = ({ many, story }: Maker): Story =>
  story(
    'fjord-games',
    'Fjord Games: a gift every month',
    [
      { meter: 'eid', events: many(16_000) },
      { meter: 'liveness.basic.authority', events: many(3_000) },
    ],
    [
      topUp(on('2026-02-20'), '30000.00'),
      { at: on('2026-02-20'), do: 'gift', id: 'monthly', product: 'basic_authority', calls: 500, months: 6 },
      { at: on('2026-02-21'), do: 'buy', id: 'eid', product: 'eid', size: 10_000 },
    ],
  );
