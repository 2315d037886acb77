// What a notice says, from its code and figures.

import type { Notice, NoticeCode } from '../core/notice.ts';
import type { TierBound, Words } from '../core/price-book.ts';
import { amountWords, type CallCount, callsWords, rangeWords } from './figures.ts';
import { type Titles, titleOf } from './titles.ts';
import { words } from './words.ts';

/** A notice as everybody outside reads it; `facts` repeat the figures of the text for programs. */
export interface ShownNotice extends Words {
  readonly code: string;
  readonly facts: Notice['facts'];
}

export interface Naming {
  readonly titles: Titles;
  readonly currency: string;
}

type Facts = Readonly<Record<string, string | CallCount | null>>;

/** The figures of a notice, read by name; those of a stored document are numbers where the core had bigints. */
class Figures {
  readonly #facts: Facts;
  readonly #naming: Naming;

  constructor(facts: Facts, naming: Naming) {
    this.#facts = facts;
    this.#naming = naming;
  }

  has = (name: string): boolean => this.#facts[name] !== undefined && this.#facts[name] !== null;
  text = (name: string): string => String(this.#facts[name] ?? '');
  calls = (name: string): string => callsWords(BigInt(this.text(name)));
  money = (name: string): string => amountWords(this.text(name), this.#naming.currency);
  moneyOr = (name: string, none: string): string => (this.has(name) ? this.money(name) : none);
  title = (kind: 'tariffs' | 'packProducts', name: string): Words =>
    titleOf(this.#naming.titles, kind, this.text(name));
  range = (): string => {
    const to = this.#facts.to ?? null;
    return rangeWords(this.text('bound') as TierBound, BigInt(this.text('from')), to === null ? null : BigInt(to));
  };
}

const sentences: Record<NoticeCode, (figures: Figures) => Words> = {
  ON_BOUND: ({ title, calls, moneyOr, text }) => {
    const [tariff, isLower] = [title('tariffs', 'tariff'), text('bound') === 'lower-inclusive'];
    const readings = (none: string) => [moneyOr('lowerInclusive', none), moneyOr('upperInclusive', none)];
    const [lowerZh, upperZh] = readings('无公开价');
    const [lower, upper] = readings('no public price');
    return words(
      `${tariff.zh}：${calls('calls')} 次恰在阶梯界上。下限含（a ≤ n < b）为 ${lowerZh}，上限含（a < n ≤ b）为 ${upperZh}；本价目表取${isLower ? '前者' : '后者'}。`,
      `${tariff.en}: ${calls('calls')} calls lie exactly on a tier bound. Lower-inclusive (a ≤ n < b) gives ${lower}, upper-inclusive (a < n ≤ b) ${upper}; this book takes the ${isLower ? 'former' : 'latter'}.`,
    );
  },
  CLIFF_AHEAD: ({ title, calls, money }) => {
    const tariff = title('tariffs', 'tariff');
    return words(
      `${tariff.zh}：再多 ${calls('more')} 次，整月只需 ${money('amount')}，反而少 ${money('saves')}。`,
      `${tariff.en}: ${calls('more')} more calls would cost ${money('amount')} for the month, ${money('saves')} less.`,
    );
  },
  UNPRICED_TIER: ({ title, calls, range, has, money }) => {
    const tariff = title('tariffs', 'tariff');
    const estimate = has('estimate')
      ? words(
          `按最后一档公开价估算 ${money('estimate')}。`,
          ` Estimate at the last public price: ${money('estimate')}.`,
        )
      : words('', '');
    return words(
      `${tariff.zh}：n = ${calls('calls')} 落在 ${range()}，无公开价，请联系商务。${estimate.zh}`,
      `${tariff.en}: n = ${calls('calls')} reaches ${range()}, which has no public price.${estimate.en}`,
    );
  },
  PACK_DEARER: ({ title, calls, money, has, text }) => {
    const product = title('packProducts', 'product');
    const these = has('months')
      ? words(`这 ${text('months')} 个月`, `these ${text('months')} months`)
      : words('本月', 'this month');
    return words(
      `资源包「${product.zh}」${calls('size')} 次使${these.zh}更贵：不买它只需 ${money('without')}，少 ${money('difference')}。`,
      `The ${calls('size')} pack of "${product.en}" makes ${these.en} dearer: without it ${money('without')}, ${money('difference')} less.`,
    );
  },
  PACK_UNIT_DEARER: ({ title, calls, money, text }) => {
    const product = title('packProducts', 'product');
    return words(
      `资源包「${product.zh}」${calls('size')} 次售 ${money('price')}，同量后付费只需 ${money('postpaid')}（单价 ${text('unitPrice')}）。`,
      `The ${calls('size')} pack of "${product.en}" costs ${money('price')}; as many postpaid calls in a month cost ${money('postpaid')} (${text('unitPrice')} each).`,
    );
  },
  CALLS_LEFT_OVER: ({ title, calls, has, money, text }) => {
    const product = title('packProducts', 'product');
    const n = calls('calls');
    if (!has('expires')) {
      return words(
        `资源包「${product.zh}」本月剩 ${n} 次，到期未用即作废。`,
        `${n} calls of "${product.en}" are left after this month and are lost if not used before they expire.`,
      );
    }
    const [worth, day] = [money('worth'), text('expires')];
    return text('when') === 'within'
      ? words(
          `资源包「${product.zh}」${day} 到期时剩 ${n} 次（值 ${worth}），作废。`,
          `${n} calls of "${product.en}" (worth ${worth}) are left when the pack expires on ${day}, and are lost.`,
        )
      : words(
          `资源包「${product.zh}」计划期末剩 ${n} 次（值 ${worth}），${day} 到期未用即作废。`,
          `${n} calls of "${product.en}" (worth ${worth}) are left at the end of the plan and are lost if not used by ${day}.`,
        );
  },
};

/** A notice with its sentence; one of a certain month or day says which. */
export function shownNotice({ code, facts }: Notice, naming: Naming): ShownNotice {
  const { zh, en } = sentences[code](new Figures(facts, naming));
  const when = facts.day ?? facts.month ?? null;
  const which = when === null ? '' : `${when} `;
  return { code, zh: which + zh, en: which + en, facts };
}
