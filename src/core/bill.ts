// One account's period as a bill. Pure: the same facts always give the same bill, so it can be recomputed and compared.
// Source: billing rules 6, docs/concepts/bill.md.

import type { Day, Period } from './calendar.ts';
import { bookIn } from './contract.ts';
import { type Counted, countedOf, dayOfRow, ofTariff, quantitiesOf } from './counted.ts';
import { groupsOf } from './groups.ts';
import { type Notice, tariffNotices } from './notice.ts';
import { type PackFacts, worthOf } from './pack.ts';
import { type Placed, type PlacedMonth, type PlacedWhen, placedIn, priceOf, samePlaces } from './placed.ts';
import type { PriceBook, Tariff } from './price-book.ts';
import { type Fee, type Quantities, type Rated, rate, unitPrice, valueAt } from './rate.ts';
import { amountLimits, type Refusal, refuse } from './refusal.ts';
import type { Payer } from './settle.ts';
import {
  addCalls,
  type Calls,
  formatMoney,
  isStorable,
  type Money,
  noCalls,
  noMoney,
  type Price,
  subtractMoney,
  sumMoney,
  sumOrNull,
} from './units.ts';
import { addUp, type UsageTotal } from './usage.ts';

/** What the ledger knows of a period; everything a bill is made of. */
export interface PeriodFacts {
  readonly account: string;
  readonly period: Period;
  readonly usage: readonly UsageTotal[];
  /** Every pack named below, by number. */
  readonly packs: ReadonlyMap<number, PackFacts>;
  /** Numbers of the packs bought and refunded in the period, in ledger order. */
  readonly trades: readonly Trade[];
  readonly forfeits: readonly { readonly pack: number; readonly units: Calls }[];
  readonly corrections: readonly CorrectedMeter[];
  /** The calls of tariffs that are priced by their place in the order; of this period, and of those that corrections change. */
  readonly placed?: readonly PlacedMonth[];
}

export type Trade =
  | { readonly kind: 'bought'; readonly pack: number }
  /** `amount`: what was paid back, its price or what was left of it. */
  | { readonly kind: 'refunded'; readonly pack: number; readonly amount: Money };

/**
 * One meter of a final period that a correction arriving in this one changes: its month before and after. Every meter with calls
 * in that month is given, changed or not: a correction may move the tier of all calls of a tariff.
 */
export interface CorrectedMeter {
  readonly period: Period;
  /** Where the meter's tariff counts by the day: each day of the month is given by itself. */
  readonly day?: Day;
  readonly meter: string;
  readonly before: Quantities;
  readonly after: Quantities;
}

export interface PackLine {
  readonly kind: 'pack' | 'pack_refund';
  readonly pack: string;
  readonly product: string;
  readonly size: Calls;
  /** So many equal packs in one line, where they were bought as one thing. */
  readonly count?: number;
  /** What one of them costs. */
  readonly price: Money;
  readonly amount: Money;
}

export interface PostpaidLine {
  readonly kind: 'postpaid';
  /** Null: the meter has no tariff. */
  readonly tariff: string | null;
  readonly meter: string | null;
  /** Of the calls, where the tariff counts by the day. */
  readonly day?: Day;
  readonly calls: Calls;
  /** Calls of the tariff that packs paid. */
  readonly drawn: Calls;
  readonly rated: Rated | null;
  readonly unitPrice: Price | null;
  /** Null: quote required. */
  readonly amount: Money | null;
  readonly estimate: Money | null;
}

/** What a tariff's month costs beside its calls. */
export interface FeeLine extends Fee {
  readonly kind: 'fee';
  readonly tariff: string;
}

export interface AdjustmentLine {
  readonly kind: 'adjustment';
  readonly month: Period;
  readonly tariff: string | null;
  readonly meter: string | null;
  readonly before: Calls;
  readonly after: Calls;
  /** The month's amount before and after. Null: a contract price is needed. */
  readonly billed: Money | null;
  readonly corrected: Money | null;
  readonly amount: Money | null;
}

export type BillLine = PackLine | PostpaidLine | FeeLine | AdjustmentLine;

