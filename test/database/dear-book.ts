// A price book that a typing error made: 100,000.00 a call.

const words = (text: string) => ({ zh: text, en: text });

export const dearBook = {
  id: 'dear',
  title: words('dear'),
  currency: 'CNY',
  timeZone: 'Asia/Shanghai',
  source: { title: words('made up'), published: '2026-01', notes: [] },
  effective: { from: '2020-01-01', until: null },
  accounts: null,
  meters: [{ id: 'call', title: words('call'), tariff: 'call' }],
  tariffs: [
    {
      id: 'call',
      title: words('call'),
      mode: 'flat',
      bound: 'lower-inclusive',
      basis: 'after-packs',
      tiers: [{ from: 0, to: null, price: '100000.00' }],
    },
  ],
  packProducts: [
    { id: 'pool', title: words('pool'), covers: [{ meter: 'call' }], sizes: [{ calls: 100, price: '50' }] },
  ],
  policies: {
    packValidity: 'P1Y',
    packStart: 'instant',
    packExpiry: 'end-of-day',
    refundDays: 7,
    drawOrder: ['gift-first', 'earliest-expiry', 'fewest-meters-first', 'earliest-effective', 'earliest-bought'],
    lateWindow: 'P34D',
    finalAfter: 'P2D',
    packsUsableInArrears: false,
    arrearsGrace: 'PT24H',
  },
  codeTable: [],
};
