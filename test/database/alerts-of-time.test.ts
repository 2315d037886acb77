// What time brings to accounts, lived with a set clock and two servers that look at once: each said once, and not when it is past.

import { afterAll, beforeAll, expect, test } from 'vitest';
import { expectSound } from '../faults/agree.ts';
import { basic, instant, type OpenApp, openAccountWith, openApp } from '../http/open-app.ts';
import { Listener } from '../http/told.ts';

const meter = { meter: basic };
let open: OpenApp;
let told: Listener;

beforeAll(async () => {
  open = await openApp('2026-01-12T09:00:00+08:00');
  told = new Listener(open, '2026-01-12T09:00:00+08:00');
});
afterAll(() => open.close());

const buy = (account: string, id: string) =>
  told.sent(open.once('POST', '/v1/packs', { account, product: 'basic_authority', size: 1_000, id }));

test('service stops a day after arrears, and is restored by a top-up', async () => {
  await openAccountWith(open, 'stops', '0.00');
  await told.use('stops', 's1', 100, '2026-01-12T08:00:00+08:00', meter);
  told.at('2026-02-03T00:00:00+08:00');
  const [final, begun] = await told.news('stops');
  expect(final).toMatchObject({
    kind: 'bill-final',
    details: { bill: 'stops:2026-01', month: '2026-01', number: 'stops-000001', total: '100.00', currency: 'CNY' },
  });
  expect(begun).toMatchObject({ kind: 'arrears-begun', details: { balance: '-100.00' } });
  told.at(String(begun?.details.stopsAt));
  const [stopped] = await told.news('stops');
  expect(stopped).toMatchObject({
    ...{ kind: 'service-stopped', at: begun?.details.stopsAt },
    details: { balance: '-100.00', since: begun?.at },
  });
  told.at('2026-02-05T09:00:00+08:00');
  expect(await told.kinds('stops')).toEqual([]);
  await told.sent(open.once('POST', '/v1/accounts/stops/top-ups', { amount: '100.00' }));
  expect(await told.kinds('stops')).toEqual(['arrears-ended', 'service-restored']);
  told.at('2026-02-06T09:00:00+08:00');
  expect(await told.kinds('stops')).toEqual([]);
});

test('a stop that began and ended while no server looked is not said', async () => {
  await openAccountWith(open, 'missed', '0.00');
  await told.use('missed', 'm1', 100, '2026-02-06T08:00:00+08:00', meter);
  told.at('2026-03-03T00:00:00+08:00');
  await told.news('missed');
  told.at('2026-03-10T00:00:00+08:00');
  await told.sent(open.once('POST', '/v1/accounts/missed/top-ups', { amount: '100.00' }));
  expect(await told.kinds('missed')).toEqual(['arrears-ended']);
});

test('a tier without a price is neared and reached; with a contract price there is nothing to say', async () => {
  const from = '2026-03-10T08:00:00+08:00';
  told.at('2026-03-10T10:00:00+08:00');
  for (const account of ['big', 'priced']) await openAccountWith(open, account, '0.00');
  const prices = { from: '2026-03', tariffs: { liveness_verification: [{ from: 200_000, price: '0.55' }] } };
  await told.sent(open.once('POST', '/v1/accounts/priced/contracts', prices));
  for (const account of ['big', 'priced']) await told.use(account, 'b1', 160_000, from, meter);
  told.at('2026-03-10T11:00:00+08:00');
  const [near, ...more] = await told.news('big');
  expect(more).toEqual([]);
  const details = { tariff: 'liveness_verification', month: '2026-03', counted: 160_000, from: 200_000 };
  expect(near).toMatchObject({ kind: 'unpriced-near', details });
  for (const account of ['big', 'priced']) await told.use(account, 'b2', 40_000, from, meter);
  told.at('2026-03-10T12:00:00+08:00');
  expect(await told.kinds('big')).toEqual(['unpriced-reached']);
  told.at('2026-03-10T13:00:00+08:00');
  expect(await told.kinds('big')).toEqual([]);
  expect(await told.kinds('priced')).toEqual([]);
});

