// Caps by day and month, of an account, a department, a meter or a key: what they refuse, count, give back and say; and that verify
// recounts them.

import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { isRefusal } from '../../src/core/refusal.ts';
import { callsOf } from '../../src/core/units.ts';
import { Ledger } from '../../src/ledger/ledger.ts';
import { repairHeads } from '../../src/verify/repair.ts';
import { verifyLedger } from '../../src/verify/verify.ts';
import { basic, type Json, type OpenApp, openAccountWith, openApp } from '../http/open-app.ts';

const other = 'liveness.basic.selfie';
const day = '2026-01-12T09:00:00+08:00';
let open: OpenApp;
let account = '';
let serial = 0;
beforeAll(async () => {
  open = await openApp(day);
});
afterAll(() => open?.close());
beforeEach(async () => {
  open.setClock(day);
  serial += 1;
  account = `acme-${serial}`;
  await openAccountWith(open, account, '100000.00', { opened: '2025-12-01' });
});

const bearer = (key: unknown) => ({ authorization: `Bearer ${key}` });
const cap = (body: Json) => open.call('POST', `/v1/accounts/${account}/caps`, body);
const shown = async (name: string) => {
  const { json } = await open.call('GET', `/v1/accounts/${account}/caps`);
  return (json.caps as Json[]).find((each) => each.name === name);
};
const used = async (name: string) => (await shown(name))?.used;
const ask = (more: Json = {}, headers = {}) =>
  open.call('POST', '/v1/authorizations', { account, meter: basic, ...more }, headers);
let events = 0;
const send = async (more: Json = {}, headers = {}, status = 'accepted') => {
  events += 1;
  const { json } = await open.call(
    'POST',
    '/v1/events',
    { account, id: `e${events}`, meter: basic, time: day, ...more },
    headers,
  );
  expect(json.status, JSON.stringify(json)).toBe(status);
  return `e${events}`;
};
const verified = async () => {
  const { verdicts } = await verifyLedger(open.suanpan);
  return verdicts.flatMap(({ first }) => (first === null ? [] : [first]));
};

describe('what counts', () => {
  const calls: readonly Json[] = [
    { calls: 3, department: 'loans' },
    { calls: 5, department: 'cards' },
    { calls: 7, meter: other },
    { calls: 11, time: '2026-01-11T23:59:59.999+08:00', department: 'loans' },
  ];
  test.each([
    { per: 'day', of: 'all', limits: {}, expected: 15 },
    { per: 'month', of: 'all', limits: {}, expected: 26 },
    { per: 'day', of: 'all', limits: { department: 'loans' }, expected: 3 },
    { per: 'month', of: 'all', limits: { department: 'loans' }, expected: 14 },
    { per: 'month', of: 'all', limits: { meter: other }, expected: 7 },
    { per: 'month', of: 'all', limits: { department: 'loans', meter: other }, expected: 0 },
    // A pack of a thousand basic calls pays all but those of the other meter.
    { per: 'day', of: 'postpaid', limits: {}, expected: 7 },
    { per: 'month', of: 'postpaid', limits: { department: 'loans' }, expected: 0 },
  ])('$of by $per of $limits: $expected, set before or after the calls', async ({ per, of, limits, expected }) => {
    await open.once('POST', '/v1/packs', { account, product: 'basic_authority', size: 1_000 });
    open.setClock('2026-01-12T10:00:00+08:00');
    const body = { per, of, most: 1_000, ...limits };
    expect((await cap({ name: 'before', ...body })).status).toBe(200);
    // The pack is as old as today: what was called yesterday no pack pays.
    const [today, yesterday] = [calls.slice(0, 3), calls.slice(3)];
    for (const call of today) await send(call);
    for (const call of of === 'all' ? yesterday : []) await send(call);
    expect((await cap({ name: 'after', ...body })).json.used).toBe(expected);
    expect(await used('before')).toBe(expected);
    expect(await verified()).toEqual([]);
  });
});

