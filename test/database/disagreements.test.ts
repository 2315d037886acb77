// A provider's own word beside the code table's: where they disagree, the call waits for a person with both verdicts.

import { afterAll, beforeAll, expect, test } from 'vitest';
import { expectSound } from '../faults/agree.ts';
import { type Json, type OpenApp, openAccountWith, openApp } from '../http/open-app.ts';

const account = 'acme';
/** The code table of these flows changed at the midnight between. */
const before = '2021-07-18T12:00:00+08:00';
const after = '2021-07-19T12:00:00+08:00';
let open: OpenApp;

beforeAll(async () => {
  open = await openApp('2021-07-19T20:00:00+08:00');
  await openAccountWith(open, account, '1000.00');
});
afterAll(() => open.close());

const attempt = (id: string, resultCode: string, providerCharged: boolean | undefined, time = after): Json => ({
  ...{ account, id, time, action: 'GetDetectInfoEnhanced', channel: 'wechat_h5', library: 'authority', resultCode },
  ...(providerCharged === undefined ? {} : { providerCharged }),
});
const send = async (event: Json) => (await open.call('POST', '/v1/events', event)).json;
const held = async (filter: string): Promise<unknown[]> => {
  const { json } = await open.call('GET', `/v1/reviews?${filter}`);
  return (json.held as Json[]).map(({ event }) => event);
};
const decide = async (body: Json) => (await open.call('POST', '/v1/reviews', body)).json;
const outcomeOf = async (event: string) => {
  const { json } = await open.call('GET', `/v1/events/${event}/receipt?account=${account}`);
  return [json.outcome, json.verdicts];
};

test.each([
  ['0', true, after, 'accepted', 'charged', undefined],
  ['1001', false, after, 'accepted', 'not-charged', undefined],
  ['2007', false, after, 'accepted', 'not-charged', undefined],
  ['2007', true, before, 'accepted', 'charged', undefined],
  ['2007', true, after, 'held', 'held', { table: 'not-charged', provider: 'charged' }],
  ['2007', false, before, 'held', 'held', { table: 'charged', provider: 'not-charged' }],
  ['0', false, after, 'held', 'held', { table: 'charged', provider: 'not-charged' }],
  ['777', true, after, 'held', 'held', { table: 'held', provider: 'charged' }],
  ['777', false, after, 'held', 'held', undefined],
  ['777', undefined, after, 'held', 'held', undefined],
])('code %s, charged by the provider: %s, at %s: %s', async (code, said, time, status, outcome, verdicts) => {
  const id = `${code}-${said}-${time.slice(8, 10)}`;
  const sent = await send(attempt(id, code, said, time));
  const reason = outcome === 'held' ? (verdicts === undefined ? 'EVENT_HELD' : 'PROVIDER_DISAGREES') : undefined;
  expect(sent).toMatchObject({ status, receipt: { outcome, draws: [], postpaid: outcome === 'charged' ? 1 : 0 } });
  expect([sent.code, (sent.receipt as Json).verdicts]).toEqual([reason, verdicts]);
  // Fetched again it is the same attempt, whatever the provider says by then.
  for (const again of [said, undefined, true, false]) {
    const { status: twice, receipt } = await send(attempt(id, code, again, time));
    expect([twice, receipt]).toEqual(['duplicate', sent.receipt]);
  }
});

test('what waits is found by reason and by both verdicts, and counted apart', async () => {
  expect(await held('reason=PROVIDER_DISAGREES')).toEqual([
    '2007-true-19',
    '2007-false-18',
    '0-false-19',
    '777-true-19',
  ]);
  expect(await held('table=charged&provider=not-charged')).toEqual(['2007-false-18', '0-false-19']);
  expect(await held('provider=charged&resultCode=2007')).toEqual(['2007-true-19']);
  expect(await held('reason=EVENT_HELD')).toEqual(['777-false-19', '777-undefined-19']);
  expect(await held('reason=EVENT_HELD&provider=charged')).toEqual([]);
  expect((await open.call('GET', '/v1/reviews?provider=held')).json.code).toBe('INVALID_INPUT');
  const { json } = await open.call('GET', '/v1/reviews/codes');
  const codes = (json.codes as Json[]).map(({ resultCode, reason, events, verdicts }) => [
    ...[resultCode, reason, events, verdicts],
  ]);
  expect(codes.toSorted()).toEqual([
    ['0', 'PROVIDER_DISAGREES', 1, { table: 'charged', provider: 'not-charged' }],
    ['2007', 'PROVIDER_DISAGREES', 1, { table: 'not-charged', provider: 'charged' }],
    ['2007', 'PROVIDER_DISAGREES', 1, { table: 'charged', provider: 'not-charged' }],
    ['777', 'EVENT_HELD', 2, undefined],
    ['777', 'PROVIDER_DISAGREES', 1, { table: 'held', provider: 'charged' }],
  ]);
  const { json: events } = await open.call('GET', `/v1/events?account=${account}&outcome=held`);
  expect((events.events as Json[]).length).toBe(6);
});

test('a person decides, those of one kind alone; both verdicts stay on the receipt', async () => {
  const wrong = { table: 'charged', provider: 'not-charged' };
  expect(await decide({ resultCode: '2007', ...wrong, charge: true })).toMatchObject({ decided: 1 });
  expect(await outcomeOf('2007-false-18')).toEqual(['charged', wrong]);
  expect(await outcomeOf('2007-true-19')).toEqual(['held', { table: 'not-charged', provider: 'charged' }]);
  expect(await decide({ reason: 'PROVIDER_DISAGREES', charge: false })).toMatchObject({ decided: 3 });
  expect(await outcomeOf('0-false-19')).toEqual(['not-charged', wrong]);
  expect(await held('')).toEqual(['777-false-19', '777-undefined-19']);
});

test('many together, as CloudEvents and from the account itself; beside a meter it is refused', async () => {
  const key = await open.keyOf(account);
  const { account: _, ...own } = attempt('own', '0', false);
  const data = { action: 'IdCardVerification', resultCode: '0', providerCharged: false };
  const cloud = { specversion: '1.0', id: 'cloud', source: 'app', type: 'call', time: after, data };
  const { json } = await open.call(
    'POST',
    '/v1/events',
    [own, cloud, { ...own, id: 'agreed', providerCharged: true }],
    key,
  );
  expect((json.results as Json[]).map(({ status, code }) => [status, code])).toEqual([
    ['held', 'PROVIDER_DISAGREES'],
    ['held', 'PROVIDER_DISAGREES'],
    ['accepted', undefined],
  ]);
  const meter = { account, id: 'm', time: after, meter: 'identity', providerCharged: true };
  expect(await send(meter)).toMatchObject({ code: 'INVALID_INPUT', errors: [{ pointer: '/providerCharged' }] });
  expect((await send({ ...attempt('t', '0', true), providerCharged: 'yes' })).code).toBe('INVALID_INPUT');
  await expectSound(open.suanpan);
});
