// Packs for one department over HTTP: stored, shown, drawn by its calls alone, held, split on bills, and sound by every check.

import { afterAll, beforeAll, expect, test } from 'vitest';
import { repairHeads } from '../../src/verify/repair.ts';
import { verifyLedger } from '../../src/verify/verify.ts';
import { basic, type Json, type OpenApp, openAccountWith, openApp } from '../http/open-app.ts';

let open: OpenApp;
beforeAll(async () => {
  open = await openApp('2026-01-12T10:00:00+08:00');
  await openAccountWith(open, 'acme', '10000.00');
});
afterAll(() => open.close());

const wish = { account: 'acme', product: 'basic_authority', size: 1000 };
const scope = { department: 'loans' };

async function use(id: string, calls: number, department?: string): Promise<string> {
  const body = { account: 'acme', id, meter: basic, calls, time: '2026-01-12T10:00:00+08:00', department };
  const { json, text } = await open.call('POST', '/v1/events', body);
  expect(json.status, text).toBe('accepted');
  const { draws, postpaid } = json.receipt as { draws: { pack: string; calls: number }[]; postpaid: number };
  return [...draws.map(({ pack, calls: drawn }) => `${pack} ${drawn}`), `postpaid ${postpaid}`].join(', ');
}

async function unused(id: string): Promise<Json[]> {
  const { json } = await open.call('GET', `/v1/events/${id}/receipt?account=acme`);
  return json.unused as Json[];
}

test('a scope is strict: a department, and nothing else', async () => {
  const before = await open.state();
  for (const path of ['/v1/packs', '/v1/packs/preview']) {
    for (const [wrong, pointer] of [
      [{}, '/scope/department'],
      [{ department: '' }, '/scope/department'],
      [{ department: 'x'.repeat(101) }, '/scope/department'],
      [{ department: 'a\u0000b' }, '/scope/department'],
      [{ project: 'x' }, '/scope'],
      ['loans', '/scope'],
      [null, '/scope'],
    ] as const) {
      const { status, json, text } = await open.once('POST', path, { ...wish, scope: wrong });
      expect([400, 422], text).toContain(status);
      expect((json.errors as Json[]).map((each) => each.pointer)).toContainEqual(expect.stringContaining(pointer));
    }
  }
  expect(await open.state()).toBe(before);
});

test('its calls alone draw it, before what all share; others are told why not', async () => {
  expect((await open.once('POST', '/v1/packs', { ...wish, id: 'shared' })).status).toBe(201);
  const bought = await open.once('POST', '/v1/packs', { ...wish, id: 'own', count: 2, scope });
  expect(bought.status, bought.text).toBe(201);
  expect(bought.json).toMatchObject({ id: 'own', scope, packs: [{ scope }, { id: 'own-2', scope }] });
  const gift = { account: 'acme', product: 'basic_authority', calls: 5, id: 'gift' };
  expect((await open.once('POST', '/v1/gifts', { ...gift, scope: { department: 'cards' } })).json).toMatchObject({
    scope: { department: 'cards' },
  });
  expect(await use('e1', 10, 'loans')).toBe('own 10, postpaid 0');
  expect(await use('e2', 10, 'cards')).toBe('gift 5, shared 5, postpaid 0');
  expect(await use('e3', 10)).toBe('shared 10, postpaid 0');
  expect(await use('e4', 10, 'Loans')).toBe('shared 10, postpaid 0');
  expect(await use('e5', 2000, 'loans')).toBe('own 990, own-2 1000, shared 10, postpaid 0');
  expect(await use('e6', 1000)).toBe('shared 965, postpaid 35');
});

test('lists and single packs say so; those without a scope say nothing of it', async () => {
  const { json } = await open.call('GET', '/v1/accounts/acme/packs');
  const scopes = (json.packs as Json[]).map(({ id, scope: own }) => [id, own]);
  expect(scopes).toEqual([
    ['shared', undefined],
    ['own', scope],
    ['own-2', scope],
    ['gift', { department: 'cards' }],
  ]);
  expect((await open.call('GET', '/v1/packs/own?account=acme')).json).toMatchObject({ scope });
  expect('scope' in (await open.call('GET', '/v1/packs/shared?account=acme')).json).toBe(false);
});

test('a hold is paid by its own department’s packs, also once the head is read again', async () => {
  expect((await open.once('POST', '/v1/packs', { ...wish, id: 'held', scope })).status).toBe(201);
  open.suanpan.ledger.forget('acme');
  const hold = async (id: string, department?: string) => {
    const body = { account: 'acme', id, meter: basic, calls: 3, department };
    const { json, text } = await open.call('POST', '/v1/authorizations', body);
    expect(json.allowed, text).toBe(true);
    return (json.payers ?? json.draws ?? json) as unknown;
  };
  expect(JSON.stringify(await hold('h1', 'loans'))).toContain('"held"');
  expect(JSON.stringify(await hold('h2', 'cards'))).not.toContain('"held"');
  expect((await open.once('POST', '/v1/authorizations/h1/capture', { account: 'acme' })).status).toBe(200);
  expect(await use('e7', 1, 'loans')).toBe('held 1, postpaid 0');
});

test('a full receipt tells of packs of other departments', async () => {
  expect(await unused('e3')).toEqual([
    { pack: 'gift', reason: 'other-department' },
    ...['own', 'own-2'].map((pack) => ({ pack, reason: 'other-department' })),
  ]);
});

test('a what-if on unchanged terms is the real month; a bill by department gives it its packs', async () => {
  const draft = (await open.call('GET', '/v1/bills/acme:2026-01')).json;
  open.setClock('2026-02-04T10:00:00+08:00');
  const whatIf = (await open.call('POST', '/v1/what-if', { account: 'acme', months: 1 })).json;
  expect((whatIf.total as Json).difference, JSON.stringify(whatIf)).toBe('0.00');
  const { json, text } = await open.call('GET', '/v1/bills/acme:2026-01/departments');
  const shares = json.departments as { department: string; amount: string }[];
  const sum = shares.reduce((total, { amount }) => total + Number(amount), 0);
  expect(sum.toFixed(2), text).toBe(String(draft.total));
  // Three packs of its own at 930.00, and its part of the one that all share.
  expect(Number(shares.find(({ department }) => department === 'loans')?.amount)).toBeGreaterThan(3 * 930);
});

test('forecasts leave such packs out; the ledger is sound, and a scope that was tampered with is found and mended', async () => {
  const forecast = (await open.call('GET', '/v1/accounts/acme/forecast')).json;
  expect((forecast.packs as Json[]).map(({ pack }) => pack)).not.toContain('held');
  const { clean, verdicts } = await verifyLedger(open.suanpan);
  expect(clean, JSON.stringify(verdicts)).toBe(true);
  await open.suanpan.pool.query("update packs set department = null where pack_id = 'held'");
  expect((await verifyLedger(open.suanpan)).clean).toBe(false);
  await open.suanpan.pool.query("update packs set department = 'loans' where pack_id = 'held'");
  const { pool, books, meters, clock } = open.suanpan;
  await pool.query(`update account_heads set fixed = replace(fixed, ',"loans"]', ']')`);
  expect((await verifyLedger(open.suanpan)).clean).toBe(false);
  await repairHeads({ pool, books, meters, clock });
  open.suanpan.ledger.forget('acme');
  expect((await verifyLedger(open.suanpan)).clean).toBe(true);
  expect(await use('e8', 1, 'cards')).toBe('postpaid 1');
});
