// Pages of one account: its own people see them, and operators, with more buttons.

import type { Place } from './places.ts';

const of = (page: string): string => `/accounts/:account/${page}`;

export const accountPlaces: readonly Place[] = [
  { path: of('overview'), name: 'overview', inMenu: true, load: () => import('../overview/page.tsx') },
  { path: of('packs'), name: 'packs', inMenu: true, load: () => import('../packs/page.tsx') },
  { path: of('packs/:pack'), name: 'packs', inMenu: false, load: () => import('../pack/page.tsx') },
  { path: of('buy'), name: 'packs', duty: 'buy', inMenu: false, load: () => import('../buy/page.tsx') },
  { path: of('usage'), name: 'usage', inMenu: true, load: () => import('../usage/page.tsx') },
  { path: of('calls'), name: 'calls', inMenu: true, load: () => import('../calls/page.tsx') },
  { path: of('calls/:event'), name: 'calls', inMenu: false, load: () => import('../call/page.tsx') },
  { path: of('bills'), name: 'bills', inMenu: true, load: () => import('../bills/page.tsx') },
  { path: of('bills/:bill'), name: 'bills', inMenu: false, load: () => import('../bill/page.tsx') },
  { path: of('balance'), name: 'balance', inMenu: true, load: () => import('../balance/page.tsx') },
  { path: of('exports'), name: 'exports', inMenu: true, load: () => import('../exports/page.tsx') },
  { path: of('orders'), name: 'orders', inMenu: true, load: () => import('../orders/page.tsx') },
  { path: of('orders/:order'), name: 'orders', inMenu: false, load: () => import('../order/page.tsx') },
  {
    path: of('standing-orders'),
    name: 'standing-orders',
    inMenu: true,
    load: () => import('../standing-orders/page.tsx'),
  },
  { path: of('alerts'), name: 'alerts', inMenu: true, load: () => import('../alerts/page.tsx') },
  { path: of('webhooks'), name: 'webhooks', inMenu: true, load: () => import('../webhooks/page.tsx') },
  { path: of('keys'), name: 'keys', duty: 'keys', inMenu: true, load: () => import('../keys/page.tsx') },
  {
    path: of('credentials'),
    name: 'credentials',
    duty: 'keys',
    inMenu: true,
    load: () => import('../credentials/page.tsx'),
  },
  { path: of('people'), name: 'people', duty: 'people', inMenu: true, load: () => import('../people/page.tsx') },
];
