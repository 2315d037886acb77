// A bill with its words: every line answers "why this amount?" in both languages (billing rules 6.6). Made from the figures that a
// bill seals, whether they come from the core or from a stored document; the price book gives the titles alone.

import type { BillDocument, LineDocument } from '../core/bill-document.ts';
import type { Notice } from '../core/notice.ts';
import type { PriceBook, Words } from '../core/price-book.ts';
import { amountWords, callsWords, pricedQuantity, priceWords, tierRangeWords } from './figures.ts';
import { type Naming, type ShownNotice, shownNotice } from './notices.ts';
import { feeWords, titleOf } from './titles.ts';
import { words } from './words.ts';

type PackLine = Extract<LineDocument, { readonly kind: 'pack' | 'pack_refund' }>;
type PostpaidLine = Extract<LineDocument, { readonly kind: 'postpaid' }>;
type FeeLine = Extract<LineDocument, { readonly kind: 'fee' }>;
type AdjustmentLine = Extract<LineDocument, { readonly kind: 'adjustment' }>;

export type ShownLine =
  | (PackLine & { readonly formula: Words })
  | (PostpaidLine & { readonly tierRange: string | null; readonly formula: Words })
  | (FeeLine & { readonly formula: Words })
  | (AdjustmentLine & { readonly formula: Words });

export type ShownBill = Omit<BillDocument, 'lines' | 'notices'> & {
  readonly lines: readonly ShownLine[];
  readonly notices: readonly ShownNotice[];
};

export const namingOf = (book: PriceBook): Naming => ({ titles: book, currency: book.currency });

export function shownBill<Document extends Pick<BillDocument, 'lines' | 'notices'>>(
  document: Document,
  book: PriceBook,
): Omit<Document, 'lines' | 'notices'> & Pick<ShownBill, 'lines' | 'notices'> {
  const naming = namingOf(book);
  const lines = document.lines.map((line) => shownLine(line, naming));
  const notices = document.notices.map((notice: Notice) => shownNotice(notice, naming));
  return { ...document, lines, notices };
}

export function shownLine(line: LineDocument, naming: Naming): ShownLine {
  switch (line.kind) {
    case 'pack':
      return { ...line, formula: packFormula(line, naming) };
    case 'pack_refund':
      return { ...line, formula: refundFormula(line, naming) };
    case 'postpaid': {
      const tierRange = tierRangeWords(line);
      return { ...line, tierRange, formula: postpaidFormula(line, tierRange, naming) };
    }
    case 'fee':
      return { ...line, formula: feeFormula(line, naming) };
    case 'adjustment':
      return { ...line, formula: adjustmentFormula(line, naming) };
  }
}

function packFormula({ product, size, count = 1, price, amount }: PackLine, { titles, currency }: Naming): Words {
  const title = titleOf(titles, 'packProducts', product);
  const [calls, each] = [callsWords(size), amountWords(price, currency)];
  if (count === 1) {
    return words(`购买资源包「${title.zh}」${calls} 次，${each}`, `pack "${title.en}", ${calls} calls, ${each}`);
  }
  const [many, sum] = [callsWords(count), amountWords(amount, currency)];
  return words(
    `购买资源包「${title.zh}」${calls} 次 ${many} 个，每个 ${each}，共 ${sum}`,
    `${many} × pack "${title.en}", ${calls} calls, ${each} each, ${sum} in all`,
  );
}

function refundFormula({ product, size, price, amount }: PackLine, { titles, currency }: Naming): Words {
  const title = titleOf(titles, 'packProducts', product);
  const [calls, each] = [callsWords(size), amountWords(price, currency)];
  // The line does not say whether the pack was drawn from: a used one may be paid back in full too, where its units cost nothing or too little.
  if (amount.replace('-', '') !== price) {
    const back = amountWords(amount.replace('-', ''), currency);
    return words(
      `退还资源包「${title.zh}」${calls} 次的剩余部分，${each} 扣除已用部分后退 ${back}`,
      `refund of what was left of the pack "${title.en}", ${calls} calls: ${each} less what was used, ${back}`,
    );
  }
  return words(
    `退还资源包「${title.zh}」${calls} 次，全额 ${each}`,
    `refund of the pack "${title.en}", ${calls} calls, full price ${each}`,
  );
}

/** "12,250 × ¥1.00": the calls of each price. */
const productOf = (line: PostpaidLine, currency: string): string =>
  (line.slices ?? [line])
    .map((slice) => `${pricedQuantity(slice)} × ${priceWords(slice.unitPrice, currency)}`)
    .join(' + ');

function postpaidFormula(line: PostpaidLine, range: string | null, naming: Naming): Words {
  const { zh, en } = formulaOf(line, range, naming);
  return line.day === undefined ? words(zh, en) : words(`${line.day}：${zh}`, `${line.day}: ${en}`);
}

