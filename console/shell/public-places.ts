// Pages that are nobody's own: without login, which need no server either; sign-in; one's own settings.

import type { Place } from './places.ts';

export const publicPlaces: readonly Place[] = [
  { path: '/calculator', name: 'calculator', inMenu: true, load: () => import('../calculator/page.tsx') },
  { path: '/planner', name: 'planner', inMenu: true, load: () => import('../planner/page.tsx') },
  { path: '/price-books', name: 'price-books', inMenu: true, load: () => import('../price-books/page.tsx') },
  { path: '/scenarios', name: 'scenarios', inMenu: true, load: () => import('../scenarios/page.tsx') },
  {
    path: '/usage-forecast',
    name: 'usage-forecast',
    inMenu: true,
    load: () => import('../usage-forecast/page.tsx'),
  },
  { path: '/bill-check', name: 'bill-check', inMenu: true, load: () => import('../bill-check/page.tsx') },
];

export const signInPlaces: readonly Place[] = [
  { path: '/sign-in', name: 'sign-in', inMenu: false, load: () => import('../sign-in/page.tsx') },
  { path: '/password', name: 'password', inMenu: false, load: () => import('../password/page.tsx') },
  { path: '/portal', name: 'portal', inMenu: false, load: () => import('../portal/page.tsx') },
];

/** Of whoever has signed in. */
export const ownPlaces: readonly Place[] = [
  { path: '/me', name: 'settings', inMenu: false, load: () => import('../me/page.tsx') },
];