test('a pack’s end is said 30, 7 and 1 days before, with the money at risk to the fen and both paces', async () => {
  await openAccountWith(open, 'packs', '100000.00');
  told.at('2026-03-11T09:00:00+08:00');
  const prices = { from: '2026-04', tariffs: {}, packs: { basic_authority: [{ size: 1_000, price: '930.55' }] } };
  await told.sent(open.once('POST', '/v1/accounts/packs/contracts', prices));
  told.at('2026-04-10T09:00:00+08:00');
  await buy('packs', 'p');
  await told.use('packs', 'p1', 810, '2026-04-10T09:00:00+08:00', meter);
  const ends = async (): Promise<unknown[]> =>
    (await told.news('packs')).filter(({ kind }) => kind === 'pack-expires').map(({ details }) => details);
  told.at('2027-03-11T23:50:00+08:00');
  expect(await ends()).toEqual([]);
  told.at('2027-03-20T09:00:00+08:00');
  await told.use('packs', 'p2', 90, '2027-03-20T09:00:00+08:00', meter);
  told.at('2027-03-21T12:00:00+08:00');
  const common = { pack: 'p', product: 'basic_authority', left: 100, calls: 1_000, atRisk: '93.06', currency: 'CNY' };
  const expiresAt = '2027-04-11T00:00:00+08:00';
  // 100 × 930.55 ÷ 1,000 is 93.055: half up.
  expect(await ends()).toEqual([{ ...common, expiresAt, days: 21, neededPerDay: 5, ownPerDay: 3 }]);
  told.at('2027-03-30T12:00:00+08:00');
  expect(await ends()).toEqual([]);
  // The seventh day passed without a server: it is the last day that is said.
  told.at('2027-04-10T12:00:00+08:00');
  expect(await ends()).toEqual([{ ...common, expiresAt, days: 1, neededPerDay: 100, ownPerDay: 3 }]);
  told.at('2027-04-11T12:00:00+08:00');
  expect(await ends()).toEqual([]);
  told.at('2027-05-16T12:00:00+08:00');
  const lost = (await told.news('packs')).filter(({ kind }) => kind === 'pack-forfeited');
  expect(lost.map(({ details }) => details)).toEqual([
    { pack: 'p', product: 'basic_authority', left: 100, worth: '93.06', currency: 'CNY' },
  ]);
});

const accounts = ['office', 'fading', 'nightly'];
const hourOf = (day: number, hour: number): string =>
  new Date(instant('2027-06-07T00:30:00+08:00') + (day * 24 + hour) * 3_600_000).toISOString();

/** Five weeks of weekdays from nine to five; one account calls less and less, one reports each night what it did by day. */
async function fiveWeeks(): Promise<void> {
  const nightly: object[] = [];
  for (let day = 0; day < 35; day += 1) {
    for (let hour = 9; hour < 17; hour += 1) {
      if (day % 7 > 4) continue;
      const time = hourOf(day, hour);
      told.at(time);
      const calls = { office: 10, fading: day < 28 ? 10 : 2 };
      const batch = Object.entries(calls).map(([account, n]) => ({ account, id: time, calls: n, time, ...meter }));
      await told.sent(open.call('POST', '/v1/events', batch));
      nightly.push({ account: 'nightly', id: time, calls: 10, time, ...meter });
    }
    told.at(hourOf(day, 24));
    if (nightly.length > 0) await told.sent(open.call('POST', '/v1/events', nightly.splice(0)));
  }
}

test('silence is said against an account’s own hours, with what it looks like, and so is the return', async () => {
  told.at(hourOf(0, 0));
  for (const account of accounts) await openAccountWith(open, account, '100000.00');
  await fiveWeeks();
  const silences = async (account: string) =>
    (await told.news(account))
      .filter(({ kind }) => /^account-/.test(kind))
      .map(({ kind, details }) => ({ kind, ...details }));
  for (const account of accounts) await silences(account);
  // The night, the weekend and the first hours of Monday are none.
  for (const [day, hour] of [
    [32, 23],
    [33, 12],
    [34, 12],
    [35, 8],
    [35, 10],
  ] as const) {
    told.at(hourOf(day, hour));
    for (const account of accounts) expect(await silences(account), `${account} ${day} ${hour}`).toEqual([]);
  }
  told.at(hourOf(35, 12));
  const lastCall = '2027-07-09T16:30:00+08:00';
  expect(await silences('office')).toEqual([
    { kind: 'account-silent', lastCall, usualPerDay: 57, looksLike: 'metering-broken' },
  ]);
  expect(await silences('fading')).toEqual([
    { kind: 'account-silent', lastCall, usualPerDay: 46, looksLike: 'no-usage' },
  ]);
  expect(await silences('nightly')).toEqual([]);
  told.at(hourOf(35, 15));
  expect(await silences('office')).toEqual([]);
  const back = hourOf(35, 15);
  await told.use('office', 'back', 1, back, meter);
  told.at(hourOf(35, 16));
  expect(await silences('office')).toEqual([
    { kind: 'account-back', lastCall, firstCall: '2027-07-12T15:30:00+08:00' },
  ]);
  // Monday's report should have come by now.
  told.at(hourOf(36, 6));
  expect(await silences('nightly')).toEqual([
    { kind: 'account-silent', lastCall, usualPerDay: 57, looksLike: 'metering-broken' },
  ]);
  expect(await silences('fading')).toEqual([]);
});

test('the ledger agrees', async () => {
  await expectSound(open.suanpan);
});
