// What the demo prints around bills and receipts.

export const demoWords = {
  zh: {
    prepaid: '预付',
    postpaid: '后付',
    total: '合计',
    gift: '赠送抵扣',
    saved: '节省',
    forfeit: '到期作废',
    worth: '价值',
    calls: '次',
    open: '待商务定价，估算',
    receipt: '一张凭证：资源包用尽后的第一次后付费调用',
  },
  en: {
    prepaid: 'prepaid',
    postpaid: 'postpaid',
    total: 'total',
    gift: 'gift used',
    saved: 'saved',
    forfeit: 'forfeited',
    worth: 'worth',
    calls: 'calls',
    open: 'quote required, estimate',
    receipt: 'One receipt: the first call that no pack paid',
  },
};
