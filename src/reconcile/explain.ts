// Finds the causes of differences by trying them: the bill is computed again under each possible mistake, and the one that
// makes most figures agree to the call and to the fen is taken, then the next on top of it, until nothing helps any more.
// A mistake that would put right figures wrong is not taken.

import type { PriceBook } from '../core/price-book.ts';
import { reconcileCausesWords } from '../words/reconcile-causes.ts';
import type { ProviderBill } from './bill-file.ts';
import { countHypotheses } from './count-causes.ts';
import { type Cell, type Cells, cellsOf, differing, type ExpectedLine, linesOf, priceText } from './figures.ts';
import { type Cause, cause, type Evidence, type Hypothesis } from './hypothesis.ts';
import type { LoadedUsage } from './load-tape.ts';
import { packHypotheses } from './pack-causes.ts';
import { ratingHypotheses } from './rating-causes.ts';
import type { Reading, SettlingReading } from './reading.ts';
import { replay, type Settled } from './settle-month.ts';
import { after, bestOf, causeOf, sparing, type Trial } from './trial.ts';
import { orderOfArrival, usageHypotheses } from './usage-causes.ts';

/** A figure of the bill that is not what it should be. `null`: one side has no such figure. */
export interface WrongCell {
  readonly cell: Omit<Cell, 'value'>;
  readonly billed: bigint | null;
  readonly expected: bigint | null;
  /** The mistake that makes it agree, and those it takes besides; the likely one where nothing makes it agree. */
  readonly causes: readonly Cause[];
}

export interface Explanation {
  /** What the bill should say. */
  readonly expected: Cells;
  readonly wrong: readonly WrongCell[];
  /** The postpaid lines it should have, also where it lists none. */
  readonly lines: readonly ExpectedLine[];
}

const mostCauses = 16;

export function explain(book: PriceBook, usage: LoadedUsage, bill: ProviderBill, right: Reading): Explanation {
  const { compute, settle } = computer(usage, bill);
  const expected = compute(right);
  const first = differing(bill.cells, expected);
  const start: Evidence = { book, usage, bill, reading: right, expected, wrong: first };
  const found = sparing(start, greedy(start, compute), compute);
  const causes = new Map<string, Cause[]>();
  let now = start;
  for (const step of found) {
    noteCauses(causes, now, step);
    now = after(now, step);
  }
  // What is left is told by the packs one has, also where a mistake left one out.
  const end = { ...now, reading: right };
  const wrong = [...first].map((key) => wrongCell(key, expected, end, causes));
  return { expected, wrong, lines: linesOf(settle(right), right) };
}

/** The best mistake, then the best on top of it, until nothing helps any more. */
function greedy(start: Evidence, compute: (reading: Reading) => Cells): Trial[] {
  const found: Trial[] = [];
  let now = start;
  while (found.length < mostCauses && now.wrong.size > 0) {
    const step =
      bestOf(now, specific(now), compute) ??
      bestOf(now, callsDiffer(now) ? orderOfArrival(now) : [], compute) ??
      bestOf(now, countHypotheses(now), compute);
    if (step === undefined) break;
    found.push(step);
    now = after(now, step);
  }
  return found;
}

/** Settling is the dear part; it is done once for each way to settle. */
function computer(usage: LoadedUsage, bill: ProviderBill) {
  const known = new WeakMap<SettlingReading, Settled>();
  const settle = (reading: Reading): Settled => {
    const settled = known.get(reading.settling) ?? replay(usage.tape, reading);
    known.set(reading.settling, settled);
    return settled;
  };
  return { settle, compute: (reading: Reading): Cells => cellsOf(settle(reading), reading, bill.shape) };
}

/** Mistakes about calls and packs are worth trying only while some number of calls differs. */
function specific(evidence: Evidence): Hypothesis[] {
  const rating = ratingHypotheses(evidence);
  return callsDiffer(evidence) ? [...usageHypotheses(evidence), ...packHypotheses(evidence), ...rating] : rating;
}

const callsDiffer = ({ bill, expected, wrong }: Evidence): boolean =>
  [...wrong].some((key) => {
    const kind = (bill.cells.get(key) ?? expected.get(key))?.kind;
    return kind === 'draw' || kind === 'postpaid' || kind === 'calls' || kind === 'total';
  });

/** A cause touches the figures that it moves. */
function noteCauses(causes: Map<string, Cause[]>, before: Evidence, step: Trial): void {
  for (const key of new Set([...before.expected.keys(), ...step.cells.keys()])) {
    if (before.expected.get(key)?.value === step.cells.get(key)?.value) continue;
    causes.set(key, [causeOf(step), ...(causes.get(key) ?? [])]);
  }
}