/** Calls of a meter and who paid them. */
export interface MeterUsage {
  readonly meter: string;
  readonly calls: Calls;
  readonly postpaid: Calls;
  readonly notCharged: Calls;
  readonly draws: readonly { readonly pack: string; readonly gift: boolean; readonly calls: Calls }[];
}

export interface Bill {
  readonly account: string;
  readonly book: string;
  readonly currency: string;
  readonly month: Period;
  readonly lines: readonly BillLine[];
  readonly usage: readonly MeterUsage[];
  readonly giftsUsed: readonly {
    readonly pack: string;
    readonly product: string;
    readonly calls: Calls;
    readonly saved: Money | null;
  }[];
  readonly forfeited: readonly {
    readonly pack: string;
    readonly product: string;
    readonly calls: Calls;
    readonly worth: Money;
  }[];
  readonly prepaid: Money;
  /** Null: some line needs a contract price, so the bill cannot become final. */
  readonly postpaid: Money | null;
  readonly adjustments: Money | null;
  readonly total: Money | null;
  /** The total with the last public price in place of missing ones; null where some have none. */
  readonly estimate: Money | null;
  readonly notices: readonly Notice[];
}

/** `book` is the account's, with its contracts: each month is rated as they price it. Refusal: INVALID_AMOUNT when an amount of it is more than any ledger row holds. */
export function makeBill(facts: PeriodFacts, book: PriceBook): Bill | Refusal {
  const bill = wholeBill(facts, book);
  const beyond = amountsOf(bill).find(([, amount]) => amount !== null && !isStorable(amount));
  if (beyond === undefined) return bill;
  const [sum, amount] = beyond;
  const value = formatMoney(amount ?? noMoney, bill.currency);
  return refuse('INVALID_AMOUNT', { sum, value, ...amountLimits(bill.currency) });
}

/** Every amount of a bill, by what it is the sum of. */
const amountsOf = (bill: Bill): (readonly [sum: string, amount: Money | null])[] => [
  ...bill.lines.map((line) => [line.kind, line.amount ?? estimateOf(line)] as const),
  ['prepaid', bill.prepaid],
  ['postpaid-sum', bill.postpaid],
  ['adjustments', bill.adjustments],
  ['charge', chargeOf(bill)],
  ['total', bill.total],
  ['estimate', bill.estimate],
  ...bill.giftsUsed.map(({ saved }) => ['saved', saved] as const),
];

const estimateOf = (line: BillLine): Money | null =>
  line.kind === 'postpaid' || line.kind === 'fee' ? line.estimate : null;

function wholeBill(facts: PeriodFacts, ofAccount: PriceBook): Bill {
  const book = bookIn(ofAccount, facts.period);
  const trades = facts.trades.map((trade) => tradeLine(trade, packNumbered(facts, trade.pack)));
  const counted = countedOf(facts.usage, book, placedIn(facts.placed, facts.period, 'now'));
  const charges = [...postpaidLines(counted), ...untariffedLines(facts.usage, book)];
  const changes = adjustmentLines(facts, ofAccount);
  const prepaid = sumMoney(trades.map((line) => line.amount));
  const postpaid = sumOrNull(charges.map(({ amount }) => amount));
  const adjustments = sumOrNull(changes.map(({ amount }) => amount));
  const estimated = sumOrNull([...charges, ...changes].map((line) => line.amount ?? estimateOf(line)));
  return {
    account: facts.account,
    book: book.id,
    currency: book.currency,
    month: facts.period,
    lines: [...trades, ...charges, ...changes],
    usage: meterUsage(facts, book),
    giftsUsed: giftsUsed(facts, book, counted),
    forfeited: facts.forfeits.map(({ pack, units }) => forfeitedLine(packNumbered(facts, pack), units)),
    prepaid,
    postpaid,
    adjustments,
    total: postpaid === null || adjustments === null ? null : sumMoney([prepaid, postpaid, adjustments]),
    estimate: estimated === null ? null : sumMoney([prepaid, estimated]),
    notices: counted.flatMap((each) => tariffNotices(each, book.currency)),
  };
}

/** What a final bill charges to the balance: packs have been paid from it already. Null: the bill cannot become final. */
export const chargeOf = (bill: Bill): Money | null =>
  bill.total === null ? null : subtractMoney(bill.total, bill.prepaid);

