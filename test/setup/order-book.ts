// A small price book whose prices depend on the order of calls, or on which meter is called.

import { loadCatalog } from '../../src/book/shelf.ts';

const legacy = loadCatalog().get('faceid-legacy')?.document;
if (legacy === undefined) throw new Error('no book faceid-legacy');

const titled = (id: string) => ({ id, title: { zh: id, en: id } });

export const orderBook = {
  ...titled('by-order'),
  currency: 'USD',
  timeZone: 'Asia/Shanghai',
  source: { title: { zh: '测试', en: 'test' }, published: '2026' },
  effective: { from: null, until: null },
  accounts: null,
  meters: [
    { ...titled('sms'), tariff: 'sms' },
    { ...titled('in'), tariff: 'lines' },
    { ...titled('out'), tariff: 'lines' },
    { ...titled('voice'), tariff: 'sound' },
    { ...titled('video'), tariff: 'sound' },
  ],
  tariffs: [
    {
      ...titled('sms'),
      mode: 'graduated',
      bound: 'upper-inclusive',
      basis: 'gross-in-order',
      tiers: [
        { from: 0, to: 1000, price: '0.065' },
        { from: 1000, to: 3000, price: '0.06' },
        { from: 3000, to: null, price: '0.055' },
      ],
    },
    {
      ...titled('lines'),
      mode: 'graduated',
      bound: 'upper-inclusive',
      basis: 'after-packs',
      tiers: [
        { from: 0, to: 500, prices: { in: '0.01', out: '0.02' } },
        { from: 500, to: null, prices: { in: '0.009', out: '0.015' } },
      ],
    },
    {
      ...titled('sound'),
      mode: 'volume',
      bound: 'lower-inclusive',
      basis: 'gross',
      tiers: [
        { from: 0, to: 100, prices: { voice: '1', video: '3' } },
        { from: 100, to: null, prices: { voice: '0.8', video: '2.5' } },
      ],
    },
  ],
  packProducts: [
    { ...titled('sms_pack'), covers: [{ meter: 'sms' }], sizes: [{ calls: 500, price: '30' }] },
    { ...titled('voice_pack'), covers: [{ meter: 'voice' }, { meter: 'in' }], sizes: [{ calls: 50, price: '40' }] },
  ],
  policies: { ...legacy.policies, packStart: 'instant' as const },
};
