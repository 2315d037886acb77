import { pageWords } from './page-words.ts';

export const glanceWords = pageWords('glance', {
  zh: {
    accounts: '账户',
    glance: '{{month}}一览',
    figure: '项目',
    value: '数字',
    callsOfPacks: '资源包支付的调用',
    callsPostpaid: '后付费调用',
    callsFree: '不收费的调用',
    packsSold: '售出资源包 {{count}} 个',
    billsCharged: '本月扣款的账单 {{count}} 张',
    countedAt: '统计于',
  },
  en: {
    accounts: 'Accounts',
    glance: '{{month}} at a glance',
    figure: 'Figure',
    value: 'Value',
    callsOfPacks: 'Calls that packs paid',
    callsPostpaid: 'Postpaid calls',
    callsFree: 'Calls not charged',
    packsSold: 'Packs sold: {{count}}',
    billsCharged: 'Bills charged this month: {{count}}',
    countedAt: 'Counted',
  },
});