function formulaOf(line: PostpaidLine, range: string | null, naming: Naming): Words {
  const { titles, currency } = naming;
  const { meter, calls, reached, mode, amount, estimate } = line;
  if (mode === undefined || reached === null) {
    const title = titleOf(titles, 'meters', meter ?? '');
    return words(
      `${title.zh}：${callsWords(calls)} 次，该计量项无后付费价格，需商务定价`,
      `${title.en}: ${callsWords(calls)} calls of a prepaid-only meter; ask for a contract price`,
    );
  }
  const [sum, basis, n] = [productOf(line, currency), basisWords(line), callsWords(reached)];
  if (amount === null) {
    const about = estimate == null ? null : amountWords(estimate, currency);
    return words(
      `${sum}：n = ${n}（${basis.zh}）落在 ${range}，无公开价，需商务定价${about === null ? '' : `；按最后一档公开价估算 ${about}`}`,
      `${sum}: n = ${n} (${basis.en}) is in ${range}, which has no public price; ask for a contract price${about === null ? '' : `. Estimate at the last public price ${about}`}`,
    );
  }
  const result = `${sum} = ${amountWords(amount, currency)}`;
  switch (mode) {
    case 'flat':
      return words(`${result}（固定单价）`, `${result} (flat price)`);
    case 'graduated':
      return words(
        `${result}（阶梯累进，各段按各段单价；n = ${n}，${basis.zh}）`,
        `${result} (graduated: each slice at its own price; n = ${n}, ${basis.en})`,
      );
    case 'volume':
      return words(
        `${result}（阶梯到达：n = ${n}，${basis.zh}，落在 ${range}，全部按该档单价）`,
        `${result} (volume: n = ${n}, ${basis.en}, reaches ${range}, which prices all calls${line.day === undefined ? '' : ' of the day'})`,
      );
  }
}

function basisWords({ basis, day, calls, drawn }: PostpaidLine): Words {
  if (basis === 'gross' || basis === 'gross-in-order') {
    const order = basis === 'gross' ? words('', '') : words('，按到达先后', ', in the order of arrival');
    return words(
      `含资源包抵扣的总用量 ${callsWords(calls)} + ${callsWords(drawn)}${order.zh}`,
      `all calls, postpaid ${callsWords(calls)} + drawn ${callsWords(drawn)}${order.en}`,
    );
  }
  if (BigInt(drawn) === 0n && day !== undefined) return words('当日后付费用量', 'postpaid calls of the day');
  if (BigInt(drawn) === 0n) return words('本月后付费用量', 'postpaid calls of the month');
  const all = callsWords(BigInt(calls) + BigInt(drawn));
  return words(
    `总用量 ${all} − 资源包抵扣 ${callsWords(drawn)}`,
    `${all} calls − ${callsWords(drawn)} drawn from packs`,
  );
}

function feeFormula(line: FeeLine, { currency }: Naming): Words {
  const { reason, limit, before, amount, estimate } = line;
  const { zh, en } = feeWords[reason];
  if (limit === undefined) {
    const [range, sum] = [tierRangeWords(line), amountWords(amount ?? '', currency)];
    return words(
      `${zh}${range === null ? '' : `（${range}）`} ${sum}`,
      `${en}${range === null ? '' : ` (${range})`} ${sum}`,
    );
  }
  const bound = amountWords(limit, currency);
  if (amount === null || before == null) {
    const about = amountWords(estimate ?? '', currency);
    return words(
      `${zh} ${bound}：有用量无公开价，需商务定价；按最后一档公开价估算 ${about}`,
      `${en}, ${bound}: some calls have no public price; ask for a contract price. Estimate at the last public price ${about}`,
    );
  }
  const difference = `${bound} − ${amountWords(before, currency)} = ${amountWords(amount, currency)}`;
  return words(`${zh}：${difference}`, `${en}: ${difference}`);
}

function adjustmentFormula(line: AdjustmentLine, { titles, currency }: Naming): Words {
  const { month, tariff, meter, before, after, billed, corrected, amount } = line;
  if (tariff === null) {
    return words(
      `${month} 更正：${meter} 未计价用量 ${before} → ${after} 次，需商务定价`,
      `correction of ${month}: unpriced calls of ${meter} ${before} → ${after}, a contract price is needed`,
    );
  }
  const title = titleOf(titles, 'tariffs', tariff);
  const counts = `${callsWords(before)} → ${callsWords(after)}`;
  if (amount === null || billed === null || corrected === null) {
    return words(
      `${month} 更正：${title.zh}后付费用量 ${counts} 次，落入无公开价的阶梯，需商务定价`,
      `correction of ${month}: postpaid calls of ${title.en} ${counts}, a tier with no public price; ask for a contract price`,
    );
  }
  const amounts = `${amountWords(corrected, currency)} − ${amountWords(billed, currency)} = ${amountWords(amount, currency)}`;
  return words(
    `${month} 更正：${title.zh}后付费用量 ${counts} 次，重新批价 ${amounts}`,
    `correction of ${month}: postpaid calls of ${title.en} ${counts}, re-rated ${amounts}`,
  );
}
