// A reconciliation for programs (JSON) and for people (text in both languages).

import type { Words } from '../core/price-book.ts';
import { formatMoney, formatMoneyOrNull, groupDigits, type Money } from '../core/units.ts';
import { moneyWords } from '../words/figures.ts';
import { reconcileWords } from '../words/reconcile.ts';
import { priceText } from './figures.ts';
import type { Difference, Figures, Reconciliation, Totals } from './reconcile.ts';

/** The answer of `reconcile --json`. */
export function reconciliationDocument(result: Reconciliation) {
  const { book, month, usage, differences, billed, expected } = result;
  const { currency } = book;
  const isKnown = billed.total !== null && expected.total !== null;
  return {
    ok: differences.length === 0 && usage.unusable === 0 && usage.disagreements === null,
    book: book.id,
    account: usage.account ?? null,
    month,
    currency,
    differences: differences.map((difference) => differenceDocument(difference, currency)),
    causes: causesOf(result).map(({ cause, count }) => ({ ...cause, differences: count })),
    totals: {
      billed: totalsDocument(billed, currency),
      expected: totalsDocument(expected, currency),
      difference: isKnown ? formatMoney((billed.total - expected.total) as Money, currency) : null,
    },
    totalReading: result.totalReading,
    unpriced: result.unpriced.map(({ tariff, calls }) => ({ tariff, calls })),
    warnings: result.warnings,
    notCompared: result.notCompared,
    usage: {
      rows: usage.rows,
      duplicates: usage.duplicates,
      conflicts: usage.conflicts,
      notCharged: usage.notCharged,
      heldForReview: usage.held,
      otherAccounts: usage.otherAccounts,
      unusable: usage.unusable,
      disagreements: usage.disagreements?.count ?? 0,
      tokens: usage.tokens,
    },
    problems: usage.problems,
  };
}

function differenceDocument({ kind, where, billed, expected, causes }: Difference, currency: string) {
  const [likely, ...others] = causes;
  const apart: Figures = {
    ...(isGiven(billed.calls, expected.calls) ? { calls: (billed.calls ?? 0n) - (expected.calls ?? 0n) } : {}),
    ...(isGiven(billed.amount, expected.amount)
      ? { amount: ((billed.amount ?? 0n) - (expected.amount ?? 0n)) as Money }
      : {}),
  };
  return {
    kind,
    where,
    billed: figuresDocument(billed, currency),
    expected: figuresDocument(expected, currency),
    difference: figuresDocument(apart, currency),
    cause: likely ?? null,
    ...(others.length > 0 ? { otherCauses: others } : {}),
  };
}

const isGiven = (one: bigint | undefined, other: bigint | undefined): boolean =>
  one !== undefined || other !== undefined;

const figuresDocument = ({ calls, unitPrice, amount }: Figures, currency: string) => ({
  ...(calls === undefined ? {} : { calls }),
  ...(unitPrice === undefined ? {} : { unitPrice: priceText(unitPrice, currency) }),
  ...(amount === undefined ? {} : { amount: formatMoney(amount, currency) }),
});

const totalsDocument = ({ postpaid, purchases, total }: Totals, currency: string) => ({
  postpaid: formatMoneyOrNull(postpaid, currency),
  purchases: formatMoneyOrNull(purchases, currency),
  total: formatMoneyOrNull(total, currency),
});

/** Each likely cause with how many differences it has, most first. */
function causesOf({ differences }: Reconciliation) {
  const groups = Map.groupBy(differences, ({ causes }) => causes[0]?.en ?? '');
  return [...groups.values()]
    .flatMap((group) => {
      const cause = group[0]?.causes[0];
      return cause === undefined ? [] : [{ cause, count: group.length, group }];
    })
    .toSorted((a, b) => b.count - a.count);
}

const shownDifferences = 8;
/** Lines with money stand before the calls they are made of. */
const isMoney = ({ kind }: Difference): boolean => kind === 'line' || kind === 'purchase' || kind === 'total';

type Say = (words: Words) => string;