function wrongCell(key: string, expected: Cells, end: Evidence, causes: ReadonlyMap<string, Cause[]>): WrongCell {
  const [billed, right] = [end.bill.cells.get(key), expected.get(key)];
  const { kind, where } = billed ??
    right ?? { kind: 'calls', where: { day: null, meter: null, pack: null, tariff: null } };
  const found = end.wrong.has(key) ? [residual(key, end)] : (causes.get(key) ?? [residual(key, end)]);
  return { cell: { kind, where }, billed: billed?.value ?? null, expected: right?.value ?? null, causes: found };
}

/** The likely cause of a figure that no tried mistake makes agree. */
function residual(key: string, { book, bill, expected, reading }: Evidence): Cause {
  const [billed, right] = [bill.cells.get(key), expected.get(key)];
  const cell = billed ?? right;
  const where = cell?.where;
  const more = (billed?.value ?? 0n) > (right?.value ?? 0n);
  const pack = where?.pack ?? '';
  const isKnown = reading.settling.packs.some(({ id }) => id === pack);
  switch (cell?.kind) {
    case 'purchase':
      return isKnown ? purchaseCause(pack, billed, right) : unknownPack(pack);
    case 'draw':
      return isKnown ? unexplained : unknownPack(pack);
    case 'price':
      return wrongPrice(priceText(billed?.value ?? 0n, book.currency));
    case 'slice':
      return wrongPrice(slicePrices(bill.cells, where?.tariff, book.currency));
    case 'postpaid':
    case 'calls':
      return more
        ? cause('CALLS_NOT_KNOWN', reconcileCausesWords.callsNotKnown)
        : cause('CALLS_NOT_BILLED', reconcileCausesWords.callsNotBilled);
    case 'amount':
      return isMoreThanProduct(reading, where?.tariff) || productAgrees(key, bill.cells)
        ? unexplained
        : cause('AMOUNT_NOT_PRODUCT', reconcileCausesWords.amountIsNotItsCallsTimes);
    default:
      return unexplained;
  }
}

const unknownPack = (pack: string): Cause => cause('PACK_UNKNOWN', reconcileCausesWords.weHaveNoPack(pack));

function purchaseCause(pack: string, billed: Cell | undefined, right: Cell | undefined): Cause {
  if (billed === undefined) {
    return cause('PACK_NOT_BILLED', reconcileCausesWords.purchaseNotBilled(pack));
  }
  return right === undefined
    ? cause('PACK_PRICE', reconcileCausesWords.packWasNotBoughtInThis(pack))
    : cause('PACK_PRICE', reconcileCausesWords.packWasBilledAtAnotherPrice(pack));
}

const wrongPrice = (price: string): Cause => cause('WRONG_UNIT_PRICE', reconcileCausesWords.unitPricePrinted(price));

const unexplained = cause('UNEXPLAINED', reconcileCausesWords.noCauseWasFoundUnderWhich);

/** The prices of a line that has several, as one text. */
function slicePrices(cells: Cells, tariff: string | null | undefined, currency: string): string {
  const prices = [...cells].flatMap(([key, { kind, where }]) =>
    kind === 'slice' && where.tariff === tariff ? [priceText(BigInt(key.split('|').at(-1) ?? 0), currency)] : [],
  );
  return prices.join(', ');
}

/** Whether a tariff's amount is more than calls times a price: of blocks, with fees or limits. */
function isMoreThanProduct({ rating }: Reading, id: string | null | undefined): boolean {
  const tariff = rating.book.tariffs.get(id ?? '');
  if (tariff === undefined) return false;
  const { tiers, fee, minimum, maximum } = tariff;
  const isPlain = tiers.every((tier) => tier.block === undefined && tier.fee === undefined);
  return !isPlain || [fee, minimum, maximum].some((amount) => amount !== undefined);
}

/** Whether a line's amount is at least what its own calls and unit price make, to the smallest unit. */
function productAgrees(key: string, cells: Cells): boolean {
  const line = [...cells.values()].filter(({ where }) => where.tariff === cells.get(key)?.where.tariff);
  const figure = (kind: Cell['kind']) => line.find((cell) => cell.kind === kind)?.value;
  const [calls, price, amount] = [figure('calls'), figure('price'), figure('amount')];
  if (calls === undefined || price === undefined || amount === undefined) return true;
  return (calls * price * 2n + 100_000_000n) / 200_000_000n === amount;
}
