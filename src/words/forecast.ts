// What a forecast says in words: a sentence that sums it up, and what its owner should know of before it happens.

import type { Day } from '../core/calendar.ts';
import type { PriceBook, Words } from '../core/price-book.ts';
import { type Calls, groupDigits, type Money, noCalls, noMoney, parseMoney } from '../core/units.ts';
import { callsWords, moneyWords } from './figures.ts';

export type ForecastCode =
  | 'NO_HISTORY'
  | 'SHORT_HISTORY'
  | 'SERVICE_STOPPED'
  | 'PACK_RUNS_DRY'
  | 'PACK_FORFEITS'
  | 'CAP_AHEAD'
  | 'UNPRICED_AHEAD'
  | 'POSTPAID_OFF_AHEAD';

export interface ForecastNotice extends Words {
  readonly code: ForecastCode;
  readonly facts: Readonly<Record<string, string | bigint | null>>;
}

/** Days by likelihood. Null: not within what was looked at (`basis.horizon`), for a pack not before it ends. */
export interface DayEstimate {
  readonly expected: Day | null;
  /** With as many calls as the upper end of the range, and with as few as the lower. Null without a range too. */
  readonly earliest: Day | null;
  readonly latest: Day | null;
}

/** Equal packs that fare alike: the figures are those of each. */
interface Pack {
  readonly pack: string;
  readonly product: string;
  readonly remaining: Calls;
  readonly expiresAt: string;
  readonly lastDay: Day;
  readonly runsDry: DayEstimate;
  readonly forfeits: {
    readonly calls: { readonly expected: Calls | null };
    readonly worth: { readonly expected: string | null };
  };
  readonly count: number;
}

/** As much of a forecast as its words need. */
interface Figures {
  readonly currency: string;
  readonly month: string;
  /** Days of the past, and how many a range needs. */
  readonly basis: { readonly days: number };
  readonly daysForRange: number;
  readonly calls: { readonly expected: Calls; readonly low: Calls | null; readonly high: Calls | null };
  readonly bill: {
    /** Null: it needs a contract price, and there is no public one to estimate by. */
    readonly expected: string | null;
    readonly low: string | null;
    readonly high: string | null;
    readonly quoteRequired: boolean;
  };
  readonly packs: readonly Pack[];
  readonly cap: { readonly cap: Calls; readonly reached: DayEstimate } | null;
  readonly unpriced: readonly {
    readonly tariff: string | null;
    readonly meter: string | null;
    readonly reached: DayEstimate;
  }[];
  readonly postpaidFrom: DayEstimate;
}

const money = (text: string, currency: string): string => {
  const amount = parseMoney(text, currency);
  return amount === undefined ? text : moneyWords(amount, currency);
};

export function forecastSummary({
  currency,
  month,
  calls,
  bill,
}: Pick<Figures, 'currency' | 'month' | 'calls' | 'bill'>): Words {
  const range = (low: string | null, high: string | null): Words =>
    low === null || high === null || low === high
      ? { zh: '', en: '' }
      : { zh: `（80% 区间 ${low} – ${high}）`, en: ` (80% range ${low} – ${high})` };
  const ofCalls = range(calls.low && callsWords(calls.low), calls.high && callsWords(calls.high));
  const ofBill = range(bill.low && money(bill.low, currency), bill.high && money(bill.high, currency));
  const count = callsWords(calls.expected);
  if (bill.expected === null) {
    return {
      zh: `预计 ${month} 月末 ${count} 次${ofCalls.zh}；其中有无公开价的部分，账单须先有商务定价。`,
      en: `At the end of ${month}: ${count} calls${ofCalls.en}; some have no public price, so the bill needs a contract price.`,
    };
  }
  const amount = money(bill.expected, currency);
  const quote: Words = bill.quoteRequired
    ? { zh: '，其中无公开价部分按最后一档估算', en: ', with an estimate where there is no public price' }
    : { zh: '', en: '' };
  return {
    zh: `预计 ${month} 月末 ${count} 次${ofCalls.zh}，账单 ${amount}${ofBill.zh}${quote.zh}。`,
    en: `At the end of ${month}: ${count} calls${ofCalls.en}, a bill of ${amount}${ofBill.en}${quote.en}.`,
  };
}

