// A made-up past on the real database: events, packs and gifts at moments that the clock is set to.

import { expect } from 'vitest';
import { seeded } from '../../bench/usage-patterns.ts';
import type { Day } from '../../src/core/calendar.ts';
import { callsOf } from '../../src/core/units.ts';
import { daysThrough } from '../../src/forecast/days.ts';
import { basic, instant, type Json, type OpenApp, openAccountWith } from '../http/open-app.ts';

let serial = 0;

/** Sends one event at `time`, the clock set to it. Times of one account only go forward. */
export async function use(open: OpenApp, account: string, time: string, calls: number, meter = basic): Promise<void> {
  serial += 1;
  open.setClock(time);
  const event = { id: `e${serial}`, meter, calls: callsOf(calls), at: instant(time), department: null, facts: null };
  const [result] = await open.suanpan.ledger.record(account, [event]);
  expect(result).toMatchObject({ status: 'accepted' });
}

export async function useDaily(
  open: OpenApp,
  account: string,
  from: string,
  to: string,
  calls: (day: Day) => number,
  meter = basic,
) {
  for (const day of daysThrough(from as Day, to as Day)) {
    if (calls(day) > 0) await use(open, account, `${day}T09:00:00+08:00`, calls(day), meter);
  }
}

export async function get(open: OpenApp, url: string): Promise<Json> {
  const reply = await open.call('GET', url);
  if (reply.status !== 200) throw new Error(reply.text);
  return reply.json;
}

export const buy = (open: OpenApp, account: string, product: string, size: number, id: string) =>
  open.once('POST', '/v1/packs', { account, product, size, id });

/** Three months of several meters, packs bought and refunded in the middle of days, gifts once and monthly. */
export async function liveThreeMonths(open: OpenApp, account: string, seed: number, year: number): Promise<void> {
  const random = seeded(seed);
  const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)] as T;
  open.setClock(`${year}-01-02T08:00:00+08:00`);
  await openAccountWith(open, account, '900000.00');
  const meters = [basic, 'photo.authority', 'liveness.basic.selfie', 'identity'];
  const products = ['basic_authority', 'basic_selfie', 'identity'];
  let packs = 0;
  for (const day of daysThrough(`${year}-01-02` as Day, `${year}-03-31` as Day)) {
    const hours = Array.from({ length: 1 + Math.floor(4 * random()) }, () => Math.floor(24 * 60 * random())).toSorted(
      (a, b) => a - b,
    );
    for (const minute of hours) {
      const time = `${day}T${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}:00+08:00`;
      const dice = random();
      open.setClock(time);
      if (dice < 0.05) await buy(open, account, pick(products), 1000, `p${++packs}`);
      else if (dice < 0.07) {
        const months = random() < 0.5 ? { months: 2 } : {};
        await open.once('POST', '/v1/gifts', {
          account,
          product: pick(products),
          calls: 200,
          id: `g${++packs}`,
          ...months,
        });
      } else if (dice < 0.09 && packs > 0) await open.once('POST', `/v1/packs/p${packs}/refund`, { account });
      else await use(open, account, time, 1 + Math.floor(300 * random()), pick(meters));
    }
    if (day === `${year}-02-10`) {
      const closed = await open.once('POST', '/v1/bills/close', { month: `${year}-01`, account });
      expect(closed.status).toBe(200);
    }
  }
}