function packNumbered(facts: PeriodFacts, no: number): PackFacts {
  const pack = facts.packs.get(no);
  if (pack === undefined) throw new Error(`account ${facts.account}: facts of pack number ${no} are missing`);
  return pack;
}

function tradeLine(trade: Trade, { id, product, calls, count, price }: PackFacts): PackLine {
  const shared = { pack: id, product, size: calls, ...(count === undefined ? {} : { count }), price };
  return trade.kind === 'bought'
    ? { kind: 'pack', ...shared, amount: (price * BigInt(count ?? 1)) as Money }
    : { kind: 'pack_refund', ...shared, amount: -trade.amount as Money };
}

/** The line of what a tariff counted, where there are calls to pay, and behind it those of its fees. */
function postpaidLines(counted: readonly Counted[]): (PostpaidLine | FeeLine)[] {
  return counted.flatMap(({ tariff, day, quantities }) => {
    const rated = rate(tariff, quantities);
    const ofCalls: PostpaidLine = {
      kind: 'postpaid',
      tariff: tariff.id,
      meter: null,
      ...(day === null ? {} : { day }),
      calls: quantities.postpaid,
      drawn: quantities.drawn,
      rated,
      unitPrice: unitPrice(tariff, rated),
      ...rated.ofCalls,
    };
    const fees = rated.fees.map((fee): FeeLine => ({ kind: 'fee', tariff: tariff.id, ...fee }));
    return quantities.postpaid === noCalls ? fees : [ofCalls, ...fees];
  });
}

/** Postpaid calls of prepaid-only meters: they happened, nothing prices them (billing rules 2.6). */
function untariffedLines(usage: readonly UsageTotal[], book: PriceBook): PostpaidLine[] {
  return [...book.meters.values()]
    .filter((meter) => meter.tariff === null)
    .map((meter) => ({ meter, ...quantitiesOf(usage.filter((total) => total.meter === meter.id)) }))
    .filter(({ postpaid }) => postpaid !== noCalls)
    .map(({ meter, postpaid, drawn }) => ({
      kind: 'postpaid',
      tariff: null,
      meter: meter.id,
      calls: postpaid,
      drawn,
      rated: null,
      unitPrice: null,
      amount: null,
      estimate: null,
    }));
}

function adjustmentLines({ corrections, placed }: PeriodFacts, ofAccount: PriceBook): AdjustmentLine[] {
  const months = [...new Set(corrections.map((correction) => correction.period))].toSorted();
  return months.flatMap((month) => {
    const book = bookIn(ofAccount, month);
    const ofMonth = corrections.filter((correction) => correction.period === month);
    const tariffs = [...book.tariffs.values()].flatMap((tariff) => {
      const ofTariff = ofMonth.filter(({ meter }) => book.meters.get(meter)?.tariff === tariff.id);
      const placedWhen = (when: PlacedWhen) => placedIn(placed, month, when)(tariff);
      return adjustedTariff(month, tariff, ofTariff, placedWhen) ?? [];
    });
    const untariffed = ofMonth
      .filter(
        ({ meter, before, after }) => book.meters.get(meter)?.tariff === null && before.postpaid !== after.postpaid,
      )
      .map(({ meter, before, after }) => adjustedMeter(month, meter, before, after));
    return [...tariffs.filter((line) => line.amount !== noMoney || line.before !== line.after), ...untariffed];
  });
}