/** In the order of what must be known first. */
export function forecastNotices(
  figures: Figures,
  account: { readonly postpaid: boolean; readonly isStopped: boolean },
  book: PriceBook,
): ForecastNotice[] {
  return [
    ...history(figures),
    ...(account.isStopped ? [serviceStopped] : []),
    ...(account.postpaid ? [] : postpaidOff(figures)),
    ...capAhead(figures),
    ...figures.unpriced.map((ahead) => unpricedAhead(ahead, book)),
    ...packsAhead(figures, book),
  ];
}

function history({ basis, daysForRange }: Figures): ForecastNotice[] {
  const facts = { days: BigInt(basis.days), needed: BigInt(daysForRange) };
  if (basis.days === 0) {
    return [
      {
        code: 'NO_HISTORY',
        zh: '过去没有调用，无从预测：仅列出已发生的用量。',
        en: 'There were no calls on any day before today: nothing can be forecast, only what is known is shown.',
        facts,
      },
    ];
  }
  if (basis.days >= daysForRange) return [];
  return [
    {
      code: 'SHORT_HISTORY',
      zh: `只有 ${basis.days} 天的历史，按平均水平推算；满 ${daysForRange} 天后才给出区间。`,
      en: `There are only ${basis.days} days of history: this is their mean, carried on. A range is given from ${daysForRange} days on.`,
      facts,
    },
  ];
}

const serviceStopped: ForecastNotice = {
  code: 'SERVICE_STOPPED',
  zh: '账户欠费停服。预测按欠费已结清计算；结清之前资源包不抵扣。',
  en: 'Service is stopped for arrears. The forecast takes them as paid; until they are, packs do not pay.',
  facts: {},
};

const between = ({ expected, earliest, latest }: DayEstimate): Words => {
  const others = [earliest, latest].filter((day): day is Day => day !== null && day !== expected);
  const [first, second] = others;
  if (expected === null) return first === undefined ? never : { zh: `最早 ${first}`, en: `${first} at the earliest` };
  if (first === undefined) return { zh: `约 ${expected}`, en: `about ${expected}` };
  const to = second ?? expected;
  const [from, until] = second === undefined && first > to ? [to, first] : [first, to];
  return { zh: `约 ${expected}（${from} 至 ${until}）`, en: `about ${expected} (${from} to ${until})` };
};

const never: Words = { zh: '不会', en: 'never' };

/** As expected, or at least where there are many calls. */
const happens = ({ expected, earliest }: DayEstimate): boolean => expected !== null || earliest !== null;

function postpaidOff({ postpaidFrom }: Figures): ForecastNotice[] {
  if (!happens(postpaidFrom)) return [];
  const when = between(postpaidFrom);
  return [
    {
      code: 'POSTPAID_OFF_AHEAD',
      zh: `${when.zh}起有调用无资源包可抵扣；账户不允许后付费，授权将被拒绝。`,
      en: `From ${when.en} on there are calls that no pack pays; the account does not allow postpaid, so they will not be authorised.`,
      facts: { ...postpaidFrom },
    },
  ];
}

function capAhead({ cap }: Figures): ForecastNotice[] {
  if (cap === null || !happens(cap.reached)) return [];
  const when = between(cap.reached);
  return [
    {
      code: 'CAP_AHEAD',
      zh: `${when.zh}达到每月后付费上限 ${callsWords(cap.cap)} 次，此后授权将被拒绝。`,
      en: `The monthly cap of ${callsWords(cap.cap)} postpaid calls is reached ${when.en}; further calls will not be authorised.`,
      facts: { cap: cap.cap, ...cap.reached },
    },
  ];
}

function unpricedAhead({ tariff, meter, reached }: Figures['unpriced'][number], book: PriceBook): ForecastNotice {
  const title = (tariff === null ? book.meters.get(meter ?? '') : book.tariffs.get(tariff))?.title;
  const name = tariff ?? meter ?? '';
  const when = between(reached);
  return {
    code: 'UNPRICED_AHEAD',
    zh: `${title?.zh ?? name}：${when.zh}进入无公开价的阶梯，账单须先有商务定价才能出具。`,
    en: `${title?.en ?? name}: ${when.en} it reaches a tier without a public price; the bill then needs a contract price.`,
    facts: { tariff, meter, ...reached },
  };
}