/** The report for people: what to look at first, then causes, under each the figures it explains. */
export function reconciliationText(result: Reconciliation, language: keyof Words): string {
  const say: Say = (words) => words[language];
  const { differences } = result;
  const money = (amount: Money) => moneyWords(amount, result.book.currency);
  const lines = [...result.warnings.map((words) => words[language]), ...headLines(result, say, money)];
  lines.push(say(verdictWords(result)));
  for (const { cause, count, group } of causesOf(result)) {
    lines.push('', `${cause[language]}  [${cause.code}, ${count}]`);
    for (const other of cause.or ?? []) lines.push(say(reconcileWords.orAsWell(other, other.code)));
    const shown = group.toSorted((a, b) => Number(isMoney(b)) - Number(isMoney(a))).slice(0, shownDifferences);
    lines.push(...shown.map((difference) => `  ${differenceText(difference, say, result.book.currency)}`));
    const more = count - shownDifferences;
    if (more > 0) lines.push(say(reconcileWords.andMore(more)));
  }
  if (result.notCompared.length > 0)
    lines.push(...(differences.length > 0 ? [''] : []), ...result.notCompared.map((words) => words[language]));
  return `${lines.join('\n')}\n`;
}

function headLines(result: Reconciliation, say: Say, money: (amount: Money) => string): string[] {
  const { usage, month, book, billed, expected, totalReading, unpriced } = result;
  const [rows, again] = [groupDigits(BigInt(usage.rows)), groupDigits(BigInt(usage.duplicates + usage.conflicts))];
  const [free, held] = [groupDigits(BigInt(usage.notCharged)), groupDigits(BigInt(usage.held))];
  const should = expected.total === null ? say(reconcileWords.notKnown) : money(expected.total);
  const left = usage.unusable;
  return [
    say(reconcileWords.headLine(month, book.id, rows, again, free, held)),
    billed.total === null
      ? say(reconcileWords.billStatesNoTotal(should))
      : say(reconcileWords.billed(money(billed.total), should)),
    ...(totalReading?.code === 'WITH_PACKS' ? [say(totalReading)] : []),
    ...unpriced.map(({ tariff, calls }) => say(reconcileWords.callsReachATierWithoutA(tariff, groupDigits(calls)))),
    ...(left > 0 ? [say(reconcileWords.rowsOfTheRecordCouldNot(left))] : []),
  ];
}

/** What the check comes to, in a sentence. */
export function verdictWords({ differences, usage, billed }: Reconciliation): Words {
  if (differences.length > 0) return reconcileWords.figuresDiffer(differences.length);
  if (usage.unusable > 0) return reconcileWords.noFigureDiffers;
  if (usage.disagreements !== null) return reconcileWords.onlyByTheProvidersWord;
  return billed.total === null ? reconcileWords.whatTheBillListsIsRight : reconcileWords.billIsRight;
}

function differenceText({ kind, where, billed, expected, causes }: Difference, say: Say, currency: string): string {
  const names = {
    draw: say(reconcileWords.drawn),
    postpaid: say(reconcileWords.postpaidCalls),
    line: say(reconcileWords.postpaidLine),
    purchase: say(reconcileWords.packBought),
    total: say(reconcileWords.total),
  };
  const place = [where.day, where.meter, where.tariff, where.pack].filter((part) => part !== null).join(' ');
  const side = ({ calls, unitPrice, amount }: Figures): string =>
    [
      calls === undefined ? '' : say(reconcileWords.calls(groupDigits(calls))),
      unitPrice === undefined ? '' : `× ${priceText(unitPrice, currency)}`,
      amount === undefined ? '' : moneyWords(amount, currency),
    ]
      .filter((part) => part !== '')
      .join(' ') || say(reconcileWords.none);
  const also = causes.slice(1).map(({ code }) => code);
  const others = also.length === 0 ? '' : say(reconcileWords.also(also.join('、'), also.join(', ')));
  const sides = say(reconcileWords.billedAndRight(side(billed), side(expected)));
  return `${names[kind]} ${place}: ${sides}${others}`;
}