test('authorisation refuses beyond a cap, held calls included, in front of packs; events are counted all the same', async () => {
  await open.once('POST', '/v1/packs', { account, product: 'basic_authority', size: 1_000 });
  await cap({ name: 'trial', per: 'day', of: 'all', most: 10 });
  expect((await ask({ id: 'h1', calls: 6 })).status).toBe(201);
  const refused = await ask({ calls: 5 });
  expect(refused.json).toMatchObject({ status: 402, code: 'CAP_REACHED' });
  expect(refused.json.detail).toContain('“trial”');
  expect(refused.json.detail).toContain('6 are called or held');
  expect(refused.json.detail).toContain('2026-01-13T00:00:00+08:00');
  expect((await ask({ id: 'h2', calls: 4 })).status).toBe(201);
  await open.call('POST', '/v1/authorizations/h2/release', { account });
  await open.call('POST', '/v1/authorizations/h1/capture', { account });
  expect(await used('trial')).toBe(6);
  const event = await send({ calls: 20 });
  expect(await shown('trial')).toMatchObject({ used: 26, left: 0 });
  await open.call('POST', `/v1/events/${event}/void`, { account });
  expect(await used('trial')).toBe(6);
  expect((await ask({ calls: 4 })).status).toBe(201);
});

test('it counts from nothing at midnight of the account, and at the month’s end', async () => {
  await cap({ name: 'd', per: 'day', of: 'all', most: 5 });
  await cap({ name: 'm', per: 'month', of: 'all', most: 8 });
  expect((await ask({ id: 'late', calls: 5, seconds: 86_400 })).status).toBe(201);
  expect((await ask()).json.code).toBe('CAP_REACHED');
  open.setClock('2026-01-12T23:59:59.999+08:00');
  expect((await ask()).json.code).toBe('CAP_REACHED');
  open.setClock('2026-01-13T00:00:00+08:00');
  // A hold counts in the day of its own time, and so does its event.
  expect(await used('d')).toBe(0);
  expect((await ask({ calls: 4 })).json.detail).toContain('“m”');
  await open.call('POST', '/v1/authorizations/late/capture', { account });
  expect(await used('d')).toBe(0);
  expect(await used('m')).toBe(5);
  expect((await ask({ calls: 3, seconds: 1 })).status).toBe(201);
  open.setClock('2026-02-01T00:00:00+08:00');
  expect(await used('m')).toBe(0);
  expect((await ask({ calls: 5 })).status).toBe(201);
  expect(await verified()).toEqual([]);
});

test('a call of tomorrow’s first minutes is known to a cap that is set today', async () => {
  open.setClock('2026-01-12T23:58:00+08:00');
  const event = await send({ calls: 4, department: 'loans', time: '2026-01-13T00:02:00+08:00' });
  for (const [name, more] of [
    ['all', {}],
    ['loans', { department: 'loans' }],
    ['was of cards', { department: 'cards' }],
  ] as const) {
    await cap({ name, per: 'day', of: 'all', most: 10, ...more });
  }
  await cap({ name: 'was of cards', per: 'day', of: 'all', most: 10, department: 'loans' });
  expect(await used('all')).toBe(0);
  open.setClock('2026-01-13T00:05:00+08:00');
  for (const name of ['all', 'loans', 'was of cards']) expect(await used(name), name).toBe(4);
  await cap({ name: 'was of cards', per: 'day', of: 'all', most: 10, department: 'cards' });
  expect(await verified()).toEqual([]);
  await open.call('POST', `/v1/events/${event}/void`, { account });
  for (const name of ['all', 'loans', 'was of cards']) expect(await used(name), name).toBe(0);
  expect(await verified()).toEqual([]);
});

