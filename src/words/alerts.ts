// What an account is told, as people read it: a subject and a few lines, from an alert's kind and figures.

import type { Words } from '../core/price-book.ts';
import { amountWords, callsWords } from './figures.ts';
import { type Titles, titleOf } from './titles.ts';
import { words } from './words.ts';

type Details = Readonly<Record<string, string | number | bigint>>;

/** An alert in words. The lines say what happened, what it means, and what can be done. */
export interface AlertWords {
  readonly subject: Words;
  readonly lines: readonly Words[];
}

const noTitles: Titles = { tariffs: new Map(), meters: new Map(), packProducts: new Map() };

/** The figures of an alert, read by name. */
class Figures {
  readonly account: string;
  readonly #details: Details;
  readonly #titles: Titles;

  constructor(account: string, details: Details, titles = noTitles) {
    this.account = account;
    this.#details = details;
    this.#titles = titles;
  }

  has = (name: string): boolean => this.#details[name] !== undefined;
  text = (name: string): string => String(this.#details[name] ?? '?');
  calls = (name: string): string => (this.has(name) ? callsWords(BigInt(this.text(name))) : '?');
  money = (name: string): string => (this.has(name) ? amountWords(this.text(name), this.text('currency')) : '?');
  /** A moment on the account's own clocks: "2026-01-12 09:00". */
  time = (name: string): string => this.text(name).slice(0, 16).replace('T', ' ');
  /** A pack by what it covers and its id. */
  pack = (): Words => {
    const id = this.text('pack');
    if (!this.has('product')) return words(`资源包 ${id}`, `pack ${id}`);
    const { zh, en } = titleOf(this.#titles, 'packProducts', this.text('product'));
    return words(`资源包「${zh}」${id}`, `pack ${id} (${en})`);
  };
  tariff = (): Words => titleOf(this.#titles, 'tariffs', this.text('tariff'));
}

const buyMore = words('可购买新的资源包，或按后付费继续调用。', 'Buy another pack, or go on with postpaid calls.');
const askForAPrice = words(
  '请与服务方商定合同价；没有价格，这个月的账单不能出账。',
  'Agree on a contract price with your provider: without one the month’s bill cannot become final.',
);

/** The account's own cap of a month, or one that has a name. */
const capOf = ({ has, text }: Figures): Words =>
  has('name')
    ? words(`${text('window')} 上限“${text('name')}”的`, `the cap “${text('name')}” of ${text('window')}`)
    : words(`${text('month')} 后付费`, `the cap of ${text('month')}`);

function usedOfCap({ has, text, calls }: Figures): Words {
  const [used, most] = has('name') ? [calls('used'), calls('most')] : [calls('postpaid'), calls('cap')];
  const all = has('name') && text('of') === 'all';
  return words(
    `已用 ${used} 次${all ? '（含资源包抵扣）' : '后付费'}，上限 ${most} 次；达到上限后不再放行。`,
    `${used} of ${most} ${all ? 'calls, those that packs pay included' : 'postpaid calls'}; beyond the cap none are authorised.`,
  );
}

function untilRaised({ has, text }: Figures): Words {
  const next = has('name') && text('window').length > 7;
  if (has('name') && text('of') === 'all') {
    return words(
      `直到上限调高或${next ? '次日' : '下月'}开始。`,
      `None until the cap is raised or the next ${next ? 'day' : 'month'} begins.`,
    );
  }
  return words(
    `新的调用不再放行，直到上限调高、购买资源包或${next ? '次日' : '下月'}开始。`,
    `No more are authorised until the cap is raised, a pack is bought, or the next ${next ? 'day' : 'month'} begins.`,
  );
}

const sentences = {
  'pack-low': ({ account, pack, calls, text }: Figures) => ({
    subject: words(
      `${account}：${pack().zh} 剩余不超过 ${text('percent')}%`,
      `${account}: ${text('percent')} % or less left of ${pack().en}`,
    ),
    lines: [
      words(
        `共 ${calls('calls')} 次，剩 ${calls('left')} 次。`,
        `${calls('left')} of ${calls('calls')} calls are left.`,
      ),
      words('用完之后按后付费计价，或再购买。', 'After that calls are postpaid, unless another pack is bought.'),
    ],
  }),
  'pack-exhausted': ({ account, pack }: Figures) => ({
    subject: words(`${account}：${pack().zh} 已用完`, `${account}: ${pack().en} is used up`),
    lines: [buyMore],
  }),
  'pack-expires': ({ account, pack, text, time, calls, money }: Figures) => ({
    subject: words(
      `${account}：${pack().zh} 将于 ${time('expiresAt')} 到期，剩 ${calls('left')} 次`,
      `${account}: ${pack().en} expires ${time('expiresAt')} with ${calls('left')} calls left`,
    ),
    lines: [
      words(
        `距到期约 ${text('days')} 天，剩 ${calls('left')} / ${calls('calls')} 次，值 ${money('atRisk')}，到期作废。`,
        `About ${text('days')} days to go: ${calls('left')} of ${calls('calls')} calls, worth ${money('atRisk')}, are lost then.`,
      ),
      words(
        `要用完，每天需 ${calls('neededPerDay')} 次；近 30 天平均每天 ${calls('ownPerDay')} 次。`,
        `Using them up takes ${calls('neededPerDay')} calls a day; the last 30 days had ${calls('ownPerDay')} a day.`,
      ),
      words(
        '资源包不能延期；可把能挪的调用提前做。',
        'A pack cannot be prolonged; calls that can be made earlier still count.',
      ),
    ],
  }),
  'pack-forfeited': ({ account, pack, calls, money }: Figures) => ({
    subject: words(
      `${account}：${pack().zh} 已作废 ${calls('left')} 次`,
      `${account}: ${calls('left')} calls of ${pack().en} are lost`,
    ),
    lines: [
      words(
        `资源包已到期，迟到的调用也不会再来；剩下的 ${calls('left')} 次（值 ${money('worth')}）作废。`,
        `It expired, and no late call can reach it any more: ${calls('left')} calls, worth ${money('worth')}, are forfeited.`,
      ),
    ],
  }),
  'pack-refunded': ({ account, pack }: Figures) => ({
    subject: words(`${account}：${pack().zh} 已退款`, `${account}: ${pack().en} was refunded`),
    lines: [words('款项已退回余额。', 'What was paid for it is back on the balance.')],
  }),
  'cap-near': (figures: Figures) => ({
    subject: words(
      `${figures.account}：${capOf(figures).zh}用量已达上限的 80%`,
      `${figures.account}: 80 % of ${capOf(figures).en} is used`,
    ),
    lines: [usedOfCap(figures)],
  }),
  'cap-reached': (figures: Figures) => ({
    subject: words(
      `${figures.account}：${capOf(figures).zh}用量已达上限`,
      `${figures.account}: ${capOf(figures).en} is reached`,
    ),
    lines: [usedOfCap(figures), untilRaised(figures)],
  }),
  'unpriced-near': ({ account, calls, text, tariff }: Figures) => ({
    subject: words(
      `${account}：${tariff().zh} 本月用量接近无公开价的一档`,
      `${account}: ${tariff().en} is near the tier that has no price`,
    ),
    lines: [
      words(
        `${text('month')} 已有 ${calls('counted')} 次，从 ${calls('from')} 次起没有公开价。`,
        `${calls('counted')} calls in ${text('month')}; from ${calls('from')} on there is no public price.`,
      ),
      askForAPrice,
    ],
  }),
  'unpriced-reached': ({ account, calls, text, tariff }: Figures) => ({
    subject: words(
      `${account}：${tariff().zh} 本月用量已到无公开价的一档`,
      `${account}: ${tariff().en} has reached the tier that has no price`,
    ),
    lines: [
      words(
        `${text('month')} 已有 ${calls('counted')} 次，从 ${calls('from')} 次起没有公开价。`,
        `${calls('counted')} calls in ${text('month')}; from ${calls('from')} on there is no public price.`,
      ),
      askForAPrice,
    ],
  }),
  'arrears-begun': ({ account, money, time }: Figures) => ({
    subject: words(`${account}：已欠费 ${money('balance')}`, `${account}: in arrears, ${money('balance')}`),
    lines: [
      words(
        `账单扣款后余额为 ${money('balance')}。${time('stopsAt')} 前未补足则停止服务。`,
        `A bill left the balance at ${money('balance')}. Service stops at ${time('stopsAt')} unless it is topped up to zero before.`,
      ),
    ],
  }),
  'service-stopped': ({ account, money, time }: Figures) => ({
    subject: words(`${account}：因欠费停止服务`, `${account}: service is stopped for arrears`),
    lines: [
      words(
        `自 ${time('since')} 起欠费，余额 ${money('balance')}。新的调用不再放行；仍然发生的调用不抵扣资源包，按后付费计价。`,
        `In arrears since ${time('since')}, balance ${money('balance')}. Calls are not authorised; those made all the same are postpaid and use no pack.`,
      ),
      words('充值至零或以上即恢复。', 'A top-up to zero or more restores service.'),
    ],
  }),
  'arrears-ended': ({ account, money }: Figures) => ({
    subject: words(`${account}：欠费已结清`, `${account}: no longer in arrears`),
    lines: [words(`余额 ${money('balance')}。`, `The balance is ${money('balance')}.`)],
  }),
  'service-restored': ({ account, money }: Figures) => ({
    subject: words(`${account}：服务已恢复`, `${account}: service is restored`),
    lines: [
      words(
        `余额 ${money('balance')}；调用重新放行，资源包照常抵扣。`,
        `The balance is ${money('balance')}; calls are authorised again and packs pay as before.`,
      ),
    ],
  }),
  'bill-final': ({ account, money, text }: Figures) => ({
    subject: words(
      `${account}：${text('month')} 账单 ${money('total')}`,
      `${account}: the bill of ${text('month')}, ${money('total')}`,
    ),
    lines: [
      words(
        `账单 ${text('number')} 已出账，合计 ${money('total')}，后付费部分已从余额扣除。`,
        `Bill ${text('number')} is final: ${money('total')} in all. Its postpaid part was charged to the balance.`,
      ),
    ],
  }),
  'order-made': ({ account, money, text, time }: Figures) => ({
    subject: words(
      `${account}：订单 ${text('order')} 待付款 ${money('amount')}`,
      `${account}: order ${text('order')} waits for ${money('amount')}`,
    ),
    lines: [
      words(
        `请转账 ${money('amount')} 并注明 ${text('order')}。${time('lapsesAt')} 前未确认到账则订单作废。`,
        `Transfer ${money('amount')} and name ${text('order')}. If it is not confirmed before ${time('lapsesAt')} the order lapses.`,
      ),
    ],
  }),
  'order-delivered': ({ account, money, calls, has, text }: Figures) => ({
    subject: words(`${account}：订单 ${text('order')} 已交付`, `${account}: order ${text('order')} is delivered`),
    lines: [
      has('received')
        ? words(
            `收到 ${money('received')}，订单金额 ${money('amount')}。`,
            `${money('received')} was received for ${money('amount')}.`,
          )
        : words(`已从余额支付 ${money('amount')}。`, `${money('amount')} was paid from the balance.`),
      text('packs') === '0'
        ? words('款项已记入余额。', 'It is on the balance.')
        : words(`交付资源包 ${calls('packs')} 个。`, `Packs delivered: ${calls('packs')}.`),
    ],
  }),
  'order-cancelled': ({ account, money, text }: Figures) => ({
    subject: words(`${account}：订单 ${text('order')} 已取消`, `${account}: order ${text('order')} is cancelled`),
    lines: [words(`${money('amount')}，请勿再付款。`, `${money('amount')}: please do not pay it any more.`)],
  }),
  'order-lapsed': ({ account, money, text }: Figures) => ({
    subject: words(`${account}：订单 ${text('order')} 已过期`, `${account}: order ${text('order')} has lapsed`),
    lines: [
      words(
        `期限内未确认收到 ${money('amount')}。仍需要请重新下单，价格按新订单当天。`,
        `No payment of ${money('amount')} was confirmed in time. Order again if it is still wanted, at the prices of that day.`,
      ),
    ],
  }),
  'standing-order-refused': ({ account, text, calls, has, money }: Figures) => ({
    subject: words(
      `${account}：自动续购 ${text('name')} 未能购买`,
      `${account}: standing order ${text('name')} could not buy`,
    ),
    lines: [
      text('size') === 'advised'
        ? words(`应按规划建议购买 ${text('product')}。`, `It was to buy ${text('product')} as the planner advises.`)
        : words(
            `应购买 ${text('product')} ${calls('size')} 次 × ${text('count')}。`,
            `It was to buy ${text('count')} × ${calls('size')} calls of ${text('product')}.`,
          ),
      has('price')
        ? words(
            `需 ${money('price')}，余额 ${money('balance')}；充值后自动再试。`,
            `That takes ${money('price')}; the balance is ${money('balance')}. It is tried again after a top-up.`,
          )
        : text('reason') === 'STANDING_ORDER_LIMIT'
          ? words(
              '已达本月上限；下月再试，或调高上限。',
              'The limit of the month is reached; it is tried again next month, or once the limit is raised.',
            )
          : text('reason') === 'NO_ADVICE'
            ? words(
                '过去的用量不足两周，或规划认为不买更省。每小时再看一次。',
                'There are less than two weeks of past calls, or the planner says that buying none is cheaper. It is looked at again each hour.',
              )
            : words(`原因：${text('reason')}。`, `The reason: ${text('reason')}.`),
    ],
  }),
  'events-held': ({ account, calls, time }: Figures) => ({
    subject: words(
      `${account}：${calls('count')} 个事件待人工审核`,
      `${account}: held events wait for review (${calls('count')})`,
    ),
    lines: [
      words(
        `最早的一个发生于 ${time('oldest')}。结果码不在码表中，或其月份已出账；审核之前不计费。`,
        `The oldest call was made ${time('oldest')}. Its result is in no list, or its month is final: nothing is charged until somebody decides.`,
      ),
      words(
        `查看：suanpan review codes --account ${account}`,
        `To see them: suanpan review codes --account ${account}`,
      ),
    ],
  }),
  'account-silent': ({ account, text, calls, time }: Figures) => ({
    subject: words(
      `${account}：自 ${time('lastCall')} 起没有任何调用`,
      `${account}: no call since ${time('lastCall')}`,
    ),
    lines: [
      words(
        `按以往四周的规律，这段时间本应有调用（约每天 ${calls('usualPerDay')} 次）。`,
        `By the last four weeks there should have been some (about ${calls('usualPerDay')} calls a day).`,
      ),
      silenceWords(text('looksLike')),
    ],
  }),
  'account-back': ({ account, time }: Figures) => ({
    subject: words(`${account}：又有调用了`, `${account}: calls arrive again`),
    lines: [
      words(
        `${time('lastCall')} 之后的第一个调用在 ${time('firstCall')}。若中断期间仍有调用，请补报：逾期的事件不再接受。`,
        `The first call after ${time('lastCall')} was made at ${time('firstCall')}. If calls were made in between, report them before they are too old to be accepted.`,
      ),
    ],
  }),
} as const satisfies Readonly<Record<string, (figures: Figures) => AlertWords>>;

function silenceWords(looksLike: string): Words {
  if (looksLike === 'no-usage') {
    return words(
      '沉默之前用量已逐步减少，像是业务停了；若不是，请检查上报。',
      'Calls had grown few before, which looks like a use that ended; if it did not, look at the reporting.',
    );
  }
  return words(
    '此前用量如常而突然中断，像是上报坏了而不是没有用量：请检查发送事件的程序与密钥。',
    'Calls were as many as ever and then stopped at once, which looks like broken metering rather than no usage: look at what sends events, and at its key.',
  );
}

/** An alert as people read it; `titles`: those of the account's book. */
export const alertWords = (
  alert: { readonly account: string; readonly kind: keyof typeof sentences; readonly details: Details },
  titles?: Titles,
): AlertWords => sentences[alert.kind](new Figures(alert.account, alert.details, titles));
