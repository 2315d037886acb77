// A small price book whose tiers are counted by the day, but for one tariff.

import { loadCatalog } from '../../src/book/shelf.ts';

const legacy = loadCatalog().get('faceid-legacy')?.document;
if (legacy === undefined) throw new Error('no book faceid-legacy');

const titled = (id: string) => ({ id, title: { zh: id, en: id } });

export const dayBook = {
  ...titled('by-day'),
  currency: 'USD',
  timeZone: 'Asia/Shanghai',
  source: { title: { zh: '测试', en: 'test' }, published: '2026' },
  effective: { from: null, until: null },
  accounts: null,
  meters: ['check', 'scan', 'month'].map((id) => ({ ...titled(id), tariff: id })),
  tariffs: [
    {
      ...titled('check'),
      mode: 'graduated',
      bound: 'upper-inclusive',
      basis: 'after-packs',
      counter: 'day',
      tiers: [
        { from: 0, to: 100, price: '0.005' },
        { from: 100, to: null, price: '0.002' },
      ],
    },
    {
      ...titled('scan'),
      mode: 'volume',
      bound: 'lower-inclusive',
      basis: 'gross',
      counter: 'day',
      tiers: [
        { from: 0, to: 1000, price: '1' },
        { from: 1000, to: null, price: '0.8' },
      ],
    },
    {
      ...titled('month'),
      mode: 'volume',
      bound: 'lower-inclusive',
      basis: 'after-packs',
      tiers: [
        { from: 0, to: 1000, price: '0.1' },
        { from: 1000, to: null, price: '0.08' },
      ],
    },
  ],
  packProducts: [{ ...titled('scan'), covers: [{ meter: 'scan' }], sizes: [{ calls: 100, price: '50' }] }],
  policies: legacy.policies,
};