test('a cap of a key counts what that key sends, and what it is rotated into', async () => {
  const make = async () => (await open.call('POST', `/v1/accounts/${account}/keys`, { name: 'k' })).json;
  const [first, second] = [await make(), await make()];
  await cap({ name: 'k', per: 'month', of: 'all', most: 10, key: first.id });
  await send({ calls: 4 }, bearer(first.key));
  await send({ calls: 4 }, bearer(second.key));
  await send({ calls: 4 });
  expect(await used('k')).toBe(4);
  const { json: rotated } = await open.call('POST', `/v1/keys/${first.id}/rotate`, {});
  expect((await ask({ id: 'by-rotated', calls: 6 }, bearer(rotated.key))).status).toBe(201);
  expect((await ask({}, bearer(first.key))).json.code).toBe('CAP_REACHED');
  expect((await ask({}, bearer(second.key))).status).toBe(201);
  await open.call('POST', '/v1/authorizations/by-rotated/capture', { account });
  expect(await used('k')).toBe(10);
  expect(await verified()).toEqual([]);
  // Another cap of it knows what came while one was set; what is voided comes back; what came while none was set nobody knows.
  const later = { name: 'later', per: 'day', of: 'all', most: 100, key: first.id };
  expect((await cap(later)).json.used).toBe(10);
  await open.call('POST', '/v1/events/by-rotated/void', { account });
  expect([await used('k'), await used('later')]).toEqual([4, 4]);
  for (const name of ['k', 'later']) await open.call('DELETE', `/v1/accounts/${account}/caps?name=${name}`);
  await send({ calls: 20 }, bearer(rotated.key));
  expect((await cap(later)).json.used).toBe(4);
  await send(
    { id: 'unclear', meter: undefined, action: 'IdCardVerification', resultCode: '99', calls: 3 },
    bearer(rotated.key),
    'held',
  );
  expect(await used('later')).toBe(4);
  expect((await open.call('POST', '/v1/events/unclear/review', { account, charge: true })).status).toBe(200);
  expect(await used('later')).toBe(7);
  expect(await verified()).toEqual([]);
  // Its later name leads to the same key.
  expect((await cap({ name: 'same', per: 'day', of: 'all', most: 1, key: rotated.id })).json.key).toBe(first.id);
  await openAccountWith(open, `${account}-x`, '0.00');
  const { json: foreign } = await open.call('POST', `/v1/accounts/${account}-x/keys`, { name: 'k' });
  expect((await cap({ name: 'foreign', per: 'day', of: 'all', most: 1, key: foreign.id })).status).toBe(404);
});

test('a body of thousands is counted by its key too', async () => {
  const { json: key } = await open.call('POST', `/v1/accounts/${account}/keys`, { name: 'k' });
  await cap({ name: 'k', per: 'day', of: 'all', most: 10_000, key: key.id });
  const many = Array.from({ length: 2_000 }, (_, n) => ({ id: `m${n}`, meter: basic, calls: 1, time: day }));
  expect((await open.call('POST', '/v1/events', many, bearer(key.key))).status).toBe(200);
  expect(await used('k')).toBe(2_000);
  expect(await verified()).toEqual([]);
});

test('two that ask at once for the last call: one gets it', async () => {
  await cap({ name: 'one', per: 'day', of: 'postpaid', most: 1 });
  const answers = await Promise.all(Array.from({ length: 8 }, () => ask()));
  expect(answers.filter(({ status }) => status === 201).length).toBe(1);
  expect(answers.filter(({ json }) => json.code === 'CAP_REACHED').length).toBe(7);
});

test('of two servers that ask at once for the last calls, one gets them; one that starts anew knows it', async () => {
  await cap({ name: 'three', per: 'month', of: 'all', most: 3 });
  const { pool, books, meters, clock } = open.suanpan;
  const servers = [0, 1].map(() => new Ledger({ pool, books, meters, clock, lanes: 1 }));
  const call = { meter: basic, calls: callsOf(2), department: null, milliseconds: 60_000 };
  const answers = await Promise.all(servers.map((server) => server.authorize(account, call)));
  const refused = answers.filter(isRefusal);
  expect(refused).toMatchObject([{ refused: 'CAP_REACHED', facts: { name: 'three', used: '2' } }]);
  const anew = new Ledger({ pool, books, meters, clock, lanes: 1 });
  expect(await anew.authorize(account, call)).toMatchObject({ refused: 'CAP_REACHED', facts: { used: '2' } });
  expect(await anew.authorize(account, { ...call, calls: callsOf(1) })).toMatchObject({ replayed: false });
  // What is changed through one server holds for another that remembers the account.
  await cap({ name: 'three', per: 'month', of: 'all', most: 5 });
  for (const server of servers) {
    await server.authorize(account, { ...call, calls: callsOf(1) });
    expect(await anew.authorize(account, call)).toMatchObject({ refused: 'CAP_REACHED' });
  }
});