/** What packs alike have to be told of is told once, however many they are and at whatever hour of the day they end. */
function packsAhead({ packs, currency }: Figures, book: PriceBook): ForecastNotice[] {
  const dry = packs.filter(({ runsDry }) => happens(runsDry));
  const lost = packs.filter(({ forfeits: { calls } }) => calls.expected !== null && calls.expected !== noCalls);
  const alike = (all: readonly Pack[], of: (pack: Pack) => readonly unknown[]) =>
    [...Map.groupBy(all, (pack) => [pack.product, ...of(pack)].join('|')).values()].flatMap((same) => {
      const [first] = same;
      return first === undefined ? [] : [{ pack: first, count: same.reduce((sum, { count }) => sum + count, 0) }];
    });
  const told = [
    ...alike(dry, ({ remaining, runsDry }) => [remaining, between(runsDry).en]).map(({ pack, count }) => ({
      pack,
      notice: runsDry(pack, count, book),
    })),
    ...alike(lost, ({ lastDay, forfeits: { calls, worth } }) => [lastDay, calls.expected, worth.expected]).map(
      ({ pack, count }) => ({ pack, notice: forfeits(pack, count, currency, book) }),
    ),
  ];
  // In the order of the packs, as they pay.
  const place = new Map(packs.map((pack, index) => [pack, index]));
  return told.toSorted((a, b) => (place.get(a.pack) ?? 0) - (place.get(b.pack) ?? 0)).map(({ notice }) => notice);
}

const titleOf = (pack: Pack, book: PriceBook): Words =>
  book.packProducts.get(pack.product)?.title ?? { zh: pack.product, en: pack.product };

function runsDry(pack: Pack, count: number, book: PriceBook): ForecastNotice {
  const [title, when, left] = [titleOf(pack, book), between(pack.runsDry), callsWords(pack.remaining)];
  const many = groupDigits(BigInt(count));
  const words =
    count === 1
      ? {
          zh: `资源包「${title.zh}」${pack.pack} 还剩 ${left} 次，${when.zh}用尽。`,
          en: `Pack ${pack.pack} of "${title.en}" has ${left} calls left and runs dry ${when.en}.`,
        }
      : {
          zh: `资源包「${title.zh}」${many} 个（${pack.pack} 等）各剩 ${left} 次，${when.zh}用尽。`,
          en: `${many} packs of "${title.en}" (${pack.pack} and others) have ${left} calls left each and run dry ${when.en}.`,
        };
  const facts = { pack: pack.pack, packs: BigInt(count), remaining: pack.remaining, ...pack.runsDry };
  return { code: 'PACK_RUNS_DRY', ...words, facts };
}

function forfeits(pack: Pack, count: number, currency: string, book: PriceBook): ForecastNotice {
  const { calls, worth } = pack.forfeits;
  const title = titleOf(pack, book);
  const each = parseMoney(worth.expected ?? '', currency) ?? noMoney;
  const [lost, value] = [callsWords(calls.expected ?? noCalls), moneyWords(each, currency)];
  const [many, sum] = [groupDigits(BigInt(count)), moneyWords((each * BigInt(count)) as Money, currency)];
  const words =
    count === 1
      ? {
          zh: `资源包「${title.zh}」${pack.pack} 到期（${pack.lastDay}）时预计剩 ${lost} 次作废，价值 ${value}。`,
          en: `Pack ${pack.pack} of "${title.en}" will probably have ${lost} calls left when it ends (${pack.lastDay}), worth ${value}; they are lost.`,
        }
      : {
          zh: `资源包「${title.zh}」${many} 个（${pack.pack} 等）到期（${pack.lastDay}）时预计各剩 ${lost} 次作废，每个价值 ${value}，共 ${sum}。`,
          en: `${many} packs of "${title.en}" (${pack.pack} and others) will probably have ${lost} calls left each when they end (${pack.lastDay}), worth ${value} each, ${sum} in all; they are lost.`,
        };
  const { expiresAt } = pack;
  const facts = {
    pack: pack.pack,
    packs: BigInt(count),
    calls: calls.expected,
    worth: worth.expected,
    expiresAt,
  };
  return { code: 'PACK_FORFEITS', ...words, facts };
}
