// Alerts as they stand: each once, numbered without gap, taken once for delivery.

import { afterAll, beforeAll, expect, test } from 'vitest';
import { alertDocument, type NewAlert } from '../../src/account/alerts.ts';
import { callsOf } from '../../src/core/units.ts';
import { inTransaction } from '../../src/store/connection/transaction.ts';
import { insertAlerts, listAlerts, markHanded, takeUnhanded } from '../../src/store/ledger/alerts.ts';
import { instant, type OpenApp, openAccountWith, openApp } from '../http/open-app.ts';

const morning = '2026-01-12T09:00:00+08:00';
let open: OpenApp;

beforeAll(async () => {
  open = await openApp(morning);
  for (const id of ['acme', 'globex']) await openAccountWith(open, id, '0.00');
});
afterAll(() => open.close());

const alert = (account: string, once: string): NewAlert => ({
  account,
  kind: 'pack-low',
  at: instant(morning),
  details: { pack: 'p', left: callsOf(200), calls: callsOf(1_000) },
  once,
});
const insert = async (alerts: readonly NewAlert[]) => {
  const said = await inTransaction(open.suanpan.pool, (tx) => insertAlerts(tx, alerts));
  return [...(said as Set<string>)].toSorted();
};

test('the same is said once, by whoever says it, and numbers have no gap', async () => {
  const [first, second] = await Promise.all([
    insert([alert('acme', 'a'), alert('acme', 'b'), alert('acme', 'a')]),
    insert([alert('acme', 'b'), alert('acme', 'c'), alert('globex', 'a')]),
  ]);
  expect([...first, ...second].toSorted()).toEqual(['acme a', 'acme b', 'acme c', 'globex a']);
  const listed = await listAlerts(open.suanpan.pool, { account: 'acme' }, null, 10);
  expect(listed.map(({ no }) => no)).toEqual([3, 2, 1]);
  const rest = await listAlerts(open.suanpan.pool, { account: null }, [instant(morning), 'globex', 1], 2);
  expect(rest.map((each) => alertDocument(each, each.timeZone).id)).toEqual(['acme:3', 'acme:2']);
  expect(await listAlerts(open.suanpan.pool, { account: null, kind: 'bill-final' }, null, 10)).toEqual([]);
});

test('what was handed over is not taken again, and one at a time takes', async () => {
  const ids = await inTransaction(open.suanpan.pool, async (tx) => {
    const taken = await takeUnhanded(tx, 3);
    const other = await inTransaction(open.suanpan.pool, (second) => takeUnhanded(second, 3));
    expect(other).toEqual([]);
    await markHanded(tx, taken, instant(morning));
    return taken.map(({ account, no }) => `${account}:${no}`);
  });
  expect(ids).toEqual(['acme:1', 'acme:2', 'acme:3']);
  const rest = await inTransaction(open.suanpan.pool, (tx) => takeUnhanded(tx, 3));
  expect(rest).toMatchObject([{ account: 'globex', no: 1, timeZone: 'Asia/Shanghai' }]);
});