test.each([
  // Friday has no midnight; the days of the others last 25 hours, with two hours between 23 and 24, or two midnights.
  ['Africa/Cairo', '2026-04-23T23:59:59.999+02:00', '2026-04-24T01:00:00+03:00', '2026-04-25T00:00:00+03:00'],
  ['America/Santiago', '2026-04-03T23:59:59.999-03:00', '2026-04-04T00:00:00-03:00', '2026-04-05T00:00:00-04:00'],
  ['America/Havana', '2026-10-31T23:59:59.999-04:00', '2026-11-01T00:00:00-04:00', '2026-11-02T00:00:00-05:00'],
])('a day of %s begins and ends as its clocks say', async (timeZone, before, start, end) => {
  open.setClock(before);
  account = `zoned-${serial}`;
  await openAccountWith(open, account, '0.00', { opened: '2026-03-01', timeZone });
  const day = { per: 'day', of: 'all', most: 5 };
  await cap({ ...day, name: 'before' });
  await send({ calls: 2, department: 'loans', time: before });
  open.setClock(start);
  await send({ calls: 3, department: 'loans', time: start });
  const last = new Date(Date.parse(end) - 1).toISOString();
  open.setClock(last);
  expect(await shown('before')).toMatchObject({ used: 3, resetsAt: end });
  await send({ calls: 2, department: 'loans', time: last });
  expect((await cap({ ...day, name: 'loans', department: 'loans' })).json.used).toBe(5);
  expect((await cap({ ...day, name: 'basic', meter: basic })).json.used).toBe(5);
  expect((await ask()).json.code).toBe('CAP_REACHED');
  open.setClock(end);
  expect(await used('before')).toBe(0);
  expect((await ask({ calls: 5 })).status).toBe(201);
  expect(await verified()).toEqual([]);
});

test('the account’s own cap is listed with the others, and refuses first', async () => {
  await open.call('PATCH', `/v1/accounts/${account}`, { cap: 4 });
  await cap({ name: 'five', per: 'day', of: 'all', most: 5 });
  await send({ calls: 3 });
  const { json } = await open.call('GET', `/v1/accounts/${account}/caps`);
  expect(json.caps).toMatchObject([
    { name: null, per: 'month', of: 'postpaid', most: 4, used: 3, left: 1, resetsAt: '2026-02-01T00:00:00+08:00' },
    { name: 'five', per: 'day', of: 'all', most: 5, used: 3, left: 2, resetsAt: '2026-01-13T00:00:00+08:00' },
  ]);
  expect((await ask({ calls: 3 })).json.detail).toContain('cap of 4:');
  await open.call('PATCH', `/v1/accounts/${account}`, { cap: null });
  expect((await ask({ calls: 3 })).json.detail).toContain('“five”');
});

test('it is told once at four fifths and once at the whole', async () => {
  await cap({ name: 'loans', per: 'day', of: 'all', most: 10, department: 'loans' });
  for (const calls of [7, 1, 1, 1, 1]) await send({ calls, department: 'loans' });
  await open.call('POST', '/v1/jobs/alerts/run', {});
  const { json } = await open.call('GET', `/v1/alerts?account=${account}`);
  const told = (json.alerts as Json[]).map(({ kind, details }) => ({ kind, details }));
  const details = { window: '2026-01-12', name: 'loans', of: 'all', most: 10 };
  expect(told).toEqual([
    { kind: 'cap-reached', details: { ...details, used: 10 } },
    { kind: 'cap-near', details: { ...details, used: 8 } },
  ]);
  const [{ subject }] = json.alerts as [{ subject: Json }];
  expect(subject).toEqual({
    zh: `${account}：2026-01-12 上限“loans”的用量已达上限`,
    en: `${account}: the cap “loans” of 2026-01-12 is reached`,
  });
});

