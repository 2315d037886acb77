// What is left when no rule explains the calls: the two sides know different calls. Tried last, because it can explain anything
// that has to do with quantities; the rest of the bill still has to follow from it.

import { parseDay, startOfDayAfter } from '../core/calendar.ts';
import { instantOf } from '../core/units.ts';
import { reconcileCausesWords } from '../words/reconcile-causes.ts';
import type { Cells } from './figures.ts';
import { cause, type Evidence, type Hypothesis } from './hypothesis.ts';
import { type LooseCalls, type Reading, ratingWith, settlingWith } from './reading.ts';

export function countHypotheses(evidence: Evidence): Hypothesis[] {
  const { bill, expected } = evidence;
  const { draws, postpaidDays } = bill.shape;
  const noDraws = draws === null && ![...expected.values()].some(({ kind }) => kind === 'draw');
  const byDay = postpaidDays && (noDraws || (draws?.day === true && draws.meter));
  return byDay ? [...dayHypotheses(evidence), ...lineHypotheses(evidence)] : lineHypotheses(evidence);
}

/** Calls by day and meter, whoever paid. */
function totals(cells: Cells): Map<string, bigint> {
  const sums = new Map<string, bigint>();
  for (const { kind, where, value } of cells.values()) {
    if (kind !== 'draw' && kind !== 'postpaid') continue;
    const key = `${where.day}|${where.meter}`;
    sums.set(key, (sums.get(key) ?? 0n) + value);
  }
  return sums;
}

function dayHypotheses({ bill, expected, book }: Evidence): Hypothesis[] {
  const [billed, known] = [totals(bill.cells), totals(expected)];
  const missing = new Map<string, bigint>();
  const extra: LooseCalls[] = [];
  for (const key of new Set([...billed.keys(), ...known.keys()])) {
    const more = (billed.get(key) ?? 0n) - (known.get(key) ?? 0n);
    const [day = '', meter = ''] = key.split('|');
    const midnight = parseDay(book.timeZone, day);
    if (more < 0n) missing.set(key, -more);
    else if (more > 0n && midnight !== undefined) {
      extra.push({ at: instantOf(startOfDayAfter(book.timeZone, midnight, 1) - 1), meter, calls: more });
    }
  }
  return [...(missing.size > 0 ? [notBilled(missing)] : []), ...(extra.length > 0 ? [notKnown(extra)] : [])];
}

function notBilled(missing: ReadonlyMap<string, bigint>): Hypothesis {
  const calls = sum(missing.values());
  return {
    cause: cause('CALLS_NOT_BILLED', reconcileCausesWords.callsThatWeKnowAreNot(calls, missing.size)),
    under: (reading) => {
      const before = reading.settling.without;
      const all = new Map(before);
      for (const [key, count] of missing) all.set(key, count + (before.get(key) ?? 0n));
      return settlingWith(reading, { without: all });
    },
  };
}

function notKnown(extra: readonly LooseCalls[]): Hypothesis {
  const calls = sum(extra.map((use) => use.calls));
  return {
    cause: cause('CALLS_NOT_KNOWN', reconcileCausesWords.callsOnTheBillThatWe(calls, extra.length)),
    under: (reading) => {
      const all = [...reading.settling.extra, ...extra].toSorted((a, b) => a.at - b.at);
      return settlingWith(reading, { extra: all });
    },
  };
}

/** Where the bill gives no days: its own calls of a tariff are taken, and price and amount must follow. */
function lineHypotheses({ bill, expected, book, reading }: Evidence): Hypothesis[] {
  const hasPacks = (tariff: string): boolean =>
    bill.shape.draws === null &&
    reading.settling.packs.some(({ product }) =>
      [...(book.packProducts.get(product)?.covers.keys() ?? [])].some(
        (meter) => book.meters.get(meter)?.tariff === tariff,
      ),
    );
  return [...book.tariffs.values()].flatMap(({ id, title }): Hypothesis[] => {
    const callsIn = (cells: Cells): bigint =>
      [...cells.values()].find(({ kind, where }) => kind === 'calls' && where.tariff === id)?.value ?? 0n;
    const [billed, known] = [callsIn(bill.cells), callsIn(expected)];
    if (billed === known) return [];
    const more = billed > known;
    const apart = more ? billed - known : known - billed;
    const under = (reading: Reading) =>
      ratingWith(reading, { lineCalls: new Map([...reading.rating.lineCalls, [id, billed]]) });
    return [
      {
        cause: more
          ? cause('CALLS_NOT_KNOWN', reconcileCausesWords.morePostpaidCallsThanWeKnow(title, apart))
          : cause('CALLS_NOT_BILLED', reconcileCausesWords.fewerPostpaidCallsThanWeKnow(title, apart)),
        under,
      },
      // Without draws on the bill, nobody can say whether packs paid for other calls than they should.
      ...(hasPacks(id)
        ? [{ cause: cause('PACK_BALANCE', reconcileCausesWords.packsPaidForOther(title, apart, more)), under }]
        : []),
    ];
  });
}

function sum(parts: Iterable<bigint>): bigint {
  let total = 0n;
  for (const part of parts) total += part;
  return total;
}
