// A book of one meter `m` and one tariff `t`, to try tiers with.

import type { BookJson, TariffJson } from '../naive/json.ts';

const title = { zh: '项', en: 'item' };

export const tierBook = (
  mode: TariffJson['mode'],
  tiers: TariffJson['tiers'],
  more: Partial<TariffJson> = {},
): BookJson =>
  ({
    id: 'tiers',
    title,
    currency: 'CNY',
    timeZone: 'Asia/Shanghai',
    source: { title, published: '2026' },
    effective: { from: null, until: null },
    accounts: null,
    meters: [{ id: 'm', title, tariff: 't' }],
    tariffs: [{ id: 't', title, mode, bound: 'upper-inclusive', basis: 'after-packs', tiers, ...more }],
    packProducts: [],
    policies: {
      packValidity: 'P1Y',
      packStart: 'instant',
      packExpiry: 'end-of-day',
      refundDays: 7,
      drawOrder: [],
      lateWindow: 'P34D',
      finalAfter: 'P2D',
      packsUsableInArrears: false,
      arrearsGrace: 'PT24H',
    },
  }) as unknown as BookJson;
