// Pages without login, which need no server either.

import type { Place } from './places.ts';

export const publicPlaces: readonly Place[] = [
  { path: '/calculator', name: 'calculator', inMenu: true, load: () => import('../calculator/page.tsx') },
];

export const signInPlaces: readonly Place[] = [
  { path: '/sign-in', name: 'sign-in', inMenu: false, load: () => import('../sign-in/page.tsx') },
  { path: '/password', name: 'password', inMenu: false, load: () => import('../password/page.tsx') },
];