/** Undefined: none of its calls changed, so it needs no price either. */
function adjustedTariff(
  month: Period,
  tariff: Tariff,
  corrections: readonly CorrectedMeter[],
  placedWhen: (when: PlacedWhen) => Placed | undefined,
): AdjustmentLine | undefined {
  const isChanged = ({ before, after }: Pick<CorrectedMeter, 'before' | 'after'>) =>
    before.postpaid !== after.postpaid || before.drawn !== after.drawn;
  const totalOf = (rows: readonly CorrectedMeter[], when: 'before' | 'after') =>
    ofTariff(
      tariff,
      rows.map((row) => ({ meter: row.meter, ...row[when] })),
      placedWhen(when),
    );
  const [before, after] = [totalOf(corrections, 'before'), totalOf(corrections, 'after')];
  // By the day, by meter and by place amounts may change where the sums do not.
  const isSame = samePlaces(before, after) && !isChanged({ before, after });
  if (tariff.counter === 'day' ? !corrections.some(isChanged) : isSame) return undefined;
  const amountOf = (when: 'before' | 'after'): Money | null =>
    tariff.counter === 'day'
      ? sumOrNull(
          [...groupsOf(corrections, dayOfRow).values()].map((ofDay) => rate(tariff, totalOf(ofDay, when)).amount),
        )
      : rate(tariff, when === 'before' ? before : after).amount;
  const [billed, corrected] = [amountOf('before'), amountOf('after')];
  return {
    kind: 'adjustment',
    month,
    tariff: tariff.id,
    meter: null,
    before: before.postpaid,
    after: after.postpaid,
    billed,
    corrected,
    amount: billed === null || corrected === null ? null : subtractMoney(corrected, billed),
  };
}

/** A correction of a prepaid-only meter: calls that no pack paid have no price, before or after. */
const adjustedMeter = (month: Period, meter: string, before: Quantities, after: Quantities): AdjustmentLine => ({
  kind: 'adjustment',
  month,
  tariff: null,
  meter,
  before: before.postpaid,
  after: after.postpaid,
  billed: null,
  corrected: null,
  amount: null,
});

function meterUsage(facts: PeriodFacts, book: PriceBook): MeterUsage[] {
  const usageByMeter = groupsOf(
    addUp(facts.usage.map(({ meter, payer, calls }) => ({ meter, payer, calls }))).filter(
      ({ calls }) => calls !== noCalls,
    ),
    ({ meter }) => meter,
  );
  return [...book.meters.keys()].flatMap((meter) => {
    const usage = usageByMeter.get(meter);
    if (usage === undefined) return [];
    const draws = usage
      .flatMap(({ payer, calls }) => (payer.startsWith('pack:') ? [{ no: packNoOf(payer), calls }] : []))
      .toSorted((a, b) => a.no - b.no)
      .map(({ no, calls }) => ({ pack: packNumbered(facts, no).id, gift: packNumbered(facts, no).gift, calls }));
    const { postpaid, drawn } = quantitiesOf(usage);
    const notCharged = usage.find((total) => total.payer === 'not-charged')?.calls ?? noCalls;
    return [{ meter, calls: addCalls(addCalls(postpaid, drawn), notCharged), postpaid, notCharged, draws }];
  });
}

export const packNoOf = (payer: Payer): number => Number(payer.slice('pack:'.length));

/** Gifts used, with what their calls would have cost at the unit price each tariff reached this month. */
function giftsUsed(facts: PeriodFacts, book: PriceBook, counted: readonly Counted[]): Bill['giftsUsed'] {
  const used = new Map<number, { calls: Calls; saved: Money | null }>();
  for (const { day, meter, payer, calls } of facts.usage) {
    if (!payer.startsWith('pack:') || !packNumbered(facts, packNoOf(payer)).gift || calls === noCalls) continue;
    const tariff = book.meters.get(meter)?.tariff;
    const ofCalls = counted.find((each) => each.tariff.id === tariff && each.day === (day ?? null));
    const saved = ofCalls === undefined ? null : valueAt(reachedPrice(ofCalls, meter), calls);
    const before = used.get(packNoOf(payer)) ?? { calls: noCalls, saved: noMoney };
    used.set(packNoOf(payer), {
      calls: addCalls(before.calls, calls),
      saved: before.saved === null || saved === null ? null : sumMoney([before.saved, saved]),
    });
  }
  return [...used]
    .toSorted(([a], [b]) => a - b)
    .map(([no, { calls, saved }]) => {
      const { id, product } = packNumbered(facts, no);
      return { pack: id, product, calls, saved };
    });
}

function reachedPrice({ tariff, quantities }: Counted, meter: string): Price | null {
  const tier = tariff.tiers[rate(tariff, quantities).tier];
  return tier === undefined ? null : priceOf(tier, meter);
}

const forfeitedLine = (pack: PackFacts, units: Calls): Bill['forfeited'][number] => ({
  pack: pack.id,
  product: pack.product,
  calls: units,
  worth: worthOf(pack, units),
});
