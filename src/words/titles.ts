// What things are called. What a price book does not name goes by its id.

import type { PriceBook, TariffMode, Words } from '../core/price-book.ts';
import type { FeeReason } from '../core/rate.ts';
import { type Block, type BlockPart, groupDigits } from '../core/units.ts';
import { words } from './words.ts';

export interface Titled {
  readonly title: Words;
}

export interface Titles {
  readonly tariffs: ReadonlyMap<string, Titled>;
  readonly meters: ReadonlyMap<string, Titled>;
  readonly packProducts: ReadonlyMap<string, Titled>;
}

export const titleOf = (titles: Titles, kind: keyof Titles & keyof PriceBook, id: string): Words =>
  titles[kind].get(id)?.title ?? words(id, id);

/** What a charge for calls is for: its tariff, or its meter where there is none. */
export const chargeTitle = (
  titles: Titles,
  { tariff, meter }: { readonly tariff: string | null; readonly meter?: string | null | undefined },
): Words => (tariff === null ? titleOf(titles, 'meters', meter ?? '') : titleOf(titles, 'tariffs', tariff));

export const modeWords: Record<TariffMode, Words> = {
  volume: words('阶梯到达', 'volume'),
  graduated: words('阶梯累进', 'graduated'),
  flat: words('固定单价', 'flat'),
};

/** What calls that are less than a block do. */
export const partWords: Record<BlockPart, Words> = {
  up: words('按整份计', 'counted as a whole one'),
  down: words('不计', 'counted as none'),
  exact: words('按比例计', 'counted by its share'),
};

/** What a price is for, after it. */
export const blockWords = ({ calls, part }: Block): Words =>
  words(
    `每 ${groupDigits(calls)} 次，不满一份${partWords[part].zh}`,
    `per ${groupDigits(calls)} calls, less than that ${partWords[part].en}`,
  );

/** What a fee is of. */
export const feeWords: Record<FeeReason, Words> = {
  month: words('每月固定费用', 'monthly fee'),
  tier: words('档位固定费用', 'fee of the tier'),
  minimum: words('补足每月最低消费', 'up to the monthly minimum'),
  maximum: words('每月封顶减免', 'down to the monthly maximum'),
};
