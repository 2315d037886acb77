// Mistakes about which calls count: repeated ids, results that are not charged, the zone that cuts the days.

import { parseDay } from '../core/calendar.ts';
import { classify } from '../core/code-table.ts';
import type { Outcome } from '../core/event.ts';
import { isRefusal } from '../core/refusal.ts';
import { type Instant, instantOf } from '../core/units.ts';
import { reconcileCausesWords } from '../words/reconcile-causes.ts';
import { type Cause, cause, type Evidence, type Hypothesis } from './hypothesis.ts';
import { settlingWith } from './reading.ts';
import type { Kind } from './tape.ts';

export function usageHypotheses(evidence: Evidence): Hypothesis[] {
  return [
    ...repeatHypotheses(evidence),
    ...resultHypotheses(evidence),
    ...otherDateHypotheses(evidence),
    ...otherZone(evidence),
  ];
}

function repeatHypotheses({ usage }: Evidence): Hypothesis[] {
  const { duplicates, conflicts } = usage;
  const found: Hypothesis[] = [];
  if (duplicates > 0) {
    found.push({
      cause: cause('DUPLICATE_COUNTED', reconcileCausesWords.eventsSentAgainUnderTheSame(duplicates)),
      under: (reading) => settlingWith(reading, { repeats: 'duplicates' }),
    });
  }
  if (conflicts > 0) {
    const all = duplicates + conflicts;
    found.push({
      cause: cause('DUPLICATE_COUNTED', reconcileCausesWords.eventsWithAnIdAlreadyUsed(all, conflicts)),
      under: (reading) => settlingWith(reading, { repeats: 'all' }),
    });
  }
  return found;
}

/** The kinds that one line of a provider's code table decides. */
interface Result {
  readonly action: string;
  readonly code: string;
  readonly outcome: Outcome;
  readonly kinds: ReadonlySet<number>;
}

function resultsOf(kinds: readonly Kind[]): Result[] {
  const groups = Map.groupBy(
    kinds.filter((kind) => kind.meter !== null && kind.facts !== undefined),
    ({ facts, outcome }) => `${facts?.action}\n${facts?.resultCode ?? ''}\n${outcome}`,
  );
  return [...groups.values()].map((group) => ({
    action: group[0]?.facts?.action ?? '',
    code: group[0]?.facts?.resultCode ?? '-',
    outcome: group[0]?.outcome ?? 'charged',
    kinds: new Set(group.map(({ no }) => no)),
  }));
}

const counting = (cause: Cause, kinds: ReadonlySet<number>, isCounted: boolean): Hypothesis => ({
  cause,
  under: (reading) => {
    const before = reading.settling.isCounted;
    return settlingWith(reading, { isCounted: (kind) => (kinds.has(kind.no) ? isCounted : before(kind)) });
  },
});

function resultHypotheses({ usage }: Evidence): Hypothesis[] {
  const results = resultsOf(usage.tape.kinds);
  const free = results.filter(({ outcome }) => outcome === 'not-charged');
  const all = new Set(free.flatMap(({ kinds }) => [...kinds]));
  return [
    ...results.map((result) => counting(resultCause(result), result.kinds, result.outcome !== 'charged')),
    ...(free.length < 2
      ? []
      : [counting(cause('RESULT_NOT_CHARGEABLE', reconcileCausesWords.everyResultThatIsNotCharged), all, true)]),
  ];
}

function resultCause({ action, code, outcome }: Result): Cause {
  if (outcome === 'charged') {
    return cause('CHARGEABLE_RESULT_NOT_BILLED', reconcileCausesWords.resultOfIsChargedByThe(action, code));
  }
  if (outcome === 'held') {
    return cause('HELD_RESULT_BILLED', reconcileCausesWords.resultOfIsInNoColumn(action, code));
  }
  return cause('RESULT_NOT_CHARGEABLE', reconcileCausesWords.resultOfIsNotCharged(action, code));
}

/** The code table as it was before, or became after, each of its dates. */
function otherDateHypotheses({ book, usage }: Evidence): Hypothesis[] {
  const days = new Set(book.codeTable.flatMap(({ from, until }) => [from, until]).filter((day) => day !== null));
  return [...days].flatMap((day) => {
    const start = parseDay(book.timeZone, day);
    if (start === undefined) return [];
    return [
      { at: instantOf(start - 1), ...reconcileCausesWords.before(day) },
      { at: start, ...reconcileCausesWords.fromOn(day) },
    ].map(({ at, zh, en }) => {
      const counted = new Map(usage.tape.kinds.map((kind) => [kind.no, outcomeOn(kind, at)] as const));
      return {
        cause: cause('CODE_TABLE_OF_OTHER_DATE', reconcileCausesWords.billedByTheCodeTableThat(zh, en)),
        under: (reading) => settlingWith(reading, { isCounted: (kind) => counted.get(kind.no) === 'charged' }),
      } satisfies Hypothesis;
    });
  });

  function outcomeOn(kind: Kind, at: Instant): Outcome {
    if (kind.facts === null) return kind.outcome;
    const classified = classify(book, kind.facts, at);
    return isRefusal(classified) ? kind.outcome : classified.outcome;
  }
}

/** Dear to try, as every row is settled by itself; and it can only move draws. */
export function orderOfArrival({ usage, bill, expected, wrong }: Evidence): Hypothesis[] {
  const drawsDiffer = [...wrong].some((key) => (bill.cells.get(key) ?? expected.get(key))?.kind === 'draw');
  if (usage.tape.inOrder || (bill.shape.draws !== null && !drawsDiffer)) return [];
  return [
    {
      cause: cause('ORDER_OF_ARRIVAL', reconcileCausesWords.packsPaidInTheOrderOf),
      under: (reading) => settlingWith(reading, { arrival: 'file' }),
    },
  ];
}

function otherZone({ book }: Evidence): Hypothesis[] {
  return ['UTC', 'Asia/Shanghai']
    .filter((zone) => zone !== book.timeZone)
    .map((zone) => ({
      cause: cause('TIME_ZONE', reconcileCausesWords.daysAndTheMonthWereCut(zone, book.timeZone)),
      under: (reading) => settlingWith(reading, { zone }),
    }));
}
