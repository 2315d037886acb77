// What the pages of the tests are of: an account with a closed month, packs in several states, held calls, an order, a webhook.

import { expect } from 'vitest';
import type { OpenConsole } from './open-console.ts';

export const accountPages = [
  'overview',
  'packs',
  'packs/first',
  'buy',
  'usage',
  'usage?by=department',
  'calls',
  'calls?payer=postpaid&outcome=charged',
  'calls/jan-3',
  'bills',
  'bills/acme-000001',
  'bills/acme:2026-01',
  'balance',
  'orders',
  'orders/acme:order-1',
  'standing-orders',
  'exports',
  'alerts',
  'webhooks',
  'keys',
  'credentials',
  'people',
].map((page) => `/accounts/acme/${page}`);

export const operatorPages = [
  '/home',
  '/accounts',
  '/accounts?search=ACM',
  '/accounts?state=ok',
  '/accounts/acme/terms',
  '/accounts/acme/notes',
  '/close?month=2025-12',
  '/reviews',
  '/sweeps',
  '/sweeps/2026-01-08',
  '/new-prices',
  '/orders',
  '/approvals',
  '/alerts',
  '/webhooks',
  '/keys',
  '/jobs',
  '/audit',
  '/health',
  '/people',
  '/me',
];

export async function fill(open: OpenConsole): Promise<void> {
  const done = async (answer: Promise<{ status: number; text: string }>) => {
    const { status, text } = await answer;
    expect(status, text).toBeLessThan(300);
  };
  const account = 'acme';
  const use = (id: string, calls: number, time: string, more: object = {}) =>
    done(open.call('POST', '/v1/events', { id, account, meter: 'liveness.basic.authority', calls, time, ...more }));
  open.setClock('2025-12-01T09:00:00+08:00');
  await done(
    open.call('POST', '/v1/accounts', { id: account, name: 'Acme 北京', book: 'faceid-legacy', gifts: false }),
  );
  await done(open.call('POST', '/v1/accounts', { id: 'globex', name: 'Globex', book: 'faceid-2021' }));
  await done(open.once('POST', '/v1/accounts/acme/top-ups', { amount: '50000.00', reference: 'ICBC-1' }));
  await done(open.once('POST', '/v1/gifts', { account, product: 'basic_authority', calls: 500, id: 'gift' }));
  await done(open.once('POST', '/v1/packs', { account, product: 'basic_authority', size: 1_000, id: 'first' }));
  open.setClock('2025-12-20T09:00:00+08:00');
  for (let day = 2; day < 20; day += 1) {
    const date = `2025-12-${String(day).padStart(2, '0')}T10:00:00+08:00`;
    await use(`dec-${day}`, 250 + (day % 5) * 40, date, { department: day % 2 === 0 ? 'loans' : 'cards' });
  }
  open.setClock('2026-01-03T09:00:00+08:00');
  await done(open.call('POST', '/v1/bills/close', { month: '2025-12', account }));
  await done(open.once('POST', '/v1/packs', { account, product: 'basic_authority', size: 1_000, id: 'second' }));
  open.setClock('2026-01-10T10:00:00+08:00');
  for (let day = 2; day < 10; day += 1) await use(`jan-${day}`, 420 + day * 30, `2026-01-0${day}T10:00:00+08:00`);
  const unknown = { action: 'GetDetectInfo', channel: 'wechat_h5', library: 'authority', resultCode: '99' };
  for (const id of ['held-1', 'held-2']) {
    await done(open.call('POST', '/v1/events', { id, account, ...unknown, time: '2026-01-09T10:00:00+08:00' }));
  }
  await done(open.once('POST', '/v1/packs', { account, product: 'basic_authority', size: 10_000, id: 'untouched' }));
  const flow = { token: 'CE661F1A-0F1E', account, action: 'GetDetectInfoEnhanced', channel: 'wechat_h5' };
  await done(open.call('POST', '/v1/flow-tokens', { ...flow, library: 'authority' }));
  for (const day of ['2026-01-07', '2026-01-08']) {
    await done(open.call('POST', '/v1/sweeps', { through: day, timeZone: 'Asia/Shanghai', day }));
  }
  const listed = { rule: '1', resultCode: '0', charged: true, time: '2026-01-08T10:00:00+08:00' };
  const attempts = [flow.token, 'another-flow'].map((token) => ({ token, attempt: '1', ...listed }));
  const again = { ...attempts[0], charged: false };
  const known = [...attempts, again];
  await done(open.call('POST', '/v1/sweeps/2026-01-08/pages', { cursor: 0, next: null, attempts: known }));
  const packs = [{ product: 'basic_selfie', size: 1_000 }];
  await done(open.once('POST', '/v1/orders', { account, packs, pay: 'transfer' }));
  await done(open.call('POST', '/v1/webhooks', { account, url: 'https://example.com/suanpan' }));
  await done(open.call('POST', '/v1/accounts/acme/keys', { name: 'billing page', scopes: ['read'] }));
  const fetching = { name: 'help desk', scopes: ['read'], actions: ['GetDetectInfoEnhanced', 'GetEidResult'] };
  await done(open.call('POST', '/v1/accounts/acme/credentials', fetching));
  await done(open.call('POST', '/v1/accounts/acme/caps', { name: 'trial', per: 'day', of: 'all', most: 5_000 }));
  await done(open.once('POST', '/v1/accounts/acme/credits', { amount: '12000.00', reason: 'outage of 2026-01-05' }));
  await done(open.call('POST', '/v1/accounts/acme/notes', { note: '电话约定：三月起新价格 <b>' }));
  const standing = { name: 'basic', watch: { product: 'basic_authority' }, below: { percent: 20 } };
  const buy = { product: 'basic_authority', size: 'advised' };
  const most = { mostPurchases: 2, mostMoney: '30000.00' };
  await done(open.call('POST', '/v1/accounts/acme/standing-orders', { ...standing, buy, ...most }));
  const tariffs = { liveness_verification: [{ from: 200_000, price: '0.55' }] };
  await done(open.once('POST', '/v1/accounts/acme/contracts', { from: '2026-03', tariffs }));
}
