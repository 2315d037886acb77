// F6: events around month edges, doubled, out of order, late, ahead of time, with months closing in between. Each is counted
// in the month of its call, once, or refused by the rule for it; the naive implementation agrees to the fen.

import { afterAll, beforeAll, expect, test } from 'vitest';
import { basic, instant, type Json, type OpenApp, openAccountWith, openApp } from '../http/open-app.ts';
import { mulberry32 } from '../naive/random-scenario.ts';
import { expectSound } from './agree.ts';

const seed = Number(process.env.SUANPAN_SEED ?? Date.now() % 2 ** 31);
const zones = [undefined, 'America/New_York', 'Asia/Kathmandu'];
const [minute, day] = [60_000, 86_400_000];
let open: OpenApp;
beforeAll(async () => {
  open = await openApp('2026-01-05T10:00:00+08:00');
});
afterAll(() => open.close());

const text = (ms: number) => new Date(ms).toISOString();

test('F6: doubled, reordered, late and future events around month edges', { timeout: 60_000 }, async () => {
  console.log(`F6: SUANPAN_SEED=${seed}`);
  const random = mulberry32(seed);
  const below = (most: number) => Math.floor(random() * most);
  const accounts = await Promise.all(
    zones.map(async (timeZone, n) => {
      const id = `zone-${n}`;
      await openAccountWith(open, id, '100000.00', timeZone === undefined ? {} : { timeZone });
      await open.once('POST', '/v1/packs', { account: id, product: 'basic_authority', size: 1000, id: 'pack' });
      return id;
    }),
  );
  const edges = [
    '2026-02-01T00:00:00+08:00',
    '2026-03-01T00:00:00+08:00',
    '2026-02-01T00:00:00-05:00',
    '2026-03-01T00:00:00+05:45',
  ].map(instant);
  const sent: Json[] = [];
  const expected = new Map<string, number>();
  const counts: Record<string, number> = {};
  let now: number = instant('2026-01-20T10:00:00+08:00');
  for (let batch = 0; batch < 90; batch += 1) {
    now += below(day);
    open.setClock(text(now));
    const fresh = Array.from({ length: 12 }, (_, n): Json => {
      const kind = random();
      const edge = edges[below(edges.length)] ?? now;
      const around = edge + [-1, 0, 1, -minute, minute, below(day) - day / 2][below(6)]!;
      const late = now - 34 * day + below(4 * minute) - 2 * minute;
      const ahead = now + 5 * minute + below(4) - 2;
      const time = kind < 0.5 ? around : kind < 0.6 ? late : kind < 0.7 ? ahead : now - below(30 * day);
      const meter = random() < 0.5 ? basic : 'liveness.wechat.authority';
      return {
        id: `b${batch}-${n}`,
        account: accounts[below(accounts.length)],
        meter,
        calls: 1 + below(40),
        time: text(time),
      };
    });
    const again = Array.from({ length: 6 }, () => sent[below(sent.length)]).filter((each) => each !== undefined);
    const items = [...fresh, ...fresh.slice(0, 3), ...again].toSorted(() => random() - 0.5);
    const { json } = await open.call('POST', '/v1/events', items);
    for (const [index, result] of (json.results as Json[]).entries()) {
      const item = items[index] as Json & { id: string; time: string; calls: number };
      const at = Date.parse(item.time);
      const known = expected.has(item.id);
      const fate = known
        ? 'duplicate'
        : at > now + 5 * minute
          ? 'EVENT_IN_FUTURE'
          : at < now - 34 * day
            ? 'EVENT_TOO_OLD'
            : 'accepted';
      expect([result.status, result.code].includes(fate), `${fate}: ${JSON.stringify([item, result, text(now)])}`).toBe(
        true,
      );
      counts[fate] = (counts[fate] ?? 0) + 1;
      if (fate === 'accepted') {
        expected.set(item.id, item.calls);
        sent.push(item);
      }
    }
    if (batch % 10 === 9)
      for (const month of ['2026-01', '2026-02']) await open.call('POST', '/v1/bills/close', { month });
  }
  console.log(`F6: ${JSON.stringify(counts)}`);
  for (const fate of ['accepted', 'duplicate', 'EVENT_IN_FUTURE', 'EVENT_TOO_OLD'])
    expect(counts[fate], fate).toBeGreaterThan(5);
  const { rows } = await open.suanpan.pool.query<{ calls: string; bills: bigint }>(
    'select sum(calls)::text as calls, (select count(*) from bills) as bills from events',
  );
  expect(Number(rows[0]?.calls)).toBe([...expected.values()].reduce((sum, calls) => sum + calls, 0));
  expect(Number(rows[0]?.bills)).toBeGreaterThanOrEqual(3);
  await expectSound(open.suanpan);
});