test('a cap is raised without losing what it has counted, removed, and made anew', async () => {
  await cap({ name: 'x', per: 'day', of: 'all', most: 3 });
  await send({ calls: 3 });
  expect((await cap({ name: 'x', per: 'day', of: 'all', most: 9 })).json).toMatchObject({ used: 3, left: 6 });
  expect((await open.call('DELETE', `/v1/accounts/${account}/caps?name=x`)).status).toBe(200);
  expect((await open.call('DELETE', `/v1/accounts/${account}/caps?name=x`)).status).toBe(404);
  expect((await ask({ calls: 50 })).status).toBe(201);
  expect((await cap({ name: 'y', per: 'day', of: 'postpaid', most: 99 })).json).toMatchObject({ used: 53 });
  expect((await cap({ name: 'm', per: 'day', of: 'all', most: 1, meter: 'none' })).json.code).toBe('UNKNOWN_METER');
  for (let more = 0; more < 19; more += 1) await cap({ name: `n${more}`, per: 'day', of: 'all', most: 1 });
  expect((await cap({ name: 'last', per: 'day', of: 'all', most: 1 })).json).toMatchObject({
    status: 422,
    code: 'TOO_MANY_CAPS',
  });
  expect(await verified()).toEqual([]);
});

test('a head is repaired with its caps: what no row says stays, what the ledger says comes back', async () => {
  const { json: key } = await open.call('POST', `/v1/accounts/${account}/keys`, { name: 'k' });
  await cap({ name: 'key', per: 'month', of: 'all', most: 10, key: key.id });
  await cap({ name: 'day', per: 'day', of: 'all', most: 10 });
  await send({ calls: 2 }, bearer(key.key));
  await ask({ calls: 3 }, bearer(key.key));
  const { pool, ledger } = open.suanpan;
  const repair = async () => (await repairHeads(open.suanpan)).repaired.filter((each) => each.account === account);
  expect(await repair()).toEqual([]);
  await pool.query(
    `update account_heads set version = version + 1, fixed = replace(fixed, '"all",10,null,null,null', '"all",99,null,null,null'),
       state = replace(state, '"2|2026-01-12":2', '"2|2026-01-12":1') where account_id = $1`,
    [account],
  );
  ledger.forget(account);
  expect(await used('day')).toBe(4);
  const [{ changes = [] } = {}] = await repair();
  expect(changes.map(({ field }) => field).toSorted()).toEqual(['capped', 'caps']);
  ledger.forget(account);
  expect(await shown('day')).toMatchObject({ used: 5, most: 10 });
  expect(await used('key')).toBe(5);
  expect(await verified()).toEqual([]);
});

test('verify names a counter, and a cap, that is not what it should be', async () => {
  await cap({ name: 'x', per: 'day', of: 'all', most: 30 });
  await send({ calls: 3 });
  const { pool, ledger } = open.suanpan;
  const change = async (sql: string) => {
    await pool.query(sql, [account]);
    ledger.forget(account);
    return verified();
  };
  const counted = await change(
    `update account_heads set state = replace(state, '"1|2026-01-12":3', '"1|2026-01-12":2') where account_id = $1`,
  );
  expect(counted).toMatchObject([{ invariant: 'I6', key: 'cap x of 2026-01-12', expected: '3', found: '2' }]);
  const defined = await change(`update caps set cap = replace(cap, '30', '40') where account_id = $1`);
  expect(defined).toMatchObject([{ invariant: 'I6', key: 'cap no 1' }]);
  await change(`update caps set cap = replace(cap, '40', '30') where account_id = $1`);
  await change(
    `update account_heads set state = replace(state, '"1|2026-01-12":2', '"1|2026-01-12":3') where account_id = $1`,
  );
});
