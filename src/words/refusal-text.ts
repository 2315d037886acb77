// How a refusal's words are written: in both languages, with the facts of the case filled in.

import type { Words } from '../core/price-book.ts';
import type { Refusal } from '../core/refusal.ts';
import { dutyTexts, roleTexts } from './people.ts';
import { words } from './words.ts';

export interface RefusalText {
  readonly status: number;
  readonly title: Words;
  readonly detail: (facts: Refusal['facts']) => Words;
}

type Texts = readonly [zh: string, en: string];

/** Facts that the core gives as codes. */
const codedFacts: Readonly<Record<string, Readonly<Record<string, Words>>>> = {
  what: {
    account: words('账户', 'account'),
    event: words('事件', 'event'),
    pack: words('资源包', 'pack'),
    hold: words('预占', 'hold'),
    job: words('作业', 'job'),
    bill: words('账单', 'bill'),
    order: words('订单', 'order'),
    'standing order': words('自动续购', 'standing order'),
    key: words('密钥', 'key'),
    'price book': words('价目表', 'price book'),
    webhook: words('webhook', 'webhook'),
    delivery: words('投递', 'delivery'),
    version: words('价目表新版', 'version of a price book'),
    approval: words('待批事项', 'approval'),
    cap: words('上限', 'cap'),
    person: words('人员', 'person'),
    session: words('登录会话', 'session'),
    export: words('导出文件', 'export'),
    sweep: words('核对日', 'swept day'),
  },
  state: {
    delivered: words('交付', 'delivered'),
    cancelled: words('取消', 'cancelled'),
    lapsed: words('过期', 'lapsed'),
  },
  role: { operator: words('运营方', 'operator') },
  packStart: {
    instant: words('于交付时', 'at its delivery'),
    day: words('于交付当日零点', 'with the day of its delivery'),
    'next-day': words('于交付次日零点', 'with the day after its delivery'),
  },
  capPer: { day: words('当日', 'day'), month: words('当月', 'month') },
  capOf: { all: words('全部', 'the calls'), postpaid: words('后付费', 'the postpaid calls') },
  personRole: roleTexts,
  duty: dutyTexts,
  done: { closed: words('出账', 'closed'), archived: words('归档', 'archived') },
  ownTiers: {
    whole: words('自定阶梯时从 0 开始、依次递增写出全部', 'or write all tiers of your own, rising from 0'),
    flat: words('一口价不能自定阶梯', 'a flat tariff cannot have tiers of your own'),
    blocks: words(
      '按多次一计价或另收固定费的计费项不能自定阶梯',
      'a tariff with prices of blocks of calls, or with fees, cannot have tiers of your own',
    ),
  },
  payment: { positive: words('大于零', 'above zero') },
  sum: {
    balance: words('余额将为', 'a balance of'),
    pack: words('买包金额为', 'a pack bought comes to'),
    pack_refund: words('退包金额为', 'a pack refunded comes to'),
    postpaid: words('后付费金额为', 'a postpaid line comes to'),
    adjustment: words('调整金额为', 'an adjustment comes to'),
    prepaid: words('预付合计为', 'the prepaid sum comes to'),
    'postpaid-sum': words('后付费合计为', 'the postpaid sum comes to'),
    adjustments: words('调整合计为', 'the sum of adjustments comes to'),
    charge: words('应付金额为', 'the charge comes to'),
    total: words('合计为', 'the total comes to'),
    estimate: words('估计合计为', 'the estimated total comes to'),
    saved: words('赠送抵扣的金额为', 'what gifts saved comes to'),
    plan: words('最优方案为', 'the best plan comes to'),
  },
};

/** `{name}` stands for a fact; a part in brackets is left out when one of its facts is not known. */
export function text(status: number, title: Texts, [zh, en]: Texts): RefusalText {
  const filled = (template: string, language: keyof Words, facts: Refusal['facts']) =>
    fill(template, (name) => {
      const fact = facts[name];
      const said = typeof fact === 'string' ? (codedFacts[name]?.[fact] ?? fact) : fact;
      return typeof said === 'object' ? said[language] : said;
    });
  return {
    status,
    title: words(...title),
    detail: (facts) => words(filled(zh, 'zh', facts), filled(en, 'en', facts)),
  };
}

function fill(template: string, factOf: (name: string) => string | undefined): string {
  const isKnown = (part: string) =>
    [...part.matchAll(/\{(\w+)\}/g)].every(([, name]) => factOf(name ?? '') !== undefined);
  return template
    .replace(/\[([^\]]*)\]/g, (_, part: string) => (isKnown(part) ? part : ''))
    .replace(/\{(\w+)\}/g, (_, name: string) => factOf(name) ?? '–');
}
