// Pages of the operator's people.

import type { Place } from './places.ts';

export const operatorPlaces: readonly Place[] = [
  { path: '/home', name: 'home', inMenu: true, load: () => import('../home/page.tsx') },
  { path: '/accounts', name: 'accounts', inMenu: true, load: () => import('../accounts/page.tsx') },
  { path: '/close', name: 'close', inMenu: true, load: () => import('../close/page.tsx') },
  { path: '/reviews', name: 'reviews', inMenu: true, load: () => import('../reviews/page.tsx') },
  { path: '/sweeps', name: 'sweeps', inMenu: true, load: () => import('../sweeps/page.tsx') },
  { path: '/sweeps/:day', name: 'sweeps', inMenu: false, load: () => import('../sweep/page.tsx') },
  { path: '/approvals', name: 'approvals', inMenu: true, load: () => import('../approvals/page.tsx') },
  {
    path: '/new-prices',
    name: 'new-prices',
    duty: 'prices',
    inMenu: true,
    load: () => import('../new-prices/page.tsx'),
  },
  { path: '/orders', name: 'orders', inMenu: true, load: () => import('../orders/page.tsx') },
  { path: '/alerts', name: 'alerts', inMenu: true, load: () => import('../alerts/page.tsx') },
  { path: '/webhooks', name: 'webhooks', inMenu: true, load: () => import('../webhooks/page.tsx') },
  { path: '/keys', name: 'keys', duty: 'keys', inMenu: true, load: () => import('../keys/page.tsx') },
  { path: '/jobs', name: 'jobs', inMenu: true, load: () => import('../jobs/page.tsx') },
  { path: '/audit', name: 'audit', inMenu: true, load: () => import('../audit/page.tsx') },
  { path: '/health', name: 'health', inMenu: true, load: () => import('../health/page.tsx') },
  { path: '/people', name: 'people', duty: 'people', inMenu: true, load: () => import('../people/page.tsx') },
];

/** Of one account, for operators alone. */
export const operatorAccountPlaces: readonly Place[] = [
  { path: '/accounts/:account/terms', name: 'terms', inMenu: true, load: () => import('../terms/page.tsx') },
  { path: '/accounts/:account/notes', name: 'notes', inMenu: true, load: () => import('../notes/page.tsx') },
];
