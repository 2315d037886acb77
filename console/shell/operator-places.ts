// Pages of the operator's people.

import type { Place } from './places.ts';

export const operatorPlaces: readonly Place[] = [
  { path: '/orders', name: 'orders', inMenu: true, load: () => import('../orders/page.tsx') },
  { path: '/alerts', name: 'alerts', inMenu: true, load: () => import('../alerts/page.tsx') },
  { path: '/webhooks', name: 'webhooks', inMenu: true, load: () => import('../webhooks/page.tsx') },
  { path: '/keys', name: 'keys', duty: 'keys', inMenu: true, load: () => import('../keys/page.tsx') },
  { path: '/people', name: 'people', duty: 'people', inMenu: true, load: () => import('../people/page.tsx') },
];
